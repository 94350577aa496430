//! Finds the lowest quality that looks as asked. Knows nothing of pictures.

use picferry_core::Result;

/// What was seen at one quality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub quality: f32,
    pub score: f32,
    pub bytes: usize,
}

/// The qualities of a codec.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    pub least: f32,
    pub most: f32,
    /// A finer difference is not worth another try.
    pub step: f32,
}

/// How close is close enough where a look costs little.
pub(crate) const CLOSE: f32 = 0.35;

/// A usual slope. Steps are large where it is too low.
pub(crate) const USUAL_SLOPE: f32 = 0.6;

/// How far apart two qualities are whose scores tell a slope.
const APART: f32 = 1.9;

/// The points that a search saw.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    points: Vec<Point>,
    /// Scores this close above the target are as good as on it.
    close: f32,
    /// How much a score rises with a quality, before two points tell.
    usual_slope: f32,
}

impl Seen {
    pub(crate) fn new(close: f32, usual_slope: f32) -> Self {
        Self { points: Vec::new(), close, usual_slope }
    }

    /// The cheapest that looks as asked.
    pub(crate) fn lowest_above(&self, target: f32) -> Option<Point> {
        let above = self.points.iter().filter(|point| point.score >= target);
        above.min_by(|a, b| a.quality.total_cmp(&b.quality)).copied()
    }

    fn highest_below(&self, target: f32) -> Option<Point> {
        let below = self.points.iter().filter(|point| point.score < target);
        below.max_by(|a, b| a.quality.total_cmp(&b.quality)).copied()
    }

    /// The one that looks best, whether as asked or not.
    pub(crate) fn best(&self) -> Option<Point> {
        self.points.iter().max_by(|a, b| a.score.total_cmp(&b.score)).copied()
    }

    /// Whether a quality was looked at.
    pub(crate) fn has(&self, quality: f32) -> bool {
        self.points.iter().any(|point| (point.quality - quality).abs() < 0.1)
    }

    /// The score at a quality: seen, or between its neighbours that were seen.
    pub(crate) fn score_at(&self, quality: f32) -> Option<f32> {
        let nearest = |below: bool| {
            let side = self.points.iter().filter(move |point| (point.quality <= quality) == below);
            side.min_by(|a, b| (a.quality - quality).abs().total_cmp(&(b.quality - quality).abs()))
        };
        match (nearest(true), nearest(false)) {
            (Some(low), Some(high)) => {
                let part = (quality - low.quality) / (high.quality - low.quality);
                Some(low.score + (high.score - low.score) * part)
            }
            (Some(one), None) | (None, Some(one)) => {
                Some(one.score + (quality - one.quality) * self.slope(one.score))
            }
            (None, None) => None,
        }
    }

    pub(crate) fn add(&mut self, point: Point) {
        self.points.push(point);
    }

    /// How much the score rises with the quality around a target. Points that lie close together say
    /// nothing of it.
    pub(crate) fn slope(&self, target: f32) -> f32 {
        let mut near = self.points.clone();
        near.sort_by(|a, b| (a.score - target).abs().total_cmp(&(b.score - target).abs()));
        let Some(first) = near.first() else { return self.usual_slope };
        let second = near.iter().find(|point| (point.quality - first.quality).abs() >= APART);
        second.map_or(self.usual_slope, |second| {
            ((first.score - second.score) / (first.quality - second.quality)).clamp(0.35, 3.0)
        })
    }

    /// The quality to look at next; `None` when the answer is known well enough.
    pub(crate) fn next(&self, scale: Scale, target: f32) -> Option<f32> {
        let is_new = |quality: f32| {
            !self.points.iter().any(|point| (point.quality - quality).abs() < scale.step * 0.5)
        };
        let (above, below) = (self.lowest_above(target), self.highest_below(target));
        if above.is_some_and(|above| above.score <= target + self.close || above.quality <= scale.least) {
            return None;
        }
        let guess = match (above, below) {
            (Some(above), Some(below)) if above.quality - below.quality <= scale.step => return None,
            (Some(above), Some(below)) => {
                let part = (target - below.score) / (above.score - below.score);
                let width = above.quality - below.quality;
                // Not onto the ends: a curve that bends would creep.
                (below.quality + width * part.clamp(0.15, 0.85)).clamp(below.quality, above.quality)
            }
            (Some(above), None) => {
                above.quality - ((above.score - target) / self.slope(target)).max(scale.step)
            }
            (None, Some(below)) if below.quality >= scale.most => return None,
            (None, Some(below)) => {
                below.quality + ((target - below.score) / self.slope(target)).max(scale.step)
            }
            (None, None) => return None,
        };
        let guess = (guess / scale.step).round() * scale.step;
        let mut guess = guess.clamp(scale.least, scale.most);
        if let (Some(above), Some(below)) = (above, below) {
            // Rounded onto an end that was seen: one step inside, where there is room for one.
            guess = guess.min(above.quality - scale.step).max(below.quality + scale.step);
        }
        is_new(guess).then_some(guess)
    }
}

