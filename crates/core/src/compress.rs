//! Pictures that are tried before they are sent: what each format makes of them.

use crate::error::Error;
use crate::picture::PictureFormat;
use serde::{Deserialize, Serialize};

/// A picture on the compress screen: a snapshot, never a delta.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CompressPicture {
    /// Opaque; of this session only.
    pub id: String,
    /// The file name as the person knows it.
    pub name: String,
    /// Size of the file; 0 until it is read.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The real format, once read.
    pub format: Option<PictureFormat>,
    /// Pixels across, orientation applied.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// More than one frame.
    pub animated: bool,
    /// A small picture of it can be asked for.
    pub thumbnail: bool,
    /// What the file tells beside its pixels; shown here, sent nowhere.
    pub metadata: Option<FoundMetadata>,
    /// What the formats make of it with the options last asked for, in the order they came.
    pub results: Vec<CompressResult>,
    /// Which of the results those options mean: their [`CompressResult::rule`].
    pub chosen: String,
    /// More results come.
    pub working: bool,
    /// Why it cannot be read or processed.
    pub error: Option<Error>,
}

/// What one format makes of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CompressResult {
    /// The value of `image_format` that gives it: `auto`, `avif`, `webp`, `jpeg`, `png`, `keep`.
    pub rule: String,
    /// Names the file when it is to be shown; another one for other options.
    pub file: String,
    /// What it is.
    pub format: PictureFormat,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How much it looks like the original, 0 to 100; `None` where that was not measured.
    pub score: Option<f32>,
    /// It looks as asked, or is as small as asked.
    pub aim_is_met: bool,
}

/// What a file tells beside its pixels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FoundMetadata {
    /// Where it was taken.
    pub position: Option<Position>,
    /// Camera and lens.
    pub device: Option<String>,
    /// When it was taken, as the camera wrote it.
    pub taken: Option<String>,
    /// The name of its colour profile; `None` for none.
    pub color_profile: Option<String>,
}

/// A place on the Earth, in degrees; south and west are negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Position {
    pub latitude: f64,
    pub longitude: f64,
}
