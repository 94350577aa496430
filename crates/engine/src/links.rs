//! Step 7: links in every format, for rows of the history.

use crate::engine::Engine;
use picferry_core::Result;
use picferry_core::job::{JobSnapshot, JobState};
use picferry_core::link::{LinkContext, LinkFormat};
use picferry_core::upload::Upload;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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

    /// The links of jobs that arrived, in their order. A picture that was there already goes by
    /// the name and the address it has now, not by those of its first journey.
    ///
    /// # Errors
    /// A database error.
    pub async fn job_links(&self, jobs: &[JobSnapshot], format: &LinkFormat) -> Result<Vec<String>> {
        let ids: Vec<i64> = jobs.iter().filter_map(|job| job.upload_id).collect();
        let uploads: HashMap<i64, Upload> =
            self.history_get(ids).await?.into_iter().map(|upload| (upload.id, upload)).collect();
        let is_encoded = self.settings().links.encoded;
        let arrived = jobs.iter().filter(|job| job.state == JobState::Done);
        Ok(arrived
            .filter_map(|job| {
                let context = LinkContext::of_job(job)?;
                // What lay on the host before has no row in the history, but a link.
                let upload = job.upload_id.and_then(|id| uploads.get(&id));
                let context = match upload {
                    Some(upload) => LinkContext {
                        alt: &upload.alt,
                        width: upload.width,
                        height: upload.height,
                        ..context
                    },
                    None => context,
                };
                Some(format.render(&context, is_encoded))
            })
            .collect())
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
