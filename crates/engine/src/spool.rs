//! The spool: copies of pictures whose source may vanish before they are sent.

use crate::own_files::behind_links;
use picferry_core::{Error, Result};
use std::fs::DirEntry;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A folder of files named by job and purpose.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// The spool in that folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Writes a file whole or not at all, and returns its path.
    ///
    /// # Errors
    /// `disk_full`, `read_only` and the like; the half-written file is removed.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.folder.join(name);
        write_whole(&path, bytes)
            .map_err(|error| Error::from_io("The picture cannot be kept until it is sent", &error))?;
        Ok(path)
    }

    /// Removes a spooled file; one that lies elsewhere is left alone.
    pub fn remove(&self, path: &Path) {
        if path.parent() == Some(&self.folder) {
            drop(std::fs::remove_file(path));
        }
    }

    /// Removes every file from before that time that no job needs any more. `is_needed` gets the file's name.
    pub fn sweep(&self, before: SystemTime, is_needed: impl Fn(&str) -> bool) {
        for entry in self.entries_from_before(before) {
            if !is_needed(&entry.file_name().to_string_lossy()) {
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }

    /// Removes every folder from before that time that no process uses any more. `is_needed` gets the folder's
    /// name.
    pub fn sweep_folders(&self, before: SystemTime, is_needed: impl Fn(&str) -> bool) {
        for entry in self.entries_from_before(before).filter(|entry| entry.path().is_dir()) {
            if !is_needed(&entry.file_name().to_string_lossy()) {
                drop(std::fs::remove_dir_all(entry.path()));
            }
        }
    }

    fn entries_from_before(&self, before: SystemTime) -> impl Iterator<Item = DirEntry> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter(move |entry| {
            entry.metadata().and_then(|about| about.modified()).is_ok_and(|modified| modified < before)
        })
    }
}

/// Writes beside the target, syncs, and renames: a reader sees all of it or nothing. A link stays a
/// link: people keep their settings elsewhere.
///
/// # Errors
/// The disk refuses; the target is as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = &behind_links(path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
