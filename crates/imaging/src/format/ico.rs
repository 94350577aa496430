//! ICO: a directory of small bitmaps and PNG files.

use super::{Container, Header, Stripped};
use crate::bytes_reader::BytesReader;
use crate::damage;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

const ENTRIES: usize = 6;

pub(super) struct Ico;

struct Entry {
    width: u32,
    height: u32,
    length: u32,
    offset: u32,
}

fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let count = BytesReader::at(bytes, 4).u16_le()?;
    let mut reader = BytesReader::at(bytes, ENTRIES);
    (0..count).map(|_| entry(&mut reader)).collect()
}

fn entry(reader: &mut BytesReader<'_>) -> Option<Entry> {
    // One byte cannot say 256, so 0 does.
    let side = |stored: u8| if stored == 0 { 256 } else { u32::from(stored) };
    let (width, height) = (side(reader.u8()?), side(reader.u8()?));
    reader.skip(6)?;
    Some(Entry { width, height, length: reader.u32_le()?, offset: reader.u32_le()? })
}

impl Container for Ico {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let largest = entries(bytes).into_iter().flatten().max_by_key(|entry| entry.width * entry.height);
        let largest = largest.ok_or_else(|| damage::ends_early(PictureFormat::Ico))?;
        Ok(Header::still(largest.width, largest.height))
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let entries = entries(bytes).ok_or_else(|| damage::ends_early(PictureFormat::Ico))?;
        let is_inside =
            |entry: &Entry| u64::from(entry.offset) + u64::from(entry.length) <= bytes.len() as u64;
        if entries.iter().all(is_inside) { Ok(()) } else { Err(damage::ends_early(PictureFormat::Ico)) }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let entries = entries(bytes).unwrap_or_default();
        let is_png = |entry: &Entry| {
            let start = usize::try_from(entry.offset).unwrap_or(usize::MAX);
            bytes.get(start..).is_some_and(|rest| rest.starts_with(b"\x89PNG"))
        };
        // Bitmaps have no place for metadata; PNG files have, and offsets hold them in place.
        Ok(if entries.iter().any(is_png) { Stripped::NotPossible } else { Stripped::Clean })
    }
}
