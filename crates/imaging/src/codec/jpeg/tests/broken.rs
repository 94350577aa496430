//! Files that are cut, broken, too large, or of a flavour that is not decoded.

use super::super::eighth;
use super::*;
use crate::format::jpeg_segments::{SCAN, Segments};
use image::GrayImage;
use picferry_core::ErrorCode;
use proptest::prelude::*;

fn frame_at(bytes: &[u8]) -> usize {
    let frame = Segments::new(bytes).flatten().find(|segment| segment.is_frame()).unwrap();
    frame.range.start
}

#[test]
fn cut_at_any_byte_it_is_an_error_or_if_allowed_a_picture() {
    for small in [false, true] {
        let file = encoded(photo(60, 44), small);
        let data =
            Segments::new(&file).flatten().find(|segment| segment.marker == SCAN).unwrap().range.start + 20;
        for length in 0..file.len() {
            let cut = &file[..length];
            match decoded_within(cut, Limits::default(), false, None) {
                // Only what follows the last row may be missing.
                Ok(_) => assert!(length >= file.len() - 4, "{length} of {} is whole", file.len()),
                Err(error) => assert_eq!(error.code, ErrorCode::DamagedPicture),
            }
            match decoded_within(cut, Limits::default(), true, None) {
                Ok(raster) => assert_eq!((raster.width(), raster.height()), (60, 44)),
                Err(error) => {
                    assert_eq!(error.code, ErrorCode::DamagedPicture);
                    assert!(length < data, "{length}: what is there of the pixels is shown");
                }
            }
        }
    }
}

#[test]
fn a_warning_is_damage_unless_damage_is_allowed() {
    let mut file = encoded(photo(200, 200), false);
    let data = Segments::new(&file).flatten().find(|segment| segment.marker == SCAN).unwrap().range;
    let middle = (data.start + data.end) / 2;
    // A marker where there is none.
    file[middle] = 0xff;
    file[middle + 1] = 0xd9;
    assert_eq!(refused(&file).code, ErrorCode::DamagedPicture);
    let raster = decoded_within(&file, Limits::default(), true, None).unwrap();
    assert_eq!((raster.width(), raster.height()), (200, 200));
}

#[test]
fn flavours_that_cannot_be_decoded_are_not_called_damaged() {
    let file = encoded(photo(40, 40), false);
    let at = frame_at(&file);
    for (offset, value) in [(1, 0xc3), (1, 0xc9), (1, 0xcb), (4, 12)] {
        let mut other = file.clone();
        other[at + offset] = value;
        let error = refused(&other);
        assert_eq!(error.code, ErrorCode::Unsupported, "{offset} {value:x}");
        assert!(error.hint.is_some());
    }
    let mut open = file.clone();
    open[at + 5..at + 7].fill(0);
    assert_eq!(refused(&open).code, ErrorCode::Unsupported, "a height that comes later");
    let mut none = file;
    none[at + 7..at + 9].fill(0);
    assert_eq!(refused(&none).code, ErrorCode::DamagedPicture);
}

#[test]
fn limits_hold_before_anything_is_allocated() {
    let mut bomb = encoded(photo(40, 40), false);
    let at = frame_at(&bomb);
    bomb[at + 5..at + 9].fill(0xfe);
    assert_eq!(refused(&bomb).code, ErrorCode::TooManyPixels);
    // 1024 × 1024 RGB pixels are 3 MiB; the coefficients of a progressive file are 3 MiB and a sixteenth more,
    // or twice as much with colours at full resolution.
    let limits = |max_alloc: u64| Limits { max_alloc: max_alloc * 1024 * 1024, ..Limits::default() };
    let picture = photo(1024, 1024);
    let code = |file: &[u8], max_alloc, at_least| {
        decoded_within(file, limits(max_alloc), false, at_least).err().map(|error| error.code)
    };
    let (fast, small) = (encoded(picture.clone(), false), encoded(picture.clone(), true));
    let full = JpegOptions { subsampling: Subsampling::Full, ..options(true) };
    let full = encode(&Raster::srgb(picture.into()), &full, &Cancel::new()).unwrap();
    for (file, enough) in [(&fast, 3), (&small, 7), (&full, 10)] {
        assert_eq!(code(file, enough, None), None);
        assert_eq!(code(file, enough - 1, None), Some(ErrorCode::TooManyPixels));
    }
    // A quarter of the size has a sixteenth of the pixels, and coefficients as before.
    assert_eq!(code(&fast, 1, Some((100, 100))), None);
    assert_eq!(code(&small, 4, Some((100, 100))), None);
    assert_eq!(code(&small, 3, Some((100, 100))), Some(ErrorCode::TooManyPixels));
}

#[test]
fn a_file_of_nothing_but_scans_is_refused() {
    let file = encoded(photo(64, 64), true);
    let last = Segments::new(&file).flatten().filter(|segment| segment.marker == SCAN).last().unwrap().range;
    let bomb = [&file[..last.end], &file[last.clone()].repeat(300), &file[last.end..]].concat();
    assert_eq!(refused(&bomb).code, ErrorCode::Unsupported);
}

/// Decodes in every way; an answer is all that is asked for.
fn answers(bytes: &[u8]) {
    let limits = Limits { max_pixels: 4_000_000, max_alloc: 64 * 1024 * 1024 };
    for (allow_damaged, at_least) in [(false, None), (true, None), (true, Some((8, 8)))] {
        if let Err(error) = decoded_within(bytes, limits, allow_damaged, at_least) {
            assert!(!error.message.contains("gave up"), "a panic: {:?}", error.details);
            assert_ne!(error.code, ErrorCode::Internal);
        }
    }
    let _ = eighth(bytes, &limits);
}

proptest! {
    #[test]
    fn any_size_comes_back(
        width in 1..150u32, height in 1..150u32, small: bool, gray: bool, quality in 1..=100u8,
    ) {
        let picture = DynamicImage::from(photo(width, height));
        let picture = if gray { picture.to_luma8().into() } else { picture };
        let options = JpegOptions { quality: quality.into(), small, subsampling: Subsampling::Auto };
        let file = encode(&Raster::srgb(picture), &options, &Cancel::new()).unwrap();
        let back = decoded(&file);
        prop_assert_eq!((back.width(), back.height()), (width, height));
        let part = decoded_within(&file, Limits::default(), false, Some((width.div_ceil(3), height.div_ceil(3))));
        let part = part.unwrap();
        prop_assert!(part.width() >= width.div_ceil(3) && part.height() >= height.div_ceil(3));
    }

    #[test]
    fn broken_files_are_answered(
        which in 0..4usize,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8u8), 1..10),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut file = match which {
            0 => encoded(photo(90, 70), false),
            1 => encoded(photo(90, 70), true),
            2 => encoded(GrayImage::from_fn(50, 50, |x, y| [(x * y) as u8].into()), true),
            _ => CMYK.to_vec(),
        };
        for (index, bit) in flips {
            let index = index.index(file.len());
            file[index] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        answers(&file);
    }

    #[test]
    fn broken_headers_are_answered(
        small: bool, changes in proptest::collection::vec((0..700usize, any::<u8>()), 1..6),
    ) {
        let mut file = encoded(photo(90, 70), small);
        for (index, value) in changes {
            let index = index % file.len();
            file[index] = value;
        }
        answers(&file);
    }
}
