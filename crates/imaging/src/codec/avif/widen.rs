//! From planes with one sample of colour for four pixels to red, green and blue.
//!
//! libavif does the same for one pixel at a time, which takes longer than to decode them: samples in
//! between are mixed from the four around, the nearest weighing nine parts of sixteen.

/// One plane of a picture, row by row, with what lies between the rows.
#[derive(Clone, Copy)]
pub(super) struct Plane<'a, T> {
    pub samples: &'a [T],
    /// Samples from one row to the next.
    pub stride: usize,
}

impl<T> Plane<'_, T> {
    fn row(&self, index: usize, width: usize) -> &[T] {
        let start = index * self.stride;
        self.samples.get(start..start + width).unwrap_or_default()
    }
}

/// Planes of full range.
#[derive(Clone, Copy)]
pub(super) struct HalfPlanes<'a, T> {
    pub width: usize,
    pub height: usize,
    /// Bits a sample.
    pub depth: u32,
    pub luma: Plane<'a, T>,
    /// Blue and red difference: half as many samples across and down, rounded up.
    pub differences: [Plane<'a, T>; 2],
    pub weights: Weights,
}

/// What red and blue weigh in luma; green weighs the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weights {
    red: f32,
    blue: f32,
}

impl Weights {
    /// Those of the matrices that are met with; a file that names none means that of BT.601.
    pub(super) fn of(matrix: u16) -> Option<Self> {
        match matrix {
            1 => Some(Self { red: 0.2126, blue: 0.0722 }),
            2 | 5 | 6 => Some(Self { red: 0.299, blue: 0.114 }),
            _ => None,
        }
    }
}

/// A channel of a pixel.
pub(super) trait Channel: Copy {
    /// Its largest value.
    const MOST: f32;

    /// The nearest to a number; what is beyond the ends is the end.
    fn nearest(value: f32) -> Self;
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "such casts stop at the ends")]
mod channels {
    impl super::Channel for u8 {
        const MOST: f32 = 255.0;

        fn nearest(value: f32) -> Self {
            (value + 0.5) as Self
        }
    }

    impl super::Channel for u16 {
        const MOST: f32 = 65_535.0;

        fn nearest(value: f32) -> Self {
            (value + 0.5) as Self
        }
    }
}

/// The pixels, three channels each.
pub(super) fn to_rgb<T: Copy + Into<u16>, C: Channel + Default>(planes: &HalfPlanes<'_, T>) -> Vec<C> {
    let (width, height) = (planes.width, planes.height);
    let mut pixels = vec![C::default(); width * height * 3];
    let most = f32::from((1_u16 << planes.depth) - 1);
    let scale = C::MOST / most;
    let Weights { red, blue } = planes.weights;
    let green = 1.0 - red - blue;
    let (for_red, for_blue) = (2.0 * (1.0 - red) * scale, 2.0 * (1.0 - blue) * scale);
    let (red_in_green, blue_in_green) = (for_red * red / green, for_blue * blue / green);
    let mut blues = Wide::new(width, planes.depth);
    let mut reds = Wide::new(width, planes.depth);
    for (index, row) in pixels.chunks_exact_mut((width * 3).max(1)).enumerate() {
        blues.fill(&planes.differences[0], index, height);
        reds.fill(&planes.differences[1], index, height);
        let luma = planes.luma.row(index, width);
        for (((pixel, luma), blue), red) in
            row.as_chunks_mut::<3>().0.iter_mut().zip(luma).zip(&blues.wide).zip(&reds.wide)
        {
            let luma: u16 = (*luma).into();
            let luma = f32::from(luma) * scale;
            *pixel = [
                C::nearest(luma + for_red * red),
                C::nearest(luma - red_in_green * red - blue_in_green * blue),
                C::nearest(luma + for_blue * blue),
            ];
        }
    }
    pixels
}

/// A row of differences with a sample for each pixel, around zero.
struct Wide {
    mixed: Vec<u16>,
    wide: Vec<f32>,
    middle: f32,
}

impl Wide {
    fn new(width: usize, depth: u32) -> Self {
        let half = width.div_ceil(2);
        Self { mixed: vec![0; half], wide: vec![0.0; half * 2], middle: f32::from(1_u16 << (depth - 1)) }
    }

    /// Mixes the two rows around first, then the two samples around.
    fn fill<T: Copy + Into<u16>>(&mut self, plane: &Plane<'_, T>, row: usize, height: usize) {
        let half = self.mixed.len();
        let near = row / 2;
        let far = if row.is_multiple_of(2) {
            near.saturating_sub(1)
        } else {
            (near + 1).min(height.div_ceil(2) - 1)
        };
        for ((mixed, near), far) in self.mixed.iter_mut().zip(plane.row(near, half)).zip(plane.row(far, half))
        {
            let (near, far): (u16, u16) = ((*near).into(), (*far).into());
            *mixed = near.wrapping_mul(3).wrapping_add(far);
        }
        let at = |index: usize| self.mixed.get(index).copied().map_or(0.0, f32::from);
        for (index, pair) in self.wide.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let here = at(index) * 3.0;
            let (left, right) = (at(index.saturating_sub(1)), at((index + 1).min(half - 1)));
            *pair = [(here + left) / 16.0 - self.middle, (here + right) / 16.0 - self.middle];
        }
    }
}
