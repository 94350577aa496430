//! Writes animated WebP: of each frame only what changed.
//!
//! Frames are written one by one, as still pictures, and put together here: that can be stopped
//! between two of them, and keeps the delay of the last one, which the encoder of the library guesses.

use super::encode::{check_size, config, write};
use super::{FORMAT, WebpMode, WebpOptions};
use crate::animation::{Animation, Frame};
use crate::cancel::Cancel;
use crate::codec::guarded;
use crate::damage;
use crate::format::webp_parts::{self, FramePart};
use image::{DynamicImage, RgbaImage};
use picferry_core::Result;
use picferry_core::images::Effort;
use webp::{PixelLayout, WebPConfig};

/// The side of the squares that a lossy frame leaves out when nothing in them changed. Smaller ones
/// cost more in the mask than they save in the picture.
const SQUARE: u32 = 16;

/// Writes an animation with its delays and loops. Frames that look like the one before them become
/// a longer delay.
///
/// # Errors
/// `unsupported` for a picture that is too large for the format, `cancelled`.
pub(crate) fn encode_animation(
    animation: &Animation,
    options: &WebpOptions,
    cancel: &Cancel,
) -> Result<Vec<u8>> {
    check_size(animation.width, animation.height)?;
    let config = config(options)?;
    let is_lossy = matches!(options.mode, WebpMode::Lossy { .. });
    let shown = merge_equal(&animation.frames);
    let has_alpha = shown.iter().any(|(frame, _)| !is_opaque(&frame.pixels));
    let mut out = webp_parts::start_moving(
        animation.width,
        animation.height,
        animation.loops,
        has_alpha,
        animation.icc.as_deref(),
    );
    let mut before: Option<&RgbaImage> = None;
    for (frame, delay_ms) in shown {
        cancel.check()?;
        let change =
            before.map_or_else(|| Change::whole(&frame.pixels), |it| Change::between(it, &frame.pixels));
        let drawn = change.draw(before, &frame.pixels, is_lossy);
        let (file, replaces) = guarded(FORMAT, || drawn.write(options.effort, &config))?;
        webp_parts::push_frame(&mut out, &change.part(delay_ms, replaces), &file);
        before = Some(&frame.pixels);
    }
    if before.is_none() {
        return Err(damage::damaged(FORMAT, "it has no picture data"));
    }
    Ok(webp_parts::finish(out))
}

/// Frames that can be told from the one before them, with the time until the next of them.
fn merge_equal(frames: &[Frame]) -> Vec<(&Frame, u32)> {
    let mut shown: Vec<(&Frame, u32)> = Vec::new();
    for frame in frames {
        match shown.last_mut() {
            Some((last, delay_ms)) if look_equal(&last.pixels, &frame.pixels) => {
                *delay_ms = delay_ms.saturating_add(frame.delay_ms);
            }
            _ => shown.push((frame, frame.delay_ms)),
        }
    }
    shown
}

fn look_equal(one: &RgbaImage, other: &RgbaImage) -> bool {
    one == other || one.pixels().zip(other.pixels()).all(|(one, other)| same(one.0, other.0))
}

/// Pixels that nobody can see are equal.
fn same(one: [u8; 4], other: [u8; 4]) -> bool {
    one == other || (one[3] == 0 && other[3] == 0)
}

fn is_opaque(pixels: &RgbaImage) -> bool {
    pixels.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == u8::MAX)
}

/// The rectangle that changed, at an even place.
struct Change {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl Change {
    fn whole(pixels: &RgbaImage) -> Self {
        Self { x: 0, y: 0, width: pixels.width(), height: pixels.height() }
    }

