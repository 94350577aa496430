//! WebP there and back, still and moving.

use super::encode::is_drawn;
use super::{WebpMode, WebpOptions, decode, decode_animation, encode, encode_animation};
use crate::animation::{Animation, Frame};
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::codec::drawn::{
    Noise, badge, largest_difference, mean_difference, photo, profile, screenshot, seen, with_options,
};
use crate::limits::Limits;
use crate::raster::Raster;
use image::metadata::LoopCount;
use image::{AnimationDecoder, DynamicImage, ImageBuffer, ImageDecoder, Rgb, Rgba, RgbaImage};
use picferry_core::ErrorCode;
use picferry_core::images::Effort;
use proptest::prelude::*;
use std::io::Cursor;

const LOSSY: WebpMode = WebpMode::Lossy { quality: 80.0 };
const NEAR: WebpMode = WebpMode::NearLossless { level: 60 };
const MODES: [WebpMode; 3] = [LOSSY, WebpMode::Lossless, NEAR];

fn fast(mode: WebpMode) -> WebpOptions {
    WebpOptions { mode, effort: Effort::Fast }
}

fn write(picture: &DynamicImage, options: &WebpOptions) -> Vec<u8> {
    encode(&Raster::srgb(picture.clone()), options, &Cancel::new()).unwrap()
}

fn read(bytes: &[u8]) -> Raster {
    with_options(|options| decode(bytes, options)).unwrap()
}

fn moving(bytes: &[u8]) -> Animation {
    with_options(|options| decode_animation(bytes, options)).unwrap()
}

#[test]
fn lossless_keeps_every_pixel_that_can_be_seen() {
    let mut noise = Noise(5);
    let random = RgbaImage::from_fn(33, 21, |_, _| Rgba([(); 4].map(|()| noise.byte())));
    let pictures = [
        DynamicImage::ImageRgb8(photo(61, 40)),
        DynamicImage::ImageRgb8(screenshot(120, 80)),
        DynamicImage::ImageRgba8(badge(50)),
        DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(photo(30, 30)).to_luma8()),
        DynamicImage::ImageLumaA8(DynamicImage::ImageRgba8(badge(30)).to_luma_alpha8()),
        DynamicImage::ImageRgba8(random),
    ];
    for picture in pictures {
        for effort in [Effort::Fast, Effort::Small] {
            let file = write(&picture, &WebpOptions { mode: WebpMode::Lossless, effort });
            assert_eq!(seen(&read(&file).pixels), seen(&picture), "{:?}", picture.color());
        }
    }
}

#[test]
fn the_other_modes_stay_close() {
    let window = DynamicImage::ImageRgb8(screenshot(320, 200));
    let soft = DynamicImage::ImageRgb8(photo(160, 100));
    let round = DynamicImage::ImageRgba8(badge(64));
    for effort in [Effort::Fast, Effort::Small] {
        let options = |mode| WebpOptions { mode, effort };
        assert!(largest_difference(&read(&write(&window, &options(NEAR))).pixels, &window) <= 8);
        assert!(largest_difference(&read(&write(&round, &options(NEAR))).pixels, &round) <= 8);
        assert!(mean_difference(&read(&write(&soft, &options(LOSSY))).pixels, &soft) < 20.0);
        let back = read(&write(&round, &options(LOSSY))).pixels;
        // Alpha is kept exactly also where colours are not.
        let alpha =
            |picture: &DynamicImage| picture.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect::<Vec<_>>();
        assert_eq!(alpha(&back), alpha(&round));
        assert!(largest_difference(&back, &round) < 60);
    }
}

#[test]
fn thin_coloured_lines_stay_coloured() {
    let lines = DynamicImage::ImageRgb8(ImageBuffer::from_fn(96, 96, |x, y| match (x % 8, y % 12) {
        (3, _) => Rgb([230, 20, 20]),
        (_, 5) => Rgb([20, 20, 230]),
        _ => Rgb([255, 255, 255]),
    }));
    let back = read(&write(&lines, &fast(WebpMode::Lossy { quality: 90.0 }))).pixels;
    // Lines of one pixel are the worst there is; without the careful choice of colours it is 943.
    let difference = mean_difference(&back, &lines);
    assert!(difference < 750.0, "{difference}");
}

