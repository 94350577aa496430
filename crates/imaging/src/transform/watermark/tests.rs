use super::*;
use image::{GenericImageView, GrayImage, ImageBuffer, Luma, LumaA, Rgb, RgbImage, Rgba};

fn words(text: &str, position: WatermarkPosition) -> Watermark {
    Watermark {
        content: WatermarkContent::Text(text.to_owned()),
        position,
        opacity: 1.0,
        scale: 0.5,
        tiled: false,
    }
}

fn logo(position: WatermarkPosition) -> Watermark {
    Watermark {
        content: WatermarkContent::Picture("logo.png".to_owned()),
        scale: 0.25,
        ..words("", position)
    }
}

/// A red square.
fn red() -> Raster {
    Raster::srgb(RgbImage::from_pixel(40, 40, Rgb([255, 0, 0])).into())
}

fn gray(width: u32, height: u32) -> Raster {
    Raster::srgb(RgbImage::from_pixel(width, height, Rgb([120; 3])).into())
}

/// The part that changed: left, top, right, bottom, the last two not included.
fn changed(before: &DynamicImage, after: &DynamicImage) -> Option<(u32, u32, u32, u32)> {
    assert_eq!(before.dimensions(), after.dimensions());
    let (before, after) = (before.to_rgba8(), after.to_rgba8());
    let places = before.enumerate_pixels().filter(|(x, y, pixel)| after.get_pixel(*x, *y) != *pixel);
    places
        .map(|(x, y, _)| (x, y, x + 1, y + 1))
        .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)))
}

/// Without fonts there is nothing to test but the error.
fn applied(raster: Raster, watermark: &Watermark) -> Option<Raster> {
    match apply(raster, watermark, None) {
        Ok(raster) => Some(raster),
        Err(error) => {
            assert_eq!(error.code, ErrorCode::Unsupported, "{error:?}");
            assert!(error.hint.is_some());
            None
        }
    }
}

#[test]
fn a_picture_lies_where_it_should_in_its_size() {
    use WatermarkPosition as At;
    let before = gray(200, 100);
    // A quarter of the width is 50; the margin is a fortieth of the shorter side, 3 when rounded.
    for (position, expected) in [
        (At::TopLeft, (3, 3)),
        (At::TopRight, (147, 3)),
        (At::Center, (75, 25)),
        (At::BottomLeft, (3, 47)),
        (At::BottomRight, (147, 47)),
    ] {
        let after = apply(before.clone(), &logo(position), Some(&red())).unwrap();
        let (left, top, right, bottom) = changed(&before.pixels, &after.pixels).unwrap();
        assert_eq!(((left, top), (right - left, bottom - top)), (expected, (50, 50)), "{position:?}");
        assert_eq!(after.pixels.get_pixel(left + 25, top + 25).0, [255, 0, 0, 255]);
    }
}

#[test]
fn opacity_mixes() {
    let half = Watermark { opacity: 0.5, ..logo(WatermarkPosition::Center) };
    let after = apply(gray(200, 100), &half, Some(&red())).unwrap();
    assert_eq!(after.pixels.get_pixel(100, 50).0, [188, 60, 60, 255]);
    let none = Watermark { opacity: 0.0, ..half.clone() };
    assert_eq!(apply(gray(20, 10), &none, None).unwrap().pixels, gray(20, 10).pixels);
    let nothing = Watermark { opacity: f32::NAN, ..half };
    assert_eq!(apply(gray(20, 10), &nothing, None).unwrap().pixels, gray(20, 10).pixels);
}

