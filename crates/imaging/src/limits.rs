//! How large a picture may be, checked on its header before anything is allocated.
//!
//! What one picture takes while it is prepared, in bytes for each pixel (8 bits, colour; twice as
//! much of the first for 16 bits):
//!
//! | step | takes |
//! |---|---|
//! | decode | 3 to 4 for the pixels; a progressive JPEG as much again for its coefficients |
//! | orient, crop, turn, resize, watermark, colour | the old pixels and the new ones: 3 to 4 more |
//! | encode JPEG, PNG | 3 to 5 more |
//! | encode WebP | 6 to 8 more |
//! | encode AVIF | 10 to 16 more |
//! | measure | the written file decoded: 3 to 4 more, and 400 MB, however large the picture |
//!
//! Steps follow one another, so that the largest counts and not the sum: [`Limits::estimate`]. A JPEG
//! that is made smaller is decoded at a fraction of its size, and all steps behind it take that much
//! less.

use crate::measure::{BYTES_PER_PIXEL, MOST_PIXELS};
use picferry_core::{Error, ErrorCode, Result};

/// What a picture may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels, width times height: 100 megapixels unless changed.
    pub max_pixels: u64,
    /// Bytes of memory for one decoded picture: 1 GiB unless changed. An animation counts with all
    /// its frames.
    pub max_alloc: u64,
}

/// Frames of an animation: more belong into a film.
pub(crate) const MAX_FRAMES: u64 = 4000;

/// Bytes of a decoded pixel.
const PIXELS: u64 = 4;

/// What the encoder that takes most takes for each pixel.
const ENCODER: u64 = 16;

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: 100_000_000, max_alloc: 1024 * 1024 * 1024 }
    }
}

impl Limits {
    /// Whether a picture of this size may be read.
    ///
    /// # Errors
    /// `too_many_pixels` with the size and the limit.
    pub(crate) fn check(&self, width: u32, height: u32) -> Result<()> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels <= self.max_pixels {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::TooManyPixels,
            format!(
                "The picture has {width} × {height} pixels, {} megapixels; the limit is {} megapixels.",
                megapixels(pixels),
                megapixels(self.max_pixels)
            ),
        )
        .param("width", width)
        .param("height", height)
        .param("megapixels", megapixels(pixels))
        .param("limit", megapixels(self.max_pixels))
        .hint("Make the picture smaller and try again."))
    }

    /// The memory that preparing a picture takes at most, for whoever decides how many are prepared at
    /// once: so many pixels before, and so many after it was made smaller.
    #[must_use]
    pub fn estimate(pixels_before: u64, pixels_after: u64) -> u64 {
        let geometry = pixels_before * PIXELS + pixels_after * PIXELS;
        let encoding = pixels_after * (PIXELS + ENCODER);
        let measured = pixels_after.min(MOST_PIXELS) * BYTES_PER_PIXEL;
        geometry.max(encoding).max(pixels_after * PIXELS * 2 + measured)
    }

    /// The error for a picture that is small enough but needs too much memory to decode.
    pub(crate) fn out_of_memory(&self, width: u32, height: u32) -> Box<Error> {
        let limit = self.max_alloc / (1024 * 1024);
        Error::new(
            ErrorCode::TooManyPixels,
            format!(
                "The picture of {width} × {height} pixels needs more than {limit} MB of memory to decode."
            ),
        )
        .param("width", width)
        .param("height", height)
        .param("limit_mb", limit)
        .hint("Make the picture smaller and try again.")
    }
}

/// Rounded up, so that a picture above the limit never shows the same number as the limit.
fn megapixels(pixels: u64) -> u64 {
    pixels.div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_is_made_small_takes_little_more_than_its_pixels() {
        let large = Limits::estimate(100_000_000, 100_000_000);
        let small = Limits::estimate(100_000_000, 3_000_000);
        assert!(large <= 2_100_000_000 && small <= 420_000_000, "{large} {small}");
    }
}
