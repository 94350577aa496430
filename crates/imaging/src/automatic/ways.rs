//! The ways of writing a picture: each a codec with its mode, and a scale from small to good.

use super::classify::{Class, Kind};
use super::plan::Targets;
use super::search::Scale;
use crate::cancel::Cancel;
use crate::codec::avif::{self, AvifOptions, Pace};
use crate::codec::jpeg::{JpegOptions, Subsampling};
use crate::codec::palette::PaletteOptions;
use crate::codec::webp::{WebpMode, WebpOptions};
use crate::codec::{self, DecodeOptions};
use crate::limits::{ENCODER_BYTES_PER_PIXEL, Limits};
use crate::raster::Raster;
use image::DynamicImage;
use picferry_core::Result;
use picferry_core::images::{Effort, ImageOptions, Newest, PngRule, TargetFormat, WebpRule};

/// One way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Jpeg,
    WebpLossy,
    WebpNearLossless,
    WebpLossless,
    Avif,
    Png,
    PngPalette,
}

/// What every codec needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tools<'a> {
    pub effort: Effort,
    pub pace: Pace,
    pub limits: &'a Limits,
    pub cancel: &'a Cancel,
}

impl Way {
    pub(crate) fn format(self) -> TargetFormat {
        match self {
            Self::Jpeg => TargetFormat::Jpeg,
            Self::WebpLossy | Self::WebpNearLossless | Self::WebpLossless => TargetFormat::Webp,
            Self::Avif => TargetFormat::Avif,
            Self::Png | Self::PngPalette => TargetFormat::Png,
        }
    }

    /// Its scale; `None` where every pixel stays. That of a palette counts bits: 8 are 256 colours.
    pub(crate) fn scale(self) -> Option<Scale> {
        match self {
            Self::Jpeg => Some(Scale { least: 5.0, most: 100.0, step: 1.0 }),
            Self::WebpLossy => Some(Scale { least: 1.0, most: 100.0, step: 1.0 }),
            Self::Avif => Some(Scale { least: avif::STEP, most: 100.0, step: avif::STEP }),
            Self::WebpNearLossless => Some(Scale { least: 0.0, most: 80.0, step: 20.0 }),
            Self::PngPalette => Some(Scale { least: 3.0, most: 8.0, step: 1.0 }),
            Self::WebpLossless | Self::Png => None,
        }
    }

    pub(crate) fn is_lossless(self) -> bool {
        self.scale().is_none()
    }

    /// Whether its scale is that of an encoder for photos.
    pub(crate) fn is_for_photos(self) -> bool {
        matches!(self, Self::Jpeg | Self::WebpLossy | Self::Avif)
    }

    /// Where a search begins: what such pictures were seen to need for a score.
    pub(crate) fn first_guess(self, score: f32, kind: Kind) -> f32 {
        match self {
            Self::Avif if kind != Kind::Photo => 52.0 + (score - 80.0) * 1.8,
            Self::Jpeg => 79.0 + (score - 80.0) * 1.1,
            Self::WebpLossy => 88.0 + (score - 80.0) * 0.9,
            Self::Avif => 77.0 + (score - 80.0) * 1.2,
            Self::WebpNearLossless => 40.0,
            Self::PngPalette => 8.0,
            Self::WebpLossless | Self::Png => 100.0,
        }
    }

    /// Bytes that writing takes for each pixel, with the pixels themselves: as measured, rounded up.
    fn bytes_per_pixel(self) -> u64 {
        match self {
            Self::Jpeg => 10,
            Self::Png | Self::PngPalette => 14,
            Self::WebpLossy => 16,
            Self::Avif => ENCODER_BYTES_PER_PIXEL,
            Self::WebpNearLossless | Self::WebpLossless => 24,
        }
    }

    /// Whether there is the memory to write so many pixels.
    pub(crate) fn fits(self, pixels: u64, limits: &Limits) -> bool {
        pixels.saturating_mul(self.bytes_per_pixel()) <= limits.max_alloc
    }

    /// Whether the format can hold a picture of this size.
    pub(crate) fn holds(self, width: u32, height: u32) -> bool {
        let longest = width.max(height);
        match self.format() {
            TargetFormat::Webp => longest <= 16_383,
            TargetFormat::Jpeg => longest <= 65_500,
            TargetFormat::Avif => longest <= 65_535,
            TargetFormat::Png => true,
        }
    }

    /// Whether files that only show what a quality looks like are written sooner than others, and so
    /// are no files to keep.
    pub(crate) fn has_trials(self) -> bool {
        self == Self::Avif
    }

    /// By which part a file becomes smaller for each point that it looks better than asked.
    pub(crate) fn bytes_of_a_point(self) -> f64 {
        match self {
            Self::WebpNearLossless | Self::PngPalette => 0.01,
            _ => 0.05,
        }
    }

