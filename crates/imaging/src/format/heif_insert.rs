//! Puts EXIF and XMP into an ISO media file that has none: new items, described by the tables of the
//! file, with their data behind everything else.

use super::Metadata;
use super::heif_items::{Part, boxes};
use crate::bytes_reader::BytesReader;

/// The file with the metadata; `None` for one whose tables are of a kind not written here, and for
/// sequences, which have more tables with places in them.
pub(super) fn insert(bytes: &[u8], metadata: &Metadata) -> Option<Vec<u8>> {
    let parts: Vec<Part> = boxes(bytes, 0..bytes.len()).collect::<Option<_>>()?;
    if parts.iter().any(|part| &part.kind == b"moov") {
        return None;
    }
    let meta = parts.iter().find(|part| &part.kind == b"meta")?;
    let meta_start = meta.content.start.checked_sub(8)?;
    let mut tables = Tables::read(bytes, meta)?;
    let items = new_items(metadata, tables.locations.last_id()?);
    tables.describe(&items);
    let old_length = meta.content.end - meta_start;
    let growth = tables.length()?.checked_sub(old_length)?;
    tables.locations.move_by(growth as u64, meta.content.end as u64)?;
    let mut data_start = (bytes.len() + growth + 8) as u64;
    for item in &items {
        tables.locations.add(item, data_start);
        data_start += item.data.len() as u64;
    }
    let mut out = bytes[..meta_start].to_vec();
    out.extend(tables.write()?);
    out.extend_from_slice(&bytes[meta.content.end..]);
    let data: Vec<u8> = items.into_iter().flat_map(|item| item.data).collect();
    push_box(&mut out, *b"mdat", &data);
    Some(out)
}

struct NewItem {
    id: u32,
    kind: [u8; 4],
    /// Its name, and the type of media where it has one.
    names: &'static [u8],
    data: Vec<u8>,
}

fn new_items(metadata: &Metadata, last_id: u32) -> Vec<NewItem> {
    let mut items = Vec::new();
    let mut id = last_id;
    if let Some(exif) = &metadata.exif {
        id += 1;
        // Four bytes say how far behind them the block begins.
        items.push(NewItem { id, kind: *b"Exif", names: b"Exif\0", data: [&[0; 4], &exif[..]].concat() });
    }
    if let Some(xmp) = &metadata.xmp {
        id += 1;
        let names = b"XMP\0application/rdf+xml\0";
        items.push(NewItem { id, kind: *b"mime", names, data: xmp.clone() });
    }
    items
}

/// The boxes inside `meta`, those that change taken apart.
struct Tables<'a> {
    bytes: &'a [u8],
    /// In their order; the ones that are written anew are left out where they stood.
    parts: Vec<([u8; 4], Vec<u8>)>,
    locations: Locations,
    primary: u32,
    references_are_wide: bool,
}

impl<'a> Tables<'a> {
    fn read(bytes: &'a [u8], meta: &Part) -> Option<Self> {
        let children: Vec<Part> =
            boxes(bytes, meta.content.start + 4..meta.content.end).collect::<Option<_>>()?;
        let content =
            |kind: &[u8; 4]| children.iter().find(|part| &part.kind == kind).map(|part| part.content.clone());
        let locations = Locations::read(&bytes[content(b"iloc")?])?;
        let mut primary = BytesReader::new(&bytes[content(b"pitm")?]);
        let primary =
            if primary.u32_be()? >> 24 == 0 { primary.u16_be()?.into() } else { primary.u32_be()? };
        let references = content(b"iref").map(|range| &bytes[range]);
        let parts = children.iter().map(|part| (part.kind, bytes[part.content.clone()].to_vec())).collect();
        let references_are_wide = references.is_some_and(|content| content.first() != Some(&0));
        Some(Self { bytes: &bytes[meta.content.start..], parts, locations, primary, references_are_wide })
    }

    /// Names the items and says what they belong to.
    fn describe(&mut self, items: &[NewItem]) {
        if !self.parts.iter().any(|(kind, _)| kind == b"iref") {
            self.parts.push((*b"iref", vec![0; 4]));
        }
        let id_size = if self.references_are_wide { 4 } else { 2 };
        for (kind, content) in &mut self.parts {
            if kind == b"iinf" {
                add_descriptions(content, items);
            } else if kind == b"iref" {
                for item in items {
                    let mut reference = Vec::new();
                    push_number(&mut reference, item.id.into(), id_size);
                    push_number(&mut reference, 1, 2);
                    push_number(&mut reference, self.primary.into(), id_size);
                    push_box(content, *b"cdsc", &reference);
                }
            }
        }
        self.locations.room_for = items.len();
    }

    /// How long `meta` will be, with its header.
    fn length(&self) -> Option<usize> {
        let parts: usize = self
            .parts
            .iter()
            .map(|(kind, content)| 8 + if kind == b"iloc" { self.locations.length() } else { content.len() })
            .sum();
        parts.checked_add(12)
    }

    fn write(&self) -> Option<Vec<u8>> {
        let mut content = self.bytes.get(..4)?.to_vec();
        for (kind, part) in &self.parts {
            if kind == b"iloc" {
                push_box(&mut content, *kind, &self.locations.write());
            } else {
                push_box(&mut content, *kind, part);
            }
        }
        let mut out = Vec::new();
        push_box(&mut out, *b"meta", &content);
        Some(out)
    }
}

