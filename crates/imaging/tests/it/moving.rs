//! Animations stay animations.

use crate::pictures::{animated_png, fixture, photo, prepared};
use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, Delay, Frame, RgbaImage};
use picferry_core::ErrorCode;
use picferry_core::images::KeptWhy;
use picferry_core::images::{FormatRule, Newest, Resize, TargetFormat, WebpRule};
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Change, PrepareOptions};
use std::io::Cursor;
use std::time::Duration;

/// Five frames of a picture that moves, shown 80 ms each.
fn gif() -> Vec<u8> {
    let wide = photo(200, 90).to_rgba8();
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 10);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for step in 0..5 {
        let part = image::imageops::crop_imm(&wide, step * 12, 0, 120, 90).to_image();
        let delay = Delay::from_saturating_duration(Duration::from_millis(80));
        encoder.encode_frame(Frame::from_parts(part, 0, 0, delay)).unwrap();
    }
    drop(encoder);
    bytes
}

/// Size and delay of each frame.
fn frames(decoder: image::Frames<'_>) -> Vec<((u32, u32), u128)> {
    let frames = decoder.collect_frames().unwrap();
    frames
        .iter()
        .map(|frame| (frame.buffer().dimensions(), Duration::from(frame.delay()).as_millis()))
        .collect()
}

fn webp_frames(bytes: &[u8]) -> Vec<((u32, u32), u128)> {
    frames(WebPDecoder::new(Cursor::new(bytes)).unwrap().into_frames())
}

#[test]
fn a_gif_becomes_an_animated_webp_with_the_same_frames_where_that_is_smaller() {
    let source = gif();
    let after = prepared(&source, |_| {});
    assert_eq!(after.info.format, PictureFormat::Webp, "{:?}", after.changed);
    assert!(after.info.animated && after.bytes.len() < source.len());
    assert_eq!(
        webp_frames(&after.bytes),
        frames(GifDecoder::new(Cursor::new(&source)).unwrap().into_frames())
    );
    let again = prepared(&after.bytes, |_| {});
    assert_eq!(again.bytes, after.bytes);
}

/// A ball that crosses a picture, each frame shown for another time, all of it played three times.
fn ball() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 1);
    encoder.set_repeat(Repeat::Finite(2)).unwrap();
    for (step, delay) in (0..).zip(DELAYS) {
        let part = RgbaImage::from_fn(90, 60, |x, y| {
            let (across, down) = (i64::from(x) - 10 - step * 12, i64::from(y) - 30);
            if across * across + down * down < 64 {
                [220, 40, 30, 255].into()
            } else {
                [20, 60 + (y as u8) / 4 * 8, 120, 255].into()
            }
        });
        let delay = Delay::from_saturating_duration(Duration::from_millis(delay));
        encoder.encode_frame(Frame::from_parts(part, 0, 0, delay)).unwrap();
    }
    drop(encoder);
    bytes
}

const DELAYS: [u64; 6] = [40, 200, 70, 500, 120, 1000];

/// How often an animated WebP file says that it is played: behind the colour of the ground.
fn plays(webp: &[u8]) -> u16 {
    let at = webp.windows(4).position(|kind| kind == b"ANIM").unwrap();
    u16::from_le_bytes([webp[at + 12], webp[at + 13]])
}

#[test]
fn a_gif_becomes_webp_frame_by_frame_with_its_delays_and_its_loops() {
    let source = ball();
    let before = GifDecoder::new(Cursor::new(&source)).unwrap().into_frames().collect_frames().unwrap();
    for rule in [WebpRule::Lossless, WebpRule::Lossy, WebpRule::Automatic] {
        let after = prepared(&source, |options| {
            options.images.format = FormatRule::To(TargetFormat::Webp);
            options.images.webp = rule;
        });
        assert_eq!(plays(&after.bytes), 3, "{rule:?}: once, and twice again");
        // The reference reader: others blend the parts of frames with rounding of their own.
        let read = webp::AnimDecoder::new(&after.bytes).decode().unwrap();
        let frames = read.get_frames(0..read.len()).unwrap();
        let ends: Vec<_> = frames.iter().map(webp::AnimFrame::get_time_ms).collect();
        let delays = std::iter::once(0).chain(ends.iter().copied()).zip(&ends).map(|(from, to)| to - from);
        assert!(delays.eq(DELAYS.map(|delay| i32::try_from(delay).unwrap())), "{rule:?}: {ends:?}");
        for (number, (before, after)) in before.iter().zip(&frames).enumerate() {
            let before = before.buffer();
            assert_eq!(before.dimensions(), (after.width(), after.height()));
            assert_eq!(after.get_layout(), webp::PixelLayout::Rgba);
            let after = after.get_image();
            let differences = before.iter().zip(after.iter()).map(|(before, after)| before.abs_diff(*after));
            let sum: u64 = differences.map(u64::from).sum();
            let mean = sum as f64 / before.len() as f64;
            let most = if rule == WebpRule::Lossy { 4.0 } else { 0.0 };
            assert!(mean <= most, "{rule:?}, frame {number}: {mean} from the original");
        }
    }
}

#[test]
fn a_gif_stays_a_gif_for_readers_that_know_nothing_else() {
    let source = gif();
    let after = prepared(&source, |options| options.images.newest = Newest::JpegPng);
    assert_eq!(after.changed, [Change::KeptOriginal { why: KeptWhy::Animation }]);
    let after = prepared(&source, |options| options.images.format = FormatRule::To(TargetFormat::Jpeg));
    assert_eq!(after.info.format, PictureFormat::Gif);
}

#[test]
fn every_frame_is_resized() {
    let half = |options: &mut PrepareOptions| {
        options.images.resize = Resize { percent: Some(50.0), ..Resize::default() };
    };
    let after = prepared(&gif(), half);
    assert_eq!(webp_frames(&after.bytes), vec![((60, 45), 80); 5]);
    let after = prepared(fixture("animated.webp"), half);
    assert_eq!((after.info.width, after.info.height), (Some(48), Some(32)));
    assert_eq!(webp_frames(&after.bytes).len(), 2);
}

#[test]
fn a_wish_that_no_format_can_meet_is_told() {
    let after = prepared(&gif(), |options| {
        options.images.newest = Newest::JpegPng;
        options.images.resize = Resize { percent: Some(50.0), ..Resize::default() };
    });
    assert_eq!(after.changed[0], Change::NotProcessed(ErrorCode::Unsupported));
    assert_eq!(after.info.width, Some(120));
}

#[test]
fn an_animated_png_stays_one() {
    let after = prepared(&animated_png(), |_| {});
    assert_eq!(after.info.format, PictureFormat::Png);
    assert!(after.info.animated);
    assert!(!after.bytes.windows(6).any(|window| window == b"SECRET"));
}
