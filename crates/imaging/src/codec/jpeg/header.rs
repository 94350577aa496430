//! What has to be known of a JPEG file before the decoder may see it: flavour, memory, profile.

use crate::codec::cannot_decode;
use crate::damage;
use crate::format::jpeg_segments::{END, FIRST_APP, SCAN, Segment, Segments};
use crate::format::profile::LARGEST_PROFILE;
use crate::limits::Limits;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

const JPEG: PictureFormat = PictureFormat::Jpeg;
const APP2: u8 = FIRST_APP + 2;
const ICC_PROFILE: &[u8] = b"ICC_PROFILE\0";

/// Baseline, extended sequential and progressive, all with Huffman codes.
const PROGRESSIVE: u8 = 0xc2;

/// More scans than any encoder writes. Each costs a walk over all coefficients, however small it is
/// in the file, so that a small file could keep a core busy for minutes.
const MOST_SCANS: usize = 200;

/// Pixels in a block, and bytes of its coefficients in memory, with those that say which are known.
const BLOCK_SIDE: usize = 8;
const BLOCK_BYTES: u64 = 64 * 2 + 8;

/// One component of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub id: u8,
    /// Samples across and down, relative to the other components.
    pub sampling: (usize, usize),
    /// Its table of steps.
    pub table: u8,
}

/// The frame, and what stands before the first compressed data.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub width: u32,
    pub height: u32,
    pub is_progressive: bool,
    pub components: Vec<Component>,
    /// The decoder holds all coefficients in memory: those of several scans come together there.
    pub holds_coefficients: bool,
    /// The colour profile, if all its parts are there.
    pub icc: Option<Bytes>,
}

impl Header {
    /// Reads it, and refuses the flavours that the decoder does not know.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut frame = None;
        let mut icc = ProfileParts::default();
        for segment in Segments::before_data(bytes) {
            let segment = segment?;
            if segment.marker == APP2 {
                icc.add(segment.payload);
            }
            if segment.is_frame() && frame.is_none() {
                frame = Some(Self::read_frame(&segment)?);
            }
            match (segment.marker, &mut frame) {
                (SCAN, Some(frame)) => {
                    let in_scan = usize::from(segment.payload.first().copied().unwrap_or(0));
                    frame.holds_coefficients = frame.is_progressive || in_scan < frame.components.len();
                }
                (SCAN | END, None) => return Err(damage::damaged(JPEG, "it has no frame")),
                (END, Some(_)) => return Err(damage::damaged(JPEG, "it has no picture data")),
                _ => {}
            }
        }
        let mut frame = frame.ok_or_else(|| damage::ends_early(JPEG))?;
        frame.icc = icc.join();
        if frame.holds_coefficients && scans(bytes) > MOST_SCANS {
            return Err(cannot_decode(JPEG, "it has more scans than a picture needs"));
        }
        Ok(frame)
    }

    fn read_frame(segment: &Segment<'_>) -> Result<Self> {
        let [precision, h1, h2, w1, w2, count, components @ ..] = segment.payload else {
            return Err(damage::damaged(JPEG, "its frame has no size"));
        };
        match segment.marker {
            0xc0..=PROGRESSIVE => {}
            0xc3 | 0xc5..=0xc7 => return Err(cannot_decode(JPEG, "it is lossless or hierarchical JPEG")),
            _ => return Err(cannot_decode(JPEG, "it is arithmetically coded JPEG")),
        }
        if *precision != 8 {
            return Err(cannot_decode(JPEG, "its samples have more than 8 bits"));
        }
        let (width, height) = (u16::from_be_bytes([*w1, *w2]), u16::from_be_bytes([*h1, *h2]));
        if height == 0 {
            return Err(cannot_decode(JPEG, "its height comes after its pixels"));
        }
        if width == 0 {
            return Err(damage::damaged(JPEG, "its header says that it has no pixels"));
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(cannot_decode(JPEG, "it is neither gray nor RGB nor CMYK"));
        }
        let components: Vec<Component> =
            components.chunks_exact(3).take(usize::from(*count)).map(Component::read).collect();
        let is_sampled = |part: &Component| part.sampling.0.min(part.sampling.1) > 0;
        if components.len() < usize::from(*count) || !components.iter().all(is_sampled) {
            return Err(damage::damaged(JPEG, "its frame lacks a component"));
        }
        Ok(Self {
            width: width.into(),
            height: height.into(),
            is_progressive: segment.marker == PROGRESSIVE,
            components,
            holds_coefficients: false,
            icc: None,
        })
    }

    /// The size at `eighths` eighths.
    pub(super) fn scaled(&self, eighths: u32) -> (u32, u32) {
        ((self.width * eighths).div_ceil(8), (self.height * eighths).div_ceil(8))
    }

    /// Whether it may be decoded at so many eighths: counted before anything is allocated.
    pub(super) fn check(&self, limits: &Limits, eighths: u32) -> Result<()> {
        self.check_pixels(limits)?;
        let (width, height) = self.scaled(eighths);
        let channels = if self.components.len() == 1 { 1 } else { 3 };
        let pixels = u64::from(width) * u64::from(height) * channels;
        let coefficients = if self.holds_coefficients { self.coefficient_bytes() } else { 0 };
        if pixels + coefficients > limits.max_alloc {
            return Err(limits.out_of_memory(self.width, self.height));
        }
        Ok(())
    }

    /// Whether its size is allowed.
    pub(super) fn check_pixels(&self, limits: &Limits) -> Result<()> {
        limits.check(self.width, self.height)
    }

    /// Whether colours have the resolution of brightness or half of it, across, down, or both, and no
    /// two components have the same name, nor those of red, green and blue.
    pub(super) fn has_usual_sampling(&self) -> bool {
        let [luma, colors @ ..] = self.components.as_slice() else { return false };
        let is_usual =
            colors.iter().all(|color| color.sampling == (1, 1)) && luma.sampling.0.max(luma.sampling.1) <= 2;
        let names: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        let are_different = names.iter().enumerate().all(|(index, name)| !names[..index].contains(name));
        is_usual && are_different && names != b"RGB"
    }

    /// Memory for the coefficients of the whole picture.
    pub(super) fn coefficient_bytes(&self) -> u64 {
        self.blocks_of_all_groups() as u64 * BLOCK_BYTES
    }

    /// The largest sampling across, and down.
    pub(super) fn most_sampling(&self) -> (usize, usize) {
        let most = |side: fn(&Component) -> usize| self.components.iter().map(side).max().unwrap_or(1);
        (most(|part| part.sampling.0), most(|part| part.sampling.1))
    }

    /// Groups of blocks of all components, across and down.
    pub(super) fn groups(&self) -> (usize, usize) {
        self.blocks((1, 1))
    }

    /// The blocks of one component that the picture has, across and down, without those that only fill up the
    /// last groups.
    pub(super) fn own_blocks(&self, component: &Component) -> (usize, usize) {
        self.blocks(component.sampling)
    }

    /// The same with those that fill up the last groups.
    pub(super) fn padded_blocks(&self, component: &Component) -> (usize, usize) {
        let groups = self.groups();
        (groups.0 * component.sampling.0, groups.1 * component.sampling.1)
    }

    /// The blocks of a scan of all components.
    pub(super) fn blocks_of_a_scan(&self) -> usize {
        match self.components.as_slice() {
            [alone] => {
                let own = self.own_blocks(alone);
                own.0 * own.1
            }
            _ => self.blocks_of_all_groups(),
        }
    }

    fn blocks(&self, sampling: (usize, usize)) -> (usize, usize) {
        let most = self.most_sampling();
        let count = |side: u32, part: usize, most: usize| (side as usize * part).div_ceil(BLOCK_SIDE * most);
        (count(self.width, sampling.0, most.0), count(self.height, sampling.1, most.1))
    }

    fn blocks_of_all_groups(&self) -> usize {
        let groups = self.groups();
        let of_group: usize = self.components.iter().map(|part| part.sampling.0 * part.sampling.1).sum();
        groups.0 * groups.1 * of_group
    }
}

