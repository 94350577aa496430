//! How the encoder is set: found by measuring, at equal scores, against what others write.

use super::AvifOptions;
use super::encoder::Settings;
use super::planes::Chroma;
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

/// From here on every pixel keeps its own colour.
const FULL_CHROMA_FROM: f32 = 85.0;

pub(super) fn plan(pixels: &DynamicImage, options: &AvifOptions) -> Plan {
    let quality = options.quality.clamp(0.0, 100.0);
    let is_drawing = is_drawing(pixels);
    let chroma = if is_gray(pixels) {
        Chroma::None
    } else if is_drawing || quality >= FULL_CHROMA_FROM {
        Chroma::Full
    } else {
        Chroma::Half
    };
    let quantizer = quantizer(quality);
    Plan {
        depth: 10,
        chroma,
        settings: Settings {
            speed: match options.effort {
                Effort::Fast => 6,
                Effort::Small => 4,
            },
            quantizer,
            // Edges of alpha are seen at once, and cost little.
            alpha_quantizer: quantizer.min(20),
            threads: options.threads,
            options: encoder_options(quantizer),
        },
    }
}

/// 0 is best. Nothing is lossless: colours are turned into luma and differences first.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 63")]
fn quantizer(quality: f32) -> u32 {
    ((100.0 - quality) * 0.63).round().clamp(1.0, 63.0) as u32
}

/// What is set besides. Matrices that quantize fine structure more coarsely save 3 % at equal
/// scores; measuring distortion by them, and structure instead of noise, belongs to that.
fn encoder_options(quantizer: u32) -> Vec<(&'static str, String)> {
    let level = matrix_level(quantizer).to_string();
    vec![
        ("color:tune", "ssim".to_owned()),
        ("color:enable-qm", "1".to_owned()),
        ("color:qm-min", level.clone()),
        ("color:qm-max", level),
        ("color:dist-metric", "qm-psnr".to_owned()),
    ]
}

/// Flatter matrices for better pictures. The steps are those that the encoder itself has for pictures
/// from its version 3.12 on.
fn matrix_level(quantizer: u32) -> u32 {
    match quantizer * 4 {
        0..=40 => 10,
        41..=100 => 9,
        101..=160 => 8,
        161..=200 => 7,
        201..=220 => 6,
        221..=240 => 5,
        _ => 4,
    }
}

fn is_gray(pixels: &DynamicImage) -> bool {
    !pixels.color().has_color()
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
