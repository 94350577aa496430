//! A file like another with nothing in it: the same frame and tables, and one scan in which every block is empty.

use super::super::header::Header;
use crate::format::jpeg_segments::{CODES, END, FIRST_APP, QUANTIZATION, RESTART, SCAN, START, Segments};

const APP14: u8 = FIRST_APP + 14;

/// One table of codes, for means: the symbol 0, “no difference”, is the bit 0.
const ONE_CODE: [u8; 22] = [0xff, CODES, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// The skeleton of a file: what its decoder has to know before it can make pixels of coefficients. `None` for a
/// file that says some of it again later.
pub(super) fn of(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    let mut skeleton = vec![0xff, START];
    for segment in Segments::before_data(bytes) {
        let segment = segment.ok()?;
        // Who restarts within scans is left to the library before anything is made ready.
        if segment.marker == RESTART && segment.payload != [0, 0] {
            return None;
        }
        let says_how = segment.is_frame() || matches!(segment.marker, QUANTIZATION | FIRST_APP | APP14);
        if says_how {
            skeleton.extend(bytes.get(segment.range)?);
        }
    }
    skeleton.extend(ONE_CODE);
    skeleton.extend([0xff, SCAN]);
    let count = u8::try_from(header.components.len()).ok()?;
    skeleton.extend((u16::from(count) * 2 + 6).to_be_bytes());
    skeleton.push(count);
    for component in &header.components {
        skeleton.extend([component.id, 0]);
    }
    // Means alone, to their last bit.
    skeleton.extend([0, 0, 0]);
    let bits = header.blocks_of_a_scan();
    skeleton.resize(skeleton.len() + bits.div_ceil(8), 0);
    skeleton.extend([0xff, END]);
    Some(skeleton)
}