    fn between(before: &RgbaImage, after: &RgbaImage) -> Self {
        let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
        for (y, (before, after)) in before.rows().zip(after.rows()).enumerate() {
            let changes =
                || before.clone().zip(after.clone()).map(|(before, after)| !same(before.0, after.0));
            let Some(first) = changes().position(|changed| changed) else { continue };
            let last = changes().rposition(|changed| changed).unwrap_or(first);
            let [first, last, y] = [first, last, y].map(|place| u32::try_from(place).unwrap_or(u32::MAX));
            left = left.min(first);
            right = right.max(last + 1);
            top = top.min(y);
            bottom = y + 1;
        }
        if left >= right {
            return Self { x: 0, y: 0, width: 1, height: 1 };
        }
        let (x, y) = (left & !1, top & !1);
        Self { x, y, width: right - x, height: bottom - y }
    }

    fn part(&self, duration_ms: u32, replaces: bool) -> FramePart<'static> {
        FramePart {
            x: self.x,
            y: self.y,
            width: self.width,
            height: self.height,
            duration_ms,
            cleared_after: false,
            replaces,
            data: &[],
        }
    }

    /// What is drawn into the rectangle. What did not change is left transparent where that is
    /// certain to show the same: for lossy pictures in whole squares, which cost no bits then.
    fn draw(&self, before: Option<&RgbaImage>, after: &RgbaImage, is_lossy: bool) -> Drawn {
        let whole = self.cut(after);
        let overlay = before.and_then(|before| {
            let mut overlay = whole.clone();
            let side = if is_lossy { SQUARE } else { 1 };
            leave_out(&mut overlay, &self.cut(before), side).then_some(overlay)
        });
        Drawn { whole, overlay }
    }

    fn cut(&self, pixels: &RgbaImage) -> RgbaImage {
        image::imageops::crop_imm(pixels, self.x, self.y, self.width, self.height).to_image()
    }
}

/// Makes squares transparent in which nothing changed. Whether what is left shows the same when it
/// lies over what was there: `false` when a pixel has to become more transparent than it was.
fn leave_out(pixels: &mut RgbaImage, before: &RgbaImage, side: u32) -> bool {
    let (width, height) = pixels.dimensions();
    for top in (0..height).step_by(side as usize) {
        for left in (0..width).step_by(side as usize) {
            let (right, bottom) = ((left + side).min(width), (top + side).min(height));
            let places = || (top..bottom).flat_map(move |y| (left..right).map(move |x| (x, y)));
            let pair = |(x, y)| (before.get_pixel(x, y).0, pixels.get_pixel(x, y).0);
            if places().map(pair).all(|(old, new)| same(old, new)) {
                places().for_each(|(x, y)| pixels.get_pixel_mut(x, y).0 = [0; 4]);
            } else if !places().map(pair).all(|(old, new)| new[3] == u8::MAX || (old[3] == 0 && new[3] == 0))
            {
                return false;
            }
        }
    }
    true
}

/// A frame as it may be written.
struct Drawn {
    /// In place of what was there.
    whole: RgbaImage,
    /// Over what was there.
    overlay: Option<RgbaImage>,
}

impl Drawn {
    /// The picture, and whether it replaces what was there.
    fn write(&self, effort: Effort, config: &WebPConfig) -> Result<(Vec<u8>, bool)> {
        let Some(overlay) = &self.overlay else { return Ok((write_frame(&self.whole, config)?, true)) };
        let over = write_frame(overlay, config)?;
        // Noise under a mask can be larger than the noise alone.
        if effort == Effort::Small && overlay != &self.whole {
            let whole = write_frame(&self.whole, config)?;
            if whole.len() < over.len() {
                return Ok((whole, true));
            }
        }
        Ok((over, false))
    }
}

fn write_frame(pixels: &RgbaImage, config: &WebPConfig) -> Result<Vec<u8>> {
    let (width, height) = pixels.dimensions();
    if is_opaque(pixels) {
        let rgb = DynamicImage::ImageRgba8(pixels.clone()).into_rgb8();
        return write(&rgb, PixelLayout::Rgb, width, height, config);
    }
    write(pixels, PixelLayout::Rgba, width, height, config)
}
