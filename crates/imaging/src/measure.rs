//! How much two pictures look alike.
//!
//! The measure is SSIMULACRA 2: 100 for the same picture, 90 where nobody sees a difference, 80
//! where it is seen side by side. A transparent picture is laid over a dark and over a light ground,
//! and the worse of the two counts. Pixels are taken as sRGB: two pictures in the same wider
//! profile are compared alike, a picture with another profile than its reference is not.
//!
//! The measure costs more than most codecs, and its memory is many times that of the picture. What it
//! sees in small versions of the picture has nearly all weight: the library looks at these, and what
//! shows in the largest sizes is looked at here (`fine.rs`), of a large picture on parts of it.

mod fine;
mod light;
mod pool;
mod sample;

use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Error, Ssimulacra2Reference};
use fine::{Errors, Level};
use image::DynamicImage;
use light::{Light, Part};
use picferry_core::{Error, ErrorCode, Result};
pub(crate) use sample::Sample;

/// What comparing takes for each pixel that is looked at, in bytes: a pyramid of planes for the
/// reference, one for the other picture, and the errors.
pub(crate) const BYTES_PER_PIXEL: u64 = 150;

/// Pictures of fewer pixels are measured by the library alone.
const SMALL_PIXELS: u64 = 60_000;

/// Sides below which there is too little to see in small versions.
const SHORTEST_SIDE: u32 = 96;

/// The most pixels that the library looks at of a larger picture.
const COARSE_PIXELS: u64 = 1_600_000;

/// The most pixels that are looked at at once.
pub(crate) const MOST_PIXELS: u64 = COARSE_PIXELS + SAMPLED_PIXELS;

/// What scores are lowered by, where the library sees a picture halved once and more often: so much were
/// they above those of the library at most, on photos of 2 to 13 megapixels and on screenshots, at scores
/// around 80.
const CAUTION: [f64; 2] = [0.2, 0.3];

/// Pixels of the parts on which full size is looked at.
const SAMPLED_PIXELS: u64 = 2_000_000;

/// Pixels above which only one size is left to the library's own halving.
const HALVED_ONCE: u64 = 1_000_000;

/// A picture that others are compared with. Much of the work is done once, here.
pub(crate) struct Reference {
    kind: Kind,
    /// It has more than eight bits.
    is_deep: bool,
}

enum Kind {
    Small(Ssimulacra2Reference),
    Large(Large),
}

/// A picture in its sizes.
struct Large {
    size: (u32, u32),
    /// How often it is halved for the library.
    halvings: u32,
    /// What is looked at in full size.
    parts: Vec<Part>,
    /// What scores are lowered by.
    caution: f64,
    grounds: Vec<Ground>,
}

/// The picture over one ground.
struct Ground {
    light: f32,
    coarse: Ssimulacra2Reference,
    /// The larger sizes of each part.
    fine: Vec<Vec<Level>>,
}

/// Grounds that a transparent picture is laid over, as the authors of the measure chose them.
const GROUNDS: [f32; 2] = [0.1, 0.9];

impl Reference {
    /// Prepares a picture to be compared with.
    ///
    /// # Errors
    /// It is empty or beyond what the measure takes.
    pub(crate) fn new(picture: &DynamicImage) -> Result<Self> {
        Self::within(picture, SAMPLED_PIXELS)
    }

    fn within(picture: &DynamicImage, sampled: u64) -> Result<Self> {
        let (width, height) = (picture.width(), picture.height());
        let all = u64::from(width) * u64::from(height);
        let is_small = all < SMALL_PIXELS || width.min(height) < SHORTEST_SIDE;
        let kind = if is_small {
            Kind::Small(with_slice(picture, Ssimulacra2Reference::new)?)
        } else {
            Kind::Large(Large::new(picture, sampled)?)
        };
        Ok(Self { kind, is_deep: is_deep(picture) })
    }

