//! What a picture says of itself beside its pixels: read for the person, carried over, made less.

mod exif_block;
mod iptc;
mod report;
mod xmp;

use crate::format::{Metadata, Stripped, container};
use picferry_core::Result;
use picferry_core::images::MetadataRule;
use picferry_core::picture::PictureFormat;

pub use report::{MetadataReport, metadata_report};

/// What of a file's metadata stays.
pub(crate) fn to_keep(bytes: &[u8], format: PictureFormat, rule: MetadataRule) -> Metadata {
    match rule {
        MetadataRule::Strip => Metadata::default(),
        MetadataRule::Private => without_private(&container(format).metadata(bytes)),
        MetadataRule::Keep => container(format).metadata(bytes),
    }
}

/// What a new file takes over from the one it was made of; its pixels are upright.
pub(crate) fn to_carry(bytes: &[u8], format: PictureFormat, rule: MetadataRule) -> Metadata {
    let metadata = to_keep(bytes, format, rule);
    Metadata {
        exif: metadata.exif.map(|block| exif_block::upright(&block)),
        xmp: metadata.xmp.map(upright),
        iptc: metadata.iptc,
    }
}

/// Metadata for a file in a format that has no place for IPTC: its words as XMP, unless there is XMP,
/// which says the same.
pub(crate) fn without_iptc(metadata: &Metadata) -> Metadata {
    let words = || metadata.iptc.as_deref().and_then(iptc::as_xmp);
    Metadata { exif: metadata.exif.clone(), xmp: metadata.xmp.clone().or_else(words), iptc: None }
}

/// EXIF, XMP and IPTC without what is private.
fn without_private(metadata: &Metadata) -> Metadata {
    Metadata {
        exif: metadata.exif.as_deref().and_then(exif_block::without_private),
        xmp: metadata.xmp.as_deref().and_then(xmp::without_private),
        iptc: metadata.iptc.as_deref().and_then(iptc::without_private),
    }
}

/// A file that keeps its pixels, without what is private in its metadata. Other kinds of metadata
/// (comments, makers' blocks) go as a whole: nobody can tell what is in them.
pub(crate) fn strip_private(bytes: &[u8], format: PictureFormat) -> Result<Stripped> {
    let container = container(format);
    let kept = without_private(&container.metadata(bytes));
    let stripped = container.strip(bytes)?;
    if kept.is_empty() {
        return Ok(stripped);
    }
    let after = match &stripped {
        Stripped::NotPossible => return Ok(stripped),
        Stripped::Clean => container.with_metadata(bytes, &kept),
        // Where metadata is overwritten in place, what stays goes back into its old place.
        Stripped::Removed { bytes: clean, .. } => container.with_metadata(clean, &kept),
    };
    match after {
        Some(after) if after == bytes => Ok(Stripped::Clean),
        // The orientation stays in its block among everything else that stays.
        Some(after) => Ok(Stripped::Removed { bytes: after, orientation_kept: false }),
        None => Ok(stripped),
    }
}

/// XMP repeats the orientation of EXIF; some programs believe it.
fn upright(xmp: Vec<u8>) -> Vec<u8> {
    let Ok(mut text) = String::from_utf8(xmp) else { return Vec::new() };
    for (before, after) in [("tiff:Orientation=\"", "\""), ("<tiff:Orientation>", "</tiff:Orientation>")] {
        if let Some(start) = text.find(before).map(|start| start + before.len())
            && let Some(length) = text[start..].find(after)
        {
            text.replace_range(start..start + length, "1");
        }
    }
    text.into_bytes()
}
