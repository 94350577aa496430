//! Chooses how the rows of a picture are filtered, from a part of them.
//!
//! Filters help smooth pictures and harm flat ones. Trying all of them on all rows costs several
//! times what writing the file does; trying them on every sixth row, in bands, costs a part of it.

use super::encode::Source;
use oxipng::{BitDepth, ColorType, Deflater, FilterStrategy, IndexSet, Options, RawImage, indexset};
use std::collections::HashSet;

/// Rows that lie together, so that what is repeated from row to row is seen.
const BAND: usize = 8;

/// One of so many bands is looked at.
const ONE_OF: usize = 6;

/// With fewer bytes all of it is looked at.
const SMALL: usize = 64 * 1024;

/// The filters that are tried.
pub(super) fn candidates() -> IndexSet<FilterStrategy> {
    indexset! {
        FilterStrategy::NONE,
        FilterStrategy::SUB,
        FilterStrategy::PAETH,
        FilterStrategy::MinSum,
        FilterStrategy::Bigrams,
    }
}

/// The filter that suits a picture.
pub(super) fn choose(source: &Source) -> FilterStrategy {
    let is_of_indices = matches!(source.color, ColorType::Indexed { .. }) || (source.depth as u8) < 8;
    if is_of_indices || is_flat(source) || has_few_colors(source) {
        return FilterStrategy::NONE;
    }
    let (data, rows) = sample(source);
    let size = |filter: FilterStrategy| {
        let image =
            RawImage::new(source.width, rows, source.color.clone(), source.depth, data.clone()).ok()?;
        let settings = Options {
            filters: indexset! {filter},
            deflater: Deflater::Libdeflater { compression: 5 },
            palette_reduction: false,
            ..Options::default()
        };
        image.create_optimized_png(&settings).ok().map(|file| file.len())
    };
    let sizes = candidates().into_iter().filter_map(|filter| Some((size(filter.clone())?, filter)));
    sizes.min_by_key(|(size, _)| *size).map_or(FilterStrategy::NONE, |(_, filter)| filter)
}

/// Whether most pixels are like the one before them: then what is repeated tells more than differences.
fn is_flat(source: &Source) -> bool {
    let channels = match source.color {
        ColorType::Grayscale { .. } | ColorType::Indexed { .. } => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::RGB { .. } => 3,
        ColorType::RGBA => 4,
    };
    let pixel = channels * (source.depth as usize / 8).max(1);
    let (mut same, mut all) = (0_usize, 0_usize);
    for row in source.data.chunks_exact((source.width as usize * pixel).max(1)).step_by(BAND) {
        let pairs = row.chunks_exact(pixel).zip(row.chunks_exact(pixel).skip(1));
        same += pairs.filter(|(one, next)| one == next).count();
        all += (source.width as usize).saturating_sub(1);
    }
    same * 10 > all * FLAT_TENTHS
}

/// Tenths of the pixels of a flat picture, at least, that are like the one before.
const FLAT_TENTHS: usize = 7;

/// Some bands of rows, all over the picture.
fn sample(source: &Source) -> (Vec<u8>, u32) {
    let row = source.data.len() / (source.height.max(1) as usize);
    if source.data.len() <= SMALL || row == 0 {
        return (source.data.clone(), source.height);
    }
    let bands = source.data.chunks(row * BAND).skip(ONE_OF / 2).step_by(ONE_OF);
    let data: Vec<u8> = bands.flatten().copied().collect();
    let rows = u32::try_from(data.len() / row).unwrap_or(source.height);
    if rows == 0 { (source.data.clone(), source.height) } else { (data, rows) }
}

/// Whether it will get a palette: filters only harm indices.
fn has_few_colors(source: &Source) -> bool {
    let bytes = match (&source.color, source.depth) {
        (ColorType::RGB { .. }, BitDepth::Eight) => 3,
        (ColorType::RGBA, BitDepth::Eight) => 4,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => 2,
        _ => return false,
    };
    let mut colors = HashSet::new();
    let mut last: &[u8] = &[];
    for pixel in source.data.chunks_exact(bytes) {
        if pixel != last && colors.insert(pixel) && colors.len() > 256 {
            return false;
        }
        last = pixel;
    }
    true
}
