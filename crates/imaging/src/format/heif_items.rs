//! The items of an ISO media file: which is the picture, how large and turned it is, and where
//! its metadata lies.

use crate::bytes_reader::BytesReader;
use crate::exif::Orientation;
use std::ops::Range;

/// No picture of a person has more of anything that is counted here.
const MAX_COUNT: u32 = 1 << 16;

/// One box.
pub(super) struct Part {
    pub kind: [u8; 4],
    /// Without its header.
    pub content: Range<usize>,
}

/// Gives the boxes side by side in a range; `None` once where one breaks off.
pub(super) fn boxes(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = Option<Part>> {
    let bytes = &bytes[..range.end.min(bytes.len())];
    let mut position = range.start;
    std::iter::from_fn(move || {
        if position >= bytes.len() {
            return None;
        }
        let part = read_box(bytes, position);
        position = part.as_ref().map_or(bytes.len(), |part| part.content.end);
        Some(part)
    })
}

fn read_box(bytes: &[u8], start: usize) -> Option<Part> {
    let mut reader = BytesReader::at(bytes, start);
    let length = reader.u32_be()?;
    let kind = reader.array()?;
    let length = match length {
        0 => bytes.len() - start,
        1 => usize::try_from(reader.u64_be()?).ok()?,
        length => usize::try_from(length).ok()?,
    };
    let end = start.checked_add(length)?;
    let content = reader.position();
    (content <= end && end <= bytes.len()).then_some(Part { kind, content: content..end })
}

/// A stretch of metadata.
pub(super) struct Blank {
    pub range: Range<usize>,
    pub is_exif: bool,
}

/// What the `meta` box says.
pub(super) struct Items<'a> {
    bytes: &'a [u8],
    primary: u32,
    kinds: Vec<(u32, ItemKind)>,
    places: Vec<(u32, Vec<Range<u64>>)>,
    /// Properties in the order they are numbered, from 1.
    properties: Vec<Part>,
    associations: Vec<(u32, Vec<usize>)>,
    /// Where content lies, and nothing but content.
    data: Vec<Range<usize>>,
    /// The content inside the `meta` box itself.
    inner_data: Option<Range<usize>>,
    /// Whether every place could be understood.
    places_are_known: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ItemKind {
    Exif,
    Text,
    Other,
}

impl<'a> Items<'a> {
    /// Reads the `meta` box; `None` without one, or when its primary item is not named.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let meta = boxes(bytes, 0..bytes.len()).flatten().find(|part| &part.kind == b"meta")?;
        // A full box: version and flags come first.
        let children = meta.content.start + 4..meta.content.end;
        let child = |kind: &[u8; 4]| boxes(bytes, children.clone()).flatten().find(|part| &part.kind == kind);
        let inner_data = child(b"idat").map(|part| part.content);
        let origin = inner_data.as_ref().map_or(0, |range| range.start as u64);
        let outer_data = boxes(bytes, 0..bytes.len()).flatten().filter(|part| &part.kind == b"mdat");
        let places = child(b"iloc").map(|part| locations(bytes, part.content, origin));
        let properties = child(b"iprp").map(|part| part.content);
        let property_boxes = |kind: &[u8; 4]| {
            properties
                .clone()
                .and_then(|range| boxes(bytes, range).flatten().find(|part| &part.kind == kind))
                .map(|part| part.content)
        };
        Some(Self {
            bytes,
            primary: child(b"pitm").and_then(|part| primary(bytes, part.content))?,
            kinds: child(b"iinf").and_then(|part| kinds(bytes, part.content)).unwrap_or_default(),
            data: outer_data.map(|part| part.content).chain(inner_data.clone()).collect(),
            inner_data,
            places_are_known: places.as_ref().is_some_and(Option::is_some),
            places: places.flatten().unwrap_or_default(),
            properties: property_boxes(b"ipco")
                .map(|range| boxes(bytes, range).flatten().collect())
                .unwrap_or_default(),
            associations: property_boxes(b"ipma")
                .and_then(|range| associations(bytes, range))
                .unwrap_or_default(),
        })
    }

    /// Width, height and turn of the picture itself, not of its thumbnails: of its clean part, where
    /// it names one.
    pub(super) fn primary_header(&self) -> Option<(u32, u32, Orientation)> {
        let (width, height) = self.stored_size()?;
        let (_, _, width, height) = self.clean_part().unwrap_or((0, 0, width, height));
        let quarter_turns = self.property(b"irot").and_then(|turn| turn.first()).map_or(0, |turn| turn & 3);
        let mirror = self.property(b"imir").and_then(|mirror| mirror.first()).map(|mirror| mirror & 1);
        let mut changes = self.own_properties().filter(|part| matches!(&part.kind, b"irot" | b"imir"));
        let mirror_comes_first = changes.next().is_some_and(|part| &part.kind == b"imir");
        Some((width, height, oriented(quarter_turns, mirror, mirror_comes_first)))
    }

    /// Pixels across and down that are coded.
    pub(super) fn stored_size(&self) -> Option<(u32, u32)> {
        let mut size = BytesReader::at(self.property(b"ispe")?, 4);
        Some((size.u32_be()?, size.u32_be()?))
    }

    /// The part that is meant to be seen: left, top, width, height. `None` for all of it, and for a
    /// part that is not made of whole pixels inside.
    pub(super) fn clean_part(&self) -> Option<(u32, u32, u32, u32)> {
        let (width, height) = self.stored_size()?;
        let mut numbers = BytesReader::new(self.property(b"clap")?);
        let mut length = || Some((numbers.u32_be()?, numbers.u32_be()?));
        let (across, down, right, below) = (length()?, length()?, length()?, length()?);
        let (left, across) = clean_side(width, across, right)?;
        let (top, down) = clean_side(height, down, below)?;
        Some((left, top, across, down))
    }

    /// What the picture itself has, in the order in which it is applied.
    fn own_properties(&self) -> impl Iterator<Item = &Part> {
        let own = self.associations.iter().find(|(item, _)| *item == self.primary);
        let indices = own.into_iter().flat_map(|(_, indices)| indices);
        indices.filter_map(|index| self.properties.get(index.checked_sub(1)?))
    }

    fn property(&self, kind: &[u8; 4]) -> Option<&[u8]> {
        self.own_properties().find(|part| &part.kind == kind).map(|part| &self.bytes[part.content.clone()])
    }

    /// The colour profile, where it is one and not a set of code points.
    pub(super) fn profile(&self) -> Option<&'a [u8]> {
        let profiles = self.own_properties().filter(|part| &part.kind == b"colr");
        let mut contents = profiles.filter_map(|part| self.bytes.get(part.content.clone()));
        contents.find_map(|content| content.strip_prefix(b"prof").or_else(|| content.strip_prefix(b"rICC")))
    }

    /// Whether all items lie inside the file, and none takes more than there is.
    pub(super) fn are_inside(&self) -> bool {
        let length = self.bytes.len() as u64;
        self.places.iter().all(|(_, ranges)| {
            let sum = ranges.iter().fold(0_u64, |sum, range| sum.saturating_add(range.end - range.start));
            sum <= length && ranges.iter().all(|range| range.end <= length)
        })
    }

    /// What lies inside the `meta` box and is no metadata: how grids are laid out, and hardly ever
    /// a picture.
    pub(super) fn inner_parts(&self) -> Vec<&'a [u8]> {
        let Some(inner) = &self.inner_data else { return Vec::new() };
        let is_metadata =
            |item: &u32| self.kinds.iter().any(|(known, kind)| known == item && *kind != ItemKind::Other);
        let parts = self.places.iter().filter(|(item, _)| !is_metadata(item)).flat_map(|(_, ranges)| ranges);
        parts
            .filter_map(|range| {
                let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
                (inner.start <= range.start && range.start < inner.end).then_some(())?;
                self.bytes.get(range.start..range.end.min(inner.end))
            })
            .collect()
    }

    /// Where EXIF and XMP lie; `None` when that cannot be told, or when they share bytes with
    /// something else.
    pub(super) fn metadata_ranges(&self) -> Option<Vec<Blank>> {
        let mut blanks = Vec::new();
        for (item, kind) in self.kinds.iter().filter(|(_, kind)| *kind != ItemKind::Other) {
            let (_, ranges) = self.places.iter().find(|(place, _)| place == item)?;
            let is_shared =
                self.places.iter().filter(|(other, _)| other != item).flat_map(|(_, others)| others).any(
                    |other| ranges.iter().any(|range| range.start < other.end && other.start < range.end),
                );
            if is_shared || !self.places_are_known {
                return None;
            }
            for range in ranges {
                let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
                // Anywhere else it would be the file's own structure that is overwritten.
                let is_data = |data: &Range<usize>| data.start <= range.start && range.end <= data.end;
                if range.start > range.end || !self.data.iter().any(is_data) {
                    return None;
                }
                blanks.push(Blank { range, is_exif: *kind == ItemKind::Exif });
            }
        }
        Some(blanks)
    }
}

