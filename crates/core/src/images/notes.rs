//! What was done to a picture on its way, or why not: told beside its transfer.

use crate::error::ErrorCode;
use crate::picture::PictureFormat;
use serde::{Deserialize, Serialize};

/// One thing that was done, or that should have been done and could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PictureNote {
    /// The person wants such pictures left as they are.
    Skipped,
    Oriented,
    Cropped,
    Turned,
    Resized {
        width: u32,
        height: u32,
    },
    Watermarked,
    ConvertedToSrgb,
    Converted {
        from: PictureFormat,
        to: PictureFormat,
    },
    Compressed,
    /// The new file does not look as asked, or is larger than asked.
    AimMissed,
    /// A new file would have been no gain.
    KeptOriginal {
        why: KeptWhy,
    },
    /// It could not be processed and was sent as it came.
    NotProcessed {
        code: ErrorCode,
    },
    MetadataRemoved,
    /// Metadata may be inside and cannot leave this file without writing it anew.
    MetadataNotRemovable,
    /// Metadata should have stayed, and the new file has no place for it.
    MetadataNotCarried,
}

/// Why a picture stayed what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptWhy {
    /// No new file saves enough.
    NotSmaller,
    /// It is compressed so much that another pass would only cost looks, or it is small enough.
    AlreadySmall,
    /// Its format is not written here, and no other was asked for.
    FormatNotWritten,
    /// It is drawn by lines, not by pixels.
    Vector,
    /// It moves, and the format asked for does not.
    Animation,
    /// No new file that looks as asked was found.
    AimNotReached,
}
