//! The compress screen.

use crate::types::PastedFile;
use picferry_engine::ImageFields;
use serde::Deserialize;

/// `compress_open`: pictures to be tried. Those of all doors are added in the order written here.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CompressOpen {
    /// Files of this computer, or addresses dragged out of a browser.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub paths: Option<Vec<String>>,
    /// Data that only the webview has.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub files: Option<Vec<PastedFile>>,
    /// Rows of the history: their source file, or what lies behind their link.
    #[serde(default)]
    #[ts(optional = nullable, type = "Array<number>")]
    pub uploads: Option<Vec<i64>>,
}

/// `compress_try`: make every format of one picture, and of the others what the options mean.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CompressTry {
    /// The picture that is shown.
    pub picture: String,
    /// The options: values of the fields of the section Images.
    #[ts(type = "Record<string, string>")]
    pub fields: ImageFields,
}

/// `compress_remove`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CompressRemove {
    /// The picture.
    pub picture: String,
}

/// `compress_use`: make the options those of a profile.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CompressUse {
    /// The profile.
    pub profile_id: String,
    /// The options.
    #[ts(type = "Record<string, string>")]
    pub fields: ImageFields,
}

/// `compress_save`: copies of all pictures, as the options make them, in a folder that is asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CompressSave {
    /// The options.
    #[ts(type = "Record<string, string>")]
    pub fields: ImageFields,
}
