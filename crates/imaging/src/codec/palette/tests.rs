//! Few colours, chosen well.

use super::{PaletteOptions, TRANSPARENT, distance, encode, to_color, to_place};
use crate::cancel::Cancel;
use crate::codec::drawn::{badge, mean_difference, photo, profile, screenshot, seen, with_options};
use crate::codec::png::decode;
use crate::raster::Raster;
use image::{DynamicImage, Rgb, RgbImage, RgbaImage};
use picferry_core::ErrorCode;
use picferry_core::images::Effort;
use proptest::prelude::*;
use std::collections::HashSet;

fn options(colors: u16, dither: f32) -> PaletteOptions {
    PaletteOptions { colors, dither, effort: Effort::Fast }
}

fn write(picture: &DynamicImage, options: &PaletteOptions) -> Vec<u8> {
    encode(&Raster::srgb(picture.clone()), options, &Cancel::new()).unwrap()
}

fn read(bytes: &[u8]) -> DynamicImage {
    with_options(|options| decode(bytes, options)).unwrap().pixels
}

fn count(picture: &DynamicImage) -> usize {
    picture.to_rgba8().pixels().copied().collect::<HashSet<_>>().len()
}

#[test]
fn few_colours_stay_exactly_as_they_are() {
    for colors in [1_u32, 2, 3, 16, 17, 255, 256] {
        let picture = RgbImage::from_fn(32, 32, |x, y| {
            let [_, high, middle, low] = ((x + y * 32) % colors * 7919).to_be_bytes();
            Rgb([low, middle, high])
        });
        let picture = DynamicImage::ImageRgb8(picture);
        for dither in [0.0, 1.0] {
            assert_eq!(seen(&read(&write(&picture, &options(256, dither)))), seen(&picture), "{colors}");
        }
    }
    let round = DynamicImage::ImageRgba8(RgbaImage::from_fn(16, 16, |x, y| {
        image::Rgba([200, 100, 50, u8::try_from(x * 16 + y).unwrap()])
    }));
    assert_eq!(seen(&read(&write(&round, &options(256, 1.0)))), seen(&round));
}

#[test]
fn there_are_never_more_colours_than_wanted() {
    for picture in [DynamicImage::ImageRgb8(photo(90, 60)), DynamicImage::ImageRgba8(badge(80))] {
        for wanted in [2_u16, 3, 16, 100, 256] {
            for dither in [0.0, 0.5, 1.0] {
                assert!(count(&read(&write(&picture, &options(wanted, dither)))) <= usize::from(wanted));
            }
        }
    }
}

#[test]
fn more_colours_look_better() {
    let picture = DynamicImage::ImageRgb8(photo(120, 80));
    let errors = [4, 16, 64, 256]
        .map(|colors| mean_difference(&read(&write(&picture, &options(colors, 0.0))), &picture));
    assert!(errors.windows(2).all(|pair| pair[1] < pair[0]), "{errors:?}");
    assert!(errors[3] < 30.0, "{errors:?}");
}

#[test]
fn even_areas_keep_their_colour_and_get_no_pattern() {
    let picture = screenshot(320, 200);
    let back = read(&write(&DynamicImage::ImageRgb8(picture.clone()), &options(64, 1.0))).to_rgb8();
    for color in [Rgb([255, 255, 255]), Rgb([236, 238, 240]), Rgb([52, 120, 246])] {
        let places = || picture.enumerate_pixels().filter(|(_, _, pixel)| **pixel == color);
        assert!(places().count() > 300);
        assert!(places().all(|(x, y, pixel)| back.get_pixel(x, y) == pixel), "{color:?}");
    }
}

#[test]
fn errors_are_spread_so_that_shades_stay_right_on_the_whole() {
    let shades =
        DynamicImage::ImageRgb8(RgbImage::from_fn(256, 128, |x, _| Rgb([u8::try_from(x).unwrap(); 3])));
    let small = |picture: &DynamicImage| {
        let picture = picture.resize_exact(32, 8, image::imageops::FilterType::Triangle);
        // Both ends lie outside of what any mix of fewer colours can be.
        picture.crop_imm(4, 0, 24, 8)
    };
    let error =
        |dither| mean_difference(&small(&read(&write(&shades, &options(8, dither)))), &small(&shades));
    let (spread, not) = (error(1.0), error(0.0));
    assert!(spread * 3.0 < not, "{spread} {not}");
}

