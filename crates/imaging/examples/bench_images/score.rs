//! How much what a contender wrote looks like the picture it was made from: SSIMULACRA 2, by the
//! same decoders and the same reference for all.

use super::{Failure, text};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Reference};
use image::{DynamicImage, ImageReader, Rgb, RgbImage};
use serde_json::{Value, json};

/// Holds the reference that the next pictures are compared with.
#[derive(Default)]
pub struct Scorer {
    reference: Option<Reference>,
}

struct Reference {
    pixels: DynamicImage,
    /// Over white; over black too if the picture is not opaque.
    grounds: Vec<(u8, Ssimulacra2Reference)>,
}

impl Scorer {
    /// Decodes `input` in full, scales it to `width` if that is smaller (Lanczos, 3 lobes, on the
    /// values as stored, as Pillow and sharp do), and keeps it. Writes it as PNG to `output` if asked.
    pub fn reference(&mut self, request: &Value) -> Result<Value, Failure> {
        let full = decode(text(request, "input")?)?;
        let pixels = match request["edge"].as_u64() {
            Some(edge) => shrink(&full, u32::try_from(edge)?)?,
            None => full,
        };
        if let Some(output) = request["output"].as_str() {
            pixels.save_with_format(output, image::ImageFormat::Png)?;
        }
        let opaque = !pixels.color().has_alpha() || pixels.to_rgba8().pixels().all(|pixel| pixel.0[3] == 255);
        let grounds: &[u8] = if opaque { &[255] } else { &[255, 0] };
        let mut references = Vec::new();
        for &ground in grounds {
            references.push((ground, Ssimulacra2Reference::new(&slice(&over(&pixels, ground))?)?));
        }
        let answer = json!({ "width": pixels.width(), "height": pixels.height(), "opaque": opaque });
        self.reference = Some(Reference { pixels, grounds: references });
        Ok(answer)
    }

    /// The score of `file`; over white and over black the worse counts.
    pub fn score(&mut self, request: &Value) -> Result<Value, Failure> {
        let reference = self.reference.as_ref().ok_or("no reference yet")?;
        let picture = decode(text(request, "file")?)?;
        let (found, wanted) = (size(&picture), size(&reference.pixels));
        if found != wanted {
            return Err(format!("{found:?} pixels instead of {wanted:?}").into());
        }
        let mut worst = f64::INFINITY;
        for (ground, pixels) in &reference.grounds {
            worst = worst.min(pixels.compare(&slice(&over(&picture, *ground))?)?);
        }
        Ok(json!({ "score": worst }))
    }

    /// Whether every pixel of `file` is that of the reference; invisible ones may differ in colour.
    pub fn same(&mut self, request: &Value) -> Result<Value, Failure> {
        let reference = self.reference.as_ref().ok_or("no reference yet")?;
        let (one, other) = (reference.pixels.to_rgba16(), decode(text(request, "file")?)?.to_rgba16());
        let same = one.dimensions() == other.dimensions()
            && one.pixels().zip(other.pixels()).all(|(a, b)| a == b || (a.0[3] == 0 && b.0[3] == 0));
        Ok(json!({ "same": same }))
    }
}

fn decode(path: &str) -> Result<DynamicImage, Failure> {
    let mut reader = ImageReader::open(path)?.with_guessed_format()?;
    reader.no_limits();
    Ok(reader.decode()?)
}

fn size(picture: &DynamicImage) -> (u32, u32) {
    (picture.width(), picture.height())
}

fn shrink(picture: &DynamicImage, edge: u32) -> Result<DynamicImage, Failure> {
    let (width, height) = size(picture);
    let longest = width.max(height);
    if longest <= edge {
        return Ok(picture.clone());
    }
    let side = |length: u32| {
        let scaled = (u64::from(length) * u64::from(edge) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).map(|side| side.max(1))
    };
    let mut small = DynamicImage::new(side(width)?, side(height)?, picture.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(picture, &mut small, &options)?;
    Ok(small)
}

/// The picture as it looks on a grey ground.
fn over(picture: &DynamicImage, ground: u8) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let pixels = picture.to_rgba8();
    let mut flat = RgbImage::new(pixels.width(), pixels.height());
    for (to, from) in flat.pixels_mut().zip(pixels.pixels()) {
        let alpha = u32::from(from.0[3]);
        let mix = |value: u8| {
            let sum = u32::from(value) * alpha + u32::from(ground) * (255 - alpha);
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        *to = Rgb([mix(from.0[0]), mix(from.0[1]), mix(from.0[2])]);
    }
    flat
}

fn slice(picture: &RgbImage) -> Result<PixelSlice<'_>, Failure> {
    let stride = usize::try_from(picture.width())? * 3;
    let (width, height) = picture.dimensions();
    PixelSlice::new(picture.as_raw(), width, height, stride, PixelDescriptor::RGB8_SRGB)
        .map_err(|error| format!("{error:?}").into())
}
