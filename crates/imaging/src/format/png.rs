//! PNG and animated PNG: chunks with checksums.

use super::{Container, Header, Metadata, Stripped, profile};
use crate::bytes_reader::BytesReader;
use crate::damage;
use crate::exif::Orientation;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use std::ops::Range;

const SIGNATURE_LENGTH: usize = 8;

/// Chunks without which the picture would look different, beside the critical ones.
const KEPT: &[&[u8; 4]] = &[
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"hIST", b"sPLT", b"pHYs", b"cICP",
    b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"acTL", b"fcTL", b"fdAT",
];

/// What a text chunk with XMP begins with.
const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";

/// The bytes of the name of a profile.
const LONGEST_NAME: usize = 79;

pub(super) struct Png;

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    checksum: u32,
    range: Range<usize>,
}

impl Chunk<'_> {
    /// Decoders must understand it: its first letter is a capital.
    fn is_critical(&self) -> bool {
        self.kind[0].is_ascii_uppercase()
    }

    fn is_intact(&self) -> bool {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.kind);
        hasher.update(self.data);
        hasher.finalize() == self.checksum
    }
}

/// Gives chunks up to and including `IEND`, or one error where the file breaks off.
struct Chunks<'a> {
    reader: BytesReader<'a>,
    is_done: bool,
}

impl<'a> Chunks<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { reader: BytesReader::at(bytes, SIGNATURE_LENGTH), is_done: false }
    }

    fn read(&mut self) -> Option<Chunk<'a>> {
        let start = self.reader.position();
        let length = self.reader.u32_be()?;
        let kind = self.reader.array()?;
        let data = self.reader.take(usize::try_from(length).ok()?)?;
        let checksum = self.reader.u32_be()?;
        Some(Chunk { kind, data, checksum, range: start..self.reader.position() })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let chunk = self.read();
        self.is_done = chunk.as_ref().is_none_or(|chunk| &chunk.kind == b"IEND");
        Some(chunk.ok_or_else(|| damage::ends_early(PictureFormat::Png)))
    }
}

