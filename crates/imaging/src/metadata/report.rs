//! What a person may want to know before a picture goes out.

use crate::codec;
use crate::format::profile::usable;
use crate::format::tiff_tags::{Directory, PROFILE};
use crate::format::{container, heif, png_profile, webp_parts};
use crate::inspect::inspect_within;
use crate::limits::Limits;
use crate::transform::color::name_of_profile;
use bytes::Bytes;
use exif::{Exif, In, Rational, Tag, Value};
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use std::io::Cursor;

/// What the metadata of a picture tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetadataReport {
    /// Where it was taken: degrees north and east.
    pub position: Option<(f64, f64)>,
    /// Maker and model.
    pub camera: Option<String>,
    /// The lens.
    pub lens: Option<String>,
    /// When it was taken, as the camera wrote it: `2024:05:06 07:08:09`.
    pub taken_at: Option<String>,
    /// Names and serial numbers of persons and devices are inside.
    pub has_owner_or_serial: bool,
    /// The program that wrote it.
    pub software: Option<String>,
    /// The name of its colour profile; `None` means sRGB.
    pub color_profile: Option<String>,
    /// It has an XMP packet.
    pub has_xmp: bool,
}

/// Reads what the metadata tells. What cannot be read is not told; pixels are not looked at.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture`, `too_many_pixels`.
pub fn metadata_report(bytes: &[u8]) -> Result<MetadataReport> {
    let (info, _) = inspect_within(bytes, &Limits::default())?;
    let metadata = container(info.format).metadata(bytes);
    let mut report = MetadataReport { has_xmp: metadata.xmp.is_some(), ..MetadataReport::default() };
    report.color_profile = profile(bytes, info.format).and_then(|profile| name_of_profile(&profile));
    // A TIFF file is itself what other formats carry as a block.
    let exif = match metadata.exif {
        Some(block) => exif::Reader::new().read_raw(block).ok(),
        None => exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok(),
    };
    if let Some(exif) = exif {
        fill(&mut report, &exif);
    }
    Ok(report)
}

fn fill(report: &mut MetadataReport, exif: &Exif) {
    let text = |tag| text(exif, tag);
    report.position = position(exif);
    report.camera = match (text(Tag::Make), text(Tag::Model)) {
        // Most makers repeat themselves in the model.
        (Some(maker), Some(model)) if !model.starts_with(&maker) => Some(format!("{maker} {model}")),
        (maker, model) => model.or(maker),
    };
    report.lens = text(Tag::LensModel);
    report.taken_at = text(Tag::DateTimeOriginal).or_else(|| text(Tag::DateTime));
    report.software = text(Tag::Software);
    let private =
        [Tag::Artist, Tag::CameraOwnerName, Tag::BodySerialNumber, Tag::LensSerialNumber, Tag::MakerNote];
    report.has_owner_or_serial = private.into_iter().any(|tag| exif.get_field(tag, In::PRIMARY).is_some());
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = String::from_utf8_lossy(parts.first()?);
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

fn position(exif: &Exif) -> Option<(f64, f64)> {
    let degrees = |value: Tag, side: Tag, negative: &str| {
        let Value::Rational(parts) = &exif.get_field(value, In::PRIMARY)?.value else { return None };
        let mut sum = 0.0;
        for (part, size) in parts.iter().zip([1.0, 60.0, 3600.0]) {
            let Rational { num, denom } = *part;
            // Cameras write 0/0 for “not known”.
            if denom != 0 {
                sum += f64::from(num) / f64::from(denom) / size;
            } else if num != 0 || parts.len() == 1 {
                return None;
            }
        }
        let is_negative = text(exif, side).is_some_and(|text| text.starts_with(negative));
        Some(if is_negative { -sum } else { sum })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    let is_a_place = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    is_a_place.then_some((latitude, longitude))
}

fn profile(bytes: &[u8], format: PictureFormat) -> Option<Bytes> {
    let open = match format {
        PictureFormat::Jpeg => return codec::jpeg::profile(bytes),
        PictureFormat::Png => return png_profile(bytes),
        PictureFormat::Webp => webp_parts::profile(bytes),
        PictureFormat::Avif | PictureFormat::Heic => heif::profile(bytes),
        PictureFormat::Tiff => Directory::first_of(bytes)?.bytes(PROFILE),
        _ => None,
    };
    open.and_then(usable)
}
