//! Every kind of PNG there is, and how it comes out of each writer.

mod files;

use super::{decode, decode_animation, encode, repack};
use crate::animation::Frame;
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::codec::drawn::{badge, photo, profile, screenshot, seen, with_options};
use crate::limits::Limits;
use crate::raster::Raster;
use files::{Kind, chunk, kinds, many_zeros};
use image::{DynamicImage, Rgba};
use picferry_core::ErrorCode;
use picferry_core::images::Effort;
use proptest::prelude::*;

const EFFORTS: [Effort; 2] = [Effort::Fast, Effort::Small];

fn read(bytes: &[u8]) -> Raster {
    with_options(|options| decode(bytes, options)).unwrap()
}

fn refused(bytes: &[u8]) -> ErrorCode {
    with_options(|options| decode(bytes, options)).unwrap_err().code
}

#[test]
fn every_kind_is_read_as_it_was_written() {
    for kind in kinds() {
        let picture = read(&kind.file()).pixels;
        assert_eq!((picture.width(), picture.height()), (kind.width, kind.height), "{kind:?}");
        assert_eq!(picture.to_rgba16().into_raw(), kind.expected(), "{kind:?}");
        let is_wide = kind.depth == 16;
        assert_eq!(
            picture.color().bytes_per_pixel() / picture.color().channel_count() == 2,
            is_wide,
            "{kind:?}"
        );
    }
}

#[test]
fn repacking_keeps_every_pixel_and_a_second_time_changes_nothing() {
    for kind in kinds() {
        let file = kind.file();
        for effort in EFFORTS {
            let once = repack(&file, effort, &Cancel::new()).unwrap();
            assert!(once.len() <= file.len(), "{kind:?}");
            assert_eq!(seen(&read(&once).pixels), seen(&read(&file).pixels), "{kind:?} {effort:?}");
            let twice = repack(&once, effort, &Cancel::new()).unwrap();
            assert!(twice == once, "{kind:?} {effort:?}: {} then {}", once.len(), twice.len());
        }
    }
}

#[test]
fn the_faster_effort_keeps_even_what_is_hidden() {
    let picture = DynamicImage::ImageRgba8(badge(40));
    let file = encode(&Raster::srgb(picture.clone()), Effort::Fast, &Cancel::new()).unwrap();
    assert_eq!(read(&file).pixels.to_rgba8(), picture.to_rgba8());
    let file = encode(&Raster::srgb(picture.clone()), Effort::Small, &Cancel::new()).unwrap();
    assert_eq!(seen(&read(&file).pixels), seen(&picture));
}

#[test]
fn all_kinds_of_rasters_are_written() {
    let color = DynamicImage::ImageRgb8(photo(37, 23));
    let alpha = DynamicImage::ImageRgba8(badge(31));
    let wide = DynamicImage::ImageRgb16(image::ImageBuffer::from_fn(20, 10, |x, y| {
        image::Rgb([(x * 3001) as u16, (y * 6007) as u16, (x * y * 301) as u16])
    }));
    let pictures = [
        DynamicImage::ImageLuma8(color.to_luma8()),
        DynamicImage::ImageLumaA8(alpha.to_luma_alpha8()),
        DynamicImage::ImageLuma16(wide.to_luma16()),
        DynamicImage::ImageLumaA16(wide.to_luma_alpha16()),
        DynamicImage::ImageRgba16(wide.to_rgba16()),
        color,
        alpha,
        wide,
    ];
    for picture in pictures {
        for effort in EFFORTS {
            let file = encode(&Raster::srgb(picture.clone()), effort, &Cancel::new()).unwrap();
            assert_eq!(seen(&read(&file).pixels), seen(&picture), "{:?} {effort:?}", picture.color());
        }
    }
}

#[test]
fn sixteen_bits_stay_unless_they_say_no_more_than_eight() {
    let fine = DynamicImage::ImageLuma16(image::ImageBuffer::from_fn(16, 16, |x, y| {
        image::Luma([u16::try_from(x * 257 + y).unwrap()])
    }));
    let coarse = DynamicImage::ImageLuma16(image::ImageBuffer::from_fn(16, 16, |x, y| {
        image::Luma([u16::try_from((x * 16 + y) * 257).unwrap()])
    }));
    let depth = |picture: DynamicImage| {
        let file = encode(&Raster::srgb(picture), Effort::Fast, &Cancel::new()).unwrap();
        file[24]
    };
    assert_eq!((depth(fine), depth(coarse)), (16, 8));
}

