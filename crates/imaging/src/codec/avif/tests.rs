use super::*;
use image::{GenericImageView, ImageBuffer, Luma, Rgb, Rgba};
use proptest::prelude::*;

const FULL: &[u8] = include_bytes!("../../../tests/fixtures/full.avif");
const SEQUENCE: &[u8] = include_bytes!("../../../tests/fixtures/sequence.avif");
const GRID: &[u8] = include_bytes!("../../../tests/fixtures/grid.avif");
const DEEP: &[u8] = include_bytes!("../../../tests/fixtures/deep.avif");

fn options(quality: f32) -> AvifOptions {
    AvifOptions { quality, effort: Effort::Fast, pace: Pace::Usual, threads: 1 }
}

fn decoded_within(bytes: &[u8], limits: &Limits) -> Result<Raster> {
    let cancel = Cancel::new();
    decode(bytes, &DecodeOptions { limits, cancel: &cancel, allow_damaged: false, at_least: None })
}

fn decoded(bytes: &[u8]) -> Raster {
    decoded_within(bytes, &Limits::default()).unwrap()
}

fn encoded(pixels: DynamicImage, quality: f32) -> Vec<u8> {
    encode(&Raster::srgb(pixels), &options(quality), &Cancel::new()).unwrap()
}

/// Slow waves of colour.
fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |length: f32, shift: f32| {
            (((x as f32 + 2.0 * y as f32) / length + shift).sin() * 100.0 + 128.0) as u8
        };
        Rgb([wave(17.0, 0.0), wave(23.0, 1.0), wave(31.0, 2.0)])
    })
}

