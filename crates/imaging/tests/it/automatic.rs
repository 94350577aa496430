//! The smallest file that looks as asked: chosen, measured, never larger, and left alone next time.

use crate::pictures::{self, corners, encoded, fixture, photo, pixels, prepared, screenshot};
use image::{DynamicImage, ImageFormat, RgbaImage};
use picferry_core::ErrorCode;
use picferry_core::images::KeptWhy;
use picferry_core::images::{
    Aim, FormatRule, Newest, PngRule, Resize, TargetFormat, WebpRule, WhenImpossible,
};
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Cancel, Change, PrepareOptions, Prepared, inspect, prepare};
use proptest::prelude::*;

fn up_to(newest: Newest) -> impl Fn(&mut PrepareOptions) {
    move |options| options.images.newest = newest
}

/// Run again over its own output, a picture stays what it is, to the byte.
fn assert_settled(after: &Prepared, change: &dyn Fn(&mut PrepareOptions), what: &str) {
    let again = prepared(&after.bytes, change);
    let is_same = again.bytes == after.bytes;
    assert!(is_same, "{what}: {:?} then {:?}", after.changed, again.changed);
    assert_eq!(again.info, after.info);
}

#[test]
fn a_photo_reaches_its_target_in_every_choice_of_formats_and_is_left_alone_next_time() {
    let png = encoded(&photo(500, 400), ImageFormat::Png);
    for (newest, format) in [
        (Newest::Avif, &[PictureFormat::Avif, PictureFormat::Webp][..]),
        (Newest::Webp, &[PictureFormat::Webp, PictureFormat::Jpeg]),
        (Newest::JpegPng, &[PictureFormat::Jpeg]),
    ] {
        let after = prepared(&png, up_to(newest));
        assert!(format.contains(&after.info.format), "{newest:?} gave {:?}", after.info.format);
        assert!(after.score.unwrap() >= 80.0, "{newest:?}: {:?}", after.score);
        assert!(after.bytes.len() * 3 < png.len(), "{newest:?}: {} of {}", after.bytes.len(), png.len());
        assert_eq!((after.info.width, after.info.height), (Some(500), Some(400)));
        assert_settled(&after, &up_to(newest), &format!("{newest:?}"));
    }
}

#[test]
fn a_better_look_takes_more_bytes() {
    let png = encoded(&photo(400, 300), ImageFormat::Png);
    let sizes = [70.0, 80.0, 90.0].map(|score| {
        let after = prepared(&png, |options| options.images.aim = Aim::Look(score));
        assert!(after.score.unwrap() >= score);
        after.bytes.len()
    });
    assert!(sizes.is_sorted_by(|a, b| a < b), "{sizes:?}");
}

#[test]
fn a_screenshot_becomes_smaller_than_the_best_png_and_looks_as_asked() {
    let png = encoded(&screenshot(900, 600), ImageFormat::Png);
    for newest in [Newest::JpegPng, Newest::Webp, Newest::Avif] {
        let after = prepared(&png, up_to(newest));
        assert!(after.bytes.len() < png.len(), "{newest:?}: {} of {}", after.bytes.len(), png.len());
        assert!(after.score.is_none_or(|score| score >= 80.0), "{newest:?}: {:?}", after.score);
        assert_settled(&after, &up_to(newest), &format!("{newest:?}"));
    }
}

#[test]
fn few_colours_keep_every_pixel() {
    let after = prepared(&encoded(&corners(), ImageFormat::Bmp), |_| {});
    assert!(matches!(after.info.format, PictureFormat::Webp | PictureFormat::Png));
    assert_eq!(pixels(&after.bytes).to_rgb8(), corners().to_rgb8());
}

#[test]
fn transparency_survives_every_choice_of_formats() {
    let mut picture: RgbaImage = photo(300, 200).to_rgba8();
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        pixel.0[3] = if x < 100 { 0 } else { 255 };
    }
    let png = encoded(&DynamicImage::ImageRgba8(picture), ImageFormat::Png);
    for newest in [Newest::JpegPng, Newest::Webp] {
        let after = prepared(&png, up_to(newest));
        assert_ne!(after.info.format, PictureFormat::Jpeg);
        let seen = pixels(&after.bytes).to_rgba8();
        assert_eq!((seen.get_pixel(20, 90).0[3], seen.get_pixel(200, 90).0[3]), (0, 255), "{newest:?}");
    }
}

