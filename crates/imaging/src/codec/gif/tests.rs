//! GIF files of all sorts, and what browsers make of them.

use super::{decode, decode_animation};
use crate::animation::Animation;
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::codec::drawn::{profile, with_options};
use crate::limits::Limits;
use gif::{DisposalMethod, Encoder, ExtensionData, Frame, Repeat};
use picferry_core::ErrorCode;
use proptest::prelude::*;

const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];
const NOTHING: [u8; 4] = [0; 4];

/// Red, green, and the transparent colour.
const COLORS: &[u8] = &[255, 0, 0, 0, 255, 0, 9, 9, 9];

fn frame(x: u16, y: u16, side: u16, color: u8, dispose: DisposalMethod, delay: u16) -> Frame<'static> {
    Frame {
        left: x,
        top: y,
        width: side,
        height: side,
        delay,
        dispose,
        transparent: Some(2),
        buffer: vec![color; usize::from(side * side)].into(),
        ..Frame::default()
    }
}

fn file(repeat: Option<Repeat>, frames: &[Frame<'_>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 4, 4, COLORS).unwrap();
    if let Some(repeat) = repeat {
        encoder.set_repeat(repeat).unwrap();
    }
    for frame in frames {
        encoder.write_frame(frame).unwrap();
    }
    drop(encoder);
    file
}

fn all_ways() -> Vec<u8> {
    let frames = [
        frame(0, 0, 4, 0, DisposalMethod::Keep, 5),
        frame(1, 1, 2, 1, DisposalMethod::Previous, 0),
        frame(2, 2, 2, 1, DisposalMethod::Background, 1),
        frame(0, 0, 1, 2, DisposalMethod::Any, 2),
        frame(3, 3, 3, 1, DisposalMethod::Any, 65_535),
    ];
    file(Some(Repeat::Finite(2)), &frames)
}

fn moving(bytes: &[u8]) -> Animation {
    with_options(|options| decode_animation(bytes, options)).unwrap()
}

#[test]
fn frames_are_composed_as_the_file_disposes_of_them() {
    let animation = moving(&all_ways());
    let seen = |number: usize, x, y| animation.frames[number].pixels.get_pixel(x, y).0;
    assert_eq!(animation.frames.len(), 5);
    assert_eq!([seen(0, 0, 0), seen(0, 3, 3)], [RED, RED]);
    assert_eq!([seen(1, 1, 1), seen(1, 2, 2), seen(1, 3, 3)], [GREEN, GREEN, RED]);
    assert_eq!([seen(2, 1, 1), seen(2, 2, 2), seen(2, 3, 3)], [RED, GREEN, GREEN]);
    assert_eq!([seen(3, 0, 0), seen(3, 1, 1), seen(3, 2, 2)], [RED, RED, NOTHING]);
    // The last one is larger than what is left of the canvas.
    assert_eq!([seen(4, 3, 3), seen(4, 2, 2), seen(4, 0, 3)], [GREEN, NOTHING, RED]);
}

#[test]
fn delays_and_loops_are_those_of_browsers() {
    let animation = moving(&all_ways());
    let delays: Vec<u32> = animation.frames.iter().map(|frame| frame.delay_ms).collect();
    assert_eq!(delays, [50, 100, 100, 20, 655_350]);
    assert_eq!(animation.loops, 3, "shown once, and twice again");
    let one = [frame(0, 0, 4, 0, DisposalMethod::Keep, 5)];
    assert_eq!(moving(&file(None, &one)).loops, 1);
    assert_eq!(moving(&file(Some(Repeat::Infinite), &one)).loops, 0);
}

#[test]
fn the_first_frame_is_the_picture() {
    let picture = with_options(|options| decode(&all_ways(), options)).unwrap().pixels;
    assert!(!picture.color().has_alpha());
    assert!(picture.to_rgba8().pixels().all(|pixel| pixel.0 == RED));
    let small = file(None, &[frame(1, 1, 2, 1, DisposalMethod::Keep, 0)]);
    let picture = with_options(|options| decode(&small, options)).unwrap().pixels.to_rgba8();
    assert_eq!([picture.get_pixel(0, 0).0, picture.get_pixel(2, 2).0], [NOTHING, GREEN]);
}

#[test]
fn a_profile_is_kept() {
    let icc = profile(b"RGB ", 400);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 4, 4, COLORS).unwrap();
    let mut blocks: Vec<&[u8]> = vec![b"ICCRGBG1012"];
    blocks.extend(icc.chunks(255));
    encoder.write_raw_extension(gif::AnyExtension(0xff), &blocks).unwrap();
    encoder.write_extension(ExtensionData::Repetitions(Repeat::Infinite)).unwrap();
    encoder.write_frame(&frame(0, 0, 4, 0, DisposalMethod::Keep, 5)).unwrap();
    drop(encoder);
    assert_eq!(moving(&bytes).icc.as_deref(), Some(icc.as_slice()));
    let raster = with_options(|options| decode(&bytes, options)).unwrap();
    assert_eq!(raster.icc.as_deref(), Some(icc.as_slice()));
}

/// A small file with a canvas of any size and any number of frames of one pixel.
fn bomb(side: u16, frames: usize) -> Vec<u8> {
    let mut bytes = file(None, &vec![frame(0, 0, 1, 0, DisposalMethod::Keep, 5); frames]);
    bytes[6..8].copy_from_slice(&side.to_le_bytes());
    bytes[8..10].copy_from_slice(&side.to_le_bytes());
    bytes
}

#[test]
fn a_deep_file_is_refused_before_it_takes_memory() {
    let bytes = bomb(5_000, 400);
    assert!(bytes.len() < 20_000);
    let error = with_options(|options| decode_animation(&bytes, options)).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    assert_eq!(error.params["frames"], "400", "counted, not decoded");
    let error = with_options(|options| decode(&bomb(65_535, 1), options)).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    let error = with_options(|options| decode(&bomb(0, 1), options)).unwrap_err();
    assert_eq!(error.code, ErrorCode::DamagedPicture);
}

#[test]
fn a_frame_that_is_larger_than_allowed_is_refused() {
    let mut bytes = file(None, &[frame(0, 0, 1, 0, DisposalMethod::Keep, 5)]);
    let place = bytes.windows(9).position(|window| window == [0x2c, 0, 0, 0, 0, 1, 0, 1, 0]).unwrap();
    bytes[place + 5..place + 9].fill(0xff);
    let error = with_options(|options| decode(&bytes, options)).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
}

#[test]
fn a_cut_file_is_refused_or_taken_as_far_as_it_goes() {
    let bytes = all_ways();
    let cut = &bytes[..bytes.len() - 12];
    let error = with_options(|options| decode_animation(cut, options)).unwrap_err();
    assert_eq!(error.code, ErrorCode::DamagedPicture);
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: true, at_least: None };
    assert!(decode_animation(cut, &options).unwrap().frames.len() >= 4);
    cancel.stop();
    assert_eq!(decode_animation(&bytes, &options).unwrap_err().code, ErrorCode::Cancelled);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn broken_bytes_never_do_more_than_fail(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        allow_damaged in any::<bool>(),
    ) {
        let mut bytes = all_ways();
        for (place, value) in flips {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { max_pixels: 1_000_000, max_alloc: 64 << 20 };
        let cancel = Cancel::new();
        let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged, at_least: None };
        let _ = decode(&bytes, &options);
        if let Ok(animation) = decode_animation(&bytes, &options) {
            prop_assert!(!animation.frames.is_empty());
        }
    }
}
