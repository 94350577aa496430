//! What is known of a picture without decoding it.

use serde::{Deserialize, Serialize};

/// The formats told apart by their magic numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names of the formats say it")]
pub enum PictureFormat {
    Jpeg,
    Png,
    Gif,
    Webp,
    Avif,
    Heic,
    Tiff,
    Bmp,
    Ico,
    Qoi,
    Svg,
    Jxl,
}

impl PictureFormat {
    /// All of them, in the order filters show them.
    pub const ALL: [Self; 12] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Avif,
        Self::Heic,
        Self::Tiff,
        Self::Bmp,
        Self::Ico,
        Self::Qoi,
        Self::Svg,
        Self::Jxl,
    ];

    /// The usual extension, without a dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Heic => "heic",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Ico => "ico",
            Self::Qoi => "qoi",
            Self::Svg => "svg",
            Self::Jxl => "jxl",
        }
    }

    /// The media type sent as `Content-Type`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Heic => "image/heic",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Ico => "image/x-icon",
            Self::Qoi => "image/qoi",
            Self::Svg => "image/svg+xml",
            Self::Jxl => "image/jxl",
        }
    }

    /// The lowercase name, as in JSON and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Tiff => "tiff",
            other => other.extension(),
        }
    }

    /// The format of that [`PictureFormat::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What the header says. Width and height are as a viewer shows them, orientation applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureInfo {
    /// The real format, by magic number.
    pub format: PictureFormat,
    /// Pixels across; `None` where the format has no fixed size (SVG) or the header cannot be read.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// More than one frame.
    pub animated: bool,
}
