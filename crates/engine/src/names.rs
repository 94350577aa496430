//! Step 3: from a picture to a safe object key, and the preview of it in the form.

use crate::engine::Engine;
use crate::pipeline::Cargo;
use crate::profile_draft::ProfileDraft;
use bytes::Bytes;
use jiff::Timestamp;
use picferry_core::digest::Digests;
use picferry_core::key::{KeyTemplate, NameContext};
use picferry_core::profile::{COMMON_FIELDS, Profile};
use picferry_core::{Random, Result};
use picferry_history::JobRow;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a template makes of a sample name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct NamePreview {
    /// The sample.
    pub name: String,
    /// The key it gets.
    pub key: String,
    /// The link readers get; empty while the profile is not complete.
    pub url: String,
}

impl Engine {
    /// The key of a job's picture. The time is that of its acceptance: a picture that waited
    /// over midnight keeps the day on which it was dropped.
    pub(crate) fn name(&self, row: &JobRow, profile: &Profile, cargo: &Cargo) -> Result<String> {
        let template = KeyTemplate::parse(profile.value("key_template", COMMON_FIELDS))?;
        let zone = self.clock.now().time_zone().clone();
        let accepted = Timestamp::from_millisecond(row.snapshot.created_at).unwrap_or(Timestamp::UNIX_EPOCH);
        template.render(&NameContext {
            now: &accepted.to_zoned(zone),
            name: stem(&row.snapshot.name),
            extension: cargo.prepared.info.format.extension(),
            digests: &cargo.digests,
            width: cargo.prepared.info.width,
            height: cargo.prepared.info.height,
            folder: &row.folder,
            random: self.random.as_ref(),
        })
    }

    /// What the draft's template makes of two sample names.
    ///
    /// # Errors
    /// `invalid_template`, naming the placeholder.
    pub fn preview_names(&self, draft: &ProfileDraft) -> Result<Vec<NamePreview>> {
        let profile = draft.as_profile();
        let template = KeyTemplate::parse(profile.value("key_template", COMMON_FIELDS))?;
        let now = self.clock.now();
        let public = self.preview_provider(draft);
        [("harbour dawn", "jpg"), ("截图 09.41", "png")]
            .into_iter()
            .map(|(name, extension)| {
                let key = template.render(&NameContext {
                    now: &now,
                    name,
                    extension,
                    digests: &Digests::of(Bytes::from_static(name.as_bytes())),
                    width: Some(1600),
                    height: Some(1007),
                    folder: "notes",
                    random: &Steady,
                })?;
                let url = public.as_ref().map_or_else(String::new, |provider| provider.public_url(&key));
                Ok(NamePreview { name: format!("{name}.{extension}"), key, url })
            })
            .collect()
    }
}

/// The same dice each time, so that a preview does not flicker while somebody types.
struct Steady;

impl Random for Steady {
    fn fill(&self, buffer: &mut [u8]) {
        for (byte, value) in buffer.iter_mut().zip((41..).step_by(37)) {
            *byte = u8::try_from(value % 256).unwrap_or(0);
        }
    }
}

/// A file name without its extension.
fn stem(name: &str) -> &str {
    Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name)
}
