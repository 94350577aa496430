//! Lays a watermark's pixels over others.

use image::{ImageBuffer, Pixel, RgbaImage};

/// Against the clock: a watermark everywhere climbs, so that no edge of the picture hides it.
const ANGLE_DEGREES: f64 = 30.0;

/// Space between two, as a part of the watermark's own width, and of its height.
const GAP: (f64, f64) = (0.6, 3.0);

pub(super) enum Place {
    /// With its left upper corner here.
    At((u32, u32)),
    /// All over, turned.
    Everywhere,
}

pub(super) struct Layer<'a> {
    pub mark: &'a RgbaImage,
    pub place: Place,
    pub opacity: f32,
}

/// A channel as a part of its whole.
pub(super) trait Unit: Copy {
    fn to_unit(self) -> f32;
    fn of_unit(unit: f32) -> Self;
}

impl Unit for u8 {
    fn to_unit(self) -> f32 {
        f32::from(self) / 255.0
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn of_unit(unit: f32) -> Self {
        (unit.clamp(0.0, 1.0) * 255.0 + 0.5) as Self
    }
}

impl Unit for u16 {
    fn to_unit(self) -> f32 {
        f32::from(self) / 65535.0
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    fn of_unit(unit: f32) -> Self {
        (unit.clamp(0.0, 1.0) * 65535.0 + 0.5) as Self
    }
}

impl Layer<'_> {
    pub(super) fn lay<P>(&self, pixels: &mut ImageBuffer<P, Vec<P::Subpixel>>)
    where
        P: Pixel,
        P::Subpixel: Unit,
    {
        match self.place {
            Place::At((left, top)) => {
                for (x, y, color) in self.mark.enumerate_pixels() {
                    if color.0[3] > 0 && left + x < pixels.width() && top + y < pixels.height() {
                        let color = color.0.map(Unit::to_unit);
                        over(pixels.get_pixel_mut(left + x, top + y), color, self.opacity);
                    }
                }
            }
            Place::Everywhere => {
                let pattern = Pattern::of(self.mark, pixels.dimensions());
                for (x, y, pixel) in pixels.enumerate_pixels_mut() {
                    if let Some(color) = pattern.at(x, y) {
                        over(pixel, color, self.opacity);
                    }
                }
            }
        }
    }
}

/// Puts a colour over a pixel of three channels, and alpha if there is a fourth.
fn over<P>(pixel: &mut P, [red, green, blue, alpha]: [f32; 4], opacity: f32)
where
    P: Pixel,
    P::Subpixel: Unit,
{
    let alpha = alpha * opacity;
    let channels = pixel.channels_mut();
    let below = channels.get(3).map_or(1.0, |alpha| alpha.to_unit());
    let together = alpha + below * (1.0 - alpha);
    if together <= 0.0 {
        return;
    }
    for (channel, color) in channels.iter_mut().zip([red, green, blue]) {
        let mixed = color * alpha + channel.to_unit() * below * (1.0 - alpha);
        *channel = Unit::of_unit(mixed / together);
    }
    if let Some(channel) = channels.get_mut(3) {
        *channel = Unit::of_unit(together);
    }
}

/// A watermark again and again, turned around the picture's middle, every second row shifted.
struct Pattern<'a> {
    mark: &'a RgbaImage,
    middle: (f64, f64),
    step: (f64, f64),
    turn: (f64, f64),
}

impl<'a> Pattern<'a> {
    fn of(mark: &'a RgbaImage, room: (u32, u32)) -> Self {
        let (width, height) = (f64::from(mark.width()), f64::from(mark.height()));
        // A flat watermark gets its distance by its width, so that rows never touch.
        let down = (height * (1.0 + GAP.1)).max(width * GAP.0).max(2.0);
        Self {
            mark,
            middle: (f64::from(room.0) / 2.0, f64::from(room.1) / 2.0),
            step: ((width * (1.0 + GAP.0)).max(2.0), down),
            turn: ANGLE_DEGREES.to_radians().sin_cos(),
        }
    }

    /// The colour here; `None` between two.
    fn at(&self, x: u32, y: u32) -> Option<[f32; 4]> {
        let (across, down) = (f64::from(x) + 0.5 - self.middle.0, f64::from(y) + 0.5 - self.middle.1);
        let (sine, cosine) = self.turn;
        let (along, below) = (across * cosine - down * sine, across * sine + down * cosine);
        // One stands in the middle of the picture.
        let below = below + f64::from(self.mark.height()) / 2.0;
        let row = (below / self.step.1).floor();
        let shift = if row.rem_euclid(2.0) == 0.0 { 0.0 } else { self.step.0 / 2.0 };
        let along = (along + shift + f64::from(self.mark.width()) / 2.0).rem_euclid(self.step.0);
        self.between(along - 0.5, below - row * self.step.1 - 0.5)
    }

    /// The colour between four pixels, each as strong as it is near and opaque.
    fn between(&self, x: f64, y: f64) -> Option<[f32; 4]> {
        let (left, top) = (x.floor(), y.floor());
        let mut sum = [0.0_f32; 4];
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (at_x, at_y) = (left + dx, top + dy);
            if at_x < 0.0 || at_y < 0.0 {
                continue;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "not negative, and checked below"
            )]
            let Some(pixel) = self.mark.get_pixel_checked(at_x as u32, at_y as u32) else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
            let weight = ((1.0 - (x - at_x).abs()) * (1.0 - (y - at_y).abs())) as f32;
            let [red, green, blue, alpha] = pixel.0.map(Unit::to_unit);
            let strength = weight * alpha;
            for (total, part) in
                sum.iter_mut().zip([red * strength, green * strength, blue * strength, strength])
            {
                *total += part;
            }
        }
        let alpha = sum[3];
        (alpha > 0.0).then(|| [sum[0] / alpha, sum[1] / alpha, sum[2] / alpha, alpha])
    }
}
