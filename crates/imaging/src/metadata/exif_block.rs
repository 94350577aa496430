//! Writes EXIF blocks anew without what is private, or upright.

use crate::exif::EXIF_PREFIX;

const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const INTEROPERABILITY: u16 = 0xa005;
const THUMBNAIL_OFFSET: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

/// Tags that tell where, by which device, or for whom a picture was taken, and blocks of other
/// kinds of metadata that may say so as well.
const PRIVATE: &[u16] = &[
    0x013b, // artist
    0x013c, // host computer
    0x014a, // further directories
    0x02bc, // XMP inside EXIF
    0x83bb, // IPTC inside EXIF
    0x8649, // Photoshop's resources
    0x8825, // position
    0x927c, // the maker's own notes, which hold serial numbers
    0x9c9d, // author, as Windows writes it
    0xa420, // number of this very picture
    0xa430, // owner of the camera
    0xa431, // serial number of the body
    0xa435, // serial number of the lens
    0xc62f, // serial number of the camera, in raw files
    0xc634, // private data of raw converters
    0xc65d, // number of the raw data
    0xc68b, // name of the raw file
    0xea1c, // padding, in which anything may be left
    THUMBNAIL_OFFSET,
    THUMBNAIL_LENGTH,
];

/// An EXIF block without position, serial numbers, owner, makers' notes and preview, written anew
/// so that nothing of them is left between the rest. `None` when it cannot be read: then nothing
/// of it can be vouched for.
pub(super) fn without_private(block: &[u8]) -> Option<Vec<u8>> {
    let source = Source::new(block)?;
    let mut budget = block.len();
    let first = source.directory(source.u32(4)?, &mut budget)?;
    let mut out = source.bytes[..4].to_vec();
    push(&mut out, source.is_big_endian, 8, 4);
    write(&first, source.is_big_endian, &mut out)?;
    Some(out)
}

/// The block with its orientation set to upright and without its preview, which would show the
/// picture as it was. Everything else stays where it was: makers' notes point into the block.
pub(super) fn upright(block: &[u8]) -> Vec<u8> {
    let mut out = block.strip_prefix(EXIF_PREFIX).unwrap_or(block).to_vec();
    let patches = Source::new(block).map(|source| patches(&source)).unwrap_or_default();
    for (place, bytes) in patches {
        if let Some(target) = out.get_mut(place..place.saturating_add(bytes.len())) {
            target.copy_from_slice(&bytes);
        }
    }
    out
}

/// Where to write what, to make a block upright and to unhook its preview.
fn patches(source: &Source<'_>) -> Vec<(usize, Vec<u8>)> {
    let mut patches = Vec::new();
    let Some(first) = source.u32(4) else { return patches };
    let Some((entries, end)) = source.entries(first) else { return patches };
    for (tag, at) in entries {
        if tag == ORIENTATION {
            let mut upright = Vec::new();
            push(&mut upright, source.is_big_endian, 1, 2);
            patches.push((at + 8, upright));
        }
    }
    let Some(second) = source.u32(end).filter(|second| *second != 0) else { return patches };
    patches.push((end, vec![0; 4]));
    let value = |wanted: u16| {
        let (entries, _) = source.entries(second)?;
        entries.into_iter().find(|(tag, _)| *tag == wanted).and_then(|(_, at)| source.u32(at + 8))
    };
    if let (Some(start), Some(length)) = (value(THUMBNAIL_OFFSET), value(THUMBNAIL_LENGTH)) {
        let (start, length) = (start as usize, length as usize);
        if start.checked_add(length).is_some_and(|end| end <= source.bytes.len()) {
            patches.push((start, vec![0; length]));
        }
    }
    patches
}

struct Source<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
}

struct Directory {
    entries: Vec<Entry>,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: Value,
}

enum Value {
    Bytes(Vec<u8>),
    Directory(Directory),
}

