//! BMP: two headers and rows of pixels. It has no place for metadata.

use super::{Container, Header, Stripped};
use crate::bytes_reader::BytesReader;
use crate::damage;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

/// The headers of OS/2 1.x have this size and half as wide numbers.
const CORE_HEADER: u32 = 12;

pub(super) struct Bmp;

struct Layout {
    data: u32,
    width: u32,
    height: u32,
    bits: u16,
    compression: u32,
    /// Bytes of the pixels, where they are compressed and the file says it.
    packed: u32,
}

fn layout(bytes: &[u8]) -> Option<Layout> {
    let mut reader = BytesReader::at(bytes, 10);
    let data = reader.u32_le()?;
    let is_core = reader.u32_le()? == CORE_HEADER;
    let (width, height) = if is_core {
        (u32::from(reader.u16_le()?), u32::from(reader.u16_le()?))
    } else {
        // A negative height means rows from top to bottom.
        (side(reader.u32_le()?), side(reader.u32_le()?))
    };
    reader.skip(2)?;
    let bits = reader.u16_le()?;
    let (compression, packed) = if is_core { (0, 0) } else { (reader.u32_le()?, reader.u32_le()?) };
    Some(Layout { data, width, height, bits, compression, packed })
}

fn side(stored: u32) -> u32 {
    i32::from_le_bytes(stored.to_le_bytes()).unsigned_abs()
}

impl Container for Bmp {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let layout = layout(bytes).ok_or_else(|| damage::ends_early(PictureFormat::Bmp))?;
        Ok(Header::still(layout.width, layout.height))
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let Some(layout) = layout(bytes) else { return Err(damage::ends_early(PictureFormat::Bmp)) };
        let is_uncompressed = matches!(layout.compression, 0 | 3 | 6);
        let row = (u64::from(layout.width) * u64::from(layout.bits)).div_ceil(32) * 4;
        let pixels = if is_uncompressed {
            row.saturating_mul(u64::from(layout.height))
        } else {
            layout.packed.max(1).into()
        };
        if u64::from(layout.data).saturating_add(pixels) <= bytes.len() as u64 {
            Ok(())
        } else {
            Err(damage::ends_early(PictureFormat::Bmp))
        }
    }

    fn strip(&self, _bytes: &[u8]) -> Result<Stripped> {
        Ok(Stripped::Clean)
    }
}
