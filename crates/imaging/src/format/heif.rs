//! AVIF and HEIC: ISO media files that hold pictures as items.

use super::heif_insert::insert;
use super::heif_items::{Items, boxes};
use super::{Container, Header, Metadata, Stripped};
use crate::bytes_reader::BytesReader;
use crate::damage;
use crate::exif::Orientation;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

pub(super) struct Heif {
    format: PictureFormat,
}

pub(super) const AVIF: Heif = Heif { format: PictureFormat::Avif };
pub(super) const HEIC: Heif = Heif { format: PictureFormat::Heic };

/// Major brands of sequences.
const SEQUENCE_BRANDS: &[&[u8; 4]] = &[b"avis", b"hevc", b"hevx", b"msf1", b"hevm", b"hevs"];

impl Container for Heif {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let animated = SEQUENCE_BRANDS.iter().any(|brand| bytes.get(8..12) == Some(brand.as_slice()));
        let still = Items::read(bytes).and_then(|items| items.primary_header());
        let (size, orientation) = match still {
            Some((width, height, orientation)) => (Some((width, height)), orientation),
            None => (track_size(bytes), Orientation::UPRIGHT),
        };
        match size {
            Some(_) => Ok(Header { size, orientation, animated }),
            None => Err(damage::damaged(self.format, "it does not say its size")),
        }
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let mut has_data = false;
        for part in boxes(bytes, 0..bytes.len()) {
            let part = part.ok_or_else(|| damage::ends_early(self.format))?;
            has_data |= matches!(&part.kind, b"mdat" | b"meta");
        }
        let items_are_inside = Items::read(bytes).is_none_or(|items| items.are_inside());
        if has_data && items_are_inside { Ok(()) } else { Err(damage::ends_early(self.format)) }
    }

    /// Offsets hold everything in place, so metadata is not cut out but overwritten.
    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let Some(items) = Items::read(bytes) else { return Ok(Stripped::NotPossible) };
        let Some(blanks) = items.metadata_ranges() else { return Ok(Stripped::NotPossible) };
        let mut out = bytes.to_vec();
        for blank in blanks {
            let (filler, nothing) = if blank.is_exif { (0, NO_EXIF) } else { (b' ', NO_XMP) };
            let place = &mut out[blank.range];
            place.fill(filler);
            if let Some(start) = place.get_mut(..nothing.len()) {
                start.copy_from_slice(nothing);
            }
        }
        // Turns are properties of the picture here, not EXIF: they were never touched.
        Ok(Stripped::from_bytes(bytes, out, Orientation::UPRIGHT))
    }

    fn metadata(&self, bytes: &[u8]) -> Metadata {
        let mut metadata = Metadata::default();
        let ranges = Items::read(bytes).and_then(|items| items.metadata_ranges()).unwrap_or_default();
        for blank in ranges {
            let content = &bytes[blank.range];
            if blank.is_exif {
                metadata.exif = metadata.exif.or_else(|| exif_block(content).map(<[u8]>::to_vec));
            } else {
                metadata.xmp = metadata.xmp.or_else(|| Some(content.trim_ascii_end().to_vec()));
            }
        }
        metadata
    }

    /// Over what was there, where the new is no longer; otherwise as new items.
    fn with_metadata(&self, bytes: &[u8], metadata: &Metadata) -> Option<Vec<u8>> {
        let items = Items::read(bytes)?;
        let blanks = items.metadata_ranges()?;
        if blanks.is_empty() {
            return insert(bytes, metadata);
        }
        let mut out = bytes.to_vec();
        let mut exif = metadata.exif.as_ref().map(|block| [&[0; 4], &block[..]].concat());
        let mut xmp = metadata.xmp.clone();
        for blank in blanks {
            let (new, filler) = if blank.is_exif { (exif.take(), 0) } else { (xmp.take(), b' ') };
            let new = new.unwrap_or_else(|| if blank.is_exif { NO_EXIF } else { NO_XMP }.to_vec());
            let place = &mut out[blank.range];
            place.fill(filler);
            match place.get_mut(..new.len()) {
                Some(start) => start.copy_from_slice(&new),
                None if new == NO_EXIF || new == NO_XMP => {}
                None => return None,
            }
        }
        (exif.is_none() && xmp.is_none()).then_some(out)
    }
}

/// The block in an EXIF item: four bytes say how far behind them it begins.
fn exif_block(item: &[u8]) -> Option<&[u8]> {
    let skip = usize::try_from(BytesReader::new(item).u32_be()?).ok()?;
    item.get(4..)?.get(skip..)
}

/// An EXIF item without a single field, for readers that insist on one.
const NO_EXIF: &[u8] = b"\0\0\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0";

/// XMP without a single property, likewise; spaces follow.
const NO_XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";

/// Parts of a file that a decoder takes from its `meta` box: see [`Items::inner_parts`].
pub(crate) fn inner_parts(bytes: &[u8]) -> Vec<&[u8]> {
    Items::read(bytes).map(|items| items.inner_parts()).unwrap_or_default()
}

/// The colour profile of the picture.
pub(crate) fn profile(bytes: &[u8]) -> Option<&[u8]> {
    Items::read(bytes)?.profile()
}

/// Whether no item takes more bytes than the file has: stretches that are named again and again would
/// make a huge item of a small file.
pub(crate) fn items_fit(bytes: &[u8]) -> bool {
    Items::read(bytes).is_none_or(|items| items.are_inside())
}

/// The size that is coded, and the part of it that is meant to be seen: left, top, width, height.
pub(crate) struct Shape {
    pub stored: (u32, u32),
    pub clean: Option<(u32, u32, u32, u32)>,
}

/// The shape of the picture in a file; `None` for a sequence without one.
pub(crate) fn shape(bytes: &[u8]) -> Option<Shape> {
    let items = Items::read(bytes)?;
    Some(Shape { stored: items.stored_size()?, clean: items.clean_part() })
}

/// The size of the first track that has one: sequences may have no items.
fn track_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let child = |range, kind: &[u8; 4]| boxes(bytes, range).flatten().find(|part| &part.kind == kind);
    let movie = child(0..bytes.len(), b"moov")?;
    boxes(bytes, movie.content).flatten().filter(|part| &part.kind == b"trak").find_map(|track| {
        let header = child(track.content, b"tkhd")?;
        // The last two numbers, in 16.16 fixed point.
        let mut reader = BytesReader::at(bytes, header.content.end.checked_sub(8)?);
        let (width, height) = (reader.u32_be()? >> 16, reader.u32_be()? >> 16);
        (width > 0 && height > 0).then_some((width, height))
    })
}
