//! Pictures in wide colours keep their look, with their profile or without it: measured in CIE L*a*b* by
//! the formulas of the standards, not by the library that converts.

use crate::pictures::{pixels, prepared};
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, RgbImage};
use moxcms::ColorProfile;
use picferry_core::images::{Aim, ColorProfileRule, FormatRule, TargetFormat};
use picferry_imaging::{Change, Prepared};
use std::io::Cursor;

type Matrix = [[f64; 3]; 3];

/// Linear light to XYZ, all with a white of D65.
const SRGB: Matrix = [
    [0.412_390_8, 0.357_584_3, 0.180_480_8],
    [0.212_639, 0.715_168_7, 0.072_192_3],
    [0.019_330_8, 0.119_194_8, 0.950_532_2],
];
const DISPLAY_P3: Matrix = [
    [0.486_570_9, 0.265_667_7, 0.198_217_3],
    [0.228_974_6, 0.691_738_5, 0.079_286_9],
    [0.0, 0.045_113_4, 1.043_944_4],
];
const ADOBE_RGB: Matrix = [
    [0.576_730_9, 0.185_554, 0.188_185_2],
    [0.297_376_9, 0.627_349_1, 0.075_274_1],
    [0.027_034_3, 0.070_687_2, 0.991_108_5],
];

fn light_of_srgb(value: f64) -> f64 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn light_of_adobe(value: f64) -> f64 {
    value.powf(563.0 / 256.0)
}

/// What the numbers of a picture mean.
struct Space {
    name: &'static str,
    icc: Vec<u8>,
    light: fn(f64) -> f64,
    to_xyz: &'static Matrix,
}

fn wide_spaces() -> [Space; 2] {
    let icc = |profile: ColorProfile| profile.encode().unwrap();
    [
        Space {
            name: "Display P3",
            icc: icc(ColorProfile::new_display_p3()),
            light: light_of_srgb,
            to_xyz: &DISPLAY_P3,
        },
        Space {
            name: "Adobe RGB",
            icc: icc(ColorProfile::new_adobe_rgb()),
            light: light_of_adobe,
            to_xyz: &ADOBE_RGB,
        },
    ]
}

/// CIE L*a*b* of a colour with channels from 0 to 255.
fn lab(color: [f64; 3], light: fn(f64) -> f64, to_xyz: &Matrix) -> [f64; 3] {
    let light = color.map(|channel| light(channel / 255.0));
    let xyz = to_xyz.map(|row| row.iter().zip(light).map(|(factor, light)| factor * light).sum::<f64>());
    let root = |value: f64| if value > 0.008_856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 };
    let [x, y, z] = [xyz[0] / 0.950_456, xyz[1], xyz[2] / 1.089_058].map(root);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// ΔE of 1976: about 1 is the least that can be seen side by side.
