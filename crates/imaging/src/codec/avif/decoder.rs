//! The C library as a decoder, behind a safe face: its pointers stay in this file.
#![expect(
    unsafe_code,
    reason = "libavif is C; its safe bindings know neither limits, profiles nor encoder options"
)]

use super::frames;
use super::widen::{Channel, HalfPlanes, Plane, Weights, to_rgb};
use crate::format::heif::inner_parts;
use crate::format::profile::LARGEST_PROFILE;
use crate::limits::Limits;
use libavif_sys as avif;
use std::ffi::CStr;
use std::ptr::NonNull;

/// The largest picture that libavif lets itself be told.
const MOST_PIXELS: u32 = avif::AVIF_DEFAULT_IMAGE_SIZE_LIMIT;

/// More frames than any animation that is sent; each costs memory when the file is opened.
const MOST_FRAMES: u32 = 1 << 16;

/// Why libavif did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// A frame inside is larger than what is allowed.
    TooLarge(u32, u32),
    /// It knows what this is, and cannot read it.
    Unsupported(String),
    OutOfMemory,
    /// Everything else.
    Broken(String),
}

/// What a picture is, before its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub width: u32,
    pub height: u32,
    pub depth: u32,
    pub gray: bool,
    pub alpha: bool,
    pub primaries: u16,
    pub transfer: u16,
}

/// Pixels side by side, in the layout that the head implies.
pub(super) enum Samples {
    Eight(Vec<u8>),
    Sixteen(Vec<u16>),
}

/// An open file.
pub(super) struct Decoder<'a> {
    raw: NonNull<avif::avifDecoder>,
    source: NonNull<Source<'a>>,
}

/// What libavif reads from.
struct Source<'a> {
    io: avif::avifIO,
    bytes: &'a [u8],
    /// Bytes of memory that all frames may take together.
    budget: u64,
    /// Pixels that each stretch needs, by its start.
    frames: Vec<(u64, u64)>,
    /// From now on nothing is read but AV1 data.
    is_data: bool,
    refused: Option<Failure>,
}

/// What the decoder holds for a pixel, at most: three planes of 16 bits and the modes of its blocks.
const BYTES_PER_PIXEL: u64 = 8;

/// What describes a grid; a frame takes more.
const LONGEST_GRID: usize = 12;

impl Source<'_> {
    fn read(&mut self, offset: u64, size: usize) -> Option<&[u8]> {
        let start = usize::try_from(offset).ok().filter(|start| *start <= self.bytes.len())?;
        let end = start.saturating_add(size).min(self.bytes.len());
        let part = &self.bytes[start..end];
        let found = frames::walk(part);
        if self.is_data && !found.is_whole {
            self.refused = Some(Failure::Broken("its frames cannot be told apart".to_owned()));
            return None;
        }
        if let Some(size) = found.size {
            self.count(offset, size)?;
        }
        Some(part)
    }

    /// What lies inside the `meta` box does not come through [`read`].
    fn count_inner(&mut self) -> Result<(), Failure> {
        for part in inner_parts(self.bytes).into_iter().filter(|part| part.len() > LONGEST_GRID) {
            let found = frames::walk(part);
            if !found.is_whole {
                return Err(Failure::Unsupported("frames among its properties".to_owned()));
            }
            if let Some(size) = found.size
                && self.count(part.as_ptr() as u64, size).is_none()
            {
                return Err(Failure::TooLarge(size.0, size.1));
            }
        }
        Ok(())
    }

    fn count(&mut self, offset: u64, (width, height): (u32, u32)) -> Option<()> {
        let pixels = u64::from(width) * u64::from(height);
        match self.frames.iter_mut().find(|(start, _)| *start == offset) {
            Some((_, before)) => *before = pixels.max(*before),
            None => self.frames.push((offset, pixels)),
        }
        let all = self.frames.iter().fold(0_u64, |sum, (_, pixels)| sum.saturating_add(*pixels));
        if all.saturating_mul(BYTES_PER_PIXEL) > self.budget {
            self.refused = Some(Failure::TooLarge(width, height));
            return None;
        }
        Some(())
    }
}