/// One side of a clean part: its length and how far its middle lies from the picture's, as fractions.
fn clean_side(stored: u32, length: (u32, u32), offset: (u32, u32)) -> Option<(u32, u32)> {
    let whole = |(above, below): (i64, i64)| (below != 0 && above % below == 0).then(|| above / below);
    let length = whole((i64::from(length.0), i64::from(length.1)))?;
    let (above, below) = (i64::from(offset.0.cast_signed()), i64::from(offset.1));
    // Half of what is left over, moved by the offset.
    let start = whole((2 * above + (i64::from(stored) - length) * below, 2 * below))?;
    let is_inside = start >= 0 && length > 0 && start + length <= i64::from(stored);
    is_inside.then_some((u32::try_from(start).ok()?, u32::try_from(length).ok()?))
}

/// Turns count against the clock; a mirror swaps top and bottom (0) or left and right (1). They are
/// applied in the order in which the picture has them, as a rule the turn first.
fn oriented(quarter_turns: u8, mirror: Option<u8>, mirror_comes_first: bool) -> Orientation {
    // A mirror before a turn is the same as the turn backwards before the mirror.
    let turns = if mirror_comes_first { (4 - quarter_turns) & 3 } else { quarter_turns };
    Orientation::from_exif(match (turns, mirror) {
        (0, None) => 1,
        (1, None) => 8,
        (2, None) => 3,
        (_, None) => 6,
        (0, Some(0)) | (2, Some(1)) => 4,
        (0, Some(_)) | (2, Some(_)) => 2,
        (1, Some(0)) | (3, Some(1)) => 5,
        (_, Some(_)) => 7,
    })
}