/// Adds to the list of what each item is, which begins with its version and a count.
fn add_descriptions(content: &mut Vec<u8>, items: &[NewItem]) {
    let added = items.len() as u64;
    let wide = content.first() != Some(&0);
    let count = if wide { content.get_mut(4..8) } else { content.get_mut(4..6) };
    if let Some(count) = count {
        let sum = count.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)) + added;
        let size = count.len();
        count.copy_from_slice(&sum.to_be_bytes()[8 - size..]);
    }
    for item in items {
        let mut entry = vec![2, 0, 0, 0];
        push_number(&mut entry, item.id.into(), 2);
        entry.extend([0, 0]);
        entry.extend(item.kind);
        entry.extend(item.names);
        push_box(content, *b"infe", &entry);
    }
}

/// The table of places.
struct Locations {
    version: u8,
    offset_size: usize,
    length_size: usize,
    base_size: usize,
    index_size: usize,
    entries: Vec<Location>,
    /// Entries that will be added.
    room_for: usize,
}

struct Location {
    id: u32,
    method: u16,
    base: u64,
    /// Index, offset, length.
    extents: Vec<(u64, u64, u64)>,
}

impl Locations {
    fn read(content: &[u8]) -> Option<Self> {
        let mut reader = BytesReader::new(content);
        let version = u8::try_from(reader.u32_be()? >> 24).ok()?;
        let sizes = reader.u16_be()?;
        let size = |shift: u16| usize::from((sizes >> shift) & 0xf);
        let index_size = if version > 0 { size(0) } else { 0 };
        let mut table = Self {
            version,
            offset_size: size(12),
            length_size: size(8),
            base_size: size(4),
            index_size,
            entries: Vec::new(),
            room_for: 0,
        };
        let id = |reader: &mut BytesReader<'_>| {
            if version > 1 { reader.u32_be() } else { reader.u16_be().map(u32::from) }
        };
        for _ in 0..id(&mut reader)? {
            let item = id(&mut reader)?;
            let method = if version > 0 { reader.u16_be()? } else { 0 };
            let is_external = reader.u16_be()? != 0;
            if is_external || method > 1 {
                return None;
            }
            let base = reader.sized_be(table.base_size)?;
            let extents = (0..reader.u16_be()?)
                .map(|_| {
                    Some((
                        reader.sized_be(index_size)?,
                        reader.sized_be(table.offset_size)?,
                        reader.sized_be(table.length_size)?,
                    ))
                })
                .collect::<Option<_>>()?;
            table.entries.push(Location { id: item, method, base, extents });
        }
        // Places of new items need numbers that hold them, and an item whose length is “the rest”
        // would swallow them.
        (table.offset_size >= 4 && table.length_size >= 4).then_some(table)
    }

    fn last_id(&self) -> Option<u32> {
        self.entries.iter().map(|entry| entry.id).max().filter(|id| *id < 0xff00)
    }

    /// Moves what lies behind a place in the file.
    fn move_by(&mut self, growth: u64, behind: u64) -> Option<()> {
        for entry in self.entries.iter_mut().filter(|entry| entry.method == 0) {
            if entry.base >= behind {
                entry.base = entry.base.checked_add(growth)?;
                continue;
            }
            for (_, offset, _) in &mut entry.extents {
                if entry.base.checked_add(*offset)? >= behind {
                    *offset = offset.checked_add(growth)?;
                }
            }
        }
        let fits = |number: u64, size: usize| size >= 8 || number >> (size * 8) == 0;
        let all_fit = self.entries.iter().all(|entry| {
            fits(entry.base, self.base_size)
                && entry.extents.iter().all(|(_, offset, _)| fits(*offset, self.offset_size))
        });
        all_fit.then_some(())
    }

    fn add(&mut self, item: &NewItem, start: u64) {
        let extents = vec![(0, start, item.data.len() as u64)];
        self.entries.push(Location { id: item.id, method: 0, base: 0, extents });
    }

    fn id_size(&self) -> usize {
        if self.version > 1 { 4 } else { 2 }
    }

    fn length(&self) -> usize {
        let extent = self.index_size + self.offset_size + self.length_size;
        let entry = |extents: usize| {
            self.id_size() + if self.version > 0 { 2 } else { 0 } + 2 + self.base_size + 2 + extents * extent
        };
        let known: usize = self.entries.iter().map(|location| entry(location.extents.len())).sum();
        4 + 2 + self.id_size() + known + self.room_for * entry(1)
    }

    fn write(&self) -> Vec<u8> {
        let mut out = vec![self.version, 0, 0, 0];
        let sizes = [self.offset_size, self.length_size, self.base_size, self.index_size];
        push_number(&mut out, sizes.iter().fold(0, |all, size| (all << 4) | *size as u64), 2);
        push_number(&mut out, self.entries.len() as u64, self.id_size());
        for entry in &self.entries {
            push_number(&mut out, entry.id.into(), self.id_size());
            if self.version > 0 {
                push_number(&mut out, entry.method.into(), 2);
            }
            push_number(&mut out, 0, 2);
            push_number(&mut out, entry.base, self.base_size);
            push_number(&mut out, entry.extents.len() as u64, 2);
            for (index, offset, length) in &entry.extents {
                push_number(&mut out, *index, self.index_size);
                push_number(&mut out, *offset, self.offset_size);
                push_number(&mut out, *length, self.length_size);
            }
        }
        out
    }
}

/// A big-endian number of that many bytes.
fn push_number(out: &mut Vec<u8>, number: u64, size: usize) {
    out.extend_from_slice(&number.to_be_bytes()[8 - size.min(8)..]);
}

/// No box that is written here comes near four gigabytes: its content was read from memory.
fn push_box(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    out.extend(u32::try_from(content.len() + 8).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(kind);
    out.extend_from_slice(content);
}
