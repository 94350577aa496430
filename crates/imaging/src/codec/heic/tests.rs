use super::*;
use crate::cancel::Cancel;
use crate::limits::Limits;
use image::GenericImageView;
use proptest::prelude::*;

const FULL: &[u8] = include_bytes!("../../../tests/fixtures/full.heic");
const DEEP: &[u8] = include_bytes!("../../../tests/fixtures/deep.heic");

fn decoded_within(bytes: &[u8], limits: &Limits) -> Result<Raster> {
    let cancel = Cancel::new();
    decode(bytes, &DecodeOptions { limits, cancel: &cancel, allow_damaged: false, at_least: None })
}

/// The picture, or the reason that this computer has no decoder, which the test then is about.
fn decoded(bytes: &[u8]) -> Option<Raster> {
    match decoded_within(bytes, &Limits::default()) {
        Ok(raster) => Some(raster),
        Err(error) => {
            assert_eq!(error.code, ErrorCode::Unsupported, "nothing but a missing decoder: {error:?}");
            assert!(error.message.contains("HEIC"));
            assert!(error.hint.is_some());
            None
        }
    }
}

#[test]
fn a_picture_of_a_telephone_is_read() {
    let Some(raster) = decoded(FULL) else { return };
    assert_eq!(raster.pixels.dimensions(), (96, 64));
    let pixels = raster.pixels.to_rgb8();
    // As another program reads it.
    for ((x, y), color) in [((5, 5), [48_u8, 126, 162]), ((48, 32), [136, 187, 190]), ((90, 60), [3, 62, 94])]
    {
        let pixel = pixels.get_pixel(x, y).0;
        assert!(pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 6), "{x},{y}: {pixel:?}");
    }
}

#[test]
fn ten_bits_and_the_profile_are_kept() {
    let Some(raster) = decoded(DEEP) else { return };
    assert!(matches!(raster.pixels, DynamicImage::ImageRgb16(_)));
    assert_eq!(raster.pixels.dimensions(), (64, 64));
    let pixels = raster.pixels.to_rgb8();
    let corners = [(8, 8), (56, 8), (8, 56), (56, 56)].map(|(x, y)| pixels.get_pixel(x, y).0);
    let expected = [[230, 20, 20], [20, 200, 20], [20, 20, 230], [250, 250, 250_u8]];
    for (corner, expected) in corners.iter().zip(expected) {
        assert!(corner.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 12), "{corners:?}");
    }
    let profile = moxcms::ColorProfile::new_from_slice(raster.icc.as_deref().unwrap()).unwrap();
    assert_eq!(profile.color_space, moxcms::DataColorSpace::Rgb);
}

#[test]
fn limits_hold() {
    let few = Limits { max_pixels: 96 * 64 - 1, ..Limits::default() };
    assert_eq!(decoded_within(FULL, &few).unwrap_err().code, ErrorCode::TooManyPixels);
    let little = Limits { max_alloc: 10_000, ..Limits::default() };
    assert_eq!(decoded_within(FULL, &little).unwrap_err().code, ErrorCode::TooManyPixels);
}

#[cfg(target_os = "linux")]
#[test]
fn a_library_that_is_not_there_is_named_with_its_package() {
    let why = library::Heif::load("libheif-of-nobody.so.1").err().unwrap();
    assert!(matches!(&why, Failure::NoLibrary(_)), "{why:?}");
    let error = refused(why);
    assert_eq!(error.code, ErrorCode::Unsupported);
    let hint = error.hint.unwrap();
    assert!(hint.contains("libheif1") && hint.contains("libheif-plugin-libde265"), "{hint}");
}

#[cfg(target_os = "linux")]
#[test]
fn another_library_is_not_taken_for_it() {
    // The C library is always there, and has none of the functions.
    let why = library::Heif::load("libc.so.6").err().unwrap();
    assert!(matches!(why, Failure::NoLibrary(_)), "{why:?}");
}

#[test]
fn a_missing_decoder_is_told_from_a_missing_library() {
    let error = refused(Failure::NoDecoder);
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert!(error.hint.unwrap().contains("libheif-plugin-libde265"));
}

#[test]
fn damage_is_damage() {
    if decoded(FULL).is_none() {
        return;
    }
    for length in [300, 600, 2000, FULL.len() - 600] {
        let error = decoded_within(&FULL[..length], &Limits::default()).err();
        assert!(
            error
                .is_none_or(|error| matches!(error.code, ErrorCode::DamagedPicture | ErrorCode::Unsupported)),
            "{length}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_panics_on_changed_bytes(
        deep in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut file = if deep { DEEP } else { FULL }.to_vec();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        let small = Limits { max_pixels: 1_000_000, max_alloc: 16 << 20 };
        if let Ok(raster) = decoded_within(&file, &small) {
            prop_assert!(u64::from(raster.width()) * u64::from(raster.height()) <= small.max_pixels);
        }
    }
}
