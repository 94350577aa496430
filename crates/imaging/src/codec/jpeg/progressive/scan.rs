//! The scans of a progressive file, read into coefficients (ITU-T T.81, annex G).

use super::super::header::{Component, Header};
use super::super::huffman::{Bits, Codes};
#[cfg(target_arch = "x86_64")]
use super::details::nth_set_by_one_instruction;
use super::details::{Block, Details, nth_set};
use super::library::Rows;
use crate::cancel::Cancel;
use crate::format::jpeg_segments::{COMMENT, END, FIRST_APP, LAST_APP, LINES, SCAN, Segments};

const CODES: u8 = 0xc4;
const QUANTIZATION: u8 = 0xdb;
const RESTART: u8 = 0xdd;

/// The highest bit that a scan may begin with.
const HIGHEST_BIT: u8 = 13;

/// Reads all scans of a file into blocks. `None` for anything that the usual decoder would complain about, or
/// might.
pub(super) fn read_all(bytes: &[u8], header: &Header, planes: Vec<Rows<'_>>, cancel: &Cancel) -> Option<()> {
    let mut reader = Reader::new(header, planes, cancel);
    let (mut frames, mut scans, mut position) = (0, 0, 2);
    for segment in Segments::new(bytes) {
        let segment = segment.ok()?;
        // Bytes between segments mean nothing, which is said elsewhere.
        if segment.range.start != position {
            return None;
        }
        position = segment.range.end;
        match segment.marker {
            CODES => reader.read_codes(segment.payload)?,
            SCAN => {
                let data = segment.range.start + 4 + segment.payload.len();
                reader.read_scan(segment.payload, bytes.get(data..segment.range.end)?)?;
                scans += 1;
            }
            QUANTIZATION if scans > 0 => return None,
            RESTART if segment.payload != [0, 0] => return None,
            END => return (scans > 0).then_some(()),
            _ if segment.is_frame() => {
                frames += 1;
                if frames > 1 {
                    return None;
                }
            }
            // How colours are stored is known by then.
            FIRST_APP if scans > 0 => return None,
            QUANTIZATION | RESTART | LINES | COMMENT | FIRST_APP..=LAST_APP => {}
            _ => return None,
        }
    }
    None
}

/// One component.
struct Plane<'a> {
    component: Component,
    rows: Rows<'a>,
    /// Blocks that the picture has, across and down: those of a scan of this component alone.
    own: (usize, usize),
    /// For each of them, which coefficients are not zero, in the order of the file.
    known: Vec<u64>,
    /// The lowest bit that was told of each coefficient.
    told: [Option<u8>; 64],
}

struct Reader<'a> {
    groups: (usize, usize),
    planes: Vec<Plane<'a>>,
    of_means: [Option<Codes>; 4],
    of_details: [Option<Codes>; 4],
    cancel: &'a Cancel,
}

impl<'a> Reader<'a> {
    fn new(header: &Header, planes: Vec<Rows<'a>>, cancel: &'a Cancel) -> Self {
        let plane = |(component, rows): (&Component, Rows<'a>)| {
            let own = header.own_blocks(component);
            let known = vec![0; own.0 * own.1];
            Plane { component: *component, rows, own, known, told: [None; 64] }
        };
        Self {
            groups: header.groups(),
            planes: header.components.iter().zip(planes).map(plane).collect(),
            of_means: [const { None }; 4],
            of_details: [const { None }; 4],
            cancel,
        }
    }

