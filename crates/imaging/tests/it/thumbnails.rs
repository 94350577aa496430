//! Thumbnails: small, upright, never larger than the picture.

use crate::pictures::{self, encoded, fixture};
use image::{DynamicImage, ImageFormat, RgbaImage};
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Limits, THUMBNAIL_EDGE, sample_picture, sniff, thumbnail};

fn drawn(bytes: &[u8]) -> (u32, u32, DynamicImage) {
    let small = thumbnail(bytes, &Limits::default()).unwrap().unwrap();
    assert_eq!(sniff(&small.bytes), Some(PictureFormat::Webp));
    let picture = image::load_from_memory_with_format(&small.bytes, ImageFormat::WebP).unwrap();
    assert_eq!((small.width, small.height), (picture.width(), picture.height()));
    (small.width, small.height, picture)
}

#[test]
fn the_longer_side_becomes_the_edge() {
    let (width, height, _) = drawn(sample_picture());
    assert_eq!((width, height), (THUMBNAIL_EDGE, 213));
    let tall = DynamicImage::new_rgb8(10, 4000);
    let (width, height, _) = drawn(&encoded(&tall, ImageFormat::Png));
    assert_eq!((width, height), (1, THUMBNAIL_EDGE));
}

#[test]
fn small_pictures_are_not_enlarged() {
    let (width, height, _) = drawn(fixture("full.jpg"));
    assert_eq!((width, height), (96, 64));
}

#[test]
fn what_is_transparent_stays_transparent() {
    let picture =
        RgbaImage::from_fn(640, 640, |x, _| if x < 320 { [0, 0, 0, 0] } else { [9, 120, 200, 255] }.into());
    let (_, _, small) = drawn(&encoded(&DynamicImage::ImageRgba8(picture), ImageFormat::Png));
    let small = small.to_rgba8();
    assert_eq!(small.get_pixel(20, 160).0[3], 0);
    let [red, green, blue, alpha] = small.get_pixel(300, 160).0;
    assert!(red < 30 && green.abs_diff(120) < 12 && blue.abs_diff(200) < 12 && alpha == 255);
}

#[test]
fn sixteen_bits_and_grey_are_drawn_like_anything_else() {
    for picture in [
        DynamicImage::new_rgb16(700, 350),
        DynamicImage::new_rgba16(700, 350),
        DynamicImage::new_luma8(700, 350),
        DynamicImage::new_luma_a8(700, 350),
        DynamicImage::new_luma16(700, 350),
    ] {
        let (width, height, _) = drawn(&encoded(&picture, ImageFormat::Png));
        assert_eq!((width, height), (320, 160));
    }
}

#[test]
fn every_format_is_drawn_or_said_not_to_be() {
    use PictureFormat::{Heic, Jxl};
    for (name, format, bytes) in pictures::all() {
        let small = thumbnail(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Whether HEIC can be drawn is for the system to say.
        assert!(format == Heic || small.is_none() == (format == Jxl), "{name}");
    }
}

#[test]
fn an_animation_shows_its_first_frame() {
    let first = |bytes: &[u8]| drawn(bytes).2.to_rgb8();
    // The ferry is on the left in the first frame and on the right in the second.
    let (gif, webp, still) =
        (first(fixture("full.gif")), first(fixture("animated.webp")), first(fixture("full.png")));
    for picture in [gif, webp] {
        let [red, _, blue] = picture.get_pixel(30, 48).0;
        let [expected_red, _, expected_blue] = still.get_pixel(30, 48).0;
        assert!(red.abs_diff(expected_red) < 40 && blue.abs_diff(expected_blue) < 40);
    }
}

#[test]
fn a_tile_stays_small() {
    let small = thumbnail(sample_picture(), &Limits::default()).unwrap().unwrap();
    assert!(small.bytes.len() < 12_000, "{} bytes", small.bytes.len());
}
