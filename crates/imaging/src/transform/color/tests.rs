//! Colours keep their look, measured against the formulas of the standards rather than another library.

use super::*;
use bytes::Bytes;
use image::{GrayAlphaImage, GrayImage, Rgb, Rgb32FImage, RgbImage, RgbaImage};

/// Linear light of sRGB and of Display P3 to XYZ, both with a white of D65.
const SRGB_TO_XYZ: [[f64; 3]; 3] = [
    [0.412_390_8, 0.357_584_3, 0.180_480_8],
    [0.212_639, 0.715_168_7, 0.072_192_3],
    [0.019_330_8, 0.119_194_8, 0.950_532_2],
];
const P3_TO_XYZ: [[f64; 3]; 3] = [
    [0.486_570_9, 0.265_667_7, 0.198_217_3],
    [0.228_974_6, 0.691_738_5, 0.079_286_9],
    [0.0, 0.045_113_4, 1.043_944_4],
];

fn light(value: f64) -> f64 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// CIE L*a*b* of a colour, its values from 0 to 1.
fn lab(value: [f64; 3], to_xyz: &[[f64; 3]; 3]) -> [f64; 3] {
    let light = value.map(light);
    let xyz = to_xyz.map(|row| row.iter().zip(light).map(|(factor, light)| factor * light).sum::<f64>());
    let cube = |value: f64| {
        if value > 0.008_856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 }
    };
    let [x, y, z] = [xyz[0] / 0.950_456, xyz[1], xyz[2] / 1.089_058].map(cube);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIE 1976: about 1 is the least that can be seen side by side.
