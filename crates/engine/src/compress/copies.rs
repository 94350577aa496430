//! “Save copies”: what the options make of every picture, as files of the person.

use super::desk::Tried;
use super::files::{free_names, write_new};
use super::{ImageFields, makers};
use crate::engine::{Engine, run_blocking};
use bytes::Bytes;
use picferry_core::compress::CompressPicture;
use picferry_core::images::ImageOptions;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::Cancel;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What became of “Save copies”.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SavedCopies {
    /// The folder.
    pub folder: String,
    /// Files that were written.
    pub saved: u32,
    /// What could not be saved, and why.
    pub failed: Vec<FailedCopy>,
}

/// A picture that could not be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FailedCopy {
    /// Its name.
    pub name: String,
    /// Why.
    pub error: Error,
}

impl Engine {
    /// Writes every picture of the list, as these options make it, to a folder. Nothing that exists
    /// is written over.
    ///
    /// # Errors
    /// `invalid_field`, or `not_found` for an empty list. What is wrong with one picture is in the answer.
    pub async fn compress_save(&self, folder: PathBuf, fields: ImageFields) -> Result<SavedCopies> {
        let options = ImageOptions::of_fields(&fields)?;
        let tried = Tried::new(&fields, options);
        let pictures = self.compress.pictures();
        if pictures.is_empty() {
            return Err(Error::new(ErrorCode::NotFound, "There are no pictures to save."));
        }
        let mut report = SavedCopies { folder: folder.display().to_string(), saved: 0, failed: Vec::new() };
        for picture in pictures {
            match self.save_copy(&folder, &picture, &tried).await {
                Ok(()) => report.saved += 1,
                Err(error) => report.failed.push(FailedCopy { name: picture.name, error: *error }),
            }
        }
        Ok(report)
    }

    async fn save_copy(&self, folder: &Path, picture: &CompressPicture, tried: &Tried) -> Result<()> {
        let (bytes, format) = self.copy_of(picture, tried).await?;
        let (folder, name) = (folder.to_owned(), picture.name.clone());
        run_blocking(move || {
            for path in free_names(&folder, &name, format) {
                let written = write_new(&path, &bytes, false).map_err(|error| {
                    Error::from_io(&format!("{} cannot be written", path.display()), &error)
                })?;
                if written {
                    return Ok(());
                }
            }
            Err(Error::new(ErrorCode::KeyExists, format!("All names like {name} are taken.")))
        })
        .await
    }

    /// What the options make of a picture: as it was made for the screen, or made now.
    async fn copy_of(&self, picture: &CompressPicture, tried: &Tried) -> Result<(Bytes, PictureFormat)> {
        let chosen = tried.rule_for(picture.format);
        let file = format!("{}-{}-{chosen}", picture.id, tried.key);
        if let Some((path, format)) = self.compress.result_file(&file)
            && let Ok(bytes) = run_blocking(move || std::fs::read(path).map_err(|_| missing())).await
        {
            return Ok((bytes.into(), format));
        }
        let bytes = self.compress_bytes(&picture.id).await?;
        let (options, name) = (tried.options.clone(), picture.name.clone());
        let _slot = self.picture_memory.slot().await;
        let made = run_blocking(move || {
            let options = crate::images::prepare_options(options, &name)?;
            makers::one(bytes, &options, chosen, &Cancel::new())
        })
        .await?;
        Ok((made.bytes, made.info.format))
    }
}

fn missing() -> Box<Error> {
    Error::new(ErrorCode::NotFound, "There is no such picture.")
}
