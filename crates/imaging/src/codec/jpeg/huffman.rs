//! The codes of a JPEG scan, read for their means: all that is known of the others is how long they are.

/// Codes of at most so many bits are found by one look into a table.
const SHORT: u32 = 11;

/// Coefficients of a block besides its mean.
pub(super) const DETAILS: u32 = 63;

/// Codes of one table of the file.
pub(super) struct Codes {
    /// For the next [`SHORT`] bits: the length of the code they begin with, and its symbol.
    short: Vec<(u8, u8)>,
    /// The last code of each length, if there is one, and where its symbols begin, counted from code 0.
    last: [Option<u32>; 17],
    offset: [u32; 17],
    symbols: Vec<u8>,
}

impl Codes {
    /// Takes one table off the front of a segment of tables, behind the byte that says which it is.
    fn take(segment: &mut &[u8]) -> Option<Self> {
        let counts: [u8; 16] = *segment.first_chunk()?;
        let total: usize = counts.iter().map(|count| usize::from(*count)).sum();
        if total > 256 {
            return None;
        }
        let symbols = segment.get(16..16 + total)?.to_vec();
        *segment = segment.get(16 + total..)?;
        let mut codes = Self { short: vec![(0, 0); 1 << SHORT], last: [None; 17], offset: [0; 17], symbols };
        let (mut code, mut index) = (0u32, 0u32);
        for (length, count) in (1u32..).zip(counts) {
            code <<= 1;
            // No code is all ones: that would be the end of what can be told.
            if count > 0 && code + u32::from(count) >= 1 << length {
                return None;
            }
            codes.offset[length as usize] = index.wrapping_sub(code);
            for _ in 0..count {
                if length <= SHORT {
                    let (first, after) = (code << (SHORT - length), (code + 1) << (SHORT - length));
                    let symbol = codes.symbols[index as usize];
                    codes.short[first as usize..after as usize].fill((u8::try_from(length).ok()?, symbol));
                }
                (code, index) = (code + 1, index + 1);
            }
            codes.last[length as usize] = (count > 0).then(|| code - 1);
        }
        Some(codes)
    }

    /// Takes all tables of a segment; `put` gets the kind, the number and the codes of each.
    pub(super) fn take_all(
        mut segment: &[u8],
        mut put: impl FnMut(u8, usize, Self) -> Option<()>,
    ) -> Option<()> {
        while let Some((which, rest)) = segment.split_first() {
            segment = rest;
            put(which >> 4, usize::from(which & 0x0f), Self::take(&mut segment)?)?;
        }
        Some(())
    }

    /// The length of the next code and its symbol.
    #[inline(always)]
    fn next(&self, bits: &Bits<'_>) -> Option<(u32, u8)> {
        let (length, symbol) = self.short[bits.peek(SHORT) as usize];
        if length > 0 { Some((length.into(), symbol)) } else { self.next_long(bits) }
    }

    #[cold]
    fn next_long(&self, bits: &Bits<'_>) -> Option<(u32, u8)> {
        (SHORT + 1..=16).find_map(|length| {
            let code = bits.peek(length);
            let is_code = self.last[length as usize].is_some_and(|last| code <= last);
            let index = self.offset[length as usize].wrapping_add(code) as usize;
            is_code.then(|| self.symbols.get(index).map(|symbol| (length, *symbol)))?
        })
    }

    /// Whether every symbol can be the size of a difference of means.
    pub(super) fn are_of_means(&self) -> bool {
        self.symbols.iter().all(|size| *size <= 15)
    }

    /// The numbers that details begin with, for the next bits where these hold all of one; each times two so
    /// often.
    pub(super) fn numbers(&self, doublings: u32) -> Vec<Number> {
        let number = |(bits, (length, symbol)): (u64, &(u8, u8))| {
            let (zeros, size) = (symbol >> 4, symbol & 0x0f);
            let all = length + size;
            if *length == 0 || size == 0 || u32::from(all) > SHORT {
                return None;
            }
            let mut value = Bits { held: bits << (64 - SHORT + u32::from(*length)), ..Bits::new(&[]) };
            let value = i16::try_from(value.take_signed(size.into())? << doublings).ok()?;
            Some(Number { value, zeros, bits: all })
        };
        (0..).zip(&self.short).map(|entry| number(entry).unwrap_or_default()).collect()
    }

