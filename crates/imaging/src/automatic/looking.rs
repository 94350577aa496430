//! Looks for the smallest file that looks as asked.

use super::Written;
use super::choose::{Job, keep_smaller};
use super::classify::Kind;
use super::search::{CLOSE, Point, Scale, Seen, USUAL_SLOPE, go_on};
use super::ways::{Tools, Way};
use crate::codec::avif::{self, Pace};
use crate::measure::{Reference, Sample};
use crate::raster::Raster;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::images::{Effort, KeptWhy};
use std::cell::Cell;

/// Pixels of the parts on which qualities are looked for; a picture of hardly more is taken whole.
const SEARCHED_PIXELS: u64 = 600_000;

/// By how much parts side by side look better than the whole, where nothing cheaper tells.
const USUAL_BIAS: f32 = 2.0;

/// The same of the other codecs, as a part of that of JPEG: 0.7 to 1 was seen for AVIF.
const BIAS_OF_OTHERS: f32 = 0.8;

/// How far above the target a search on parts aims, so that the whole is right the first time.
const MARGIN: f32 = 0.2;

/// A way that is expected to take so many times what another takes is not looked at again.
const HOPELESS: f64 = 1.15;

/// What WebP that loses hardly anything takes at least of what WebP without loss takes.
const LEAST_OF_NEAR_LOSSLESS: f64 = 0.5;

/// How close a look is close enough that is not written as the file will be.
const CLOSE_FOR_TRIALS: f32 = 0.8;

/// Looks at the parts of one picture in one way, and times that the whole is written.
const TRIES: usize = 6;
const WHOLE_TRIES: usize = 3;

/// A whole picture that is this far above the target is not worth another try, which would save a
/// twentieth of its bytes for each point: while somebody waits, and when nobody does.
const CLOSE_FOR_WHOLE: [f32; 2] = [1.5, 0.6];

/// What is looked at instead of the whole picture.
struct Parts {
    raster: Raster,
    reference: Reference,
    /// How many times as many pixels the whole has.
    factor: f64,
    is_whole: bool,
    /// By how much they look better than the whole.
    bias: f32,
}

/// What a search found for one way.
struct Found {
    way: Way,
    scale: Scale,
    seen: Seen,
    /// Bytes that the whole picture would take.
    bytes: f64,
    /// The parts were the whole picture: this is the file itself.
    written: Option<Written>,
}

