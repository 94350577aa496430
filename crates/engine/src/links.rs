//! Step 7: links in every format, for rows of the history.

use crate::engine::Engine;
use picferry_core::Result;
use picferry_core::link::{LinkContext, LinkFormat};
use picferry_core::upload::Upload;
use serde::{Deserialize, Serialize};

/// A link with the format it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LabelledLink {
    /// `url`, `markdown`, `html`, `bbcode`, or the name of a custom format.
    pub format: String,
    /// The link.
    pub link: String,
}

impl Engine {
    /// The links of pictures, in the order of the ids; the format of the settings when none is named.
    ///
    /// # Errors
    /// `invalid_template` for a format that does not exist; a database error.
    pub async fn links(&self, ids: Vec<i64>, format: Option<String>) -> Result<Vec<String>> {
        let settings = self.settings();
        let format =
            LinkFormat::resolve(format.as_deref().unwrap_or(&settings.links.format), &settings.links.custom)?;
        let uploads = self.history_get(ids).await?;
        Ok(uploads.iter().map(|upload| self.link(upload, &format)).collect())
    }

    /// A picture's link in every format that there is.
    ///
    /// # Errors
    /// `not_found`; a database error.
    pub async fn links_in_all_formats(&self, id: i64) -> Result<Vec<LabelledLink>> {
        let settings = self.settings();
        let upload = self.history_one(id).await?;
        let names = LinkFormat::ALL_BUILTIN
            .iter()
            .map(|format| format.name().to_owned())
            .chain(settings.links.custom.iter().map(|custom| custom.name.clone()));
        names
            .map(|name| {
                let format = LinkFormat::resolve(&name, &settings.links.custom)?;
                Ok(LabelledLink { link: self.link(&upload, &format), format: name })
            })
            .collect()
    }

    /// One picture's link.
    #[must_use]
    pub fn link(&self, upload: &Upload, format: &LinkFormat) -> String {
        let context = LinkContext {
            url: &upload.url,
            name: &upload.name,
            alt: &upload.alt,
            width: upload.width,
            height: upload.height,
            key: &upload.key,
            size: upload.bytes_out,
        };
        format.render(&context, self.settings().links.encoded)
    }
}
