//! Reads PNG: every kind of it, and animations.

use super::FORMAT;
use crate::animation::{Animation, Blend, Dispose, Frames, Part};
use crate::codec::DecodeOptions;
use crate::codec::guarded;
use crate::damage;
use crate::format::png_profile;
use crate::raster::Raster;
use image::{DynamicImage, ImageBuffer};
use picferry_core::{Error, Result};
use png::{BitDepth, BlendOp, ColorType, Decoder, DecodingError, DisposeOp, Transformations};
use std::io::Cursor;

/// What the chunks beside the pixels may take. Those with something packed inside are passed over.
const BESIDE_PIXELS: usize = 16 * 1024 * 1024;

pub(super) type Reader<'a> = png::Reader<Cursor<&'a [u8]>>;

/// The picture; of an animation, what a viewer that knows no animations shows.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    guarded(FORMAT, || {
        let mut reader = open(bytes, options, Transformations::EXPAND, 1)?;
        let icc = png_profile(bytes);
        let (width, height) = reader.info().size();
        let (color, depth) = reader.output_color_type();
        let pixels = read_still(&mut reader, options)?;
        let pixels = to_picture(width, height, color, depth, pixels)
            .ok_or_else(|| damage::damaged(FORMAT, "it has another size than it says"))?;
        Ok(Raster { pixels, icc })
    })
}

/// All frames; of a picture that does not move, that one.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode_animation(bytes: &[u8], options: &DecodeOptions) -> Result<Animation> {
    guarded(FORMAT, || {
        let expected = expected_frames(bytes, options)?;
        let transformations = Transformations::EXPAND | Transformations::ALPHA;
        let mut reader = open(bytes, options, transformations, expected.max(1))?;
        let icc = png_profile(bytes);
        let (width, height) = reader.info().size();
        let mut frames = Frames::new(options, width, height, expected.max(1).into())?;
        let mut buffer = vec![0; buffer_size(&reader, options)?];
        let loops = reader.info().animation_control().map_or(1, |control| control.num_plays);
        if expected > 0 && reader.info().frame_control().is_none() {
            // A picture for viewers that know no animations, and no frame.
            reader.next_frame(&mut buffer).map_err(|error| unreadable(&error, options, width, height))?;
        }
        for _ in 0..expected.max(1) {
            match next_frame(&mut reader, &mut buffer) {
                Ok(frame) => frames.push(&frame.part, &frame.pixels, frame.delay_ms)?,
                Err(_) if options.allow_damaged && !frames.is_empty() => break,
                Err(error) => return Err(unreadable(&error, options, width, height)),
            }
        }
        Ok(frames.finish(loops, icc))
    })
}

/// Reads everything before the pixels, and refuses what is too large before it takes memory.
pub(super) fn open<'a>(
    bytes: &'a [u8],
    options: &DecodeOptions,
    transformations: Transformations,
    frames: u32,
) -> Result<Reader<'a>> {
    options.cancel.check()?;
    let mut decoder = Decoder::new(Cursor::new(bytes));
    let header = decoder.read_header_info().map_err(|error| unreadable(&error, options, 0, 0))?;
    let (width, height) = header.size();
    options.limits.check(width, height)?;
    // Two lines of the widest kind for each frame: eight bytes a pixel.
    let lines = (width as usize).saturating_mul(16).saturating_mul(frames as usize + 1);
    decoder.set_limits(png::Limits { bytes: lines.saturating_add(BESIDE_PIXELS) });
    decoder.set_transformations(transformations);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.ignore_checksums(options.allow_damaged);
    decoder.read_info().map_err(|error| unreadable(&error, options, width, height))
}

/// The bytes of the largest frame, within the limits.
pub(super) fn buffer_size(reader: &Reader<'_>, options: &DecodeOptions) -> Result<usize> {
    let (width, height) = reader.info().size();
    let refused = || options.limits.out_of_memory(width, height);
    let size = reader.output_buffer_size().ok_or_else(refused)?;
    // Sixteen bits are turned from the order of the file into that of the machine, in a copy.
    let copies = if reader.output_color_type().1 == BitDepth::Sixteen { 2 } else { 1 };
    if (size as u64).saturating_mul(copies) <= options.limits.max_alloc { Ok(size) } else { Err(refused()) }
}

/// The pixels of the first picture, in the order of the file.
pub(super) fn read_still(reader: &mut Reader<'_>, options: &DecodeOptions) -> Result<Vec<u8>> {
    let (width, height) = reader.info().size();
    let mut pixels = vec![0; buffer_size(reader, options)?];
    match reader.next_frame(&mut pixels) {
        Ok(_) => Ok(pixels),
        // What was read so far stands in the buffer, and the rest of it is empty.
        Err(_) if options.allow_damaged => Ok(pixels),
        Err(error) => Err(unreadable(&error, options, width, height)),
    }
}

