//! Writes a picture in the ways that suit it, and takes the smallest file that looks as asked.

use super::Written;
use super::budget::Budget;
use super::classify::{Kind, classify};
use super::lossy_source;
use super::plan::Targets;
use super::search::Scale;
use super::ways::{Tools, Way, ways};
use crate::cancel::Cancel;
use crate::codec;
use crate::codec::avif::Pace;
use crate::measure::Reference;
use crate::prepare::PrepareOptions;
use crate::raster::Raster;
use bytes::Bytes;
use image::DynamicImage;
use picferry_core::Result;
use picferry_core::images::{Aim, KeptWhy, TargetFormat};
use picferry_core::picture::{PictureFormat, PictureInfo};
use std::borrow::Cow;
use std::cell::OnceCell;

/// The file that a picture came in.
pub(crate) struct Source<'a> {
    pub bytes: &'a Bytes,
    pub info: PictureInfo,
    /// A new file is wanted, whatever its size.
    pub is_wish: bool,
    /// A PNG file of the very same pixels, without metadata: what decoded pixels do not show is in it,
    /// as how many bits and which kind of colours.
    pub repackable: Option<Bytes>,
}

/// Writes a still picture; says why not, where no file that can be written is any good.
///
/// # Errors
/// Those of the codecs, and `cancelled`.
pub(crate) fn still(
    raster: &Raster,
    targets: Targets,
    source: &Source<'_>,
    options: &PrepareOptions,
    cancel: &Cancel,
) -> Result<Result<Written, KeptWhy>> {
    let images = &options.images;
    if let Aim::Bytes(limit) = images.aim
        && !source.is_wish
        && source.bytes.len() as u64 <= limit
    {
        return Ok(Err(KeptWhy::AlreadySmall));
    }
    let pace = if matches!(images.aim, Aim::Look(_)) { Pace::Choosing } else { Pace::Usual };
    let tools = Tools { effort: images.effort, pace, limits: &options.limits, cancel };
    let raster = fitted(raster, targets);
    let mut class = classify(&raster);
    if lossy_source::is_lossy(source.bytes, source.info.format) {
        // What a codec for photos has written is best left to one.
        class.kind = Kind::Photo;
    }
    let mut ways = ways(class, targets, images, &options.limits, (raster.width(), raster.height()))?;
    if class.kind == Kind::FewColors && ways.contains(&Way::Png) {
        // It has its palette already; another pass would find colours to save every time.
        ways.retain(|way| *way != Way::PngPalette);
    }
    if !source.is_wish && !keep_worthwhile(&mut ways, source, images.aim, &tools)? {
        return Ok(Err(KeptWhy::AlreadySmall));
    }
    let job = Job {
        raster: &raster,
        tools,
        budget: Budget::of_millis(images.time_budget_ms),
        source,
        kind: class.kind,
        is_automatic: matches!(targets, Targets::UpTo(_)),
        aim: images.aim,
        verification: OnceCell::new(),
    };
    let written = match images.aim {
        Aim::Look(target) => job.looking(&ways, target)?,
        Aim::EncoderQuality(quality) => Ok(job.at_quality(&ways, f32::from(quality))?),
        Aim::Bytes(limit) => job.within(&ways, usize::try_from(limit).unwrap_or(usize::MAX))?,
    };
    Ok(written.and_then(|written| {
        let is_modern = matches!(source.info.format, PictureFormat::Webp | PictureFormat::Avif);
        let (new, old) = (written.bytes.len(), source.bytes.len());
        let is_enough = !is_modern || lossy_source::is_worth_a_second_pass(new, old, source.info, images.aim);
        if source.is_wish || is_enough { Ok(written) } else { Err(KeptWhy::NotSmaller) }
    }))
}

/// The same for one format.
///
/// # Errors
/// As [`still`].
pub(crate) fn one_format(
    raster: &Raster,
    format: TargetFormat,
    source: &Source<'_>,
    options: &PrepareOptions,
    cancel: &Cancel,
) -> Result<Option<Written>> {
    still(raster, Targets::One(format), source, options, cancel).map(Result::ok)
}

