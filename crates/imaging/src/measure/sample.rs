//! Parts of a picture that stand for the whole of it.
//!
//! Parts are laid side by side: codecs and the measure then treat them as one picture. Scores of such
//! a picture are higher than those of the whole by two to four points, because the seams between
//! parts hide errors in the small versions of the picture; what shows in full size is right.

use super::light::Part;
use image::{DynamicImage, GenericImage, GenericImageView};

/// The side of one part. Whole blocks of every codec fit, so that the seams between parts cost
/// nothing.
const SIDE: u32 = 256;

/// Pixels above which a picture is not looked at as one part.
const MOST_WHOLE: u64 = 4_000_000;

/// Which parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    /// The left and top corner of each part; none means the whole picture.
    corners: Vec<(u32, u32)>,
}

impl Sample {
    /// Parts spread evenly over a picture, of about so many pixels together; the whole picture where
    /// it has hardly more.
    pub(crate) fn spread(width: u32, height: u32, pixels: u64) -> Self {
        let grid = grid(width, height);
        let parts = usize::try_from(pixels / u64::from(SIDE * SIDE)).unwrap_or(1).max(1);
        if u64::from(width) * u64::from(height) <= pixels * 5 / 4 || grid.len() <= parts {
            return Self { corners: Vec::new() };
        }
        // Steps of the golden section fill a length evenly whatever their number, and one that shares
        // no factor with the length comes nowhere twice.
        let golden = grid.len() * 618 / 1000;
        let step = (golden..).find(|step| are_coprime(*step, grid.len())).unwrap_or(1);
        Self { corners: (0..parts).map(|index| grid[index * step % grid.len()]).collect() }
    }

    /// How many pixels are looked at.
    pub(crate) fn pixels(&self, picture: &DynamicImage) -> u64 {
        if self.corners.is_empty() {
            u64::from(picture.width()) * u64::from(picture.height())
        } else {
            self.corners.len() as u64 * u64::from(SIDE * SIDE)
        }
    }

    /// The parts of a picture, side by side.
    pub(crate) fn of(&self, picture: &DynamicImage) -> DynamicImage {
        if self.corners.is_empty() {
            return picture.clone();
        }
        let columns = (1..=self.corners.len()).find(|side| side * side >= self.corners.len()).unwrap_or(1);
        let rows = self.corners.len().div_ceil(columns);
        let side = SIDE as usize;
        let across = u32::try_from(columns * side).unwrap_or(SIDE);
        let down = u32::try_from(rows * side).unwrap_or(SIDE);
        let mut montage = DynamicImage::new(across, down, picture.color());
        // A row that is not full is filled with parts from the beginning.
        for index in 0..columns * rows {
            let (x, y) = self.corners[index % self.corners.len()];
            let place = |index: usize| u32::try_from(index * side).unwrap_or(0);
            copy(picture, (x, y), &mut montage, (place(index % columns), place(index / columns)));
        }
        montage
    }

    /// Where the parts lie in a picture.
    pub(super) fn places(&self, picture: &DynamicImage) -> Vec<Part> {
        let whole = Part { x: 0, y: 0, width: picture.width(), height: picture.height() };
        if self.corners.is_empty() {
            return if self.pixels(picture) > MOST_WHOLE { bands(whole) } else { vec![whole] };
        }
        self.corners.iter().map(|(x, y)| Part { x: *x, y: *y, width: SIDE, height: SIDE }).collect()
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.corners.is_empty()
    }
}

/// Parts of a picture that is too thin for whole parts, evenly along its longer side.
fn bands(whole: Part) -> Vec<Part> {
    let is_tall = whole.height > whole.width;
    let (length, breadth) = if is_tall { (whole.height, whole.width) } else { (whole.width, whole.height) };
    let count = u32::try_from(MOST_WHOLE / u64::from(SIDE * breadth)).unwrap_or(2).max(2);
    let starts = (0..count).map(|index| {
        let start = u64::from(length.saturating_sub(SIDE)) * u64::from(index) / u64::from(count - 1);
        u32::try_from(start).unwrap_or(0)
    });
    let part = |start| match is_tall {
        true => Part { y: start, height: SIDE, ..whole },
        false => Part { x: start, width: SIDE, ..whole },
    };
    starts.map(part).collect()
}

