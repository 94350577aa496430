//! Chooses the colours of a palette.

use super::histogram::{Entry, Histogram};
use super::{Color, Place, distance, to_color, to_key, to_place};
use crate::cancel::Cancel;
use picferry_core::images::Effort;
use picferry_core::{Error, ErrorCode, Result};
use quantette::PaletteBuf;
use quantette::color_map::{IndexedColorMap, NearestNeighborColorMap};
use quantette::deps::palette::Oklaba;

/// The search for the nearest colour.
pub(super) type Nearest = NearestNeighborColorMap<Oklaba, f32, 4>;

/// The part of a group that one colour has to have for the group to take exactly that colour: large
/// even areas keep their colour and get no pattern.
const DOMINANT: f32 = 0.5;

/// The colours that stand for all others.
pub(super) fn palette(
    histogram: &Histogram,
    wanted: usize,
    effort: Effort,
    cancel: &Cancel,
) -> Result<Vec<Color>> {
    let entries = histogram.entries();
    let mut centers = split(entries.clone(), wanted);
    let rounds = if effort == Effort::Small { 16 } else { 6 };
    for _ in 0..rounds {
        cancel.check()?;
        centers = improve(&entries, &centers)?;
    }
    snap(&entries, &centers)
}

/// Prepares the search among some places.
pub(super) fn nearest(places: &[Place]) -> Result<Nearest> {
    let keys: Vec<Oklaba> = places.iter().map(|place| to_key(*place)).collect();
    let palette = PaletteBuf::new(keys)
        .map_err(|_| Error::new(ErrorCode::Internal, "The palette has no colours, or too many."))?;
    Ok(Nearest::new(palette))
}

/// A group of entries.
struct Group {
    entries: Vec<Entry>,
    mean: Place,
    /// The sum of squared distances from the mean, along each axis.
    spread: Place,
}

impl Group {
    fn new(entries: Vec<Entry>) -> Self {
        let weight: f32 = entries.iter().map(|entry| entry.weight).sum();
        let mut mean = [0.0; 4];
        for entry in &entries {
            for (mean, axis) in mean.iter_mut().zip(entry.place) {
                *mean += axis * entry.weight / weight;
            }
        }
        let mut spread = [0.0; 4];
        for entry in &entries {
            for ((spread, axis), mean) in spread.iter_mut().zip(entry.place).zip(mean) {
                *spread += (axis - mean) * (axis - mean) * entry.weight;
            }
        }
        Self { entries, mean, spread }
    }

    fn error(&self) -> f32 {
        if self.entries.len() < 2 { 0.0 } else { self.spread.iter().sum() }
    }

    /// Cuts across the axis of the largest spread, where least error is left on both sides.
    fn cut(mut self) -> (Self, Option<Self>) {
        let axis = (0..4).max_by(|one, other| self.spread[*one].total_cmp(&self.spread[*other])).unwrap_or(0);
        self.entries.sort_by(|one, other| one.place[axis].total_cmp(&other.place[axis]));
        let total = self.entries.iter().fold([0.0_f64; 5], add);
        let mut left = [0.0_f64; 5];
        let mut best = (f64::NEG_INFINITY, 0);
        for (index, pair) in self.entries.windows(2).enumerate() {
            left = add(left, &pair[0]);
            if pair[0].place[axis] >= pair[1].place[axis] {
                continue;
            }
            // Least error within is most distance between: the squared sums over the weights.
            let gain = |sums: [f64; 5]| sums[1..].iter().map(|sum| sum * sum).sum::<f64>() / sums[0];
            let mut right = total;
            right.iter_mut().zip(left).for_each(|(right, left)| *right -= left);
            let gained = gain(left) + gain(right);
            if gained > best.0 {
                best = (gained, index + 1);
            }
        }
        if best.1 == 0 {
            return (Self { spread: [0.0; 4], ..self }, None);
        }
        let right = self.entries.split_off(best.1);
        (Self::new(self.entries), Some(Self::new(right)))
    }
}

/// The weight, and the weighted sum along each axis.
fn add(mut sums: [f64; 5], entry: &Entry) -> [f64; 5] {
    let weight = f64::from(entry.weight);
    sums[0] += weight;
    for (sum, axis) in sums[1..].iter_mut().zip(entry.place) {
        *sum += f64::from(axis) * weight;
    }
    sums
}

/// Cuts the group with the largest error until there are as many as wanted.
fn split(entries: Vec<Entry>, wanted: usize) -> Vec<Place> {
    let mut groups = vec![Group::new(entries)];
    while groups.len() < wanted {
        let worst =
            (0..groups.len()).max_by(|one, other| groups[*one].error().total_cmp(&groups[*other].error()));
        let Some(worst) = worst.filter(|worst| groups[*worst].error() > 0.0) else { break };
        let (left, right) = groups.swap_remove(worst).cut();
        groups.push(left);
        groups.extend(right);
    }
    groups.into_iter().map(|group| group.mean).collect()
}

/// Moves every centre into the middle of the entries that are nearest to it.
fn improve(entries: &[Entry], centers: &[Place]) -> Result<Vec<Place>> {
    let search = nearest(centers)?;
    let mut sums = vec![[0.0_f64; 5]; centers.len()];
    for entry in entries {
        let sum = &mut sums[usize::from(search.palette_index(&to_key(entry.place)))];
        *sum = add(*sum, entry);
    }
    let moved =
        sums.iter().zip(centers).map(|(sum, center)| if sum[0] > 0.0 { middle(sum) } else { *center });
    Ok(moved.collect())
}

fn middle(sum: &[f64; 5]) -> Place {
    #[expect(clippy::cast_possible_truncation, reason = "places are single precision")]
    [1, 2, 3, 4].map(|axis| (sum[axis] / sum[0]) as f32)
}

/// The colours of the centres: exactly a colour of the picture where one makes up most of a group.
fn snap(entries: &[Entry], centers: &[Place]) -> Result<Vec<Color>> {
    let search = nearest(centers)?;
    let mut weights = vec![0.0_f32; centers.len()];
    let mut heaviest: Vec<Option<Entry>> = vec![None; centers.len()];
    for entry in entries {
        let index = usize::from(search.palette_index(&to_key(entry.place)));
        weights[index] += entry.weight;
        if heaviest[index].is_none_or(|heaviest| entry.weight > heaviest.weight) {
            heaviest[index] = Some(*entry);
        }
    }
    let mut colors: Vec<Color> = Vec::with_capacity(centers.len());
    for ((center, weight), heaviest) in centers.iter().zip(weights).zip(heaviest) {
        // What nothing is mapped to is not worth its place.
        let Some(heaviest) = heaviest else { continue };
        let is_dominant = heaviest.weight >= weight * DOMINANT;
        let rounded = to_color(*center);
        let is_no_worse = distance(to_place(rounded), *center) >= distance(heaviest.place, *center);
        colors.push(if is_dominant || is_no_worse { heaviest.color } else { rounded });
    }
    colors.sort_unstable();
    colors.dedup();
    Ok(colors)
}
