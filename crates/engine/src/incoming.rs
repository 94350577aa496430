//! Pictures that arrive piece by piece: written to disk as they come, never held whole.
//!
//! They wait in a folder of the spool, whose name tells which process it belongs to, and become the
//! spooled file of a job by a rename.

use crate::acquire::{HEAD, not_a_picture, too_large};
use crate::engine::{Engine, run_blocking};
use picferry_core::job::Source;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::{NamedTempFile, TempDir};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

/// The folder, made when it is first needed and removed with the engine.
#[derive(Default)]
pub(crate) struct IncomingFolder(Mutex<Option<TempDir>>);

impl IncomingFolder {
    fn path(&self, spool: &Path, instance: &str) -> Result<PathBuf> {
        let mut folder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if folder.is_none() {
            let made = tempfile::Builder::new().prefix(&format!("incoming-{instance}-")).tempdir_in(spool);
            *folder = Some(made.map_err(|error| unkept(&error))?);
        }
        Ok(folder.as_ref().map(|folder| folder.path().to_owned()).unwrap_or_default())
    }

    fn holds(&self, path: &Path) -> bool {
        let folder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        folder.as_ref().is_some_and(|folder| path.parent() == Some(folder.path()))
    }
}

/// A picture on its way in; gone from the disk when it is dropped before its end.
pub struct Incoming {
    /// What the sender calls it; never a name on the disk.
    name: String,
    kept: NamedTempFile,
    file: File,
    head: Vec<u8>,
    length: u64,
    limit: u64,
}

impl Incoming {
    /// Writes the next piece.
    ///
    /// # Errors
    /// `file_too_large`; `disk_full` and the like.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.length += piece.len() as u64;
        if self.length > self.limit {
            return Err(too_large(&self.name, self.length, self.limit));
        }
        let wanted = usize::try_from(HEAD).unwrap_or(usize::MAX).saturating_sub(self.head.len());
        self.head.extend_from_slice(&piece[..wanted.min(piece.len())]);
        self.file.write_all(piece).await.map_err(|error| unkept(&error))
    }

    /// Ends the picture: what it is, and the source for [`Engine::upload`].
    ///
    /// # Errors
    /// `empty_file`, `not_a_picture`; a disk error.
    pub async fn finish(mut self) -> Result<(PictureFormat, Source)> {
        let name = self.name;
        if self.length == 0 {
            return Err(Error::new(ErrorCode::EmptyFile, format!("{name} is empty: it has 0 bytes."))
                .param("file", &name));
        }
        let format = picferry_imaging::sniff(&self.head).ok_or_else(|| not_a_picture(&name))?;
        self.file.flush().await.map_err(|error| unkept(&error))?;
        self.file.sync_data().await.map_err(|error| unkept(&error))?;
        drop(self.file);
        let (_, path) = self.kept.keep().map_err(|error| unkept(&error.error))?;
        Ok((format, Source::Received { name, path }))
    }
}

impl Engine {
    /// Makes room for a picture that arrives piece by piece.
    ///
    /// # Errors
    /// A disk error.
    pub async fn receive(&self, name: String) -> Result<Incoming> {
        let folder = self.incoming.path(&self.paths.spool_dir(), self.instance.id())?;
        let limit = self.settings().upload.max_file_bytes;
        let (kept, file) = run_blocking(move || {
            let kept = NamedTempFile::new_in(folder).map_err(|error| unkept(&error))?;
            let file = kept.reopen().map_err(|error| unkept(&error))?;
            Ok((kept, file))
        })
        .await?;
        Ok(Incoming { name, kept, file: File::from_std(file), head: Vec::new(), length: 0, limit })
    }

    /// Removes what was received for an upload that was refused as a whole.
    pub fn discard(&self, sources: &[Source]) {
        for source in sources {
            if let Source::Received { path, .. } = source
                && self.incoming.holds(path)
            {
                drop(std::fs::remove_file(path));
            }
        }
    }

    /// Makes a received picture the spooled file of a job. Only what lies in the folder is taken:
    /// a rename must not move anybody's file.
    pub(crate) fn adopt_received(&self, id: &str, path: &Path) -> Result<PathBuf> {
        if !self.incoming.holds(path) {
            return Err(Error::new(ErrorCode::Internal, "This picture was not received by Picferry."));
        }
        let target = self.paths.spool_dir().join(format!("{id}.in"));
        std::fs::rename(path, &target).map_err(|error| unkept(&error))?;
        Ok(target)
    }
}

fn unkept(error: &std::io::Error) -> Box<Error> {
    Error::from_io("The picture cannot be kept until it is sent", error)
}
