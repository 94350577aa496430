//! Packs the pixels of a PNG file anew, in the time that somebody waits.
//!
//! The level of zlib that looks longest takes 3 to 6 % fewer bytes for screenshots than what the library
//! that writes the file has to offer in that time; for filtered pictures a lower level with its
//! strategy for them takes 4 % fewer.

use super::FORMAT;
use crate::damage;
use crate::format;
use oxipng::FilterStrategy;
use picferry_core::{Error, ErrorCode, Result};
use zlib_rs::{
    DeflateConfig, InflateConfig, ReturnCode, Strategy, compress_bound, compress_slice, decompress_slice,
};

/// What suits rows that went through a filter.
pub(super) fn config(filter: &FilterStrategy) -> DeflateConfig {
    let is_flat = *filter == FilterStrategy::NONE || *filter == FilterStrategy::SUB;
    let (level, strategy) = if is_flat { (9, Strategy::Default) } else { (7, Strategy::Filtered) };
    DeflateConfig { level, strategy, mem_level: 9, ..DeflateConfig::default() }
}

/// The file with its pixels packed by other means; unpacked they are `most` bytes or fewer.
///
/// # Errors
/// `internal` for a file that is not well formed: it was written here.
pub(super) fn packed(file: &[u8], most: usize, config: DeflateConfig) -> Result<Vec<u8>> {
    let chunks = format::png_chunks(file)?;
    let is_data = |kind: &[u8; 4]| kind == b"IDAT";
    let parts = chunks.iter().filter(|(kind, _)| is_data(kind)).map(|(_, data)| *data);
    let data = repack(&parts.collect::<Vec<_>>().concat(), most, config)?;
    let mut out = file.get(..8).ok_or_else(|| damage::ends_early(FORMAT))?.to_vec();
    let mut is_written = false;
    for (kind, content) in chunks {
        match (is_data(&kind), is_written) {
            (true, true) => {}
            (true, false) => {
                push(&mut out, kind, &data)?;
                is_written = true;
            }
            (false, _) => push(&mut out, kind, content)?,
        }
    }
    Ok(out)
}

fn repack(packed: &[u8], most: usize, config: DeflateConfig) -> Result<Vec<u8>> {
    // What is stored as it is is no smaller than what it holds.
    let mut rows = vec![0; most.max(packed.len())];
    let (rows, unpacked) = decompress_slice(&mut rows, packed, InflateConfig::default());
    let mut data = vec![0; compress_bound(rows.len())];
    let (packed, done) = compress_slice(&mut data, rows, config);
    if unpacked != ReturnCode::Ok || done != ReturnCode::Ok {
        return Err(failed().detail(format!("{unpacked:?}, {done:?}")));
    }
    let length = packed.len();
    data.truncate(length);
    Ok(data)
}

fn push(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Result<()> {
    let length = u32::try_from(data.len()).map_err(|error| failed().detail(error))?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&kind);
    checksum.update(data);
    out.extend(length.to_be_bytes());
    out.extend(kind);
    out.extend(data);
    out.extend(checksum.finalize().to_be_bytes());
    Ok(())
}

fn failed() -> Box<Error> {
    Error::new(ErrorCode::Internal, "The PNG file could not be packed.")
}