impl<'a> Source<'a> {
    fn new(block: &'a [u8]) -> Option<Self> {
        let bytes = block.strip_prefix(EXIF_PREFIX).unwrap_or(block);
        match bytes.get(..4)? {
            b"II*\0" => Some(Self { bytes, is_big_endian: false }),
            b"MM\0*" => Some(Self { bytes, is_big_endian: true }),
            _ => None,
        }
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// The tags of a directory with their places, and where it names the next one.
    fn entries(&self, at: u32) -> Option<(Vec<(u16, usize)>, usize)> {
        let at = at as usize;
        let count = usize::from(self.u16(at)?);
        let end = at.checked_add(2 + count * 12)?;
        if end > self.bytes.len() {
            return None;
        }
        let places = (0..count).map(|index| at + 2 + index * 12);
        Some((places.filter_map(|place| Some((self.u16(place)?, place))).collect(), end))
    }

    /// Reads a directory without its private entries. All values together may be no larger than the
    /// block: entries that share bytes could make a small block huge.
    fn directory(&self, at: u32, budget: &mut usize) -> Option<Directory> {
        let (places, _) = self.entries(at)?;
        let mut entries = Vec::new();
        for (tag, place) in places {
            if PRIVATE.contains(&tag) {
                continue;
            }
            let (kind, count) = (self.u16(place + 2)?, self.u32(place + 4)?);
            let value = if matches!(tag, EXIF_DIRECTORY | INTEROPERABILITY) {
                let child = self.u32(place + 8)?;
                // Directories lie behind their parents, or they could go round in circles.
                if child <= at {
                    continue;
                }
                match self.directory(child, budget) {
                    Some(directory) => Value::Directory(directory),
                    None => continue,
                }
            } else {
                match self.value(place, kind, count) {
                    Some(bytes) => Value::Bytes(bytes.to_vec()),
                    None => continue,
                }
            };
            if let Value::Bytes(bytes) = &value {
                *budget = budget.checked_sub(bytes.len())?;
            }
            entries.push(Entry { tag, kind, count, value });
        }
        entries.sort_by_key(|entry| entry.tag);
        Some(Directory { entries })
    }

    fn value(&self, place: usize, kind: u16, count: u32) -> Option<&'a [u8]> {
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = usize::try_from(count).ok()?.checked_mul(size)?;
        let start = if length <= 4 { place + 8 } else { self.u32(place + 8)? as usize };
        self.bytes.get(start..start.checked_add(length)?)
    }
}

fn push(out: &mut Vec<u8>, is_big_endian: bool, number: u32, size: usize) {
    let bytes = number.to_be_bytes();
    let bytes = &bytes[4 - size..];
    if is_big_endian { out.extend(bytes) } else { out.extend(bytes.iter().rev()) }
}

