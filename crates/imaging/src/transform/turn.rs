//! Turns and flips: orientation, and what the person asks for.

use crate::exif::Orientation;
use crate::raster::Raster;
use image::{DynamicImage, ImageBuffer, Pixel};
use picferry_core::images::{Flip, Turn};

/// Stored pixels to the picture people see.
pub(crate) fn orient(raster: Raster, orientation: Orientation) -> Raster {
    arrange(raster, Moves::of(orientation))
}

/// Turns to the right.
pub(crate) fn turn(raster: Raster, turn: Turn) -> Raster {
    let number = match turn {
        Turn::None => 1,
        Turn::By90 => 6,
        Turn::By180 => 3,
        Turn::By270 => 8,
    };
    orient(raster, Orientation::from_exif(number))
}

/// Reflects.
pub(crate) fn flip(raster: Raster, flip: Flip) -> Raster {
    let number = match flip {
        Flip::None => 1,
        Flip::Horizontal => 2,
        Flip::Vertical => 4,
    };
    orient(raster, Orientation::from_exif(number))
}

/// All that a turn or flip is: whether rows become columns, and which end comes first after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moves {
    swaps_sides: bool,
    from_right: bool,
    from_bottom: bool,
}

impl Moves {
    fn of(orientation: Orientation) -> Self {
        use image::metadata::Orientation as Turned;
        let (swaps_sides, from_right, from_bottom) = match orientation.turn() {
            Turned::NoTransforms => (false, false, false),
            Turned::FlipHorizontal => (false, true, false),
            Turned::Rotate180 => (false, true, true),
            Turned::FlipVertical => (false, false, true),
            Turned::Rotate90FlipH => (true, false, false),
            Turned::Rotate90 => (true, true, false),
            Turned::Rotate270FlipH => (true, true, true),
            Turned::Rotate270 => (true, false, true),
        };
        Self { swaps_sides, from_right, from_bottom }
    }
}

fn arrange(raster: Raster, moves: Moves) -> Raster {
    if moves == (Moves { swaps_sides: false, from_right: false, from_bottom: false }) {
        return raster;
    }
    use DynamicImage::{
        ImageLuma8, ImageLuma16, ImageLumaA8, ImageLumaA16, ImageRgb8, ImageRgb16, ImageRgb32F, ImageRgba8,
        ImageRgba16, ImageRgba32F,
    };
    let pixels = match raster.pixels {
        ImageLuma8(pixels) => ImageLuma8(arranged::<_, 1>(&pixels, moves)),
        ImageLumaA8(pixels) => ImageLumaA8(arranged::<_, 2>(&pixels, moves)),
        ImageRgb8(pixels) => ImageRgb8(arranged::<_, 3>(&pixels, moves)),
        ImageRgba8(pixels) => ImageRgba8(arranged::<_, 4>(&pixels, moves)),
        ImageLuma16(pixels) => ImageLuma16(arranged::<_, 1>(&pixels, moves)),
        ImageLumaA16(pixels) => ImageLumaA16(arranged::<_, 2>(&pixels, moves)),
        ImageRgb16(pixels) => ImageRgb16(arranged::<_, 3>(&pixels, moves)),
        ImageRgba16(pixels) => ImageRgba16(arranged::<_, 4>(&pixels, moves)),
        ImageRgb32F(pixels) => ImageRgb32F(arranged::<_, 3>(&pixels, moves)),
        ImageRgba32F(pixels) => ImageRgba32F(arranged::<_, 4>(&pixels, moves)),
        // There are no others today.
        other => ImageRgba16(arranged::<_, 4>(&other.to_rgba16(), moves)),
    };
    Raster { pixels, icc: raster.icc }
}

type Buffer<P> = ImageBuffer<P, Vec<<P as Pixel>::Subpixel>>;

/// Rows and columns that are moved together, so that what is read and what is written both stay in the
/// fast part of the memory.
const TILE: usize = 32;

