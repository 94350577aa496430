//! The short cut to an eighth of the size, against the decoder.

use super::super::eighth;
use super::*;
use crate::format::jpeg_segments::{SCAN, Segments};
use image::GrayImage;
use mozjpeg::{ColorSpace, Compress};
use picferry_core::ErrorCode;
use proptest::prelude::*;

fn short_cut(bytes: &[u8]) -> Option<DynamicImage> {
    eighth(bytes, &Limits::default()).map(|raster| raster.pixels)
}

/// The decoder's eighth of a file.
fn long_way(bytes: &[u8]) -> DynamicImage {
    decoded_within(bytes, Limits::default(), false, Some((0, 0))).unwrap().pixels
}

/// Written with the sampling that is asked for.
fn sampled(pixels: &RgbImage, sampling: (u8, u8), progressive: bool) -> Vec<u8> {
    let mut encoder = Compress::new(ColorSpace::JCS_RGB);
    encoder.set_size(pixels.width() as usize, pixels.height() as usize);
    encoder.set_fastest_defaults();
    if progressive {
        encoder.set_progressive_mode();
    }
    encoder.set_quality(90.0);
    encoder.set_chroma_sampling_pixel_sizes(sampling, sampling);
    let mut started = encoder.start_compress(Vec::new()).unwrap();
    started.write_scanlines(pixels.as_raw()).unwrap();
    started.finish().unwrap()
}

/// Noise has codes of all lengths, and blocks without an end.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    })
}

#[test]
fn the_means_are_what_the_decoder_says() {
    for (width, height) in [(1600, 1200), (1001, 333), (17, 300), (8, 8), (1, 1)] {
        for picture in [photo(width, height), noise(width, height)] {
            for sampling in [(1, 1), (2, 1), (1, 2), (2, 2)] {
                for progressive in [false, true] {
                    let file = sampled(&picture, sampling, progressive);
                    let (short, long) = (short_cut(&file).unwrap(), long_way(&file));
                    // Colours of half the resolution are repeated here, and have some details there.
                    let same = difference(&short.to_luma8().into(), &long.to_luma8().into());
                    assert!(same < 8.0, "{same}: {width} × {height} {sampling:?} {progressive}");
                    if sampling == (1, 1) && !progressive {
                        assert!(difference(&short, &long) < 0.02, "{width} × {height}");
                    }
                }
            }
        }
    }
}

#[test]
fn gray_has_one_component_and_the_profile_comes_along() {
    let gray = GrayImage::from_fn(801, 640, |x, y| [(x / 4 + y / 16) as u8].into());
    for small in [false, true] {
        let raster = Raster { pixels: gray.clone().into(), icc: Some(vec![7; 100].into()) };
        let file = encode(&raster, &options(small), &Cancel::new()).unwrap();
        let short = eighth(&file, &Limits::default()).unwrap();
        assert_eq!(short.icc.as_deref(), Some(&[7; 100][..]));
        assert!(short.pixels.as_luma8().is_some());
        assert!(difference(&short.pixels, &long_way(&file)) < 0.6);
    }
}

