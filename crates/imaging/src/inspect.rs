//! What the header says of a picture.

use crate::damage;
use crate::exif::Orientation;
use crate::format::container;
use crate::limits::Limits;
use crate::sniff::sniff;
use picferry_core::Result;
use picferry_core::picture::{PictureFormat, PictureInfo};

/// Reads the header: format, size as people see it, animation. Never decodes.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture`, and `too_many_pixels` by the usual [`Limits`].
pub fn inspect(bytes: &[u8]) -> Result<PictureInfo> {
    inspect_within(bytes, &Limits::default()).map(|(info, _)| info)
}

/// The same with other limits, and with the orientation that is already applied to the size.
pub(crate) fn inspect_within(bytes: &[u8], limits: &Limits) -> Result<(PictureInfo, Orientation)> {
    if bytes.is_empty() {
        return Err(damage::empty_file());
    }
    let format = sniff(bytes).ok_or_else(|| damage::not_a_picture(bytes))?;
    let header = container(format).header(bytes)?;
    if let Some((width, height)) = header.size {
        if width == 0 || height == 0 {
            return Err(damage::damaged(format, "its header says that it has no pixels"));
        }
        // Vectors cost nothing here, however large they say they are.
        if format != PictureFormat::Svg {
            limits.check(width, height)?;
        }
    }
    let size =
        header.size.map(
            |(width, height)| {
                if header.orientation.swaps_sides() { (height, width) } else { (width, height) }
            },
        );
    let info = PictureInfo {
        format,
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        animated: header.animated,
    };
    Ok((info, header.orientation))
}
