//! The C library as an encoder, behind a safe face: its pointers stay in this file.
#![expect(unsafe_code, reason = "libavif is C; its safe bindings know neither profiles nor encoder options")]

use super::decoder::{Failure, failure};
use super::planes::{Chroma, Planes};
use libavif_sys as avif;
use std::ffi::{CString, c_char};
use std::ptr::NonNull;

/// How a picture is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// 0 is slowest.
    pub speed: i32,
    /// 0 to 63; lower is better.
    pub quantizer: u32,
    /// The same for alpha.
    pub alpha_quantizer: u32,
    pub threads: u32,
    /// Names and values for the encoder below.
    pub options: Vec<(&'static str, String)>,
}

/// Writes a file. The planes are let go before it begins: the encoder has copies of its own.
pub(super) fn write(planes: Planes, profile: Option<&[u8]>, settings: &Settings) -> Result<Vec<u8>, Failure> {
    let image = Image::of(&planes, profile)?;
    drop(planes);
    let encoder = Encoder::new()?;
    // SAFETY: encoder, image and output live through the call; the output is copied and freed.
    unsafe {
        let raw = encoder.0.as_ptr();
        (*raw).codecChoice = avif::AVIF_CODEC_CHOICE_AOM;
        (*raw).maxThreads = i32::try_from(settings.threads.max(1)).unwrap_or(1);
        (*raw).speed = settings.speed;
        (*raw).minQuantizer = 0;
        (*raw).maxQuantizer = 63;
        (*raw).minQuantizerAlpha = 0;
        (*raw).maxQuantizerAlpha = 63;
        for (name, value) in &settings.options {
            encoder.set(name, value)?;
        }
        encoder.set("color:cq-level", &settings.quantizer.to_string())?;
        encoder.set("alpha:cq-level", &settings.alpha_quantizer.to_string())?;
        let mut output = avif::avifRWData::default();
        let result = avif::avifEncoderWrite(raw, image.0.as_ptr(), &raw mut output);
        let file = if result == avif::AVIF_RESULT_OK && !output.data.is_null() {
            Ok(std::slice::from_raw_parts(output.data, output.size).to_vec())
        } else {
            Err(failure(result, &(*raw).diag))
        };
        avif::avifRWDataFree(&raw mut output);
        file
    }
}

struct Encoder(NonNull<avif::avifEncoder>);

impl Encoder {
    fn new() -> Result<Self, Failure> {
        // SAFETY: plain creation; null is checked.
        NonNull::new(unsafe { avif::avifEncoderCreate() }).map(Self).ok_or(Failure::OutOfMemory)
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Failure> {
        let text =
            |text: &str| CString::new(text).map_err(|_| Failure::Broken("an option with a zero".to_owned()));
        let (name, value) = (text(name)?, text(value)?);
        let (name, value): (*const c_char, *const c_char) = (name.as_ptr(), value.as_ptr());
        // SAFETY: libavif copies both strings.
        let result = unsafe { avif::avifEncoderSetCodecSpecificOption(self.0.as_ptr(), name, value) };
        if result == avif::AVIF_RESULT_OK { Ok(()) } else { Err(Failure::OutOfMemory) }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: made in `new`, freed once.
        unsafe { avif::avifEncoderDestroy(self.0.as_ptr()) }
    }
}

struct Image(NonNull<avif::avifImage>);

impl Image {
    fn of(planes: &Planes, profile: Option<&[u8]>) -> Result<Self, Failure> {
        let format = match planes.chroma {
            Chroma::None => avif::AVIF_PIXEL_FORMAT_YUV400,
            Chroma::Half => avif::AVIF_PIXEL_FORMAT_YUV420,
            Chroma::Full => avif::AVIF_PIXEL_FORMAT_YUV444,
        };
        // SAFETY: plain creation; null is checked.
        let raw = unsafe { avif::avifImageCreate(planes.width, planes.height, planes.depth, format) };
        let image = Self(NonNull::new(raw).ok_or(Failure::OutOfMemory)?);
        let kinds = avif::AVIF_PLANES_YUV | if planes.alpha.is_some() { avif::AVIF_PLANES_A } else { 0 };
        // SAFETY: the image is ours alone; libavif copies the profile.
        unsafe {
            (*raw).yuvRange = avif::AVIF_RANGE_FULL;
            (*raw).matrixCoefficients = avif::AVIF_MATRIX_COEFFICIENTS_BT601 as u16;
            match profile {
                Some(profile) => {
                    check(avif::avifImageSetProfileICC(raw, profile.as_ptr(), profile.len()))?;
                }
                None => {
                    (*raw).colorPrimaries = avif::AVIF_COLOR_PRIMARIES_BT709 as u16;
                    (*raw).transferCharacteristics = avif::AVIF_TRANSFER_CHARACTERISTICS_SRGB as u16;
                }
            }
            check(avif::avifImageAllocatePlanes(raw, kinds))?;
        }
        let size = (planes.width, planes.height);
        image.fill(avif::AVIF_CHAN_Y, &planes.luma, size, planes.depth);
        if planes.chroma != Chroma::None {
            let [blue, red] = &planes.differences;
            image.fill(avif::AVIF_CHAN_U, blue, planes.difference_size(), planes.depth);
            image.fill(avif::AVIF_CHAN_V, red, planes.difference_size(), planes.depth);
        }
        if let Some(alpha) = &planes.alpha {
            image.fill(avif::AVIF_CHAN_A, alpha, size, planes.depth);
        }
        Ok(image)
    }

    /// Copies a plane into the image.
    fn fill(&self, channel: avif::avifChannelIndex, plane: &[u16], size: (u32, u32), depth: u32) {
        let channel = channel as i32;
        let (width, height) = (size.0 as usize, size.1 as usize);
        assert_eq!(plane.len(), width * height, "a plane has the size that it says");
        // SAFETY: the planes were allocated; each row has room for its samples, of one byte for 8
        // bits and two bytes, aligned, for more, and there are as many rows as samples are given.
        unsafe {
            let start = avif::avifImagePlane(self.0.as_ptr(), channel);
            let row_bytes = avif::avifImagePlaneRowBytes(self.0.as_ptr(), channel) as usize;
            assert_eq!(avif::avifImagePlaneWidth(self.0.as_ptr(), channel), size.0);
            assert_eq!(avif::avifImagePlaneHeight(self.0.as_ptr(), channel), size.1);
            for (index, row) in plane.chunks_exact(width).enumerate() {
                let target = start.add(index * row_bytes);
                if depth == 8 {
                    let target = std::slice::from_raw_parts_mut(target, width);
                    for (to, from) in target.iter_mut().zip(row) {
                        *to = (*from).min(255) as u8;
                    }
                } else {
                    std::ptr::copy_nonoverlapping(row.as_ptr(), target.cast::<u16>(), width);
                }
            }
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: made in `of`, freed once.
        unsafe { avif::avifImageDestroy(self.0.as_ptr()) }
    }
}

fn check(result: avif::avifResult) -> Result<(), Failure> {
    if result == avif::AVIF_RESULT_OK { Ok(()) } else { Err(Failure::OutOfMemory) }
}
