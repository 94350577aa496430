//! JPEG over mozjpeg: decoded at a fraction of its size where that is enough, encoded fast or small.

mod cmyk;
mod decode;
mod encode;
mod header;
mod huffman;
mod means;
mod progressive;
mod subsampling;

pub(crate) use decode::decode;
pub(crate) use encode::{JpegOptions, encode};
pub(crate) use header::profile;
pub(crate) use means::eighth;
pub(crate) use subsampling::Subsampling;

#[cfg(test)]
mod tests;
