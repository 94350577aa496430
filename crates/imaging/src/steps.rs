//! The steps of [`crate::prepare`], in their order.
//!
//! A step is one file with one [`Step`]. It looks at the options whether it has something to do,
//! changes the work in place and notes what it did.
//!
//! `check` and `skip` see the file as it came. `decode` decides whether pixels are needed at all, and
//! reads only as many as the steps behind it want. `orient` to `color` change pixels, `encode` makes a
//! file of them, and keeps the old one where the new one is no gain. `strip` takes metadata out of
//! what was not written anew, and puts into a new file what the person wants to keep.

mod check;
mod color;
mod crop;
mod decode;
mod encode;
mod orient;
mod resize;
mod skip;
mod strip;
mod turn;
mod watermark;

use crate::cancel::Cancel;
use crate::codec::guarded;
use crate::prepare::{Picture, PrepareOptions, Work};
use bytes::Bytes;
use picferry_core::{Error, ErrorCode, Result};

/// One step.
pub(crate) trait Step: Sync {
    /// Its name, for the details of errors.
    fn name(&self) -> &'static str;

    /// Whether it works on pixels: then it is passed over for a picture that is left alone, and its
    /// failure means that the picture cannot be processed, not that it cannot be sent.
    fn needs_pixels(&self) -> bool {
        true
    }

    /// Does its part.
    ///
    /// # Errors
    /// The picture cannot be sent, or not be processed.
    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()>;
}

/// The steps that look at the file as it came.
const ON_THE_FILE: &[&dyn Step] = &[&check::Check, &skip::Skip];

/// The steps between the file and the encoder.
const TO_PIXELS: &[&dyn Step] = &[
    &decode::Decode,
    &orient::Orient,
    &crop::Crop,
    &turn::Turn,
    &resize::Resize,
    &watermark::Watermark,
    &color::Color,
];

/// The steps that make the file that is sent.
const TO_THE_FILE: &[&dyn Step] = &[&encode::Encode, &strip::Strip];

/// All of them, in the order in which they run.
pub(crate) fn all() -> impl Iterator<Item = &'static dyn Step> {
    [ON_THE_FILE, TO_PIXELS, TO_THE_FILE].into_iter().flatten().copied()
}

/// The pixels as they go to the encoder.
///
/// # Errors
/// Those of the steps; `unsupported` for a picture that is sent as it is.
pub(crate) fn pixels(bytes: &Bytes, options: &PrepareOptions, cancel: &Cancel) -> Result<Picture> {
    let mut work = Work::new(bytes.clone(), options, cancel)?;
    for step in TO_PIXELS {
        cancel.check()?;
        guarded(work.info.format, || step.apply(&mut work, options))?;
    }
    work.picture.ok_or_else(|| {
        Error::new(ErrorCode::Unsupported, "The pixels of this picture are not looked at.")
            .param("reason", "picture_untouched")
    })
}
