//! Writes animations, as animated WebP.

use super::Written;
use super::budget::Budget;
use super::search::{Point, Scale, Seen};
use crate::animation::Animation;
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::codec::webp::{self, WebpMode, WebpOptions};
use crate::measure::Reference;
use crate::prepare::PrepareOptions;
use image::{DynamicImage, RgbaImage};
use picferry_core::Result;
use picferry_core::images::{Aim, KeptWhy, WebpRule};

/// Frames that are looked at, spread over the animation.
const LOOKS: usize = 3;

/// Ways through the whole animation.
const TRIES: usize = 4;

/// Writes an animation without loss and with, and takes the smaller file that looks as asked.
///
/// # Errors
/// Those of the codec, and `cancelled`.
pub(crate) fn moving(
    animation: &Animation,
    options: &PrepareOptions,
    cancel: &Cancel,
) -> Result<Result<Written, KeptWhy>> {
    let job = Job { animation, options, cancel, budget: Budget::of_millis(options.images.time_budget_ms) };
    let mut best: Option<Written> = None;
    if options.images.webp != WebpRule::Lossy {
        let bytes = job.encode(WebpMode::Lossless)?;
        let aim_is_met = match options.images.aim {
            Aim::Bytes(limit) => bytes.len() as u64 <= limit,
            Aim::Look(_) | Aim::EncoderQuality(_) => true,
        };
        best = Some(Written { bytes: bytes.into(), score: Some(100.0), aim_is_met });
    }
    if options.images.webp != WebpRule::Lossless {
        let lossy = job.lossy()?;
        let is_better = best.as_ref().is_none_or(|best| {
            // Where both are too large, the one that is nearer.
            let is_nearer = !best.aim_is_met && lossy.bytes.len() < best.bytes.len();
            is_nearer || (lossy.aim_is_met && lossy.is_better_than(best))
        });
        if is_better {
            best = Some(lossy);
        }
    }
    Ok(best.ok_or(KeptWhy::AimNotReached))
}

struct Job<'a> {
    animation: &'a Animation,
    options: &'a PrepareOptions,
    cancel: &'a Cancel,
    budget: Budget,
}

impl Job<'_> {
    fn encode(&self, mode: WebpMode) -> Result<Vec<u8>> {
        self.cancel.check()?;
        let options = WebpOptions { mode, effort: self.options.images.effort };
        webp::encode_animation(self.animation, &options, self.cancel)
    }

    fn lossy(&self) -> Result<Written> {
        let target = match self.options.images.aim {
            Aim::Look(target) => target,
            Aim::EncoderQuality(quality) => {
                let bytes = self.encode(WebpMode::Lossy { quality: quality.into() })?;
                return Ok(Written { bytes: bytes.into(), score: None, aim_is_met: true });
            }
            Aim::Bytes(limit) => return self.within(limit),
        };
        let looks = self.looks()?;
        let scale = Scale { least: 5.0, most: 100.0, step: 2.0 };
        let mut seen = Seen::new(2.0, 0.6);
        let mut best: Option<Written> = None;
        let mut quality = target;
        for _ in 0..TRIES {
            let bytes = self.encode(WebpMode::Lossy { quality })?;
            let score = self.score(&bytes, &looks)?;
            seen.add(Point { quality, score, bytes: bytes.len() });
            let written = Written { bytes: bytes.into(), score: Some(score), aim_is_met: score >= target };
            if best.as_ref().is_none_or(|best| written.is_better_than(best)) {
                best = Some(written);
            }
            match seen.next(scale, target) {
                Some(next) if !self.budget.is_spent() => quality = next,
                _ => break,
            }
        }
        Ok(best.unwrap_or(Written { bytes: bytes::Bytes::new(), score: None, aim_is_met: false }))
    }

    /// The best looking of a few that is small enough, or the smallest.
    fn within(&self, limit: u64) -> Result<Written> {
        let mut last = Vec::new();
        for quality in [90.0, 70.0, 50.0, 30.0, 10.0, 1.0] {
            last = self.encode(WebpMode::Lossy { quality })?;
            if last.len() as u64 <= limit {
                return Ok(Written { bytes: last.into(), score: None, aim_is_met: true });
            }
        }
        Ok(Written { bytes: last.into(), score: None, aim_is_met: false })
    }

    /// Frames to compare with, and when they are shown: encoders join frames that are the same, so
    /// that their numbers tell nothing.
    fn looks(&self) -> Result<Vec<(u64, Reference)>> {
        let frames = &self.animation.frames;
        let mut start = 0;
        let starts: Vec<u64> = frames
            .iter()
            .map(|frame| {
                let this = start;
                start += u64::from(frame.delay_ms);
                this
            })
            .collect();
        let count = frames.len().min(LOOKS);
        (0..count)
            .map(|look| {
                let index = look * (frames.len() - 1) / (count - 1).max(1);
                Ok((starts[index], Reference::new(&dynamic(&frames[index].pixels))?))
            })
            .collect()
    }

    /// The worst of the looks.
    fn score(&self, bytes: &[u8], looks: &[(u64, Reference)]) -> Result<f32> {
        let decode = DecodeOptions {
            limits: &self.options.limits,
            cancel: self.cancel,
            allow_damaged: false,
            at_least: None,
        };
        let written = webp::decode_animation(bytes, &decode)?;
        let mut worst = 100.0_f32;
        for (time, reference) in looks {
            let mut end = 0;
            let shown = written.frames.iter().find(|frame| {
                end += u64::from(frame.delay_ms);
                end > *time
            });
            if let Some(frame) = shown.or(written.frames.last()) {
                worst = worst.min(reference.score(&dynamic(&frame.pixels))?);
            }
        }
        Ok(worst)
    }
}

/// Without an alpha channel that hides nothing: it would be measured twice.
fn dynamic(frame: &RgbaImage) -> DynamicImage {
    crate::raster::Raster::srgb(DynamicImage::ImageRgba8(frame.clone())).eight_bits().into_owned()
}
