//! How the encoder is set: found by measuring, at equal SSIMULACRA 2 scores, on photos.
//!
//! What was tried with this encoder (version 3.11) and left alone: tuning for noise (+3 %), other modes
//! of varying the quantizer within a picture (0 to +5 %), more sharpness (+1 %), without CDEF or loop
//! restoration (no change), fewer kinds of transforms (+1 % and no faster).

use super::encoder::Settings;
use super::planes::Chroma;
use super::{AvifOptions, Pace};
use image::DynamicImage;
use picferry_core::images::Effort;

/// Everything that is decided before a picture is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Bits a sample.
    pub depth: u32,
    pub chroma: Chroma,
    pub settings: Settings,
}

/// The coarsest quantizer at which every pixel keeps its own colour: finer ones make photos no larger
/// by it at equal scores, and edges of colour clean.
const FULL_CHROMA_UP_TO: u32 = 10;

/// The finest quantizer at which 8 bits are as good as 10; below, 10 bits save 2 to 3 %.
const EIGHT_BITS_FROM: u32 = 28;

/// Pixels above which a picture that somebody waits for is encoded in half the time, 4 % larger.
const LARGE: u64 = 6_000_000;

/// Pixels above which files to choose from are written in a sixth of the time: 4 % larger at equal scores.
const LARGE_TO_CHOOSE: u64 = 1_500_000;

pub(super) fn plan(pixels: &DynamicImage, options: &AvifOptions) -> Plan {
    let quantizer = quantizer(options.quality.clamp(0.0, 100.0));
    let is_drawing = is_drawing(pixels);
    let chroma = if !pixels.color().has_color() {
        Chroma::None
    } else if quantizer <= FULL_CHROMA_UP_TO || is_drawing {
        Chroma::Full
    } else {
        Chroma::Half
    };
    let is_deep = pixels.color().bytes_per_pixel() > pixels.color().channel_count();
    Plan {
        depth: if quantizer >= EIGHT_BITS_FROM && !is_deep { 8 } else { 10 },
        chroma,
        settings: Settings {
            speed: speed(pixels, is_drawing, options),
            quantizer,
            // Edges of alpha are seen at once, and cost little.
            alpha_quantizer: quantizer.min(20),
            threads: options.threads,
            options: encoder_options(quantizer, chroma, options.effort),
        },
    }
}

/// Whether a file to choose from is written in no more time than one that only shows a quality.
pub(super) fn is_chosen_as_tried(pixels: u64, effort: Effort) -> bool {
    effort == Effort::Fast && pixels > LARGE_TO_CHOOSE
}

/// 10 is fastest. The fastest ways know nothing of what drawings repeat.
fn speed(pixels: &DynamicImage, is_drawing: bool, options: &AvifOptions) -> i32 {
    let size = u64::from(pixels.width()) * u64::from(pixels.height());
    match (options.pace, options.effort) {
        (Pace::Usual, Effort::Fast) if size <= LARGE => 5,
        (Pace::Usual, Effort::Fast) => 6,
        (Pace::Usual, Effort::Small) => 4,
        (Pace::Choosing, Effort::Small) => 6,
        (Pace::Choosing, Effort::Fast) if size <= LARGE_TO_CHOOSE => 6,
        (Pace::Choosing, Effort::Fast) | (Pace::Trying, _) => {
            if is_drawing {
                8
            } else {
                9
            }
        }
    }
}

/// Steps of the quantizer for one of the quality, and the other way round: what lies between two
/// steps is the same file.
const QUANTIZERS: f32 = 0.63;
pub(crate) const STEP: f32 = 1.0 / QUANTIZERS;

/// 0 is best. Nothing is lossless: colours are turned into luma and differences first.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 63")]
fn quantizer(quality: f32) -> u32 {
    ((100.0 - quality) * QUANTIZERS).round().clamp(1.0, 63.0) as u32
}

/// What is set besides.
fn encoder_options(quantizer: u32, chroma: Chroma, effort: Effort) -> Vec<(&'static str, String)> {
    let level = matrix_level(quantizer).to_string();
    let mut options = vec![
        ("color:tune", "ssim".to_owned()),
        // Quantizing fine structure more coarsely: 1 to 3 %. Measuring by that belongs to it.
        ("color:enable-qm", "1".to_owned()),
        ("color:qm-min", level.clone()),
        ("color:qm-max", level),
        ("color:dist-metric", "qm-psnr".to_owned()),
    ];
    if chroma == Chroma::Full {
        options.push(("color:enable-chroma-deltaq", "1".to_owned()));
    }
    if effort == Effort::Fast {
        // Square blocks alone take two fifths of the time; the files are 3 % larger.
        let shapes =
            ["color:enable-rect-partitions", "color:enable-ab-partitions", "color:enable-1to4-partitions"];
        options.extend(shapes.map(|shape| (shape, "0".to_owned())));
    }
    options
}

/// Flatter matrices for better pictures.
fn matrix_level(quantizer: u32) -> u32 {
    match quantizer {
        0..=10 => 12,
        11..=25 => 11,
        26..=40 => 10,
        41..=50 => 9,
        51..=55 => 8,
        56..=60 => 7,
        _ => 6,
    }
}

/// Rows that are looked at.
const SAMPLED_ROWS: u32 = 64;

/// Whether a picture was drawn by a program: most pixels are exactly like their neighbour.
fn is_drawing(pixels: &DynamicImage) -> bool {
    let (width, height) = (pixels.width(), pixels.height());
    if width < 2 {
        return false;
    }
    let (bytes, pixel_size) = (pixels.as_bytes(), usize::from(pixels.color().bytes_per_pixel()));
    let row_size = width as usize * pixel_size;
    let step = (height / SAMPLED_ROWS).max(1) as usize;
    let (mut same, mut all) = (0_usize, 0_usize);
    for row in bytes.chunks_exact(row_size).step_by(step) {
        same += row
            .chunks_exact(pixel_size)
            .zip(row[pixel_size..].chunks_exact(pixel_size))
            .filter(|(a, b)| a == b)
            .count();
        all += width as usize - 1;
    }
    same * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Rgb, RgbImage};

    fn chosen(pixels: &DynamicImage, quality: f32) -> (u32, Chroma) {
        let plan =
            plan(pixels, &AvifOptions { quality, effort: Effort::Fast, pace: Pace::Usual, threads: 1 });
        (plan.depth, plan.chroma)
    }

    #[test]
    fn photos_get_half_the_colours_and_drawings_all() {
        let photo = RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 3 + y) as u8, y as u8, x as u8]));
        let photo = DynamicImage::ImageRgb8(photo);
        assert_eq!(chosen(&photo, 60.0), (10, Chroma::Half));
        assert_eq!(chosen(&photo, 90.0), (10, Chroma::Full));
        assert_eq!(chosen(&photo, 40.0), (8, Chroma::Half));
        let deep = DynamicImage::ImageRgb16(photo.to_rgb16());
        assert_eq!(chosen(&deep, 40.0), (10, Chroma::Half));
        let drawing = RgbImage::from_fn(64, 64, |x, _| Rgb([(x / 8) as u8 * 30, 0, 0]));
        assert_eq!(chosen(&DynamicImage::ImageRgb8(drawing), 60.0), (10, Chroma::Full));
        assert_eq!(chosen(&DynamicImage::ImageLuma8(GrayImage::new(9, 9)), 60.0), (10, Chroma::None));
    }

    #[test]
    fn quality_counts_as_others_count_it() {
        assert_eq!(quantizer(100.0), 1);
        assert_eq!(quantizer(60.0), 25);
        assert_eq!(quantizer(0.0), 63);
    }
}
