//! The one thing of EXIF that is part of the picture: its orientation.

use crate::format::tiff_tags::{Directory, ORIENTATION};

/// What stands before the TIFF block in a JPEG segment, and wrongly in some WebP files.
pub(crate) const EXIF_PREFIX: &[u8] = b"Exif\0\0";

/// How stored pixels become the picture people see: 1 is upright, 2–8 as EXIF counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Orientation(u8);

impl Orientation {
    pub(crate) const UPRIGHT: Self = Self(1);

    /// The orientation with that EXIF number; upright for a number that means nothing.
    pub(crate) fn from_exif(number: u8) -> Self {
        if (1..=8).contains(&number) { Self(number) } else { Self::UPRIGHT }
    }

    /// Reads it from an EXIF block, with or without its JPEG prefix.
    pub(crate) fn from_block(block: &[u8]) -> Self {
        let tiff = block.strip_prefix(EXIF_PREFIX).unwrap_or(block);
        let number = Directory::first_of(tiff).and_then(|directory| directory.number(ORIENTATION));
        Self::from_exif(number.and_then(|number| u8::try_from(number).ok()).unwrap_or(1))
    }

    pub(crate) fn is_upright(self) -> bool {
        self == Self::UPRIGHT
    }

    /// Whether width and height change places.
    pub(crate) fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    /// The turn for decoded pixels.
    pub(crate) fn turn(self) -> image::metadata::Orientation {
        image::metadata::Orientation::from_exif(self.0).unwrap_or(image::metadata::Orientation::NoTransforms)
    }

    /// The smallest TIFF block that says it, and nothing else.
    pub(crate) fn to_block(self) -> [u8; 26] {
        let mut block = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
        block[19] = self.0;
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_block_is_read_back_by_us_and_by_others() {
        for number in 1..=8 {
            let block = Orientation::from_exif(number).to_block();
            assert_eq!(Orientation::from_block(&block), Orientation(number));
            let (fields, _) = ::exif::parse_exif(&block).unwrap();
            assert_eq!(fields.len(), 1);
            assert_eq!(fields[0].tag, ::exif::Tag::Orientation);
            assert_eq!(fields[0].value.get_uint(0), Some(u32::from(number)));
        }
    }

    #[test]
    fn a_broken_block_means_upright() {
        for block in [&b""[..], b"MM", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0"] {
            assert!(Orientation::from_block(block).is_upright());
        }
    }
}