/// Looks at qualities, from a first guess on, until the lowest that looks as asked is known or there
/// were enough tries. What was seen before counts.
///
/// # Errors
/// Those of the look.
pub(crate) fn go_on(
    seen: &mut Seen,
    scale: Scale,
    first: f32,
    target: f32,
    tries: usize,
    mut look: impl FnMut(f32) -> Result<Point>,
) -> Result<()> {
    let first = first.clamp(scale.least, scale.most);
    let mut next = if seen.points.is_empty() { Some(first) } else { seen.next(scale, target) };
    for _ in 0..tries.max(1) {
        let Some(quality) = next else { break };
        seen.add(look(quality)?);
        next = seen.next(scale, target);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn search(
        scale: Scale,
        first: f32,
        target: f32,
        tries: usize,
        look: impl FnMut(f32) -> Result<Point>,
    ) -> Result<Seen> {
        let mut seen = Seen::new(CLOSE, USUAL_SLOPE);
        go_on(&mut seen, scale, first, target, tries, look)?;
        Ok(seen)
    }

    #[test]
    fn qualities_that_lie_close_together_tell_no_slope() {
        let mut seen = Seen::new(CLOSE, USUAL_SLOPE);
        seen.add(Point { quality: 74.0, score: 80.2, bytes: 1 });
        seen.add(Point { quality: 75.0, score: 80.2, bytes: 1 });
        assert_eq!(seen.slope(80.0), USUAL_SLOPE, "both may be the same file");
        seen.add(Point { quality: 84.0, score: 88.2, bytes: 2 });
        assert!((seen.slope(80.0) - 0.8).abs() < 0.001);
    }

    #[test]
    fn between_two_points_lies_a_line() {
        let mut seen = Seen::new(CLOSE, USUAL_SLOPE);
        assert_eq!(seen.score_at(50.0), None);
        seen.add(Point { quality: 40.0, score: 70.0, bytes: 1 });
        seen.add(Point { quality: 60.0, score: 80.0, bytes: 2 });
        assert_eq!(seen.score_at(40.0), Some(70.0));
        assert_eq!(seen.score_at(50.0), Some(75.0));
        assert_eq!(seen.score_at(70.0), Some(85.0));
    }

    const SCALE: Scale = Scale { least: 1.0, most: 100.0, step: 1.0 };

    /// A codec whose score follows a bent curve.
    fn look(bend: f32) -> impl FnMut(f32) -> Result<Point> {
        move |quality| {
            let score = 100.0 * (quality / 100.0).powf(bend);
            Ok(Point { quality, score, bytes: (quality * quality) as usize + 10 })
        }
    }

    proptest! {
        #[test]
        fn the_answer_holds_and_is_close(bend in 0.2_f32..2.0, first in 1.0_f32..100.0, target in 30.0_f32..95.0) {
            let seen = search(SCALE, first, target, 12, look(bend)).unwrap();
            let found = seen.lowest_above(target).unwrap();
            prop_assert!(found.score >= target);
            let right = 100.0 * (target / 100.0).powf(1.0 / bend);
            prop_assert!(found.quality - right < 3.0, "{} for {right}: {seen:?}", found.quality);
        }
    }

    #[test]
    fn a_guess_that_was_seen_before_does_not_end_the_search_while_others_lie_between() {
        // 52.28 is enough, 49 is just too little, and the line between them points at 49 again.
        let seen = search(SCALE, 52.28, 50.88, 12, look(0.9534)).unwrap();
        assert_eq!(seen.lowest_above(50.88).unwrap().quality, 50.0, "{seen:?}");
    }

    #[test]
    fn a_few_tries_are_enough_for_an_ordinary_curve() {
        let seen = search(SCALE, 75.0, 80.0, 12, look(0.7)).unwrap();
        assert!(seen.points.len() <= 5, "{seen:?}");
    }

    #[test]
    fn a_target_out_of_reach_gives_the_best_there_is() {
        let low = |quality: f32| Ok(Point { quality, score: quality * 0.6, bytes: 1 });
        let seen = search(SCALE, 50.0, 80.0, 12, low).unwrap();
        assert_eq!(seen.lowest_above(80.0), None);
        assert_eq!(seen.best().unwrap().quality, 100.0);
    }

    #[test]
    fn a_picture_that_always_looks_right_gets_the_least() {
        let high = |quality: f32| Ok(Point { quality, score: 99.0, bytes: 1 });
        let seen = search(SCALE, 50.0, 80.0, 12, high).unwrap();
        assert_eq!(seen.lowest_above(80.0).unwrap().quality, 1.0);
    }

    #[test]
    fn scores_that_go_up_and_down_do_not_go_on_for_ever() {
        let mut tries = 0;
        let odd = |quality: f32| {
            tries += 1;
            Ok(Point { quality, score: 80.0 + ((quality as i32 * 7) % 9 - 4) as f32, bytes: 1 })
        };
        search(SCALE, 50.0, 80.0, 12, odd).unwrap();
        assert!(tries <= 12);
    }
}