fn primary(bytes: &[u8], range: Range<usize>) -> Option<u32> {
    let mut reader = BytesReader::new(&bytes[range]);
    let version = reader.u32_be()? >> 24;
    item_id(&mut reader, version > 0)
}

fn item_id(reader: &mut BytesReader<'_>, is_wide: bool) -> Option<u32> {
    if is_wide { reader.u32_be() } else { reader.u16_be().map(u32::from) }
}

/// The `iinf` box: what each item is.
fn kinds(bytes: &[u8], range: Range<usize>) -> Option<Vec<(u32, ItemKind)>> {
    let mut reader = BytesReader::at(&bytes[..range.end], range.start);
    let version = reader.u32_be()? >> 24;
    item_id(&mut reader, version > 0)?;
    let entries = boxes(bytes, reader.position()..range.end).flatten();
    Some(entries.filter(|part| &part.kind == b"infe").filter_map(|part| kind(&bytes[part.content])).collect())
}

fn kind(entry: &[u8]) -> Option<(u32, ItemKind)> {
    let mut reader = BytesReader::new(entry);
    let version = reader.u32_be()? >> 24;
    if version < 2 {
        return None;
    }
    let item = item_id(&mut reader, version > 2)?;
    reader.skip(2)?;
    let kind = match &reader.array()? {
        b"Exif" => ItemKind::Exif,
        b"mime" if is_text(reader.take(entry.len() - reader.position())?) => ItemKind::Text,
        _ => ItemKind::Other,
    };
    Some((item, kind))
}

/// XMP and other texts, by media type: a name, a zero, the type.
fn is_text(names: &[u8]) -> bool {
    let media_type = names.split(|byte| *byte == 0).nth(1).unwrap_or_default();
    media_type.starts_with(b"text/") || media_type.ends_with(b"xml") || media_type.ends_with(b"json")
}

