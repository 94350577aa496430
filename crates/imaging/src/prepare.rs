//! What happens to a picture between its file and the host.

use crate::animation::Animation;
use crate::cancel::Cancel;
use crate::codec::guarded;
use crate::exif::Orientation;
use crate::format::Metadata;
use crate::inspect::inspect_within;
use crate::limits::Limits;
use crate::raster::Raster;
use crate::steps::{self, Step};
use bytes::Bytes;
use picferry_core::images::{ImageOptions, KeptWhy, WhenImpossible};
use picferry_core::picture::{PictureFormat, PictureInfo};
use picferry_core::{Error, ErrorCode, Result};

/// How a picture is prepared. The defaults are what a profile does unless told otherwise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrepareOptions {
    /// What the person wants of it.
    pub images: ImageOptions,
    /// What it may cost.
    pub limits: Limits,
    /// The file of the watermark, where that is a picture.
    pub watermark_picture: Option<Bytes>,
    /// The file's name: some are left as they are by their extension.
    pub name: String,
}

impl PrepareOptions {
    /// What follows the last dot of the name.
    pub(crate) fn extension(&self) -> &str {
        self.name.rsplit_once('.').map_or("", |(_, extension)| extension)
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
    /// How much a new file looks like the picture it was made of, where that was measured.
    pub score: Option<f32>,
}

/// Something that was done to a picture, or that should have been done and could not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// The person wants such pictures left as they are.
    Skipped {
        /// By which rule.
        why: SkipReason,
    },
    /// It was stored turned and is stored upright now.
    Oriented,
    /// A part of it was taken.
    Cropped,
    /// It was turned or flipped as the person asked.
    Turned,
    /// It was made smaller.
    Resized {
        /// Pixels across and down before.
        from: (u32, u32),
        /// And after.
        to: (u32, u32),
    },
    /// Something was laid over it.
    Watermarked,
    /// Its colours are sRGB now.
    ConvertedToSrgb,
    /// It has another format.
    Converted {
        /// What it was.
        from: PictureFormat,
        /// What it is.
        to: PictureFormat,
    },
    /// Its file was written anew.
    Compressed {
        /// Bytes of the file that came.
        bytes_before: u64,
        /// Bytes of the new one, without metadata that is carried over.
        bytes_after: u64,
        /// How much it looks like the picture before compression, where that was measured.
        score: Option<f32>,
    },
    /// The new file does not look as asked, or is larger than asked: it is as near as it gets.
    AimMissed,
    /// A new file would have been no gain; the picture is sent as it came.
    KeptOriginal {
        /// Why.
        why: KeptWhy,
    },
    /// It could not be processed and is sent as it came.
    NotProcessed(ErrorCode),
    /// Metadata was taken out; the file is this many bytes smaller. Pixels were not touched.
    MetadataRemoved {
        /// 0 when it was overwritten in place.
        bytes: u64,
    },
    /// The picture is stored turned: an EXIF block with nothing but its orientation stays.
    OrientationKept,
    /// Metadata may be inside and cannot leave this file without writing it anew: sent as it is.
    MetadataNotRemovable,
    /// Metadata should have stayed, and the new file has no place for it.
    MetadataNotCarried,
}

/// The rule by which a picture is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SkipReason {
    Format,
    Extension,
    Small,
    Animation,
}

/// A picture on its way through the steps.
pub(crate) struct Work<'a> {
    /// The file: as it came, until a step writes it anew.
    pub bytes: Bytes,
    /// What the file is.
    pub info: PictureInfo,
    /// How the stored pixels are turned.
    pub orientation: Orientation,
    /// The pixels, from the step that decodes to the one that encodes.
    pub picture: Option<Picture>,
    /// The size the picture is to get, where that is another than it has.
    pub target_size: Option<(u32, u32)>,
    /// Metadata that goes into the new file.
    pub carried: Metadata,
    pub changed: Vec<Change>,
    pub score: Option<f32>,
    /// Pixels are not looked at any more.
    pub is_left_alone: bool,
    /// The file is ours: no metadata to strip.
    pub is_rewritten: bool,
    pub cancel: &'a Cancel,
}

