//! PNG and animated PNG.

mod decode;
mod encode;
mod filter;
mod pack;

pub(crate) use decode::{decode, decode_animation};
pub(super) use encode::{Source, write};
pub(crate) use encode::{encode, repack};

use picferry_core::picture::PictureFormat;

const FORMAT: PictureFormat = PictureFormat::Png;

#[cfg(test)]
mod tests;