    /// Reads a code of details: how many zeros come first, and the bits of what follows.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Option<(u32, u32)> {
        bits.refill();
        let (length, symbol) = self.next(bits)?;
        bits.skip(length);
        Some((u32::from(symbol >> 4), u32::from(symbol & 0x0f)))
    }

    /// Reads by how much the mean of a block differs from the one before.
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> Option<i32> {
        bits.refill();
        let (length, size) = self.next(bits)?;
        bits.skip(length);
        if size == 0 {
            return Some(0);
        }
        if size > 15 {
            return None;
        }
        bits.take_signed(size.into())
    }
}

/// A coefficient, the zeros before it, and the bits that tell both; without bits it is none.
#[derive(Clone, Copy, Default)]
pub(super) struct Number {
    pub value: i16,
    pub zeros: u8,
    pub bits: u8,
}

/// What some bits skip: themselves, and coefficients; and whether the block ends there.
#[derive(Clone, Copy, Default)]
struct Skip {
    bits: u8,
    coefficients: u8,
    ends: bool,
}

/// Skips the details of blocks, several codes at a time.
pub(super) struct Skipper {
    codes: Codes,
    /// For the next [`SHORT`] bits: the first code, with the bits of its value.
    one: Vec<Skip>,
    /// And all codes that lie in them whole.
    many: Vec<Skip>,
}

impl Skipper {
    pub(super) fn new(codes: Codes) -> Self {
        let one: Vec<Skip> = codes
            .short
            .iter()
            .map(|(length, symbol)| if *length == 0 { Skip::default() } else { Skip::of(*length, *symbol) })
            .collect();
        let many = (0..one.len()).map(|bits| Self::all_in(&one, bits)).collect();
        Self { codes, one, many }
    }

    fn all_in(one: &[Skip], bits: usize) -> Skip {
        let mut all = one[bits];
        while all.bits > 0 && u32::from(all.bits) < SHORT && !all.ends {
            let next = one[(bits << all.bits) & (one.len() - 1)];
            let coefficients = all.coefficients + next.coefficients;
            if next.bits == 0 || u32::from(all.bits + next.bits) > SHORT || u32::from(coefficients) > DETAILS
            {
                break;
            }
            all = Skip { bits: all.bits + next.bits, coefficients, ends: next.ends };
        }
        all
    }

    /// Skips to the next block. `None` for codes that do not exist and blocks that are too long.
    pub(super) fn skip_block(&self, bits: &mut Bits<'_>) -> Option<()> {
        let mut left = DETAILS;
        while left > 0 {
            bits.refill();
            let next = bits.peek(SHORT) as usize;
            let mut skip = self.many[next];
            if skip.bits == 0 || !skip.fits(left) {
                skip = self.one[next];
            }
            if skip.bits == 0 {
                let (length, symbol) = self.codes.next(bits)?;
                skip = Skip::of(u8::try_from(length).ok()?, symbol);
            }
            if !skip.fits(left) {
                return None;
            }
            bits.skip(skip.bits.into());
            left -= u32::from(skip.coefficients);
            if skip.ends {
                break;
            }
        }
        Some(())
    }
}

impl Skip {
    fn of(length: u8, symbol: u8) -> Self {
        let (zeros, size) = (symbol >> 4, symbol & 0x0f);
        match (zeros, size) {
            (15, 0) => Self { bits: length, coefficients: 16, ends: false },
            (_, 0) => Self { bits: length, coefficients: 0, ends: true },
            _ => Self { bits: length + size, coefficients: zeros + 1, ends: false },
        }
    }