/// The largest difference of two pictures, of 255.
fn difference(one: &DynamicImage, other: &DynamicImage) -> u8 {
    assert_eq!(one.dimensions(), other.dimensions());
    let (one, other) = (one.to_rgba8(), other.to_rgba8());
    one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn a_picture_comes_back() {
    for (width, height) in [(1, 1), (1, 9), (7, 1), (33, 17), (64, 64), (130, 67)] {
        let picture: DynamicImage = photo(width, height).into();
        for (quality, most) in [(80.0, 24), (95.0, 10)] {
            let back = decoded(&encoded(picture.clone(), quality));
            let difference = difference(&picture, &back.pixels);
            assert!(difference <= most, "{width}×{height} at {quality}: {difference}");
            assert_eq!(back.icc, None);
        }
    }
}

#[test]
fn pixels_are_those_that_libavif_makes_of_the_same_planes() {
    let limits = Limits::default();
    for (width, height) in [(1, 1), (2, 1), (1, 2), (7, 5), (64, 64), (131, 66)] {
        for quality in [30.0, 60.0] {
            let file = encoded(photo(width, height).into(), quality);
            let mut decoder = Decoder::open(&file, &limits).unwrap();
            decoder.read().unwrap();
            let head = decoder.head();
            let exact = picture(decoder.samples_of_libavif(false).unwrap(), &head).unwrap();
            let ours = picture(decoder.samples(false).unwrap(), &head).unwrap();
            assert_eq!(exact.color(), ours.color());
            let most = |one: &DynamicImage, other: &DynamicImage| {
                let pairs = one.to_rgb16().into_raw().into_iter().zip(other.to_rgb16().into_raw());
                pairs.map(|(one, other)| one.abs_diff(other)).max().unwrap()
            };
            let step = if head.depth == 8 { 257 } else { 2 };
            assert!(
                most(&exact, &ours) <= step,
                "{width}×{height} in {} bits: {}",
                head.depth,
                most(&exact, &ours)
            );
            let eight = picture(decoder.samples(true).unwrap(), &head).unwrap();
            assert!(difference(&exact, &eight) <= 1, "{width}×{height}");
        }
    }
}

#[test]
fn gray_stays_gray_and_costs_less() {
    let gray = DynamicImage::ImageLuma8(DynamicImage::from(photo(90, 60)).to_luma8());
    let file = encoded(gray.clone(), 90.0);
    let back = decoded(&file);
    assert!(!back.pixels.color().has_color());
    assert!(difference(&gray, &back.pixels) <= 12);
    assert!(file.len() < encoded(DynamicImage::ImageRgb8(photo(90, 60)), 90.0).len());
}

#[test]
fn sixteen_bits_come_back_finer_than_eight() {
    let ramp = ImageBuffer::from_fn(256, 64, |x, y| Rgb([20_000_u16 + x as u16 * 20 + y as u16; 3]));
    let ramp = DynamicImage::ImageRgb16(ramp);
    let back = decoded(&encoded(ramp.clone(), 98.0)).pixels;
    let DynamicImage::ImageRgb16(back) = back else { panic!("16 bits are kept") };
    let most =
        ramp.to_rgb16().pixels().zip(back.pixels()).map(|(a, b)| a.0[0].abs_diff(b.0[0])).max().unwrap();
    assert!(most < 250, "less than one step of 8 bits, which is 257: {most}");
}

#[test]
fn alpha_comes_back_with_the_colours_below_it() {
    let picture = image::RgbaImage::from_fn(80, 40, |x, _| Rgba([200, 40, 90, (x * 3) as u8]));
    let back = decoded(&encoded(picture.clone().into(), 90.0)).pixels;
    assert!(back.color().has_alpha());
    assert!(difference(&picture.into(), &back) <= 14);
    let gray = ImageBuffer::from_fn(40, 40, |x, y| image::LumaA([(x * 5) as u8, (y * 6) as u8]));
    let back = decoded(&encoded(gray.clone().into(), 90.0)).pixels;
    assert!(matches!(back.color(), image::ColorType::La8 | image::ColorType::La16));
    assert!(difference(&gray.into(), &back) <= 14);
}

#[test]
fn an_alpha_channel_that_hides_nothing_is_not_written() {
    let opaque = image::RgbaImage::from_pixel(40, 40, Rgba([10, 200, 90, 255]));
    assert!(!decoded(&encoded(opaque.into(), 80.0)).pixels.color().has_alpha());
}

#[test]
fn the_profile_is_embedded() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let raster = Raster { pixels: photo(40, 30).into(), icc: Some(profile.clone().into()) };
    let file = encode(&raster, &options(70.0), &Cancel::new()).unwrap();
    assert_eq!(decoded(&file).icc.as_deref(), Some(profile.as_slice()));
}

#[test]
fn better_is_larger_and_small_is_smaller() {
    let picture: DynamicImage = photo(200, 150).into();
    let sizes: Vec<usize> =
        [20.0, 50.0, 70.0, 90.0].map(|quality| encoded(picture.clone(), quality).len()).into();
    assert!(sizes.is_sorted(), "{sizes:?}");
}

#[test]
fn drawings_keep_the_colour_of_each_pixel() {
    // A red line of one pixel on blue: with a quarter of the colours it would blur.
    let drawing = RgbImage::from_fn(64, 64, |x, _| if x == 31 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
    let back = decoded(&encoded(drawing.into(), 75.0)).pixels.to_rgb8();
    let line = back.get_pixel(31, 30).0;
    assert!(line[0] > 180 && line[2] < 90, "the line stays red: {line:?}");
}

#[test]
fn files_of_other_programs_are_read() {
    let still = decoded(FULL).pixels;
    assert_eq!(still.dimensions(), (96, 64), "as stored, not turned");
    let first = decoded(SEQUENCE).pixels;
    assert_eq!(first.dimensions(), (96, 64));
    // The same drawing: written once with its turn, once as a frame.
    assert!(difference(&still, &first) < 90);
}

#[test]
fn a_grid_is_put_together() {
    let grid = decoded(GRID).pixels.to_rgb8();
    assert_eq!(grid.dimensions(), (128, 128));
    let near = |at: (u32, u32), color: [u8; 3]| {
        let pixel = grid.get_pixel(at.0, at.1).0;
        assert!(pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) < 30), "{at:?}: {pixel:?}");
    };
    near((20, 20), [230, 20, 20]);
    near((100, 20), [20, 200, 20]);
    near((20, 100), [20, 20, 230]);
    near((100, 100), [250, 250, 250]);
}