#[test]
fn nothing_ever_grows_and_everything_is_settled_after_one_run() {
    for (name, _, bytes) in pictures::all() {
        for newest in [Newest::JpegPng, Newest::Webp, Newest::Avif] {
            let after = prepared(&bytes, up_to(newest));
            assert!(
                after.bytes.len() <= bytes.len(),
                "{name} {newest:?}: {} of {}: {:?}",
                after.bytes.len(),
                bytes.len(),
                after.changed
            );
            assert_settled(&after, &up_to(newest), &name);
        }
    }
}

#[test]
fn a_saving_below_the_least_is_no_saving() {
    let jpeg = encoded(&photo(400, 300), ImageFormat::Jpeg);
    let after = prepared(&jpeg, |options| options.images.least_saving = 0.99);
    assert_eq!(after.changed, [Change::KeptOriginal { why: KeptWhy::NotSmaller }]);
    assert_eq!(after.bytes, jpeg);
}

#[test]
fn a_jpeg_that_is_compressed_enough_is_not_compressed_again() {
    let mut small = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut small, 70)
        .encode_image(&photo(400, 300))
        .unwrap();
    for rule in [FormatRule::Keep, FormatRule::To(TargetFormat::Jpeg)] {
        let after = prepared(&small, |options| options.images.format = rule);
        assert_eq!(after.changed, [Change::KeptOriginal { why: KeptWhy::AlreadySmall }], "{rule:?}");
    }
    let mut large = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut large, 98)
        .encode_image(&photo(400, 300))
        .unwrap();
    let keep = |options: &mut PrepareOptions| options.images.format = FormatRule::Keep;
    let after = prepared(&large, keep);
    assert_eq!(after.info.format, PictureFormat::Jpeg);
    assert!(after.bytes.len() * 10 < large.len() * 7, "{} of {}", after.bytes.len(), large.len());
    assert!(after.score.unwrap() >= 80.0);
    assert_settled(&after, &keep, "a JPEG of ours");
}

#[test]
fn a_format_that_needs_more_memory_than_there_may_be_is_not_written() {
    let png = encoded(&photo(300, 200), ImageFormat::Png);
    let tight = |target| {
        let mut options = PrepareOptions::default();
        options.limits.max_alloc = 1024 * 1024;
        options.images.format = target;
        options.images.aim = Aim::EncoderQuality(80);
        options.images.when_impossible = WhenImpossible::Refuse;
        prepare(png.clone().into(), &options, &Cancel::new())
    };
    let refused = tight(FormatRule::To(TargetFormat::Avif)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooManyPixels);
    assert_eq!(refused.params["limit_mb"], "1");
    for rule in [FormatRule::To(TargetFormat::Jpeg), FormatRule::Automatic] {
        assert_ne!(tight(rule).unwrap().info.format, PictureFormat::Avif, "{rule:?}");
    }
}

#[test]
fn an_explicit_format_is_right_even_where_it_is_larger() {
    let jpeg = encoded(&photo(200, 150), ImageFormat::Jpeg);
    for target in TargetFormat::ALL {
        let to = move |options: &mut PrepareOptions| options.images.format = FormatRule::To(target);
        let after = prepared(&jpeg, to);
        assert_eq!(after.info.format, target.format());
        if target != TargetFormat::Jpeg {
            let change = Change::Converted { from: PictureFormat::Jpeg, to: target.format() };
            assert!(after.changed.contains(&change), "{target:?}");
            assert_settled(&after, &to, &format!("{target:?}"));
        }
    }
}

#[test]
fn png_stays_lossless_unless_a_palette_is_allowed() {
    let png = encoded(&screenshot(600, 400), ImageFormat::Png);
    let lossless = prepared(&png, |options| options.images.format = FormatRule::Keep);
    assert_eq!(lossless.info.format, PictureFormat::Png);
    assert_eq!(pixels(&lossless.bytes).to_rgb8(), screenshot(600, 400).to_rgb8());
    let palette = |options: &mut PrepareOptions| {
        options.images.format = FormatRule::Keep;
        options.images.png = PngRule::Palette;
    };
    let after = prepared(&png, palette);
    assert!(after.bytes.len() <= lossless.bytes.len());
    assert_settled(&after, &palette, "a palette");
}

#[test]
fn sixteen_bits_of_a_png_survive_packing() {
    let deep = DynamicImage::ImageRgb16(image::ImageBuffer::from_fn(64, 64, |x, y| {
        image::Rgb([(x * 997 + y) as u16, (y * 1009 + x * 3) as u16, (x * y * 13) as u16])
    }));
    let after = prepared(&encoded(&deep, ImageFormat::Png), |options| {
        options.images.format = FormatRule::Keep;
    });
    assert_eq!(pixels(&after.bytes), deep);
}

