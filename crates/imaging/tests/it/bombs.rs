//! Small files that would unpack to something huge beside their pixels.

#[cfg(target_os = "linux")]
use crate::memory;
use crate::pictures::{chunk, corners, encoded, fixture, pixels_stay, with_segment};
use bytes::Bytes;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader};
use picferry_core::images::{FormatRule, TargetFormat, WhenImpossible};
use picferry_imaging::{
    Cancel, Limits, PrepareOptions, inspect, metadata_report, prepare, preview, thumbnail,
};
use std::io::Cursor;

/// What is inside, unpacked.
const INSIDE: usize = 64 * 1024 * 1024;

fn packed_zeros(length: usize) -> Vec<u8> {
    let mut packed = fdeflate::Compressor::new(Vec::new()).unwrap();
    let zeros = vec![0; 64 * 1024];
    for _ in 0..length / zeros.len() {
        packed.write_data(&zeros).unwrap();
    }
    packed.finish().unwrap()
}

/// A picture with a chunk behind its header.
fn with_chunk(kind: &[u8; 4], head: &[u8], packed: &[u8]) -> Vec<u8> {
    let plain = encoded(&corners(), ImageFormat::Png);
    [&plain[..33], &chunk(kind, &[head, packed].concat()), &plain[33..]].concat()
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let packed = packed_zeros(INSIDE);
    vec![
        ("profile", with_chunk(b"iCCP", b"name\0\0", &packed)),
        ("text", with_chunk(b"zTXt", b"Comment\0\0", &packed)),
        ("XMP", with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0", &packed)),
        ("EXIF as text", with_chunk(b"zTXt", b"Raw profile type exif\0\0", &packed)),
    ]
}

/// Everything that is ever done to a picture.
fn do_everything(bytes: &[u8]) {
    inspect(bytes).unwrap();
    metadata_report(bytes).unwrap();
    thumbnail(bytes, &Limits::default()).unwrap();
    preview(bytes, 20, &Limits::default()).unwrap();
    prepare(Bytes::copy_from_slice(bytes), &pixels_stay(), &Cancel::new()).unwrap();
    for format in [TargetFormat::Jpeg, TargetFormat::Png, TargetFormat::Webp, TargetFormat::Avif] {
        let mut options = PrepareOptions::default();
        options.images.format = FormatRule::To(format);
        options.images.when_impossible = WhenImpossible::Refuse;
        prepare(Bytes::copy_from_slice(bytes), &options, &Cancel::new()).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_packed_beside_the_pixels_is_never_unpacked_whole() {
    if !memory::is_alone("bombs::what_is_packed_beside_the_pixels_is_never_unpacked_whole") {
        return;
    }
    // What codecs set up once is no part of it.
    do_everything(&encoded(&corners(), ImageFormat::Png));
    for (name, bytes) in bombs() {
        assert!(bytes.len() < INSIDE / 100, "{name} has {} bytes", bytes.len());
        let ((), peak) = memory::peak(|| do_everything(&bytes));
        assert!(peak < 16 * 1024 * 1024, "{name}: {peak} bytes at once");
    }
}

#[test]
fn a_profile_of_a_usual_size_comes_along_and_a_huge_one_does_not() {
    let profile = |bytes: &[u8]| {
        let reader = ImageReader::new(Cursor::new(bytes.to_vec())).with_guessed_format().unwrap();
        reader.into_decoder().unwrap().icc_profile().unwrap()
    };
    let converted = |bytes: Vec<u8>| {
        let mut options = PrepareOptions::default();
        options.images.format = FormatRule::To(TargetFormat::Webp);
        prepare(bytes.into(), &options, &Cancel::new()).unwrap().bytes
    };
    for name in ["full.png", "full.jpg"] {
        assert!(profile(&converted(fixture(name).to_vec())).is_some(), "{name}");
    }
    let parts = 90_u8;
    let jpeg = (1..=parts).rev().fold(encoded(&corners(), ImageFormat::Jpeg), |jpeg, number| {
        let head = [b"ICC_PROFILE\0", &[number, parts][..]].concat();
        with_segment(&jpeg, 0xe2, &[&head[..], &[0; 65_000]].concat())
    });
    let huge = [("JPEG", jpeg), ("PNG", with_chunk(b"iCCP", b"name\0\0", &packed_zeros(6_000_000)))];
    for (name, bytes) in huge {
        let after = converted(bytes);
        assert_eq!(profile(&after), None, "{name}");
        assert!(after.len() < 10_000, "{name} became {} bytes", after.len());
    }
}

#[test]
fn pixels_of_which_one_file_says_they_go_on_for_ever_end_where_the_picture_does() {
    // A single pixel, and data for sixty million.
    let mut file = Vec::new();
    DynamicImage::new_luma8(1, 1).write_to(&mut Cursor::new(&mut file), ImageFormat::Png).unwrap();
    let head = file[..33].to_vec();
    let bytes = [head, chunk(b"IDAT", &packed_zeros(INSIDE)), chunk(b"IEND", &[])].concat();
    let small = thumbnail(&bytes, &Limits::default());
    assert!(small.is_err() || small.is_ok_and(|small| small.is_some_and(|small| small.width == 1)));
}
