//! GIF: read, still and moving; what moves is written as WebP.

use super::DecodeOptions;
use crate::animation::{self, Animation, Blend, Canvas, Dispose, Frames, Part};
use crate::codec::guarded;
use crate::damage;
use crate::format::{gif_frames, profile};
use crate::raster::Raster;
use bytes::Bytes;
use gif::{ColorOutput, Decoder, DecodingError, DisposalMethod, MemoryLimit, Repeat};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, Result};
use std::num::NonZeroU64;

const FORMAT: PictureFormat = PictureFormat::Gif;

/// The first frame, on a transparent canvas.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    guarded(FORMAT, || {
        let mut reader = Reader::new(bytes, options)?;
        let mut canvas = Canvas::new(reader.width, reader.height);
        let Some(frame) = reader.next_frame()? else {
            return Err(damage::damaged(FORMAT, "it has no picture data"));
        };
        canvas.draw(&frame.part, &frame.pixels);
        Ok(Raster { pixels: animation::still(canvas.into_pixels()), icc: reader.profile() })
    })
}

/// All frames.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode_animation(bytes: &[u8], options: &DecodeOptions) -> Result<Animation> {
    guarded(FORMAT, || {
        let mut reader = Reader::new(bytes, options)?;
        let expected = gif_frames(bytes);
        let mut frames = Frames::new(options, reader.width, reader.height, expected)?;
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => frames.push(&frame.part, &frame.pixels, frame.delay_ms)?,
                Ok(None) => break,
                Err(_) if options.allow_damaged && !frames.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        if frames.is_empty() {
            return Err(damage::damaged(FORMAT, "it has no picture data"));
        }
        Ok(frames.finish(reader.loops(), reader.profile()))
    })
}

struct Reader<'a> {
    decoder: Decoder<&'a [u8]>,
    options: &'a DecodeOptions<'a>,
    width: u32,
    height: u32,
}

struct Drawn {
    part: Part,
    pixels: Vec<u8>,
    delay_ms: u32,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], options: &'a DecodeOptions<'a>) -> Result<Self> {
        let mut settings = gif::DecodeOptions::new();
        settings.set_color_output(ColorOutput::RGBA);
        if let Some(limit) = NonZeroU64::new(options.limits.max_alloc) {
            settings.set_memory_limit(MemoryLimit::Bytes(limit));
        }
        let decoder = settings.read_info(bytes).map_err(|error| unreadable(&error))?;
        let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
        if width == 0 || height == 0 {
            return Err(damage::damaged(FORMAT, "it has no size"));
        }
        animation::check(options.limits, width, height, 1)?;
        Ok(Self { decoder, options, width, height })
    }

    /// The next frame as it lies in the file.
    fn next_frame(&mut self) -> Result<Option<Drawn>> {
        self.options.cancel.check()?;
        let Some(frame) = self.decoder.next_frame_info().map_err(|error| unreadable(&error))? else {
            return Ok(None);
        };
        let part = Part {
            x: frame.left.into(),
            y: frame.top.into(),
            width: frame.width.into(),
            height: frame.height.into(),
            dispose: match frame.dispose {
                DisposalMethod::Any | DisposalMethod::Keep => Dispose::Keep,
                DisposalMethod::Background => Dispose::Clear,
                DisposalMethod::Previous => Dispose::Restore,
            },
            blend: Blend::Over,
        };
        let delay_ms = u32::from(frame.delay) * 10;
        // A frame may claim to be larger than the canvas.
        animation::check(self.options.limits, part.width, part.height, 1)?;
        let mut pixels = vec![0; self.decoder.buffer_size()];
        if !pixels.is_empty() {
            let read = self.decoder.read_into_buffer(&mut pixels);
            if !self.options.allow_damaged {
                read.map_err(|error| unreadable(&error))?;
            }
        }
        Ok(Some(Drawn { part, pixels, delay_ms }))
    }

    /// How often it is played. The file says how often it is played *again*.
    fn loops(&self) -> u32 {
        match self.decoder.repeat() {
            Repeat::Infinite => 0,
            Repeat::Finite(again) => u32::from(again) + 1,
        }
    }

    fn profile(&self) -> Option<Bytes> {
        self.decoder.icc_profile().and_then(profile::usable)
    }
}

fn unreadable(error: &DecodingError) -> Box<Error> {
    damage::damaged(FORMAT, "its pixels cannot be decoded").detail(error)
}

#[cfg(test)]
mod tests;
