//! The coefficients of blocks besides their means, bit by bit.

use super::super::huffman::{Bits, Codes, Number};

/// The coefficients of a block, row by row.
pub(super) type Block = [i16; 64];

/// Where the coefficients of a file, which come from the coarsest to the finest, lie in a block.
const PLACES: [u8; 64] = places();

const fn places() -> [u8; 64] {
    let mut places = [0; 64];
    let (mut x, mut y, mut index) = (0_u8, 0_u8, 0);
    while index < 64 {
        places[index] = y * 8 + x;
        let goes_up = (x + y).is_multiple_of(2);
        (x, y) = match (goes_up, x, y) {
            (true, 7, _) => (7, y + 1),
            (true, _, 0) => (x + 1, 0),
            (true, ..) => (x + 1, y - 1),
            (false, _, 7) => (x + 1, 7),
            (false, 0, _) => (0, y + 1),
            (false, ..) => (x - 1, y + 1),
        };
        index += 1;
    }
    places
}

/// The coefficients of a block that are not its mean, as one scan tells some of them.
pub(super) struct Details<'a> {
    codes: &'a Codes,
    /// Those that can be told in a few bits.
    numbers: Vec<Number>,
    first: u32,
    last: u32,
    bit: u32,
    /// Blocks from here on of which nothing new is told.
    empty: u32,
}

impl<'a> Details<'a> {
    /// For a scan of the coefficients `first` to `last`, from bit `bit` on; `refines` says whether higher bits
    /// are known.
    pub(super) fn new(codes: &'a Codes, (first, last): (u8, u8), bit: u8, refines: bool) -> Self {
        let numbers = if refines { Vec::new() } else { codes.numbers(bit.into()) };
        Self { codes, numbers, first: first.into(), last: last.into(), bit: bit.into(), empty: 0 }
    }

    /// Reads coefficients for the first time.
    #[inline(always)]
    pub(super) fn read(&mut self, block: &mut Block, known: &mut u64, bits: &mut Bits<'_>) -> Option<()> {
        if self.empty > 0 {
            self.empty -= 1;
            return Some(());
        }
        let mut index = self.first;
        while index <= self.last {
            bits.refill();
            let value = if let Some(number) = bits.take_number(&self.numbers) {
                index += u32::from(number.zeros);
                number.value
            } else {
                let (zeros, size) = self.codes.symbol(bits)?;
                if size == 0 {
                    if zeros < 15 {
                        self.empty = (1 << zeros) - 1 + bits.take(zeros);
                        break;
                    }
                    index += 16;
                    continue;
                }
                index += zeros;
                i16::try_from(bits.take_signed(size)? << self.bit).ok()?
            };
            if index > self.last {
                return None;
            }
            block[place(index)] = value;
            *known |= 1 << index;
            index += 1;
        }
        Some(())
    }

    /// Reads one more bit of the coefficients that are known, and those that begin with it.
    /// `nth` gives the bit of a word that is set behind so many others that are.
    #[inline(always)]
    pub(super) fn refine(
        &mut self,
        block: &mut Block,
        known: &mut u64,
        bits: &mut Bits<'_>,
        nth: impl Fn(u64, u32) -> u64,
    ) -> Option<()> {
        let step = 1_i16 << self.bit;
        let of_scan = between(self.first, self.last + 1);
        let before = *known & of_scan;
        // What is not reached yet.
        let (mut old, mut unknown) = (before, of_scan & !before);
        let mut more = More::default();
        while self.empty == 0 && old | unknown != 0 {
            let (zeros, size) = self.codes.symbol(bits)?;
            let new = match (zeros, size) {
                (15, 0) => 0,
                (_, 0) => {
                    self.empty = (1 << zeros) + bits.take(zeros);
                    break;
                }
                (_, 1) if bits.take(1) == 1 => step,
                (_, 1) => -step,
                _ => return None,
            };
            // The one that is told now; none where there are not so many zeros.
            let place_of_new = nth(unknown, zeros);
            let passed = place_of_new.wrapping_sub(1);
            more.take(old & passed, bits);
            old &= !passed;
            unknown &= !(passed | place_of_new);
            if new != 0 {
                if place_of_new == 0 {
                    return None;
                }
                block[place(place_of_new.trailing_zeros())] = new;
                *known |= place_of_new;
            }
        }
        if self.empty > 0 {
            self.empty -= 1;
            more.take(old, bits);
        }
        more.add_to(block, before, step);
        Some(())
    }
}

