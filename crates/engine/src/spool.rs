//! The spool: copies of pictures whose source may vanish before they are sent.

use crate::own_files::behind_links;
use picferry_core::{Error, Result};
use std::io::Write as _;
use std::path::{Path, PathBuf};

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

    /// Removes every file that no job needs any more. `is_needed` gets the file's name.
    pub fn sweep(&self, is_needed: impl Fn(&str) -> bool) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if !is_needed(&entry.file_name().to_string_lossy()) {
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }

    /// Removes every folder that no process uses any more. `is_needed` gets the folder's name.
    pub fn sweep_folders(&self, is_needed: impl Fn(&str) -> bool) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
            if !is_needed(&entry.file_name().to_string_lossy()) {
                drop(std::fs::remove_dir_all(entry.path()));
            }
        }
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
