//! Reads the options from a profile's fields, and says which field cannot be read.

use super::{
    Aim, ColorProfileRule, Crop, Effort, Flip, FormatRule, IMAGE_FIELDS, ImageOptions, MetadataRule, Newest,
    PngRule, Resize, TargetFormat, Turn, Watermark, WatermarkContent, WatermarkPosition, WebpRule,
    WhenImpossible,
};
use crate::picture::PictureFormat;
use crate::profile::Profile;
use crate::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Sizes above this are a slip of the finger, and no codec takes them.
const LONGEST_SIDE: u32 = 65_535;

/// The values of fields, with their defaults.
struct Values<'a>(&'a BTreeMap<String, String>);

impl<'a> Values<'a> {
    fn text(&self, key: &str) -> &'a str {
        let given = self.0.get(key).map(|value| value.trim()).filter(|value| !value.is_empty());
        given.unwrap_or_else(|| {
            IMAGE_FIELDS.iter().find(|spec| spec.key == key).map_or("", |spec| spec.default)
        })
    }

    /// A number within bounds; `None` for an empty field.
    fn number<T: Copy + FromStr + PartialOrd + std::fmt::Display>(
        &self,
        key: &str,
        least: T,
        most: T,
    ) -> Result<Option<T>> {
        let text = self.text(key);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse() {
            Ok(number) if number >= least && number <= most => Ok(Some(number)),
            _ => Err(refused(key, text, format!("a number from {least} to {most}"))),
        }
    }

    fn fraction(&self, key: &str) -> Result<f32> {
        Ok(self.number(key, 0.0, 100.0)?.unwrap_or(0.0) / 100.0)
    }
}

fn refused(key: &str, text: &str, wanted: impl std::fmt::Display) -> Box<Error> {
    let label = IMAGE_FIELDS.iter().find(|spec| spec.key == key).map_or(key, |spec| spec.label.en);
    Error::new(ErrorCode::InvalidField, format!("“{label}” cannot be “{text}”."))
        .field(key)
        .hint(format!("It takes {wanted}."))
}

impl ImageOptions {
    /// The options of a profile.
    ///
    /// # Errors
    /// `invalid_field` with the field's key.
    pub fn of_profile(profile: &Profile) -> Result<Self> {
        Self::of_fields(&profile.fields)
    }

    /// The options in fields; an absent or empty one means its default, other keys are passed over.
    ///
    /// # Errors
    /// `invalid_field` with the field's key.
    pub fn of_fields(fields: &BTreeMap<String, String>) -> Result<Self> {
        let values = Values(fields);
        let mut options = Self {
            metadata: metadata(&values)?,
            color_profile: color_profile(&values)?,
            crop: crop(&values)?,
            turn: turn(&values)?,
            flip: flip(&values)?,
            resize: resize(&values)?,
            watermark: watermark(&values)?,
            format: format_rule("image_format", values.text("image_format"))?,
            convert: convert(&values)?,
            newest: newest(&values)?,
            aim: aim(&values)?,
            png: png(&values)?,
            webp: webp(&values)?,
            effort: effort(&values)?,
            when_impossible: when_impossible(&values)?,
            allow_damaged: toggle(&values, "image_allow_damaged")?,
            time_budget_ms: values.number("image_time_budget", 0, 600)?.unwrap_or(10_u64) * 1000,
            ..Self::default()
        };
        options.skip.below_bytes =
            values.number("image_skip_below_kb", 0, 1_000_000)?.unwrap_or(0_u64) * 1000;
        read_skip(&values, &mut options);
        Ok(options)
    }
}

/// Finds the value of a choice by its name.
fn one_of<T: Copy>(values: &Values<'_>, key: &str, choices: &[(&str, T)]) -> Result<T> {
    let text = values.text(key);
    choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        refused(key, text, names.join(", "))
    })
}

fn metadata(values: &Values<'_>) -> Result<MetadataRule> {
    use MetadataRule::{Keep, Private, Strip};
    one_of(values, "metadata", &[("strip", Strip), ("private", Private), ("keep", Keep)])
}

fn color_profile(values: &Values<'_>) -> Result<ColorProfileRule> {
    use ColorProfileRule::{Keep, Srgb};
    one_of(values, "color_profile", &[("keep", Keep), ("srgb", Srgb)])
}

fn turn(values: &Values<'_>) -> Result<Turn> {
    let choices = [("0", Turn::None), ("90", Turn::By90), ("180", Turn::By180), ("270", Turn::By270)];
    one_of(values, "image_rotate", &choices)
}

fn flip(values: &Values<'_>) -> Result<Flip> {
    use Flip::{Horizontal, None, Vertical};
    one_of(values, "image_flip", &[("none", None), ("horizontal", Horizontal), ("vertical", Vertical)])
}

fn newest(values: &Values<'_>) -> Result<Newest> {
    use Newest::{Avif, JpegPng, Webp};
    one_of(values, "image_newest", &[("jpeg_png", JpegPng), ("webp", Webp), ("avif", Avif)])
}

fn png(values: &Values<'_>) -> Result<PngRule> {
    one_of(values, "image_png", &[("lossless", PngRule::Lossless), ("palette", PngRule::Palette)])
}

fn webp(values: &Values<'_>) -> Result<WebpRule> {
    use WebpRule::{Automatic, Lossless, Lossy, NearLossless};
    let choices =
        [("auto", Automatic), ("lossy", Lossy), ("lossless", Lossless), ("near_lossless", NearLossless)];
    one_of(values, "image_webp", &choices)
}

