//! JPEG: segments before, between and after compressed scans.

use super::jpeg_segments::{
    COMMENT, END, FIRST_APP, LAST_APP, LINES, QUANTIZATION, SCAN, START, Segment, Segments,
};
use super::{Container, Header, Metadata, Stripped, photoshop};
use crate::damage;
use crate::exif::{EXIF_PREFIX, Orientation};
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

const JFIF: &[u8] = b"JFIF\0";
const ICC_PROFILE: &[u8] = b"ICC_PROFILE\0";
const ADOBE: &[u8] = b"Adobe";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The first application segment: JFIF.
const APP0: u8 = FIRST_APP;
/// EXIF and XMP.
const APP1: u8 = FIRST_APP + 1;
/// Colour profiles; also lists of further pictures.
const APP2: u8 = FIRST_APP + 2;
/// Tables of divisors.
/// Photoshop's, with IPTC inside.
const APP13: u8 = FIRST_APP + 13;
/// Adobe's: how the colours are stored.
const APP14: u8 = FIRST_APP + 14;

pub(super) struct Jpeg;

impl Container for Jpeg {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let mut size = None;
        let mut orientation = None;
        for segment in Segments::new(bytes) {
            let segment = match segment {
                Ok(segment) => segment,
                // A file that was cut still has a header; checking it is another step.
                Err(_) if size.is_some() => break,
                Err(error) => return Err(error),
            };
            if segment.is_frame() && size.is_none() {
                size = Some(frame_size(&segment)?);
            }
            if orientation.is_none() {
                orientation = orientation_in(&segment);
            }
            // A frame may leave its height to a segment after the first scan.
            if segment.marker == LINES
                && let Some((width, 0)) = size
            {
                size = lines(&segment).map(|height| (width, height));
            }
            let height_is_open = matches!(size, Some((_, 0)));
            if segment.marker == END || (segment.marker == SCAN && !height_is_open) {
                break;
            }
        }
        let (width, height) = size.ok_or_else(|| damage::damaged(PictureFormat::Jpeg, "it has no frame"))?;
        Ok(Header {
            orientation: orientation.unwrap_or(Orientation::UPRIGHT),
            ..Header::still(width, height)
        })
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let mut has_scan = false;
        for segment in Segments::new(bytes) {
            has_scan |= segment?.marker == SCAN;
        }
        if has_scan { Ok(()) } else { Err(damage::damaged(PictureFormat::Jpeg, "it has no picture data")) }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let mut kept = Vec::new();
        let mut orientation = None;
        for segment in Segments::new(bytes) {
            let segment = segment?;
            orientation = orientation.or_else(|| orientation_in(&segment));
            if is_kept(&segment) {
                kept.push(segment);
            }
        }
        let orientation = orientation.unwrap_or(Orientation::UPRIGHT);
        let stripped = write(bytes, &kept, orientation);
        Ok(Stripped::from_bytes(bytes, stripped, orientation))
    }

    fn metadata(&self, bytes: &[u8]) -> Metadata {
        let mut metadata = Metadata::default();
        let mut resources = Vec::new();
        for segment in Segments::new(bytes).map_while(Result::ok).take_while(|segment| segment.marker != SCAN)
        {
            let after = |prefix| segment.payload.strip_prefix(prefix).map(<[u8]>::to_vec);
            if segment.marker == APP1 {
                metadata.exif = metadata.exif.or_else(|| after(EXIF_PREFIX));
                metadata.xmp = metadata.xmp.or_else(|| after(XMP));
            }
            if segment.marker == APP13 {
                resources.extend(after(photoshop::HEAD).unwrap_or_default());
            }
        }
        metadata.iptc = photoshop::iptc_in(&resources);
        metadata
    }

    fn has_place_for_iptc(&self) -> bool {
        true
    }

    fn with_metadata(&self, bytes: &[u8], metadata: &Metadata) -> Option<Vec<u8>> {
        let mut out = vec![0xff, START];
        let mut inserts = Vec::new();
        for (prefix, block) in [(EXIF_PREFIX, &metadata.exif), (XMP, &metadata.xmp)] {
            if let Some(block) = block {
                let payload = [prefix, block].concat();
                // A segment counts its length in two bytes.
                if payload.len() + 2 > usize::from(u16::MAX) {
                    return None;
                }
                push_segment(&mut inserts, APP1, &payload);
            }
        }
        if let Some(records) = &metadata.iptc {
            push_segment(&mut inserts, APP13, &photoshop::block_of(records)?);
        }
        for (index, segment) in Segments::new(bytes).enumerate() {
            let segment = segment.ok()?;
            let is_jfif = segment.marker == APP0;
            if index == 0 && !is_jfif {
                out.append(&mut inserts);
            }
            let begins = |prefix| segment.payload.starts_with(prefix);
            let is_replaced = match segment.marker {
                APP1 => begins(EXIF_PREFIX) || begins(XMP),
                APP13 => metadata.iptc.is_some() && begins(photoshop::HEAD),
                _ => false,
            };
            if !is_replaced {
                out.extend_from_slice(&bytes[segment.range.clone()]);
            }
            // JFIF wants to be first; EXIF follows.
            if index == 0 && is_jfif {
                out.append(&mut inserts);
            }
        }
        Some(out)
    }
}

