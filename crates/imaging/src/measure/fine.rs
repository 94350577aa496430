//! What shows in the largest sizes of a picture, where only brightness and red against green count.
//!
//! The library looks at all channels of all sizes, and nearly all of its time goes into the largest
//! ones. Here only what has any weight is computed, on parts of the picture where it is large. Blurring
//! is by a filter of eleven taps instead of the recursive one of the library, and what lies within
//! five pixels of an edge is not looked at; scores differ by hundredths.

use super::light::Light;
use super::pool::{Norm, Term};

/// Sizes that can be looked at like this: in smaller ones blue against yellow counts too.
pub(super) const MOST_SIZES: usize = 3;

/// Half of the blur, from the middle outwards: a bell of 1.5 pixels.
const BLUR: [f32; 6] = [0.266_012, 0.213_007, 0.109_364, 0.036_001, 0.007_599, 0.001_028];

/// Pixels at each edge that a blur has no answer for.
const EDGE: usize = BLUR.len() - 1;

/// Red against green, and brightness.
const CHANNELS: usize = 2;

/// One size of a part of a picture: its channels by number, as far as they count in this size.
pub(super) struct Level([Option<Channel>; CHANNELS]);

struct Channel {
    plane: Plane,
    means: Vec<f32>,
    squares: Vec<f32>,
}

/// Values of one channel. What is blurred has no edges.
struct Plane {
    values: Vec<f32>,
    width: usize,
    height: usize,
}

/// The sizes of a part, the largest first, as far as they are large enough to say anything.
pub(super) fn levels(light: Light, sizes: usize) -> Vec<Level> {
    let channel = |plane: Plane| {
        let (means, squares) = (plane.blurred(), plane.times(&plane).blurred());
        Channel { plane, means, squares }
    };
    planes(light, sizes).into_iter().map(|planes| Level(planes.map(|plane| plane.map(channel)))).collect()
}

fn planes(mut light: Light, sizes: usize) -> Vec<[Option<Plane>; CHANNELS]> {
    let mut all = Vec::new();
    while all.len() < sizes && light.width > 4 * EDGE && light.height > 4 * EDGE {
        let smaller = (all.len() + 1 < sizes).then(|| light.halved());
        let (width, height) = (light.width, light.height);
        let plane = |values| Plane { values, width, height };
        let (red_green, brightness) = light.opsin();
        // In full size red against green has no weight.
        let is_largest = all.is_empty();
        all.push([(!is_largest).then(|| plane(red_green)), Some(plane(brightness))]);
        let Some(smaller) = smaller else { break };
        light = smaller;
    }
    all
}

impl Plane {
    fn times(&self, other: &Self) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(one, other)| one * other).collect();
        Self { values, ..*self }
    }

    /// The values of a row between the edges.
    fn row(&self, index: usize) -> &[f32] {
        &self.values[(index + EDGE) * self.width + EDGE..][..self.width - 2 * EDGE]
    }

    fn blurred(&self) -> Vec<f32> {
        let inner = self.width - 2 * EDGE;
        let mut across = vec![0.0; inner * self.height];
        for (row, blurred) in self.values.chunks_exact(self.width).zip(across.chunks_exact_mut(inner)) {
            mix(blurred, |place| &row[place..]);
        }
        let mut both = vec![0.0; inner * (self.height - 2 * EDGE)];
        for (index, blurred) in both.chunks_exact_mut(inner).enumerate() {
            mix(blurred, |place| &across[(index + place) * inner..]);
        }
        both
    }
}

/// Mixes eleven rows into one, by their distance from the middle one.
fn mix<'a>(into: &mut [f32], row: impl Fn(usize) -> &'a [f32]) {
    for (mixed, middle) in into.iter_mut().zip(row(EDGE)) {
        *mixed = BLUR[0] * middle;
    }
    for (distance, weight) in BLUR.iter().enumerate().skip(1) {
        let pairs = row(EDGE - distance).iter().zip(row(EDGE + distance));
        for (mixed, (before, after)) in into.iter_mut().zip(pairs) {
            *mixed += weight * (before + after);
        }
    }
}

/// Sums of errors over parts, for each size and channel.
pub(super) struct Errors(Vec<[Sum; CHANNELS]>);

#[derive(Clone, Copy, Default)]
struct Sum {
    pixels: f64,
    structure: f64,
    structure_fourth: f64,
    artifact_fourth: f64,
    lost_fourth: f64,
}

