//! From red, green and blue to the planes that AV1 codes: luma, two differences, alpha.

use image::DynamicImage;

/// How finely colour is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chroma {
    /// None: a gray picture.
    None,
    /// One sample for four pixels.
    Half,
    /// One sample a pixel.
    Full,
}

/// A picture as planes of full range, by the matrix of BT.601, which JPEG has and most encoders write.
#[derive(Debug)]
pub(crate) struct Planes {
    pub width: u32,
    pub height: u32,
    /// Bits a sample.
    pub depth: u32,
    pub chroma: Chroma,
    pub luma: Vec<u16>,
    /// Blue and red difference; empty for a gray picture.
    pub differences: [Vec<u16>; 2],
    pub alpha: Option<Vec<u16>>,
}

/// What red and blue weigh in luma; green weighs the rest.
const RED: f32 = 0.299;
const BLUE: f32 = 0.114;
const GREEN: f32 = 1.0 - RED - BLUE;

impl Planes {
    /// Takes 8 or 16 bits a channel.
    pub(crate) fn of(pixels: &DynamicImage, depth: u32, chroma: Chroma, with_alpha: bool) -> Self {
        let (width, height) = (pixels.width(), pixels.height());
        let scale = f32::from((1_u16 << depth) - 1);
        let mut planes = Self {
            width,
            height,
            depth,
            chroma,
            luma: Vec::new(),
            differences: [Vec::new(), Vec::new()],
            alpha: None,
        };
        match pixels {
            DynamicImage::ImageLuma8(gray) if chroma == Chroma::None => {
                planes.luma = gray.as_raw().iter().map(|value| sample(from_eight(*value), scale)).collect();
            }
            DynamicImage::ImageLuma16(gray) if chroma == Chroma::None => {
                planes.luma = gray.as_raw().iter().map(|value| sample(from_sixteen(*value), scale)).collect();
            }
            DynamicImage::ImageRgb8(rgb) => planes.fill::<3, u8>(rgb.as_raw(), scale, from_eight),
            DynamicImage::ImageRgba8(rgba) => planes.fill::<4, u8>(rgba.as_raw(), scale, from_eight),
            DynamicImage::ImageRgb16(rgb) => planes.fill::<3, u16>(rgb.as_raw(), scale, from_sixteen),
            DynamicImage::ImageRgba16(rgba) => planes.fill::<4, u16>(rgba.as_raw(), scale, from_sixteen),
            other => planes.fill::<4, u16>(other.to_rgba16().as_raw(), scale, from_sixteen),
        }
        if with_alpha {
            planes.alpha = Some(alpha_of(pixels, scale));
        }
        planes
    }

    /// Samples across a row of the difference planes, and rows.
    pub(crate) fn difference_size(&self) -> (u32, u32) {
        match self.chroma {
            Chroma::None => (0, 0),
            Chroma::Half => (self.width.div_ceil(2), self.height.div_ceil(2)),
            Chroma::Full => (self.width, self.height),
        }
    }

    fn fill<const CHANNELS: usize, T: Copy>(&mut self, pixels: &[T], scale: f32, unit: impl Fn(T) -> f32) {
        let width = self.width as usize;
        self.luma.reserve(width * self.height as usize);
        let (across, down) = self.difference_size();
        for plane in &mut self.differences {
            plane.reserve(across as usize * down as usize);
        }
        let mut rows = [[vec![0.0; width], vec![0.0; width]], [vec![0.0; width], vec![0.0; width]]];
        let mut luma_row = vec![0.0; width];
        for (index, row) in pixels.chunks_exact(width * CHANNELS).enumerate() {
            let odd = index % 2;
            let [blue_row, red_row] = &mut rows[odd];
            let differences = blue_row.iter_mut().zip(red_row.iter_mut());
            let pixels = row.as_chunks::<CHANNELS>().0;
            for ((pixel, luma), (blue_difference, red_difference)) in
                pixels.iter().zip(&mut luma_row).zip(differences)
            {
                let (red, green, blue) = (unit(pixel[0]), unit(pixel[1]), unit(pixel[2]));
                *luma = RED * red + GREEN * green + BLUE * blue;
                *blue_difference = (blue - *luma) * const { 0.5 / (1.0 - BLUE) };
                *red_difference = (red - *luma) * const { 0.5 / (1.0 - RED) };
            }
            self.luma.extend(luma_row.iter().map(|luma| sample(*luma, scale)));
            match self.chroma {
                Chroma::None => {}
                Chroma::Full => {
                    for (plane, row) in self.differences.iter_mut().zip(&rows[odd]) {
                        plane.extend(row.iter().map(|value| difference(*value, scale)));
                    }
                }
                Chroma::Half => {
                    let is_last = index + 1 == self.height as usize;
                    if odd == 1 || is_last {
                        let [above, below] =
                            if odd == 1 { [&rows[0], &rows[1]] } else { [&rows[0], &rows[0]] };
                        for (plane, (above, below)) in
                            self.differences.iter_mut().zip(above.iter().zip(below))
                        {
                            halve(plane, above, below, scale);
                        }
                    }
                }
            }
        }
    }
}

/// One sample for each block of two by two pixels; a last odd pixel stands for its missing neighbour.
fn halve(plane: &mut Vec<u16>, above: &[f32], below: &[f32], scale: f32) {
    plane.extend(above.chunks(2).zip(below.chunks(2)).map(|(above, below)| {
        let sum = |pair: &[f32]| pair[0] + pair.get(1).unwrap_or(&pair[0]);
        difference((sum(above) + sum(below)) / 4.0, scale)
    }));
}

fn alpha_of(pixels: &DynamicImage, scale: f32) -> Vec<u16> {
    match pixels {
        DynamicImage::ImageRgba8(rgba) => {
            rgba.pixels().map(|pixel| sample(from_eight(pixel.0[3]), scale)).collect()
        }
        other => other.to_rgba16().pixels().map(|pixel| sample(from_sixteen(pixel.0[3]), scale)).collect(),
    }
}

fn from_eight(value: u8) -> f32 {
    f32::from(value) * (1.0 / 255.0)
}

fn from_sixteen(value: u16) -> f32 {
    f32::from(value) * (1.0 / 65535.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the scale")]
fn sample(unit: f32, scale: f32) -> u16 {
    (unit * scale + 0.5) as u16
}

/// A difference lies around the middle.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn difference(value: f32, scale: f32) -> u16 {
    let middle = (scale + 1.0) / 2.0;
    (value * scale + middle + 0.5).clamp(0.0, scale) as u16
}
