//! What a profile says of pictures, for the image engine, and what that did, for the person.

use picferry_core::Result;
use picferry_core::images::{ImageOptions, PictureNote, WatermarkContent};
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode};
use picferry_imaging::{Cancel, Change, Limits, PrepareOptions};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A watermark that is larger than this is none.
const LARGEST_WATERMARK: u64 = 32 * 1024 * 1024;

/// The profile as one job wants its pictures treated.
pub fn with_overrides(profile: &Profile, overrides: &BTreeMap<String, String>) -> Profile {
    let mut treated = profile.clone();
    treated.fields.extend(overrides.clone());
    treated
}

/// Stops work on a picture when nobody waits for it any more.
pub struct StopOnDrop(pub Cancel);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// The options with what has to be read for them: the watermark's picture. Blocks.
///
/// # Errors
/// `invalid_field` for a watermark's picture that cannot be read.
pub fn prepare_options(images: ImageOptions, name: &str) -> Result<PrepareOptions> {
    let watermark_picture = match images.watermark.as_ref().map(|watermark| &watermark.content) {
        Some(WatermarkContent::Picture(path)) => {
            let read = crate::acquire::read_file(&at_home(path), path, LARGEST_WATERMARK);
            Some(read.map_err(|error| {
                Error::new(
                    ErrorCode::InvalidField,
                    format!("The watermark cannot be read: {}", error.message),
                )
                .field("watermark")
                .param("reason", "watermark_picture")
                .hint("Choose another picture in the profile, under Images.")
            })?)
        }
        Some(WatermarkContent::Text(_)) | None => None,
    };
    Ok(PrepareOptions { images, limits: Limits::default(), watermark_picture, name: name.to_owned() })
}

/// `~/…` is the person's own folder.
fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(path).to_owned(),
    }
}

/// What was done, for the person. That a file keeps its orientation is nobody's business.
pub fn notes(changed: &[Change]) -> Vec<PictureNote> {
    changed.iter().filter_map(|change| note(*change)).collect()
}

fn note(change: Change) -> Option<PictureNote> {
    Some(match change {
        Change::Skipped { .. } => PictureNote::Skipped,
        Change::Oriented => PictureNote::Oriented,
        Change::Cropped => PictureNote::Cropped,
        Change::Turned => PictureNote::Turned,
        Change::Resized { to: (width, height), .. } => PictureNote::Resized { width, height },
        Change::Watermarked => PictureNote::Watermarked,
        Change::ConvertedToSrgb => PictureNote::ConvertedToSrgb,
        Change::Converted { from, to } => PictureNote::Converted { from, to },
        Change::Compressed { .. } => PictureNote::Compressed,
        Change::AimMissed => PictureNote::AimMissed,
        Change::KeptOriginal { why } => PictureNote::KeptOriginal { why },
        Change::NotProcessed(code) => PictureNote::NotProcessed { code },
        Change::MetadataRemoved { .. } => PictureNote::MetadataRemoved,
        Change::OrientationKept => return None,
        Change::MetadataNotRemovable => PictureNote::MetadataNotRemovable,
        Change::MetadataNotCarried => PictureNote::MetadataNotCarried,
    })
}

/// A score in whole numbers; the measure is no finer for the eye.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
pub fn shown_score(score: f32) -> u8 {
    score.round().clamp(0.0, 100.0) as u8
}
