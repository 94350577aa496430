//! How large a picture may be, checked on its header before anything is allocated.
//!
//! What one picture takes while it is prepared, in bytes for each pixel of 8 bits and colour, measured
//! on photos of 12, 20 and 100 megapixels:
//!
//! | step | takes |
//! |---|---|
//! | decode | 3 to 4 for the pixels; a progressive JPEG 3 to 6 more for its coefficients |
//! | orient, crop, turn, resize, watermark, colour | the old pixels and the new ones: 6 to 8 |
//! | encode JPEG | 9, with the pixels |
//! | encode PNG | 11 to 12 |
//! | encode WebP | 10 to 16 |
//! | encode AVIF | 24 to 26 |
//! | measure | the pixels and those of the written file, 9 to 15, and up to 540 MB for the comparison |
//!
//! Steps follow one another, so that the largest counts and not the sum: [`Limits::estimate`]. A JPEG
//! that is made smaller is decoded at a fraction of its size, and all steps behind it take that much
//! less. Ways of writing that need more than the limit are not taken.

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

/// Bytes of a decoded pixel, and the same with what its decoder holds besides.
const PIXEL: u64 = 4;
const DECODED_PIXEL: u64 = 9;

/// What the encoder that takes most, that of AVIF, takes for each pixel.
pub(crate) const ENCODER_BYTES_PER_PIXEL: u64 = 26;

/// What comparing holds from the first file on, for each pixel that is looked at.
const REFERENCE: u64 = 70;

/// A written file while it is compared: its planes and its pixels of 16 bits.
const WRITTEN_PIXEL: u64 = 12;

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
        let looked_at = pixels_after.min(MOST_PIXELS);
        let geometry = pixels_before * DECODED_PIXEL + pixels_after * PIXEL;
        let encoding = pixels_after * ENCODER_BYTES_PER_PIXEL + looked_at * REFERENCE;
        let comparing = pixels_after * (PIXEL + WRITTEN_PIXEL) + looked_at * BYTES_PER_PIXEL;
        geometry.max(encoding).max(comparing)
    }

    /// The error for a picture that is small enough but needs too much memory.
    pub(crate) fn out_of_memory(&self, width: u32, height: u32) -> Box<Error> {
        let limit = self.max_alloc / (1024 * 1024);
        Error::new(
            ErrorCode::TooManyPixels,
            format!("The picture of {width} × {height} pixels needs more than {limit} MB of memory."),
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
        assert!(large > 2 * small, "{large} {small}");
        assert!((900_000_000..1_000_000_000).contains(&small), "{small}");
    }

    #[test]
    fn the_estimate_is_not_below_what_was_measured() {
        // Automatic: photos of 12 and of 20 megapixels, the first of them progressive.
        assert!(Limits::estimate(12_170_000, 12_170_000) >= 444_000_000);
        assert!(Limits::estimate(20_440_000, 20_440_000) >= 680_000_000);
    }
}