fn difference(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

/// The side of a patch: large enough that its middle knows nothing of its neighbours in any format.
const PATCH: u32 = 48;

/// A picture of patches, eight in a row.
fn chart(colors: &[[u8; 3]]) -> RgbImage {
    let rows = u32::try_from(colors.len()).unwrap().div_ceil(8);
    RgbImage::from_fn(8 * PATCH, rows * PATCH, |x, y| {
        let index = (y / PATCH * 8 + x / PATCH) as usize;
        colors.get(index).copied().unwrap_or([128; 3]).into()
    })
}

/// The means of the middles of the patches.
fn read_chart(picture: &DynamicImage, count: usize) -> Vec<[f64; 3]> {
    let picture = picture.to_rgb8();
    let middle = |index: u32| {
        let (left, top) = (index % 8 * PATCH + 20, index / 8 * PATCH + 20);
        let mut sum = [0.0; 3];
        for (x, y) in (0..64).map(|place| (left + place % 8, top + place / 8)) {
            for (sum, channel) in sum.iter_mut().zip(picture.get_pixel(x, y).0) {
                *sum += f64::from(channel) / 64.0;
            }
        }
        sum
    };
    (0..u32::try_from(count).unwrap()).map(middle).collect()
}

/// From gray to as saturated as there is.
fn strong() -> Vec<[u8; 3]> {
    let steps = [0, 96, 176, 255];
    steps
        .iter()
        .flat_map(|red| steps.iter().flat_map(move |green| steps.map(|blue| [*red, *green, blue])))
        .collect()
}

/// What sRGB can show as well.
fn muted() -> Vec<[u8; 3]> {
    let steps = [70_u8, 110, 150, 190];
    let all = steps
        .iter()
        .flat_map(|red| steps.iter().flat_map(move |green| steps.map(|blue| [*red, *green, blue])));
    all.filter(|color| {
        color.iter().max().zip(color.iter().min()).is_some_and(|(most, least)| most - least <= 40)
    })
    .collect()
}

fn png(picture: &RgbImage, icc: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(icc.to_vec()).unwrap();
    let (width, height) = picture.dimensions();
    encoder.write_image(picture, width, height, image::ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn written(source: &[u8], target: TargetFormat, rule: ColorProfileRule) -> Prepared {
    prepared(source, |options| {
        options.images.format = FormatRule::To(target);
        options.images.aim = Aim::EncoderQuality(95);
        options.images.color_profile = rule;
    })
}

/// The pixels of a file as they are stored, and its profile. AVIF is first made PNG, which loses nothing.
fn stored(after: &Prepared) -> (DynamicImage, Option<Vec<u8>>) {
    let bytes = match TargetFormat::of(after.info.format) {
        Some(TargetFormat::Avif) => written(&after.bytes, TargetFormat::Png, ColorProfileRule::Keep).bytes,
        _ => after.bytes.clone(),
    };
    let source = Cursor::new(&bytes[..]);
    let profile = match TargetFormat::of(after.info.format) {
        Some(TargetFormat::Jpeg) => JpegDecoder::new(source).unwrap().icc_profile(),
        Some(TargetFormat::Webp) => WebPDecoder::new(source).unwrap().icc_profile(),
        _ => PngDecoder::new(source).unwrap().icc_profile(),
    };
    (pixels(&bytes), profile.unwrap())
}

/// The largest and the mean difference.
fn differences(pairs: impl Iterator<Item = ([f64; 3], [f64; 3])>) -> (f64, f64) {
    let all: Vec<f64> = pairs.map(|(one, other)| difference(one, other)).collect();
    (all.iter().copied().fold(0.0, f64::max), all.iter().sum::<f64>() / all.len() as f64)
}

fn exact(colors: &[[u8; 3]]) -> impl Iterator<Item = [f64; 3]> {
    colors.iter().map(|color| color.map(f64::from))
}

#[test]
fn a_picture_in_wide_colours_keeps_its_profile_and_its_look_in_every_format() {
    let colors = strong();
    for space in wide_spaces() {
        let source = png(&chart(&colors), &space.icc);
        for target in TargetFormat::ALL {
            let after = written(&source, target, ColorProfileRule::Keep);
            let (picture, profile) = stored(&after);
            assert_eq!(profile.as_deref(), Some(&space.icc[..]), "{} as {target:?}", space.name);
            let seen = |color| lab(color, space.light, space.to_xyz);
            let pairs = exact(&colors).zip(read_chart(&picture, colors.len()));
            let (worst, mean) = differences(pairs.map(|(before, after)| (seen(before), seen(after))));
            let most = if target == TargetFormat::Png { 0.0 } else { 2.5 };
            assert!(
                worst <= most && mean <= most / 3.0,
                "{} as {target:?}: worst ΔE {worst}, mean {mean}",
                space.name
            );
        }
    }
}

#[test]
fn a_picture_in_wide_colours_looks_the_same_as_srgb_in_every_format() {
    let colors = muted();
    for space in wide_spaces() {
        let source = png(&chart(&colors), &space.icc);
        for target in TargetFormat::ALL {
            let after = written(&source, target, ColorProfileRule::Srgb);
            assert!(after.changed.contains(&Change::ConvertedToSrgb), "{target:?}");
            let (picture, profile) = stored(&after);
            assert_eq!(profile, None, "{} as {target:?}", space.name);
            let pairs = exact(&colors).zip(read_chart(&picture, colors.len()));
            let seen = pairs.map(|(before, after)| {
                (lab(before, space.light, space.to_xyz), lab(after, light_of_srgb, &SRGB))
            });
            let (worst, mean) = differences(seen);
            let most = if target == TargetFormat::Png { 1.0 } else { 2.5 };
            assert!(
                worst <= most && mean <= most / 2.0,
                "{} as {target:?}: worst ΔE {worst}, mean {mean}",
                space.name
            );
        }
        // Not by chance: the same numbers without their profile are other colours.
        let unconverted = exact(&colors)
            .map(|color| (lab(color, space.light, space.to_xyz), lab(color, light_of_srgb, &SRGB)));
        assert!(differences(unconverted).0 > 2.0, "{}", space.name);
    }
}

#[test]
fn automatic_keeps_the_look_of_wide_colours_too() {
    let colors = strong();
    for space in wide_spaces() {
        let after = prepared(&png(&chart(&colors), &space.icc), |_| {});
        let (picture, profile) = stored(&after);
        assert_eq!(profile.as_deref(), Some(&space.icc[..]), "{}: {:?}", space.name, after.changed);
        let seen = |color| lab(color, space.light, space.to_xyz);
        let pairs = exact(&colors).zip(read_chart(&picture, colors.len()));
        let (worst, _) = differences(pairs.map(|(before, after)| (seen(before), seen(after))));
        assert!(worst < 4.0, "{}: worst ΔE {worst}", space.name);
    }
}