/// A gray row of blocks without details, with a restart after every `interval` of them.
fn with_restarts(means: &[i32], interval: usize) -> Vec<u8> {
    let segment = |marker: u8, payload: &[u8]| {
        let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], payload].concat()
    };
    // Differences of no bits, of six, of eight; an end of the block; all in codes of two bits.
    let codes = |which: u8, symbols: &[u8]| {
        let mut payload = vec![which, 0, u8::try_from(symbols.len()).unwrap()];
        payload.extend([0; 14]);
        payload.extend(symbols);
        segment(0xc4, &payload)
    };
    let width = u16::try_from(means.len() * 8).unwrap().to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[[0].as_slice(), &[8; 64]].concat()));
    file.extend(segment(0xc0, &[8, 0, 8, width[0], width[1], 1, 1, 0x11, 0]));
    file.extend(codes(0x00, &[0, 6, 8]));
    file.extend(codes(0x10, &[0]));
    file.extend(segment(0xdd, &u16::try_from(interval).unwrap().to_be_bytes()));
    file.extend(segment(0xda, &[1, 1, 0x00, 0, 63, 0]));
    for (number, means) in (0u8..).zip(means.chunks(interval)) {
        let mut bits = String::new();
        let mut before = 0;
        for mean in means {
            let difference = mean - before;
            before = *mean;
            let (code, size) = match difference.abs() {
                0 => ("00", 0),
                32..=63 => ("01", 6),
                128..=255 => ("10", 8),
                other => panic!("no code for {other}"),
            };
            let value = if difference < 0 { difference + (1 << size) - 1 } else { difference };
            bits += code;
            bits +=
                &(0..size).rev().map(|bit| if value >> bit & 1 == 1 { '1' } else { '0' }).collect::<String>();
            bits += "00";
        }
        bits += &"1".repeat(bits.len().next_multiple_of(8) - bits.len());
        for byte in bits.as_bytes().chunks(8) {
            let byte = byte.iter().fold(0u8, |byte, bit| byte << 1 | (bit - b'0'));
            file.push(byte);
            file.extend((byte == 0xff).then_some(0));
        }
        file.extend([0xff, 0xd0 + number % 8]);
    }
    file.truncate(file.len() - 2);
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn restarts_are_followed() {
    // All differences are 0, 40, or above 127, also that of the first block behind a restart.
    let means = [0, 40, 0, -40, -40, 0, 0, 40, 0, 40, 40, -128, -128, 0, 0, -40, 0, -40, 0];
    for interval in [19, 7, 4, 2, 1] {
        let file = with_restarts(&means, interval);
        let short = short_cut(&file).unwrap();
        let expected: Vec<u8> = means.iter().map(|mean| u8::try_from(mean + 128).unwrap()).collect();
        assert_eq!(short.as_bytes(), expected, "every {interval}");
        assert_eq!(long_way(&file), short);
    }
}

#[test]
fn what_is_not_there_is_not_made_up() {
    let file = sampled(&photo(400, 300), (2, 2), true);
    let scans: Vec<_> = Segments::new(&file).flatten().filter(|segment| segment.marker == SCAN).collect();
    let first = &scans[0].range;
    assert!(short_cut(&file[..first.end - 20]).is_none(), "cut within its first scan");
    let length = scans[0].payload.len();
    let place = first.start + 4 + length - 3;
    for (offset, value) in [(0, 1), (1, 5), (2, 0x02), (2, 0x10)] {
        let mut other = file.clone();
        other[place + offset] = value;
        assert!(short_cut(&other).is_none(), "not the means: {offset} {value}");
    }
    let baseline = sampled(&photo(400, 300), (2, 2), false);
    for length in 0..baseline.len() - 8 {
        assert!(short_cut(&baseline[..length]).is_none(), "cut to {length}");
    }
}

#[test]
fn what_is_stored_otherwise_is_left_to_the_decoder() {
    assert!(short_cut(CMYK).is_none());
    let picture = photo(80, 80);
    let mut encoder = Compress::new(ColorSpace::JCS_RGB);
    encoder.set_size(80, 80);
    encoder.set_fastest_defaults();
    encoder.set_color_space(ColorSpace::JCS_RGB);
    let mut started = encoder.start_compress(Vec::new()).unwrap();
    started.write_scanlines(picture.as_raw()).unwrap();
    assert!(short_cut(&started.finish().unwrap()).is_none());
}

#[test]
fn a_picture_above_the_limit_is_left_to_the_decoder_which_says_so() {
    let file = encoded(photo(400, 300), false);
    let limits = Limits { max_pixels: 400 * 300 - 1, ..Limits::default() };
    assert!(eighth(&file, &limits).is_none());
    assert_eq!(decoded_within(&file, limits, true, None).unwrap_err().code, ErrorCode::TooManyPixels);
}

proptest! {
    #[test]
    fn broken_files_are_read_or_not(
        progressive: bool, two_by_two: bool,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let sampling = if two_by_two { (2, 2) } else { (2, 1) };
        let mut file = sampled(&noise(120, 90), sampling, progressive);
        for (index, value) in changes {
            let index = index.index(file.len());
            file[index] = value;
        }
        if let Some(pixels) = short_cut(&file) {
            let header = Header::read(&file).unwrap();
            prop_assert_eq!((pixels.width(), pixels.height()), header.scaled(1));
        }
    }
}
