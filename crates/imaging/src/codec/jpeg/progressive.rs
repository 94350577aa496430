//! Progressive JPEG files to pixels, by a faster way to read their codes.
//!
//! Such a file tells each coefficient in several scans, bit by bit, and reading those takes three quarters
//! of the time of the usual decoder, which looks at each coefficient to see whether it is known already.
//! Here a word of 64 bits says that for a whole block. What is read goes into the arrays of that decoder,
//! which makes pixels of it as ever: they are the same to the last bit.
//!
//! It is a short cut: for anything unusual or damaged it has no answer, and the decoder reads the file itself.

mod details;
mod library;
mod scan;
mod skeleton;

use super::decode::Unwound;
use super::header::Header;
use crate::cancel::Cancel;
use crate::raster::Raster;
use image::{DynamicImage, GrayImage, RgbImage};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Decodes a progressive file at so many eighths of its size. `None` where this short cut does not lead there.
pub(super) fn decode(bytes: &[u8], header: &Header, eighths: u32, cancel: &Cancel) -> Option<Raster> {
    let is_known = match header.components.len() {
        1 => true,
        3 => header.has_usual_sampling(),
        _ => false,
    };
    if !header.is_progressive || !is_known {
        return None;
    }
    let skeleton = skeleton::of(bytes, header)?;
    // The library stops by unwinding.
    let picture = catch_unwind(AssertUnwindSafe(|| {
        library::pixels(&skeleton, header, eighths, cancel, |planes| {
            scan::read_all(bytes, header, planes, cancel)
        })
    }));
    let (width, height, samples) = match picture {
        Ok(picture) => picture?,
        Err(stop) if stop.is::<Unwound>() => return None,
        Err(mistake) => resume_unwind(mistake),
    };
    let pixels: DynamicImage = if header.components.len() == 1 {
        GrayImage::from_raw(width, height, samples)?.into()
    } else {
        RgbImage::from_raw(width, height, samples)?.into()
    };
    Some(Raster { pixels, icc: header.icc.clone() })
}