impl Container for Png {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let mut chunks = Chunks::new(bytes);
        let first = chunks.next().transpose()?;
        let mut header = first
            .as_ref()
            .and_then(size)
            .map(|(width, height)| Header::still(width, height))
            .ok_or_else(|| damage::damaged(PictureFormat::Png, "it does not begin with its size"))?;
        let mut has_data = false;
        // A file that was cut still has a header; checking it is another step.
        for chunk in chunks.map_while(Result::ok) {
            match &chunk.kind {
                b"acTL" if !has_data => header.animated = frames(&chunk) > 1,
                b"eXIf" => header.orientation = Orientation::from_block(chunk.data),
                b"IDAT" => has_data = true,
                _ => {}
            }
        }
        Ok(header)
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let mut has_data = false;
        for chunk in Chunks::new(bytes) {
            let chunk = chunk?;
            if chunk.is_critical() && !chunk.is_intact() {
                return Err(damage::damaged(PictureFormat::Png, "a checksum does not fit"));
            }
            has_data |= &chunk.kind == b"IDAT";
        }
        if has_data { Ok(()) } else { Err(damage::damaged(PictureFormat::Png, "it has no picture data")) }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let orientation = self.header(bytes)?.orientation;
        let kept: Vec<Chunk<'_>> = Chunks::new(bytes)
            .filter(|chunk| {
                chunk.as_ref().map_or(true, |chunk| chunk.is_critical() || KEPT.contains(&&chunk.kind))
            })
            .collect::<Result<_>>()?;
        let length: usize = kept.iter().map(|chunk| chunk.range.len()).sum();
        if orientation.is_upright() && SIGNATURE_LENGTH + length == bytes.len() {
            // Most files are clean: they need no copy to compare with.
            return Ok(Stripped::Clean);
        }
        let mut out = Vec::with_capacity(bytes.len());
        out.extend_from_slice(&bytes[..SIGNATURE_LENGTH.min(bytes.len())]);
        for chunk in kept {
            out.extend_from_slice(&bytes[chunk.range]);
            // Browsers honour it only before the picture data.
            if &chunk.kind == b"IHDR" && !orientation.is_upright() {
                push_chunk(&mut out, *b"eXIf", &orientation.to_block());
            }
        }
        Ok(Stripped::from_bytes(bytes, out, orientation))
    }

    fn metadata(&self, bytes: &[u8]) -> Metadata {
        let mut metadata = Metadata::default();
        for chunk in Chunks::new(bytes).map_while(Result::ok) {
            match &chunk.kind {
                b"eXIf" => metadata.exif = Some(chunk.data.to_vec()),
                b"iTXt" => metadata.xmp = metadata.xmp.or_else(|| xmp_in(chunk.data)),
                _ => {}
            }
        }
        metadata
    }

    fn with_metadata(&self, bytes: &[u8], metadata: &Metadata) -> Option<Vec<u8>> {
        let mut out = bytes.get(..SIGNATURE_LENGTH)?.to_vec();
        for chunk in Chunks::new(bytes) {
            let chunk = chunk.ok()?;
            let is_replaced =
                &chunk.kind == b"eXIf" || (&chunk.kind == b"iTXt" && chunk.data.starts_with(XMP_KEYWORD));
            if !is_replaced {
                out.extend_from_slice(&bytes[chunk.range.clone()]);
            }
            if &chunk.kind == b"IHDR" {
                if let Some(exif) = &metadata.exif {
                    push_chunk(&mut out, *b"eXIf", exif);
                }
                if let Some(xmp) = &metadata.xmp {
                    push_chunk(&mut out, *b"iTXt", &[XMP_KEYWORD, &[0; 4], xmp].concat());
                }
            }
        }
        Some(out)
    }
}

/// The packet in a text chunk that says it is XMP; a compressed one is not read.
fn xmp_in(text: &[u8]) -> Option<Vec<u8>> {
    let rest = text.strip_prefix(XMP_KEYWORD)?.strip_prefix(&[0, 0])?;
    let language_end = rest.iter().position(|byte| *byte == 0)?;
    let rest = &rest[language_end + 1..];
    let translation_end = rest.iter().position(|byte| *byte == 0)?;
    Some(rest[translation_end + 1..].to_vec())
}

/// The chunks of a file, in order: their kinds and their data.
pub(crate) fn png_chunks(bytes: &[u8]) -> Result<Vec<([u8; 4], &[u8])>> {
    Chunks::new(bytes).map(|chunk| chunk.map(|chunk| (chunk.kind, chunk.data))).collect()
}

/// The colour profile: behind its name and the way it is packed, of which there is one.
pub(crate) fn png_profile(bytes: &[u8]) -> Option<Bytes> {
    let mut chunks = Chunks::new(bytes).map_while(Result::ok).take_while(|chunk| &chunk.kind != b"IDAT");
    let data = chunks.find(|chunk| &chunk.kind == b"iCCP")?.data;
    let name_end = data.iter().take(LONGEST_NAME + 1).position(|byte| *byte == 0)?;
    profile::unpacked(data.get(name_end + 1..)?.strip_prefix(&[0])?)
}

fn size(chunk: &Chunk<'_>) -> Option<(u32, u32)> {
    let mut reader = BytesReader::new(chunk.data);
    let size = (reader.u32_be()?, reader.u32_be()?);
    (&chunk.kind == b"IHDR").then_some(size)
}

fn frames(chunk: &Chunk<'_>) -> u32 {
    BytesReader::new(chunk.data).u32_be().unwrap_or(0)
}

fn push_chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&kind);
    hasher.update(data);
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    out.extend(kind);
    out.extend_from_slice(data);
    out.extend(hasher.finalize().to_be_bytes());
}