impl Errors {
    pub(super) fn none(sizes: usize) -> Self {
        Self(vec![[Sum::default(); CHANNELS]; sizes])
    }

    /// Adds what differs in a part.
    pub(super) fn add(&mut self, levels: &[Level], other: Light) {
        let others = planes(other, levels.len());
        for ((level, others), sums) in levels.iter().zip(others).zip(&mut self.0) {
            for ((one, other), sum) in level.0.iter().zip(others).zip(sums) {
                if let (Some(one), Some(other)) = (one, other) {
                    sum.add(one, &other);
                }
            }
        }
    }

    /// The mean, or the fourth root of the mean of fourth powers, of one kind of error.
    pub(super) fn value(&self, size: usize, channel: usize, norm: &Norm, term: &Term) -> f64 {
        let Some(sum) = self.0.get(size).and_then(|sums| sums.get(channel)) else { return 0.0 };
        let pixels = sum.pixels.max(1.0);
        match (norm, term) {
            (Norm::Mean, Term::Structure) => sum.structure / pixels,
            (Norm::Fourth, Term::Structure) => (sum.structure_fourth / pixels).sqrt().sqrt(),
            (Norm::Fourth, Term::Artifact) => (sum.artifact_fourth / pixels).sqrt().sqrt(),
            (Norm::Fourth, Term::DetailLost) => (sum.lost_fourth / pixels).sqrt().sqrt(),
            // Without weight in these sizes.
            (Norm::Mean, Term::Artifact | Term::DetailLost) => 0.0,
        }
    }
}

/// Pixels that are looked at at once.
const LANES: usize = 8;

/// Keeps the quotient of structures finite where there is none.
const LEAST_STRUCTURE: f32 = 0.0009;

impl Sum {
    fn add(&mut self, one: &Channel, plane: &Plane) {
        let (means, squares) = (plane.blurred(), plane.times(plane).blurred());
        let products = plane.times(&one.plane).blurred();
        // Eight pixels at a time; those that are left over are left out.
        let inner = plane.width - 2 * EDGE;
        let width = inner / LANES * LANES;
        for index in 0..plane.height - 2 * EDGE {
            let at = index * inner..index * inner + width;
            let statistics = Row {
                values: [one.plane.row(index), plane.row(index)],
                means: [&one.means[at.clone()], &means[at.clone()]],
                squares: [&one.squares[at.clone()], &squares[at.clone()]],
                products: &products[at],
            };
            self.add_row(&statistics);
        }
        self.pixels += (width * (plane.height - 2 * EDGE)) as f64;
    }

    fn add_row(&mut self, row: &Row<'_>) {
        let mut sums = [[0.0_f32; LANES]; 4];
        let [values, means, squares] =
            [row.values, row.means, row.squares].map(|pair| pair.map(|values| values.as_chunks::<LANES>().0));
        let [mean, other_mean] = means;
        for (at, products) in row.products.as_chunks::<LANES>().0.iter().enumerate() {
            for lane in 0..LANES {
                let (mean, other_mean) = (mean[at][lane], other_mean[at][lane]);
                let apart = mean - other_mean;
                let same = 2.0 * (products[lane] - mean * other_mean) + LEAST_STRUCTURE;
                let all = (squares[0][at][lane] - mean * mean)
                    + (squares[1][at][lane] - other_mean * other_mean)
                    + LEAST_STRUCTURE;
                let differs = (1.0 - (1.0 - apart * apart) * same / all).max(0.0);
                let edge = 1.0 + (values[0][at][lane] - mean).abs();
                let other_edge = 1.0 + (values[1][at][lane] - other_mean).abs();
                let change = other_edge / edge - 1.0;
                sums[0][lane] += differs;
                sums[1][lane] += fourth_power(differs);
                sums[2][lane] += fourth_power(change.max(0.0));
                sums[3][lane] += fourth_power((-change).max(0.0));
            }
        }
        let [structure, structure_fourth, artifact_fourth, lost_fourth] =
            sums.map(|lanes| lanes.into_iter().map(f64::from).sum::<f64>());
        self.structure += structure;
        self.structure_fourth += structure_fourth;
        self.artifact_fourth += artifact_fourth;
        self.lost_fourth += lost_fourth;
    }
}

/// What is known of a row of two pictures.
struct Row<'a> {
    values: [&'a [f32]; 2],
    means: [&'a [f32]; 2],
    squares: [&'a [f32]; 2],
    products: &'a [f32],
}

fn fourth_power(value: f32) -> f32 {
    let square = value * value;
    square * square
}