fn write(directory: &Directory, is_big_endian: bool, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    push(out, is_big_endian, u32::try_from(directory.entries.len()).ok()?, 2);
    for entry in &directory.entries {
        push(out, is_big_endian, entry.tag.into(), 2);
        push(out, is_big_endian, entry.kind.into(), 2);
        push(out, is_big_endian, entry.count, 4);
        out.extend([0; 4]);
    }
    out.extend([0; 4]);
    for (index, entry) in directory.entries.iter().enumerate() {
        let place = start + 2 + index * 12 + 8;
        match &entry.value {
            Value::Bytes(bytes) if bytes.len() <= 4 => {
                out[place..place + bytes.len()].copy_from_slice(bytes);
            }
            other => {
                if out.len() % 2 == 1 {
                    out.push(0);
                }
                let mut offset = Vec::new();
                push(&mut offset, is_big_endian, u32::try_from(out.len()).ok()?, 4);
                out[place..place + 4].copy_from_slice(&offset);
                match other {
                    Value::Bytes(bytes) => out.extend_from_slice(bytes),
                    Value::Directory(child) => write(child, is_big_endian, out)?,
                }
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::exif::{Context, Field, In, Rational, Tag, Value};
    use std::io::Cursor;

    fn ascii(tag: Tag, text: &str) -> Field {
        Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.as_bytes().to_vec()]) }
    }

    /// A block as a camera writes it, in either byte order.
    fn block(is_little_endian: bool) -> Vec<u8> {
        let fields = [
            ascii(Tag::Make, "Harbour"),
            ascii(Tag::Model, "Ferry 2"),
            ascii(Tag::Artist, "SECRET owner"),
            ascii(Tag::CameraOwnerName, "SECRET owner"),
            ascii(Tag::BodySerialNumber, "SECRET 4711"),
            ascii(Tag::LensSerialNumber, "SECRET 4712"),
            ascii(Tag::DateTimeOriginal, "2024:05:06 07:08:09"),
            ascii(Tag::GPSLatitudeRef, "N"),
            ascii(Tag::GPSDateStamp, "SECRET:05:06"),
            Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![6]) },
            Field {
                tag: Tag::MakerNote,
                ifd_num: In::PRIMARY,
                value: Value::Undefined(b"SECRET notes of the maker".to_vec(), 0),
            },
            Field {
                tag: Tag::ExposureTime,
                ifd_num: In::PRIMARY,
                value: Value::Rational(vec![Rational { num: 1, denom: 250 }]),
            },
        ];
        let mut writer = ::exif::experimental::Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        writer.set_jpeg(b"\xff\xd8SECRET preview\xff\xd9", In::THUMBNAIL);
        let mut out = Cursor::new(Vec::new());
        writer.write(&mut out, is_little_endian).unwrap();
        out.into_inner()
    }

    fn tags(block: &[u8]) -> Vec<Tag> {
        let (fields, _) = ::exif::parse_exif(block).unwrap();
        fields.iter().map(|field| field.tag).collect()
    }

    #[test]
    fn what_is_private_goes_and_the_rest_reads_the_same() {
        for is_little_endian in [true, false] {
            let before = block(is_little_endian);
            let after = without_private(&before).unwrap();
            assert!(!after.windows(6).any(|window| window == b"SECRET"), "{is_little_endian}");
            assert_eq!(
                tags(&after),
                [Tag::Make, Tag::Model, Tag::Orientation, Tag::ExposureTime, Tag::DateTimeOriginal]
            );
            let (fields, _) = ::exif::parse_exif(&after).unwrap();
            assert_eq!(fields[3].display_value().to_string(), "1/250");
            assert_eq!(without_private(&after).unwrap(), after, "twice is once");
        }
    }

    #[test]
    fn upright_changes_the_orientation_and_unhooks_the_preview() {
        for is_little_endian in [true, false] {
            let before = block(is_little_endian);
            let after = upright(&before);
            assert_eq!(before.len(), after.len());
            let (fields, _) = ::exif::parse_exif(&after).unwrap();
            let orientation = fields.iter().find(|field| field.tag == Tag::Orientation).unwrap();
            assert_eq!(orientation.value.get_uint(0), Some(1));
            assert!(fields.iter().all(|field| field.ifd_num == In::PRIMARY));
            assert!(fields.iter().any(|field| field.tag.context() == Context::Gps));
            assert!(!after.windows(14).any(|window| window == b"SECRET preview"));
        }
    }

    #[test]
    fn blocks_that_lie_are_not_kept_and_do_not_grow() {
        for block in [&b""[..], b"II*\0", b"II*\0\xff\xff\xff\xff", b"nonsense", b"MM\0*\0\0\0\x08\xff\xff"] {
            assert_eq!(without_private(block), None);
            upright(block);
        }
        // A thousand entries that all claim the same bytes.
        let mut huge = b"MM\0*\0\0\0\x08\x03\xe8".to_vec();
        for tag in 0..1000_u16 {
            huge.extend((0x5000 + tag).to_be_bytes());
            huge.extend([0, 7, 0, 0, 0x20, 0, 0, 0, 0, 8]);
        }
        huge.extend([0; 4]);
        assert_eq!(without_private(&huge), None);
        // A directory that contains itself.
        let circle = b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\0";
        assert_eq!(tags(&without_private(circle).unwrap()), []);
    }
}
