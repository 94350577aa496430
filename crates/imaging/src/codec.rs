//! The codecs, one file per format: bytes to pixels and back.

pub(crate) mod avif;
#[cfg(test)]
pub(crate) mod drawn;
pub(crate) mod gif;
pub(crate) mod heic;
pub(crate) mod jpeg;
pub(crate) mod palette;
pub(crate) mod plain;
pub(crate) mod png;
pub(crate) mod svg;
pub(crate) mod webp;

use crate::cancel::Cancel;
use crate::limits::Limits;

/// How a picture is decoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DecodeOptions<'a> {
    /// What it may cost.
    pub limits: &'a Limits,
    /// Looked at between its parts.
    pub cancel: &'a Cancel,
    /// Take what there is of a damaged picture.
    pub allow_damaged: bool,
    /// The picture will be scaled down to about this size, as stored, before orientation: a decoder
    /// that can may give less than all pixels, but never fewer across or down than this.
    pub at_least: Option<(u32, u32)>,
}
