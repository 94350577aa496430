//! WebP, still and moving, by libwebp.

mod decode;
mod encode;
mod moving;

pub(crate) use decode::{decode, decode_animation};
pub(crate) use encode::encode;
pub(crate) use moving::encode_animation;

use picferry_core::images::Effort;
use picferry_core::picture::PictureFormat;

const FORMAT: PictureFormat = PictureFormat::Webp;

/// How a WebP file is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WebpOptions {
    pub mode: WebpMode,
    pub effort: Effort,
}

/// What may happen to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WebpMode {
    /// Like a photo.
    Lossy {
        /// 0 to 100.
        quality: f32,
    },
    /// Every pixel that can be seen stays. The colour of wholly transparent ones does not.
    Lossless,
    /// Pixels change a little where that saves much.
    NearLossless {
        /// 0 (most) to 100 (not at all).
        level: u8,
    },
}

#[cfg(test)]
mod tests;
