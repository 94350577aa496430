//! The ways a picture can be unusable, as errors.

use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode};

/// A file with no bytes.
pub(crate) fn empty_file() -> Box<Error> {
    Error::new(ErrorCode::EmptyFile, "The file is empty.")
        .hint("Nothing was copied into it, or the download was cut off. Get the picture again.")
}

/// Bytes that no picture begins with.
pub(crate) fn not_a_picture(bytes: &[u8]) -> Box<Error> {
    let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Error::new(ErrorCode::NotAPicture, "The file is not a picture of a kind that Picferry knows.")
        .hint("Picferry looks at the content, not at the extension. It sends JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP, ICO, QOI, SVG and JPEG XL.")
        .detail(format!("first bytes: {}", start.join(" ")))
}

/// Bytes that begin as a picture and do not go on as one. `why` completes “damaged: …”.
pub(crate) fn damaged(format: PictureFormat, why: &str) -> Box<Error> {
    let label = label(format);
    Error::new(ErrorCode::DamagedPicture, format!("The {label} picture is damaged or incomplete: {why}."))
        .param("format", label)
        .hint("Get it again, or open it in an image editor and save it anew.")
}

/// The reason used most: the file was cut.
pub(crate) fn ends_early(format: PictureFormat) -> Box<Error> {
    damaged(format, "the file ends too early")
}

/// The name as people write it.
pub(crate) fn label(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Jpeg => "JPEG",
        PictureFormat::Png => "PNG",
        PictureFormat::Gif => "GIF",
        PictureFormat::Webp => "WebP",
        PictureFormat::Avif => "AVIF",
        PictureFormat::Heic => "HEIC",
        PictureFormat::Tiff => "TIFF",
        PictureFormat::Bmp => "BMP",
        PictureFormat::Ico => "ICO",
        PictureFormat::Qoi => "QOI",
        PictureFormat::Svg => "SVG",
        PictureFormat::Jxl => "JPEG XL",
    }
}
