//! Formats are told by content, never by name.

use crate::pictures::{self, SVG, fixture};
use picferry_core::ErrorCode;
use picferry_core::picture::{PictureFormat, PictureInfo};
use picferry_imaging::{inspect, sniff};

#[test]
fn every_format_is_told_by_its_first_bytes() {
    let mut seen = Vec::new();
    for (name, format, bytes) in pictures::all() {
        let head = &bytes[..bytes.len().min(4096)];
        assert_eq!(sniff(head), Some(format), "{name}");
        seen.push(format);
    }
    for format in PictureFormat::ALL {
        assert!(seen.contains(&format), "no test picture for {format:?}");
    }
}

#[test]
fn the_header_says_size_and_animation() {
    let info = |bytes: &[u8]| inspect(bytes).unwrap();
    let still = |format, width, height| PictureInfo {
        format,
        width: Some(width),
        height: Some(height),
        animated: false,
    };
    assert_eq!(info(fixture("full.jpg")), still(PictureFormat::Jpeg, 96, 64));
    assert_eq!(info(fixture("progressive.jpg")), still(PictureFormat::Jpeg, 96, 64));
    assert_eq!(info(fixture("full.png")), still(PictureFormat::Png, 96, 64));
    assert_eq!(info(fixture("plain.webp")), still(PictureFormat::Webp, 96, 64));
    assert_eq!(info(fixture("lossless.webp")), still(PictureFormat::Webp, 96, 64));
    assert_eq!(info(fixture("full.heic")), still(PictureFormat::Heic, 96, 64));
    assert_eq!(info(fixture("plain.jxl")), still(PictureFormat::Jxl, 96, 64));
    assert_eq!(info(fixture("full.jxl")), still(PictureFormat::Jxl, 96, 64));
    assert_eq!(info(fixture("plain.bmp")), still(PictureFormat::Bmp, 96, 64));
    assert_eq!(info(fixture("plain.ico")), still(PictureFormat::Ico, 32, 32));
    assert_eq!(info(SVG.as_bytes()), still(PictureFormat::Svg, 40, 30));
    for animated in ["full.gif", "animated.webp", "sequence.avif"] {
        let info = info(fixture(animated));
        assert_eq!((info.width, info.height, info.animated), (Some(96), Some(64), true), "{animated}");
    }
    assert!(info(&pictures::animated_png()).animated);
}

#[test]
fn a_turned_picture_has_the_size_that_people_see() {
    for name in ["full.webp", "full.avif", "full.tiff"] {
        let info = inspect(fixture(name)).unwrap();
        assert_eq!((info.width, info.height), (Some(64), Some(96)), "{name}");
    }
}

#[test]
fn an_svg_without_pixels_has_no_size() {
    let info = inspect(b"<svg width=\"100%\" height='2em'></svg>").unwrap();
    assert_eq!((info.width, info.height), (None, None));
    let info = inspect(b"<svg:svg stroke-width=\"3\" width=\"20000\" height=\"20000\"/>").unwrap();
    assert_eq!(info.width, Some(20_000), "a vector may be as large as it likes");
}

#[test]
fn html_video_and_text_are_no_pictures() {
    let no_pictures: [&[u8]; 12] = [
        b"<!DOCTYPE html><html><svg></svg></html>",
        b"<html><body><svg width=\"1\"/></body></html>",
        b"<?xml version=\"1.0\"?><feed/>",
        b"<!-- <svg> ",
        b"BM, said the man, and left",
        b"\0\0\0\x20ftypisom\0\0\0\0isommp42",
        b"\0\0\x01\xb3\x14\0\xf0\x23",
        b"II*\0\x10\0\0\0CR\x02\0",
        b"RIFF\x10\0\0\0AVI LIST",
        b"%PDF-1.7",
        b"\x89PN",
        b"\xff\xd8",
    ];
    for bytes in no_pictures {
        let error = inspect(bytes).unwrap_err();
        assert_eq!(error.code, ErrorCode::NotAPicture, "{}", String::from_utf8_lossy(bytes));
        assert!(error.hint.is_some());
    }
}