impl Job<'_> {
    /// The smallest file that looks as asked.
    pub(super) fn looking(&self, ways: &[Way], target: f32) -> Result<Result<Written, KeptWhy>> {
        let mut best: Option<Written> = None;
        let mut nearest: Option<Written> = None;
        for way in ways.iter().filter(|way| way.is_lossless()) {
            keep_smaller(&mut best, self.lossless(*way)?);
        }
        let lossy: Vec<(Way, Scale)> =
            ways.iter().filter_map(|way| Some((*way, self.scale(*way)?))).collect();
        // Against a file that keeps every pixel only AVIF is worth the time. A palette with fewer colours
        // than there are would be packed once more by the next run.
        let is_worth_it = best.is_none() || lossy.iter().any(|(way, _)| *way == Way::Avif);
        if !lossy.is_empty() && is_worth_it {
            let mut parts = self.parts()?;
            parts.bias = self.bias(&parts, target)?;
            let is_photo = ways.iter().all(|way| way.is_for_photos());
            // AVIF takes about half of what the others take for a photo: these wait until it fails.
            let first = if is_photo && lossy[0].0 == Way::Avif { 1 } else { lossy.len() };
            let (first, others) = lossy.split_at(first);
            self.try_lossy(&parts, first, target, &mut best, &mut nearest)?;
            if best.is_none() && !others.is_empty() {
                self.try_lossy(&parts, others, target, &mut best, &mut nearest)?;
            }
        }
        Ok(match (best, nearest) {
            (Some(best), _) => Ok(best),
            (None, Some(nearest)) if self.source.is_wish => Ok(nearest),
            _ => Err(KeptWhy::AimNotReached),
        })
    }

    /// Searches in some ways, and writes the picture in the most promising of them.
    fn try_lossy(
        &self,
        parts: &Parts,
        ways: &[(Way, Scale)],
        target: f32,
        best: &mut Option<Written>,
        nearest: &mut Option<Written>,
    ) -> Result<()> {
        let mut all: Vec<Found> = Vec::new();
        let mut smallest = best.as_ref().map_or(f64::INFINITY, |best| best.bytes.len() as f64);
        for (way, scale) in ways {
            let is_beaten = *way == Way::WebpNearLossless
                && best
                    .as_ref()
                    .is_some_and(|best| smallest < best.bytes.len() as f64 * LEAST_OF_NEAR_LOSSLESS);
            if !is_beaten && (all.is_empty() || !self.budget.is_spent()) {
                let found = self.search(parts, *way, *scale, target, smallest)?;
                smallest = found.as_ref().map_or(smallest, |found| smallest.min(found.bytes));
                all.extend(found);
            }
        }
        all.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
        let is_photo = ways.iter().all(|(way, _)| way.is_for_photos());
        for found in all {
            // An estimate is right within a fifth or so.
            let is_hopeless = best.as_ref().is_some_and(|best| found.bytes * 0.8 > best.bytes.len() as f64);
            if best.is_some() && (is_hopeless || is_photo || self.budget.is_spent()) {
                break;
            }
            let written = match found.written.clone() {
                Some(written) => written,
                None => self.verified(parts, found, target)?,
            };
            if written.aim_is_met {
                keep_smaller(best, written);
            } else if nearest.as_ref().is_none_or(|nearest| nearest.score < written.score) {
                *nearest = Some(written);
            }
        }
        Ok(())
    }

    fn parts(&self) -> Result<Parts> {
        let (width, height) = (self.raster.width(), self.raster.height());
        let sample = Sample::spread(width, height, SEARCHED_PIXELS);
        let pixels = sample.of(&self.raster.pixels);
        let icc = if sample.is_whole() { self.raster.icc.clone() } else { None };
        let factor =
            (u64::from(width) * u64::from(height)) as f64 / sample.pixels(&self.raster.pixels) as f64;
        let reference = Reference::new(&pixels)?;
        let raster = Raster { pixels, icc };
        Ok(Parts { raster, reference, factor, is_whole: sample.is_whole(), bias: 0.0 })
    }

    /// By how much parts look better than the whole, seen with the cheapest codec: it differs from
    /// picture to picture by four points, and from codec to codec by less than one.
    fn bias(&self, parts: &Parts, target: f32) -> Result<f32> {
        if parts.is_whole {
            return Ok(0.0);
        }
        if self.raster.pixels.color().has_alpha()
            || !Way::Jpeg.holds(self.raster.width(), self.raster.height())
        {
            return Ok(USUAL_BIAS);
        }
        let quality = Way::Jpeg.first_guess(target, Kind::Photo).clamp(30.0, 97.0);
        let tools = Tools { effort: Effort::Fast, ..self.tools };
        let whole = Way::Jpeg.encode(self.raster, quality, &tools)?;
        let score = self.score(&Way::Jpeg.decode(&whole, &tools)?)?;
        let part = Way::Jpeg.encode(&parts.raster, quality, &tools)?;
        Ok((parts.reference.score(&Way::Jpeg.decode(&part, &tools)?)? - score) * BIAS_OF_OTHERS)
    }

    /// Looks for the lowest quality of one way on the parts. `None` as soon as it cannot be smaller than
    /// what there is.
    fn search(
        &self,
        parts: &Parts,
        way: Way,
        scale: Scale,
        target: f32,
        smallest: f64,
    ) -> Result<Option<Found>> {
        let (lead, part) = self.chosen_beside_tried(way);
        let target = (target + parts.bias + self.margin(parts, way) - lead).min(99.0);
        let mut seen = Seen::new(if lead > 0.0 { CLOSE_FOR_TRIALS } else { CLOSE }, USUAL_SLOPE);
        let mut kept: Option<(f32, Vec<u8>)> = None;
        let is_hopeless = Cell::new(false);
        let first = way.first_guess(target, self.kind);
        let mut look = |quality: f32| {
            let (point, bytes) = self.look(parts, way, quality)?;
            let expected = expected(way, point, target) * parts.factor * part;
            is_hopeless.set(expected > smallest * HOPELESS);
            if point.score >= target && kept.as_ref().is_none_or(|(best, _)| quality < *best) {
                kept = Some((quality, bytes));
            }
            Ok(point)
        };
        go_on(&mut seen, scale, first, target, 1, &mut look)?;
        if is_hopeless.get() {
            return Ok(None);
        }
        go_on(&mut seen, scale, first, target, TRIES - 1, look)?;
        let Some(point) = seen.lowest_above(target).or_else(|| seen.best()) else { return Ok(None) };
        let is_a_file = parts.is_whole && !way.has_trials();
        let written = kept.filter(|_| is_a_file).map(|(_, bytes)| Written {
            bytes: bytes.into(),
            score: Some(point.score),
            aim_is_met: true,
        });
        let bytes = point.bytes as f64 * parts.factor * part;
        Ok(Some(Found { way, scale, seen, bytes, written }))
    }

    /// What a file looks better than the trials of its way, and the part of their bytes that it takes.
    fn chosen_beside_tried(&self, way: Way) -> (f32, f64) {
        if !way.has_trials() {
            return (0.0, 1.0);
        }
        let pixels = u64::from(self.raster.width()) * u64::from(self.raster.height());
        avif::chosen_beside_tried(pixels, self.tools.effort, self.kind == Kind::Photo)
    }

    fn margin(&self, parts: &Parts, way: Way) -> f32 {
        if parts.is_whole && !way.has_trials() { 0.0 } else { MARGIN }
    }

    fn look(&self, parts: &Parts, way: Way, quality: f32) -> Result<(Point, Vec<u8>)> {
        let tools = Tools { pace: Pace::Trying, ..self.tools };
        let bytes = way.encode(&parts.raster, quality, &tools)?;
        let score = parts.reference.score(&way.decode(&bytes, &self.tools)?)?;
        Ok((Point { quality, score, bytes: bytes.len() }, bytes))
    }

    /// Writes the whole picture and measures it, until it looks as asked. How far the parts were wrong
    /// then corrects what is looked for on them, which costs less than writing the whole once more.
    fn verified(&self, parts: &Parts, found: Found, target: f32) -> Result<Written> {
        let Found { way, scale, seen: mut on_parts, .. } = found;
        let close = CLOSE_FOR_WHOLE[usize::from(self.tools.effort == Effort::Small)];
        let mut on_whole = Seen::new(close, on_parts.slope(target));
        let margin = self.margin(parts, way);
        let mut best: Option<Written> = None;
        let (lead, _) = self.chosen_beside_tried(way);
        let mut next = on_parts.lowest_above(target + parts.bias + margin - lead).or_else(|| on_parts.best());
        for more in (0..WHOLE_TRIES).rev() {
            let Some(quality) = next.map(|point| point.quality) else { break };
            let bytes = way.encode(self.raster, quality, &self.tools)?;
            let score = self.score(&way.decode(&bytes, &self.tools)?)?;
            on_whole.add(Point { quality, score, bytes: bytes.len() });
            let written = Written { bytes: bytes.into(), score: Some(score), aim_is_met: score >= target };
            if best.as_ref().is_none_or(|best| written.is_better_than(best)) {
                best = Some(written);
            }
            let is_met = best.as_ref().is_some_and(|best| best.aim_is_met);
            if more == 0 || (is_met && self.budget.is_spent()) {
                break;
            }
            let Some(guess) = on_whole.next(scale, target) else { break };
            let Some(at) = on_parts.score_at(quality).filter(|_| !parts.is_whole) else {
                next = Some(Point { quality: guess, score, bytes: 0 });
                continue;
            };
            let wanted = target + (at - score) + margin;
            let look = |quality| self.look(parts, way, quality).map(|(point, _)| point);
            go_on(&mut on_parts, scale, guess, wanted, 2, look)?;
            next = on_parts.lowest_above(wanted).or_else(|| on_parts.best());
            if next.is_some_and(|next| on_whole.has(next.quality)) {
                next = Some(Point { quality: guess, score, bytes: 0 });
            }
        }
        Ok(best.unwrap_or(Written { bytes: Bytes::new(), score: None, aim_is_met: false }))
    }
}

/// Bytes that would look as asked, by one look.
fn expected(way: Way, point: Point, target: f32) -> f64 {
    point.bytes as f64 * (f64::from(target - point.score) * way.bytes_of_a_point()).exp()
}