#[test]
fn webp_is_written_as_the_person_says() {
    let png = encoded(&screenshot(400, 300), ImageFormat::Png);
    let kind = |rule| {
        let after = prepared(&png, |options| {
            options.images.format = FormatRule::To(TargetFormat::Webp);
            options.images.webp = rule;
        });
        let has = |kind: &[u8]| after.bytes.windows(4).any(|window| window == kind);
        (has(b"VP8L"), pixels(&after.bytes).to_rgb8() == screenshot(400, 300).to_rgb8())
    };
    assert_eq!(kind(WebpRule::Lossless), (true, true));
    assert!(kind(WebpRule::NearLossless).0);
    assert_eq!(kind(WebpRule::Lossy), (false, false));
}

#[test]
fn the_encoders_own_number_is_taken_as_it_is() {
    let png = encoded(&photo(300, 200), ImageFormat::Png);
    let at = |quality| {
        let after = prepared(&png, |options| {
            options.images.aim = Aim::EncoderQuality(quality);
            options.images.format = FormatRule::To(TargetFormat::Jpeg);
        });
        assert_eq!(after.score, None);
        after.bytes.len()
    };
    assert!(at(30) < at(60) && at(60) < at(95));
}

#[test]
fn a_size_is_kept_or_missed_and_told() {
    let png = encoded(&photo(500, 400), ImageFormat::Png);
    for newest in [Newest::JpegPng, Newest::Webp, Newest::Avif] {
        let within = |limit: u64| {
            prepared(&png, |options| {
                options.images.aim = Aim::Bytes(limit);
                options.images.newest = newest;
            })
        };
        let after = within(12_000);
        assert!(after.bytes.len() <= 12_000, "{newest:?}: {}", after.bytes.len());
        assert!(after.bytes.len() > 6_000, "{newest:?} wastes: {}", after.bytes.len());
        assert!(!after.changed.contains(&Change::AimMissed) && after.score.is_some());
        let missed = within(50);
        assert!(missed.changed.contains(&Change::AimMissed), "{newest:?}: {:?}", missed.changed);
        let enough = within(png.len() as u64);
        assert_eq!(enough.changed, [Change::KeptOriginal { why: KeptWhy::AlreadySmall }]);
    }
}

#[test]
fn no_time_to_search_still_gives_a_measured_answer() {
    let png = encoded(&photo(700, 500), ImageFormat::Png);
    let after = prepared(&png, |options| options.images.time_budget_ms = 0);
    assert!(after.score.unwrap() >= 80.0 && after.bytes.len() < png.len());
}

#[test]
fn a_large_picture_is_measured_on_parts_of_it() {
    let png = encoded(&photo(2400, 1600), ImageFormat::Bmp);
    let after = prepared(&png, up_to(Newest::Webp));
    assert!(after.score.unwrap() >= 80.0);
    assert_eq!(after.info.width, Some(2400));
}

#[test]
fn formats_that_are_only_read_become_ones_that_are_written() {
    for name in ["plain.bmp", "full.tiff", "plain.ico"] {
        let after = prepared(fixture(name), |_| {});
        assert!(TargetFormat::of(after.info.format).is_some(), "{name}: {:?}", after.changed);
        let kept = prepared(fixture(name), |options| options.images.format = FormatRule::Keep);
        let why = KeptWhy::FormatNotWritten;
        assert_eq!(kept.changed[0], Change::KeptOriginal { why }, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn sizes_are_as_computed_whatever_the_picture(
        width in 1_u32..200, height in 1_u32..200, edge in 1_u32..200, which in 0..3_usize, source in 0..3_usize,
    ) {
        let picture = match source {
            0 => photo(width, height),
            1 => screenshot(width, height),
            _ => DynamicImage::ImageLuma8(photo(width, height).to_luma8()),
        };
        let resize = Resize { long_edge: Some(edge), ..Resize::default() };
        let target = [TargetFormat::Jpeg, TargetFormat::Png, TargetFormat::Webp][which];
        let after = prepared(&encoded(&picture, ImageFormat::Png), |options| {
            options.images.format = FormatRule::To(target);
            options.images.resize = resize;
        });
        let expected = resize.apply(width, height);
        let seen = pixels(&after.bytes);
        prop_assert_eq!((seen.width(), seen.height()), expected);
        prop_assert_eq!(inspect(&after.bytes).unwrap(), after.info);
        prop_assert_eq!(after.info.format, target.format());
    }
}
