//! How much two pictures look alike.
//!
//! The measure is SSIMULACRA 2: 100 for the same picture, 90 where nobody sees a difference, 80
//! where it is seen side by side. A transparent picture is laid over a dark and over a light ground,
//! and the worse of the two counts. Pixels are taken as sRGB: two pictures in the same wider
//! profile are compared alike, a picture with another profile than its reference is not.

//!
//! The measure costs more than most codecs, and its memory is many times that of the picture. What it
//! sees in small versions of the picture has nearly all weight: a large picture is halved until it is
//! small enough, and only what shows in full size is looked at on parts of it.

mod pool;
mod reduce;
mod sample;

use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Error, Ssimulacra2Maps, Ssimulacra2Reference};
use image::DynamicImage;
use picferry_core::{Error, ErrorCode, Result};
pub(crate) use sample::Sample;

/// What comparing takes for each pixel that is looked at, in bytes: a pyramid of planes for the
/// reference, one for the other picture, and the errors.
pub(crate) const BYTES_PER_PIXEL: u64 = 150;

/// Pictures of up to so many pixels are measured as they are, larger ones halved to it.
const MEASURED_PIXELS: u64 = 2_400_000;

/// The most pixels that are looked at at once.
pub(crate) const MOST_PIXELS: u64 = MEASURED_PIXELS + SAMPLED_PIXELS;

/// What scores of large pictures are lowered by. On photos of 4 to 13 megapixels at scores around 80
/// they came out at most 0.1 above those of the whole measured as it is.
const CAUTION: f64 = 0.2;

/// Pixels of the parts on which full size is looked at.
const SAMPLED_PIXELS: u64 = 1_200_000;

/// A picture that others are compared with. Much of the work is done once, here.
pub(crate) struct Reference {
    /// The picture, or a small version of it.
    pyramid: Ssimulacra2Reference,
    large: Option<Large>,
    /// It has more than eight bits.
    is_deep: bool,
}

/// What is kept of a picture that is not measured as it is.
struct Large {
    /// How often it is halved.
    halvings: u32,
    sample: Sample,
    parts: Ssimulacra2Reference,
}

impl Reference {
    /// Prepares a picture to be compared with.
    ///
    /// # Errors
    /// It is empty or beyond what the measure takes.
    pub(crate) fn new(picture: &DynamicImage) -> Result<Self> {
        Self::within(picture, MEASURED_PIXELS)
    }

    fn within(picture: &DynamicImage, pixels: u64) -> Result<Self> {
        let all = u64::from(picture.width()) * u64::from(picture.height());
        let is_deep = is_deep(picture);
        let halvings = (0..4).find(|times| all >> (2 * times) <= pixels).unwrap_or(4);
        if halvings == 0 {
            return Ok(Self {
                pyramid: with_slice(picture, Ssimulacra2Reference::new)?,
                large: None,
                is_deep,
            });
        }
        let sample = Sample::spread(picture.width(), picture.height(), SAMPLED_PIXELS);
        let parts = with_slice(&sample.of(picture), Ssimulacra2Reference::new)?;
        let pyramid = with_slice(&reduce::halved(picture, halvings), Ssimulacra2Reference::new)?;
        Ok(Self { pyramid, large: Some(Large { halvings, sample, parts }), is_deep })
    }

