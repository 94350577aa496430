//! TIFF: offsets all over the file, so metadata stays unless the file is written anew.

use super::tiff_tags::{
    Directory, IMAGE_LENGTH, IMAGE_WIDTH, ORIENTATION, STRIP_BYTE_COUNTS, STRIP_OFFSETS, TILE_BYTE_COUNTS,
    TILE_OFFSETS,
};
use super::{Container, Header, Stripped};
use crate::damage;
use crate::exif::Orientation;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

/// Description, camera, software, time, artist, computer, XMP, copyright, IPTC, Photoshop, EXIF, GPS.
const METADATA: &[u16] = &[270, 271, 272, 305, 306, 315, 316, 700, 33_432, 33_723, 34_377, 34_665, 34_853];

pub(super) struct Tiff;

fn directory(bytes: &[u8]) -> Result<Directory<'_>> {
    Directory::first_of(bytes).ok_or_else(|| damage::ends_early(PictureFormat::Tiff))
}

impl Container for Tiff {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let directory = directory(bytes)?;
        let side = |tag| directory.number(tag).and_then(|side| u32::try_from(side).ok());
        let (Some(width), Some(height)) = (side(IMAGE_WIDTH), side(IMAGE_LENGTH)) else {
            return Err(damage::damaged(PictureFormat::Tiff, "it has no size"));
        };
        let orientation =
            directory.number(ORIENTATION).and_then(|number| u8::try_from(number).ok()).unwrap_or(1);
        Ok(Header { orientation: Orientation::from_exif(orientation), ..Header::still(width, height) })
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let directory = directory(bytes)?;
        let parts = |offsets, counts| Some((directory.numbers(offsets)?, directory.numbers(counts)?));
        let (offsets, counts) = parts(STRIP_OFFSETS, STRIP_BYTE_COUNTS)
            .or_else(|| parts(TILE_OFFSETS, TILE_BYTE_COUNTS))
            .ok_or_else(|| damage::damaged(PictureFormat::Tiff, "it has no picture data"))?;
        let is_inside = |(offset, count): (&u64, &u64)| {
            offset.checked_add(*count).is_some_and(|end| end <= bytes.len() as u64)
        };
        if directory.is_whole() && offsets.len() == counts.len() && offsets.iter().zip(&counts).all(is_inside)
        {
            Ok(())
        } else {
            Err(damage::ends_early(PictureFormat::Tiff))
        }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let directory = directory(bytes)?;
        let has_metadata = METADATA.iter().any(|tag| directory.has(*tag));
        Ok(if has_metadata { Stripped::NotPossible } else { Stripped::Clean })
    }
}
