//! Writes PNG without changing a pixel.
//!
//! `Effort::Small` may change the colour of pixels that are wholly transparent, which nobody can see;
//! `Effort::Fast` leaves even those.

use super::FORMAT;
use super::{decode, filter, pack};
use crate::bytes_reader::BytesReader;
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::codec::guarded;
use crate::damage;
use crate::format;
use crate::limits::Limits;
use crate::raster::Raster;
use image::DynamicImage;
use oxipng::{
    BitDepth, ColorType, Deflater, FilterStrategy, Options, PngError, RGB16, RGBA8, RawImage, StripChunks,
    indexset,
};
use picferry_core::images::Effort;
use picferry_core::{Error, ErrorCode, Result};
use png::Transformations;

/// A file is only replaced by one that is smaller by one part in so many, and by so many bytes. What
/// is less is luck with the order of a palette, and a second run would have other luck.
const LEAST_PART: usize = 200;
const LEAST_BYTES: usize = 8;

/// Pixels as they are put into a file, with the chunks that go with them.
pub(crate) struct Source {
    pub width: u32,
    pub height: u32,
    pub color: ColorType,
    pub depth: BitDepth,
    /// In the order of a PNG file, without filters.
    pub data: Vec<u8>,
    pub chunks: Vec<([u8; 4], Vec<u8>)>,
    pub icc: Option<bytes::Bytes>,
}

/// Writes a picture; 16 bits stay unless the lower eight say nothing.
///
/// # Errors
/// `cancelled`.
pub(crate) fn encode(raster: &Raster, effort: Effort, cancel: &Cancel) -> Result<Vec<u8>> {
    write(source(raster), effort, cancel)
}

/// Writes a PNG file smaller, with the same pixels, chunks and animation. A file that cannot be
/// made noticeably smaller comes back as it is.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn repack(bytes: &[u8], effort: Effort, cancel: &Cancel) -> Result<Vec<u8>> {
    let limits = Limits::default();
    let options = DecodeOptions { limits: &limits, cancel, allow_damaged: false, at_least: None };
    let chunks = format::png_chunks(bytes)?;
    let smaller = if chunks.iter().any(|(kind, _)| kind == b"acTL") {
        repack_animation(bytes, &chunks, effort, &options)?
    } else {
        let source = guarded(FORMAT, || read(bytes, &chunks, &options))?;
        write(source, effort, cancel)?
    };
    let is_worth_it = smaller.len() + bytes.len() / LEAST_PART + LEAST_BYTES < bytes.len();
    Ok(if is_worth_it { smaller } else { bytes.to_vec() })
}

/// The pixels of a file as they are stored, and its chunks.
fn read(bytes: &[u8], chunks: &[([u8; 4], &[u8])], options: &DecodeOptions) -> Result<Source> {
    let mut reader = decode::open(bytes, options, Transformations::IDENTITY, 1)?;
    let data = decode::read_still(&mut reader, options)?;
    let info = reader.info();
    let depth = match info.bit_depth {
        png::BitDepth::One => BitDepth::One,
        png::BitDepth::Two => BitDepth::Two,
        png::BitDepth::Four => BitDepth::Four,
        png::BitDepth::Eight => BitDepth::Eight,
        png::BitDepth::Sixteen => BitDepth::Sixteen,
    };
    // As it stands in the file: the library keeps only the lower half of it for eight bits.
    let transparent = chunks.iter().find(|(kind, _)| kind == b"tRNS").map(|(_, data)| *data);
    let color = match info.color_type {
        png::ColorType::Grayscale => {
            ColorType::Grayscale { transparent_shade: transparent.and_then(|trns| sample(trns, 0)) }
        }
        png::ColorType::Rgb => ColorType::RGB { transparent_color: transparent.and_then(transparent_color) },
        png::ColorType::Indexed => ColorType::Indexed { palette: palette(info) },
        png::ColorType::GrayscaleAlpha => ColorType::GrayscaleAlpha,
        png::ColorType::Rgba => ColorType::RGBA,
    };
    let (width, height) = info.size();
    let chunks = chunks.iter().filter(|(kind, _)| is_kept(*kind)).map(|(kind, data)| (*kind, data.to_vec()));
    Ok(Source { width, height, color, depth, data, chunks: chunks.collect(), icc: None })
}