    fn read_codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((which, rest)) = segment.split_first() {
            segment = rest;
            let codes = Codes::take(&mut segment)?;
            let tables = match which >> 4 {
                0 if codes.are_of_means() => &mut self.of_means,
                1 => &mut self.of_details,
                _ => return None,
            };
            *tables.get_mut(usize::from(which & 0x0f))? = Some(codes);
        }
        Some(())
    }

    fn read_scan(&mut self, head: &[u8], data: &[u8]) -> Option<()> {
        let (count, rest) = head.split_first()?;
        let (parts, [first, last, precision]) = rest.split_last_chunk()?;
        if parts.len() != 2 * usize::from(*count) || parts.is_empty() {
            return None;
        }
        let (before, bit) = (precision >> 4, precision & 0x0f);
        let is_possible = if *first == 0 { *last == 0 } else { *count == 1 && first <= last && *last < 64 };
        if !is_possible || bit > HIGHEST_BIT || (before > 0 && before - 1 != bit) {
            return None;
        }
        let mut order: Vec<(usize, u8)> = Vec::new();
        for part in parts.chunks_exact(2) {
            let index = self.planes.iter().position(|plane| plane.component.id == part[0])?;
            // In the order of the frame, each once.
            if order.last().is_some_and(|(before, _)| *before >= index) {
                return None;
            }
            self.planes[index].tell(*first, *last, before, bit)?;
            order.push((index, part[1]));
        }
        let mut bits = Bits::new(data);
        match (*first, before) {
            (0, 0) => self.read_means(&order, bit, &mut bits)?,
            (0, _) => self.refine_means(&order, bit, &mut bits)?,
            (first, before) => {
                let (index, tables) = *order.first()?;
                let codes = self.of_details.get(usize::from(tables & 0x0f))?.as_ref()?;
                let refines = before > 0;
                let mut details = Details::new(codes, (first, *last), bit, refines);
                self.planes[index].read_details(&mut details, refines, &mut bits, self.cancel)?;
            }
        }
        bits.are_all_read().then_some(())
    }

    fn read_means(&mut self, order: &[(usize, u8)], bit: u8, bits: &mut Bits<'_>) -> Option<()> {
        let Self { of_means, planes, groups, cancel, .. } = self;
        let mut parts = Vec::new();
        for (index, tables) in order {
            parts.push((*index, of_means.get(usize::from(tables >> 4))?.as_ref()?, 0_i32));
        }
        let is_alone = order.len() == 1;
        let groups = if is_alone { planes[parts[0].0].own } else { *groups };
        for down in 0..groups.1 {
            for across in 0..groups.0 {
                for (index, codes, mean) in &mut parts {
                    let plane = &mut planes[*index];
                    for (x, y) in plane.blocks_of_group(is_alone) {
                        *mean = mean.checked_add(codes.difference(bits)?)?;
                        let block = plane.block(is_alone, (across, down), (x, y))?;
                        block[0] = i16::try_from(i64::from(*mean) << bit).ok()?;
                    }
                }
            }
            end_of_row(bits, cancel)?;
        }
        Some(())
    }

    fn refine_means(&mut self, order: &[(usize, u8)], bit: u8, bits: &mut Bits<'_>) -> Option<()> {
        let Self { planes, groups, cancel, .. } = self;
        let is_alone = order.len() == 1;
        let groups = if is_alone { planes[order.first()?.0].own } else { *groups };
        for down in 0..groups.1 {
            for across in 0..groups.0 {
                for (index, _) in order {
                    let plane = &mut planes[*index];
                    for (x, y) in plane.blocks_of_group(is_alone) {
                        bits.refill();
                        let is_set = bits.take(1) == 1;
                        let block = plane.block(is_alone, (across, down), (x, y))?;
                        block[0] |= i16::from(is_set) << bit;
                    }
                }
            }
            end_of_row(bits, cancel)?;
        }
        Some(())
    }
}

/// More bits were read than there are, or nobody waits any more: both end the work.
fn end_of_row(bits: &Bits<'_>, cancel: &Cancel) -> Option<()> {
    (!bits.is_overdrawn() && !cancel.is_stopped()).then_some(())
}

impl Plane<'_> {
    /// A scan tells these coefficients down to a bit; `before` is what an earlier one has told. `None` where that
    /// does not fit together.
    fn tell(&mut self, first: u8, last: u8, before: u8, bit: u8) -> Option<()> {
        if first > 0 && self.told[0].is_none() {
            return None;
        }
        for told in &mut self.told[first.into()..=last.into()] {
            let expected = if before == 0 { None } else { Some(before) };
            if *told != expected {
                return None;
            }
            *told = Some(bit);
        }
        Some(())
    }

    /// The blocks of this component in a group, across and down; a component alone has one.
    fn blocks_of_group(&self, is_alone: bool) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (across, down) = if is_alone { (1, 1) } else { self.component.sampling };
        (0..down as usize).flat_map(move |y| (0..across as usize).map(move |x| (x, y)))
    }

    fn block(&mut self, is_alone: bool, group: (usize, usize), (x, y): (usize, usize)) -> Option<&mut Block> {
        let (across, down) = if is_alone { (1, 1) } else { self.component.sampling };
        let row = self.rows.get_mut(group.1 * down as usize + y)?;
        row.get_mut(group.0 * across as usize + x)
    }

    fn read_details(
        &mut self,
        details: &mut Details<'_>,
        refines: bool,
        bits: &mut Bits<'_>,
        cancel: &Cancel,
    ) -> Option<()> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
        {
            #[expect(unsafe_code, reason = "the compiler cannot know which processor it will be")]
            // SAFETY: the processor has what the function needs.
            return unsafe { self.read_details_by_bits(details, refines, bits, cancel) };
        }
        self.read_blocks(details, refines, bits, cancel, nth_set)
    }

    /// The same with the instructions for single bits that processors have since about 2013: a quarter faster.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "bmi1,bmi2,lzcnt,popcnt")]
    fn read_details_by_bits(
        &mut self,
        details: &mut Details<'_>,
        refines: bool,
        bits: &mut Bits<'_>,
        cancel: &Cancel,
    ) -> Option<()> {
        self.read_blocks(details, refines, bits, cancel, |word, before| {
            nth_set_by_one_instruction(word, before)
        })
    }

    #[inline(always)]
    fn read_blocks(
        &mut self,
        details: &mut Details<'_>,
        refines: bool,
        bits: &mut Bits<'_>,
        cancel: &Cancel,
        nth: impl Fn(u64, u32) -> u64 + Copy,
    ) -> Option<()> {
        let across = self.own.0;
        for (row, known) in self.rows.iter_mut().zip(self.known.chunks_exact_mut(across)) {
            // A copy can stay in registers.
            let mut own_bits = *bits;
            for (block, known) in row.iter_mut().zip(known) {
                if refines {
                    details.refine(block, known, &mut own_bits, nth)?;
                } else {
                    details.read(block, known, &mut own_bits)?;
                }
            }
            *bits = own_bits;
            end_of_row(bits, cancel)?;
        }
        Some(())
    }
}
