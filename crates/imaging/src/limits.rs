//! How large a picture may be, checked on its header before anything is allocated.

use picferry_core::{Error, ErrorCode, Result};

/// What a picture may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels, width times height: 100 megapixels unless changed.
    pub max_pixels: u64,
    /// Bytes of memory for one decoded picture: 1 GiB unless changed.
    pub max_alloc: u64,
}

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