/// Frames that the animation says it has; 0 without one.
fn expected_frames(bytes: &[u8], options: &DecodeOptions) -> Result<u32> {
    let reader = open(bytes, options, Transformations::IDENTITY, 1)?;
    Ok(reader.info().animation_control().map_or(0, |control| control.num_frames))
}

struct Drawn {
    part: Part,
    pixels: Vec<u8>,
    delay_ms: u32,
}

fn next_frame(reader: &mut Reader<'_>, buffer: &mut [u8]) -> Result<Drawn, DecodingError> {
    let output = reader.next_frame(buffer)?;
    // The decoder lays the lines of a part of an interlaced picture as wide as the whole.
    let stride = if reader.info().interlaced { reader.output_line_size(reader.info().width) } else { None };
    let stride = stride.unwrap_or(output.line_size).max(1);
    let mut pixels = Vec::new();
    for line in buffer.chunks(stride).take(output.height as usize) {
        push_rgba(
            &mut pixels,
            line.get(..output.line_size).unwrap_or(line),
            output.color_type,
            output.bit_depth,
        );
    }
    let whole = Part {
        x: 0,
        y: 0,
        width: output.width,
        height: output.height,
        dispose: Dispose::Keep,
        blend: Blend::Replace,
    };
    let Some(control) = reader.info().frame_control() else {
        return Ok(Drawn { part: whole, pixels, delay_ms: 0 });
    };
    let part = Part {
        x: control.x_offset,
        y: control.y_offset,
        dispose: match control.dispose_op {
            DisposeOp::None => Dispose::Keep,
            DisposeOp::Background => Dispose::Clear,
            DisposeOp::Previous => Dispose::Restore,
        },
        blend: match control.blend_op {
            BlendOp::Source => Blend::Replace,
            BlendOp::Over => Blend::Over,
        },
        ..whole
    };
    // No parts of a second means hundredths.
    let parts = if control.delay_den == 0 { 100 } else { control.delay_den };
    let delay_ms = u32::from(control.delay_num) * 1000 / u32::from(parts);
    Ok(Drawn { part, pixels, delay_ms })
}

/// Appends a line of gray or colour with alpha as RGBA of eight bits.
fn push_rgba(out: &mut Vec<u8>, line: &[u8], color: ColorType, depth: BitDepth) {
    if depth == BitDepth::Sixteen {
        let narrow = line.as_chunks::<2>().0.iter().map(|sample| {
            let sample = u32::from(u16::from_be_bytes(*sample));
            u8::try_from((sample * 255 + 32_767) / 65_535).unwrap_or(u8::MAX)
        });
        push_rgba(out, &narrow.collect::<Vec<u8>>(), color, BitDepth::Eight);
    } else if color == ColorType::GrayscaleAlpha {
        out.extend(line.as_chunks::<2>().0.iter().flat_map(|[gray, alpha]| [*gray, *gray, *gray, *alpha]));
    } else {
        out.extend_from_slice(line);
    }
}

fn to_picture(
    width: u32,
    height: u32,
    color: ColorType,
    depth: BitDepth,
    pixels: Vec<u8>,
) -> Option<DynamicImage> {
    Some(if depth == BitDepth::Sixteen {
        let pixels: Vec<u16> =
            pixels.as_chunks::<2>().0.iter().map(|sample| u16::from_be_bytes(*sample)).collect();
        match color {
            ColorType::Grayscale => DynamicImage::ImageLuma16(ImageBuffer::from_raw(width, height, pixels)?),
            ColorType::GrayscaleAlpha => {
                DynamicImage::ImageLumaA16(ImageBuffer::from_raw(width, height, pixels)?)
            }
            ColorType::Rgb => DynamicImage::ImageRgb16(ImageBuffer::from_raw(width, height, pixels)?),
            ColorType::Rgba => DynamicImage::ImageRgba16(ImageBuffer::from_raw(width, height, pixels)?),
            ColorType::Indexed => return None,
        }
    } else {
        match color {
            ColorType::Grayscale => DynamicImage::ImageLuma8(ImageBuffer::from_raw(width, height, pixels)?),
            ColorType::GrayscaleAlpha => {
                DynamicImage::ImageLumaA8(ImageBuffer::from_raw(width, height, pixels)?)
            }
            ColorType::Rgb => DynamicImage::ImageRgb8(ImageBuffer::from_raw(width, height, pixels)?),
            ColorType::Rgba => DynamicImage::ImageRgba8(ImageBuffer::from_raw(width, height, pixels)?),
            ColorType::Indexed => return None,
        }
    })
}

fn unreadable(error: &DecodingError, options: &DecodeOptions, width: u32, height: u32) -> Box<Error> {
    match error {
        DecodingError::LimitsExceeded => options.limits.out_of_memory(width, height).detail(error),
        _ => damage::damaged(FORMAT, "its pixels cannot be decoded").detail(error),
    }
}
