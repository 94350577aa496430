//! Pictures on trial: opened, made smaller in every format, looked at, saved or forgotten. Nothing
//! here is sent.
//!
//! One session, that of the compress screen. Its files lie in a folder of their own in the spool:
//! what the person's disk has is read again when needed, what exists nowhere else is kept there, and
//! so is what the formats made. In memory are only the pictures that are worked on right now.

mod copies;
mod desk;
pub(crate) mod files;
mod makers;
mod shown;
mod work;

use crate::engine::{Engine, run_blocking};
use bytes::Bytes;
pub use copies::{FailedCopy, SavedCopies};
pub(crate) use desk::Desk;
use desk::Tried;
pub use files::{FileBatch, FileMade, FileTrial, compress_files, try_file};
use picferry_core::compress::CompressPicture;
use picferry_core::images::{IMAGE_FIELDS, ImageOptions};
use picferry_core::job::{Origin, Source};
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::{Cancel, Limits};
pub use shown::Shown;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Values of [`IMAGE_FIELDS`].
pub type ImageFields = BTreeMap<String, String>;

impl Engine {
    /// Puts pictures on the list, in this order, and answers with the whole list. What is in them
    /// follows by events.
    ///
    /// # Errors
    /// A disk error. What is wrong with one picture is told by it.
    pub async fn compress_open(self: &Arc<Self>, sources: Vec<Source>) -> Result<Vec<CompressPicture>> {
        let desk = &self.compress;
        if sources.is_empty() {
            return Ok(desk.pictures());
        }
        desk.make_folder(&self.paths.spool_dir(), self.instance.id())?;
        for source in sources {
            let id = match self.place(source).await {
                (name, Ok(path)) => desk.add(name, path),
                (name, Err(error)) => desk.add_failed(name, *error),
            };
            let engine = self.clone();
            self.tasks.spawn(async move { engine.look_at(&id).await });
        }
        Ok(desk.pictures())
    }

    /// Where the bytes of a source can be read again, with the name that people know it by.
    async fn place(&self, source: Source) -> (String, Result<PathBuf>) {
        match source {
            Source::Path { path } => {
                let name = Path::new(&path)
                    .file_name()
                    .map_or(path.clone(), |name| name.to_string_lossy().into_owned());
                (name, Ok(path.into()))
            }
            Source::Bytes { name, bytes } => (name, self.compress.keep_source(bytes).await),
            Source::Received { name, path } => (name, Ok(path)),
            Source::Url { url } => {
                let name = url.rsplit('/').next().unwrap_or_default();
                let name = name.split(['?', '#']).next().filter(|name| !name.is_empty()).unwrap_or("picture");
                let name = name.to_owned();
                let kept = match self.fetch(&url, Origin::Window).await {
                    Ok(bytes) => self.compress.keep_source(bytes).await,
                    Err(error) => Err(error),
                };
                (name, kept)
            }
        }
    }

    /// Reads what a picture is and draws it small.
    async fn look_at(self: Arc<Self>, id: &str) {
        let Some(path) = self.compress.path(id) else { return };
        let _slot = self.picture_memory.slot().await;
        let seen = match self.compress_bytes(id).await {
            Ok(bytes) => {
                run_blocking(move || {
                    let info = picferry_imaging::inspect(&bytes)?;
                    let thumbnail = picferry_imaging::thumbnail(&bytes, &Limits::default()).ok().flatten();
                    Ok((bytes.len() as u64, info, makers::found(&bytes), thumbnail))
                })
                .await
            }
            Err(error) => Err(error),
        };
        tracing::debug!(id, path = %path.display(), ok = seen.is_ok(), "a picture was opened to be tried");
        let thumbnail = seen.as_ref().ok().and_then(|(.., thumbnail)| thumbnail.as_ref());
        let drawn = thumbnail.is_some_and(|small| self.compress.keep_thumbnail(id, &small.bytes));
        self.compress.change(&self.hub, id, |picture| match seen {
            Ok((bytes, info, metadata, _)) => {
                picture.bytes = bytes;
                picture.format = Some(info.format);
                (picture.width, picture.height) = (info.width, info.height);
                picture.animated = info.animated;
                picture.metadata = Some(metadata);
                picture.thumbnail = drawn;
            }
            Err(error) => picture.error = Some(*error),
        });
    }

    /// The bytes of a picture on the list, from disk.
    pub(crate) async fn compress_bytes(&self, id: &str) -> Result<Bytes> {
        let Some((path, name)) = self.compress.path(id).zip(self.compress.name(id)) else {
            return Err(not_on_the_list());
        };
        let limit = self.settings().upload.max_file_bytes;
        run_blocking(move || crate::acquire::read_file(&path, &name, limit)).await
    }

    /// Begins to make every format of the picture that is shown, and of all others what the options
    /// mean. What was begun before is stopped; results follow by events.
    ///
    /// # Errors
    /// `invalid_field` with the field's key, `not_found`.
    pub fn compress_try(self: &Arc<Self>, shown: &str, fields: &ImageFields) -> Result<()> {
        let options = ImageOptions::of_fields(fields)?;
        let tried = Tried::new(fields, options);
        let cancel = Cancel::new();
        let Some(round) = self.compress.begin(&self.hub, shown, &tried, &cancel) else {
            return Err(not_on_the_list());
        };
        let engine = self.clone();
        let shown = shown.to_owned();
        self.tasks.spawn(async move { work::run(engine, round, &shown, tried, cancel).await });
        Ok(())
    }

    /// Stops what is being made; the pictures stay.
    pub fn compress_stop(&self) {
        self.compress.stop();
    }

    /// Takes a picture off the list; its file stays.
    #[must_use]
    pub fn compress_remove(&self, id: &str) -> Vec<CompressPicture> {
        self.compress.remove(id);
        self.compress.pictures()
    }

    /// The pictures on the list.
    #[must_use]
    pub fn compress_pictures(&self) -> Vec<CompressPicture> {
        self.compress.pictures()
    }

    /// Forgets all pictures and what was made of them.
    pub fn compress_close(&self) {
        self.compress.clear();
    }

    /// Makes these options those of a profile: every picture sent to it is treated like this.
    ///
    /// # Errors
    /// `invalid_field`, `profile_not_found`, or a disk error.
    pub async fn use_image_fields(&self, profile_id: &str, fields: ImageFields) -> Result<Profile> {
        ImageOptions::of_fields(&fields)?;
        let id = self.profile(profile_id)?.id;
        let changed = id.clone();
        self.change_settings(move |settings| {
            let Some(profile) = settings.profiles.iter_mut().find(|profile| profile.id == changed) else {
                return Err(Error::new(ErrorCode::ProfileNotFound, "The profile was removed."));
            };
            for spec in &IMAGE_FIELDS {
                profile.fields.remove(spec.key);
                if let Some(value) = fields.get(spec.key).map(|value| value.trim())
                    && !value.is_empty()
                    && value != spec.default
                {
                    profile.fields.insert(spec.key.to_owned(), value.to_owned());
                }
            }
            Ok(())
        })
        .await?;
        self.profile(&id)
    }
}

fn not_on_the_list() -> Box<Error> {
    Error::new(ErrorCode::NotFound, "The picture is no longer on the list.").hint("Add it again.")
}