#[test]
fn windows_count_as_drawn_and_photos_and_paintings_do_not() {
    let is_drawn = |picture: &image::RgbImage| is_drawn(picture, 3, picture.width() as usize);
    assert!(is_drawn(&screenshot(320, 200)));
    assert!(!is_drawn(&photo(320, 200)));
    // Large even areas that go over into each other softly.
    let painting =
        ImageBuffer::from_fn(320, 200, |x, _| Rgb([(x % 160).abs_diff(80).min(16) as u8 * 12, 90, 40]));
    assert!(!is_drawn(&painting));
}

#[test]
fn an_opaque_picture_gets_no_alpha() {
    let opaque = DynamicImage::ImageRgba8(DynamicImage::ImageRgb8(photo(20, 20)).to_rgba8());
    for mode in MODES {
        assert!(!read(&write(&opaque, &fast(mode))).pixels.color().has_alpha());
    }
}

#[test]
fn sixteen_bits_become_eight() {
    let wide = DynamicImage::ImageRgb16(ImageBuffer::from_fn(16, 16, |x, y| {
        Rgb([u16::try_from(x * 4000).unwrap(), u16::try_from(y * 4000).unwrap(), 300])
    }));
    let back = read(&write(&wide, &fast(WebpMode::Lossless))).pixels;
    assert_eq!(back.to_rgb8(), wide.to_rgb8());
}

#[test]
fn a_profile_is_put_in_and_read_back() {
    for length in [128, 129, 4000] {
        let icc = profile(b"RGB ", length);
        for (pixels, mode) in [
            (DynamicImage::ImageRgb8(photo(20, 14)), LOSSY),
            (DynamicImage::ImageRgba8(badge(21)), LOSSY),
            (DynamicImage::ImageRgba8(badge(21)), WebpMode::Lossless),
        ] {
            let raster = Raster { pixels: pixels.clone(), icc: Some(icc.clone().into()) };
            let file = encode(&raster, &fast(mode), &Cancel::new()).unwrap();
            let back = read(&file);
            assert_eq!(back.icc.as_deref(), Some(icc.as_slice()));
            assert_eq!(seen(&back.pixels), seen(&read(&write(&pixels, &fast(mode))).pixels));
            // A reader that others wrote agrees.
            let mut other = image::codecs::webp::WebPDecoder::new(Cursor::new(&file)).unwrap();
            assert_eq!(other.icc_profile().unwrap(), Some(icc.clone()));
            assert_eq!(other.color_type().has_alpha(), pixels.color().has_alpha());
        }
    }
}

