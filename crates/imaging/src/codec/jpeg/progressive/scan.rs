//! The scans of a progressive file, read into coefficients (ITU-T T.81, annex G).

use super::super::header::{Component, Header, ScanHead};
use super::super::huffman::{Bits, Codes};
#[cfg(target_arch = "x86_64")]
use super::details::nth_set_by_one_instruction;
use super::details::{Block, Details, nth_set};
use super::library::Rows;
use crate::cancel::Cancel;
use crate::format::jpeg_segments::{
    CODES, COMMENT, END, FIRST_APP, LAST_APP, LINES, QUANTIZATION, RESTART, SCAN, Segments,
};

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

    fn read_codes(&mut self, segment: &[u8]) -> Option<()> {
        Codes::take_all(segment, |kind, number, codes| {
            let tables = match kind {
                0 if codes.are_of_means() => &mut self.of_means,
                1 => &mut self.of_details,
                _ => return None,
            };
            *tables.get_mut(number)? = Some(codes);
            Some(())
        })
    }

    fn read_scan(&mut self, head: &[u8], data: &[u8]) -> Option<()> {
        let ScanHead { parts, first, last, precision } = ScanHead::read(head)?;
        let (before, bit) = (precision >> 4, precision & 0x0f);
        let is_possible = if first == 0 { last == 0 } else { parts.len() == 1 && first <= last && last < 64 };
        if parts.is_empty() || !is_possible || bit > HIGHEST_BIT || (before > 0 && before - 1 != bit) {
            return None;
        }
        let mut order: Vec<(usize, u8)> = Vec::new();
        for [id, tables] in parts {
            let index = self.planes.iter().position(|plane| plane.component.id == *id)?;
            // In the order of the frame, each once.
            if order.last().is_some_and(|(before, _)| *before >= index) {
                return None;
            }
            self.planes[index].tell(first, last, before, bit)?;
            order.push((index, *tables));
        }
        let mut bits = Bits::new(data);
        match (first, before) {
            (0, 0) => self.read_means(&order, bit, &mut bits)?,
            (0, _) => self.refine_means(&order, bit, &mut bits)?,
            (first, before) => {
                let (index, tables) = *order.first()?;
                let codes = self.of_details.get(usize::from(tables & 0x0f))?.as_ref()?;
                let refines = before > 0;
                let mut details = Details::new(codes, (first, last), bit, refines);
                self.planes[index].read_details(&mut details, refines, &mut bits, self.cancel)?;
            }
        }
        bits.are_all_read().then_some(())
    }

    fn read_means(&mut self, order: &[(usize, u8)], bit: u8, bits: &mut Bits<'_>) -> Option<()> {
        let Self { of_means, planes, groups, cancel, .. } = self;
        let mut parts = Vec::new();
        for (_, tables) in order {
            parts.push((of_means.get(usize::from(tables >> 4))?.as_ref()?, 0_i32));
        }
        each_block(planes, *groups, order, bits, cancel, |part, block, bits| {
            let (codes, mean) = &mut parts[part];
            *mean = mean.checked_add(codes.difference(bits)?)?;
            block[0] = i16::try_from(i64::from(*mean) << bit).ok()?;
            Some(())
        })
    }

    fn refine_means(&mut self, order: &[(usize, u8)], bit: u8, bits: &mut Bits<'_>) -> Option<()> {
        let Self { planes, groups, cancel, .. } = self;
        each_block(planes, *groups, order, bits, cancel, |_, block, bits| {
            bits.refill();
            block[0] |= i16::from(bits.take(1) == 1) << bit;
            Some(())
        })
    }
}

/// Goes through the blocks of a scan of means, group by group; a component alone has no groups, and its own
/// blocks come row by row. `each` gets a component's place in the scan, and its next block.
fn each_block(
    planes: &mut [Plane<'_>],
    groups: (usize, usize),
    order: &[(usize, u8)],
    bits: &mut Bits<'_>,
    cancel: &Cancel,
    mut each: impl FnMut(usize, &mut Block, &mut Bits<'_>) -> Option<()>,
) -> Option<()> {
    let alone = match order {
        [(index, _)] => Some(planes[*index].own),
        _ => None,
    };
    let groups = alone.unwrap_or(groups);
    for y in 0..groups.1 {
        for x in 0..groups.0 {
            for (part, (index, _)) in order.iter().enumerate() {
                let plane = &mut planes[*index];
                let (across, down) = if alone.is_some() { (1, 1) } else { plane.component.sampling };
                for row in plane.rows.get_mut(y * down..(y + 1) * down)? {
                    for block in row.get_mut(x * across..(x + 1) * across)? {
                        each(part, block, bits)?;
                    }
                }
            }
        }
        end_of_row(bits, cancel)?;
    }
    Some(())
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
