//! The formats that are only read.

use super::decode;
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::codec::drawn::{badge, photo, profile, seen, with_options};
use crate::codec::png;
use crate::limits::Limits;
use crate::raster::Raster;
use image::{DynamicImage, ImageFormat};
use picferry_core::images::Effort;
use picferry_core::picture::PictureFormat;
use picferry_core::{ErrorCode, Result};
use proptest::prelude::*;
use std::io::Cursor;

fn write(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read(bytes: &[u8], format: PictureFormat) -> Result<Raster> {
    with_options(|options| decode(bytes, format, options))
}

#[test]
fn pictures_come_back_as_they_were_written() {
    let color = DynamicImage::ImageRgb8(photo(33, 20));
    let alpha = DynamicImage::ImageRgba8(badge(24));
    let gray = DynamicImage::ImageLuma8(color.to_luma8());
    let wide = DynamicImage::ImageRgb16(color.to_rgb16());
    let wide_gray = DynamicImage::ImageLuma16(color.to_luma16());
    let cases = [
        (PictureFormat::Tiff, ImageFormat::Tiff, vec![&color, &alpha, &gray, &wide, &wide_gray]),
        (PictureFormat::Bmp, ImageFormat::Bmp, vec![&color, &alpha, &gray]),
        (PictureFormat::Qoi, ImageFormat::Qoi, vec![&color, &alpha]),
        (PictureFormat::Ico, ImageFormat::Ico, vec![&alpha]),
    ];
    for (format, codec, pictures) in cases {
        for picture in pictures {
            let back = read(&write(picture, codec), format).unwrap().pixels;
            assert_eq!(seen(&back), seen(picture), "{format:?} {:?}", picture.color());
            let bits =
                |picture: &DynamicImage| picture.color().bytes_per_pixel() / picture.color().channel_count();
            assert_eq!(bits(&back), bits(picture));
        }
    }
}

/// An ICO file of these entries.
fn icon(entries: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut file = vec![0, 0, 1, 0];
    file.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    let mut offset = 6 + entries.len() * 16;
    for (side, data) in entries {
        file.extend([*side, *side, 0, 0, 1, 0, 32, 0]);
        file.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        file.extend(u32::try_from(offset).unwrap().to_le_bytes());
        offset += data.len();
    }
    entries.iter().for_each(|(_, data)| file.extend(data));
    file
}

#[test]
fn an_icon_is_its_largest_entry_whatever_kind_of_png_that_is() {
    let png = |side| {
        let picture = Raster::srgb(DynamicImage::ImageRgb8(photo(side, side)));
        png::encode(&picture, Effort::Fast, &Cancel::new()).unwrap()
    };
    let file = icon(&[(16, png(16)), (0, png(256)), (48, png(48))]);
    let back = read(&file, PictureFormat::Ico).unwrap().pixels;
    assert_eq!(back.to_rgb8(), photo(256, 256));
}

/// A TIFF file of one strip.
fn tiff(samples: u16, bits: u16, photometric: u16, sample_format: u16, icc: &[u8], data: &[u8]) -> Vec<u8> {
    let mut file = b"II\x2a\0\x08\0\0\0".to_vec();
    let count: u16 = if icc.is_empty() { 10 } else { 11 };
    let behind = 8 + 2 + u32::from(count) * 12 + 4;
    let (bits_at, data_at) = (behind, behind + 8);
    let icc_at = data_at + u32::try_from(data.len()).unwrap();
    file.extend(count.to_le_bytes());
    let mut entry = |tag: u16, kind: u16, count: u32, value: u32| {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    };
    let samples_long = u32::from(samples);
    entry(256, 4, 1, 2);
    entry(257, 4, 1, 1);
    if samples > 2 {
        entry(258, 3, samples_long, bits_at)
    } else {
        entry(258, 3, 1, bits.into())
    }
    entry(259, 3, 1, 1);
    entry(262, 3, 1, photometric.into());
    entry(273, 4, 1, data_at);
    entry(277, 3, 1, samples_long);
    entry(278, 4, 1, 1);
    entry(279, 4, 1, u32::try_from(data.len()).unwrap());
    entry(339, 3, 1, sample_format.into());
    if !icc.is_empty() {
        entry(34_675, 7, u32::try_from(icc.len()).unwrap(), icc_at);
    }
    file.extend([0; 4]);
    file.extend([bits; 4].iter().flat_map(|bits| bits.to_le_bytes()));
    file.extend(data);
    file.extend(icc);
    file
}

#[test]
fn inks_become_colours_and_their_profile_goes() {
    let icc = profile(b"CMYK", 200);
    let file = tiff(4, 8, 5, 1, &icc, &[0, 255, 255, 0, 0, 0, 0, 128]);
    let raster = read(&file, PictureFormat::Tiff).unwrap();
    assert!(raster.icc.is_none());
    let pixels = raster.pixels.to_rgb8();
    assert_eq!(pixels.get_pixel(0, 0).0, [255, 0, 0]);
    assert!(pixels.get_pixel(1, 0).0.iter().all(|channel| channel.abs_diff(127) <= 1));
}

#[test]
fn a_profile_for_colours_stays() {
    let icc = profile(b"RGB ", 200);
    let file = tiff(3, 8, 2, 1, &icc, &[1, 2, 3, 4, 5, 6]);
    let raster = read(&file, PictureFormat::Tiff).unwrap();
    assert_eq!(raster.icc.as_deref(), Some(icc.as_slice()));
    assert_eq!(raster.pixels.to_rgb8().into_raw(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn what_cannot_be_decoded_says_so_and_what_to_do() {
    let floats: Vec<u8> =
        [0.1_f32, 0.2, 0.3, 0.4, 0.5, 0.6].iter().flat_map(|float| float.to_le_bytes()).collect();
    for file in [tiff(3, 32, 2, 3, &[], &floats), tiff(1, 8, 3, 1, &[], &[0, 1])] {
        let error = read(&file, PictureFormat::Tiff).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unsupported, "{error:?}");
        assert!(error.hint.is_some());
    }
    let error = read(b"", PictureFormat::Jpeg).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
}

#[test]
fn what_is_too_large_is_refused_before_it_takes_memory() {
    let picture = DynamicImage::ImageRgb8(photo(64, 64));
    let limits =
        [Limits { max_pixels: 1000, ..Limits::default() }, Limits { max_alloc: 1000, ..Limits::default() }];
    for (format, codec) in [
        (PictureFormat::Tiff, ImageFormat::Tiff),
        (PictureFormat::Bmp, ImageFormat::Bmp),
        (PictureFormat::Qoi, ImageFormat::Qoi),
        (PictureFormat::Ico, ImageFormat::Ico),
    ] {
        for limits in &limits {
            let cancel = Cancel::new();
            let options = DecodeOptions { limits, cancel: &cancel, allow_damaged: false, at_least: None };
            let error = decode(&write(&picture, codec), format, &options).unwrap_err();
            assert_eq!(error.code, ErrorCode::TooManyPixels, "{format:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn broken_bytes_never_do_more_than_fail(
        which in 0_usize..5,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let picture = DynamicImage::ImageRgba8(badge(12));
        let (mut bytes, format) = match which {
            0 => (write(&picture, ImageFormat::Tiff), PictureFormat::Tiff),
            1 => (write(&picture, ImageFormat::Bmp), PictureFormat::Bmp),
            2 => (write(&picture, ImageFormat::Qoi), PictureFormat::Qoi),
            3 => (write(&picture, ImageFormat::Ico), PictureFormat::Ico),
            _ => (tiff(4, 8, 5, 1, &[], &[0, 255, 255, 0, 0, 0, 0, 128]), PictureFormat::Tiff),
        };
        for (place, value) in flips {
            let place = place.index(bytes.len().min(300));
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { max_pixels: 1_000_000, max_alloc: 64 << 20 };
        let cancel = Cancel::new();
        let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None };
        let _ = decode(&bytes, format, &options);
    }
}
