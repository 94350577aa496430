//! What each step does to a picture: golden sizes and colours of pixels.

use crate::pictures::{corners, encoded, exif_block, fixture, photo, pixels, prepared, turned_jpeg};
use image::{DynamicImage, ImageFormat, Rgb, Rgba, RgbaImage};
use picferry_core::ErrorCode;
use picferry_core::images::KeptWhy;
use picferry_core::images::{
    Crop, Flip, FormatRule, Resize, TargetFormat, Turn, Watermark, WatermarkContent, WatermarkPosition,
    WhenImpossible,
};
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Cancel, Change, PrepareOptions, SkipReason, prepare};

fn to(target: TargetFormat) -> impl Fn(&mut PrepareOptions) {
    move |options| options.images.format = FormatRule::To(target)
}

fn is_near(a: Rgb<u8>, b: [u8; 3]) -> bool {
    a.0.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 40)
}

const RED: [u8; 3] = [230, 20, 20];
const GREEN: [u8; 3] = [20, 200, 20];
const BLUE: [u8; 3] = [20, 20, 230];
const WHITE: [u8; 3] = [250, 250, 250];

/// What is in the corners, as one reads.
fn corner_colors(picture: &DynamicImage) -> [Rgb<u8>; 4] {
    let rgb = picture.to_rgb8();
    let (right, bottom) = (rgb.width() - 3, rgb.height() - 3);
    [(2, 2), (right, 2), (2, bottom), (right, bottom)].map(|(x, y)| *rgb.get_pixel(x, y))
}

fn assert_corners(picture: &DynamicImage, expected: [[u8; 3]; 4], what: &str) {
    let seen = corner_colors(picture);
    for (seen, expected) in seen.iter().zip(expected) {
        assert!(is_near(*seen, expected), "{what}: {seen:?} is not {expected:?}");
    }
}

#[test]
fn every_orientation_is_upright_once_it_is_written_anew() {
    for orientation in 1..=8 {
        let after = prepared(&turned_jpeg(orientation), to(TargetFormat::Png));
        let size = if orientation >= 5 { (32, 48) } else { (48, 32) };
        assert_eq!((after.info.width, after.info.height), (Some(size.0), Some(size.1)));
        assert_eq!(after.changed.contains(&Change::Oriented), orientation != 1);
        let expected = match orientation {
            1 => [RED, GREEN, BLUE, WHITE],
            2 => [GREEN, RED, WHITE, BLUE],
            3 => [WHITE, BLUE, GREEN, RED],
            4 => [BLUE, WHITE, RED, GREEN],
            5 => [RED, BLUE, GREEN, WHITE],
            6 => [BLUE, RED, WHITE, GREEN],
            7 => [WHITE, GREEN, BLUE, RED],
            _ => [GREEN, WHITE, RED, BLUE],
        };
        assert_corners(&pixels(&after.bytes), expected, &format!("orientation {orientation}"));
    }
}

#[test]
fn steps_follow_one_another_in_their_order() {
    // Stored turned by 90°: upright it is 32 × 48, blue red / white green.
    let after = prepared(&turned_jpeg(6), |options| {
        options.images.format = FormatRule::To(TargetFormat::Png);
        options.images.crop = Some(Crop { x: 0, y: 0, width: 32, height: 24 });
        options.images.turn = Turn::By90;
        options.images.flip = Flip::Vertical;
        options.images.resize = Resize { long_edge: Some(16), ..Resize::default() };
    });
    // The upper half, turned to the right: blue over red; flipped: red over blue.
    assert_eq!((after.info.width, after.info.height), (Some(12), Some(16)));
    assert_corners(&pixels(&after.bytes), [RED, RED, BLUE, BLUE], "all steps");
    assert_eq!(
        after.changed[..4],
        [Change::Oriented, Change::Cropped, Change::Turned, Change::Resized { from: (24, 32), to: (12, 16) }]
    );
    assert_eq!(after.changed[4], Change::Converted { from: PictureFormat::Jpeg, to: PictureFormat::Png });
}

#[test]
fn resizing_has_golden_sizes_and_never_enlarges() {
    let source = encoded(&photo(640, 480), ImageFormat::Jpeg);
    let sized = |resize: Resize| {
        let after = prepared(&source, |options| options.images.resize = resize);
        (after.info.width.unwrap(), after.info.height.unwrap())
    };
    let none = Resize::default();
    assert_eq!(sized(Resize { long_edge: Some(320), ..none }), (320, 240));
    assert_eq!(sized(Resize { max_width: Some(100), ..none }), (100, 75));
    assert_eq!(sized(Resize { max_height: Some(100), ..none }), (133, 100));
    assert_eq!(sized(Resize { percent: Some(50.0), ..none }), (320, 240));
    assert_eq!(sized(Resize { long_edge: Some(5000), ..none }), (640, 480));
    assert_eq!(sized(Resize { percent: Some(0.01), ..none }), (1, 1));
}

