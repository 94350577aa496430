//! Walks the segments of a JPEG file, from the start of the picture to its end.

use crate::damage;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use std::ops::Range;

pub(crate) const CODES: u8 = 0xc4;
pub(crate) const START: u8 = 0xd8;
pub(crate) const END: u8 = 0xd9;
pub(crate) const SCAN: u8 = 0xda;
pub(crate) const QUANTIZATION: u8 = 0xdb;
pub(crate) const LINES: u8 = 0xdc;
pub(crate) const RESTART: u8 = 0xdd;
pub(crate) const FIRST_APP: u8 = 0xe0;
pub(crate) const LAST_APP: u8 = 0xef;
pub(crate) const COMMENT: u8 = 0xfe;

/// One segment; that of a scan reaches to the end of its compressed data.
pub(crate) struct Segment<'a> {
    /// The second byte of its marker.
    pub marker: u8,
    /// What follows its length, without compressed data.
    pub payload: &'a [u8],
    /// All of it, from its marker on.
    pub range: Range<usize>,
}

impl Segment<'_> {
    /// Whether it is a frame header: those with a size in them.
    pub(crate) fn is_frame(&self) -> bool {
        matches!(self.marker, 0xc0..=0xcf) && !matches!(self.marker, CODES | 0xc8 | 0xcc)
    }
}

/// Gives segments up to and including the end marker, or one error where the file breaks off.
pub(crate) struct Segments<'a> {
    bytes: &'a [u8],
    position: usize,
    is_done: bool,
    stops_at_scan: bool,
}

impl<'a> Segments<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 2, is_done: false, stops_at_scan: false }
    }

    /// Only those before compressed data, and the head of the first scan without looking for its end.
    pub(crate) fn before_data(bytes: &'a [u8]) -> Self {
        Self { stops_at_scan: true, ..Self::new(bytes) }
    }

    /// The next segment, or `None` where the file breaks off.
    fn read(&mut self) -> Option<Segment<'a>> {
        loop {
            let start = self.next_ff(self.position)?;
            let marker = *self.bytes.get(start + 1)?;
            match marker {
                // Fill bytes, restart markers out of place, and bytes that mean nothing here.
                0xff => self.position = start + 1,
                0x00..=0xbf | 0xd0..=0xd7 | START => self.position = start + 2,
                END => {
                    self.position = start + 2;
                    return Some(Segment { marker, payload: &[], range: start..start + 2 });
                }
                _ => return self.read_with_length(start, marker),
            }
        }
    }

    /// Where the next byte lies that could begin a marker.
    fn next_ff(&self, from: usize) -> Option<usize> {
        let found = memchr::memchr(0xff, self.bytes.get(from..)?)?;
        Some(from + found)
    }

    fn read_with_length(&mut self, start: usize, marker: u8) -> Option<Segment<'a>> {
        let length = usize::from(u16::from_be_bytes(*self.bytes.get(start + 2..)?.first_chunk()?));
        let end = start + 2 + length;
        let payload = self.bytes.get(start + 4..end)?;
        let has_data = marker == SCAN && !self.stops_at_scan;
        self.position = if has_data { self.end_of_scan(end) } else { end };
        Some(Segment { marker, payload, range: start..self.position })
    }

    /// Compressed data goes on until a marker that is neither a stuffed zero nor a restart.
    fn end_of_scan(&self, start: usize) -> usize {
        let mut position = start;
        while let Some(marker) = self.next_ff(position) {
            match self.bytes.get(marker + 1) {
                None => break,
                Some(0xff) => position = marker + 1,
                Some(0x00..=0xbf | 0xd0..=0xd7) => position = marker + 2,
                Some(_) => return marker,
            }
        }
        self.bytes.len()
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let segment = self.read();
        self.is_done = segment
            .as_ref()
            .is_none_or(|segment| segment.marker == END || (self.stops_at_scan && segment.marker == SCAN));
        Some(segment.ok_or_else(|| damage::ends_early(PictureFormat::Jpeg)))
    }
}
