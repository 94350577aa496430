//! The ways of writing a picture: each a codec with its mode, and a scale from small to good.

use super::classify::{Class, Kind};
use super::plan::Targets;
use super::search::Scale;
use crate::cancel::Cancel;
use crate::codec::avif::AvifOptions;
use crate::codec::jpeg::{JpegOptions, Subsampling};
use crate::codec::palette::PaletteOptions;
use crate::codec::webp::{WebpMode, WebpOptions};
use crate::codec::{self, DecodeOptions};
use crate::limits::Limits;
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
            Self::Avif => Some(Scale { least: 1.0, most: 100.0, step: 1.0 }),
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

    /// Where a search begins: what photos were seen to need for a score.
    pub(crate) fn first_guess(self, score: f32) -> f32 {
        match self {
            Self::Jpeg => 79.0 + (score - 80.0) * 1.1,
            Self::WebpLossy => 88.0 + (score - 80.0) * 0.9,
            Self::Avif => 77.0 + (score - 80.0) * 1.2,
            Self::WebpNearLossless => 40.0,
            Self::PngPalette => 8.0,
            Self::WebpLossless | Self::Png => 100.0,
        }
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

    pub(crate) fn encode(self, raster: &Raster, quality: f32, tools: &Tools<'_>) -> Result<Vec<u8>> {
        let Tools { effort, cancel, .. } = *tools;
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
            Self::Avif => codec::avif::encode(raster, &AvifOptions { quality, effort, threads: 1 }, cancel),
            Self::Png => codec::png::encode(raster, effort, cancel),
            Self::PngPalette => {
                let colors = 1_u16 << (quality as u16).clamp(1, 8);
                codec::palette::encode(raster, &PaletteOptions { colors, dither: 1.0, effort }, cancel)
            }
        }
    }

    /// The pixels that readers will see.
    pub(crate) fn decode(self, bytes: &[u8], tools: &Tools<'_>) -> Result<DynamicImage> {
        let options = DecodeOptions {
            limits: tools.limits,
            cancel: tools.cancel,
            allow_damaged: false,
            at_least: None,
        };
        let raster = codec::decode(bytes, self.format().format(), &options)?;
        Ok(raster.pixels)
    }
}

/// The ways that suit a picture, the most promising first.
pub(crate) fn ways(class: Class, targets: Targets, images: &ImageOptions, size: (u32, u32)) -> Vec<Way> {
    let mut ways = match targets {
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
    };
    ways.retain(|way| way.holds(size.0, size.1));
    if ways.is_empty() {
        ways.push(if class.has_alpha || targets != Targets::UpTo(Newest::JpegPng) {
            Way::Png
        } else {
            Way::Jpeg
        });
    }
    ways
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