fn difference(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

fn icc(profile: &ColorProfile) -> Option<Bytes> {
    Some(profile.encode().unwrap().into())
}

/// Display P3 colours that sRGB can show as well: nothing near full saturation.
fn muted() -> Vec<[u8; 3]> {
    let steps = [60u8, 90, 120, 150, 180, 200];
    let mut colors: Vec<_> = steps
        .iter()
        .flat_map(|red| steps.iter().flat_map(move |green| steps.map(|blue| [*red, *green, blue])))
        .collect();
    colors.retain(|[red, green, blue]| {
        let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
        most - least <= 60
    });
    colors.extend([[0, 0, 0], [255, 255, 255], [7, 7, 7]]);
    colors
}

#[test]
fn a_wide_gamut_picture_keeps_its_look_in_eight_bits() {
    let colors = muted();
    let width = u32::try_from(colors.len()).unwrap();
    let pixels = RgbImage::from_raw(width, 1, colors.concat()).unwrap();
    let raster = Raster { pixels: pixels.clone().into(), icc: icc(&ColorProfile::new_display_p3()) };
    let converted = to_srgb(raster).unwrap();
    assert_eq!(converted.icc, None);
    let converted = converted.pixels.as_rgb8().unwrap().clone();
    let value = |pixel: &Rgb<u8>| pixel.0.map(|channel| f64::from(channel) / 255.0);
    let (mut worst, mut sum) = (0f64, 0f64);
    for (before, after) in pixels.pixels().zip(converted.pixels()) {
        let delta = difference(lab(value(before), &P3_TO_XYZ), lab(value(after), &SRGB_TO_XYZ));
        worst = worst.max(delta);
        sum += delta;
    }
    assert!(worst < 1.0, "worst ΔE {worst}");
    assert!(sum / f64::from(width) < 0.4, "mean ΔE {}", sum / f64::from(width));
    // Without the conversion the same numbers are other colours.
    let unconverted = pixels
        .pixels()
        .map(|pixel| difference(lab(value(pixel), &P3_TO_XYZ), lab(value(pixel), &SRGB_TO_XYZ)));
    assert!(unconverted.fold(0f64, f64::max) > 5.0);
}

#[test]
fn sixteen_bits_are_converted_as_sixteen_bits() {
    let colors = muted();
    let width = u32::try_from(colors.len()).unwrap();
    let samples: Vec<u16> =
        colors.concat().iter().map(|value| (u16::from(*value) * 257).saturating_add(3)).collect();
    let pixels = image::ImageBuffer::<Rgb<u16>, _>::from_raw(width, 1, samples).unwrap();
    let raster = Raster { pixels: pixels.clone().into(), icc: icc(&ColorProfile::new_display_p3()) };
    let converted = to_srgb(raster).unwrap().pixels;
    let value = |pixel: &Rgb<u16>| pixel.0.map(|channel| f64::from(channel) / 65_535.0);
    for (before, after) in pixels.pixels().zip(converted.as_rgb16().unwrap().pixels()) {
        let delta = difference(lab(value(before), &P3_TO_XYZ), lab(value(after), &SRGB_TO_XYZ));
        assert!(delta < 0.2, "ΔE {delta} of {before:?}");
    }
}

#[test]
fn alpha_is_not_a_colour() {
    let pixels = RgbaImage::from_fn(256, 2, |x, _| [200, 90, 60, u8::try_from(x).unwrap()].into());
    let raster = Raster { pixels: pixels.into(), icc: icc(&ColorProfile::new_display_p3()) };
    let converted = to_srgb(raster).unwrap().pixels.to_rgba8();
    let [red, green, blue, _] = converted.get_pixel(0, 0).0;
    assert!(red > 205 && green < 90 && blue < 60, "{red} {green} {blue}");
    for (x, _, pixel) in converted.enumerate_pixels() {
        assert_eq!(pixel.0, [red, green, blue, u8::try_from(x).unwrap()]);
    }
}

#[test]
fn gray_stays_gray_and_keeps_its_brightness() {
    let ramp = GrayImage::from_fn(256, 1, |x, _| [u8::try_from(x).unwrap()].into());
    let expected = |value: u8| from_linear((f32::from(value) / 255.0).powf(1.8)) * 255.0;
    let profile = icc(&ColorProfile::new_gray_with_gamma(1.8));
    let converted = to_srgb(Raster { pixels: ramp.clone().into(), icc: profile.clone() }).unwrap().pixels;
    for (before, after) in ramp.pixels().zip(converted.as_luma8().unwrap().pixels()) {
        assert!((f32::from(after.0[0]) - expected(before.0[0])).abs() <= 1.5, "{before:?} became {after:?}");
    }
    let with_alpha = GrayAlphaImage::from_fn(256, 1, |x, _| [u8::try_from(x).unwrap(), 9].into());
    let converted = to_srgb(Raster { pixels: with_alpha.into(), icc: profile }).unwrap().pixels;
    for (before, after) in ramp.pixels().zip(converted.as_luma_alpha8().unwrap().pixels()) {
        assert!((f32::from(after.0[0]) - expected(before.0[0])).abs() <= 1.5);
        assert_eq!(after.0[1], 9);
    }
}

#[test]
fn gray_pixels_in_a_colour_profile_are_converted_as_colours() {
    let ramp = GrayImage::from_fn(256, 1, |x, _| [u8::try_from(x).unwrap()].into());
    let raster = Raster { pixels: ramp.into(), icc: icc(&ColorProfile::new_adobe_rgb()) };
    let converted = to_srgb(raster).unwrap().pixels;
    for (x, _, pixel) in converted.as_rgb8().unwrap().enumerate_pixels() {
        let expected = from_linear((x as f32 / 255.0).powf(2.199_218_8)) * 255.0;
        for channel in pixel.0 {
            assert!((f32::from(channel) - expected).abs() <= 1.5, "{x} became {pixel:?}");
        }
    }
}

#[test]
fn floating_point_pixels_become_sixteen_bits() {
    let pixels = Rgb32FImage::from_pixel(3, 3, Rgb([0.5, 0.25, 1.0]));
    let raster = Raster { pixels: pixels.into(), icc: icc(&ColorProfile::new_display_p3()) };
    assert!(to_srgb(raster).unwrap().pixels.as_rgb16().is_some());
}

#[test]
fn profiles_of_srgb_are_known_by_what_they_say() {
    let srgb = ColorProfile::new_srgb();
    assert!(is_srgb(&srgb.encode().unwrap()));
    // The usual one has its curve as a table of 1024 numbers, and slightly other primaries.
    let mut table = ColorProfile::new_srgb();
    let curve: Vec<u16> =
        (0..1024u16).map(|step| (linear(f32::from(step) / 1023.0) * 65_535.0).round() as u16).collect();
    let curve = Some(ToneReprCurve::Lut(curve));
    (table.red_trc, table.green_trc, table.blue_trc) = (curve.clone(), curve.clone(), curve);
    table.red_colorant.x += 0.0004;
    table.cicp = None;
    table.description = None;
    assert!(is_srgb(&table.encode().unwrap()));
    let mut gamma = ColorProfile::new_srgb();
    let curve = Some(moxcms::curve_from_gamma(2.2));
    (gamma.red_trc, gamma.green_trc, gamma.blue_trc) = (curve.clone(), curve.clone(), curve);
    for other in [
        gamma,
        ColorProfile::new_display_p3(),
        ColorProfile::new_adobe_rgb(),
        ColorProfile::new_bt2020(),
        ColorProfile::new_gray_with_gamma(2.2),
    ] {
        assert!(!is_srgb(&other.encode().unwrap()), "{:?}", other.description);
    }
    assert!(!is_srgb(b"") && !is_srgb(b"no profile"));
}

#[test]
fn a_profile_that_says_srgb_or_nothing_leaves_every_pixel() {
    let pixels =
        DynamicImage::from(RgbImage::from_fn(16, 16, |x, y| [x as u8 * 16, y as u8 * 16, 77].into()));
    let cmyk = {
        let mut profile = ColorProfile::new_srgb();
        profile.color_space = DataColorSpace::Cmyk;
        profile
    };
    for icc in [
        None,
        icc(&ColorProfile::new_srgb()),
        Some(Bytes::from_static(b"broken")),
        icc(&cmyk),
        icc(&ColorProfile::new_gray_with_gamma(1.0)),
    ] {
        let converted = to_srgb(Raster { pixels: pixels.clone(), icc }).unwrap();
        assert_eq!((converted.icc, converted.pixels), (None, pixels.clone()));
    }
}

#[test]
fn profiles_have_names() {
    let name = |profile: ColorProfile| name_of_profile(&profile.encode().unwrap());
    assert_eq!(name(ColorProfile::new_display_p3()).as_deref(), Some("Display P3"));
    assert_eq!(name(ColorProfile::new_adobe_rgb()).as_deref(), Some("Adobe RGB 1998"));
    let mut nameless = ColorProfile::new_srgb();
    nameless.description = None;
    assert_eq!(name(nameless), None);
    assert_eq!(name_of_profile(b"no profile"), None);
}

#[test]
fn a_profile_that_leads_nowhere_counts_as_srgb() {
    let mut icc = ColorProfile::new_display_p3().encode().unwrap();
    // Colours through which no profile connects to another.
    icc[20..24].copy_from_slice(b"RGB ");
    let pixels = DynamicImage::new_rgb8(3, 2);
    let raster = Raster { pixels: pixels.clone(), icc: Some(icc.into()) };
    let converted = to_srgb(raster).unwrap();
    assert!(converted.pixels == pixels && converted.icc.is_none());
}
