//! Looks for the smallest file that looks as asked.

use super::Written;
use super::choose::{Job, keep_smaller};
use super::sample::Sample;
use super::search::{Point, Scale, Seen, search};
use super::ways::Way;
use crate::measure::Reference;
use crate::prepare::KeepReason;
use crate::raster::Raster;
use bytes::Bytes;
use picferry_core::Result;

/// Parts of 256 × 256 pixels on which qualities are looked for.
const TELLING_PARTS: usize = 6;

/// Looks at a few parts, and at the whole picture.
const TRIES: usize = 6;

/// A large result this far above the target is not worth another try.
const CLOSE: f32 = 1.0;

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
    /// The smallest file that looks as asked.
    pub(super) fn looking(&self, ways: &[Way], target: f32) -> Result<Result<Written, KeepReason>> {
        let mut best: Option<Written> = None;
        let mut nearest: Option<Written> = None;
        for way in ways.iter().filter(|way| way.is_lossless()) {
            keep_smaller(&mut best, self.lossless(*way)?);
        }
        for estimate in self.estimates(ways, target)? {
            // The parts have more detail than the rest, so that estimates are high.
            let is_hopeless =
                best.as_ref().is_some_and(|best| estimate.bytes * 0.6 > best.bytes.len() as f64);
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
            estimates.push(Estimate {
                way,
                quality: point.quality,
                slope: seen.slope(target),
                bytes,
                written,
            });
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
}
