//! HEIC, where the system has a codec for it.
//!
//! HEVC is patented: Picferry brings no decoder and asks the system's. On Linux that is libheif,
//! loaded when the first HEIC picture comes. Windows and macOS have decoders of their own (WIC,
//! `ImageIO`); until Picferry speaks to them, it says that it cannot decode there.

#[cfg(target_os = "linux")]
mod library;

use super::DecodeOptions;
use super::avif::{Meaning, meaning};
use crate::damage;
use crate::format::{container, heif};
use crate::raster::Raster;
use image::DynamicImage;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};

/// What a library made of a file.
struct Decoded {
    pixels: DynamicImage,
    profile: Option<Vec<u8>>,
    /// Primaries and transfer function, as code points.
    code_points: Option<(u16, u16)>,
}

/// Why there are no pixels.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only the library on Linux says the others"))]
enum Failure {
    /// There is no library.
    NoLibrary(String),
    /// There is one, without the part that decodes HEVC.
    NoDecoder,
    /// It does not know this kind of file.
    Unsupported(String),
    Broken(String),
}

/// Decodes the primary picture as it is stored, not turned.
///
/// # Errors
/// `unsupported` without a decoder, `damaged_picture`, `too_many_pixels`, `cancelled`.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    options.cancel.check()?;
    let shape = heif::shape(bytes);
    let (width, height) = match &shape {
        Some(shape) => shape.stored,
        None => container(PictureFormat::Heic).header(bytes)?.size.unwrap_or_default(),
    };
    options.limits.check(width, height)?;
    if !heif::items_fit(bytes) {
        return Err(damage::ends_early(PictureFormat::Heic));
    }
    // What libheif holds while it decodes: planes and pixels, of 16 bits at worst.
    if (u64::from(width) * u64::from(height)).saturating_mul(8) > options.limits.max_alloc {
        return Err(options.limits.out_of_memory(width, height));
    }
    let Decoded { mut pixels, profile, code_points } = system(bytes, width.max(height)).map_err(refused)?;
    options.cancel.check()?;
    options.limits.check(pixels.width(), pixels.height())?;
    let shape = shape.filter(|shape| shape.stored == (pixels.width(), pixels.height()));
    if let Some((x, y, width, height)) = shape.and_then(|shape| shape.clean) {
        pixels = pixels.crop_imm(x, y, width, height);
    }
    if let Some(profile) = profile {
        return Ok(Raster { pixels, icc: Some(profile.into()) });
    }
    let (primaries, transfer) = code_points.unwrap_or((1, 13));
    Ok(match meaning(primaries, transfer) {
        Meaning::Srgb => Raster::srgb(pixels),
        Meaning::Profile(profile) => Raster { pixels, icc: Some(profile.into()) },
        Meaning::HighRange(range) => Raster::srgb(range.to_srgb(&pixels)),
    })
}

#[cfg(target_os = "linux")]
fn system(bytes: &[u8], most_side: u32) -> std::result::Result<Decoded, Failure> {
    library::Heif::of_system()?.decode(bytes, most_side)
}

#[cfg(not(target_os = "linux"))]
fn system(_bytes: &[u8], _most_side: u32) -> std::result::Result<Decoded, Failure> {
    Err(Failure::NoLibrary("there is no decoder for this system yet".to_owned()))
}

fn refused(why: Failure) -> Box<Error> {
    let unsupported = |reason: &str, message: &str| {
        Error::new(ErrorCode::Unsupported, message).param("reason", reason).param("format", "HEIC")
    };
    match why {
        Failure::NoLibrary(why) if cfg!(target_os = "linux") => {
            let message = "HEIC pictures need the library libheif, which this computer does not have.";
            unsupported("heic_library", message)
                .hint("Install it: on Debian and Ubuntu the packages libheif1 and, on newer systems, libheif-plugin-libde265.")
                .detail(why)
        }
        Failure::NoLibrary(why) => {
            unsupported("heic_system", "HEIC pictures cannot be decoded on this system.")
                .hint("Save the picture as JPEG, or send it as it is.")
                .detail(why)
        }
        Failure::NoDecoder => {
            let message = "The library libheif of this computer has no decoder for HEIC pictures.";
            unsupported("heic_decoder", message)
                .hint("Install it: on Debian and Ubuntu the package libheif-plugin-libde265.")
        }
        Failure::Unsupported(why) => {
            unsupported("picture_kind", "This kind of HEIC picture cannot be decoded here.")
                .hint("Save the picture as JPEG, or send it as it is.")
                .detail(why)
        }
        Failure::Broken(why) => {
            damage::damaged(PictureFormat::Heic, "its pixels cannot be decoded").detail(why)
        }
    }
}

#[cfg(test)]
mod tests;
