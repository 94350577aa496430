//! JPEG files made here, whole, cut and broken.

mod broken;
mod decoding;
mod encoding;
mod means;
mod progressive;

use super::header::Header;
use super::{JpegOptions, Subsampling, decode, encode};
use crate::cancel::Cancel;
use crate::codec::DecodeOptions;
use crate::limits::Limits;
use crate::raster::Raster;
use image::{DynamicImage, Rgb, RgbImage};
use picferry_core::Error;

const CMYK: &[u8] = include_bytes!("../../../tests/fixtures/cmyk.jpg");

fn decoded_within(
    bytes: &[u8],
    limits: Limits,
    allow_damaged: bool,
    at_least: Option<(u32, u32)>,
) -> Result<Raster, Box<Error>> {
    decode(bytes, &DecodeOptions { limits: &limits, cancel: &Cancel::new(), allow_damaged, at_least })
}

fn decoded(bytes: &[u8]) -> Raster {
    decoded_within(bytes, Limits::default(), false, None).unwrap()
}

fn refused(bytes: &[u8]) -> Box<Error> {
    decoded_within(bytes, Limits::default(), false, None).unwrap_err()
}

fn options(small: bool) -> JpegOptions {
    JpegOptions { quality: 85.0, small, subsampling: Subsampling::Auto }
}

fn encoded(pixels: impl Into<DynamicImage>, small: bool) -> Vec<u8> {
    encode(&Raster::srgb(pixels.into()), &options(small), &Cancel::new()).unwrap()
}

/// Slopes and soft rings, as a photo has them.
fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let ring = (x.hypot(y) / 17.0).sin() * 40.0 + (x / 29.0).cos() * 30.0;
        let slope = x * 90.0 / f64::from(width) + y * 50.0 / f64::from(height);
        Rgb([90.0 + ring + slope / 2.0, 60.0 + slope + ring / 2.0, 140.0 - slope + ring / 3.0]
            .map(|value| value as u8))
    })
}

/// The mean difference of all samples.
fn difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (one, other) = (one.to_rgb8(), other.to_rgb8());
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: f64 = one.iter().zip(other.iter()).map(|(one, other)| f64::from(one.abs_diff(*other))).sum();
    sum / one.len() as f64
}