#[test]
fn a_picture_that_is_too_large_for_the_format_says_so() {
    let wide = DynamicImage::new_luma8(16_384, 1);
    let error = encode(&Raster::srgb(wide), &fast(LOSSY), &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
    let fits = DynamicImage::new_luma8(16_383, 1);
    assert_eq!(read(&write(&fits, &fast(LOSSY))).pixels.width(), 16_383);
}

#[test]
fn stopped_work_says_so() {
    let cancel = Cancel::new();
    cancel.stop();
    let raster = Raster::srgb(DynamicImage::ImageRgb8(photo(8, 8)));
    assert_eq!(encode(&raster, &fast(LOSSY), &cancel).unwrap_err().code, ErrorCode::Cancelled);
    let error = encode_animation(&ball(3), &fast(LOSSY), &cancel).unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
}

/// A ball on an even ground, then one that leaves a hole, with a frame that is seen twice.
fn ball(frames: u32) -> Animation {
    let frames = (0..frames).map(|number| {
        let mut pixels = DynamicImage::ImageRgb8(photo(70, 50)).to_rgba8();
        if number > 2 {
            // A hole: pixels become transparent again.
            (0..9).for_each(|place| pixels.put_pixel(30 + place % 3, 20 + place / 3, Rgba([0, 0, 0, 0])));
        }
        if number > 3 {
            pixels.put_pixel(5, 5, Rgba([1, 2, 3, 77]));
        }
        let still = if number == 2 { 1 } else { number };
        image::imageops::overlay(&mut pixels, &badge(14), i64::from(still * 9), i64::from(still * 5));
        Frame { pixels, delay_ms: 20 + number * 30 }
    });
    Animation { width: 70, height: 50, frames: frames.collect(), loops: 3, icc: None }
}

/// What is shown at which time.
fn timeline(animation: &Animation) -> Vec<(Vec<[u16; 4]>, u32)> {
    let mut shown: Vec<(Vec<[u16; 4]>, u32)> = Vec::new();
    for frame in &animation.frames {
        let pixels = seen(&DynamicImage::ImageRgba8(frame.pixels.clone()));
        match shown.last_mut() {
            Some((last, delay)) if *last == pixels => *delay += frame.delay_ms,
            _ => shown.push((pixels, frame.delay_ms)),
        }
    }
    shown
}

#[test]
fn an_animation_comes_back_frame_by_frame_with_delays_and_loops() {
    let animation = ball(7);
    for effort in [Effort::Fast, Effort::Small] {
        let options = WebpOptions { mode: WebpMode::Lossless, effort };
        let file = encode_animation(&animation, &options, &Cancel::new()).unwrap();
        let back = moving(&file);
        assert_eq!((back.width, back.height, back.loops), (70, 50, 3));
        assert_eq!(back.frames.len(), 6, "the two that look the same are one");
        assert!(timeline(&back) == timeline(&animation));
        let first = read(&file).pixels;
        assert_eq!(first.to_rgba8(), animation.frames[0].pixels);
    }
}

#[test]
fn a_reader_that_others_wrote_sees_the_same_animation() {
    let animation = ball(6);
    let file = encode_animation(&animation, &fast(WebpMode::Lossless), &Cancel::new()).unwrap();
    let other = image::codecs::webp::WebPDecoder::new(Cursor::new(&file)).unwrap();
    assert!(matches!(other.loop_count(), LoopCount::Finite(plays) if plays.get() == 3));
    let frames = other.into_frames().collect_frames().unwrap();
    let frames = frames.into_iter().map(|frame| {
        let (delay_ms, _) = frame.delay().numer_denom_ms();
        Frame { pixels: frame.into_buffer(), delay_ms }
    });
    let other = Animation { frames: frames.collect(), ..animation.clone() };
    assert!(timeline(&other) == timeline(&animation));
}

#[test]
fn lossy_frames_stay_close_and_do_not_drift() {
    let animation = ball(9);
    for mode in [LOSSY, NEAR] {
        let file = encode_animation(&animation, &fast(mode), &Cancel::new()).unwrap();
        let back = moving(&file);
        let delays = |animation: &Animation| animation.frames.iter().map(|frame| frame.delay_ms).sum::<u32>();
        assert_eq!(delays(&back), delays(&animation));
        let distinct = animation.frames.iter().enumerate().filter(|(number, _)| *number != 2);
        for ((_, before), after) in distinct.zip(&back.frames) {
            let [before, after] =
                [&before.pixels, &after.pixels].map(|pixels| DynamicImage::ImageRgba8(pixels.clone()));
            assert!(mean_difference(&before, &after) < 40.0, "{mode:?}");
        }
    }
}

#[test]
fn frames_of_which_little_changes_cost_little() {
    let whole = encode_animation(&ball(1), &fast(WebpMode::Lossless), &Cancel::new()).unwrap().len();
    let moving = encode_animation(&ball(3), &fast(WebpMode::Lossless), &Cancel::new()).unwrap().len();
    assert!(moving < whole + whole / 4, "{whole} {moving}");
}

#[test]
fn a_gif_becomes_an_animation_that_looks_and_moves_the_same() {
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, 40, 30, &[]).unwrap();
    encoder.set_repeat(gif::Repeat::Infinite).unwrap();
    for number in 0..6_u16 {
        let mut pixels = RgbaImage::new(24, 20);
        pixels.enumerate_pixels_mut().for_each(|(x, y, pixel)| {
            let is_there = (x + u32::from(number)) % 5 != 0;
            *pixel = if is_there {
                Rgba([(x * 10) as u8 & 0xf0, (y * 12) as u8 & 0xf0, 80, 255])
            } else {
                Rgba([0; 4])
            };
        });
        let mut frame = gif::Frame::from_rgba(24, 20, &mut pixels);
        (frame.left, frame.top, frame.delay) = (number * 2, number, number);
        frame.dispose =
            [gif::DisposalMethod::Keep, gif::DisposalMethod::Background, gif::DisposalMethod::Previous]
                [usize::from(number % 3)];
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    let before = with_options(|options| crate::codec::gif::decode_animation(&gif, options)).unwrap();
    let file = encode_animation(&before, &fast(WebpMode::Lossless), &Cancel::new()).unwrap();
    let after = moving(&file);
    assert_eq!((after.frames.len(), after.loops), (6, 0));
    assert!(timeline(&after) == timeline(&before));
    let delays: Vec<u32> = after.frames.iter().map(|frame| frame.delay_ms).collect();
    assert_eq!(delays, [100, 100, 20, 30, 40, 50]);
}

#[test]
fn an_animation_keeps_its_profile() {
    let icc = profile(b"RGB ", 301);
    let animation = Animation { icc: Some(icc.clone().into()), ..ball(3) };
    let file = encode_animation(&animation, &fast(WebpMode::Lossless), &Cancel::new()).unwrap();
    assert_eq!(moving(&file).icc.as_deref(), Some(icc.as_slice()));
    assert!(timeline(&moving(&file)) == timeline(&animation));
}

#[test]
fn what_is_too_large_is_refused_before_it_takes_memory() {
    let limits = Limits { max_pixels: 1000, max_alloc: 1 << 20 };
    let cancel = Cancel::new();
    let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None };
    let still = write(&DynamicImage::ImageRgb8(photo(40, 40)), &fast(LOSSY));
    assert_eq!(decode(&still, &options).unwrap_err().code, ErrorCode::TooManyPixels);
    let limits = Limits { max_pixels: 10_000, max_alloc: 70 * 50 * 4 * 8 };
    let options = DecodeOptions { limits: &limits, ..options };
    let file = encode_animation(&ball(9), &fast(WebpMode::Lossless), &Cancel::new()).unwrap();
    let error = decode_animation(&file, &options).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    assert!(decode(&file, &options).is_ok(), "the first frame alone is small enough");
}