#[test]
fn every_layout_of_pixels_takes_it() {
    let all: [(DynamicImage, image::ColorType); 8] = [
        (GrayImage::from_pixel(80, 80, Luma([9])).into(), image::ColorType::Rgb8),
        (ImageBuffer::from_pixel(80, 80, LumaA([9_u8, 200])).into(), image::ColorType::Rgba8),
        (RgbImage::from_pixel(80, 80, Rgb([9; 3])).into(), image::ColorType::Rgb8),
        (image::RgbaImage::from_pixel(80, 80, Rgba([9; 4])).into(), image::ColorType::Rgba8),
        (DynamicImage::ImageLuma16(ImageBuffer::from_pixel(80, 80, Luma([9]))), image::ColorType::Rgb16),
        (
            DynamicImage::ImageLumaA16(ImageBuffer::from_pixel(80, 80, LumaA([9, 9]))),
            image::ColorType::Rgba16,
        ),
        (DynamicImage::ImageRgb16(ImageBuffer::from_pixel(80, 80, Rgb([9; 3]))), image::ColorType::Rgb16),
        (DynamicImage::ImageRgba16(ImageBuffer::from_pixel(80, 80, Rgba([9; 4]))), image::ColorType::Rgba16),
    ];
    for (pixels, color) in all {
        let after =
            apply(Raster::srgb(pixels), &logo(WatermarkPosition::Center), Some(&red())).unwrap().pixels;
        assert_eq!(after.color(), color);
        assert_eq!(after.to_rgba8().get_pixel(40, 40).0, [255, 0, 0, 255], "{color:?}");
    }
}

#[test]
fn sixteen_bits_stay_sixteen_where_nothing_lies() {
    let pixels = DynamicImage::ImageRgb16(ImageBuffer::from_fn(90, 60, |x, y| {
        Rgb([x as u16 * 700 + y as u16, 3, 60_001])
    }));
    let after =
        apply(Raster::srgb(pixels.clone()), &logo(WatermarkPosition::TopLeft), Some(&red())).unwrap().pixels;
    assert_eq!(after.to_rgb16().get_pixel(80, 50), pixels.to_rgb16().get_pixel(80, 50));
}

#[test]
fn on_nothing_the_watermark_keeps_its_colour() {
    let clear = Raster::srgb(image::RgbaImage::from_pixel(80, 80, Rgba([0, 255, 0, 0])).into());
    let half = Watermark { opacity: 0.5, ..logo(WatermarkPosition::Center) };
    let after = apply(clear, &half, Some(&red())).unwrap().pixels;
    assert_eq!(after.get_pixel(40, 40).0, [255, 0, 0, 128], "no green from below");
    assert_eq!(after.get_pixel(2, 2).0[3], 0);
}

#[test]
fn a_profile_stays_but_one_for_gray() {
    let wide = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let raster = Raster { icc: Some(wide.clone().into()), ..gray(80, 80) };
    assert_eq!(
        apply(raster, &logo(WatermarkPosition::Center), Some(&red())).unwrap().icc.as_deref(),
        Some(&wide[..])
    );
    let linear = moxcms::ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let raster = Raster {
        pixels: ImageBuffer::from_pixel(80, 80, LumaA([64_u8, 200])).into(),
        icc: Some(linear.into()),
    };
    let after = apply(raster, &logo(WatermarkPosition::Center), Some(&red())).unwrap();
    assert_eq!(after.icc, None);
    let corner = after.pixels.get_pixel(1, 1).0;
    assert!(corner[0].abs_diff(137) <= 3, "a quarter of light is 137 in sRGB: {corner:?}");
    assert_eq!(corner[3], 200);
}

#[test]
fn words_are_read_on_light_and_on_dark() {
    for ground in [0, 128, 255] {
        let before = Raster::srgb(RgbImage::from_pixel(400, 200, Rgb([ground; 3])).into());
        let Some(after) = applied(before.clone(), &words("Ferry", WatermarkPosition::BottomRight)) else {
            return;
        };
        let (left, top, right, bottom) = changed(&before.pixels, &after.pixels).unwrap();
        assert!(left >= 190 && top >= 80, "{left},{top}");
        assert!((right, bottom) <= (395, 195) && right - left >= 190, "{right},{bottom}");
        let seen = after.pixels.view(left, top, right - left, bottom - top).to_image();
        let values: Vec<u8> = seen.pixels().map(|pixel| pixel.0[0]).collect();
        let (darkest, lightest) = (values.iter().min().unwrap(), values.iter().max().unwrap());
        assert!(lightest - darkest >= 120, "on {ground}: {darkest} to {lightest}");
    }
}