#[test]
fn alpha_stays_soft_and_nothing_stays_nothing() {
    let picture = badge(120);
    let back = read(&write(&DynamicImage::ImageRgba8(picture.clone()), &options(128, 1.0))).to_rgba8();
    for (before, after) in picture.pixels().zip(back.pixels()) {
        if before.0[3] == 0 || before.0[3] == 255 {
            assert_eq!(before.0[3], after.0[3]);
        }
        assert!(before.0[3].abs_diff(after.0[3]) < 40, "{before:?} {after:?}");
    }
}

#[test]
fn sixteen_bits_and_gray_are_taken_too_and_a_profile_stays() {
    let wide = DynamicImage::ImageRgb16(DynamicImage::ImageRgb8(photo(40, 30)).to_rgb16());
    assert!(count(&read(&write(&wide, &options(32, 1.0)))) <= 32);
    let gray = DynamicImage::ImageLuma8(wide.to_luma8());
    assert_eq!(seen(&read(&write(&gray, &options(256, 1.0)))), seen(&gray));
    let icc = profile(b"RGB ", 300);
    let raster = Raster { pixels: wide, icc: Some(icc.clone().into()) };
    let file = encode(&raster, &options(32, 1.0), &Cancel::new()).unwrap();
    let back = with_options(|options| decode(&file, options)).unwrap();
    assert_eq!(back.icc.as_deref(), Some(icc.as_slice()));
}

#[test]
fn the_same_picture_gives_the_same_file() {
    let picture = DynamicImage::ImageRgb8(photo(100, 70));
    assert!(write(&picture, &options(200, 1.0)) == write(&picture, &options(200, 1.0)));
}

#[test]
fn stopped_work_says_so() {
    let cancel = Cancel::new();
    cancel.stop();
    let raster = Raster::srgb(DynamicImage::ImageRgb8(photo(20, 20)));
    assert_eq!(encode(&raster, &options(16, 1.0), &cancel).unwrap_err().code, ErrorCode::Cancelled);
}

#[test]
fn files_are_no_larger_than_they_were_when_this_was_written() {
    let window = DynamicImage::ImageRgb8(screenshot(640, 400));
    let soft = DynamicImage::ImageRgb8(photo(320, 200));
    let round = DynamicImage::ImageRgba8(badge(128));
    let sizes = [window, soft, round].map(|picture| write(&picture, &options(256, 1.0)).len());
    let bounds = [19_900, 19_400, 2_300];
    assert!(sizes.iter().zip(bounds).all(|(size, bound)| *size <= bound), "{sizes:?} {bounds:?}");
}

proptest! {
    #[test]
    fn a_colour_has_one_place(red: u8, green: u8, blue: u8, alpha in 1_u8..) {
        let back = to_color(to_place([red, green, blue, alpha]));
        prop_assert!(distance(to_place(back), to_place([red, green, blue, alpha])) < 1e-4);
        prop_assert_eq!(back[3], alpha);
        if alpha == 255 {
            prop_assert_eq!(back, [red, green, blue, alpha]);
        }
    }

    #[test]
    fn any_picture_can_be_written(
        width in 1_u32..20, height in 1_u32..20, seed: u64, colors in 2_u16..=256, dither in 0.0_f32..=1.0,
    ) {
        let mut noise = crate::codec::drawn::Noise(seed);
        let picture = RgbaImage::from_fn(width, height, |_, _| image::Rgba([(); 4].map(|()| noise.byte())));
        let back = read(&write(&DynamicImage::ImageRgba8(picture), &options(colors, dither)));
        prop_assert_eq!((back.width(), back.height()), (width, height));
    }
}

#[test]
fn what_cannot_be_seen_has_one_place() {
    assert_eq!(to_color(to_place(TRANSPARENT)), TRANSPARENT);
}