/// The `iloc` box: where each item lies. `None` when it uses something unknown.
fn locations(bytes: &[u8], range: Range<usize>, inner_data: u64) -> Option<Vec<(u32, Vec<Range<u64>>)>> {
    let mut reader = BytesReader::new(&bytes[range]);
    let version = reader.u32_be()? >> 24;
    let sizes = reader.u16_be()?;
    let size = |shift: u16| usize::from((sizes >> shift) & 0xf);
    let (offset_size, length_size, base_size) = (size(12), size(8), size(4));
    let index_size = if version > 0 { size(0) } else { 0 };
    let count = item_id(&mut reader, version > 1)?;
    let mut places = Vec::new();
    for _ in 0..count.min(MAX_COUNT) {
        let item = item_id(&mut reader, version > 1)?;
        let method = if version > 0 { reader.u16_be()? & 0xf } else { 0 };
        let is_external = reader.u16_be()? != 0;
        if method > 1 || is_external {
            return None;
        }
        let base = reader.sized_be(base_size)?;
        let origin = if method == 1 { inner_data.checked_add(base)? } else { base };
        let mut ranges = Vec::new();
        for _ in 0..reader.u16_be()? {
            reader.sized_be(index_size)?;
            let start = origin.checked_add(reader.sized_be(offset_size)?)?;
            let length = reader.sized_be(length_size)?;
            ranges.push(start..start.checked_add(length)?);
        }
        places.push((item, ranges));
    }
    Some(places)
}

/// The `ipma` box: which properties each item has.
fn associations(bytes: &[u8], range: Range<usize>) -> Option<Vec<(u32, Vec<usize>)>> {
    let mut reader = BytesReader::new(&bytes[range]);
    let head = reader.u32_be()?;
    let (version, is_wide) = (head >> 24, head & 1 == 1);
    let count = reader.u32_be()?;
    let mut associations = Vec::new();
    for _ in 0..count.min(MAX_COUNT) {
        let item = item_id(&mut reader, version > 0)?;
        let length = reader.u8()?;
        // The highest bit says whether the property is essential.
        let indices = (0..length).map(|_| {
            if is_wide {
                reader.u16_be().map(|index| usize::from(index & 0x7fff))
            } else {
                reader.u8().map(|index| usize::from(index & 0x7f))
            }
        });
        associations.push((item, indices.collect::<Option<_>>()?));
    }
    Some(associations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, GrayImage, Luma};

    #[test]
    fn a_clean_part_lies_around_the_middle() {
        assert_eq!(clean_side(100, (80, 1), (0, 1)), Some((10, 80)));
        assert_eq!(clean_side(100, (160, 2), (10, 1)), Some((20, 80)));
        assert_eq!(clean_side(101, (80, 1), (1, 2)), Some((11, 80)), "half a pixel to the right");
        assert_eq!(clean_side(100, (99, 1), (u32::MAX, 2)), Some((0, 99)), "half a pixel to the left");
        for (length, offset) in [
            ((81, 1), (0, 1)),
            ((80, 0), (0, 1)),
            ((80, 1), (0, 0)),
            ((80, 1), (11, 1)),
            ((0, 1), (0, 1)),
            ((101, 1), (0, 1)),
            ((u32::MAX, 1), (u32::MAX, 1)),
        ] {
            assert_eq!(clean_side(100, length, offset), None, "{length:?} {offset:?}");
        }
    }

    /// Turns and mirrors as the standard says them, pixel by pixel.
    fn by_the_book(
        picture: &DynamicImage,
        turns: u8,
        mirror: Option<u8>,
        mirror_first: bool,
    ) -> DynamicImage {
        let turn = |picture: DynamicImage| (0..turns).fold(picture, |picture, _| picture.rotate270());
        let reflect = |picture: DynamicImage| match mirror {
            None => picture,
            Some(0) => picture.flipv(),
            Some(_) => picture.fliph(),
        };
        if mirror_first { turn(reflect(picture.clone())) } else { reflect(turn(picture.clone())) }
    }

    #[test]
    fn turns_and_mirrors_are_the_orientations_that_they_are() {
        let picture = DynamicImage::ImageLuma8(GrayImage::from_fn(3, 2, |x, y| Luma([(y * 3 + x) as u8])));
        for turns in 0..4 {
            for mirror in [None, Some(0), Some(1)] {
                for mirror_first in [false, mirror.is_some()] {
                    let mut ours = picture.clone();
                    ours.apply_orientation(oriented(turns, mirror, mirror_first).turn());
                    let expected = by_the_book(&picture, turns, mirror, mirror_first);
                    assert_eq!(ours, expected, "{turns} turns, mirror {mirror:?}, first: {mirror_first}");
                }
            }
        }
    }
}
