//! Maps pixels to the colours of a palette.

use super::choose::{Nearest, nearest as search_among};
use super::histogram::ColorHasher;
use super::{Color, Place, colors, distance, to_key, to_place};
use crate::cancel::Cancel;
use image::RgbaImage;
use picferry_core::Result;
use quantette::color_map::IndexedColorMap;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Rows between two looks at whether the work was stopped.
const ROWS_AT_ONCE: usize = 64;

/// Pixels whose colour is all in the palette.
pub(super) fn exactly(pixels: &RgbaImage, palette: &[Color]) -> Vec<u8> {
    let index = |color: &Color| palette.binary_search(color).unwrap_or(0);
    let mut last = (palette.first().copied().unwrap_or_default(), 0);
    colors(pixels)
        .map(|color| {
            if last.0 != color {
                last = (color, u8::try_from(index(&color)).unwrap_or(0));
            }
            last.1
        })
        .collect()
}

/// Every pixel as the colour nearest to it, and to the errors that the pixels around it left.
pub(super) fn nearest(
    pixels: &RgbaImage,
    palette: &[Color],
    dither: f32,
    cancel: &Cancel,
) -> Result<Vec<u8>> {
    let mut mapper = Mapper::new(palette, pixels.width() as usize, dither.clamp(0.0, 1.0))?;
    let width = pixels.width() as usize;
    let mut out = vec![0; width * pixels.height() as usize];
    let rows = pixels.chunks_exact(width * 4).zip(out.chunks_exact_mut(width));
    for (number, (row, out)) in rows.enumerate() {
        if number % ROWS_AT_ONCE == 0 {
            cancel.check()?;
        }
        mapper.row(row.as_chunks::<4>().0, out, number % 2 == 1);
    }
    Ok(out)
}

/// A colour of the picture, looked up once.
#[derive(Clone, Copy)]
struct Known {
    place: Place,
    /// The nearest colour of the palette.
    index: u8,
    /// How far that is, squared.
    distance: f32,
}

struct Mapper {
    search: Nearest,
    places: Vec<Place>,
    /// For each colour of the palette: whatever is nearer than this, squared, has no other nearest.
    certain: Vec<f32>,
    known: HashMap<u32, Known, BuildHasherDefault<ColorHasher>>,
    dither: f32,
    /// Errors for this row and the next, with one place more on each side.
    errors: [Vec<Place>; 2],
    /// This row.
    row: Vec<Known>,
}

/// More colours than this are looked up again.
const MAX_KNOWN: usize = 1 << 16;

/// Errors below this, squared, cannot be seen, and spreading them costs bytes.
const INVISIBLE: f32 = 0.000_02;

/// The largest error that is passed on: in quarters of the squared distance to the nearest colour.
const LARGEST_ERROR: f32 = 1.0;

/// Differences between neighbours above this, squared, hide errors.
const EDGE: f32 = 0.01;

/// The part of an error that is spread there.
const AT_EDGE: f32 = 0.5;

impl Mapper {
    fn new(palette: &[Color], width: usize, dither: f32) -> Result<Self> {
        let places: Vec<Place> = palette.iter().map(|color| to_place(*color)).collect();
        let certain = places.iter().enumerate().map(|(index, place)| {
            let others = places.iter().enumerate().filter(|(other, _)| *other != index);
            // Half the way to the nearest of the others; squared, a quarter.
            others.map(|(_, other)| distance(*place, *other)).fold(f32::INFINITY, f32::min) / 4.0
        });
        Ok(Self {
            search: search_among(&places)?,
            certain: certain.collect(),
            places,
            known: HashMap::default(),
            dither,
            errors: [vec![[0.0; 4]; width + 2], vec![[0.0; 4]; width + 2]],
            row: Vec::with_capacity(width),
        })
    }

    fn look_up(&mut self, color: Color) -> Known {
        let key = u32::from_be_bytes(color);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let place = to_place(color);
        let index = self.search.palette_index(&to_key(place));
        let known = Known { place, index, distance: distance(place, self.places[usize::from(index)]) };
        if self.known.len() >= MAX_KNOWN {
            self.known.clear();
        }
        self.known.insert(key, known);
        known
    }

    /// One row, from left to right or back, so that errors do not all drift the same way.
    fn row(&mut self, colors: &[Color], out: &mut [u8], backwards: bool) {
        self.row.clear();
        let mut last: Option<(Color, Known)> = None;
        for color in colors {
            let color = super::visible(*color);
            let known = match last {
                Some((same, known)) if same == color => known,
                _ => self.look_up(color),
            };
            last = Some((color, known));
            self.row.push(known);
        }
        let width = out.len();
        for step in 0..width {
            let x = if backwards { width - 1 - step } else { step };
            let known = self.row[x];
            // What the palette has, or nearly has, gets no pattern: even areas stay even.
            if known.distance <= INVISIBLE || self.dither <= 0.0 {
                out[x] = known.index;
                continue;
            }
            let error = self.bounded(self.errors[0][x + 1], known.index);
            let wanted = sum(known.place, error, 1.0);
            let index = self.nearest(wanted, known.index);
            out[x] = index;
            let strength = self.dither * self.strength(x);
            let error = sum(wanted, self.places[usize::from(index)], -1.0).map(|axis| axis * strength);
            self.spread(x, error, backwards);
        }
        self.errors.swap(0, 1);
        self.errors[1].fill([0.0; 4]);
    }

    /// An error that is larger than the step between two colours cannot be made good by the pixels
    /// around; it would run across the picture until it meets some that have nothing to do with it.
    fn bounded(&self, error: Place, index: u8) -> Place {
        let largest = self.certain[usize::from(index)] * LARGEST_ERROR;
        let size = distance(error, [0.0; 4]);
        if size <= largest { error } else { error.map(|axis| axis * (largest / size).sqrt()) }
    }

    fn nearest(&self, wanted: Place, likely: u8) -> u8 {
        let place = self.places[usize::from(likely)];
        if distance(wanted, place) < self.certain[usize::from(likely)] {
            return likely;
        }
        self.search.palette_index(&to_key(wanted))
    }

    /// How much of an error is worth spreading here: at an edge it would only blur.
    fn strength(&self, x: usize) -> f32 {
        let here = self.row[x].place;
        let left = self.row[x.saturating_sub(1)].place;
        let right = self.row[(x + 1).min(self.row.len() - 1)].place;
        if distance(here, left).max(distance(here, right)) > EDGE { AT_EDGE } else { 1.0 }
    }

    fn spread(&mut self, x: usize, error: Place, backwards: bool) {
        // Places are one further right than pixels.
        let (ahead, behind) = if backwards { (x, x + 2) } else { (x + 2, x) };
        let mut give = |row: usize, place: usize, part: f32| {
            let there = &mut self.errors[row][place];
            *there = sum(*there, error, part);
        };
        give(0, ahead, 7.0 / 16.0);
        give(1, behind, 3.0 / 16.0);
        give(1, x + 1, 5.0 / 16.0);
        give(1, ahead, 1.0 / 16.0);
    }
}

fn sum(mut one: Place, other: Place, factor: f32) -> Place {
    for (one, other) in one.iter_mut().zip(other) {
        *one += other * factor;
    }
    one
}
