//! Changes to a file, chosen by chance that can be repeated.

/// Numbers that look random and are the same for the same seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`, which is 0 only for 0.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.next() >> 11;
        usize::try_from(number % (end.max(1) as u64)).unwrap_or(0)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// Numbers at which programs stumble.
const NUMBERS: [u32; 14] =
    [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, u32::MAX];

/// The bytes at the beginning, where sizes and offsets are.
const HEAD: usize = 300;

/// One of the seeds, changed in a few places.
pub fn changed(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        change(&mut bytes, seeds, chance);
    }
    // Otherwise most changes would only make wrong checksums.
    if !chance.one_in(4) {
        mend_checksums(&mut bytes);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], chance: &mut Chance) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    let reach = if chance.one_in(2) { length.min(HEAD) } else { length };
    let at = chance.below(reach);
    let part = at..(at + 1 + chance.below(64)).min(length);
    match chance.below(9) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = u8::try_from(chance.below(256)).unwrap_or(0),
        2 | 3 => {
            let number = NUMBERS[chance.below(NUMBERS.len())];
            let number = if chance.one_in(2) { number.to_be_bytes() } else { number.to_le_bytes() };
            let width = [1, 2, 4][chance.below(3)];
            let number = if chance.one_in(2) { &number[..width] } else { &number[4 - width..] };
            bytes.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = *new);
        }
        4 => drop(bytes.drain(part)),
        5 => {
            let copy = bytes[part].to_vec();
            let to = chance.below(length);
            bytes.splice(to..to, copy);
        }
        6 => bytes[part].fill([0, 0xff][chance.below(2)]),
        7 => {
            // The end of another file, of the same kind if there is one.
            let other = &seeds[chance.below(seeds.len())];
            let from = at.min(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        _ => bytes.truncate(length - chance.below(length / 4 + 1)),
    }
}

/// Writes the checksums of the chunks of a PNG file anew, as far as there are chunks.
fn mend_checksums(bytes: &mut [u8]) {
    if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return;
    }
    let mut start = 8;
    while let Some(head) = bytes.get(start..start + 4) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = start.saturating_add(8).saturating_add(length);
        let Some(checked) = bytes.get(start + 4..end) else { return };
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(checked);
        let sum = hasher.finalize().to_be_bytes();
        let Some(place) = bytes.get_mut(end..end + 4) else { return };
        place.copy_from_slice(&sum);
        start = end + 4;
    }
}