    /// A full block ends by itself: a code that says so would belong to the next.
    fn fits(self, left: u32) -> bool {
        let coefficients = u32::from(self.coefficients);
        if self.ends { coefficients < left } else { coefficients <= left }
    }
}

/// The bits of a scan, up to its next marker; zeros behind that.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    position: usize,
    /// The next bits, from the highest on.
    held: u64,
    /// How many there are; below zero where more were taken.
    count: i32,
    at_marker: bool,
}

impl<'a> Bits<'a> {
    /// So many bits are held after [`Bits::refill`], unless the scan ends.
    pub(super) const SURE: u32 = 32;

    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, position: 0, held: 0, count: 0, at_marker: false }
    }

    /// Whether more was read than there is.
    pub(super) fn is_overdrawn(&self) -> bool {
        self.count < 0
    }

    /// Goes on behind a restart marker.
    pub(super) fn restart(&mut self) -> Option<()> {
        while self.data.get(self.position) == Some(&0xff) && self.data.get(self.position + 1) == Some(&0xff) {
            self.position += 1;
        }
        let marker: &[u8; 2] = self.data.get(self.position..)?.first_chunk()?;
        if !matches!(marker, [0xff, 0xd0..=0xd7]) {
            return None;
        }
        *self = Self { position: self.position + 2, held: 0, count: 0, at_marker: false, data: self.data };
        Some(())
    }

    /// Whether nothing is left but bits that fill up the last byte.
    pub(super) fn are_all_read(&mut self) -> bool {
        self.refill_slowly();
        (0..8).contains(&self.count) && self.position == self.data.len()
    }

    /// Holds at least [`Bits::SURE`] bits, unless the scan ends.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count > 32 || self.at_marker {
            return;
        }
        if let Some(four) = self.data.get(self.position..).and_then(|rest| rest.first_chunk()) {
            let four = u32::from_be_bytes(*four);
            // No byte is 0xff: none of the inverted ones is zero.
            let inverted = !four;
            if inverted.wrapping_sub(0x0101_0101) & four & 0x8080_8080 == 0 {
                self.held |= u64::from(four) << (32 - self.count);
                self.count += 32;
                self.position += 4;
                return;
            }
        }
        self.refill_slowly();
    }

    #[cold]
    fn refill_slowly(&mut self) {
        while self.count <= 56 {
            let Some(byte) = self.data.get(self.position) else {
                self.at_marker = true;
                return;
            };
            let is_stuffed = *byte == 0xff;
            if is_stuffed && self.data.get(self.position + 1) != Some(&0) {
                self.at_marker = true;
                return;
            }
            self.position += if is_stuffed { 2 } else { 1 };
            self.held |= u64::from(*byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The number that comes next, if it is among these, which are for [`SHORT`] bits.
    #[inline(always)]
    pub(super) fn take_number(&mut self, numbers: &[Number]) -> Option<Number> {
        let number = *numbers.get(self.peek(SHORT) as usize)?;
        self.skip(number.bits.into());
        (number.bits > 0).then_some(number)
    }

    #[inline(always)]
    fn peek(&self, count: u32) -> u32 {
        // At most 32 are ever asked for.
        u32::try_from(self.held >> (64 - count)).unwrap_or(0)
    }

    /// Takes so many bits, at most as many as are held.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        if count == 0 {
            return 0;
        }
        let value = self.peek(count);
        self.skip(count);
        value
    }

    /// Takes a number of so many bits, 1 to 15; those that begin with a zero are negative.
    #[inline(always)]
    pub(super) fn take_signed(&mut self, size: u32) -> Option<i32> {
        let value = i32::try_from(self.take(size)).ok()?;
        let is_negative = value < 1 << (size - 1);
        Some(if is_negative { value - (1 << size) + 1 } else { value })
    }

    #[inline(always)]
    fn skip(&mut self, count: u32) {
        self.held <<= count;
        self.count -= count.cast_signed();
    }
}