#[test]
fn twelve_bits_and_wide_colours_are_read() {
    let deep = decoded(DEEP);
    assert!(matches!(deep.pixels, DynamicImage::ImageRgb16(_)));
    let name = moxcms::ColorProfile::new_from_slice(deep.icc.as_deref().unwrap()).unwrap();
    assert_eq!(name.color_space, moxcms::DataColorSpace::Rgb);
    let corner = deep.pixels.to_rgb8().get_pixel(4, 4).0;
    assert!(corner[0] > 190 && corner[1] < 70, "red: {corner:?}");
}

#[test]
fn a_frame_larger_than_its_container_says_is_refused() {
    let mut file = encoded(photo(256, 256).into(), 40.0);
    let at = file.windows(4).position(|window| window == b"ispe").unwrap() + 8;
    file[at..at + 8].copy_from_slice(&[0, 0, 0, 16, 0, 0, 0, 16]);
    let limits = Limits { max_pixels: 1000, max_alloc: 8000 };
    let error = decoded_within(&file, &limits).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
    assert_eq!(error.params.get("width").map(String::as_str), Some("256"));
}

#[test]
fn limits_hold() {
    let file = encoded(photo(100, 100).into(), 60.0);
    let few = Limits { max_pixels: 9_999, ..Limits::default() };
    assert_eq!(decoded_within(&file, &few).unwrap_err().code, ErrorCode::TooManyPixels);
    let little = Limits { max_alloc: 100_000, ..Limits::default() };
    assert_eq!(decoded_within(&file, &little).unwrap_err().code, ErrorCode::TooManyPixels);
}

#[test]
fn what_was_stopped_stops() {
    let cancel = Cancel::new();
    cancel.stop();
    let raster = Raster::srgb(photo(8, 8).into());
    assert_eq!(encode(&raster, &options(60.0), &cancel).unwrap_err().code, ErrorCode::Cancelled);
    let options =
        DecodeOptions { limits: &Limits::default(), cancel: &cancel, allow_damaged: false, at_least: None };
    assert_eq!(decode(FULL, &options).unwrap_err().code, ErrorCode::Cancelled);
}

#[test]
fn a_cut_file_is_damaged_at_every_length() {
    for file in [FULL, GRID] {
        for length in (0..file.len()).step_by(7) {
            let error = decoded_within(&file[..length], &Limits::default()).err();
            if let Some(error) = error {
                assert!(
                    matches!(error.code, ErrorCode::DamagedPicture | ErrorCode::TooManyPixels),
                    "{length}: {error:?}"
                );
            }
        }
    }
}

#[test]
fn a_pixel_more_than_the_format_allows_is_said_before() {
    let line = DynamicImage::ImageLuma8(ImageBuffer::from_pixel(65_537, 1, Luma([0])));
    let error = encode(&Raster::srgb(line), &options(50.0), &Cancel::new()).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyPixels);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_panics_on_changed_bytes(
        which in 0..4_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..10),
        near_the_start in any::<bool>(),
    ) {
        let mut file = [FULL, SEQUENCE, GRID, DEEP][which].to_vec();
        let room = if near_the_start { file.len().min(500) } else { file.len() };
        for (at, byte) in changes {
            let at = at.index(room);
            file[at] = byte;
        }
        let small = Limits { max_pixels: 1_000_000, max_alloc: 16 << 20 };
        if let Ok(raster) = decoded_within(&file, &small) {
            prop_assert!(u64::from(raster.width()) * u64::from(raster.height()) <= small.max_pixels);
        }
    }
}
