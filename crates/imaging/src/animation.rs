//! A picture that moves: frames with their delays.

mod canvas;

use crate::codec::DecodeOptions;
use crate::limits::{Limits, MAX_FRAMES};
use bytes::Bytes;
use image::{DynamicImage, RgbaImage};
use picferry_core::{Error, ErrorCode, Result};

pub(crate) use canvas::{Blend, Canvas, Dispose, Part};

/// Frames that follow each other, each as it is seen.
#[derive(Debug, Clone)]
pub(crate) struct Animation {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// At least one.
    pub frames: Vec<Frame>,
    /// How often all of it is played; 0 means for ever.
    pub loops: u32,
    /// The ICC profile of all frames; `None` means sRGB.
    pub icc: Option<Bytes>,
}

/// One frame: the whole canvas, composed.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The pixels; alpha is not premultiplied.
    pub pixels: RgbaImage,
    /// How long it is shown.
    pub delay_ms: u32,
}

/// Bytes of a pixel of a frame.
const BYTES_PER_PIXEL: u64 = 4;

/// The canvas, what it is put back to, and the part that is drawn next.
const WORKING_FRAMES: u64 = 3;

/// Browsers show a frame that asks for no time, or for hardly any, for a tenth of a second. Files
/// are made by looking at them in browsers, so these delays are what their makers meant.
pub(crate) fn as_browsers_show(delay_ms: u32) -> u32 {
    if delay_ms <= 10 { 100 } else { delay_ms }
}

/// Whether an animation of this size may be read.
///
/// # Errors
/// `too_many_pixels` with the size, the frames and the limit.
pub(crate) fn check(limits: &Limits, width: u32, height: u32, frames: u64) -> Result<()> {
    limits.check(width, height)?;
    let frame = u64::from(width) * u64::from(height) * BYTES_PER_PIXEL;
    let memory = frame.saturating_mul(frames.saturating_add(WORKING_FRAMES));
    if memory <= limits.max_alloc && frames <= MAX_FRAMES {
        return Ok(());
    }
    let limit = limits.max_alloc / (1024 * 1024);
    Err(Error::new(
        ErrorCode::TooManyPixels,
        format!(
            "The animation of {frames} frames of {width} × {height} pixels needs more than {limit} MB of memory."
        ),
    )
    .param("width", width)
    .param("height", height)
    .param("frames", frames)
    .param("limit_mb", limit)
    .hint("Make the animation smaller or shorter and try again."))
}

/// Collects frames while a decoder reads them, and never holds more than the limits allow.
pub(crate) struct Frames<'a> {
    options: &'a DecodeOptions<'a>,
    canvas: Canvas,
    frames: Vec<Frame>,
}

impl<'a> Frames<'a> {
    /// Nothing is drawn yet. `expected` is how many frames the file says it has; the limits hold
    /// whether that is true or not.
    pub(crate) fn new(
        options: &'a DecodeOptions<'a>,
        width: u32,
        height: u32,
        expected: u64,
    ) -> Result<Self> {
        check(options.limits, width, height, expected)?;
        Ok(Self { options, canvas: Canvas::new(width, height), frames: Vec::new() })
    }

    /// Draws the next frame.
    pub(crate) fn push(&mut self, part: &Part, pixels: &[u8], delay_ms: u32) -> Result<()> {
        self.options.cancel.check()?;
        let (width, height) = self.canvas.size();
        check(self.options.limits, width, height, self.frames.len() as u64 + 1)?;
        self.canvas.draw(part, pixels);
        let pixels = self.canvas.pixels().clone();
        self.frames.push(Frame { pixels, delay_ms: as_browsers_show(delay_ms) });
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(crate) fn finish(self, loops: u32, icc: Option<Bytes>) -> Animation {
        let (width, height) = self.canvas.size();
        Animation { width, height, frames: self.frames, loops, icc }
    }
}

/// A frame as a still picture, without an alpha channel that says nothing.
pub(crate) fn still(pixels: RgbaImage) -> DynamicImage {
    let picture = DynamicImage::ImageRgba8(pixels);
    let is_opaque = picture.as_bytes().as_chunks::<4>().0.iter().all(|pixel| pixel[3] == u8::MAX);
    if is_opaque { DynamicImage::ImageRgb8(picture.into_rgb8()) } else { picture }
}

#[cfg(test)]
mod tests;
