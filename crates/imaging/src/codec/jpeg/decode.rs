//! JPEG files to pixels.
//!
//! The C library is kept on a lead: it sees a file only after its header was checked, its error
//! handler unwinds instead of leaving the process, and its first warning ends the work, because a
//! warning means that some pixels are made up. What follows the last row cannot change a pixel and
//! is not looked at; that a file is whole is the container's check.

use super::cmyk;
use super::header::Header;
use super::progressive;
use crate::cancel::Cancel;
use crate::codec::{DecodeOptions, guarded, panic_message};
use crate::damage;
use crate::format::jpeg_segments::{END, Segments};
use crate::raster::Raster;
use image::{DynamicImage, GrayImage, RgbImage};
use mozjpeg::{ColorSpace, Decompress};
use mozjpeg_sys::{jpeg_common_struct, jpeg_error_mgr};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, Result};
use std::io::{BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::{io, ptr};

const JPEG: PictureFormat = PictureFormat::Jpeg;

/// Fractions, in eighths, for which the decoder has fast transforms.
const FAST_EIGHTHS: [u32; 3] = [1, 2, 4];

/// How many times larger than what is asked for a picture is decoded at least, so that the filter which
/// scales it the rest of the way still decides how it looks. Against a picture decoded whole and scaled
/// by that filter alone, half the size and 1.3 times the target lost 0.4 points of SSIMULACRA 2 at the
/// same bytes, and saved a quarter of the work.
const MARGIN: (u32, u32) = (5, 4);

/// Rows between two looks at whether to stop.
const ROWS: usize = 64;

/// Bytes handed over between two looks at whether to stop, while a progressive file is read in.
const CHUNK: usize = 256 * 1024;

/// Decodes a JPEG file: gray or RGB, CMYK made sRGB, as stored; at 1/8, 1/4 or 1/2 of its size where
/// that is well above what is asked for.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`; `unsupported` for lossless, arithmetic and
/// 12-bit JPEG.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions<'_>) -> Result<Raster> {
    options.cancel.check()?;
    let header = Header::read(bytes)?;
    let eighths = eighths(&header, options.at_least);
    header.check(options.limits, eighths)?;
    if !options.allow_damaged {
        // A mistake in a short cut is no reason to give up a picture.
        let short = guarded(JPEG, || Ok(progressive::decode(bytes, &header, eighths, options.cancel)));
        if let Ok(Some(raster)) = short {
            return Ok(raster);
        }
    }
    options.cancel.check()?;
    let decoded = by_the_library(bytes, &header, eighths, options);
    if decoded.is_err()
        && options.allow_damaged
        && let Some(whole) = whole_segments(bytes)
    {
        return by_the_library(&whole, &header, eighths, options);
    }
    decoded
}

/// The segments of a file that breaks off in the head of one, with an end behind them: a decoder would
/// take a head without its end for nonsense, and give up what it has.
fn whole_segments(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut end = 0;
    for segment in Segments::new(bytes) {
        match segment {
            Ok(segment) => end = segment.range.end,
            Err(_) => return Some([&bytes[..end], &[0xff, END]].concat()),
        }
    }
    None
}

/// The decoder stops by unwinding, with or without a message.
pub(super) fn by_the_library(
    bytes: &[u8],
    header: &Header,
    eighths: u32,
    options: &DecodeOptions<'_>,
) -> Result<Raster> {
    let decoded = catch_unwind(AssertUnwindSafe(|| pixels(bytes, header, eighths, options)));
    options.cancel.check()?;
    match decoded {
        Ok(Ok(raster)) => Ok(raster),
        Ok(Err(Failure::Stopped(error))) => Err(error),
        Ok(Err(Failure::Decoder(error))) => Err(undecodable().detail(error)),
        Err(panic) if panic.is::<Unwound>() => Err(undecodable()),
        Err(panic) => Err(damage::damaged(JPEG, "its decoder gave up").detail(panic_message(&*panic))),
    }
}

/// The fraction that is enough for the size asked for.
pub(super) fn eighths(header: &Header, at_least: Option<(u32, u32)>) -> u32 {
    let Some((width, height)) = at_least else { return 8 };
    let (times, of) = MARGIN;
    let with_margin = |length: u32| length.saturating_mul(times).div_ceil(of);
    let is_enough = |eighths: u32| {
        let scaled = header.scaled(eighths);
        scaled.0 >= with_margin(width) && scaled.1 >= with_margin(height)
    };
    FAST_EIGHTHS.into_iter().find(|eighths| is_enough(*eighths)).unwrap_or(8)
}

enum Failure {
    Stopped(Box<Error>),
    Decoder(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Decoder(error)
    }
}

impl From<Box<Error>> for Failure {
    fn from(error: Box<Error>) -> Self {
        Self::Stopped(error)
    }
}

fn undecodable() -> Box<Error> {
    damage::damaged(JPEG, "its pixels cannot be decoded")
}

