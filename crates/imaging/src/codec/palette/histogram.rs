//! Which colours a picture has, and how often.

use super::{Color, Place, TRANSPARENT, colors, to_place};
use image::RgbaImage;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// More colours than this are counted in groups of neighbours.
const MAX_COLORS: usize = 1 << 15;

/// A colour, or some that are nearly the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub color: Color,
    pub place: Place,
    /// How many pixels it has.
    pub weight: f32,
}

/// The colours of a picture.
pub(super) struct Histogram {
    counts: HashMap<u32, u32, BuildHasherDefault<ColorHasher>>,
    /// Bits of each channel that were dropped.
    dropped: u32,
}

impl Histogram {
    pub(super) fn of(pixels: &RgbaImage) -> Self {
        let mut histogram = Self { counts: HashMap::default(), dropped: 0 };
        let mut run: Option<(Color, u32)> = None;
        for color in colors(pixels) {
            match &mut run {
                Some((last, length)) if *last == color => *length += 1,
                _ => {
                    if let Some((last, length)) = run.replace((color, 1)) {
                        histogram.add(last, length);
                    }
                }
            }
        }
        if let Some((last, length)) = run {
            histogram.add(last, length);
        }
        histogram
    }

    fn add(&mut self, color: Color, count: u32) {
        let key = self.key(u32::from_be_bytes(color));
        let entry = self.counts.entry(key).or_insert(0);
        *entry = entry.saturating_add(count);
        while self.counts.len() > MAX_COLORS {
            self.dropped += 1;
            for (key, count) in std::mem::take(&mut self.counts) {
                let entry = self.counts.entry(self.key(key)).or_insert(0);
                *entry = entry.saturating_add(count);
            }
        }
    }

    /// The colour without the bits that are dropped by now. What is opaque or transparent stays so.
    fn key(&self, color: u32) -> u32 {
        if self.dropped == 0 {
            return color;
        }
        let mask = (0xff << self.dropped) & 0xff;
        let half = 1 << (self.dropped - 1);
        let [red, green, blue, alpha] = color.to_be_bytes().map(u32::from);
        let round = |channel: u32| ((channel & mask) | half).min(255);
        let alpha = if alpha == 0 || alpha == 255 { alpha } else { round(alpha) };
        if alpha == 0 {
            return u32::from_be_bytes(TRANSPARENT);
        }
        (round(red) << 24) | (round(green) << 16) | (round(blue) << 8) | alpha
    }

    /// All colours, if there are no more than this.
    pub(super) fn at_most(&self, wanted: usize) -> Option<Vec<Color>> {
        if self.dropped > 0 || self.counts.len() > wanted {
            return None;
        }
        let mut colors: Vec<Color> = self.counts.keys().map(|key| key.to_be_bytes()).collect();
        colors.sort_unstable();
        Some(colors)
    }

    /// The colours in an order that depends on nothing else.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut counts: Vec<(u32, u32)> = self.counts.iter().map(|(key, count)| (*key, *count)).collect();
        counts.sort_unstable();
        counts
            .into_iter()
            .map(|(key, count)| {
                let color = key.to_be_bytes();
                #[expect(clippy::cast_precision_loss, reason = "a weight needs no more digits")]
                let weight = count as f32;
                Entry { color, place: to_place(color), weight }
            })
            .collect()
    }
}

/// Colours need no protection against chosen keys: the number of them is bounded.
#[derive(Default)]
pub(super) struct ColorHasher(u64);

impl Hasher for ColorHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32((*byte).into());
        }
    }

    fn write_u32(&mut self, number: u32) {
        let mixed = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}
