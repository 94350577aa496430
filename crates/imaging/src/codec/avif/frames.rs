//! How large the frames inside are: what the container says of a picture binds no decoder.

use crate::bytes_reader::BytesReader;

const SEQUENCE_HEADER: u8 = 1;

/// What reading a stretch of AV1 data showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The largest frame that its headers allow.
    pub size: Option<(u32, u32)>,
    /// Every unit ended where the stretch ended at the latest.
    pub is_whole: bool,
}

/// Walks the units of a stretch of AV1 data and looks at its sequence headers.
pub(crate) fn walk(data: &[u8]) -> Found {
    let mut found = Found { size: None, is_whole: true };
    let mut reader = BytesReader::new(data);
    while reader.position() < data.len() {
        let Some((kind, body)) = unit(&mut reader, data) else {
            found.is_whole = false;
            return found;
        };
        if kind == SEQUENCE_HEADER {
            let Some(size) = size(body) else {
                found.is_whole = false;
                return found;
            };
            let pixels = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
            if found.size.is_none_or(|before| pixels(before) < pixels(size)) {
                found.size = Some(size);
            }
        }
    }
    found
}

/// The kind and the content of the next unit.
fn unit<'a>(reader: &mut BytesReader<'a>, data: &'a [u8]) -> Option<(u8, &'a [u8])> {
    let flags = reader.u8()?;
    if flags & 0x80 != 0 {
        return None;
    }
    reader.skip(usize::from(flags >> 2 & 1))?;
    let rest = data.len() - reader.position();
    let length = if flags >> 1 & 1 == 1 { leb128(reader)? } else { rest };
    Some((flags >> 3 & 15, reader.take(length)?))
}

fn leb128(reader: &mut BytesReader<'_>) -> Option<usize> {
    let mut value = 0_u64;
    for index in 0..8 {
        let byte = reader.u8()?;
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

/// The largest frame of a sequence header.
fn size(header: &[u8]) -> Option<(u32, u32)> {
    let mut bits = Bits { data: header, position: 0 };
    let profile = bits.take(3)?;
    if profile > 2 {
        return None;
    }
    let still = bits.take(1)?;
    if bits.take(1)? == 1 {
        // The short form of still pictures; it is for nothing else.
        if still == 0 {
            return None;
        }
        bits.take(5)?;
    } else {
        skip_operating_points(&mut bits)?;
    }
    let (across, down) = (bits.take(4)? + 1, bits.take(4)? + 1);
    Some((bits.take(across)? + 1, bits.take(down)? + 1))
}

fn skip_operating_points(bits: &mut Bits<'_>) -> Option<()> {
    let mut delay_length = 0;
    let mut has_decoder_model = false;
    if bits.take(1)? == 1 {
        bits.take(32)?;
        bits.take(32)?;
        if bits.take(1)? == 1 {
            bits.skip_exponential()?;
        }
        has_decoder_model = bits.take(1)? == 1;
        if has_decoder_model {
            delay_length = bits.take(5)? + 1;
            bits.take(32)?;
            bits.take(10)?;
        }
    }
    let has_initial_delay = bits.take(1)? == 1;
    for _ in 0..=bits.take(5)? {
        bits.take(12)?;
        let level = bits.take(5)?;
        if level > 7 {
            bits.take(1)?;
        }
        if has_decoder_model && bits.take(1)? == 1 {
            bits.take(delay_length)?;
            bits.take(delay_length)?;
            bits.take(1)?;
        }
        if has_initial_delay && bits.take(1)? == 1 {
            bits.take(4)?;
        }
    }
    Some(())
}

struct Bits<'a> {
    data: &'a [u8],
    position: usize,
}

impl Bits<'_> {
    /// At most 32 bits, the highest first.
    fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.data.get(self.position / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.position % 8) & 1);
            self.position += 1;
        }
        Some(value)
    }

    fn skip_exponential(&mut self) -> Option<()> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros == 32 {
                return Some(());
            }
        }
        self.take(zeros).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_header_says_its_size() {
        // profile 0, still, reduced, level 0, 16 bits for each side, 65536 by 2.
        let bits =
            ["000", "1", "1", "00000", "1111", "1111", "1111111111111111", "0000000000000001"].concat();
        let mut header = vec![0x0a];
        let body: Vec<u8> = bits
            .as_bytes()
            .chunks(8)
            .map(|chunk| chunk.iter().enumerate().fold(0, |byte, (at, bit)| byte | (bit - b'0') << (7 - at)))
            .collect();
        header.push(u8::try_from(body.len()).unwrap());
        header.extend(body);
        let expected = Found { size: Some((65536, 2)), is_whole: true };
        assert_eq!(walk(&header), expected);
        assert_eq!(walk(&[&[0x12, 0x00], &header[..]].concat()), expected, "behind a temporal delimiter");
        assert!(!walk(&header[..4]).is_whole, "cut");
    }

    #[test]
    fn noise_is_not_whole() {
        assert!(!walk(&[0xff; 20]).is_whole);
        assert!(walk(&[]).is_whole);
    }
}