/// Decoded pixels.
pub(crate) enum Picture {
    Still(Raster),
    Moving(Animation),
}

impl Picture {
    pub(crate) fn size(&self) -> (u32, u32) {
        match self {
            Self::Still(raster) => (raster.width(), raster.height()),
            Self::Moving(animation) => (animation.width, animation.height),
        }
    }

    /// Changes the picture, or every frame of it.
    pub(crate) fn map(self, cancel: &Cancel, change: impl Fn(Raster) -> Result<Raster>) -> Result<Self> {
        match self {
            Self::Still(raster) => change(raster).map(Self::Still),
            Self::Moving(mut animation) => {
                for frame in &mut animation.frames {
                    cancel.check()?;
                    let pixels = std::mem::take(&mut frame.pixels).into();
                    let raster = Raster { pixels, icc: animation.icc.clone() };
                    frame.pixels = change(raster)?.pixels.into_rgba8();
                }
                if let Some(first) = animation.frames.first() {
                    (animation.width, animation.height) = first.pixels.dimensions();
                }
                Ok(Self::Moving(animation))
            }
        }
    }
}

impl<'a> Work<'a> {
    /// A picture before its first step.
    ///
    /// # Errors
    /// Those of its header.
    pub(crate) fn new(bytes: Bytes, options: &PrepareOptions, cancel: &'a Cancel) -> Result<Self> {
        let (info, orientation) = inspect_within(&bytes, &options.limits)?;
        Ok(Self {
            bytes,
            info,
            orientation,
            picture: None,
            target_size: None,
            carried: Metadata::default(),
            changed: Vec::new(),
            score: None,
            is_left_alone: false,
            is_rewritten: false,
            cancel,
        })
    }

    /// Puts a change to the pixels, if there are any.
    pub(crate) fn change(&mut self, change: impl Fn(Raster) -> Result<Raster>) -> Result<()> {
        if let Some(picture) = self.picture.take() {
            self.picture = Some(picture.map(self.cancel, change)?);
        }
        Ok(())
    }

    /// The picture stays what it is; what was noted about its pixels did not happen.
    pub(crate) fn leave_alone(&mut self, change: Change) {
        self.picture = None;
        self.is_left_alone = true;
        self.changed = vec![change];
    }
}

/// Checks a picture and makes it ready to be sent.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture` also for a file that was cut,
/// `too_many_pixels` before anything is allocated, `cancelled`; `unsupported` and damage inside the
/// pixels only where the options refuse what cannot be processed.
pub fn prepare(bytes: Bytes, options: &PrepareOptions, cancel: &Cancel) -> Result<Prepared> {
    let mut work = Work::new(bytes, options, cancel)?;
    for step in steps::all() {
        cancel.check()?;
        run(step, &mut work, options)?;
    }
    Ok(Prepared { bytes: work.bytes, info: work.info, changed: work.changed, score: work.score })
}

/// Runs one step. One that fails on the pixels ends the work on them, not always the picture.
fn run(step: &dyn Step, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
    if !step.needs_pixels() {
        return step.apply(work, options).map_err(|error| named(error, step));
    }
    if work.is_left_alone {
        return Ok(());
    }
    let format = work.info.format;
    let Err(error) = guarded(format, || step.apply(work, options)) else { return Ok(()) };
    let may_be_sent = options.images.when_impossible == WhenImpossible::SendUntouched
        && !matches!(error.code, ErrorCode::Cancelled | ErrorCode::InvalidField);
    if !may_be_sent {
        return Err(named(error, step));
    }
    work.leave_alone(Change::NotProcessed(error.code));
    Ok(())
}

fn named(error: Box<Error>, step: &dyn Step) -> Box<Error> {
    error.detail(format!("step: {}", step.name()))
}
