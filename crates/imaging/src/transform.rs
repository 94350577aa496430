//! Changes to decoded pictures, one file each.

pub(crate) mod color;
pub(crate) mod crop;
pub(crate) mod resize;
pub(crate) mod turn;
pub(crate) mod watermark;