/// Gives libavif a part of the file, after a look at it.
///
/// # Safety
/// `io.data` is the [`Source`] that the decoder was opened with.
unsafe extern "C" fn read(
    io: *mut avif::avifIO,
    _flags: u32,
    offset: u64,
    size: usize,
    out: *mut avif::avifROData,
) -> avif::avifResult {
    // SAFETY: `Decoder::open` set `data` to its source, which lives as long as the decoder, and
    // libavif calls this only from within calls that have no reference to it.
    let source = unsafe { &mut *(*io).data.cast::<Source<'_>>() };
    match source.read(offset, size) {
        Some(part) => {
            // SAFETY: libavif passes a place to write to.
            unsafe { *out = avif::avifROData { data: part.as_ptr(), size: part.len() } };
            avif::AVIF_RESULT_OK
        }
        None => avif::AVIF_RESULT_IO_ERROR,
    }
}

impl<'a> Decoder<'a> {
    /// Reads what the container says.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Failure> {
        let budget = limits.max_alloc.max(limits.max_pixels.saturating_mul(BYTES_PER_PIXEL));
        let mut source = Box::new(Source {
            io: avif::avifIO {
                read: Some(read),
                sizeHint: bytes.len() as u64,
                persistent: 1,
                ..avif::avifIO::default()
            },
            bytes,
            budget,
            frames: Vec::new(),
            is_data: false,
            refused: None,
        });
        source.count_inner()?;
        // SAFETY: plain creation; null is checked.
        let raw = NonNull::new(unsafe { avif::avifDecoderCreate() }).ok_or(Failure::OutOfMemory)?;
        let source = NonNull::from(Box::leak(source));
        let decoder = Self { raw, source };
        // SAFETY: both pointers were just made and live as long as `decoder`; no reference to the
        // source exists while libavif runs. The bytes outlive the decoder by its lifetime.
        let result = unsafe {
            let source = source.as_ptr();
            (*source).io.data = source.cast();
            let settings = raw.as_ptr();
            (*settings).codecChoice = avif::AVIF_CODEC_CHOICE_AOM;
            (*settings).maxThreads = 1;
            (*settings).ignoreExif = 1;
            (*settings).ignoreXMP = 1;
            (*settings).imageSizeLimit =
                u32::try_from(limits.max_pixels).unwrap_or(MOST_PIXELS).clamp(1, MOST_PIXELS);
            (*settings).imageDimensionLimit = 1 << 16;
            (*settings).imageCountLimit = MOST_FRAMES;
            // What browsers forgive: older encoders wrote no `pixi`, and a wrong crop is no crop.
            (*settings).strictFlags = avif::AVIF_STRICT_ALPHA_ISPE_REQUIRED;
            avif::avifDecoderSetIO(settings, &raw mut (*source).io);
            avif::avifDecoderParse(settings)
        };
        decoder.done(result)?;
        Ok(decoder)
    }

    /// What is known of the picture.
    pub(super) fn head(&self) -> Head {
        // SAFETY: the decoder owns its image from its creation on.
        let (image, alpha) = unsafe { (&*(*self.raw.as_ptr()).image, (*self.raw.as_ptr()).alphaPresent) };
        Head {
            width: image.width,
            height: image.height,
            depth: image.depth,
            gray: image.yuvFormat == avif::AVIF_PIXEL_FORMAT_YUV400,
            alpha: alpha != 0,
            primaries: image.colorPrimaries,
            transfer: image.transferCharacteristics,
        }
    }

    /// The colour profile, if there is one that can be used.
    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        // SAFETY: as above; the profile is a block that belongs to the image.
        unsafe {
            let icc = (*(*self.raw.as_ptr()).image).icc;
            let is_there = !icc.data.is_null() && (1..=LARGEST_PROFILE).contains(&icc.size);
            is_there.then(|| std::slice::from_raw_parts(icc.data, icc.size).to_vec())
        }
    }

    /// Decodes the picture; of a sequence, the first frame.
    pub(super) fn read(&mut self) -> Result<(), Failure> {
        // SAFETY: the pointers live as long as `self`; no reference to the source exists meanwhile.
        let result = unsafe {
            (*self.source.as_ptr()).is_data = true;
            avif::avifDecoderNextImage(self.raw.as_ptr())
        };
        self.done(result)
    }

    /// The pixels that were read, as RGB with alpha where there is some: 8 bits, or 16 for deeper ones,
    /// unless 8 are enough.
    pub(super) fn samples(&self, are_eight_enough: bool) -> Result<Samples, Failure> {
        let head = self.head();
        if let Some(planes) = self.half_planes::<u8>(&head) {
            return Ok(Samples::Eight(to_rgb(&planes)));
        }
        if let Some(planes) = self.half_planes::<u16>(&head) {
            return Ok(if are_eight_enough {
                Samples::Eight(to_rgb(&planes))
            } else {
                Samples::Sixteen(to_rgb(&planes))
            });
        }
        self.samples_of_libavif(are_eight_enough)
    }

    /// The same by libavif, which knows all kinds of planes.
    pub(super) fn samples_of_libavif(&self, are_eight_enough: bool) -> Result<Samples, Failure> {
        let head = self.head();
        let channels = if head.alpha { 4 } else { 3 };
        let length = head.width as usize * head.height as usize * channels;
        if head.depth == 8 || are_eight_enough {
            let mut pixels = vec![0_u8; length];
            self.convert(pixels.as_mut_ptr(), &head, 1)?;
            Ok(Samples::Eight(pixels))
        } else {
            let mut pixels = vec![0_u16; length];
            self.convert(pixels.as_mut_ptr().cast(), &head, 2)?;
            Ok(Samples::Sixteen(pixels))
        }
    }

    /// The planes, where they have one colour for four pixels and nothing else to think of; `T` is what
    /// one sample is stored in.
    fn half_planes<T: Channel>(&self, head: &Head) -> Option<HalfPlanes<'_, T>> {
        // SAFETY: the decoder owns its image, which does not change while `self` is borrowed.
        let image = unsafe { &*(*self.raw.as_ptr()).image };
        let sample = if head.depth == 8 { 1 } else { 2 };
        let is_plain = image.yuvFormat == avif::AVIF_PIXEL_FORMAT_YUV420
            && image.yuvRange == avif::AVIF_RANGE_FULL
            && !head.alpha
            && head.depth <= 12
            && size_of::<T>() == sample;
        let weights = Weights::of(image.matrixCoefficients).filter(|_| is_plain)?;
        let (width, height) = (head.width as usize, head.height as usize);
        let plane = |channel: usize, width: usize, height: usize| {
            let (start, row) = (image.yuvPlanes[channel].cast_const(), image.yuvRowBytes[channel] as usize);
            let start = start.cast::<T>();
            let stride = row / sample;
            if start.is_null() || !start.is_aligned() || row % sample != 0 || stride < width {
                return None;
            }
            // SAFETY: the plane has that many rows of that many bytes, the last at least as wide as the
            // picture; the pointer is aligned, and any bits are a sample.
            let samples = unsafe { std::slice::from_raw_parts(start, stride * (height - 1) + width) };
            Some(Plane { samples, stride })
        };
        let (across, down) = (width.div_ceil(2), height.div_ceil(2));
        Some(HalfPlanes {
            width,
            height,
            depth: head.depth,
            luma: plane(0, width, height)?,
            differences: [plane(1, across, down)?, plane(2, across, down)?],
            weights,
        })
    }

    /// `pixels` has room for width times height pixels as [`Self::samples`] lays them out, with so many
    /// bytes for a channel.
    fn convert(&self, pixels: *mut u8, head: &Head, bytes: u32) -> Result<(), Failure> {
        let mut rgb = avif::avifRGBImage {
            width: head.width,
            height: head.height,
            depth: 8 * bytes,
            format: if head.alpha { avif::AVIF_RGB_FORMAT_RGBA } else { avif::AVIF_RGB_FORMAT_RGB },
            ignoreAlpha: i32::from(!head.alpha),
            maxThreads: 1,
            pixels,
            rowBytes: head.width * bytes * if head.alpha { 4 } else { 3 },
            ..avif::avifRGBImage::default()
        };
        // SAFETY: `pixels` has rows of `rowBytes`, one for each row of the image, as the caller says.
        let result = unsafe { avif::avifImageYUVToRGB((*self.raw.as_ptr()).image, &raw mut rgb) };
        self.done(result)
    }

    fn done(&self, result: avif::avifResult) -> Result<(), Failure> {
        if result == avif::AVIF_RESULT_OK {
            return Ok(());
        }
        // SAFETY: libavif is not running; the diagnostics are a string that ends in a zero.
        unsafe {
            let refused = (*self.source.as_ptr()).refused.take();
            Err(refused.unwrap_or_else(|| failure(result, &(*self.raw.as_ptr()).diag)))
        }
    }
}

impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        // SAFETY: both were made in `open` and are freed once; the decoder goes first, it may still
        // point into the source.
        unsafe {
            avif::avifDecoderDestroy(self.raw.as_ptr());
            drop(Box::from_raw(self.source.as_ptr()));
        }
    }
}

pub(super) fn failure(result: avif::avifResult, diagnostics: &avif::avifDiagnostics) -> Failure {
    // SAFETY: libavif ends both strings with a zero; the first is static.
    let (name, more) = unsafe {
        (CStr::from_ptr(avif::avifResultToString(result)), CStr::from_ptr(diagnostics.error.as_ptr()))
    };
    let text = format!("{}: {}", name.to_string_lossy(), more.to_string_lossy());
    match result {
        avif::AVIF_RESULT_OUT_OF_MEMORY => Failure::OutOfMemory,
        avif::AVIF_RESULT_NOT_IMPLEMENTED
        | avif::AVIF_RESULT_UNSUPPORTED_DEPTH
        | avif::AVIF_RESULT_REFORMAT_FAILED
        | avif::AVIF_RESULT_NO_CODEC_AVAILABLE => Failure::Unsupported(text),
        _ => Failure::Broken(text),
    }
}