/// The pixels as they are written: on white where the format has no transparency, and without an
/// alpha channel that hides nothing.
fn fitted(raster: &Raster, targets: Targets) -> Cow<'_, Raster> {
    let is_transparent = raster.is_transparent();
    if is_transparent && targets == Targets::One(TargetFormat::Jpeg) {
        return Cow::Owned(Raster { pixels: on_white(&raster.pixels), icc: raster.icc.clone() });
    }
    let has_needless_alpha = raster.pixels.color().has_alpha() && !is_transparent;
    let pixels = match &raster.pixels {
        _ if !has_needless_alpha => return Cow::Borrowed(raster),
        DynamicImage::ImageRgba16(_) => DynamicImage::ImageRgb16(raster.pixels.to_rgb16()),
        DynamicImage::ImageLumaA16(_) => DynamicImage::ImageLuma16(raster.pixels.to_luma16()),
        _ => raster.eight_bits().into_owned(),
    };
    Cow::Owned(Raster { pixels, icc: raster.icc.clone() })
}

fn on_white(pixels: &DynamicImage) -> DynamicImage {
    let rgba = pixels.to_rgba8();
    let mut rgb = image::RgbImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(rgb.pixels_mut()) {
        let [r, g, b, a] = from.0.map(u32::from);
        let over = |value: u32| u8::try_from((value * a + 255 * (255 - a) + 127) / 255).unwrap_or(u8::MAX);
        to.0 = [over(r), over(g), over(b)];
    }
    rgb.into()
}

/// Leaves out the ways that would only cost looks; `false` when none is left.
fn keep_worthwhile(ways: &mut Vec<Way>, source: &Source<'_>, aim: Aim, tools: &Tools<'_>) -> Result<bool> {
    let format = source.info.format;
    if !lossy_source::may_be_written_anew(source.bytes.len(), source.info) && !matches!(aim, Aim::Bytes(_)) {
        return Ok(false);
    }
    if lossy_source::is_lossy(source.bytes, format) {
        ways.retain(|way| way.is_for_photos());
    }
    if format == PictureFormat::Jpeg
        && !matches!(aim, Aim::Bytes(_))
        && !lossy_source::is_finer_than_ours(source.bytes, aim, tools)?
    {
        ways.retain(|way| !lossy_source::is_near_jpeg(*way));
    }
    Ok(!ways.is_empty())
}

/// One picture that is being written.
pub(super) struct Job<'a> {
    pub raster: &'a Raster,
    pub tools: Tools<'a>,
    pub budget: Budget,
    pub source: &'a Source<'a>,
    pub kind: Kind,
    pub is_automatic: bool,
    pub aim: Aim,
    /// What results are measured against: made once, when the first one is.
    verification: OnceCell<Reference>,
}

impl Job<'_> {
    pub(super) fn scale(&self, way: Way) -> Option<Scale> {
        let mut scale = way.scale()?;
        if way == Way::Jpeg && (self.is_automatic || !self.source.is_wish) {
            scale.most = lossy_source::jpeg_ceiling(self.aim).max(scale.least);
        }
        Some(scale)
    }

    /// How much a written picture looks like the one it was made of.
    pub(super) fn score(&self, pixels: &DynamicImage) -> Result<f32> {
        if self.verification.get().is_none() {
            let _ = self.verification.set(Reference::new(&self.raster.pixels)?);
        }
        self.verification.get().map_or(Ok(0.0), |reference| reference.score(pixels))
    }

    /// Writes the picture in a way that keeps every pixel.
    pub(super) fn lossless(&self, way: Way) -> Result<Written> {
        let bytes = match &self.source.repackable {
            Some(png) if way == Way::Png => codec::png::repack(png, self.tools.effort, self.tools.cancel)?,
            _ => way.encode(self.raster, 100.0, &self.tools)?,
        };
        Ok(Written { bytes: bytes.into(), score: Some(100.0), aim_is_met: true })
    }
}

pub(super) fn keep_smaller(best: &mut Option<Written>, other: Written) {
    if best.as_ref().is_none_or(|best| other.bytes.len() < best.bytes.len()) {
        *best = Some(other);
    }
}
