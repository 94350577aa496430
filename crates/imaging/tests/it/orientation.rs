//! A picture that is stored turned is shown upright, before and after it was stripped.

use crate::pictures::{stripped, turned_jpeg, turned_png, turned_webp};
use image::{ImageFormat, RgbImage};
use picferry_imaging::{Change, Limits, thumbnail};

/// What is seen in each corner, as one reads.
type Corners = [&'static str; 4];

/// The corners red, green, blue, white after each of the eight orientations of EXIF.
const EXPECTED: [Corners; 8] = [
    ["red", "green", "blue", "white"],
    ["green", "red", "white", "blue"],
    ["white", "blue", "green", "red"],
    ["blue", "white", "red", "green"],
    ["red", "blue", "green", "white"],
    ["blue", "red", "white", "green"],
    ["white", "green", "blue", "red"],
    ["green", "white", "red", "blue"],
];

fn colour(picture: &RgbImage, x: u32, y: u32) -> &'static str {
    match picture.get_pixel(x, y).0 {
        [r, g, b] if r > 150 && g > 150 && b > 150 => "white",
        [r, g, b] if r > 150 && g < 110 && b < 110 => "red",
        [r, g, b] if g > 150 && r < 110 && b < 110 => "green",
        [r, g, b] if b > 150 && r < 110 && g < 110 => "blue",
        other => panic!("no colour of ours: {other:?}"),
    }
}

/// The corners of the thumbnail, read back from its pixels.
fn seen(bytes: &[u8]) -> (Corners, (u32, u32)) {
    let small = thumbnail(bytes, &Limits::default()).unwrap().unwrap();
    let picture = image::load_from_memory_with_format(&small.bytes, ImageFormat::WebP).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (small.width, small.height));
    let (right, bottom) = (small.width - 6, small.height - 6);
    let corners = [(5, 5), (right, 5), (5, bottom), (right, bottom)].map(|(x, y)| colour(&picture, x, y));
    (corners, picture.dimensions())
}

#[test]
fn all_eight_orientations_are_right_before_and_after_stripping() {
    type Make = fn(u16) -> Vec<u8>;
    for (name, make) in [("jpeg", turned_jpeg as Make), ("png", turned_png), ("webp", turned_webp)] {
        for (orientation, expected) in (1..=8).zip(EXPECTED) {
            let stored = make(orientation);
            let size = if orientation >= 5 { (32, 48) } else { (48, 32) };
            assert_eq!(seen(&stored), (expected, size), "{name} {orientation} as stored");

            let prepared = stripped(&stored);
            assert_eq!((prepared.info.width, prepared.info.height), (Some(size.0), Some(size.1)));
            assert_eq!(seen(&prepared.bytes), (expected, size), "{name} {orientation} stripped");
            let kept = prepared.changed.contains(&Change::OrientationKept);
            assert_eq!(kept, orientation != 1, "{name} {orientation}");
            assert!(prepared.bytes.len() < stored.len());
        }
    }
}

#[test]
fn what_stays_is_the_orientation_and_nothing_else() {
    for (stored, orientation) in [(turned_jpeg(6), 6), (turned_png(8), 8), (turned_webp(3), 3)] {
        let prepared = stripped(&stored);
        let mut reader = std::io::Cursor::new(&prepared.bytes);
        let exif = exif::Reader::new().read_from_container(&mut reader).unwrap();
        let fields: Vec<_> = exif.fields().collect();
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].tag, exif::Tag::Orientation);
        assert_eq!(fields[0].value.get_uint(0), Some(orientation));
    }
}

#[test]
fn an_orientation_that_does_not_exist_means_upright() {
    for orientation in [0, 9, 255, 65_535] {
        let prepared = stripped(&turned_jpeg(orientation));
        assert_eq!((prepared.info.width, prepared.info.height), (Some(48), Some(32)));
        assert!(!prepared.changed.contains(&Change::OrientationKept));
    }
}
