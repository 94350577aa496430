//! The other aims: an encoder's own number, and a size.

use super::Written;
use super::choose::{Job, keep_smaller};
use super::classify::Kind;
use super::search::Scale;
use super::ways::Way;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::images::KeptWhy;

impl Job<'_> {
    /// One file at the encoder's own number; lossless ways where they suit the picture as well.
    pub(super) fn at_quality(&self, ways: &[Way], quality: f32) -> Result<Written> {
        let mut best = None;
        if let Some(way) = ways.iter().find(|way| way.is_for_photos()) {
            let scale = self.scale(*way).map_or(quality, |scale| quality.clamp(scale.least, scale.most));
            let bytes = way.encode(self.raster, scale, &self.tools)?;
            best = Some(Written { bytes: bytes.into(), score: None, aim_is_met: true });
        }
        let others = ways.iter().filter(|way| !way.is_for_photos());
        let is_settled = self.kind == Kind::Photo && best.is_some();
        for way in others.filter(|_| !is_settled) {
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
    pub(super) fn within(&self, ways: &[Way], limit: usize) -> Result<Result<Written, KeptWhy>> {
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
        Ok(smallest.ok_or(KeptWhy::AimNotReached))
    }

    /// Halves the scale until the highest quality is known whose file is small enough.
    fn largest_within(&self, way: Way, scale: Scale, limit: usize) -> Result<Written> {
        let (mut low, mut high) = (scale.least, scale.most);
        let mut best: Option<Vec<u8>> = None;
        let mut smallest: Option<Vec<u8>> = None;
        // The middle of most scales is far above what is asked for with a small file.
        let mut quality = way.first_guess(60.0, self.kind).clamp(low, high);
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
