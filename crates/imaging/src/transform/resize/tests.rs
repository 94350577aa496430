//! Sizes, brightness, edges and alpha of scaled pictures.

use super::*;
use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

fn resized(pixels: impl Into<DynamicImage>, size: (u32, u32)) -> DynamicImage {
    resize(Raster::srgb(pixels.into()), size).unwrap().pixels
}

/// Black and white pixels by turns: half the light, which is the value 188.
fn checker(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([if (x + y) % 2 == 0 { 0 } else { 255 }; 3]))
}

#[test]
fn a_checker_keeps_its_light() {
    let check = |small: DynamicImage, name: &str| {
        let small = small.to_rgb8();
        let (width, height) = small.dimensions();
        // The outermost pixels see the edge of the pattern.
        for (x, y, pixel) in small.enumerate_pixels() {
            if x > 2 && y > 2 && x + 3 < width && y + 3 < height {
                assert!(
                    pixel.0.iter().all(|value| value.abs_diff(188) <= 3),
                    "{name}: {pixel:?} at {x}, {y}"
                );
            }
        }
    };
    let picture = checker(800, 600);
    check(resized(picture.clone(), (200, 150)), "8 bits");
    check(resized(picture.clone(), (80, 60)), "a tenth");
    check(resized(DynamicImage::from(picture.clone()).to_rgb16(), (200, 150)), "16 bits");
    check(resized(DynamicImage::from(picture.clone()).to_luma8(), (200, 150)), "gray");
    check(resized(DynamicImage::from(picture).to_rgba8(), (200, 150)), "alpha");
}

#[test]
fn bands_leave_no_seam() {
    // A slope with enough fine light in it, and more rows than a band has.
    let picture = GrayImage::from_fn(600, 1200, |x, y| {
        let slope = u8::try_from(y / 10).unwrap();
        Luma([if (x + y) % 2 == 0 { 0 } else { 130 + slope }])
    });
    assert!(light::is_seen(&picture.clone().into(), (200, 400)));
    let small = resized(picture, (200, 400)).to_luma8();
    for y in 4..396 {
        let steps = small.get_pixel(100, y).0[0].abs_diff(small.get_pixel(100, y - 1).0[0]);
        assert!(steps <= 2, "{steps} between rows {} and {y}", y - 1);
    }
}

#[test]
fn flat_and_smooth_pictures_are_scaled_as_they_are_stored() {
    let flat = DynamicImage::from(RgbImage::from_pixel(400, 300, Rgb([17, 99, 201])));
    assert!(!light::is_seen(&flat, (100, 75)));
    assert!(resized(flat, (100, 75)).to_rgb8().pixels().all(|pixel| pixel.0 == [17, 99, 201]));
    let slope = DynamicImage::from(RgbImage::from_fn(512, 300, |x, _| Rgb([(x / 2) as u8; 3])));
    assert!(!light::is_seen(&slope, (128, 75)));
    let small = resized(slope, (128, 75)).to_rgb8();
    for x in 4..124u32 {
        assert!(small.get_pixel(x, 40).0[0].abs_diff((x * 2) as u8) <= 1);
    }
}

#[test]
fn what_is_transparent_does_not_bleed() {
    // Green that nobody sees, beside opaque red.
    let picture =
        RgbaImage::from_fn(
            400,
            400,
            |x, _| {
                if x < 200 { Rgba([0, 255, 0, 0]) } else { Rgba([255, 0, 0, 255]) }
            },
        );
    let eight = resized(picture.clone(), (100, 100)).to_rgba8();
    let sixteen = resized(DynamicImage::from(picture).to_rgba16(), (100, 100)).to_rgba8();
    for small in [eight, sixteen] {
        for pixel in small.pixels().filter(|pixel| pixel.0[3] > 8) {
            assert!(pixel.0[0] > 250 && pixel.0[1] < 5, "{pixel:?}");
        }
        assert_eq!(small.get_pixel(10, 50).0[3], 0);
        assert_eq!(small.get_pixel(90, 50).0, [255, 0, 0, 255]);
    }
}

#[test]
fn sixteen_bits_stay_sixteen_bits() {
    // A slope that eight bits cannot show.
    let slope = ImageBuffer::<Luma<u16>, Vec<u16>>::from_fn(1024, 64, |x, _| Luma([20_000 + x as u16]));
    let small = resized(slope, (256, 16));
    let small = small.as_luma16().unwrap();
    for x in 8..248u32 {
        let expected = 20_000 + 4 * x as u16 + 1;
        assert!(small.get_pixel(x, 8).0[0].abs_diff(expected) <= 2, "{:?} at {x}", small.get_pixel(x, 8));
    }
}

#[test]
fn floating_point_comes_out_as_sixteen_bits() {
    let picture = DynamicImage::from(checker(64, 64));
    assert!(resized(picture.to_rgb32f(), (16, 16)).as_rgb16().is_some());
    assert!(resized(picture.to_rgba32f(), (16, 16)).as_rgba16().is_some());
}

#[test]
fn the_same_size_is_the_same_picture() {
    let picture = DynamicImage::from(checker(31, 17));
    assert_eq!(resized(picture.clone(), (31, 17)), picture);
}

#[test]
fn the_profile_stays() {
    let icc = Some(bytes::Bytes::from_static(b"profile"));
    let raster = Raster { pixels: checker(40, 40).into(), icc: icc.clone() };
    assert_eq!(resize(raster, (10, 10)).unwrap().icc, icc);
}

proptest! {
    #[test]
    fn any_size_becomes_any_size(
        width in 1..90u32, height in 1..90u32, across in 0..200u32, down in 0..200u32, fine: bool, deep: bool,
    ) {
        let picture = if fine { checker(width, height) } else { RgbImage::new(width, height) };
        let picture = DynamicImage::from(picture);
        let picture = if deep { picture.to_rgba16().into() } else { picture };
        let color = picture.color();
        let small = resized(picture, (across, down));
        prop_assert_eq!((small.width(), small.height()), (across.max(1), down.max(1)));
        prop_assert_eq!(small.color(), color);
    }
}

#[test]
fn a_fraction_of_a_picture_ends_where_the_picture_does() {
    assert_eq!(extent((13, 9), (13, 9)), (13.0, 9.0));
    assert_eq!(extent((7, 5), (13, 9)), (6.5, 4.5), "half of it");
    assert_eq!(extent((2, 2), (13, 9)), (1.625, 1.125), "an eighth");
    assert_eq!(extent((40, 30), (13, 9)), (40.0, 30.0), "a header that lied");
}