/// What the head of a scan says.
pub(super) struct ScanHead<'a> {
    /// For each of its components, its name and its two tables of codes.
    pub parts: &'a [[u8; 2]],
    /// The coefficients that it tells.
    pub first: u8,
    pub last: u8,
    /// The bits before and from which on it tells them.
    pub precision: u8,
}

impl<'a> ScanHead<'a> {
    pub(super) fn read(payload: &'a [u8]) -> Option<Self> {
        let (count, rest) = payload.split_first()?;
        let (parts, [first, last, precision]) = rest.split_last_chunk()?;
        let (parts, rest) = parts.as_chunks();
        let is_whole = rest.is_empty() && parts.len() == usize::from(*count);
        is_whole.then_some(Self { parts, first: *first, last: *last, precision: *precision })
    }
}

impl Component {
    fn read(entry: &[u8]) -> Self {
        let [id, sampling, table] = *entry.first_chunk().unwrap_or(&[0, 0, 0]);
        Self { id, sampling: ((sampling >> 4).into(), (sampling & 0x0f).into()), table }
    }
}

/// The colour profile of a file, whatever else is in it.
pub(crate) fn profile(bytes: &[u8]) -> Option<Bytes> {
    let mut icc = ProfileParts::default();
    for segment in Segments::before_data(bytes).map_while(Result::ok) {
        if segment.marker == APP2 {
            icc.add(segment.payload);
        }
    }
    icc.join()
}

fn scans(bytes: &[u8]) -> usize {
    Segments::new(bytes).flatten().filter(|segment| segment.marker == SCAN).take(MOST_SCANS + 1).count()
}

/// A profile larger than a segment is cut into numbered parts, which may come in any order.
#[derive(Default)]
struct ProfileParts<'a> {
    count: u8,
    parts: Vec<(u8, &'a [u8])>,
}

impl<'a> ProfileParts<'a> {
    fn add(&mut self, payload: &'a [u8]) {
        if let Some([number, count, part @ ..]) = payload.strip_prefix(ICC_PROFILE) {
            self.count = *count;
            self.parts.push((*number, part));
        }
    }

    /// The whole; `None` without a profile, for a huge one, and for one with a part missing, doubled or
    /// misnumbered.
    fn join(mut self) -> Option<Bytes> {
        self.parts.sort_by_key(|(number, _)| *number);
        let is_whole = self.parts.iter().map(|(number, _)| *number).eq(1..=self.count);
        let length: usize = self.parts.iter().map(|(_, part)| part.len()).sum();
        if !is_whole || !(1..=LARGEST_PROFILE).contains(&length) {
            return None;
        }
        Some(self.parts.iter().flat_map(|(_, part)| part.iter().copied()).collect::<Vec<u8>>().into())
    }
}
