//! A decoded picture: its pixels and what they mean.

use bytes::Bytes;
use image::DynamicImage;
use std::borrow::Cow;

/// Pixels with their colour profile. Stored as they were decoded: 8 or 16 bits, with or without
/// colour and alpha.
#[derive(Debug, Clone)]
pub(crate) struct Raster {
    /// The pixels; alpha is not premultiplied.
    pub pixels: DynamicImage,
    /// The ICC profile they are in; `None` means sRGB.
    pub icc: Option<Bytes>,
}

impl Raster {
    /// Pixels in sRGB.
    pub(crate) fn srgb(pixels: DynamicImage) -> Self {
        Self { pixels, icc: None }
    }

    pub(crate) fn width(&self) -> u32 {
        self.pixels.width()
    }

    pub(crate) fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// Whether any pixel lets through what is behind it; an alpha channel alone says nothing.
    pub(crate) fn is_transparent(&self) -> bool {
        match &self.pixels {
            DynamicImage::ImageLumaA8(pixels) => pixels.pixels().any(|pixel| pixel.0[1] != u8::MAX),
            DynamicImage::ImageRgba8(pixels) => pixels.pixels().any(|pixel| pixel.0[3] != u8::MAX),
            DynamicImage::ImageLumaA16(pixels) => pixels.pixels().any(|pixel| pixel.0[1] != u16::MAX),
            DynamicImage::ImageRgba16(pixels) => pixels.pixels().any(|pixel| pixel.0[3] != u16::MAX),
            _ => false,
        }
    }

    /// The same with 8 bits a channel and no alpha channel that hides nothing, in the layouts that
    /// encoders take: gray, RGB or RGBA. Copied only where they are in another one.
    pub(crate) fn eight_bits(&self) -> Cow<'_, DynamicImage> {
        let alpha = self.is_transparent();
        if matches!(
            (&self.pixels, alpha),
            (DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_), _)
                | (DynamicImage::ImageRgba8(_), true)
        ) {
            return Cow::Borrowed(&self.pixels);
        }
        let gray = matches!(
            self.pixels,
            DynamicImage::ImageLuma8(_)
                | DynamicImage::ImageLuma16(_)
                | DynamicImage::ImageLumaA8(_)
                | DynamicImage::ImageLumaA16(_)
        );
        Cow::Owned(match (alpha, gray) {
            (true, _) => DynamicImage::ImageRgba8(self.pixels.to_rgba8()),
            (false, true) => DynamicImage::ImageLuma8(self.pixels.to_luma8()),
            (false, false) => DynamicImage::ImageRgb8(self.pixels.to_rgb8()),
        })
    }
}