#[test]
fn a_resized_picture_looks_like_the_picture_made_small_by_others() {
    let picture = photo(1200, 900);
    let source = encoded(&picture, ImageFormat::Png);
    let after = prepared(&source, |options| {
        options.images.format = FormatRule::To(TargetFormat::Png);
        options.images.resize = Resize { long_edge: Some(300), ..Resize::default() };
    });
    let ours = pixels(&after.bytes).to_rgb8();
    let theirs = picture.resize_exact(300, 225, image::imageops::FilterType::Lanczos3).to_rgb8();
    let difference: u64 =
        ours.as_raw().iter().zip(theirs.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    // Theirs is not in linear light: the same within a few steps.
    assert!(difference < 4 * ours.as_raw().len() as u64, "{difference}");
}

#[test]
fn a_part_outside_the_picture_is_the_persons_to_correct() {
    let mut options = PrepareOptions::default();
    options.images.crop = Some(Crop { x: 40, y: 0, width: 100, height: 10 });
    let source = encoded(&corners(), ImageFormat::Png);
    let error = prepare(source.into(), &options, &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidField);
}

#[test]
fn a_picture_laid_over_is_seen_where_it_should_be() {
    let mark = RgbaImage::from_pixel(8, 8, Rgba([255, 0, 255, 255]));
    let after = prepared(&encoded(&corners(), ImageFormat::Png), |options| {
        options.images.format = FormatRule::To(TargetFormat::Png);
        options.images.watermark = Some(Watermark {
            content: WatermarkContent::Picture("/logo.png".into()),
            position: WatermarkPosition::BottomRight,
            opacity: 1.0,
            scale: 0.25,
            tiled: false,
        });
        options.watermark_picture = Some(encoded(&mark.clone().into(), ImageFormat::Png).into());
    });
    assert!(after.changed.contains(&Change::Watermarked));
    let seen = pixels(&after.bytes).to_rgb8();
    let pink = seen.enumerate_pixels().filter(|(_, _, pixel)| is_near(**pixel, [255, 0, 255]));
    let places: Vec<(u32, u32)> = pink.map(|(x, y, _)| (x, y)).collect();
    assert!((100..=160).contains(&places.len()), "{}", places.len());
    assert!(places.iter().all(|(x, y)| *x >= 24 && *y >= 12));
}

#[test]
fn a_picture_never_goes_out_without_its_watermark() {
    let mut options = PrepareOptions::default();
    options.images.watermark = Some(Watermark {
        content: WatermarkContent::Picture("/gone.png".into()),
        position: WatermarkPosition::Center,
        opacity: 0.5,
        scale: 0.2,
        tiled: false,
    });
    for broken in [None, Some(b"no picture".to_vec().into())] {
        options.watermark_picture = broken;
        let source = encoded(&corners(), ImageFormat::Png);
        let error = prepare(source.into(), &options, &Cancel::new()).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("watermark")));
    }
}

#[test]
fn a_watermark_is_laid_over_whatever_comes_also_over_itself() {
    let mark = RgbaImage::from_pixel(8, 8, Rgba([255, 0, 255, 255]));
    let marked = |bytes: &[u8]| {
        prepared(bytes, |options| {
            options.images.format = FormatRule::To(TargetFormat::Png);
            options.images.watermark = Some(Watermark {
                content: WatermarkContent::Picture("/logo.png".into()),
                position: WatermarkPosition::TopLeft,
                opacity: 0.5,
                scale: 0.25,
                tiled: false,
            });
            options.watermark_picture = Some(encoded(&mark.clone().into(), ImageFormat::Png).into());
        })
    };
    let once = marked(&encoded(&corners(), ImageFormat::Png));
    let twice = marked(&once.bytes);
    assert!(twice.changed.contains(&Change::Watermarked), "no note in the file says that it has one");
    let [before, after] = [&once, &twice].map(|file| pixels(&file.bytes).to_rgb8());
    let changed = before.enumerate_pixels().filter(|(x, y, pixel)| after.get_pixel(*x, *y) != *pixel);
    let places: Vec<(u32, u32)> = changed.map(|(x, y, _)| (x, y)).collect();
    assert!(
        !places.is_empty() && places.iter().all(|(x, y)| *x < 16 && *y < 16),
        "in the same place: {places:?}"
    );
}