#[test]
fn a_profile_stays() {
    let icc = profile(b"RGB ", 600);
    let raster = Raster { pixels: DynamicImage::ImageRgb8(photo(20, 20)), icc: Some(icc.clone().into()) };
    for effort in EFFORTS {
        let file = encode(&raster, effort, &Cancel::new()).unwrap();
        assert_eq!(read(&file).icc.as_deref(), Some(icc.as_slice()));
        let again = repack(&file, effort, &Cancel::new()).unwrap();
        assert_eq!(read(&again).icc.as_deref(), Some(icc.as_slice()));
    }
}

#[test]
fn a_profile_without_end_is_left_out_and_takes_no_memory() {
    let mut data = b"bomb\0\0".to_vec();
    data.extend(many_zeros());
    assert!(data.len() < 200_000);
    let kind = Kind::rgb(8, 8);
    let file = kind.file_with(&[(*b"iCCP", data.clone())]);
    assert!(read(&file).icc.is_none());
    let mut text = b"Comment\0\0".to_vec();
    text.extend(&data[6..]);
    let file = kind.file_with(&[(*b"zTXt", text)]);
    assert_eq!(read(&file).pixels.width(), 8);
    // Other chunks stay: taking metadata out is another step.
    let again = repack(&file, Effort::Fast, &Cancel::new()).unwrap();
    assert!(again.windows(4).any(|kind| kind == b"zTXt"));
}

#[test]
fn a_huge_size_is_refused_before_it_takes_memory() {
    let kind = Kind { width: 60_000, height: 60_000, ..Kind::rgb(1, 1) };
    let file = kind.file_of(&[0; 100], &[]);
    assert_eq!(refused(&file), ErrorCode::TooManyPixels);
    let repacked = repack(&file, Effort::Fast, &Cancel::new());
    assert_eq!(repacked.unwrap_err().code, ErrorCode::TooManyPixels);
    let limits = Limits { max_alloc: 1000, ..Limits::default() };
    let options =
        DecodeOptions { limits: &limits, cancel: &Cancel::new(), allow_damaged: false, at_least: None };
    let error = decode(&Kind::rgb(40, 40).file(), &options).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
}

#[test]
fn a_cut_file_is_refused_or_taken_as_far_as_it_goes() {
    let file = encode(&Raster::srgb(DynamicImage::ImageRgb8(photo(60, 60))), Effort::Fast, &Cancel::new());
    let file = file.unwrap();
    let cut = &file[..file.len() / 2];
    assert_eq!(refused(cut), ErrorCode::DamagedPicture);
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: true, at_least: None };
    let picture = decode(cut, &options).unwrap().pixels.to_rgb8();
    assert_eq!(picture.get_pixel(5, 5), photo(60, 60).get_pixel(5, 5));
}

#[test]
fn stopped_work_says_so() {
    let cancel = Cancel::new();
    cancel.stop();
    let limits = Limits::default();
    let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None };
    let file = Kind::rgb(8, 8).file();
    assert_eq!(decode(&file, &options).unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(decode_animation(&file, &options).unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(repack(&file, Effort::Fast, &cancel).unwrap_err().code, ErrorCode::Cancelled);
    let raster = Raster::srgb(DynamicImage::ImageRgb8(photo(8, 8)));
    assert_eq!(encode(&raster, Effort::Fast, &cancel).unwrap_err().code, ErrorCode::Cancelled);
}

/// An animation with every way to place, blend and dispose of a frame.
fn animated() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 4, 4);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(4, 3).unwrap();
    encoder.set_frame_delay(1, 20).unwrap();
    let mut writer = encoder.write_header().unwrap();
    let red = [255, 0, 0, 255].repeat(16);
    writer.write_image_data(&red).unwrap();
    writer.set_frame_dimension(2, 2).unwrap();
    writer.set_frame_position(1, 1).unwrap();
    writer.set_blend_op(png::BlendOp::Over).unwrap();
    writer.set_dispose_op(png::DisposeOp::Previous).unwrap();
    writer.set_frame_delay(0, 0).unwrap();
    writer.write_image_data(&[0, 0, 255, 128].repeat(4)).unwrap();
    writer.set_blend_op(png::BlendOp::Source).unwrap();
    writer.set_dispose_op(png::DisposeOp::Background).unwrap();
    writer.set_frame_delay(250, 1000).unwrap();
    writer.write_image_data(&[0, 255, 0, 128].repeat(4)).unwrap();
    writer.set_frame_dimension(1, 1).unwrap();
    writer.set_frame_position(0, 0).unwrap();
    writer.write_image_data(&[1, 2, 3, 255]).unwrap();
    writer.finish().unwrap();
    file
}

fn pixel(frame: &Frame, x: u32, y: u32) -> [u8; 4] {
    frame.pixels.get_pixel(x, y).0
}

