//! The parts that a WebP file is put together from: a picture, a profile, frames.

use super::webp::{Chunk, Chunks, push_chunk};
use crate::bytes_reader::BytesReader;
use crate::damage;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

const FORMAT: PictureFormat = PictureFormat::Webp;

/// Flags of the extended header.
const ANIMATION: u8 = 0x02;
const ALPHA: u8 = 0x10;
const PROFILE: u8 = 0x20;

/// Flags of a frame.
const CLEARED_AFTER: u8 = 0x01;
const REPLACES: u8 = 0x02;

/// Numbers of three bytes end here.
const MAX_U24: u32 = 0xff_ffff;

/// A frame of an animation.
#[derive(Debug)]
pub(crate) struct FramePart<'a> {
    /// Even, as is `y`.
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
    pub duration_ms: u32,
    /// Its place is transparent before the next frame.
    pub cleared_after: bool,
    /// It replaces what is there; otherwise it lies over it.
    pub replaces: bool,
    /// The chunks of its picture.
    pub data: &'a [u8],
}

/// What an animated file says of itself.
#[derive(Debug)]
pub(crate) struct Moving<'a> {
    pub width: u32,
    pub height: u32,
    /// 0 for ever.
    pub loops: u16,
    pub frames: Vec<FramePart<'a>>,
}

/// The ICC profile.
pub(crate) fn profile(bytes: &[u8]) -> Option<&[u8]> {
    let mut chunks = Chunks::new(bytes).map_while(Result::ok);
    let extended = chunks.next().filter(|chunk| &chunk.kind == b"VP8X")?;
    if extended.data.first()? & PROFILE == 0 {
        return None;
    }
    chunks.find(|chunk| &chunk.kind == b"ICCP").map(|chunk| chunk.data).filter(|data| !data.is_empty())
}

/// The frames, as far as the file goes on.
pub(crate) fn frames(bytes: &[u8]) -> Result<Moving<'_>> {
    let mut chunks = Chunks::new(bytes).map_while(Result::ok);
    let extended = chunks.next().filter(|chunk| &chunk.kind == b"VP8X");
    let (width, height) = extended
        .and_then(|chunk| {
            let mut reader = BytesReader::at(chunk.data, 4);
            Some((reader.u24_le()? + 1, reader.u24_le()? + 1))
        })
        .ok_or_else(|| damage::damaged(FORMAT, "it does not begin with its size"))?;
    let mut moving = Moving { width, height, loops: 0, frames: Vec::new() };
    for chunk in chunks {
        match &chunk.kind {
            b"ANIM" => moving.loops = BytesReader::at(chunk.data, 4).u16_le().unwrap_or(0),
            b"ANMF" => moving.frames.push(frame(&chunk).ok_or_else(|| damage::ends_early(FORMAT))?),
            _ => {}
        }
    }
    Ok(moving)
}

fn frame<'a>(chunk: &Chunk<'a>) -> Option<FramePart<'a>> {
    let mut reader = BytesReader::new(chunk.data);
    let (x, y) = (reader.u24_le()? * 2, reader.u24_le()? * 2);
    let (width, height) = (reader.u24_le()? + 1, reader.u24_le()? + 1);
    let duration_ms = reader.u24_le()?;
    let flags = reader.u8()?;
    let data = &chunk.data[reader.position()..];
    let (cleared_after, replaces) = (flags & CLEARED_AFTER != 0, flags & REPLACES != 0);
    Some(FramePart { x, y, width, height, duration_ms, cleared_after, replaces, data })
}

/// A still file with the picture of a frame.
pub(crate) fn still_of(frame: &FramePart<'_>) -> Vec<u8> {
    let chunks = picture_chunks(Chunks::inside(frame.data));
    let has_alpha = chunks.iter().any(|chunk| &chunk.kind == b"ALPH");
    let header = has_alpha.then(|| extended_header(ALPHA, frame.width, frame.height));
    let mut file = start(header.as_deref());
    for chunk in chunks {
        push_chunk(&mut file, chunk.kind, chunk.data);
    }
    finish(file)
}

/// The same picture with a profile; `file` is a still file without one.
pub(crate) fn with_profile(file: &[u8], width: u32, height: u32, has_alpha: bool, icc: &[u8]) -> Vec<u8> {
    let flags = PROFILE | if has_alpha { ALPHA } else { 0 };
    let mut out = start(Some(&extended_header(flags, width, height)));
    push_chunk(&mut out, *b"ICCP", icc);
    for chunk in picture_chunks(Chunks::new(file)) {
        push_chunk(&mut out, chunk.kind, chunk.data);
    }
    finish(out)
}

/// Begins an animated file.
pub(crate) fn start_moving(
    width: u32,
    height: u32,
    loops: u32,
    has_alpha: bool,
    icc: Option<&[u8]>,
) -> Vec<u8> {
    let flags = ANIMATION | if has_alpha { ALPHA } else { 0 } | if icc.is_some() { PROFILE } else { 0 };
    let mut out = start(Some(&extended_header(flags, width, height)));
    if let Some(icc) = icc {
        push_chunk(&mut out, *b"ICCP", icc);
    }
    let mut animation = vec![0; 4];
    animation.extend(u16::try_from(loops).unwrap_or(u16::MAX).to_le_bytes());
    push_chunk(&mut out, *b"ANIM", &animation);
    out
}

/// The chunk of a frame; `file` is a still file with its picture. A frame that is shown longer than
/// a file can say is shown as long as it can say.
pub(crate) fn push_frame(out: &mut Vec<u8>, frame: &FramePart<'_>, file: &[u8]) {
    let mut data = Vec::with_capacity(file.len() + 16);
    for number in [frame.x / 2, frame.y / 2, frame.width - 1, frame.height - 1, frame.duration_ms] {
        data.extend_from_slice(&number.min(MAX_U24).to_le_bytes()[..3]);
    }
    let cleared_after = if frame.cleared_after { CLEARED_AFTER } else { 0 };
    data.push(cleared_after | if frame.replaces { REPLACES } else { 0 });
    for chunk in picture_chunks(Chunks::new(file)) {
        push_chunk(&mut data, chunk.kind, chunk.data);
    }
    push_chunk(out, *b"ANMF", &data);
}

/// Writes the length of a whole file into its head.
pub(crate) fn finish(mut file: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(file.len().saturating_sub(8)).unwrap_or(u32::MAX);
    file[4..8].copy_from_slice(&length.to_le_bytes());
    file
}

fn start(extended: Option<&[u8]>) -> Vec<u8> {
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    if let Some(header) = extended {
        push_chunk(&mut out, *b"VP8X", header);
    }
    out
}

fn extended_header(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let mut header = vec![flags, 0, 0, 0];
    for side in [width, height] {
        header.extend_from_slice(&side.saturating_sub(1).min(MAX_U24).to_le_bytes()[..3]);
    }
    header
}

fn picture_chunks<'a>(chunks: Chunks<'a>) -> Vec<Chunk<'a>> {
    chunks.map_while(Result::ok).filter(|chunk| matches!(&chunk.kind, b"ALPH" | b"VP8 " | b"VP8L")).collect()
}