    /// How much another picture of the same size looks like this one: 100 for no difference, below 0
    /// for hardly any likeness.
    ///
    /// # Errors
    /// It has another size.
    pub(crate) fn score(&self, other: &DynamicImage) -> Result<f32> {
        // What was computed with more bits is still shown with as many as the original has; and more than
        // eight take the measure several times as long.
        let shown;
        let other = if is_deep(other) && !self.is_deep {
            shown = with_eight_bits(other);
            &shown
        } else {
            other
        };
        let score = match &self.large {
            None => with_slice(other, |slice| self.pyramid.compare(slice))?,
            Some(large) => self.large_score(large, other)?,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a score has four digits that mean something")]
        Ok(score as f32)
    }

    fn large_score(&self, large: &Large, other: &DynamicImage) -> Result<f64> {
        let errors = |reference: &Ssimulacra2Reference, picture: &DynamicImage| -> Result<Ssimulacra2Maps> {
            with_slice(picture, |slice| reference.compare_with_maps(slice))
        };
        let fine = errors(&large.parts, &large.sample.of(other))?;
        let coarse = errors(&self.pyramid, &reduce::halved(other, large.halvings))?;
        let halvings = large.halvings as usize;
        let sum = (0..pool::SIZES).map(|size| match size.checked_sub(halvings) {
            None => pool::weigh(&fine, size, size),
            Some(at) => pool::weigh(&coarse, at, size),
        });
        Ok(pool::score(sum.sum()) - CAUTION)
    }
}

fn is_deep(picture: &DynamicImage) -> bool {
    picture.color().bytes_per_pixel() > picture.color().channel_count()
}

fn with_eight_bits(picture: &DynamicImage) -> DynamicImage {
    if picture.color().has_alpha() { picture.to_rgba8().into() } else { picture.to_rgb8().into() }
}

/// Lends the pixels in a layout that the measure takes, without a copy where they are in one.
fn with_slice<T>(
    picture: &DynamicImage,
    measure: impl FnOnce(&PixelSlice<'_>) -> Result<T, Ssimulacra2Error>,
) -> Result<T> {
    let converted;
    let (bytes, channels, layout) = match picture {
        DynamicImage::ImageRgb8(pixels) => (pixels.as_raw().as_slice(), 3, PixelDescriptor::RGB8_SRGB),
        DynamicImage::ImageRgba8(pixels) => (pixels.as_raw().as_slice(), 4, PixelDescriptor::RGBA8_SRGB),
        DynamicImage::ImageRgb16(_) => (picture.as_bytes(), 6, PixelDescriptor::RGB16_SRGB),
        DynamicImage::ImageRgba16(_) => (picture.as_bytes(), 8, PixelDescriptor::RGBA16_SRGB),
        _ if picture.color().has_alpha() => {
            converted = picture.to_rgba8().into_raw();
            (converted.as_slice(), 4, PixelDescriptor::RGBA8_SRGB)
        }
        _ => {
            converted = picture.to_rgb8().into_raw();
            (converted.as_slice(), 3, PixelDescriptor::RGB8_SRGB)
        }
    };
    let stride = picture.width() as usize * channels;
    let slice = PixelSlice::new(bytes, picture.width(), picture.height(), stride, layout)
        .map_err(|error| failed(format!("{error:?}")))?;
    measure(&slice).map_err(|error| failed(error.to_string()))
}

fn failed(why: String) -> Box<Error> {
    Error::new(ErrorCode::Internal, "The pictures could not be compared.").detail(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn waves(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let wave = ((f64::from(x) / 9.0).sin() + (f64::from(y) / 7.0).cos()) * 50.0 + 128.0;
            Rgb([wave as u8, (wave / 2.0) as u8 + 60, 255 - wave as u8])
        })
    }

    fn noisy(picture: &RgbImage, by: u8) -> DynamicImage {
        let mut changed = picture.clone();
        for (index, pixel) in changed.pixels_mut().enumerate() {
            let up = (index * 7919) % 13 < 6;
            pixel.0 =
                pixel.0.map(|value| if up { value.saturating_add(by) } else { value.saturating_sub(by) });
        }
        changed.into()
    }

    #[test]
    fn the_same_picture_scores_a_hundred_and_more_noise_scores_less() {
        let picture = waves(96, 80);
        let reference = Reference::new(&picture.clone().into()).unwrap();
        assert!(reference.score(&picture.clone().into()).unwrap() > 99.9);
        let scores = [2, 6, 14, 40].map(|by| reference.score(&noisy(&picture, by)).unwrap());
        assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
        assert!(scores[0] > 85.0 && scores[3] < 40.0, "{scores:?}");
    }

    #[test]
    fn a_large_picture_scores_as_if_it_were_measured_whole() {
        let picture = waves(1500, 1100);
        let whole = Reference::within(&picture.clone().into(), u64::MAX).unwrap();
        for by in [2, 5, 12] {
            let other = noisy(&picture, by);
            let exact = whole.score(&other).unwrap();
            for pixels in [1_000_000, 300_000] {
                let score =
                    Reference::within(&picture.clone().into(), pixels).unwrap().score(&other).unwrap();
                assert!((score - exact).abs() < 1.0, "{by} within {pixels}: {score} for {exact}");
            }
        }
    }

    #[test]
    fn a_picture_of_one_pixel_can_be_compared() {
        for size in [(1, 1), (7, 3), (8, 8)] {
            let picture = DynamicImage::ImageRgb8(waves(size.0, size.1));
            let reference = Reference::new(&picture).unwrap();
            assert!(reference.score(&picture).unwrap() > 99.0, "{size:?}");
        }
    }

    #[test]
    fn sixteen_bits_and_gray_can_be_compared_with_eight_bits_of_colour() {
        let picture = DynamicImage::ImageRgb8(waves(40, 40));
        let reference = Reference::new(&picture).unwrap();
        let score = reference.score(&DynamicImage::ImageRgb16(picture.to_rgb16())).unwrap();
        assert!(score > 99.9, "the same picture: {score}");
        let gray = DynamicImage::ImageLuma8(picture.to_luma8());
        let score = reference.score(&gray).unwrap();
        assert!(score < 95.0, "{score}");
    }

    #[test]
    fn what_shows_only_on_a_light_ground_counts() {
        let dark = |alpha| {
            DynamicImage::ImageRgba8(RgbaImage::from_fn(64, 64, |x, _| {
                Rgba([10, 10, 10, if x < 32 { 255 } else { alpha }])
            }))
        };
        let reference = Reference::new(&dark(128)).unwrap();
        assert!(reference.score(&dark(128)).unwrap() > 99.9);
        assert!(reference.score(&dark(20)).unwrap() < 60.0);
    }

    #[test]
    fn another_size_is_an_error() {
        let reference = Reference::new(&waves(40, 40).into()).unwrap();
        assert_eq!(reference.score(&waves(40, 41).into()).unwrap_err().code, ErrorCode::Internal);
    }
}