#[test]
fn an_animation_is_composed_frame_by_frame() {
    let animation = with_options(|options| decode_animation(&animated(), options)).unwrap();
    assert_eq!((animation.width, animation.height, animation.loops), (4, 4, 3));
    let delays: Vec<u32> = animation.frames.iter().map(|frame| frame.delay_ms).collect();
    assert_eq!(delays, [50, 100, 250, 250]);
    let red = [255, 0, 0, 255];
    let frames = &animation.frames;
    assert_eq!([pixel(&frames[0], 0, 0), pixel(&frames[0], 1, 1)], [red, red]);
    assert_eq!([pixel(&frames[1], 0, 0), pixel(&frames[1], 1, 1)], [red, [127, 0, 128, 255]]);
    assert_eq!([pixel(&frames[2], 3, 3), pixel(&frames[2], 2, 2)], [red, [0, 255, 0, 128]]);
    assert_eq!([pixel(&frames[3], 0, 0), pixel(&frames[3], 2, 2)], [[1, 2, 3, 255], [0; 4]]);
    let first = read(&animated()).pixels;
    assert!(first.to_rgba8().pixels().all(|pixel| *pixel == Rgba(red)));
}

#[test]
fn a_picture_that_does_not_move_is_an_animation_of_one_frame() {
    for kind in kinds() {
        let animation = with_options(|options| decode_animation(&kind.file(), options)).unwrap();
        assert_eq!((animation.frames.len(), animation.loops), (1, 1));
        let picture = DynamicImage::ImageRgba8(animation.frames[0].pixels.clone());
        assert_eq!(picture.to_rgba8(), read(&kind.file()).pixels.to_rgba8(), "{kind:?}");
    }
}

#[test]
fn repacking_an_animation_keeps_frames_delays_and_loops() {
    let file = animated();
    let before = with_options(|options| decode_animation(&file, options)).unwrap();
    for effort in EFFORTS {
        let once = repack(&file, effort, &Cancel::new()).unwrap();
        let after = with_options(|options| decode_animation(&once, options)).unwrap();
        assert_eq!((after.loops, after.frames.len()), (before.loops, before.frames.len()));
        for (before, after) in before.frames.iter().zip(&after.frames) {
            assert_eq!((&before.pixels, before.delay_ms), (&after.pixels, after.delay_ms));
        }
        assert!(repack(&once, effort, &Cancel::new()).unwrap() == once);
    }
}

#[test]
fn a_frame_that_lies_about_its_size_is_refused_before_it_takes_memory() {
    let mut file = animated();
    file.truncate(file.len() - 12);
    // Behind the frames that the animation says it has, where no decoder looks.
    let mut control = 7_u32.to_be_bytes().to_vec();
    for number in [u32::MAX / 2, u32::MAX / 2, 0, 0] {
        control.extend(number.to_be_bytes());
    }
    control.extend([0; 6]);
    chunk(&mut file, *b"fcTL", &control);
    chunk(&mut file, *b"fdAT", &[0, 0, 0, 8, 1, 2, 3]);
    chunk(&mut file, *b"IEND", &[]);
    let error = repack(&file, Effort::Fast, &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::DamagedPicture);
}

#[test]
fn files_are_no_larger_than_they_were_when_this_was_written() {
    let size =
        |picture: DynamicImage, effort| encode(&Raster::srgb(picture), effort, &Cancel::new()).unwrap().len();
    let window = DynamicImage::ImageRgb8(screenshot(640, 400));
    let grainy = DynamicImage::ImageRgb8(photo(320, 200));
    let round = DynamicImage::ImageRgba8(badge(128));
    let sizes = [window, grainy, round].map(|picture| EFFORTS.map(|effort| size(picture.clone(), effort)));
    let bounds = [[22_300, 19_800], [72_900, 70_300], [3_400, 2_750]];
    let is_within = sizes.as_flattened().iter().zip(bounds.as_flattened()).all(|(size, bound)| size <= bound);
    assert!(is_within, "{sizes:?} {bounds:?}");
    assert!(sizes.iter().all(|[fast, small]| small <= fast), "{sizes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn broken_bytes_never_do_more_than_fail(
        which in 0_usize..6,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let kinds = kinds();
        let mut file = if which == 0 { animated() } else { kinds[which * 31 % kinds.len()].file() };
        for (place, value) in flips {
            let place = place.index(file.len());
            file[place] = value;
        }
        if which % 2 == 0 {
            file.truncate(cut.index(file.len()));
        }
        with_options(|options| {
            let _ = decode(&file, options);
            let _ = decode_animation(&file, options);
        });
        if let Ok(smaller) = repack(&file, Effort::Fast, &Cancel::new()) {
            prop_assert!(smaller.len() <= file.len());
        }
    }
}