/// Not what is written anew, nor signatures and offsets that only fit the old bytes.
fn is_kept(kind: [u8; 4]) -> bool {
    !matches!(&kind, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" | b"caBX" | b"iDOT")
}

fn sample(bytes: &[u8], number: usize) -> Option<u16> {
    bytes.as_chunks::<2>().0.get(number).map(|sample| u16::from_be_bytes(*sample))
}

fn transparent_color(trns: &[u8]) -> Option<RGB16> {
    Some(RGB16::new(sample(trns, 0)?, sample(trns, 1)?, sample(trns, 2)?))
}

fn palette(info: &png::Info<'_>) -> Vec<RGBA8> {
    let colors = info.palette.as_deref().unwrap_or_default().as_chunks::<3>().0;
    let alpha = info.trns.as_deref().unwrap_or_default();
    let alpha = alpha.iter().copied().chain(std::iter::repeat(u8::MAX));
    colors
        .iter()
        .zip(alpha)
        .map(|([red, green, blue], alpha)| RGBA8::new(*red, *green, *blue, alpha))
        .collect()
}

/// Animations keep the kind of their pixels: only filters and compression are chosen anew.
fn repack_animation(
    bytes: &[u8],
    chunks: &[([u8; 4], &[u8])],
    effort: Effort,
    options: &DecodeOptions,
) -> Result<Vec<u8>> {
    // The writer takes memory for as many pixels as each frame says it has, also for frames beyond
    // the number that the animation says it has: so each has to be as small as the ones read here.
    let animation = guarded(FORMAT, || decode::decode_animation(bytes, options))?;
    let frames = chunks.iter().filter(|(kind, _)| kind == b"fcTL");
    for (_, frame) in frames {
        let mut reader = BytesReader::at(frame, 4);
        let (width, height) = (reader.u32_be(), reader.u32_be());
        let is_inside = width.is_some_and(|width| width <= animation.width)
            && height.is_some_and(|height| height <= animation.height);
        if !is_inside {
            return Err(damage::damaged(FORMAT, "a frame is larger than the picture"));
        }
    }
    options.cancel.check()?;
    let mut settings = settings(effort);
    settings.max_decompressed_size = usize::try_from(options.limits.max_alloc).ok();
    let written = guarded(FORMAT, || Ok(oxipng::optimize_from_memory(bytes, &settings)))?;
    options.cancel.check()?;
    written.map_err(|error| damage::damaged(FORMAT, "its pixels cannot be decoded").detail(error))
}

fn source(raster: &Raster) -> Source {
    let pixels = &raster.pixels;
    let wide = |pixels: &[u16]| pixels.iter().flat_map(|sample| sample.to_be_bytes()).collect::<Vec<u8>>();
    let (eight, sixteen) = (BitDepth::Eight, BitDepth::Sixteen);
    let gray = ColorType::Grayscale { transparent_shade: None };
    let rgb = ColorType::RGB { transparent_color: None };
    let (color, depth, data) = match pixels {
        DynamicImage::ImageLuma8(pixels) => (gray, eight, pixels.to_vec()),
        DynamicImage::ImageLumaA8(pixels) => (ColorType::GrayscaleAlpha, eight, pixels.to_vec()),
        DynamicImage::ImageRgb8(pixels) => (rgb, eight, pixels.to_vec()),
        DynamicImage::ImageRgba8(pixels) => (ColorType::RGBA, eight, pixels.to_vec()),
        DynamicImage::ImageLuma16(pixels) => (gray, sixteen, wide(pixels)),
        DynamicImage::ImageLumaA16(pixels) => (ColorType::GrayscaleAlpha, sixteen, wide(pixels)),
        DynamicImage::ImageRgb16(pixels) => (rgb, sixteen, wide(pixels)),
        DynamicImage::ImageRgba16(pixels) => (ColorType::RGBA, sixteen, wide(pixels)),
        other => (ColorType::RGBA, sixteen, wide(&other.to_rgba16())),
    };
    Source {
        width: raster.width(),
        height: raster.height(),
        color,
        depth,
        data,
        chunks: Vec::new(),
        icc: raster.icc.clone(),
    }
}

/// Writes pixels with the reductions, the filter and the compression that suit them.
pub(crate) fn write(source: Source, effort: Effort, cancel: &Cancel) -> Result<Vec<u8>> {
    cancel.check()?;
    let mut settings = settings(effort);
    let mut packing = None;
    if effort == Effort::Fast {
        let filter = filter::choose(&source);
        cancel.check()?;
        packing = Some(pack::config(&filter));
        settings.filters = indexset! {filter};
        // Indices are a third of the bytes that a picture has, and small enough to look at them twice: of
        // noise this takes less, of screenshots the other.
        let compression = if matches!(source.color, ColorType::Indexed { .. }) { 10 } else { 0 };
        settings.deflater = Deflater::Libdeflater { compression };
    }
    // Each row has a byte for its filter and may end within a byte; the seven passes of an interlaced
    // picture have nearly twice as many rows.
    let most = source.data.len() + 4 * source.height as usize + 64;
    let image = RawImage::new(source.width, source.height, source.color, source.depth, source.data);
    let mut image = image.map_err(|error| failed(&error))?;
    for (kind, data) in source.chunks {
        image.add_png_chunk(kind, data);
    }
    if let Some(icc) = &source.icc {
        image.add_icc_profile(icc);
    }
    let written = guarded(FORMAT, || Ok(image.create_optimized_png(&settings)))?;
    cancel.check()?;
    let written = written.map_err(|error| failed(&error))?;
    let Some(packing) = packing else { return Ok(written) };
    let packed = guarded(FORMAT, || pack::packed(&written, most, packing))?;
    cancel.check()?;
    Ok(if packed.len() < written.len() { packed } else { written })
}

fn failed(error: &PngError) -> Box<Error> {
    Error::new(ErrorCode::Internal, "The PNG file could not be written.").detail(error)
}

fn settings(effort: Effort) -> Options {
    let mut settings = Options {
        force: true,
        // Chunks stay, but one that says what a reduced picture does not need to be told may go.
        strip: StripChunks::Strip(indexset! {}),
        ..Options::default()
    };
    match effort {
        Effort::Fast => {
            settings.filters = indexset! {FilterStrategy::NONE};
            // For animations; still pictures are packed by other means. 10 saves another 2 % and takes four
            // times as long.
            settings.deflater = Deflater::Libdeflater { compression: 9 };
        }
        Effort::Small => {
            settings.optimize_alpha = true;
            settings.filters = filter::candidates();
            settings.filters.insert(FilterStrategy::Entropy);
        }
    }
    settings
}
