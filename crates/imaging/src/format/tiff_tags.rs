//! Reads the first directory of a TIFF block: of a TIFF file, or of EXIF.

use crate::bytes_reader::BytesReader;

pub(crate) const IMAGE_WIDTH: u16 = 256;
pub(crate) const IMAGE_LENGTH: u16 = 257;
pub(crate) const STRIP_OFFSETS: u16 = 273;
pub(crate) const ORIENTATION: u16 = 274;
pub(crate) const STRIP_BYTE_COUNTS: u16 = 279;
pub(crate) const TILE_OFFSETS: u16 = 324;
pub(crate) const TILE_BYTE_COUNTS: u16 = 325;
pub(crate) const PROFILE: u16 = 34_675;

/// No picture has more strips, and no directory more entries worth reading.
const MAX_VALUES: u64 = 1 << 20;

/// A directory of tags, classic or big, in either byte order.
pub(crate) struct Directory<'a> {
    bytes: &'a [u8],
    layout: Layout,
    entries: Vec<Entry>,
    /// Entries that the directory says it has.
    count: u64,
    /// Where the next directory is named.
    next: usize,
}

#[derive(Clone, Copy)]
struct Layout {
    is_big_endian: bool,
    /// Big TIFF: numbers of eight bytes where classic ones have four.
    is_wide: bool,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the value itself or its offset stands.
    value: usize,
}

impl<'a> Directory<'a> {
    /// The first directory, as far as it can be read.
    pub(crate) fn first_of(bytes: &'a [u8]) -> Option<Self> {
        let is_big_endian = match bytes.get(..2)? {
            b"II" => false,
            b"MM" => true,
            _ => return None,
        };
        let mut reader = BytesReader::at(bytes, 2);
        let version = Layout { is_big_endian, is_wide: false }.u16(&mut reader)?;
        let layout = Layout { is_big_endian, is_wide: version == 43 };
        if layout.is_wide {
            reader.skip(4)?;
        }
        let start = usize::try_from(layout.offset(&mut reader)?).ok()?;
        let mut reader = BytesReader::at(bytes, start);
        let count = if layout.is_wide { layout.u64(&mut reader)? } else { layout.u16(&mut reader)?.into() };
        let entries = (0..count.min(MAX_VALUES)).map_while(|_| layout.entry(&mut reader)).collect();
        Some(Self { bytes, layout, entries, count, next: reader.position() })
    }

    /// Whether the directory is whole: its entries, what they point at, and the place of the next one.
    /// Programs write it in front of the pixels or behind them, and its values anywhere.
    pub(crate) fn is_whole(&self) -> bool {
        let mut next = BytesReader::at(self.bytes, self.next);
        self.entries.len() as u64 == self.count
            && self.layout.offset(&mut next).is_some()
            && self.entries.iter().all(|entry| self.is_inside(entry).unwrap_or(false))
    }

    fn is_inside(&self, entry: &Entry) -> Option<bool> {
        // A kind that nobody knows cannot be counted.
        let Some(size) = size_of(entry.kind) else { return Some(true) };
        let length = entry.count.checked_mul(size)?;
        if length <= self.layout.inline_bytes() {
            return Some(true);
        }
        let start = self.layout.offset(&mut BytesReader::at(self.bytes, entry.value))?;
        Some(start.checked_add(length)? <= self.bytes.len() as u64)
    }

    pub(crate) fn has(&self, tag: u16) -> bool {
        self.entries.iter().any(|entry| entry.tag == tag)
    }

    /// The single number under a tag.
    pub(crate) fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag)?.first().copied()
    }

    /// The bytes under a tag that holds anything but numbers.
    pub(crate) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entries.iter().find(|entry| entry.tag == tag && matches!(entry.kind, 1 | 7))?;
        let mut reader = BytesReader::at(self.bytes, entry.value);
        if entry.count > self.layout.inline_bytes() {
            let offset = usize::try_from(self.layout.offset(&mut reader)?).ok()?;
            reader = BytesReader::at(self.bytes, offset);
        }
        reader.take(usize::try_from(entry.count).ok()?)
    }

    /// All numbers under a tag; `None` when they cannot all be read.
    pub(crate) fn numbers(&self, tag: u16) -> Option<Vec<u64>> {
        let entry = self.entries.iter().find(|entry| entry.tag == tag)?;
        let size = match entry.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return None,
        };
        if entry.count > MAX_VALUES {
            return None;
        }
        let mut reader = BytesReader::at(self.bytes, entry.value);
        if entry.count * size > self.layout.inline_bytes() {
            let offset = usize::try_from(self.layout.offset(&mut reader)?).ok()?;
            reader = BytesReader::at(self.bytes, offset);
        }
        (0..entry.count)
            .map(|_| match size {
                1 => reader.u8().map(u64::from),
                2 => self.layout.u16(&mut reader).map(u64::from),
                4 => self.layout.u32(&mut reader).map(u64::from),
                _ => self.layout.u64(&mut reader),
            })
            .collect()
    }
}

/// Bytes of one value of a kind.
fn size_of(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

impl Layout {
    fn entry(self, reader: &mut BytesReader<'_>) -> Option<Entry> {
        let (tag, kind) = (self.u16(reader)?, self.u16(reader)?);
        let count = self.offset(reader)?;
        let value = reader.position();
        reader.skip(if self.is_wide { 8 } else { 4 })?;
        Some(Entry { tag, kind, count, value })
    }

    /// Values up to this size stand in the entry itself.
    fn inline_bytes(self) -> u64 {
        if self.is_wide { 8 } else { 4 }
    }

    /// An offset or a count: as wide as the file is.
    fn offset(self, reader: &mut BytesReader<'_>) -> Option<u64> {
        if self.is_wide { self.u64(reader) } else { self.u32(reader).map(u64::from) }
    }

    fn u16(self, reader: &mut BytesReader<'_>) -> Option<u16> {
        if self.is_big_endian { reader.u16_be() } else { reader.u16_le() }
    }

    fn u32(self, reader: &mut BytesReader<'_>) -> Option<u32> {
        if self.is_big_endian { reader.u32_be() } else { reader.u32_le() }
    }

    fn u64(self, reader: &mut BytesReader<'_>) -> Option<u64> {
        reader.array().map(if self.is_big_endian { u64::from_be_bytes } else { u64::from_le_bytes })
    }
}
