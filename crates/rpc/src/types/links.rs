//! Links and the clipboard.

use serde::{Deserialize, Serialize};

/// `links_render` and `links_copy`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct LinksRequest {
    /// Rows of the history, in the order of the links.
    #[ts(type = "Array<number>")]
    pub ids: Vec<i64>,
    /// `url`, `markdown`, `html`, `bbcode` or the name of a custom one; the settings' when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub format: Option<String>,
}

/// `job_links_copy`: the links of a batch or of some jobs, in their order.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct JobLinksCopy {
    /// A batch.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub batch: Option<String>,
    /// Or these jobs.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub ids: Option<Vec<String>>,
    /// `url`, `markdown`, `html`, `bbcode` or the name of a custom one; the settings' when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub format: Option<String>,
}

/// What was put on the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Copied {
    /// How many links.
    pub count: u32,
    /// In which format.
    pub format: String,
}

/// A link in one format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FormattedLink {
    /// `markdown`, or the name of a custom one.
    pub format: String,
    /// The format's name for people.
    pub label: String,
    /// The link itself.
    pub link: String,
}

/// `links_preview`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct TemplatePreview {
    /// A custom link template.
    pub template: String,
}

/// `text_copy`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CopyText {
    /// What to put on the clipboard.
    pub text: String,
}
