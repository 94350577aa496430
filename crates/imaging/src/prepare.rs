//! What happens to a picture between its file and the host.

use crate::inspect::inspect_within;
use crate::limits::Limits;
use crate::steps;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::picture::PictureInfo;

/// How a picture is prepared. The defaults are what a profile does unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrepareOptions {
    /// Take out position, camera, time, comments. Colour profile and orientation stay.
    pub strip_metadata: bool,
    /// How large the picture may be.
    pub limits: Limits,
}

impl Default for PrepareOptions {
    fn default() -> Self {
        Self { strip_metadata: true, limits: Limits::default() }
    }
}

/// A picture that is ready to be sent.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What is sent; the same allocation as before when nothing changed.
    pub bytes: Bytes,
    /// What it is.
    pub info: PictureInfo,
    /// What was done to it, in order; empty when it is sent as it was.
    pub changed: Vec<Change>,
}

/// Something that was done to a picture, or that should have been done and could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Metadata was taken out; the file is this many bytes smaller. Pixels were not touched.
    MetadataRemoved {
        /// 0 when it was overwritten in place.
        bytes: u64,
    },
    /// The picture is stored turned: an EXIF block with nothing but its orientation stays.
    OrientationKept,
    /// Metadata may be inside and cannot leave this file without writing it anew: sent as it is.
    MetadataNotRemovable,
}

/// A picture on its way through the steps.
pub(crate) struct Work {
    pub bytes: Bytes,
    pub info: PictureInfo,
    pub changed: Vec<Change>,
}

/// Checks a picture and makes it ready to be sent.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture` also for a file that was cut,
/// `too_many_pixels` before anything is allocated.
pub fn prepare(bytes: Bytes, options: &PrepareOptions) -> Result<Prepared> {
    let (info, _) = inspect_within(&bytes, &options.limits)?;
    let mut work = Work { bytes, info, changed: Vec::new() };
    for step in steps::ALL {
        step.apply(&mut work, options).map_err(|error| error.detail(format!("step: {}", step.name())))?;
    }
    Ok(Prepared { bytes: work.bytes, info: work.info, changed: work.changed })
}
