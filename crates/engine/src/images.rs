//! What a profile says of pictures, for the image engine, and what that did, for the person.

use picferry_core::Result;
use picferry_core::images::{ImageOptions, WatermarkContent};
use picferry_core::{Error, ErrorCode};
use picferry_imaging::{Limits, PrepareOptions};
use std::path::{Path, PathBuf};

/// A watermark that is larger than this is none.
const LARGEST_WATERMARK: u64 = 32 * 1024 * 1024;

/// The options with what has to be read for them: the watermark's picture. Blocks.
///
/// # Errors
/// `invalid_field` for a watermark's picture that cannot be read.
pub fn prepare_options(images: ImageOptions, name: &str) -> Result<PrepareOptions> {
    let watermark_picture = match images.watermark.as_ref().map(|watermark| &watermark.content) {
        Some(WatermarkContent::Picture(path)) => {
            let read = crate::acquire::read_file(&at_home(path), path, LARGEST_WATERMARK);
            Some(read.map_err(|error| {
                Error::new(ErrorCode::InvalidField, format!("The watermark cannot be read: {}", error.message))
                    .field("watermark")
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
