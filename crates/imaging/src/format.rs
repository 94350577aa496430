//! What each format knows about its own files, one file per format.

mod bmp;
mod gif;
pub(crate) mod heif;
mod heif_insert;
mod heif_items;
mod ico;
mod jpeg;
pub(crate) mod jpeg_segments;
mod jxl;
mod photoshop;
mod png;
pub(crate) mod profile;
mod qoi;
mod svg;
mod tiff;
pub(crate) mod tiff_tags;
mod webp;
pub(crate) mod webp_parts;

use crate::exif::Orientation;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

pub(crate) use gif::gif_frames;
pub(crate) use jpeg::coarseness;
pub(crate) use png::{png_chunks, png_profile};
pub(crate) use svg::begins_as_svg;

/// What the first part of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Stored pixels across, before orientation; `None` where there is no fixed size.
    pub size: Option<(u32, u32)>,
    /// How stored pixels become the picture.
    pub orientation: Orientation,
    /// More than one frame.
    pub animated: bool,
}

impl Header {
    /// A still picture that is stored upright.
    pub(crate) fn still(width: u32, height: u32) -> Self {
        Self { size: Some((width, height)), orientation: Orientation::UPRIGHT, animated: false }
    }
}

/// What became of the metadata.
pub(crate) enum Stripped {
    /// There was none.
    Clean,
    /// It is gone; the pixels are the same bytes as before.
    Removed {
        /// The file without it.
        bytes: Vec<u8>,
        /// An EXIF block with nothing but the orientation stays.
        orientation_kept: bool,
    },
    /// This file cannot lose it without being written anew.
    NotPossible,
}

impl Stripped {
    /// Tells a changed file from one that was clean before.
    pub(crate) fn from_bytes(before: &[u8], after: Vec<u8>, orientation: Orientation) -> Self {
        if after == before {
            Self::Clean
        } else {
            Self::Removed { bytes: after, orientation_kept: !orientation.is_upright() }
        }
    }
}

/// What one file can hand on to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// An EXIF block, from its byte order on.
    pub exif: Option<Vec<u8>>,
    /// An XMP packet.
    pub xmp: Option<Vec<u8>>,
    /// IPTC records, for which few formats have a place.
    pub iptc: Option<Vec<u8>>,
}

impl Metadata {
    pub(crate) fn is_empty(&self) -> bool {
        self.exif.is_none() && self.xmp.is_none() && self.iptc.is_none()
    }
}

/// A file format without its pixels: containers, segments, chunks, boxes.
pub(crate) trait Container: Sync {
    /// Reads what the header says. Must do with the beginning of a file.
    fn header(&self, bytes: &[u8]) -> Result<Header>;

    /// Whether all parts of the file are there. Does not decode.
    fn check(&self, bytes: &[u8]) -> Result<()>;

    /// Takes metadata out and leaves pixels, colour profile and animation as they are.
    fn strip(&self, bytes: &[u8]) -> Result<Stripped>;

    /// EXIF, XMP and IPTC, where it is known how this format keeps them.
    fn metadata(&self, _bytes: &[u8]) -> Metadata {
        Metadata::default()
    }

    /// Whether IPTC has a place in this format.
    fn has_place_for_iptc(&self) -> bool {
        false
    }

    /// The file with this metadata instead of its own EXIF and XMP; `None` where there is no place
    /// for it.
    fn with_metadata(&self, _bytes: &[u8], _metadata: &Metadata) -> Option<Vec<u8>> {
        None
    }
}

/// The container of a format.
pub(crate) fn container(format: PictureFormat) -> &'static dyn Container {
    match format {
        PictureFormat::Jpeg => &jpeg::Jpeg,
        PictureFormat::Png => &png::Png,
        PictureFormat::Gif => &gif::Gif,
        PictureFormat::Webp => &webp::Webp,
        PictureFormat::Avif => &heif::AVIF,
        PictureFormat::Heic => &heif::HEIC,
        PictureFormat::Tiff => &tiff::Tiff,
        PictureFormat::Bmp => &bmp::Bmp,
        PictureFormat::Ico => &ico::Ico,
        PictureFormat::Qoi => &qoi::Qoi,
        PictureFormat::Svg => &svg::Svg,
        PictureFormat::Jxl => &jxl::Jxl,
    }
}