fn effort(values: &Values<'_>) -> Result<Effort> {
    one_of(values, "image_effort", &[("fast", Effort::Fast), ("small", Effort::Small)])
}

fn when_impossible(values: &Values<'_>) -> Result<WhenImpossible> {
    use WhenImpossible::{Refuse, SendUntouched};
    one_of(values, "image_when_impossible", &[("send", SendUntouched), ("refuse", Refuse)])
}

fn toggle(values: &Values<'_>, key: &str) -> Result<bool> {
    one_of(values, key, &[("true", true), ("false", false)])
}

fn resize(values: &Values<'_>) -> Result<Resize> {
    let side = |key| values.number(key, 1, LONGEST_SIDE);
    Ok(Resize {
        long_edge: side("image_long_edge")?,
        max_width: side("image_max_width")?,
        max_height: side("image_max_height")?,
        percent: values.number("image_percent", 1.0, 100.0)?,
    })
}

fn aim(values: &Values<'_>) -> Result<Aim> {
    let aims = [("quality", 0), ("size", 1), ("encoder", 2)];
    Ok(match one_of(values, "image_aim", &aims)? {
        0 => Aim::Look(values.number("image_quality", 1.0, 100.0)?.unwrap_or(80.0)),
        1 => match values.number("image_max_kb", 1_u64, 1_000_000)? {
            Some(kilobytes) => Aim::Bytes(kilobytes * 1000),
            None => return Err(refused("image_max_kb", "", "the largest size in KB")),
        },
        _ => Aim::EncoderQuality(values.number("image_encoder_quality", 1, 100)?.unwrap_or(80)),
    })
}

/// `x,y,width,height`.
fn crop(values: &Values<'_>) -> Result<Option<Crop>> {
    let text = values.text("image_crop");
    if text.is_empty() {
        return Ok(None);
    }
    let numbers: Vec<u32> = text.split([',', ' ']).filter_map(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        [x, y, width, height] if width > 0 && height > 0 => Ok(Some(Crop { x, y, width, height })),
        _ => Err(refused("image_crop", text, "left, top, width and height in pixels: 0,0,1600,900")),
    }
}

fn format_rule(key: &str, text: &str) -> Result<FormatRule> {
    match text.to_lowercase().as_str() {
        "keep" => Ok(FormatRule::Keep),
        "auto" | "automatic" => Ok(FormatRule::Automatic),
        name => format_by_name(name)
            .and_then(TargetFormat::of)
            .map(FormatRule::To)
            .ok_or_else(|| refused(key, text, "keep, auto, jpeg, png, webp or avif")),
    }
}

/// A format by its name or its usual extension.
fn format_by_name(name: &str) -> Option<PictureFormat> {
    match name {
        "jpg" => Some(PictureFormat::Jpeg),
        "tif" => Some(PictureFormat::Tiff),
        "heif" => Some(PictureFormat::Heic),
        name => PictureFormat::from_name(name),
    }
}

/// `png=webp, bmp=png`.
fn convert(values: &Values<'_>) -> Result<Vec<(PictureFormat, FormatRule)>> {
    let text = values.text("image_convert");
    let pairs = text.split([',', ';', '\n']).map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let wrong = || refused("image_convert", pair, "pairs such as png=webp, bmp=png");
            let (from, to) = pair.split_once('=').ok_or_else(wrong)?;
            let from = format_by_name(&from.trim().to_lowercase()).ok_or_else(wrong)?;
            Ok((from, format_rule("image_convert", to.trim())?))
        })
        .collect()
}

/// A name that is a format means what the file is; any other name is an extension.
fn read_skip(values: &Values<'_>, options: &mut ImageOptions) {
    let names = values.text("image_skip").split([',', ';', ' ', '\n']).map(|name| name.trim());
    for name in names.filter(|name| !name.is_empty()) {
        let name = name.trim_start_matches("*.").trim_start_matches('.').to_lowercase();
        match format_by_name(&name) {
            Some(format) => options.skip.formats.push(format),
            None if name == "animation" => options.skip.animations = true,
            None => options.skip.extensions.push(name),
        }
    }
}

fn watermark(values: &Values<'_>) -> Result<Option<Watermark>> {
    use WatermarkPosition::{BottomLeft, BottomRight, Center, TopLeft, TopRight};
    let text = values.text("watermark");
    if text.is_empty() {
        return Ok(None);
    }
    let places = [
        ("bottom_right", (BottomRight, false)),
        ("bottom_left", (BottomLeft, false)),
        ("top_right", (TopRight, false)),
        ("top_left", (TopLeft, false)),
        ("center", (Center, false)),
        ("tiled", (Center, true)),
    ];
    let (position, tiled) = one_of(values, "watermark_position", &places)?;
    Ok(Some(Watermark {
        content: if is_path(text) {
            WatermarkContent::Picture(text.to_owned())
        } else {
            WatermarkContent::Text(text.to_owned())
        },
        position,
        tiled,
        opacity: values.fraction("watermark_opacity")?,
        scale: values.fraction("watermark_scale")?.max(0.01),
    }))
}

/// `/…`, `~/…`, `C:\…`.
fn is_path(text: &str) -> bool {
    let mut letters = text.chars();
    let drive = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && matches!(letters.next(), Some('\\' | '/'));
    text.starts_with('/') || text.starts_with("~/") || text.starts_with("\\\\") || drive
}