/// One more bit for each known coefficient of a block, in their order. They decide nothing of what is read next,
/// and are added all at once.
#[derive(Default)]
struct More {
    bits: u64,
    count: u32,
}

impl More {
    /// Takes a bit for each of these coefficients.
    #[inline(always)]
    fn take(&mut self, which: u64, bits: &mut Bits<'_>) {
        let mut count = which.count_ones();
        if count == 0 {
            return;
        }
        self.count += count;
        if count > Bits::SURE {
            bits.refill();
            self.bits = (self.bits << Bits::SURE) | u64::from(bits.take(Bits::SURE));
            count -= Bits::SURE;
        }
        bits.refill();
        self.bits = (self.bits << count) | u64::from(bits.take(count));
    }

    /// Moves the coefficients away from zero whose bit is set.
    #[inline(always)]
    fn add_to(&self, block: &mut Block, mut which: u64, step: i16) {
        if self.bits == 0 {
            return;
        }
        let mut bits = self.bits << (64 - self.count);
        while bits != 0 {
            let value = &mut block[place(which.trailing_zeros())];
            let sign = *value >> 15;
            let is_set = -i16::from(bits >> 63 == 1);
            *value = value.wrapping_add(((step ^ sign) - sign) & is_set);
            bits <<= 1;
            which &= which.wrapping_sub(1);
        }
    }
}

/// The bits from one on and before another, which is 64 at most.
#[inline]
fn between(from: u32, to: u32) -> u64 {
    let below = |index: u32| if index >= 64 { u64::MAX } else { (1 << index) - 1 };
    below(to) & !below(from)
}

/// Where a coefficient lies in a block.
#[inline]
fn place(index: u32) -> usize {
    usize::from(PLACES[(index & 63) as usize] & 63)
}

/// The bit of a word that is set behind so many others that are; nothing where there are not so many.
#[inline(always)]
pub(super) fn nth_set(mut word: u64, before: u32) -> u64 {
    for _ in 0..before {
        word &= word.wrapping_sub(1);
    }
    word & word.wrapping_neg()
}

/// The same by the instruction that processors have for it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "bmi2")]
pub(super) fn nth_set_by_one_instruction(word: u64, before: u32) -> u64 {
    std::arch::x86_64::_pdep_u64(1 << before, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_from_corner_to_corner_in_a_zigzag() {
        assert_eq!(PLACES[..12], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25]);
        assert_eq!(PLACES[56..], [53, 60, 61, 54, 47, 55, 62, 63]);
        let mut sorted = PLACES;
        sorted.sort_unstable();
        assert!(sorted.iter().copied().eq(0..64));
    }

    #[test]
    fn the_bit_behind_others_is_found_by_every_way() {
        for word in [0, 1, 0b1011_0100, u64::MAX, 1 << 63, 0x8000_0000_0000_0001] {
            let set: Vec<u64> = (0..64).map(|bit| 1 << bit).filter(|bit| word & bit != 0).collect();
            for before in 0..16 {
                let expected = set.get(before as usize).copied().unwrap_or(0);
                assert_eq!(nth_set(word, before), expected, "{word:x} {before}");
                #[cfg(target_arch = "x86_64")]
                if is_x86_feature_detected!("bmi2") {
                    #[expect(unsafe_code, reason = "only a processor can say what it has")]
                    // SAFETY: this one has the instruction.
                    let found = unsafe { nth_set_by_one_instruction(word, before) };
                    assert_eq!(found, expected, "{word:x} {before}");
                }
            }
        }
    }

    #[test]
    fn the_bits_between_two_are_counted_without_the_last() {
        assert_eq!(between(1, 64), u64::MAX - 1);
        assert_eq!(between(3, 5), 0b11000);
        assert_eq!((between(5, 5), between(0, 64)), (0, u64::MAX));
    }
}