#[test]
fn chinese_words_and_several_lines_are_drawn() {
    let before = gray(400, 300);
    let Some(one) = applied(before.clone(), &words("图床 Ferry", WatermarkPosition::Center)) else {
        return;
    };
    let Some(two) = applied(before.clone(), &words("图床 Ferry\n<&>", WatermarkPosition::Center)) else {
        return;
    };
    let height =
        |raster: &Raster| changed(&before.pixels, &raster.pixels).map(|part| part.3 - part.1).unwrap();
    assert!(height(&two) > height(&one) * 3 / 2, "{} and {}", height(&one), height(&two));
}

#[test]
fn letters_that_no_font_has_are_named() {
    // A private letter that fonts leave empty.
    let error = apply(gray(100, 100), &words("a\u{10fffd}", WatermarkPosition::Center), None).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert!(error.message.contains("font"), "{}", error.message);
    assert!(error.hint.unwrap().contains("font"));
}

#[test]
fn words_that_are_none_or_too_many_are_refused() {
    for text in ["", "  \n ", &"a".repeat(501)] {
        let error = apply(gray(10, 10), &words(text, WatermarkPosition::Center), None).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidField);
    }
    let error = apply(gray(10, 10), &logo(WatermarkPosition::Center), None).unwrap_err();
    assert_eq!(error.code, ErrorCode::Internal);
}

#[test]
fn tiles_cover_the_picture_and_leave_space() {
    let before = gray(600, 400);
    let tiled = Watermark { tiled: true, scale: 0.1, ..logo(WatermarkPosition::Center) };
    let after = apply(before.clone(), &tiled, Some(&red())).unwrap();
    let (left, top, right, bottom) = changed(&before.pixels, &after.pixels).unwrap();
    assert!(left < 90 && top < 90 && right > 510 && bottom > 310, "{left},{top} to {right},{bottom}");
    let covered = after.pixels.to_rgb8().pixels().filter(|pixel| pixel.0[0] > 200).count();
    let share = covered as f64 / f64::from(600 * 400);
    assert!((0.08..0.4).contains(&share), "{share}");
    assert_eq!(after.pixels.get_pixel(300, 200).0, [255, 0, 0, 255], "one stands in the middle");
    // Turned: a row of a square's edge is not level.
    let column = |x: u32| (150..250).find(|y| after.pixels.get_pixel(x, *y).0[0] > 250);
    assert_ne!(column(295), column(305));
}

#[test]
fn the_smallest_picture_takes_it() {
    for (width, height) in [(1, 1), (3, 1), (1, 50)] {
        let after = apply(gray(width, height), &logo(WatermarkPosition::BottomRight), Some(&red())).unwrap();
        assert_eq!(after.pixels.dimensions(), (width, height));
        let tiled = Watermark { tiled: true, ..logo(WatermarkPosition::Center) };
        apply(gray(width, height), &tiled, Some(&red())).unwrap();
    }
}

#[test]
fn a_tall_watermark_stays_inside() {
    let before = gray(100, 40);
    let tall = Raster::srgb(RgbImage::from_pixel(10, 100, Rgb([255, 0, 0])).into());
    let whole = Watermark { scale: 1.0, ..logo(WatermarkPosition::Center) };
    let after = apply(before.clone(), &whole, Some(&tall)).unwrap();
    let (left, top, right, bottom) = changed(&before.pixels, &after.pixels).unwrap();
    assert_eq!(bottom - top, 36);
    assert!(right - left <= 5);
}
