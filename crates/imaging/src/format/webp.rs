//! WebP: a RIFF file of chunks.

use super::{Container, Header, Metadata, Stripped};
use crate::bytes_reader::BytesReader;
use crate::damage;
use crate::exif::{EXIF_PREFIX, Orientation};
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

/// Where the first chunk begins.
const FIRST_CHUNK: usize = 12;

/// Flags of the extended header.
const ANIMATION: u8 = 0x02;
const XMP: u8 = 0x04;
const EXIF: u8 = 0x08;
const ALPHA: u8 = 0x10;

/// Chunks that make up the picture.
const KEPT: &[&[u8; 4]] = &[b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];

pub(super) struct Webp;

pub(super) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
}

/// Gives chunks up to the end that the file itself names, or one error where it breaks off.
pub(super) struct Chunks<'a> {
    reader: BytesReader<'a>,
    is_done: bool,
}

impl<'a> Chunks<'a> {
    /// The chunks of a file.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let declared = BytesReader::at(bytes, 4).u32_le().and_then(|size| usize::try_from(size).ok());
        // What follows the end named is no part of the picture.
        let end = declared.map_or(bytes.len(), |size| size.saturating_add(8)).min(bytes.len());
        Self { reader: BytesReader::at(&bytes[..end], FIRST_CHUNK), is_done: false }
    }

    /// The chunks inside a chunk.
    pub(super) fn inside(data: &'a [u8]) -> Self {
        Self { reader: BytesReader::new(data), is_done: false }
    }

    fn read(&mut self) -> Option<Chunk<'a>> {
        let kind = self.reader.array()?;
        let length = usize::try_from(self.reader.u32_le()?).ok()?;
        let data = self.reader.take(length)?;
        if length % 2 == 1 && !self.reader.is_at_end() {
            self.reader.skip(1)?;
        }
        Some(Chunk { kind, data })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done || self.reader.is_at_end() {
            return None;
        }
        let chunk = self.read();
        self.is_done = chunk.is_none();
        Some(chunk.ok_or_else(|| damage::ends_early(PictureFormat::Webp)))
    }
}

impl Container for Webp {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        // The data of a cut file is incomplete while its size is there: so not through `Chunks`.
        let first = BytesReader::at(bytes, FIRST_CHUNK).array().zip(bytes.get(FIRST_CHUNK + 8..));
        let first = first.map(|(kind, data)| Chunk { kind, data });
        let mut header = first
            .as_ref()
            .and_then(first_header)
            .ok_or_else(|| damage::damaged(PictureFormat::Webp, "it does not begin with its size"))?;
        if first.as_ref().is_some_and(has_exif) {
            let exif = Chunks::new(bytes).map_while(Result::ok).find(|chunk| &chunk.kind == b"EXIF");
            header.orientation =
                exif.map_or(Orientation::UPRIGHT, |chunk| Orientation::from_block(chunk.data));
        }
        Ok(header)
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let declared = BytesReader::at(bytes, 4).u32_le().unwrap_or(u32::MAX);
        if u64::from(declared) + 8 > bytes.len() as u64 {
            return Err(damage::ends_early(PictureFormat::Webp));
        }
        let mut has_data = false;
        for chunk in Chunks::new(bytes) {
            has_data |= matches!(&chunk?.kind, b"VP8 " | b"VP8L" | b"ANMF");
        }
        if has_data { Ok(()) } else { Err(damage::damaged(PictureFormat::Webp, "it has no picture data")) }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let orientation = self.header(bytes)?.orientation;
        let mut out = Vec::with_capacity(bytes.len());
        out.extend_from_slice(b"RIFF\0\0\0\0WEBP");
        for chunk in Chunks::new(bytes) {
            let chunk = chunk?;
            if &chunk.kind == b"VP8X" {
                push_chunk(&mut out, chunk.kind, &extended_header(chunk.data, orientation));
            } else if KEPT.contains(&&chunk.kind) {
                push_chunk(&mut out, chunk.kind, chunk.data);
            }
        }
        if !orientation.is_upright() {
            push_chunk(&mut out, *b"EXIF", &orientation.to_block());
        }
        set_size(&mut out).ok_or_else(|| damage::damaged(PictureFormat::Webp, "it is too large"))?;
        Ok(Stripped::from_bytes(bytes, out, orientation))
    }

    fn metadata(&self, bytes: &[u8]) -> Metadata {
        let mut metadata = Metadata::default();
        for chunk in Chunks::new(bytes).map_while(Result::ok) {
            match &chunk.kind {
                b"EXIF" => {
                    let block = chunk.data.strip_prefix(EXIF_PREFIX).unwrap_or(chunk.data);
                    metadata.exif = Some(block.to_vec());
                }
                b"XMP " => metadata.xmp = Some(chunk.data.to_vec()),
                _ => {}
            }
        }
        metadata
    }

    fn with_metadata(&self, bytes: &[u8], metadata: &Metadata) -> Option<Vec<u8>> {
        let chunks: Vec<Chunk<'_>> = Chunks::new(bytes).collect::<Result<_>>().ok()?;
        let mut head = match chunks.first()? {
            first if &first.kind == b"VP8X" => first.data.to_vec(),
            first => extended_header_for(first)?,
        };
        let flag = |is_there: bool, flag: u8| if is_there { flag } else { 0 };
        let flags = head.first_mut()?;
        *flags &= !(EXIF | XMP);
        *flags |= flag(metadata.exif.is_some(), EXIF) | flag(metadata.xmp.is_some(), XMP);
        let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
        push_chunk(&mut out, *b"VP8X", &head);
        for chunk in chunks.iter().filter(|chunk| ![*b"VP8X", *b"EXIF", *b"XMP "].contains(&chunk.kind)) {
            push_chunk(&mut out, chunk.kind, chunk.data);
        }
        if let Some(exif) = &metadata.exif {
            push_chunk(&mut out, *b"EXIF", exif);
        }
        if let Some(xmp) = &metadata.xmp {
            push_chunk(&mut out, *b"XMP ", xmp);
        }
        set_size(&mut out)?;
        Some(out)
    }
}

