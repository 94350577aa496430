//! What is to happen to a picture between its file and the host, as a person sets it.
//!
//! A profile keeps these options as fields ([`IMAGE_FIELDS`]), so that one list draws the form,
//! is the grammar of `--set key=value`, and is what one upload may change for itself. The image
//! engine reads the typed form, [`ImageOptions`].

mod fields;
mod notes;
mod read;

use crate::picture::PictureFormat;
pub use fields::{IMAGE_FIELD_COUNT, IMAGE_FIELDS};
pub use notes::{KeptWhy, PictureNote};

/// Everything that may happen to a picture. The default is what a profile does unless told otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageOptions {
    /// What becomes of position, camera, time and comments.
    pub metadata: MetadataRule,
    /// What becomes of the colour profile.
    pub color_profile: ColorProfileRule,
    /// The part that stays, in pixels of the upright picture.
    pub crop: Option<Crop>,
    /// A turn, after the picture is upright.
    pub turn: Turn,
    /// A reflection, after the turn.
    pub flip: Flip,
    /// The largest size; never enlarges.
    pub resize: Resize,
    /// Words or a picture laid over it.
    pub watermark: Option<Watermark>,
    /// The format of what is sent.
    pub format: FormatRule,
    /// Formats of which the result is chosen by what the file was: `png=webp`. They stand above `format`.
    pub convert: Vec<(PictureFormat, FormatRule)>,
    /// The newest format that [`FormatRule::Automatic`] may choose.
    pub newest: Newest,
    /// How well the result has to look, or how large it may be.
    pub aim: Aim,
    /// How PNG files are written.
    pub png: PngRule,
    /// How WebP files are written.
    pub webp: WebpRule,
    /// Sooner, or smaller.
    pub effort: Effort,
    /// What is sent as it is; metadata is still taken out.
    pub skip: SkipRules,
    /// What becomes of a picture that cannot be processed.
    pub when_impossible: WhenImpossible,
    /// A new file is kept only if it is smaller by at least this part of the old one: 0.05.
    pub least_saving: f32,
    /// What looking for the smallest file may cost in all, in milliseconds of one core.
    pub time_budget_ms: u64,
    /// Process a damaged JPEG as far as it goes, instead of refusing it.
    pub allow_damaged: bool,
}

/// What becomes of metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetadataRule {
    /// All of it goes; orientation is applied or kept.
    #[default]
    Strip,
    /// Only what tells where the picture was taken and by which device: position, serial numbers, owner.
    Private,
    /// All of it stays.
    Keep,
}

/// What becomes of a colour profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorProfileRule {
    /// It stays; formats that cannot carry it get sRGB pixels.
    #[default]
    Keep,
    /// Pixels become sRGB and the profile goes.
    Srgb,
}

/// A part of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A turn to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it, in degrees")]
pub enum Turn {
    #[default]
    None,
    By90,
    By180,
    By270,
}

/// A reflection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flip {
    /// None.
    #[default]
    None,
    /// Left and right change places.
    Horizontal,
    /// Top and bottom change places.
    Vertical,
}

/// The largest size. All that are given hold; a smaller picture stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Resize {
    /// Pixels of the longer side.
    pub long_edge: Option<u32>,
    /// Pixels across.
    pub max_width: Option<u32>,
    /// Pixels down.
    pub max_height: Option<u32>,
    /// Part of its size, in percent, at most 100.
    pub percent: Option<f32>,
}

impl Resize {
    /// The size that a picture gets: at least 1 × 1, never larger than it was.
    #[must_use]
    pub fn apply(&self, width: u32, height: u32) -> (u32, u32) {
        let (across, down) = (f64::from(width), f64::from(height));
        let mut scale = f64::from(self.percent.unwrap_or(100.0)) / 100.0;
        let limits = [(self.long_edge, across.max(down)), (self.max_width, across), (self.max_height, down)];
        for (limit, side) in limits {
            if let Some(limit) = limit {
                scale = scale.min(f64::from(limit.max(1)) / side);
            }
        }
        if scale >= 1.0 || scale.is_nan() {
            return (width, height);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the side it was"
        )]
        let side = |length: f64| (length * scale).round().max(1.0) as u32;
        (side(across), side(down))
    }
}

/// Something laid over every picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Watermark {
    /// What is laid over it.
    pub content: WatermarkContent,
    /// Where; without meaning for a tiled one.
    pub position: WatermarkPosition,
    /// 0 (invisible) to 1.
    pub opacity: f32,
    /// Its width as a part of the picture's: 0.2.
    pub scale: f32,
    /// All over the picture instead of once.
    pub tiled: bool,
}

/// What a watermark shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatermarkContent {
    /// Words, in a font of the system.
    Text(String),
    /// A picture file; whoever calls the image engine reads it.
    Picture(String),
}

