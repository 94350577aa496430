//! What is written: how large, in which colours, with what in it.

use super::*;
use image::{GrayImage, Rgba, RgbaImage};
use picferry_core::ErrorCode;

#[test]
fn what_was_encoded_looks_the_same() {
    let picture = photo(203, 151);
    for small in [false, true] {
        let file = encoded(picture.clone(), small);
        let header = Header::read(&file).unwrap();
        assert_eq!((header.width, header.height, header.is_progressive), (203, 151, small));
        let back = decoded(&file);
        assert!(back.icc.is_none());
        assert!(difference(&back.pixels, &picture.clone().into()) < 2.5);
        let gray = DynamicImage::from(picture.clone()).to_luma8();
        let back = decoded(&encoded(gray.clone(), small)).pixels;
        assert!(back.as_luma8().is_some(), "gray stays gray");
        assert!(difference(&back, &gray.into()) < 2.0);
    }
}

#[test]
fn small_is_smaller() {
    let picture = photo(800, 600);
    let (fast, small) = (encoded(picture.clone(), false), encoded(picture, true));
    assert!(small.len() < fast.len(), "{} and {}", small.len(), fast.len());
}

#[test]
fn work_that_was_stopped_says_so() {
    let cancel = Cancel::new();
    cancel.stop();
    let file = encoded(photo(64, 64), false);
    let limits = Limits::default();
    let stopped = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None };
    assert_eq!(decode(&file, &stopped).unwrap_err().code, ErrorCode::Cancelled);
    let raster = Raster::srgb(photo(64, 64).into());
    assert_eq!(encode(&raster, &options(false), &cancel).unwrap_err().code, ErrorCode::Cancelled);
}

#[test]
fn colours_are_halved_unless_that_is_seen() {
    let is_half = |picture: &RgbImage, quality| {
        let options = JpegOptions { quality, small: false, subsampling: Subsampling::Auto };
        let file = encode(&Raster::srgb(picture.clone().into()), &options, &Cancel::new()).unwrap();
        Header::read(&file).unwrap().components[0].sampling == (2, 2)
    };
    assert!(is_half(&photo(400, 300), 80.0));
    assert!(!is_half(&photo(400, 300), 90.0), "quality");
    assert!(!is_half(&photo(100, 100), 80.0), "small");
    // Red words on blue over a photo: one pixel wide, a few in a hundred of it.
    let mut words = photo(400, 300);
    for y in 100..160 {
        for x in (50..350).step_by(6) {
            words.put_pixel(x, y, Rgb([220, 20, 30]));
            words.put_pixel(x + 1, y, Rgb([20, 30, 220]));
        }
    }
    assert!(!is_half(&words, 80.0), "sharp");
    let few = RgbImage::from_fn(400, 300, |x, y| Rgb([(x / 50 * 30) as u8, (y / 60 * 40) as u8, 90]));
    assert!(!is_half(&few, 80.0), "few colours");
}

#[test]
fn the_person_may_say_how_colours_are_stored() {
    let sampling = |subsampling| {
        let options = JpegOptions { quality: 80.0, small: true, subsampling };
        let file = encode(&Raster::srgb(photo(64, 64).into()), &options, &Cancel::new()).unwrap();
        Header::read(&file).unwrap().components[0].sampling
    };
    assert_eq!(sampling(Subsampling::Half), (2, 2));
    assert_eq!(sampling(Subsampling::Full), (1, 1));
}

#[test]
fn what_lets_through_is_shown_on_white() {
    let picture = RgbaImage::from_fn(64, 64, |x, _| match x / 16 {
        0 => Rgba([0, 0, 0, 0]),
        1 => Rgba([0, 0, 0, 128]),
        _ => Rgba([0, 0, 0, 255]),
    });
    let back = decoded(&encoded(picture, false)).pixels.to_rgb8();
    for (x, expected) in [(4, 255u8), (24, 127), (60, 0)] {
        assert!(back.get_pixel(x, 30).0.iter().all(|value| value.abs_diff(expected) < 6), "at {x}");
    }
}

#[test]
fn sixteen_bits_become_eight() {
    let picture = photo(64, 64);
    let deep = DynamicImage::from(picture.clone()).to_rgb16();
    assert!(difference(&decoded(&encoded(deep, false)).pixels, &picture.into()) < 2.5);
}

#[test]
fn a_side_that_the_format_cannot_say_is_refused() {
    let raster = Raster::srgb(GrayImage::new(65_501, 1).into());
    let error = encode(&raster, &options(false), &Cancel::new()).unwrap_err();
    assert_eq!((error.code, error.params["limit"].as_str()), (ErrorCode::Unsupported, "65500"));
}