/// Writes into a finished file how long it is.
fn set_size(file: &mut [u8]) -> Option<()> {
    let size = u32::try_from(file.len() - 8).ok()?;
    file.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
    Some(())
}

/// An extended header for a file that had none.
fn extended_header_for(first: &Chunk<'_>) -> Option<Vec<u8>> {
    let (width, height) = first_header(first)?.size?;
    let has_alpha = &first.kind == b"VP8L" && first.data.get(4).is_some_and(|byte| byte & 0x10 != 0);
    let mut head = vec![if has_alpha { ALPHA } else { 0 }, 0, 0, 0];
    head.extend_from_slice(&(width - 1).to_le_bytes()[..3]);
    head.extend_from_slice(&(height - 1).to_le_bytes()[..3]);
    Some(head)
}

/// The size, from whichever chunk comes first.
fn first_header(chunk: &Chunk<'_>) -> Option<Header> {
    let mut reader = BytesReader::new(chunk.data);
    match &chunk.kind {
        b"VP8X" => {
            let flags = reader.u8()?;
            reader.skip(3)?;
            let (width, height) = (reader.u24_le()? + 1, reader.u24_le()? + 1);
            Some(Header { animated: flags & ANIMATION != 0, ..Header::still(width, height) })
        }
        b"VP8 " => {
            reader.skip(3)?;
            let is_key_frame = reader.take(3)? == b"\x9d\x01\x2a";
            let (width, height) = (reader.u16_le()? & 0x3fff, reader.u16_le()? & 0x3fff);
            is_key_frame.then(|| Header::still(u32::from(width), u32::from(height)))
        }
        b"VP8L" => {
            let is_lossless = reader.u8()? == 0x2f;
            let sides = reader.u32_le()?;
            is_lossless.then(|| Header::still((sides & 0x3fff) + 1, ((sides >> 14) & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// Readers pass EXIF over unless the extended header announces it.
fn has_exif(first: &Chunk<'_>) -> bool {
    &first.kind == b"VP8X" && first.data.first().is_some_and(|flags| flags & EXIF != 0)
}

/// The extended header with the flags of what stays.
fn extended_header(data: &[u8], orientation: Orientation) -> Vec<u8> {
    let mut data = data.to_vec();
    if let Some(flags) = data.first_mut() {
        *flags &= !(EXIF | XMP);
        if !orientation.is_upright() {
            *flags |= EXIF;
        }
    }
    data
}

pub(super) fn push_chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend(kind);
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}
