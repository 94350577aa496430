//! Whether a JPEG picture needs its colours at full resolution.

use image::RgbImage;
use std::collections::HashSet;

/// The resolution of colours, against that of brightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(test), expect(dead_code, reason = "tests compare both with what is chosen by itself"))]
pub(crate) enum Subsampling {
    /// Half, unless that would be seen.
    #[default]
    Auto,
    /// Half across and half down.
    Half,
    /// As brightness.
    Full,
}

/// From here on, somebody wants it to look right more than to be small.
const HIGH_QUALITY: f32 = 90.0;

/// Pictures of fewer pixels cost little either way, and each of their pixels is looked at.
const SMALL_PIXELS: u64 = 128 * 128;

/// At most so many blocks of two by two pixels are looked at, across and down.
const SAMPLES: u32 = 96;

/// Steps of red or blue difference within two by two pixels that halving turns into a visible fringe.
const SHARP: i32 = 56;

/// One sharp block in so many is enough: the edges of coloured words cover little of a picture.
const ONE_IN: usize = 100;

/// Photos have more colours than this among the pixels looked at.
const FEW_COLORS: usize = 256;

impl Subsampling {
    /// Whether colours are stored at half the resolution.
    pub(super) fn halves(self, pixels: &RgbImage, quality: f32) -> bool {
        match self {
            Self::Half => true,
            Self::Full => false,
            Self::Auto => {
                let is_small = u64::from(pixels.width()) * u64::from(pixels.height()) <= SMALL_PIXELS;
                quality < HIGH_QUALITY && !is_small && !has_sharp_colors(pixels)
            }
        }
    }
}

/// Whether it is drawn rather than taken: few colours, or colours that change from one pixel to the next.
fn has_sharp_colors(pixels: &RgbImage) -> bool {
    let (across, down) = (pixels.width() / 2, pixels.height() / 2);
    let (step_x, step_y) = (across.div_ceil(SAMPLES).max(1), down.div_ceil(SAMPLES).max(1));
    let (mut blocks, mut sharp, mut colors) = (0, 0, HashSet::new());
    for y in (0..down).step_by(step_y as usize) {
        // Each row begins elsewhere, so that a pattern does not fall between all places.
        for x in ((7 * y) % step_x..across).step_by(step_x as usize) {
            let block = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .map(|(right, below)| pixels.get_pixel(2 * x + right, 2 * y + below).0);
            blocks += 1;
            sharp += usize::from(is_sharp(block));
            if colors.len() <= FEW_COLORS {
                colors.extend(block);
            }
        }
    }
    let is_gray =
        colors.len() <= FEW_COLORS && colors.iter().all(|[red, green, blue]| red == green && green == blue);
    !is_gray && (colors.len() <= FEW_COLORS || sharp * ONE_IN > blocks)
}

fn is_sharp(block: [[u8; 3]; 4]) -> bool {
    let differences = block.map(|[red, green, blue]| {
        let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
        // Red and blue difference of YCbCr, times 1000.
        (500 * red - 419 * green - 81 * blue, -169 * red - 331 * green + 500 * blue)
    });
    let range = |side: fn(&(i32, i32)) -> i32| {
        let (least, most) = differences
            .iter()
            .map(side)
            .fold((i32::MAX, i32::MIN), |(least, most), value| (least.min(value), most.max(value)));
        most - least
    };
    range(|(red, _)| *red).max(range(|(_, blue)| *blue)) > SHARP * 1000
}