fn pixels(
    bytes: &[u8],
    header: &Header,
    eighths: u32,
    options: &DecodeOptions<'_>,
) -> std::result::Result<Raster, Failure> {
    let source = Source { rest: bytes, cancel: options.cancel };
    let mut decoder = Decompress::with_err(error_handler(options.allow_damaged)).from_reader(source)?;
    let (width, height) = header.scaled(8);
    if decoder.size() != (width as usize, height as usize) {
        return Err(undecodable().into());
    }
    decoder.scale(u8::try_from(eighths).unwrap_or(8));
    // What is there of a damaged picture is shown as it is, and a whole one has nothing to smooth.
    decoder.do_block_smoothing(false);
    let icc = header.icc.clone();
    match header.components.len() {
        1 => {
            let (width, height, samples) = rows(decoder, ColorSpace::JCS_GRAYSCALE, options.cancel)?;
            let pixels = GrayImage::from_raw(width, height, samples).ok_or_else(undecodable)?;
            Ok(Raster { pixels: DynamicImage::ImageLuma8(pixels), icc })
        }
        3 => {
            let (width, height, samples) = rows(decoder, ColorSpace::JCS_RGB, options.cancel)?;
            let pixels = RgbImage::from_raw(width, height, samples).ok_or_else(undecodable)?;
            Ok(Raster { pixels: DynamicImage::ImageRgb8(pixels), icc })
        }
        _ => {
            let inks = cmyk::Inks::new(icc.as_deref());
            let (width, height, samples) = cmyk_rows(decoder, &inks, options.cancel)?;
            let pixels = RgbImage::from_raw(width, height, samples).ok_or_else(undecodable)?;
            Ok(Raster::srgb(DynamicImage::ImageRgb8(pixels)))
        }
    }
}

type Rows = std::result::Result<(u32, u32, Vec<u8>), Failure>;

fn rows(decoder: Decompress<Source<'_>>, colors: ColorSpace, cancel: &Cancel) -> Rows {
    let mut started = decoder.to_colorspace(colors)?;
    let (width, height) = (started.width(), started.height());
    let mut samples = vec![0; started.min_flat_buffer_size()];
    let row = samples.len() / height.max(1);
    for rows in samples.chunks_mut(ROWS * row.max(1)) {
        cancel.check()?;
        started.read_scanlines_into(rows)?;
    }
    Ok((side(width)?, side(height)?, samples))
}

/// Rows of four inks become rows of three colours as they come, so that they are never held both.
fn cmyk_rows(decoder: Decompress<Source<'_>>, inks: &cmyk::Inks, cancel: &Cancel) -> Rows {
    let mut started = decoder.to_colorspace(ColorSpace::JCS_CMYK)?;
    let (width, height) = (started.width(), started.height());
    let mut samples = vec![0; width * height * 3];
    let mut four = vec![0; width * 4 * ROWS];
    for rows in samples.chunks_mut(ROWS * width.max(1) * 3) {
        cancel.check()?;
        let four = &mut four[..rows.len() / 3 * 4];
        started.read_scanlines_into(&mut *four)?;
        inks.to_srgb(four, rows)?;
    }
    Ok((side(width)?, side(height)?, samples))
}

fn side(length: usize) -> std::result::Result<u32, Failure> {
    u32::try_from(length).map_err(|_| undecodable().into())
}

/// Hands the file over in parts, and nothing more once the work is to stop.
struct Source<'a> {
    rest: &'a [u8],
    cancel: &'a Cancel,
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.rest.read(into)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.cancel.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        Ok(&self.rest[..self.rest.len().min(CHUNK)])
    }

    fn consume(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }
}

/// Carried by the unwinding that the error handler begins: a damaged file, not a mistake of ours.
pub(super) struct Unwound;

/// An error handler that unwinds instead of ending the process, and prints nothing.
pub(super) fn error_handler(overlooks_warnings: bool) -> jpeg_error_mgr {
    let warned: extern "C-unwind" fn(&mut jpeg_common_struct, i32) =
        if overlooks_warnings { overlook } else { unwind_on_warning };
    jpeg_error_mgr {
        error_exit: Some(unwind),
        emit_message: Some(warned),
        output_message: Some(ignore),
        format_message: None,
        reset_error_mgr: Some(ignore),
        msg_code: 0,
        msg_parm: mozjpeg_sys::msg_parm_union::default(),
        trace_level: 0,
        num_warnings: 0,
        jpeg_message_table: ptr::null(),
        last_jpeg_message: 0,
        addon_message_table: ptr::null(),
        first_addon_message: 0,
        last_addon_message: 0,
    }
}

extern "C-unwind" fn unwind(_: &mut jpeg_common_struct) {
    // Without the panic handler: a damaged file is nothing to report from there.
    resume_unwind(Box::new(Unwound));
}

extern "C-unwind" fn unwind_on_warning(_: &mut jpeg_common_struct, level: i32) {
    // Other levels are news about the file.
    if level < 0 {
        resume_unwind(Box::new(Unwound));
    }
}

extern "C-unwind" fn overlook(_: &mut jpeg_common_struct, _: i32) {}

extern "C-unwind" fn ignore(_: &mut jpeg_common_struct) {}
