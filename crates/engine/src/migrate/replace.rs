//! Puts another text in a file's place: all of it or nothing, and only if nobody changed it meanwhile.

use crate::own_files::behind_links;
use picferry_core::digest::sha256_hex;
use picferry_core::{Error, Result};
use std::io::Write as _;
use std::path::Path;
use tempfile::NamedTempFile;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// The file has the new content.
    Yes,
    /// Somebody changed it in the meantime; it is as they left it.
    ChangedMeanwhile,
}

/// Replaces the content that was read before. Who may read the file stays as it is.
///
/// # Errors
/// A disk error; the file is as it was.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<Replaced> {
    let failed = |error: std::io::Error| {
        Error::from_io(&format!("{} cannot be written", path.display()), &error).param("file", path.display())
    };
    let target = behind_links(path).map_err(failed)?;
    let permissions = std::fs::metadata(&target).map_err(failed)?.permissions();
    if permissions.readonly() {
        // A rename would get around the mark that the person set.
        return Err(failed(std::io::ErrorKind::PermissionDenied.into()));
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = beside(folder, &target).map_err(failed)?;
    file.write_all(after).map_err(failed)?;
    file.as_file().set_permissions(permissions).map_err(failed)?;
    file.as_file().sync_data().map_err(failed)?;
    // The last look comes right before the rename.
    if std::fs::read(&target).map_err(failed)? != before {
        return Ok(Replaced::ChangedMeanwhile);
    }
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(Replaced::Yes)
}

/// A new file beside the target. Its name follows from the target's, so that what a killed process left
/// there goes with the next try instead of staying among somebody's notes.
fn beside(folder: &Path, target: &Path) -> std::io::Result<NamedTempFile> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".new-{}", &sha256_hex(name.as_bytes())[..16]);
    match std::fs::remove_file(folder.join(&prefix)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    tempfile::Builder::new().prefix(&prefix).rand_bytes(0).tempfile_in(folder)
}
