//! A JPEG picture at an eighth of its size, from the means of its blocks alone.
//!
//! That is all a thumbnail of a large picture needs, and most of the work of a decoder goes into the
//! rest: values of details that are then left out, and for progressive files memory for all of them.
//! Here details are skipped, several codes at a time. It is a short cut and no decoder: for anything
//! unusual or damaged it has no answer, and the decoder is asked.

use super::header::{Component, Header, ScanHead};
use super::huffman::{Bits, Codes, Skipper};
use crate::format::jpeg_segments::{CODES, FIRST_APP, QUANTIZATION, RESTART, SCAN, Segments};
use crate::limits::Limits;
use crate::raster::Raster;
use image::{DynamicImage, GrayImage, Rgb, RgbImage};

const APP14: u8 = FIRST_APP + 14;
const ADOBE: &[u8] = b"Adobe";

/// The picture at an eighth of its size. `None` where this short cut does not lead there; also for
/// progressive files of which the first scans lack more than the last bit of some mean.
pub(crate) fn eighth(bytes: &[u8], limits: &Limits) -> Option<Raster> {
    let header = Header::read(bytes).ok()?;
    let is_known = matches!(header.components.len(), 1 | 3) && header.check_pixels(limits).is_ok();
    if !is_known || !header.has_usual_sampling() {
        return None;
    }
    let mut reader = Reader::new(&header);
    // The end of a scan is looked for only where there is another to come.
    let segments = if header.is_progressive { Segments::new(bytes) } else { Segments::before_data(bytes) };
    for segment in segments {
        let segment = segment.ok()?;
        match segment.marker {
            CODES => reader.read_codes(segment.payload)?,
            QUANTIZATION => reader.read_quantization(segment.payload)?,
            RESTART => reader.restart = u16::from_be_bytes(*segment.payload.first_chunk()?).into(),
            // Adobe says how colours are stored: as the decoder knows.
            APP14 if segment.payload.starts_with(ADOBE) && segment.payload.get(11) == Some(&0) => {
                return None;
            }
            SCAN => {
                let data = segment.range.start + 4 + segment.payload.len();
                reader.read_scan(segment.payload, bytes.get(data..)?)?;
                if reader.planes.iter().all(|plane| plane.is_read) {
                    return reader.picture();
                }
            }
            _ => {}
        }
    }
    None
}

/// The means of one component.
struct Plane {
    component: Component,
    /// Blocks across, with those that only fill up the last group.
    across: usize,
    /// Blocks that the picture has: those of a scan of its own.
    own: (usize, usize),
    means: Vec<u8>,
    is_read: bool,
}

struct Reader<'a> {
    header: &'a Header,
    /// The largest sampling, and groups of blocks across and down.
    most: (usize, usize),
    groups: (usize, usize),
    planes: Vec<Plane>,
    /// The step of the means, by table.
    steps: [Option<u16>; 4],
    means: [Option<Codes>; 4],
    details: [Option<Skipper>; 4],
    restart: usize,
}

impl<'a> Reader<'a> {
    fn new(header: &'a Header) -> Self {
        let plane = |component: &Component| {
            let (across, down) = header.padded_blocks(component);
            let own = header.own_blocks(component);
            Plane { component: *component, across, own, means: vec![128; across * down], is_read: false }
        };
        Self {
            header,
            most: header.most_sampling(),
            groups: header.groups(),
            planes: header.components.iter().map(plane).collect(),
            steps: [None; 4],
            means: [const { None }; 4],
            details: [const { None }; 4],
            restart: 0,
        }
    }

    fn read_codes(&mut self, segment: &[u8]) -> Option<()> {
        Codes::take_all(segment, |kind, number, codes| {
            match kind {
                0 => *self.means.get_mut(number)? = Some(codes),
                1 => *self.details.get_mut(number)? = Some(Skipper::new(codes)),
                _ => return None,
            }
            Some(())
        })
    }

    fn read_quantization(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((which, rest)) = segment.split_first() {
            let (step, length) = match which >> 4 {
                0 => (u16::from(*rest.first()?), 64),
                1 => (u16::from_be_bytes(*rest.first_chunk()?), 128),
                _ => return None,
            };
            *self.steps.get_mut(usize::from(which & 0x0f))? = Some(step);
            segment = rest.get(length..)?;
        }
        Some(())
    }