fn arranged<P: Pixel, const CHANNELS: usize>(from: &Buffer<P>, moves: Moves) -> Buffer<P> {
    let (width, height) = (from.width() as usize, from.height() as usize);
    let (across, down) = if moves.swaps_sides { (from.height(), from.width()) } else { from.dimensions() };
    let mut to = Buffer::<P>::new(across, down);
    let (source, _) = from.as_raw().as_chunks::<CHANNELS>();
    let (target, _) = to.as_chunks_mut::<CHANNELS>();
    let across = across as usize;
    // Where a source pixel goes: to `start`, and on by these steps for each column and row.
    let ends = |is_far: bool, length: usize| if is_far { length - 1 } else { 0 };
    let down = down as usize;
    let start = ends(moves.from_bottom, down) * across + ends(moves.from_right, across);
    let row = if moves.from_bottom { across.wrapping_neg() } else { across };
    let column = if moves.from_right { usize::MAX } else { 1 };
    let (by_x, by_y) = if moves.swaps_sides { (row, column) } else { (column, row) };
    if !moves.swaps_sides {
        for (y, row) in source.chunks_exact(width).enumerate() {
            let place = if moves.from_bottom { height - 1 - y } else { y } * width;
            let place = &mut target[place..place + width];
            place.copy_from_slice(row);
            if moves.from_right {
                place.reverse();
            }
        }
        return to;
    }
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for y in top..(top + TILE).min(height) {
                let first = start.wrapping_add(by_y.wrapping_mul(y));
                for x in left..(left + TILE).min(width) {
                    target[first.wrapping_add(by_x.wrapping_mul(x))] = source[y * width + x];
                }
            }
        }
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, metadata};

    /// Every pixel is another one, and sides are no multiple of a tile.
    fn numbered(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            Rgb([(x % 251) as u8, (y % 251) as u8, ((x / 251) * 16 + y / 251) as u8])
        }))
    }

    fn layouts(pixels: &DynamicImage) -> Vec<DynamicImage> {
        vec![
            pixels.clone(),
            pixels.to_luma8().into(),
            pixels.to_luma_alpha8().into(),
            pixels.to_rgba8().into(),
            pixels.to_luma16().into(),
            pixels.to_luma_alpha16().into(),
            pixels.to_rgb16().into(),
            pixels.to_rgba16().into(),
            pixels.to_rgb32f().into(),
            pixels.to_rgba32f().into(),
        ]
    }

    #[test]
    fn the_eight_orientations_move_every_pixel_where_another_library_does() {
        for (width, height) in [(1, 1), (1, 70), (33, 1), (31, 32), (70, 45), (300, 260)] {
            for pixels in layouts(&numbered(width, height)) {
                for number in 1..=8 {
                    let mut expected = pixels.clone();
                    expected.apply_orientation(metadata::Orientation::from_exif(number).unwrap());
                    let turned = orient(Raster::srgb(pixels.clone()), Orientation::from_exif(number));
                    assert!(turned.pixels == expected, "{number} of {width} × {height} {:?}", pixels.color());
                }
            }
        }
    }

    #[test]
    fn turns_go_to_the_right_and_flips_name_their_direction() {
        let first = |raster: Raster| raster.pixels.to_rgb8().get_pixel(0, 0).0;
        let picture = || Raster::srgb(numbered(5, 3));
        assert_eq!(first(turn(picture(), Turn::None)), [0, 0, 0]);
        assert_eq!(first(turn(picture(), Turn::By90)), [0, 2, 0], "the bottom left comes to the top left");
        assert_eq!(first(turn(picture(), Turn::By180)), [4, 2, 0]);
        assert_eq!(first(turn(picture(), Turn::By270)), [4, 0, 0]);
        assert_eq!(turn(picture(), Turn::By90).width(), 3);
        assert_eq!(first(flip(picture(), Flip::None)), [0, 0, 0]);
        assert_eq!(first(flip(picture(), Flip::Horizontal)), [4, 0, 0]);
        assert_eq!(first(flip(picture(), Flip::Vertical)), [0, 2, 0]);
    }

    #[test]
    fn the_profile_stays() {
        let raster = Raster { pixels: numbered(2, 3), icc: Some(bytes::Bytes::from_static(b"profile")) };
        assert_eq!(turn(raster, Turn::By90).icc.as_deref(), Some(&b"profile"[..]));
    }
}
