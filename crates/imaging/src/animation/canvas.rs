//! Draws the parts of an animation over each other, as GIF, WebP and APNG describe it.

use image::{Rgba, RgbaImage};

/// What becomes of a part before the next is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dispose {
    /// It stays.
    Keep,
    /// Its place becomes transparent.
    Clear,
    /// Its place becomes what it was before.
    Restore,
}

/// How a part comes onto the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blend {
    /// Over what is there.
    Over,
    /// In place of what is there.
    Replace,
}

/// Where and how a frame is drawn. It may lie partly or wholly outside the canvas.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
    pub dispose: Dispose,
    pub blend: Blend,
}

/// A canvas between two frames.
pub(crate) struct Canvas {
    pixels: RgbaImage,
    /// What is done before the next part is drawn.
    pending: Option<Pending>,
}

enum Pending {
    Clear(Part),
    Restore(Part, Vec<u8>),
}

impl Canvas {
    /// A transparent canvas.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self { pixels: RgbaImage::new(width, height), pending: None }
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        self.pixels.dimensions()
    }

    /// What is seen now.
    pub(crate) fn pixels(&self) -> &RgbaImage {
        &self.pixels
    }

    pub(crate) fn into_pixels(self) -> RgbaImage {
        self.pixels
    }

    /// Draws RGBA pixels, after what the part before it left to be done.
    pub(crate) fn draw(&mut self, part: &Part, pixels: &[u8]) {
        match self.pending.take() {
            Some(Pending::Clear(part)) => self.rows(&part, |row, _| row.fill(0)),
            Some(Pending::Restore(part, saved)) => {
                let mut saved = saved.as_slice();
                self.rows(&part, |row, _| {
                    if let Some((before, rest)) = saved.split_at_checked(row.len()) {
                        row.copy_from_slice(before);
                        saved = rest;
                    }
                });
            }
            None => {}
        }
        self.pending = match part.dispose {
            Dispose::Keep => None,
            Dispose::Clear => Some(Pending::Clear(*part)),
            Dispose::Restore => {
                let mut saved = Vec::new();
                self.rows(part, |row, _| saved.extend_from_slice(row));
                Some(Pending::Restore(*part, saved))
            }
        };
        let stride = part.width as usize * 4;
        self.rows(part, |row, number| {
            let Some(drawn) = pixels.get(number * stride..).and_then(|rest| rest.get(..row.len())) else {
                return;
            };
            match part.blend {
                Blend::Replace => row.copy_from_slice(drawn),
                Blend::Over => over(row, drawn),
            }
        });
    }

    /// Calls with each row of a part that is on the canvas, and with its number in the part.
    fn rows(&mut self, part: &Part, mut call: impl FnMut(&mut [u8], usize)) {
        let (width, height) = self.pixels.dimensions();
        let across = part.width.min(width.saturating_sub(part.x)) as usize * 4;
        let down = part.height.min(height.saturating_sub(part.y)) as usize;
        if across == 0 || down == 0 {
            return;
        }
        let (stride, left) = (width as usize * 4, part.x as usize * 4);
        let rows = self.pixels.chunks_exact_mut(stride).skip(part.y as usize).take(down);
        for (number, row) in rows.enumerate() {
            call(&mut row[left..left + across], number);
        }
    }
}

/// Blends a row over another, both with alpha that is not premultiplied.
fn over(below: &mut [u8], above: &[u8]) {
    for (below, above) in below.as_chunks_mut::<4>().0.iter_mut().zip(above.as_chunks::<4>().0) {
        match above[3] {
            0 => {}
            u8::MAX => *below = *above,
            _ => *below = blend(Rgba(*below), Rgba(*above)).0,
        }
    }
}

fn blend(below: Rgba<u8>, above: Rgba<u8>) -> Rgba<u8> {
    let above_alpha = u32::from(above.0[3]) * 255;
    let below_alpha = u32::from(below.0[3]) * (255 - u32::from(above.0[3]));
    let alpha = above_alpha + below_alpha;
    let mix = |channel: usize| {
        let sum = u32::from(above.0[channel]) * above_alpha + u32::from(below.0[channel]) * below_alpha;
        u8::try_from((sum + alpha / 2) / alpha).unwrap_or(u8::MAX)
    };
    let opacity = u8::try_from((alpha + 127) / 255).unwrap_or(u8::MAX);
    Rgba([mix(0), mix(1), mix(2), opacity])
}
