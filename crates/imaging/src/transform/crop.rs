//! Takes a part of a picture.

use crate::raster::Raster;
use picferry_core::images::Crop;
use picferry_core::{Error, ErrorCode, Result};

/// The part of the picture that was asked for, in pixels of the picture as it is.
///
/// # Errors
/// `invalid_field` for a part with no pixels, or that does not lie inside.
pub(crate) fn crop(raster: Raster, part: Crop) -> Result<Raster> {
    let (width, height) = (raster.width(), raster.height());
    let ends_inside =
        |start: u32, length: u32, side: u32| start.checked_add(length).is_some_and(|end| end <= side);
    let is_inside = ends_inside(part.x, part.width, width) && ends_inside(part.y, part.height, height);
    if part.width == 0 || part.height == 0 || !is_inside {
        return Err(outside(part, width, height));
    }
    if (part.width, part.height) == (width, height) {
        return Ok(raster);
    }
    let pixels = raster.pixels.crop_imm(part.x, part.y, part.width, part.height);
    Ok(Raster { pixels, icc: raster.icc })
}

fn outside(part: Crop, width: u32, height: u32) -> Box<Error> {
    let Crop { x, y, width: across, height: down } = part;
    Error::new(
        ErrorCode::InvalidField,
        format!("The part to keep, {across} × {down} pixels from {x}, {y}, is not inside the picture of {width} × {height}."),
    )
    .param("reason", "crop")
    .param("part", format!("{across} × {down} + {x} + {y}"))
    .param("width", width)
    .param("height", height)
    .hint("Choose a part that lies inside the picture.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, RgbImage};

    fn numbered() -> Raster {
        let number = |value: u32| u8::try_from(value).unwrap();
        Raster {
            pixels: DynamicImage::ImageRgb8(RgbImage::from_fn(8, 6, |x, y| Rgb([number(x), number(y), 7]))),
            icc: Some(bytes::Bytes::from_static(b"profile")),
        }
    }

    #[test]
    fn the_part_keeps_its_pixels_and_the_profile() {
        let part = crop(numbered(), Crop { x: 2, y: 1, width: 3, height: 5 }).unwrap();
        assert_eq!((part.width(), part.height()), (3, 5));
        assert_eq!(part.icc.as_deref(), Some(&b"profile"[..]));
        for (x, y, pixel) in part.pixels.to_rgb8().enumerate_pixels() {
            assert_eq!((u32::from(pixel.0[0]), u32::from(pixel.0[1])), (x + 2, y + 1));
        }
        let all = crop(numbered(), Crop { x: 0, y: 0, width: 8, height: 6 }).unwrap();
        assert_eq!(all.pixels, numbered().pixels);
    }

    #[test]
    fn a_part_outside_is_refused_with_its_numbers() {
        for (x, y, width, height) in
            [(0, 0, 0, 3), (0, 0, 3, 0), (6, 0, 3, 1), (0, 6, 1, 1), (u32::MAX, 0, 2, 2), (1, 1, u32::MAX, 1)]
        {
            let error = crop(numbered(), Crop { x, y, width, height }).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidField);
            assert_eq!((error.params["width"].as_str(), error.params["height"].as_str()), ("8", "6"));
        }
    }
}
