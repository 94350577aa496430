//! What is read: flavours, profiles, parts of the size.

use super::*;
use crate::format::jpeg_segments::Segments;
use mozjpeg::{ColorSpace, Compress};

/// A file written with the encoder's own words, for flavours that we never write.
fn raw(samples: &[u8], size: (usize, usize), from: ColorSpace, to: ColorSpace) -> Vec<u8> {
    let mut encoder = Compress::new(from);
    encoder.set_size(size.0, size.1);
    encoder.set_fastest_defaults();
    encoder.set_color_space(to);
    encoder.set_quality(95.0);
    let mut started = encoder.start_compress(Vec::new()).unwrap();
    started.write_scanlines(samples).unwrap();
    started.finish().unwrap()
}

#[test]
fn a_profile_goes_in_and_comes_out_in_as_many_parts_as_it_takes() {
    for length in [1usize, 3000, 65_519, 65_520, 200_000] {
        let icc: Vec<u8> = (0..length).map(|index| (index % 241) as u8).collect();
        let raster = Raster { pixels: photo(32, 32).into(), icc: Some(icc.clone().into()) };
        let file = encode(&raster, &options(false), &Cancel::new()).unwrap();
        assert!(decoded(&file).icc.unwrap() == icc, "{length}");
    }
}

#[test]
fn a_profile_with_a_part_missing_is_none() {
    let icc = vec![7u8; 150_000];
    let raster = Raster { pixels: photo(32, 32).into(), icc: Some(icc.into()) };
    let file = encode(&raster, &options(false), &Cancel::new()).unwrap();
    let parts: Vec<_> = Segments::new(&file).flatten().filter(|segment| segment.marker == 0xe2).collect();
    assert_eq!(parts.len(), 3);
    let missing = [&file[..parts[1].range.start], &file[parts[1].range.end..]].concat();
    assert!(decoded(&missing).icc.is_none());
    let doubled = [&file[..parts[1].range.end], &file[parts[1].range.start..]].concat();
    assert!(decoded(&doubled).icc.is_none());
    // Their order in the file says nothing.
    let swapped = [
        &file[..parts[0].range.start],
        &file[parts[1].range.clone()],
        &file[parts[0].range.clone()],
        &file[parts[1].range.end..],
    ];
    assert_eq!(decoded(&swapped.concat()).icc.unwrap().len(), 150_000);
}

#[test]
fn less_is_decoded_where_less_is_asked_for_and_never_too_little() {
    let picture = photo(808, 608);
    for small in [false, true] {
        let file = encoded(picture.clone(), small);
        for (at_least, expected) in [
            ((1, 1), (101, 76)),
            ((80, 60), (101, 76)),
            ((101, 76), (202, 152)),
            ((150, 20), (202, 152)),
            ((202, 152), (404, 304)),
            ((404, 304), (808, 608)),
            ((808, 608), (808, 608)),
            ((5000, 5000), (808, 608)),
        ] {
            let part = decoded_within(&file, Limits::default(), false, Some(at_least)).unwrap().pixels;
            assert_eq!((part.width(), part.height()), expected, "{at_least:?}");
            let scaled = DynamicImage::from(picture.clone()).resize_exact(
                expected.0,
                expected.1,
                image::imageops::FilterType::Triangle,
            );
            assert!(difference(&part, &scaled) < 4.0, "{at_least:?}");
        }
    }
}

#[test]
fn four_inks_become_colours() {
    // Inverted: 255 is no ink. White, black, red, half gray, cyan.
    let patches: [([u8; 4], [u8; 3]); 5] = [
        ([255, 255, 255, 255], [255, 255, 255]),
        ([255, 255, 255, 0], [0, 0, 0]),
        ([255, 0, 0, 255], [255, 0, 0]),
        ([255, 255, 255, 128], [128, 128, 128]),
        ([0, 255, 255, 255], [0, 255, 255]),
    ];
    let inks: Vec<u8> = (0..40 * 80).flat_map(|index| patches[index % 80 / 16].0).collect();
    for stored in [ColorSpace::JCS_CMYK, ColorSpace::JCS_YCCK] {
        let back = decoded(&raw(&inks, (80, 40), ColorSpace::JCS_CMYK, stored)).pixels;
        let back = back.as_rgb8().unwrap();
        for (patch, (_, expected)) in (0u32..).zip(patches) {
            let pixel = back.get_pixel(patch * 16 + 8, 20).0;
            let is_near =
                pixel.iter().zip(expected).all(|(channel, expected)| channel.abs_diff(expected) < 6);
            assert!(is_near, "{stored:?}: {pixel:?} is not {expected:?}");
        }
    }
}

#[test]
fn a_file_of_another_program_with_four_inks_looks_as_it_should() {
    let back = decoded(CMYK).pixels;
    let original = image::load_from_memory(include_bytes!("../../../../tests/fixtures/full.png")).unwrap();
    assert!(difference(&back, &original) < 12.0, "{}", difference(&back, &original));
}

#[test]
fn colours_stored_without_a_change_are_read() {
    let picture = photo(40, 40);
    let back = decoded(&raw(picture.as_raw(), (40, 40), ColorSpace::JCS_RGB, ColorSpace::JCS_RGB));
    assert!(difference(&back.pixels, &picture.into()) < 2.0);
}