fn are_coprime(mut a: usize, mut b: usize) -> bool {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// Copies one part between pictures of the same layout.
fn copy(from: &DynamicImage, (x, y): (u32, u32), to: &mut DynamicImage, (to_x, to_y): (u32, u32)) {
    macro_rules! copy_rows {
        ($($layout:ident),*) => {
            match (from, to) {
                $((DynamicImage::$layout(from), DynamicImage::$layout(to)) => {
                    // Both rectangles lie inside: the grid has only whole parts.
                    let _ = to.copy_from(&*from.view(x, y, SIDE, SIDE), to_x, to_y);
                })*
                _ => {}
            }
        };
    }
    copy_rows!(
        ImageLuma8,
        ImageLumaA8,
        ImageRgb8,
        ImageRgba8,
        ImageLuma16,
        ImageLumaA16,
        ImageRgb16,
        ImageRgba16
    );
}

/// The corners of all whole parts, row by row.
fn grid(width: u32, height: u32) -> Vec<(u32, u32)> {
    let (columns, rows) = (width / SIDE, height / SIDE);
    // What is left over goes to both edges in turn: corners of pictures count as much as the rest.
    let corner = |index: u32, count: u32, length: u32| {
        if count < 2 { 0 } else { (length - SIDE) / (count - 1) * index / 16 * 16 }
    };
    (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (column, row)))
        .map(|(column, row)| (corner(column, columns, width), corner(row, rows, height)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// Smooth on the left, wild on the right.
    fn picture(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            let wild = if x > width / 2 { ((x * 73) ^ (y * 151)) % 255 } else { x * 255 / width };
            Rgb([wild as u8, (y % 256) as u8, 90])
        }))
    }

    #[test]
    fn a_small_picture_is_its_own_sample() {
        let small = picture(700, 600);
        assert!(Sample::spread(700, 600, 400_000).is_whole());
        assert_eq!(Sample::spread(700, 600, 400_000).of(&small), small);
    }

    #[test]
    fn a_montage_shows_the_parts_as_they_are() {
        let large = picture(2600, 2000);
        let sample = Sample::spread(2600, 2000, 400_000);
        assert_eq!(sample.corners.len(), 6);
        let montage = sample.of(&large);
        assert_eq!((montage.width(), montage.height()), (768, 512));
        for (index, (x, y)) in [(0, (0, 0)), (4, (256, 256))] {
            let (left, top) = sample.corners[index];
            assert_eq!(montage.get_pixel(x + 9, y + 7), large.get_pixel(left + 9, top + 7));
        }
    }

    #[test]
    fn spread_parts_lie_everywhere_and_inside() {
        for (width, height) in [(4000, 3000), (9000, 700), (300, 40_000), (5312, 2988)] {
            let sample = Sample::spread(width, height, 2_000_000);
            let corners = &sample.corners;
            assert!(corners.iter().all(|(x, y)| x + SIDE <= width && y + SIDE <= height));
            if !sample.is_whole() {
                assert!(corners.iter().map(|(x, _)| x).max() > Some(&(width / 2)) || width < 600);
                assert!(corners.iter().map(|(_, y)| y).max() > Some(&(height / 2)) || height < 800);
                let mut apart = corners.clone();
                apart.sort_unstable();
                apart.dedup();
                assert_eq!(apart.len(), corners.len(), "no part twice");
            }
        }
    }

    #[test]
    fn what_is_thin_is_taken_whole_and_measured_in_bands() {
        for (width, height) in [(200, 60_000), (60_000, 200)] {
            let sample = Sample::spread(width, height, 2_000_000);
            assert!(sample.is_whole());
            let places = sample.places(&DynamicImage::new_luma8(width, height));
            let pixels: u64 = places.iter().map(|part| u64::from(part.width * part.height)).sum();
            assert!(pixels <= MOST_WHOLE, "{pixels}");
            assert!(places.iter().all(|part| part.x + part.width <= width && part.y + part.height <= height));
            let last = places.last().unwrap();
            assert_eq!((last.x + last.width, last.y + last.height), (width, height));
        }
    }
}