    /// How much another picture of the same size looks like this one: 100 for no difference, below 0
    /// for hardly any likeness.
    ///
    /// # Errors
    /// It has another size.
    pub(crate) fn score(&self, other: &DynamicImage) -> Result<f32> {
        // What was computed with more bits is still shown with as many as the original has.
        let shown;
        let other = if is_deep(other) && !self.is_deep {
            shown = with_eight_bits(other);
            &shown
        } else {
            other
        };
        let score = match &self.kind {
            Kind::Small(reference) => with_slice(other, |slice| reference.compare(slice))?,
            Kind::Large(large) => large.score(other)?,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a score has four digits that mean something")]
        Ok(score as f32)
    }
}

impl Large {
    fn new(picture: &DynamicImage, sampled: u64) -> Result<Self> {
        let all = u64::from(picture.width()) * u64::from(picture.height());
        let least = if all <= HALVED_ONCE { 1 } else { 2 };
        let most = u32::try_from(fine::MOST_SIZES).unwrap_or(least);
        let halvings = (least..most).find(|times| all >> (2 * times) <= COARSE_PIXELS).unwrap_or(most);
        let sample = Sample::spread(picture.width(), picture.height(), sampled);
        let parts = sample.places(picture);
        let grounds: &[f32] = if picture.color().has_alpha() { &GROUNDS } else { &GROUNDS[..1] };
        let ground = |light: &f32| -> Result<Ground> {
            let small = Light::small(picture, *light, halvings);
            let levels = |part: &Part| fine::levels(Light::of(picture, *part, *light), halvings as usize);
            Ok(Ground {
                light: *light,
                coarse: with_light(&small, Ssimulacra2Reference::new)?,
                fine: parts.iter().map(levels).collect(),
            })
        };
        Ok(Self {
            size: (picture.width(), picture.height()),
            halvings,
            grounds: grounds.iter().map(ground).collect::<Result<_>>()?,
            caution: CAUTION[usize::from(halvings > 1)],
            parts,
        })
    }

    /// The worst over all grounds.
    fn score(&self, other: &DynamicImage) -> Result<f64> {
        if (other.width(), other.height()) != self.size {
            return Err(failed(format!("{} × {} pixels", other.width(), other.height())));
        }
        let halvings = self.halvings as usize;
        let mut worst = f64::INFINITY;
        for ground in &self.grounds {
            let mut errors = Errors::none(halvings);
            for (part, levels) in self.parts.iter().zip(&ground.fine) {
                errors.add(levels, Light::of(other, *part, ground.light));
            }
            let small = Light::small(other, ground.light, self.halvings);
            let coarse = with_light(&small, |slice| ground.coarse.compare_with_maps(slice))?;
            let sum: f64 = (0..pool::SIZES)
                .map(|size| match size.checked_sub(halvings) {
                    None => pool::weigh(size, |channel, norm, term| errors.value(size, channel, norm, term)),
                    Some(at) => pool::weigh_maps(&coarse, at, size),
                })
                .sum();
            worst = worst.min(pool::score(sum) - self.caution);
        }
        Ok(worst)
    }
}

/// Lends light in a layout that the measure takes.
fn with_light<T>(
    light: &Light,
    measure: impl FnOnce(&PixelSlice<'_>) -> Result<T, Ssimulacra2Error>,
) -> Result<T> {
    let values = light.interleaved();
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    slice(&bytes, (light.width, light.height), 12, PixelDescriptor::RGBF32_LINEAR, measure)
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
    let size = (picture.width() as usize, picture.height() as usize);
    slice(bytes, size, channels, layout, measure)
}

/// Rows of pixels of so many bytes.
fn slice<T>(
    bytes: &[u8],
    (width, height): (usize, usize),
    pixel: usize,
    layout: PixelDescriptor,
    measure: impl FnOnce(&PixelSlice<'_>) -> Result<T, Ssimulacra2Error>,
) -> Result<T> {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let slice = PixelSlice::new(bytes, side(width), side(height), width * pixel, layout)
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
    fn a_picture_scores_as_the_library_scores_it() {
        for size in [(300, 260), (1300, 900), (1500, 1100)] {
            let picture = waves(size.0, size.1);
            let whole = picture.clone().into();
            let exact = with_slice(&whole, Ssimulacra2Reference::new).unwrap();
            for by in [2, 5, 12] {
                let other = noisy(&picture, by);
                let exact = with_slice(&other, |slice| exact.compare(slice)).unwrap();
                for (sampled, most) in [(u64::MAX / 8, 0.3), (300_000, 1.0)] {
                    let score = Reference::within(&whole, sampled).unwrap().score(&other).unwrap();
                    let off = f64::from(score) - exact;
                    assert!(off.abs() < most, "{size:?}, {by}, {sampled}: {score} for {exact}");
                }
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
