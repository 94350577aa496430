//! The short cut for progressive files gives what the library gives, to the last bit, or nothing.

use super::super::decode::by_the_library;
use super::super::progressive;
use super::*;
use crate::codec::drawn::Noise;
use crate::format::jpeg_segments::{SCAN, Segments};
use mozjpeg::{ColorSpace, Compress};

/// A progressive file in which coefficients are told in several scans, bit by bit, as most programs write it.
fn refined(pixels: &RgbImage, quality: f32, sides: (u8, u8), is_gray: bool) -> Vec<u8> {
    let gray = DynamicImage::ImageRgb8(pixels.clone()).to_luma8();
    let (from, samples) = if is_gray {
        (ColorSpace::JCS_GRAYSCALE, gray.as_raw())
    } else {
        (ColorSpace::JCS_RGB, pixels.as_raw())
    };
    let mut encoder = Compress::new(from);
    encoder.set_size(pixels.width() as usize, pixels.height() as usize);
    encoder.set_fastest_defaults();
    encoder.set_progressive_mode();
    encoder.set_optimize_coding(true);
    encoder.set_quality(quality);
    if !is_gray {
        encoder.set_chroma_sampling_pixel_sizes(sides, sides);
    }
    let mut started = encoder.start_compress(Vec::new()).unwrap();
    started.write_scanlines(samples).unwrap();
    started.finish().unwrap()
}

fn by_the_short_cut(bytes: &[u8], eighths: u32) -> Option<DynamicImage> {
    let header = Header::read(bytes).ok()?;
    progressive::decode(bytes, &header, eighths, &Cancel::new()).map(|raster| raster.pixels)
}

fn by_the_usual_way(bytes: &[u8], eighths: u32) -> Option<DynamicImage> {
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let options = DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None };
    let header = Header::read(bytes).ok()?;
    by_the_library(bytes, &header, eighths, &options).ok().map(|raster| raster.pixels)
}

/// Shapes and noise: many coefficients of all sizes.
fn busy(width: u32, height: u32) -> RgbImage {
    let mut noise = Noise(9);
    let mut picture = photo(width, height);
    for pixel in picture.pixels_mut() {
        pixel.0 = pixel.0.map(|channel| channel.saturating_add(noise.byte() >> 2));
    }
    picture
}

#[test]
fn every_size_sampling_and_fraction_is_the_same_to_the_last_bit() {
    for (width, height) in [(1, 1), (8, 8), (9, 17), (16, 15), (33, 70), (250, 131)] {
        for sides in [(1, 1), (2, 1), (2, 2), (1, 2)] {
            for (quality, is_gray) in [(30.0, false), (92.0, false), (100.0, false), (92.0, true)] {
                let file = refined(&busy(width, height), quality, sides, is_gray);
                for eighths in [1, 2, 4, 8] {
                    let usual = by_the_usual_way(&file, eighths).unwrap();
                    let short = by_the_short_cut(&file, eighths).expect("the way leads there");
                    assert!(short == usual, "{width}×{height} {sides:?} {quality} {is_gray} {eighths}");
                }
            }
        }
    }
}

#[test]
fn what_is_written_small_here_is_read_the_same() {
    let file = encoded(busy(120, 90), true);
    assert!(Header::read(&file).unwrap().is_progressive);
    assert!(by_the_short_cut(&file, 8).unwrap() == by_the_usual_way(&file, 8).unwrap());
}

#[test]
fn files_in_one_scan_are_left_to_the_library() {
    assert!(by_the_short_cut(&encoded(photo(64, 64), false), 8).is_none());
}

#[test]
fn a_damaged_file_is_never_read_where_the_library_refuses_it() {
    let whole = refined(&busy(90, 60), 85.0, (2, 2), false);
    let mut noise = Noise(11);
    let (mut same, mut left) = (0, 0);
    for _ in 0..600 {
        let mut broken = whole.clone();
        let place = usize::from(u16::from_be_bytes([noise.byte(), noise.byte()])) % (broken.len() - 2) + 2;
        match noise.byte() % 4 {
            0 => broken.truncate(place),
            1 => drop(broken.drain(place..(place + 3).min(whole.len()))),
            _ => broken[place] ^= 1 << (noise.byte() % 8),
        }
        match by_the_short_cut(&broken, 8) {
            Some(short) => {
                let usual = by_the_usual_way(&broken, 8).expect("the library takes it too");
                assert!(short == usual, "other pixels");
                same += 1;
            }
            None => left += 1,
        }
    }
    assert!(same > 20 && left > 200, "{same} read and {left} left");
}

/// A whole file, and the same with something in it at which the library stops.
#[test]
fn what_the_library_does_not_know_is_left_to_it() {
    let whole = refined(&busy(90, 60), 85.0, (2, 2), false);
    let scans: Vec<_> =
        Segments::new(&whole).flatten().filter(|segment| segment.marker == SCAN).map(|s| s.range).collect();
    let put = |at: usize, bytes: &[u8]| [&whole[..at], bytes, &whole[at..]].concat();
    let (first, second) = (scans[0].start, scans[1].start);
    let swapped = |places: [usize; 3]| {
        let mut file = whole.clone();
        for (part, id) in places.into_iter().enumerate() {
            file[first + 5 + 2 * part] = u8::try_from(id).unwrap();
        }
        file
    };
    // One code of 16 bits beside those of this table, which cannot be a size.
    let large_size = [0xff, 0xc4, 0, 20, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 16];
    let many = [&[0xff, 0xc4, 1, 163, 0x13][..], &[0; 14], &[200, 200], &[1; 400]].concat();
    let newer = [0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 2, 0, 0, 0, 1, 0, 1, 0, 0];
    for (what, file) in [
        ("a marker that is reserved", put(second, &[0xff, 0xf0, 0, 2])),
        ("an extension", put(second, &[0xff, 0xc8, 0, 2])),
        ("components in another order", swapped([2, 1, 3])),
        ("the same component twice", swapped([1, 1, 3])),
        ("another JFIF", put(second, &newer)),
        ("more codes than symbols", put(second, &many)),
        ("bytes between segments", put(second, &[0, 0])),
        ("restarts", put(first, &[0xff, 0xdd, 0, 4, 0, 3])),
        ("no end", whole[..whole.len() - 2].to_vec()),
    ] {
        assert!(by_the_short_cut(&file, 8).is_none(), "{what}");
    }
    assert!(by_the_short_cut(&put(second, &large_size), 8).is_none(), "a size that no difference has");
    assert!(by_the_short_cut(&put(second, &[0xff, 0xfe, 0, 3, b'x']), 8).is_some(), "a comment");
}

#[test]
fn stopped_work_says_so() {
    let file = refined(&busy(90, 60), 85.0, (2, 2), false);
    let cancel = Cancel::new();
    cancel.stop();
    let header = Header::read(&file).unwrap();
    assert!(progressive::decode(&file, &header, 8, &cancel).is_none());
}