    fn read_scan(&mut self, head: &[u8], data: &[u8]) -> Option<()> {
        let ScanHead { parts, first, last, precision } = ScanHead::read(head)?;
        let is_progressive = self.header.is_progressive;
        if is_progressive && ((first, last) != (0, 0) || !matches!(precision, 0 | 1)) {
            return None;
        }
        let mut order = Vec::new();
        for [id, tables] in parts {
            let plane = self.planes.iter().position(|plane| plane.component.id == *id)?;
            if self.planes[plane].is_read {
                return None;
            }
            self.planes[plane].is_read = true;
            order.push((plane, usize::from(tables >> 4), usize::from(tables & 0x0f)));
        }
        if !is_progressive && order.len() < self.planes.len() {
            return None;
        }
        Scan {
            restart: self.restart,
            groups: self.groups,
            lost_bits: if is_progressive { u32::from(precision) } else { 0 },
            has_details: !is_progressive,
        }
        .read(self, &order, data)
    }

    fn picture(&self) -> Option<Raster> {
        let (width, height) = self.header.scaled(1);
        let icc = self.header.icc.clone();
        let [luma, rest @ ..] = self.planes.as_slice() else { return None };
        let at = |plane: &Plane, x: u32, y: u32| {
            let (across, down) = plane.component.sampling;
            let (x, y) = (x as usize * across / self.most.0, y as usize * down / self.most.1);
            plane.means.get(y * plane.across + x).copied().unwrap_or(128)
        };
        let pixels = match rest {
            [] => DynamicImage::ImageLuma8(GrayImage::from_fn(width, height, |x, y| [at(luma, x, y)].into())),
            [blue, red] => DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
                color(at(luma, x, y), at(blue, x, y), at(red, x, y))
            })),
            _ => return None,
        };
        Some(Raster { pixels, icc })
    }
}

/// How a scan is read.
struct Scan {
    restart: usize,
    groups: (usize, usize),
    /// Bits of the means that come in later scans.
    lost_bits: u32,
    has_details: bool,
}

impl Scan {
    /// Reads the means of the planes in their order, each with its two tables of codes.
    fn read(&self, reader: &mut Reader<'_>, order: &[(usize, usize, usize)], data: &[u8]) -> Option<()> {
        let Reader { planes, steps, means, details, .. } = reader;
        let mut bits = Bits::new(data);
        // A component alone has no groups: its blocks come row by row.
        let (across, down) = match order {
            [(plane, ..)] => planes[*plane].own,
            _ => self.groups,
        };
        let is_alone = order.len() == 1;
        let mut parts = Vec::new();
        for (index, of_means, of_details) in order {
            let plane = &planes[*index];
            parts.push(Part {
                plane: *index,
                size: if is_alone { (1, 1) } else { plane.component.sampling },
                step: i64::from((*steps.get(usize::from(plane.component.table))?)?),
                codes: means.get(*of_means)?.as_ref()?,
                skipper: if self.has_details { Some(details.get(*of_details)?.as_ref()?) } else { None },
                before: 0,
            });
        }
        for group in 0..across * down {
            if self.restart > 0 && group > 0 && group % self.restart == 0 {
                bits.restart()?;
                parts.iter_mut().for_each(|part| part.before = 0);
            }
            let (left, top) = (group % across, group / across);
            for part in &mut parts {
                let plane = &mut planes[part.plane];
                for block in 0..part.size.0 * part.size.1 {
                    let x = left * part.size.0 + block % part.size.0;
                    let y = top * part.size.1 + block / part.size.0;
                    let mean = part.next(&mut bits, self.lost_bits)?;
                    *plane.means.get_mut(y * plane.across + x)? = mean;
                }
            }
            if bits.is_overdrawn() {
                return None;
            }
        }
        Some(())
    }
}

/// One component of a scan.
struct Part<'a> {
    plane: usize,
    /// Its blocks in a group.
    size: (usize, usize),
    step: i64,
    codes: &'a Codes,
    skipper: Option<&'a Skipper>,
    before: i32,
}

impl Part<'_> {
    #[inline]
    fn next(&mut self, bits: &mut Bits<'_>, lost_bits: u32) -> Option<u8> {
        self.before = self.before.wrapping_add(self.codes.difference(bits)?);
        if let Some(skipper) = self.skipper {
            skipper.skip_block(bits)?;
        }
        // A mean is stored eight times as large, and around zero.
        let mean = ((i64::from(self.before) << lost_bits) * self.step + 4) >> 3;
        u8::try_from((mean + 128).clamp(0, 255)).ok()
    }
}

/// A colour of JFIF, in sixteen bits behind the point.
fn color(luma: u8, blue: u8, red: u8) -> Rgb<u8> {
    let (luma, blue, red) = (i32::from(luma) << 16, i32::from(blue) - 128, i32::from(red) - 128);
    let channels = [luma + 91_881 * red, luma - 22_554 * blue - 46_802 * red, luma + 116_130 * blue];
    Rgb(channels.map(|channel| u8::try_from(((channel + 32_768) >> 16).clamp(0, 255)).unwrap_or(0)))
}
