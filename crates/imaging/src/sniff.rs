//! Tells formats apart by their first bytes; extensions lie.

use crate::format::begins_as_svg;
use picferry_core::picture::PictureFormat;

/// Major brands of AVIF files; the second is for sequences.
const AVIF_BRANDS: &[&[u8; 4]] = &[b"avif", b"avis"];

/// Brands of HEIF files with HEVC inside.
const HEIC_BRANDS: &[&[u8; 4]] = &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"];

/// Brands that only say “some HEIF”; the compatible brands tell which.
const GENERIC_BRANDS: &[&[u8; 4]] = &[b"mif1", b"msf1", b"mif2", b"miaf"];

/// Sizes of the headers that bitmaps have after their 14 bytes of file header.
const BMP_HEADER_SIZES: &[u32] = &[12, 16, 40, 52, 56, 64, 108, 124];

/// The format of a file by its first bytes; a few thousand are enough, except for an SVG behind a
/// very long comment.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<PictureFormat> {
    if head.starts_with(b"\xff\xd8\xff") {
        return Some(PictureFormat::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(PictureFormat::Png);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Some(PictureFormat::Gif);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(PictureFormat::Webp);
    }
    if head.starts_with(b"\xff\x0a") || head.starts_with(b"\0\0\0\x0cJXL \r\n\x87\n") {
        return Some(PictureFormat::Jxl);
    }
    if head.starts_with(b"qoif") {
        return Some(PictureFormat::Qoi);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return by_brand(head);
    }
    if is_tiff(head) {
        return Some(PictureFormat::Tiff);
    }
    if is_icon(head) {
        return Some(PictureFormat::Ico);
    }
    if is_bitmap(head) {
        return Some(PictureFormat::Bmp);
    }
    begins_as_svg(head).then_some(PictureFormat::Svg)
}

/// The kind of an ISO media file; videos have other brands.
fn by_brand(head: &[u8]) -> Option<PictureFormat> {
    let length = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    let major: &[u8; 4] = head.get(8..12)?.try_into().ok()?;
    let compatible = head.get(16..length.min(head.len())).unwrap_or_default();
    let is_compatible = |brands: &[&[u8; 4]]| {
        compatible.chunks_exact(4).any(|brand| brands.iter().any(|known| brand == known.as_slice()))
    };
    if AVIF_BRANDS.contains(&major) {
        Some(PictureFormat::Avif)
    } else if HEIC_BRANDS.contains(&major) {
        Some(PictureFormat::Heic)
    } else if !GENERIC_BRANDS.contains(&major) {
        None
    } else if is_compatible(AVIF_BRANDS) {
        Some(PictureFormat::Avif)
    } else if is_compatible(HEIC_BRANDS) {
        Some(PictureFormat::Heic)
    } else {
        None
    }
}

/// Classic and big TIFF in either byte order, but not Canon's raw files, which only look like it.
fn is_tiff(head: &[u8]) -> bool {
    let begins = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| head.starts_with(*magic));
    begins && head.get(8..10) != Some(b"CR")
}

/// Two zero bytes and a one begin many things: the first entry has to make sense as well.
fn is_icon(head: &[u8]) -> bool {
    let Some(count) = head.strip_prefix(b"\0\0\x01\0").and_then(|rest| rest.first_chunk()) else {
        return false;
    };
    let reserved_is_zero = head.get(9) == Some(&0);
    u16::from_le_bytes(*count) > 0 && reserved_is_zero
}

/// “BM” begins many texts: the size of the second header has to be one that exists.
fn is_bitmap(head: &[u8]) -> bool {
    let size = head.get(14..18).and_then(|size| size.first_chunk()).map(|size| u32::from_le_bytes(*size));
    head.starts_with(b"BM") && size.is_some_and(|size| BMP_HEADER_SIZES.contains(&size))
}