/// How coarsely the brightness of a JPEG file is rounded: the sum of its first table of divisors.
pub(crate) fn coarseness(bytes: &[u8]) -> Option<u32> {
    for segment in Segments::new(bytes).map_while(Result::ok).take_while(|segment| segment.marker != SCAN) {
        let mut rest = if segment.marker == QUANTIZATION { segment.payload } else { &[] };
        while let Some((head, tables)) = rest.split_first() {
            let size = if head >> 4 == 0 { 64 } else { 128 };
            let table = tables.get(..size)?;
            if head & 0xf == 0 {
                return Some(match size {
                    64 => table.iter().map(|divisor| u32::from(*divisor)).sum(),
                    _ => table.chunks_exact(2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1])).sum(),
                });
            }
            rest = &tables[size..];
        }
    }
    None
}

/// Writes the segments; what follows the end of the picture (further pictures, videos, makers'
/// blocks with their own positions) does not come along.
fn write(bytes: &[u8], kept: &[Segment<'_>], orientation: Orientation) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xff, START]);
    let begins_with_jfif = kept.first().is_some_and(|segment| segment.marker == APP0);
    for (index, segment) in kept.iter().enumerate() {
        // JFIF wants to be first; EXIF follows.
        if index == usize::from(begins_with_jfif) && !orientation.is_upright() {
            push_segment(&mut out, APP1, &[EXIF_PREFIX, &orientation.to_block()].concat());
        }
        match segment.marker {
            APP0 => push_segment(&mut out, APP0, &without_preview(segment.payload)),
            _ => out.extend_from_slice(&bytes[segment.range.clone()]),
        }
    }
    out
}

fn push_segment(out: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    let length = u16::try_from(payload.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend_from_slice(payload);
}

/// Everything the picture needs to look the same: not one byte of text, place or time.
fn is_kept(segment: &Segment<'_>) -> bool {
    match segment.marker {
        APP0 => segment.payload.starts_with(JFIF),
        APP2 => segment.payload.starts_with(ICC_PROFILE),
        APP14 => segment.payload.starts_with(ADOBE),
        FIRST_APP..=LAST_APP | COMMENT => false,
        _ => true,
    }
}

/// JFIF can carry a small preview, which may show what was cropped away.
fn without_preview(jfif: &[u8]) -> Vec<u8> {
    let mut jfif = jfif.get(..14).unwrap_or(jfif).to_vec();
    for side in jfif.iter_mut().skip(12) {
        *side = 0;
    }
    jfif
}

fn orientation_in(segment: &Segment<'_>) -> Option<Orientation> {
    let is_exif = segment.marker == APP1 && segment.payload.starts_with(EXIF_PREFIX);
    is_exif.then(|| Orientation::from_block(segment.payload))
}

/// Width and height of a frame header.
fn frame_size(segment: &Segment<'_>) -> Result<(u32, u32)> {
    match segment.payload {
        [_, h1, h2, w1, w2, ..] => {
            Ok((u32::from(u16::from_be_bytes([*w1, *w2])), u32::from(u16::from_be_bytes([*h1, *h2]))))
        }
        _ => Err(damage::damaged(PictureFormat::Jpeg, "its frame has no size")),
    }
}

/// The height that follows the first scan.
fn lines(segment: &Segment<'_>) -> Option<u32> {
    segment.payload.first_chunk().map(|lines| u32::from(u16::from_be_bytes(*lines)))
}
