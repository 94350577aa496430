//! GIF: blocks of sub-blocks.

use super::{Container, Header, Stripped};
use crate::bytes_reader::BytesReader;
use crate::damage;
use crate::exif::Orientation;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use std::ops::Range;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
const COMMENT: u8 = 0xfe;
const APPLICATION: u8 = 0xff;

/// Applications whose blocks are part of the picture: loops and the colour profile.
const KEPT_APPLICATIONS: &[&[u8]] = &[b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

pub(super) struct Gif;

#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Image,
    Extension { is_kept: bool },
    Trailer,
}

struct Block {
    kind: BlockKind,
    range: Range<usize>,
}

/// Signature, canvas and the colours shared by all frames.
struct Prelude {
    width: u32,
    height: u32,
    end: usize,
}

fn prelude(bytes: &[u8]) -> Option<Prelude> {
    let mut reader = BytesReader::at(bytes, 6);
    let (width, height) = (reader.u16_le()?, reader.u16_le()?);
    let flags = reader.u8()?;
    reader.skip(2)?;
    Some(Prelude {
        width: u32::from(width),
        height: u32::from(height),
        end: reader.position() + colours(flags),
    })
}

/// The bytes of a colour table that these flags announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Gives blocks up to and including the trailer, or one error where the file breaks off. Some old
/// programs write no trailer; a file that ends behind a whole block is taken as it is everywhere.
struct Blocks<'a> {
    reader: BytesReader<'a>,
    is_done: bool,
}

impl<'a> Blocks<'a> {
    fn new(bytes: &'a [u8], prelude: &Prelude) -> Self {
        Self { reader: BytesReader::at(bytes, prelude.end), is_done: false }
    }

    fn read(&mut self) -> Option<Block> {
        let start = self.reader.position();
        let kind = match self.reader.u8()? {
            TRAILER => BlockKind::Trailer,
            IMAGE => {
                self.reader.skip(8)?;
                let flags = self.reader.u8()?;
                self.reader.skip(colours(flags) + 1)?;
                self.skip_sub_blocks()?;
                BlockKind::Image
            }
            EXTENSION => {
                let label = self.reader.u8()?;
                let mut ahead = self.reader.clone();
                let length = usize::from(ahead.u8()?);
                let first = ahead.take(length)?;
                self.skip_sub_blocks()?;
                BlockKind::Extension { is_kept: is_kept(label, first) }
            }
            _ => return None,
        };
        Some(Block { kind, range: start..self.reader.position() })
    }

    fn skip_sub_blocks(&mut self) -> Option<()> {
        loop {
            match self.reader.u8()? {
                0 => return Some(()),
                length => self.reader.skip(usize::from(length))?,
            }
        }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done || self.reader.is_at_end() {
            return None;
        }
        let block = self.read();
        self.is_done = block.as_ref().is_none_or(|block| block.kind == BlockKind::Trailer);
        Some(block.ok_or_else(|| damage::ends_early(PictureFormat::Gif)))
    }
}

/// How many frames a file has, as far as it can be read.
pub(crate) fn gif_frames(bytes: &[u8]) -> u64 {
    let Some(prelude) = prelude(bytes) else { return 0 };
    let blocks = Blocks::new(bytes, &prelude).map_while(Result::ok);
    blocks.filter(|block| block.kind == BlockKind::Image).count() as u64
}

fn is_kept(label: u8, first: &[u8]) -> bool {
    match label {
        COMMENT => false,
        APPLICATION => KEPT_APPLICATIONS.contains(&first),
        _ => true,
    }
}

impl Container for Gif {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let prelude = prelude(bytes).ok_or_else(|| damage::ends_early(PictureFormat::Gif))?;
        let frames = Blocks::new(bytes, &prelude)
            .map_while(Result::ok)
            .filter(|block| block.kind == BlockKind::Image)
            .take(2)
            .count();
        Ok(Header { animated: frames > 1, ..Header::still(prelude.width, prelude.height) })
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let prelude = prelude(bytes).ok_or_else(|| damage::ends_early(PictureFormat::Gif))?;
        let mut has_frame = false;
        for block in Blocks::new(bytes, &prelude) {
            has_frame |= block?.kind == BlockKind::Image;
        }
        if has_frame { Ok(()) } else { Err(damage::damaged(PictureFormat::Gif, "it has no picture data")) }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let prelude = prelude(bytes).ok_or_else(|| damage::ends_early(PictureFormat::Gif))?;
        let mut out =
            bytes.get(..prelude.end).ok_or_else(|| damage::ends_early(PictureFormat::Gif))?.to_vec();
        for block in Blocks::new(bytes, &prelude) {
            let block = block?;
            if block.kind != (BlockKind::Extension { is_kept: false }) {
                out.extend_from_slice(&bytes[block.range]);
            }
        }
        Ok(Stripped::from_bytes(bytes, out, Orientation::UPRIGHT))
    }
}