    pub(crate) fn encode(self, raster: &Raster, quality: f32, tools: &Tools<'_>) -> Result<Vec<u8>> {
        let Tools { effort, cancel, pace, .. } = *tools;
        cancel.check()?;
        let webp = |mode| codec::webp::encode(raster, &WebpOptions { mode, effort }, cancel);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers within the scale"
        )]
        match self {
            Self::Jpeg => {
                let small = effort == Effort::Small;
                let options = JpegOptions { quality, small, subsampling: Subsampling::Auto };
                codec::jpeg::encode(raster, &options, cancel)
            }
            Self::WebpLossy => webp(WebpMode::Lossy { quality }),
            Self::WebpNearLossless => webp(WebpMode::NearLossless { level: quality as u8 }),
            Self::WebpLossless => webp(WebpMode::Lossless),
            Self::Avif => {
                codec::avif::encode(raster, &AvifOptions { quality, effort, pace, threads: 1 }, cancel)
            }
            Self::Png => codec::png::encode(raster, effort, cancel),
            Self::PngPalette => {
                let colors = 1_u16 << (quality as u16).clamp(1, 8);
                codec::palette::encode(raster, &PaletteOptions { colors, dither: 1.0, effort }, cancel)
            }
        }
    }

    /// The pixels that readers will see, in the eight bits that screens have: the rounding alone costs
    /// up to 0.3 points at a score of 80.
    pub(crate) fn decode(self, bytes: &[u8], tools: &Tools<'_>) -> Result<DynamicImage> {
        let options = DecodeOptions {
            limits: tools.limits,
            cancel: tools.cancel,
            allow_damaged: false,
            at_least: None,
        };
        let pixels = match self {
            Self::Avif => codec::avif::decode_as_shown(bytes, &options)?.pixels,
            _ => codec::decode(bytes, self.format().format(), &options)?.pixels,
        };
        Ok(match pixels {
            DynamicImage::ImageLuma16(_) => pixels.to_luma8().into(),
            DynamicImage::ImageLumaA16(_) => pixels.to_luma_alpha8().into(),
            DynamicImage::ImageRgb16(_) => pixels.to_rgb8().into(),
            DynamicImage::ImageRgba16(_) => pixels.to_rgba8().into(),
            pixels => pixels,
        })
    }
}

/// The ways that suit a picture, the most promising first.
///
/// # Errors
/// `too_many_pixels` where no way has the memory that it needs.
pub(crate) fn ways(
    class: Class,
    targets: Targets,
    images: &ImageOptions,
    limits: &Limits,
    (width, height): (u32, u32),
) -> Result<Vec<Way>> {
    let pixels = u64::from(width) * u64::from(height);
    let mut ways = all_ways(class, targets, images);
    ways.retain(|way| way.holds(width, height));
    if ways.is_empty() {
        ways.push(if class.has_alpha || targets != Targets::UpTo(Newest::JpegPng) {
            Way::Png
        } else {
            Way::Jpeg
        });
    }
    ways.retain(|way| way.fits(pixels, limits));
    let is_photo = class.kind == Kind::Photo && !class.has_alpha && !matches!(targets, Targets::One(_));
    if ways.is_empty() && is_photo && Way::Jpeg.holds(width, height) && Way::Jpeg.fits(pixels, limits) {
        // What takes least.
        ways.push(Way::Jpeg);
    }
    if ways.is_empty() { Err(limits.out_of_memory(width, height)) } else { Ok(ways) }
}

fn all_ways(class: Class, targets: Targets, images: &ImageOptions) -> Vec<Way> {
    match targets {
        Targets::One(TargetFormat::Jpeg) => vec![Way::Jpeg],
        Targets::One(TargetFormat::Avif) => vec![Way::Avif],
        Targets::One(TargetFormat::Webp) => webp(class, images.webp),
        Targets::One(TargetFormat::Png) => match images.png {
            PngRule::Lossless => vec![Way::Png],
            PngRule::Palette => vec![Way::PngPalette, Way::Png],
        },
        Targets::UpTo(Newest::Avif) => {
            let webp = webp(class, images.webp);
            if class.kind == Kind::FewColors { webp } else { [&[Way::Avif], &webp[..]].concat() }
        }
        Targets::UpTo(Newest::Webp) => {
            let mut ways = webp(class, images.webp);
            if class.kind == Kind::Photo && !class.has_alpha {
                ways.push(Way::Jpeg);
            }
            ways
        }
        Targets::UpTo(Newest::JpegPng) => match (class.kind, class.has_alpha) {
            (Kind::Photo, false) => vec![Way::Jpeg],
            (Kind::FewColors, _) => vec![Way::Png],
            (Kind::Drawing, false) => vec![Way::PngPalette, Way::Jpeg, Way::Png],
            (_, true) => vec![Way::PngPalette, Way::Png],
        },
    }
}

fn webp(class: Class, rule: WebpRule) -> Vec<Way> {
    match (rule, class.kind) {
        (WebpRule::Lossy, _) | (WebpRule::Automatic, Kind::Photo) => vec![Way::WebpLossy],
        (WebpRule::Lossless, _) | (WebpRule::Automatic, Kind::FewColors) => vec![Way::WebpLossless],
        (WebpRule::NearLossless, _) => vec![Way::WebpNearLossless, Way::WebpLossless],
        (WebpRule::Automatic, Kind::Drawing) => {
            vec![Way::WebpLossless, Way::WebpNearLossless, Way::WebpLossy]
        }
    }
}