#[test]
fn transparency_lies_on_white_only_where_the_format_has_none() {
    let half = RgbaImage::from_fn(64, 64, |x, _| Rgba([200, 30, 30, if x < 32 { 255 } else { 0 }]));
    let source = encoded(&half.into(), ImageFormat::Png);
    let jpeg = prepared(&source, to(TargetFormat::Jpeg));
    assert!(is_near(*pixels(&jpeg.bytes).to_rgb8().get_pixel(60, 30), [255, 255, 255]));
    for target in [TargetFormat::Webp, TargetFormat::Png] {
        let after = prepared(&source, to(target));
        assert_eq!(pixels(&after.bytes).to_rgba8().get_pixel(60, 30).0[3], 0, "{target:?}");
        assert_eq!(pixels(&after.bytes).to_rgba8().get_pixel(4, 30).0[3], 255, "{target:?}");
    }
}

#[test]
fn what_the_person_wants_left_alone_is_left_alone() {
    let source = encoded(&photo(300, 200), ImageFormat::Png);
    let why = |change: &dyn Fn(&mut PrepareOptions)| {
        let after = prepared(&source, change);
        assert_eq!(after.bytes, source);
        after.changed
    };
    let skipped = |why| vec![Change::Skipped { why }];
    assert_eq!(
        why(&|options| options.images.skip.formats = vec![PictureFormat::Png]),
        skipped(SkipReason::Format)
    );
    assert_eq!(why(&|options| options.images.skip.below_bytes = 10_000_000), skipped(SkipReason::Small));
    assert_eq!(
        why(&|options| {
            options.images.skip.extensions = vec!["raw".into()];
            options.name = "Harbour.RAW".into();
        }),
        skipped(SkipReason::Extension)
    );
}

#[test]
fn a_picture_that_cannot_be_processed_is_sent_or_refused_as_the_person_says() {
    let jxl = fixture("plain.jxl");
    let after = prepared(jxl, |_| {});
    assert_eq!(after.changed, [Change::NotProcessed(ErrorCode::Unsupported)]);
    assert_eq!(&after.bytes[..], jxl);
    let mut options = PrepareOptions::default();
    options.images.when_impossible = WhenImpossible::Refuse;
    let error = prepare(bytes::Bytes::from_static(jxl), &options, &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert!(error.hint.is_some());
}

#[test]
fn damage_inside_the_pixels_of_a_whole_file_is_treated_the_same() {
    // The compressed data is overwritten, and the checksum of its chunk is right again.
    let good = encoded(&photo(200, 200), ImageFormat::Png);
    let data_length = u32::from_be_bytes(good[33..37].try_into().unwrap()) as usize;
    let mut data = good[41..41 + data_length].to_vec();
    let middle = data.len() / 2;
    data[middle..middle + 40].fill(0xff);
    let bad = [&good[..33], &crate::pictures::chunk(b"IDAT", &data), &good[45 + data_length..]].concat();
    let after = prepared(&bad, |_| {});
    assert_eq!(after.changed, [Change::NotProcessed(ErrorCode::DamagedPicture)]);
    let mut options = PrepareOptions::default();
    options.images.when_impossible = WhenImpossible::Refuse;
    let error = prepare(bad.into(), &options, &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::DamagedPicture);
}

#[test]
fn a_stopped_picture_stops() {
    let cancel = Cancel::new();
    cancel.stop();
    let source = encoded(&photo(300, 200), ImageFormat::Png);
    let error = prepare(source.into(), &PrepareOptions::default(), &cancel).unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
}

#[test]
fn drawings_by_lines_pass_through_and_scripts_do_not() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>";
    let after = prepared(svg, to(TargetFormat::Png));
    assert_eq!(after.changed, [Change::KeptOriginal { why: KeptWhy::Vector }]);
    assert_eq!(&after.bytes[..], svg);
    let script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let refused = prepare(bytes::Bytes::from_static(script), &PrepareOptions::default(), &Cancel::new());
    assert!(refused.is_err());
}

#[test]
fn a_turned_png_that_is_only_packed_anew_stays_turned_as_it_was() {
    let picture = encoded(&photo(300, 200), ImageFormat::Png);
    let turned = [
        &picture[..33],
        &crate::pictures::chunk(b"eXIf", &exif_block(6)),
        &crate::pictures::chunk(b"tEXt", b"Comment\0SECRETCOMMENT"),
        &picture[33..],
    ]
    .concat();
    let after = prepared(&turned, |options| {
        options.images.format = FormatRule::Keep;
        options.images.least_saving = 0.0;
    });
    assert_eq!((after.info.width, after.info.height), (Some(200), Some(300)));
    assert!(!after.bytes.windows(6).any(|window| window == b"SECRET"));
    assert_eq!(pixels(&after.bytes), photo(300, 200));
}
