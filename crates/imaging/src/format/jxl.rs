//! JPEG XL: a codestream, alone or in boxes.

use super::heif_items::boxes;
use super::{Container, Header, Stripped};
use crate::damage;
use crate::exif::Orientation;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

const CODESTREAM: &[u8] = b"\xff\x0a";

/// Boxes of metadata; `jbrd` rebuilds the JPEG file it came from and cannot without them.
const METADATA: &[&[u8; 4]] = &[b"Exif", b"xml ", b"jumb", b"brob", b"jbrd"];

/// Widths that follow from the height, as fractions.
const RATIOS: [(u64, u64); 7] = [(1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)];

pub(super) struct Jxl;

impl Container for Jxl {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        codestream(bytes).and_then(read_header).ok_or_else(|| damage::ends_early(PictureFormat::Jxl))
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        if bytes.starts_with(CODESTREAM) {
            // Nothing marks its end; whether it is complete shows only when it is decoded.
            return Ok(());
        }
        if boxes(bytes, 0..bytes.len()).all(|part| part.is_some()) && codestream(bytes).is_some() {
            Ok(())
        } else {
            Err(damage::ends_early(PictureFormat::Jxl))
        }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        if bytes.starts_with(CODESTREAM) {
            return Ok(Stripped::Clean);
        }
        let mut out = Vec::with_capacity(bytes.len());
        let mut start = 0;
        for part in boxes(bytes, 0..bytes.len()) {
            let part = part.ok_or_else(|| damage::ends_early(PictureFormat::Jxl))?;
            if !METADATA.contains(&&part.kind) {
                out.extend_from_slice(&bytes[start..part.content.end]);
            }
            start = part.content.end;
        }
        // The turn is in the codestream, not in EXIF.
        Ok(Stripped::from_bytes(bytes, out, Orientation::UPRIGHT))
    }
}

/// The codestream, or the first part of one in pieces.
fn codestream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(CODESTREAM) {
        return Some(&bytes[CODESTREAM.len()..]);
    }
    boxes(bytes, 0..bytes.len()).flatten().find_map(|part| {
        let content = bytes.get(part.content.clone())?;
        let content = match &part.kind {
            b"jxlc" => content,
            b"jxlp" => content.get(4..)?,
            _ => return None,
        };
        content.strip_prefix(CODESTREAM)
    })
}

/// Size, turn and animation stand at the very beginning, bit by bit.
fn read_header(codestream: &[u8]) -> Option<Header> {
    let mut bits = Bits { bytes: codestream, position: 0 };
    let (width, height) = size(&mut bits)?;
    let mut header = Header::still(width, height);
    let has_only_defaults = bits.take(1)? == 1;
    if has_only_defaults || bits.take(1)? == 0 {
        return Some(header);
    }
    header.orientation = Orientation::from_exif(u8::try_from(bits.take(3)? + 1).ok()?);
    if bits.take(1)? == 1 {
        size(&mut bits)?;
    }
    let has_preview = bits.take(1)? == 1;
    // Behind a preview's own header the position is unknown; previews are hardly ever written.
    header.animated = !has_preview && bits.take(1)? == 1;
    Some(header)
}

fn size(bits: &mut Bits<'_>) -> Option<(u32, u32)> {
    let is_small = bits.take(1)? == 1;
    let height = side(bits, is_small)?;
    let ratio = usize::try_from(bits.take(3)?).ok()?;
    let width = match ratio.checked_sub(1).and_then(|index| RATIOS.get(index)) {
        Some((numerator, denominator)) => u32::try_from(u64::from(height) * numerator / denominator).ok()?,
        None => side(bits, is_small)?,
    };
    Some((width, height))
}

fn side(bits: &mut Bits<'_>, is_small: bool) -> Option<u32> {
    if is_small {
        return Some((bits.take(5)? + 1) * 8);
    }
    let length = [9, 13, 18, 30][usize::try_from(bits.take(2)?).ok()?];
    Some(bits.take(length)? + 1)
}

/// Reads bits from the lowest of each byte.
struct Bits<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut number = 0;
        for index in 0..count {
            let byte = self.bytes.get(self.position / 8)?;
            number |= u32::from((byte >> (self.position % 8)) & 1) << index;
            self.position += 1;
        }
        Some(number)
    }
}
