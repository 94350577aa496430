//! Animations stay animations.

use crate::pictures::{animated_png, fixture, photo, prepared};
use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, Delay, Frame};
use picferry_core::ErrorCode;
use picferry_core::images::KeptWhy;
use picferry_core::images::{FormatRule, Newest, Resize, TargetFormat};
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
