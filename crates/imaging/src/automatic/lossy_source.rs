//! Pictures that have lost something already: every further pass costs looks, and a second pass over
//! our own file must not happen at all.

use super::ways::{Tools, Way};
use crate::codec::jpeg::{JpegOptions, Subsampling};
use crate::format::coarseness;
use crate::raster::Raster;
use picferry_core::Result;
use picferry_core::images::{Aim, Effort};
use picferry_core::picture::{PictureFormat, PictureInfo};

/// Bits for each pixel above which a file in a modern format is written anew, and below which the new
/// one has to be. A photo that looks as good as people ask for takes a third of it.
const DENSE: f32 = 2.4;

/// A file of our own, measured against itself, loses about a fifth more; one that was written
/// wastefully loses half and more.
const SECOND_PASS_PART: f32 = 0.6;

/// Whether its pixels have lost something to compression.
pub(crate) fn is_lossy(bytes: &[u8], format: PictureFormat) -> bool {
    match format {
        PictureFormat::Jpeg | PictureFormat::Avif | PictureFormat::Heic => true,
        PictureFormat::Webp => bytes.windows(4).any(|kind| kind == b"VP8 "),
        _ => false,
    }
}

/// Whether a file in a modern format is written so large that another pass is worth its loss. A file
/// in an older format, or one without loss, always may be.
pub(crate) fn may_be_written_anew(bytes: usize, info: PictureInfo) -> bool {
    let is_modern = matches!(info.format, PictureFormat::Webp | PictureFormat::Avif);
    !is_modern || density(bytes, info) > DENSE
}

/// Whether a new file is worth a second pass over one in a modern format: so small that there is no
/// third, and with a saving that one of our own files does not give. One that is too large for the
/// person is worth it in any case.
pub(crate) fn is_worth_a_second_pass(new: usize, old: usize, info: PictureInfo, aim: Aim) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a ratio, needed roughly")]
    let part = new as f32 / old.max(1) as f32;
    density(new, info) <= DENSE && (part <= SECOND_PASS_PART || matches!(aim, Aim::Bytes(_)))
}

fn density(bytes: usize, info: PictureInfo) -> f32 {
    let pixels = u64::from(info.width.unwrap_or(1)) * u64::from(info.height.unwrap_or(1));
    #[expect(clippy::cast_precision_loss, reason = "a ratio, needed roughly")]
    let density = bytes as f32 * 8.0 / pixels.max(1) as f32;
    density
}

/// The highest quality at which a JPEG file is written without being asked for JPEG: one that needs
/// more is better written in another way.
pub(crate) fn jpeg_ceiling(aim: Aim) -> f32 {
    match aim {
        Aim::Look(score) => (90.0 + (score - 80.0) * 0.6).clamp(50.0, 97.0),
        Aim::EncoderQuality(quality) => f32::from(quality),
        Aim::Bytes(_) => 100.0,
    }
}

/// Whether a JPEG file is rounded more finely than the finest that would be written: only then is a
/// second pass through such a codec worth its loss.
pub(crate) fn is_finer_than_ours(bytes: &[u8], aim: Aim, tools: &Tools<'_>) -> Result<bool> {
    let pixels = image::DynamicImage::new_rgb8(8, 8);
    let options = JpegOptions {
        quality: jpeg_ceiling(aim),
        small: tools.effort == Effort::Small,
        subsampling: Subsampling::Auto,
    };
    let ours = crate::codec::jpeg::encode(&Raster::srgb(pixels), &options, tools.cancel)?;
    Ok(coarseness(bytes) < coarseness(&ours))
}

/// Whether a way is too near to what JPEG does to be worth a second pass.
pub(crate) fn is_near_jpeg(way: Way) -> bool {
    matches!(way, Way::Jpeg | Way::WebpLossy)
}
