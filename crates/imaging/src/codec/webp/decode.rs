//! Reads WebP.

use super::FORMAT;
use crate::animation::{Animation, Blend, Dispose, Frames, Part};
use crate::codec::DecodeOptions;
use crate::codec::guarded;
use crate::damage;
use crate::format::profile;
use crate::format::webp_parts::{self, FramePart};
use crate::raster::Raster;
use image::{DynamicImage, ImageBuffer};
use picferry_core::Result;
use webp::{BitstreamFeatures, Decoder};

/// The picture, or the first frame of an animation on its canvas.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    guarded(FORMAT, || {
        options.cancel.check()?;
        let features = features(bytes)?;
        let icc = webp_parts::profile(bytes).and_then(profile::usable);
        if features.has_animation() {
            let mut animation = animate(bytes, options, Some(1))?;
            let first = animation.frames.swap_remove(0);
            return Ok(Raster { pixels: crate::animation::still(first.pixels), icc });
        }
        Ok(Raster { pixels: picture(bytes, &features, options)?, icc })
    })
}

/// All frames; of a picture that does not move, that one.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode_animation(bytes: &[u8], options: &DecodeOptions) -> Result<Animation> {
    guarded(FORMAT, || {
        options.cancel.check()?;
        let features = features(bytes)?;
        if features.has_animation() {
            return animate(bytes, options, None);
        }
        let (width, height) = (features.width(), features.height());
        let part = Part { x: 0, y: 0, width, height, dispose: Dispose::Keep, blend: Blend::Replace };
        let mut frames = Frames::new(options, width, height, 1)?;
        frames.push(&part, &picture(bytes, &features, options)?.into_rgba8(), 0)?;
        Ok(frames.finish(1, webp_parts::profile(bytes).and_then(profile::usable)))
    })
}

fn features(bytes: &[u8]) -> Result<BitstreamFeatures> {
    let features = BitstreamFeatures::new(bytes);
    features
        .filter(|features| features.width() > 0 && features.height() > 0)
        .ok_or_else(|| damage::damaged(FORMAT, "its header cannot be read"))
}

/// Decodes a file that does not move, after a look at its size.
fn picture(bytes: &[u8], features: &BitstreamFeatures, options: &DecodeOptions) -> Result<DynamicImage> {
    let (width, height) = (features.width(), features.height());
    options.limits.check(width, height)?;
    // The decoder's memory and its copy here.
    let channels = if features.has_alpha() { 4 } else { 3 };
    if u64::from(width) * u64::from(height) * channels * 2 > options.limits.max_alloc {
        return Err(options.limits.out_of_memory(width, height));
    }
    let decoded = Decoder::new(bytes).decode();
    let decoded = decoded.ok_or_else(|| damage::damaged(FORMAT, "its pixels cannot be decoded"))?;
    let pixels = decoded.to_vec();
    let picture = if decoded.is_alpha() {
        ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8)
    } else {
        ImageBuffer::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    };
    picture.ok_or_else(|| damage::damaged(FORMAT, "it has another size than it says"))
}

/// Reads frames one by one, so that a bad one ends the work and every one can be stopped.
fn animate(bytes: &[u8], options: &DecodeOptions, at_most: Option<usize>) -> Result<Animation> {
    let moving = webp_parts::frames(bytes)?;
    let count = at_most.unwrap_or(moving.frames.len()).min(moving.frames.len());
    let mut frames = Frames::new(options, moving.width, moving.height, count as u64)?;
    for frame in moving.frames.iter().take(count) {
        match frame_pixels(frame, options) {
            Ok(pixels) => frames.push(&part(frame), &pixels, frame.duration_ms)?,
            Err(_) if options.allow_damaged && !frames.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    if frames.is_empty() {
        return Err(damage::damaged(FORMAT, "it has no picture data"));
    }
    Ok(frames.finish(moving.loops.into(), webp_parts::profile(bytes).and_then(profile::usable)))
}

fn part(frame: &FramePart<'_>) -> Part {
    Part {
        x: frame.x,
        y: frame.y,
        width: frame.width,
        height: frame.height,
        dispose: if frame.cleared_after { Dispose::Clear } else { Dispose::Keep },
        blend: if frame.replaces { Blend::Replace } else { Blend::Over },
    }
}

fn frame_pixels(frame: &FramePart<'_>, options: &DecodeOptions) -> Result<Vec<u8>> {
    let file = webp_parts::still_of(frame);
    let features = features(&file)?;
    if (features.width(), features.height()) != (frame.width, frame.height) || features.has_animation() {
        return Err(damage::damaged(FORMAT, "a frame has another size than it says"));
    }
    Ok(picture(&file, &features, options)?.into_rgba8().into_raw())
}
