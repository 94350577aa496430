//! Bad input is refused with its reason, and nothing panics.

use crate::pictures::{self, png_header};
use bytes::Bytes;
use picferry_core::ErrorCode;
use picferry_core::images::WhenImpossible;
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Cancel, Limits, PrepareOptions, inspect, prepare, sniff, thumbnail};
use proptest::prelude::*;

fn refused(bytes: &[u8]) -> Box<picferry_core::Error> {
    prepare(Bytes::copy_from_slice(bytes), &PrepareOptions::default(), &Cancel::new()).unwrap_err()
}

#[test]
fn an_empty_file_is_called_empty() {
    assert_eq!(refused(b"").code, ErrorCode::EmptyFile);
    assert_eq!(inspect(b"").unwrap_err().code, ErrorCode::EmptyFile);
    assert_eq!(thumbnail(b"", &Limits::default()).unwrap_err().code, ErrorCode::EmptyFile);
}

#[test]
fn every_good_picture_is_accepted() {
    for (name, format, bytes) in pictures::all() {
        let prepared = prepare(Bytes::from(bytes.clone()), &pictures::pixels_stay(), &Cancel::new());
        assert_eq!(prepared.unwrap_or_else(|error| panic!("{name}: {error}")).info.format, format);
        let prepared = prepare(Bytes::from(bytes), &PrepareOptions::default(), &Cancel::new());
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
}

#[test]
fn a_picture_that_was_cut_is_damaged_wherever_it_was_cut() {
    for (name, format, bytes) in pictures::all() {
        // Nothing marks the end of a bare codestream.
        if name == "plain.jxl" {
            continue;
        }
        for length in [bytes.len() - 1, bytes.len() * 9 / 10, bytes.len() / 2, bytes.len() / 10] {
            // A text may lack its last line break, and a GIF the byte that only says “end”.
            let may_lack_last = matches!(format, PictureFormat::Svg | PictureFormat::Gif);
            if may_lack_last && length == bytes.len() - 1 {
                continue;
            }
            let code = refused(&bytes[..length]).code;
            let is_recognised = sniff(&bytes[..length]).is_some();
            let expected = if is_recognised { ErrorCode::DamagedPicture } else { ErrorCode::NotAPicture };
            assert_eq!(code, expected, "{name} cut to {length} of {}", bytes.len());
        }
    }
}

#[test]
fn a_picture_that_lacks_its_last_bytes_is_damaged_however_few_they_are() {
    let bitmap = pictures::run_length_bitmap();
    let tiff = pictures::encoded(&pictures::corners(), image::ImageFormat::Tiff);
    let mut all = pictures::all();
    all.push(("packed.bmp".into(), PictureFormat::Bmp, bitmap));
    all.push(("directory at the end.tiff".into(), PictureFormat::Tiff, tiff));
    for (name, format, bytes) in all {
        assert!(
            prepare(Bytes::from(bytes.clone()), &pictures::pixels_stay(), &Cancel::new()).is_ok(),
            "{name}"
        );
        // Nothing marks the end of a bare codestream.
        if name == "plain.jxl" {
            continue;
        }
        for missing in 1..=20 {
            // A text may lack its last line break, and a GIF the byte that only says “end”.
            if missing == 1 && matches!(format, PictureFormat::Svg | PictureFormat::Gif) {
                continue;
            }
            let cut = &bytes[..bytes.len() - missing];
            let prepared = prepare(Bytes::copy_from_slice(cut), &pictures::pixels_stay(), &Cancel::new());
            let code = prepared.map(|prepared| prepared.info.format).map_err(|error| error.code);
            assert_eq!(code, Err(ErrorCode::DamagedPicture), "{name} without its last {missing} bytes");
        }
    }
}

#[test]
fn a_header_of_sixty_thousand_by_sixty_thousand_is_refused_unread() {
    let error = refused(&png_header(60_000, 60_000));
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    assert_eq!(error.params["width"], "60000");
    assert_eq!(error.params["megapixels"], "3600");
    assert_eq!(error.params["limit"], "100");
    let error = thumbnail(&png_header(60_000, 60_000), &Limits::default()).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    assert_eq!(refused(&png_header(u32::MAX, u32::MAX)).code, ErrorCode::TooManyPixels);
}

#[test]
fn limits_are_the_callers() {
    let limits = Limits { max_pixels: 48 * 32 - 1, ..Limits::default() };
    let options = PrepareOptions { limits, ..PrepareOptions::default() };
    let error = prepare(Bytes::from(pictures::turned_png(1)), &options, &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    let tight = Limits { max_alloc: 1000, ..Limits::default() };
    assert_eq!(thumbnail(&pictures::turned_png(1), &tight).unwrap_err().code, ErrorCode::TooManyPixels);
}

#[test]
fn no_pixels_is_damage() {
    assert_eq!(refused(&png_header(0, 5)).code, ErrorCode::DamagedPicture);
}

#[test]
fn a_flipped_bit_in_a_png_is_noticed() {
    let mut bytes = pictures::turned_png(1);
    let middle = bytes.len() - 40;
    bytes[middle] ^= 0x10;
    assert_eq!(refused(&bytes).code, ErrorCode::DamagedPicture);
}

/// One of the test pictures with some bytes changed and perhaps a part cut out.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let all = pictures::all();
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12);
    (0..all.len(), changes, any::<prop::sample::Index>(), 0..64usize, any::<bool>()).prop_map(
        move |(which, changes, at, length, cut)| {
            let mut bytes = all[which].2.clone();
            for (index, byte) in changes {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
            if cut {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            bytes
        },
    )
}

/// Changes near the beginning, where lengths and offsets are.
fn mutated_head() -> impl Strategy<Value = Vec<u8>> {
    let all = pictures::all();
    let changes = proptest::collection::vec((0..400usize, any::<u8>()), 1..8);
    (0..all.len(), changes).prop_map(move |(which, changes)| {
        let mut bytes = all[which].2.clone();
        for (index, byte) in changes {
            let index = index % bytes.len();
            bytes[index] = byte;
        }
        bytes
    })
}

fn try_everything(bytes: Vec<u8>) {
    let _ = sniff(&bytes);
    let _ = inspect(&bytes);
    let small = Limits { max_pixels: 1_000_000, max_alloc: 16 * 1024 * 1024 };
    if let Err(error) = thumbnail(&bytes, &small) {
        let panicked = error.message.contains("gave up");
        assert!(!panicked, "a decoder panicked: {:?}", error.details);
    }
    prepare_twice(bytes, &PrepareOptions { limits: small, ..pictures::pixels_stay() });
}

/// What comes out can be read, and nothing panics.
fn prepare_twice(bytes: Vec<u8>, options: &PrepareOptions) {
    let prepared = match prepare(Bytes::from(bytes), options, &Cancel::new()) {
        Ok(prepared) => prepared,
        Err(error) => {
            assert!(!error.message.contains("gave up"), "a codec panicked: {:?}", error.details);
            return;
        }
    };
    let again = prepare(prepared.bytes, options, &Cancel::new());
    assert!(again.is_ok(), "what we wrote we can read: {:?}", again.err());
}

proptest! {
    #[test]
    fn nothing_panics_on_a_damaged_picture(bytes in mutated()) {
        try_everything(bytes);
    }

    #[test]
    fn nothing_panics_on_a_damaged_header(bytes in mutated_head()) {
        try_everything(bytes);
    }

    #[test]
    fn nothing_panics_on_noise_behind_a_magic_number(
        magic in prop::sample::select(pictures::all()), noise in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let head = &magic.2[..magic.2.len().min(24)];
        try_everything([head, &noise].concat());
    }
}

proptest! {
    // Each case runs codecs: fewer of them.
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_panics_when_the_pixels_of_a_damaged_picture_are_processed(
        bytes in prop_oneof![mutated(), mutated_head()], is_refused in any::<bool>(),
    ) {
        let mut options = PrepareOptions {
            limits: Limits { max_pixels: 1_000_000, max_alloc: 16 * 1024 * 1024 },
            ..PrepareOptions::default()
        };
        options.images.time_budget_ms = 0;
        if is_refused {
            options.images.when_impossible = WhenImpossible::Refuse;
        }
        prepare_twice(bytes, &options);
    }
}
