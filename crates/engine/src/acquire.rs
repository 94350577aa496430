//! Step 1: from a source to bytes, checked for what it is and how large it is.

use crate::engine::{Engine, run_blocking};
use crate::fetch::{self, Reach};
use bytes::Bytes;
use picferry_core::job::Origin;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Enough of a file to tell what it is, also an SVG behind a long comment.
pub(crate) const HEAD: u64 = 64 * 1024;

impl Engine {
    /// Fetches what is at an address.
    ///
    /// # Errors
    /// What is wrong with it or on the way there, in a code of its own.
    pub(crate) async fn fetch(&self, url: &str, origin: Origin) -> Result<Bytes> {
        let settings = self.settings();
        let limit = settings.upload.max_file_bytes;
        fetch::fetch(url, limit, &settings.network.proxy, self.reach_of(origin)).await
    }

    /// Who asks decides how far an address may lead: a person may fetch what they see, a request
    /// over HTTP may not make this computer ask around in its network.
    fn reach_of(&self, origin: Origin) -> Reach {
        if origin == Origin::Server && !self.settings().server.allow_private_addresses {
            Reach::PublicOnly
        } else {
            Reach::Anywhere
        }
    }

    /// Whether a file can be read at all: a regular one, not empty, not too large.
    ///
    /// # Errors
    /// What is wrong with it, in a code of its own.
    pub async fn check_file(&self, path: PathBuf) -> Result<()> {
        let limit = self.settings().upload.max_file_bytes;
        run_blocking(move || open_regular(&path, &path.display().to_string(), limit).map(drop)).await
    }

    /// What kind of picture a file holds, by its first bytes; read by whoever is not trusted with
    /// every file of this computer. Links are followed: what counts is what would be read.
    ///
    /// # Errors
    /// `not_a_picture`; else what is wrong with the file, in a code of its own.
    pub async fn look_at_file(&self, path: PathBuf) -> Result<PictureFormat> {
        let limit = self.settings().upload.max_file_bytes;
        run_blocking(move || {
            let shown = path.display().to_string();
            let (file, _) = open_regular(&path, &shown, limit)?;
            let mut head = Vec::new();
            file.take(HEAD).read_to_end(&mut head).map_err(|error| unreadable(&shown, &error))?;
            picferry_imaging::sniff(&head).ok_or_else(|| not_a_picture(&shown))
        })
        .await
    }
}

/// The error for a file whose bytes are no picture, whatever its name says.
pub(crate) fn not_a_picture(shown: &str) -> Box<Error> {
    Error::new(ErrorCode::NotAPicture, format!("{shown} is not a picture, whatever its name says."))
        .hint("Choose a picture.")
        .param("file", shown)
}

pub(crate) fn unreadable(shown: &str, error: &std::io::Error) -> Box<Error> {
    Error::from_io(&format!("{shown} cannot be read"), error).param("file", shown)
}

pub(crate) fn too_large(what: &str, size: u64, limit: u64) -> Box<Error> {
    Error::new(
        ErrorCode::FileTooLarge,
        format!("{what} has {} MB; at most {} MB are read.", size.div_ceil(1_000_000), limit / 1_000_000),
    )
    .hint("Raise the limit in Settings, General, or make the file smaller.")
    .param("size", size)
    .param("limit", limit)
}

/// Reads a regular file whole. `shown` is what the person calls it: a spooled copy has a name of ours.
pub(crate) fn read_file(path: &Path, shown: &str, limit: u64) -> Result<Bytes> {
    let (file, metadata) = open_regular(path, shown, limit)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // A file that grows while it is read stays within the limit.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(shown, &error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(shown, bytes.len() as u64, limit));
    }
    Ok(Bytes::from(bytes))
}

/// Opens a regular file. What is not one is never opened: opening a pipe or a device can block for
/// ever. It is looked at again once it is open, for something else may have taken its place.
pub(crate) fn open_regular(path: &Path, shown: &str, limit: u64) -> Result<(File, Metadata)> {
    let about = |error: std::io::Error| unreadable(shown, &error);
    check_regular(&std::fs::metadata(path).map_err(about)?, shown, limit)?;
    let file = File::open(path).map_err(about)?;
    let metadata = file.metadata().map_err(about)?;
    check_regular(&metadata, shown, limit)?;
    Ok((file, metadata))
}

fn check_regular(metadata: &Metadata, shown: &str, limit: u64) -> Result<()> {
    if metadata.is_dir() {
        return Err(Error::new(ErrorCode::NotAFile, format!("{shown} is a folder, not a picture."))
            .hint("Choose the pictures in it.")
            .param("file", shown));
    }
    if !metadata.is_file() {
        return Err(Error::new(
            ErrorCode::NotAFile,
            format!("{shown} is a device or a pipe, not a picture."),
        )
        .param("file", shown));
    }
    if metadata.len() == 0 {
        return Err(Error::new(ErrorCode::EmptyFile, format!("{shown} is empty: it has 0 bytes."))
            .hint("It may still be on its way, from a camera or a sync folder.")
            .param("file", shown));
    }
    if metadata.len() > limit {
        return Err(too_large(shown, metadata.len(), limit));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_that_is_no_picture_file_has_its_own_reason() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.png");
        std::fs::write(&empty, "").unwrap();
        let large = folder.path().join("large.png");
        std::fs::write(&large, [0; 11]).unwrap();
        let code = |path: &Path| read_file(path, &path.display().to_string(), 10).unwrap_err().code;
        assert_eq!(code(&folder.path().join("gone.png")), ErrorCode::FileNotFound);
        assert_eq!(code(folder.path()), ErrorCode::NotAFile);
        assert_eq!(code(Path::new("/dev/zero")), ErrorCode::NotAFile);
        assert_eq!(code(&empty), ErrorCode::EmptyFile);
        assert_eq!(code(&large), ErrorCode::FileTooLarge);
    }
}
