//! The block of Photoshop's in which JPEG files keep IPTC: resources with numbers.

use crate::bytes_reader::BytesReader;

/// What each part of the block begins with.
pub(super) const HEAD: &[u8] = b"Photoshop 3.0\0";

const RESOURCE: &[u8; 4] = b"8BIM";
const IPTC: u16 = 0x0404;

/// The IPTC records in a block whose parts were put together.
pub(super) fn iptc_in(block: &[u8]) -> Option<Vec<u8>> {
    let mut reader = BytesReader::new(block);
    loop {
        if reader.array::<4>()? != *RESOURCE {
            return None;
        }
        let number = reader.u16_be()?;
        // A name with its length before it, and all of it even.
        let name = usize::from(reader.u8()?);
        reader.skip(name + usize::from(name % 2 == 0))?;
        let length = usize::try_from(reader.u32_be()?).ok()?;
        let content = reader.take(length)?;
        if number == IPTC {
            return Some(content.to_vec());
        }
        reader.skip(length % 2)?;
    }
}

/// A block with nothing but IPTC records; `None` where they are too many for one.
pub(super) fn block_of(records: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(records.len()).ok()?.to_be_bytes();
    let filler: &[u8] = if records.len() % 2 == 1 { &[0] } else { &[] };
    let block = [HEAD, RESOURCE, &IPTC.to_be_bytes(), &[0, 0], &length, records, filler].concat();
    (block.len() + 2 <= usize::from(u16::MAX)).then_some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_among_other_resources() {
        let other = [RESOURCE, &[3, 0xed][..], b"\x03abc", &[0, 0, 0, 3], b"xyz\0"].concat();
        for records in [&b"even"[..], b"odd"] {
            let block = block_of(records).unwrap();
            let resources = block.strip_prefix(HEAD).unwrap();
            assert_eq!(iptc_in(resources).as_deref(), Some(records));
            assert_eq!(iptc_in(&[&other, resources].concat()).as_deref(), Some(records));
            assert_eq!(iptc_in(&resources[..resources.len() - 2]), None);
        }
        assert_eq!(iptc_in(&other), None);
        assert_eq!(block_of(&[0; 70_000]), None);
    }
}