/// Where a watermark lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub enum WatermarkPosition {
    TopLeft,
    TopRight,
    Center,
    BottomLeft,
    #[default]
    BottomRight,
}

/// The format of what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FormatRule {
    /// As it was; the file is written smaller where that is possible.
    Keep,
    /// The smallest that looks the same.
    #[default]
    Automatic,
    /// This one.
    To(TargetFormat),
}

/// The formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the formats say it")]
pub enum TargetFormat {
    Jpeg,
    Png,
    Webp,
    Avif,
}

impl TargetFormat {
    /// All of them, oldest first.
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Avif];

    /// The same among all known formats.
    #[must_use]
    pub fn format(self) -> PictureFormat {
        match self {
            Self::Jpeg => PictureFormat::Jpeg,
            Self::Png => PictureFormat::Png,
            Self::Webp => PictureFormat::Webp,
            Self::Avif => PictureFormat::Avif,
        }
    }

    /// The format as one that can be written, if it can.
    #[must_use]
    pub fn of(format: PictureFormat) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.format() == format)
    }
}

/// The newest format that readers' browsers can be expected to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Newest {
    /// JPEG and PNG only.
    JpegPng,
    /// And WebP.
    Webp,
    /// And AVIF.
    #[default]
    Avif,
}

impl Newest {
    /// Whether a format is among them.
    #[must_use]
    pub fn allows(self, format: TargetFormat) -> bool {
        match format {
            TargetFormat::Jpeg | TargetFormat::Png => true,
            TargetFormat::Webp => self >= Self::Webp,
            TargetFormat::Avif => self >= Self::Avif,
        }
    }
}

/// What the encoder aims for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// A `SSIMULACRA 2` score, 0 to 100: 90 cannot be told from the original, 80 only side by side,
    /// 70 is small and still good.
    Look(f32),
    /// The encoder's own number, 1 to 100, without looking at the result.
    EncoderQuality(u8),
    /// A file of at most so many bytes.
    Bytes(u64),
}

impl Default for Aim {
    fn default() -> Self {
        Self::Look(80.0)
    }
}

/// How PNG files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PngRule {
    /// Every pixel stays; only the file gets smaller.
    #[default]
    Lossless,
    /// At most 256 colours, with dithering, where that still looks as it should.
    Palette,
}

/// How WebP files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebpRule {
    /// As suits the picture.
    #[default]
    Automatic,
    /// Like a photo.
    Lossy,
    /// Every pixel stays.
    Lossless,
    /// Pixels change a little where that saves much.
    NearLossless,
}

/// Sooner, or smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// Good for a picture that somebody waits for.
    #[default]
    Fast,
    /// Takes several times as long.
    Small,
}

/// What is sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SkipRules {
    /// These formats, by content.
    pub formats: Vec<PictureFormat>,
    /// These extensions of the file's name, in lower case, without a dot.
    pub extensions: Vec<String>,
    /// Files of fewer bytes.
    pub below_bytes: u64,
    /// Pictures with more than one frame.
    pub animations: bool,
}

/// What becomes of a picture that cannot be processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenImpossible {
    /// It is sent as it is, and the person is told.
    #[default]
    SendUntouched,
    /// It is not sent.
    Refuse,
}

impl Default for ImageOptions {
    fn default() -> Self {
        Self {
            metadata: MetadataRule::default(),
            color_profile: ColorProfileRule::default(),
            crop: None,
            turn: Turn::default(),
            flip: Flip::default(),
            resize: Resize::default(),
            watermark: None,
            format: FormatRule::default(),
            convert: Vec::new(),
            newest: Newest::default(),
            aim: Aim::default(),
            png: PngRule::default(),
            webp: WebpRule::default(),
            effort: Effort::default(),
            skip: SkipRules::default(),
            when_impossible: WhenImpossible::default(),
            least_saving: 0.05,
            time_budget_ms: 10_000,
            allow_damaged: false,
        }
    }
}

impl ImageOptions {
    /// The rule for a picture that came as `format`.
    #[must_use]
    pub fn rule_for(&self, format: PictureFormat) -> FormatRule {
        self.convert.iter().find(|(from, _)| *from == format).map_or(self.format, |(_, rule)| *rule)
    }

    /// Whether a picture is left as it is: metadata apart.
    #[must_use]
    pub fn skips(&self, format: PictureFormat, extension: &str, bytes: u64, animated: bool) -> bool {
        let extension = extension.to_lowercase();
        self.skip.formats.contains(&format)
            || self.skip.extensions.contains(&extension)
            || bytes < self.skip.below_bytes
            || (animated && self.skip.animations)
    }
}

#[cfg(test)]
mod tests;