#[test]
fn a_cut_animation_is_refused_or_taken_as_far_as_it_goes() {
    let mut file = encode_animation(&ball(7), &fast(WebpMode::Lossless), &Cancel::new()).unwrap();
    let last = file.len() - 20;
    file[last..].fill(0x55);
    let error = with_options(|options| decode_animation(&file, options).map(|_| ()));
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: true, at_least: None };
    assert!(decode_animation(&file, &options).unwrap().frames.len() >= 5);
    if let Err(error) = error {
        assert_eq!(error.code, ErrorCode::DamagedPicture);
    }
}

#[test]
fn files_are_no_larger_than_they_were_when_this_was_written() {
    let window = DynamicImage::ImageRgb8(screenshot(640, 400));
    let soft = DynamicImage::ImageRgb8(photo(320, 200));
    let sizes = [&window, &soft].map(|picture| MODES.map(|mode| write(picture, &fast(mode)).len()));
    let bounds = [[75_000, 22_300, 22_300], [2_100, 53_200, 36_400]];
    let is_within = sizes.as_flattened().iter().zip(bounds.as_flattened()).all(|(size, bound)| size <= bound);
    assert!(is_within, "{sizes:?} {bounds:?}");
    for picture in [&window, &soft] {
        for mode in MODES {
            let small = write(picture, &WebpOptions { mode, effort: Effort::Small }).len();
            assert!(small <= write(picture, &fast(mode)).len() * 101 / 100, "{mode:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn broken_bytes_never_do_more_than_fail(
        which in 0_usize..4,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = match which {
            0 => write(&DynamicImage::ImageRgb8(photo(20, 14)), &fast(LOSSY)),
            1 => write(&DynamicImage::ImageRgba8(badge(16)), &fast(LOSSY)),
            2 => write(&DynamicImage::ImageRgba8(badge(16)), &fast(WebpMode::Lossless)),
            _ => encode_animation(&ball(4), &fast(WebpMode::Lossless), &Cancel::new()).unwrap(),
        };
        for (place, value) in flips {
            // Most of what can be told wrong is told at the beginning.
            let place = place.index(bytes.len().min(200));
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { max_pixels: 1_000_000, max_alloc: 64 << 20 };
        let cancel = Cancel::new();
        let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None };
        let _ = decode(&bytes, &options);
        let _ = decode_animation(&bytes, &options);
    }
}
