//! Writes a picture in the ways that suit it, and takes the smallest file that looks as asked.

use super::Written;
use super::budget::Budget;
use super::classify::{Kind, classify};
use super::lossy_source;
use super::plan::Targets;
use super::sample::Sample;
use super::search::{Point, Scale, Seen, search};
use super::ways::{Tools, Way, ways};
use crate::cancel::Cancel;
use crate::codec;
use crate::measure::Reference;
use crate::prepare::{KeepReason, PrepareOptions};
use crate::raster::Raster;
use bytes::Bytes;
use image::DynamicImage;
use picferry_core::Result;
use picferry_core::images::{Aim, TargetFormat};
use picferry_core::picture::{PictureFormat, PictureInfo};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Parts of 256 × 256 pixels on which qualities are looked for.
const TELLING_PARTS: usize = 6;

/// Pixels on which a result is measured; smaller pictures are measured whole.
const VERIFIED_PIXELS: u64 = 2_000_000;

/// Looks at a few parts, and at the whole picture.
const TRIES: usize = 6;

/// A large result this far above the target is not worth another try.
const CLOSE: f32 = 1.0;

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
) -> Result<Result<Written, KeepReason>> {
    let images = &options.images;
    if let Aim::Bytes(limit) = images.aim
        && !source.is_wish
        && source.bytes.len() as u64 <= limit
    {
        return Ok(Err(KeepReason::AlreadySmall));
    }
    let tools = Tools { effort: images.effort, limits: &options.limits, cancel };
    let raster = fitted(raster, targets);
    let class = classify(&raster);
    let mut ways = ways(class, targets, images, (raster.width(), raster.height()));
    if !source.is_wish && !keep_worthwhile(&mut ways, source, images.aim, &tools)? {
        return Ok(Err(KeepReason::AlreadySmall));
    }
    let job = Job {
        raster: &raster,
        tools,
        budget: Budget::of_millis(images.time_budget_ms),
        source,
        is_automatic: matches!(targets, Targets::UpTo(_)),
        aim: images.aim,
        verification: OnceCell::new(),
    };
    let written = match images.aim {
        Aim::Look(target) => job.looking(&ways, target)?,
        Aim::EncoderQuality(quality) => Ok(job.at_quality(&ways, class.kind, f32::from(quality))?),
        Aim::Bytes(limit) => job.within(&ways, usize::try_from(limit).unwrap_or(usize::MAX))?,
    };
    Ok(written.and_then(|written| {
        let is_modern = matches!(source.info.format, PictureFormat::Webp | PictureFormat::Avif);
        let is_settled = lossy_source::is_settled(written.bytes.len(), source.info);
        if is_modern && !source.is_wish && !is_settled { Err(KeepReason::NotSmaller) } else { Ok(written) }
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
        _ => raster.to_eight_bits(),
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
fn keep_worthwhile(
    ways: &mut Vec<Way>,
    source: &Source<'_>,
    aim: Aim,
    tools: &Tools<'_>,
) -> Result<bool> {
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
struct Job<'a> {
    raster: &'a Raster,
    tools: Tools<'a>,
    budget: Budget,
    source: &'a Source<'a>,
    is_automatic: bool,
    aim: Aim,
    /// What results are measured against: made once, when the first one is.
    verification: OnceCell<(Sample, Reference)>,
}

/// What a search on parts of the picture found for one way.
struct Estimate {
    way: Way,
    quality: f32,
    slope: f32,
    /// Bytes that the whole picture would take.
    bytes: f64,
    /// The parts were the whole picture: this is the file itself.
    written: Option<Written>,
}

impl Job<'_> {
    fn scale(&self, way: Way) -> Option<Scale> {
        let mut scale = way.scale()?;
        if way == Way::Jpeg && (self.is_automatic || !self.source.is_wish) {
            scale.most = lossy_source::jpeg_ceiling(self.aim).max(scale.least);
        }
        Some(scale)
    }

    /// The smallest file that looks as asked.
    fn looking(&self, ways: &[Way], target: f32) -> Result<Result<Written, KeepReason>> {
        let mut best: Option<Written> = None;
        let mut nearest: Option<Written> = None;
        for way in ways.iter().filter(|way| way.is_lossless()) {
            keep_smaller(&mut best, self.lossless(*way)?);
        }
        for estimate in self.estimates(ways, target)? {
            // The parts have more detail than the rest, so that estimates are high.
            let is_hopeless = best.as_ref().is_some_and(|best| estimate.bytes * 0.6 > best.bytes.len() as f64);
            if is_hopeless || (best.is_some() && self.budget.is_spent()) {
                continue;
            }
            let written = match estimate.written {
                Some(written) => written,
                None => self.verified(&estimate, target)?,
            };
            if written.aim_is_met {
                let is_photo = ways.iter().all(|way| way.is_for_photos());
                keep_smaller(&mut best, written);
                // The estimates of codecs for photos are alike enough to believe their order.
                if is_photo {
                    break;
                }
            } else if nearest.as_ref().is_none_or(|nearest| nearest.score < written.score) {
                nearest = Some(written);
            }
        }
        Ok(match (best, nearest) {
            (Some(best), _) => Ok(best),
            (None, Some(nearest)) if self.source.is_wish => Ok(nearest),
            _ => Err(KeepReason::AimNotReached),
        })
    }

    /// Looks for the quality of each way on parts of the picture; the smallest first.
    fn estimates(&self, ways: &[Way], target: f32) -> Result<Vec<Estimate>> {
        let lossy: Vec<(Way, Scale)> =
            ways.iter().filter_map(|way| Some((*way, self.scale(*way)?))).collect();
        if lossy.is_empty() {
            return Ok(Vec::new());
        }
        let sample = Sample::telling(&self.raster.pixels, TELLING_PARTS);
        let parts = Raster { pixels: sample.of(&self.raster.pixels), icc: None };
        let reference = Reference::new(&parts.pixels)?;
        let whole = sample.is_whole();
        let factor = (u64::from(self.raster.width()) * u64::from(self.raster.height())) as f64
            / sample.pixels(&self.raster.pixels) as f64;
        let mut estimates = Vec::new();
        for (way, scale) in lossy {
            if !estimates.is_empty() && self.budget.is_spent() {
                break;
            }
            let mut kept: Option<(f32, Vec<u8>)> = None;
            let subject = if whole { self.raster } else { &parts };
            let seen = search(scale, way.first_guess(target), target, TRIES, |quality| {
                let bytes = way.encode(subject, quality, &self.tools)?;
                let score = reference.score(&way.decode(&bytes, &self.tools)?)?;
                let point = Point { quality, score, bytes: bytes.len() };
                if score >= target && kept.as_ref().is_none_or(|(best, _)| quality < *best) {
                    kept = Some((quality, bytes));
                }
                Ok(point)
            })?;
            let Some(point) = seen.lowest_above(target).or_else(|| seen.best()) else { continue };
            let written = kept.filter(|_| whole).map(|(_, bytes)| Written {
                bytes: bytes.into(),
                score: Some(point.score),
                aim_is_met: true,
            });
            let bytes = point.bytes as f64 * factor;
            estimates.push(Estimate { way, quality: point.quality, slope: seen.slope(target), bytes, written });
        }
        estimates.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
        Ok(estimates)
    }

    /// Writes the whole picture, looks at it, and corrects the quality until it looks as asked.
    fn verified(&self, estimate: &Estimate, target: f32) -> Result<Written> {
        let Estimate { way, .. } = *estimate;
        let scale =
            self.scale(way).unwrap_or(Scale { least: estimate.quality, most: estimate.quality, step: 1.0 });
        let mut seen = Seen::new(CLOSE, estimate.slope);
        let mut best: Option<Written> = None;
        let mut quality = estimate.quality;
        for _ in 0..TRIES {
            let bytes = way.encode(self.raster, quality, &self.tools)?;
            let score = self.score(&way.decode(&bytes, &self.tools)?)?;
            seen.add(Point { quality, score, bytes: bytes.len() });
            let written = Written { bytes: bytes.into(), score: Some(score), aim_is_met: score >= target };
            let is_better = best.as_ref().is_none_or(|best| match (best.aim_is_met, written.aim_is_met) {
                (true, true) => written.bytes.len() < best.bytes.len(),
                (false, false) => written.score > best.score,
                (old, new) => new && !old,
            });
            if is_better {
                best = Some(written);
            }
            let is_met = best.as_ref().is_some_and(|best| best.aim_is_met);
            match seen.next(scale, target) {
                Some(next) if !(is_met && self.budget.is_spent()) => quality = next,
                _ => break,
            }
        }
        Ok(best.unwrap_or(Written { bytes: Bytes::new(), score: None, aim_is_met: false }))
    }

    /// How much a written picture looks like the one it was made of.
    fn score(&self, pixels: &DynamicImage) -> Result<f32> {
        if self.verification.get().is_none() {
            let sample = Sample::spread(self.raster.width(), self.raster.height(), VERIFIED_PIXELS);
            let reference = Reference::new(&sample.of(&self.raster.pixels))?;
            let _ = self.verification.set((sample, reference));
        }
        let Some((sample, reference)) = self.verification.get() else { return Ok(0.0) };
        if sample.is_whole() { reference.score(pixels) } else { reference.score(&sample.of(pixels)) }
    }

    /// Writes the picture in a way that keeps every pixel.
    fn lossless(&self, way: Way) -> Result<Written> {
        let bytes = match &self.source.repackable {
            Some(png) if way == Way::Png => {
                codec::png::repack(png, self.tools.effort, self.tools.cancel)?
            }
            _ => way.encode(self.raster, 100.0, &self.tools)?,
        };
        Ok(Written { bytes: bytes.into(), score: Some(100.0), aim_is_met: true })
    }

    /// One file at the encoder's own number; lossless ways where they suit the picture as well.
    fn at_quality(&self, ways: &[Way], kind: Kind, quality: f32) -> Result<Written> {
        let mut best = None;
        if let Some(way) = ways.iter().find(|way| way.is_for_photos()) {
            let scale = self.scale(*way).map_or(quality, |scale| quality.clamp(scale.least, scale.most));
            let bytes = way.encode(self.raster, scale, &self.tools)?;
            best = Some(Written { bytes: bytes.into(), score: None, aim_is_met: true });
        }
        let others = ways.iter().filter(|way| !way.is_for_photos());
        for way in others.filter(|_| kind != Kind::Photo || best.is_none()) {
            let bytes = match way.scale() {
                None => self.lossless(*way)?.bytes,
                Some(scale) => way.encode(self.raster, scale.most, &self.tools)?.into(),
            };
            let score = way.is_lossless().then_some(100.0);
            keep_smaller(&mut best, Written { bytes, score, aim_is_met: true });
        }
        Ok(best.unwrap_or(Written { bytes: Bytes::new(), score: None, aim_is_met: false }))
    }

    /// The best looking file of at most so many bytes.
    fn within(&self, ways: &[Way], limit: usize) -> Result<Result<Written, KeepReason>> {
        let mut smallest: Option<Written> = None;
        for way in ways.iter().filter(|way| way.is_lossless()) {
            let written = self.lossless(*way)?;
            if written.bytes.len() <= limit {
                return Ok(Ok(written));
            }
            keep_smaller(&mut smallest, Written { aim_is_met: false, ..written });
        }
        for way in ways.iter().filter(|way| way.is_for_photos()).chain(ways) {
            let Some(scale) = self.scale(*way) else { continue };
            let written = self.largest_within(*way, scale, limit)?;
            let score = self.score(&way.decode(&written.bytes, &self.tools)?)?;
            let written = Written { score: Some(score), ..written };
            if written.aim_is_met {
                return Ok(Ok(written));
            }
            keep_smaller(&mut smallest, written);
            if self.budget.is_spent() {
                break;
            }
        }
        Ok(smallest.ok_or(KeepReason::AimNotReached))
    }

    /// Halves the scale until the highest quality is known whose file is small enough.
    fn largest_within(&self, way: Way, scale: Scale, limit: usize) -> Result<Written> {
        let (mut low, mut high) = (scale.least, scale.most);
        let mut best: Option<Vec<u8>> = None;
        let mut smallest: Option<Vec<u8>> = None;
        // The middle of most scales is far above what is asked for with a small file.
        let mut quality = way.first_guess(60.0).clamp(low, high);
        for _ in 0..8 {
            let bytes = way.encode(self.raster, quality, &self.tools)?;
            if bytes.len() <= limit {
                low = quality;
                if best.as_ref().is_none_or(|best| best.len() <= bytes.len()) {
                    best = Some(bytes);
                }
            } else {
                high = quality;
                if smallest.as_ref().is_none_or(|smallest| bytes.len() < smallest.len()) {
                    smallest = Some(bytes);
                }
            }
            let is_enough = high - low <= scale.step || (best.is_some() && self.budget.is_spent());
            if is_enough && (best.is_some() || quality <= scale.least) {
                break;
            }
            quality = if is_enough {
                scale.least
            } else {
                ((low + high) / 2.0 / scale.step).round().max(1.0) * scale.step
            };
        }
        let aim_is_met = best.is_some();
        let bytes = best.or(smallest).unwrap_or_default();
        Ok(Written { bytes: bytes.into(), score: None, aim_is_met })
    }
}

fn keep_smaller(best: &mut Option<Written>, other: Written) {
    if best.as_ref().is_none_or(|best| other.bytes.len() < best.bytes.len()) {
        *best = Some(other);
    }
}
