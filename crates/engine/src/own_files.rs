//! The files of a home, and what stands in their place when they are not what they have to be: a
//! folder, a link that leads nowhere, something that this account may not read.
//!
//! None of it is touched: it may be somebody's mistake, or a disk that is not there yet.

use picferry_core::{Error, ErrorCode, Result};
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long another process may hold a lock: changes take milliseconds, on slow disks a second.
const LOCK_PATIENCE: Duration = Duration::from_secs(15);

/// Refuses what is there but cannot be used as a file; that nothing is there is fine.
pub(crate) fn usable(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(refusal(path, "is a folder, but Picferry keeps a file there")
            .hint("Move the folder away, or set PICFERRY_HOME to another place.")),
        Ok(_) => match File::open(path) {
            Ok(_) => Ok(()),
            Err(error) => Err(unreadable(path, &error)),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if leads_nowhere(path) {
                Err(dangling(path))
            } else {
                Ok(())
            }
        }
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Whether a link is there whose target is not.
pub(crate) fn leads_nowhere(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

/// The error for a link that leads nowhere. A new file in its place would hide the old one for good.
pub(crate) fn dangling(path: &Path) -> Box<Error> {
    let target = std::fs::read_link(path).unwrap_or_default();
    refusal(path, &format!("is a link to {}, which is not there", target.display()))
        .hint("Bring back what it leads to (is a disk missing?), or remove the link to start anew.")
}

/// Makes a folder that only this account can read.
pub(crate) fn private_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if leads_nowhere(folder) {
        return Err(dangling(folder));
    }
    if folder.is_file() {
        return Err(refusal(folder, "is a file, but Picferry keeps a folder there")
            .hint("Move the file away, or set PICFERRY_HOME to another place."));
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        let mut built = Error::from_io(&format!("The folder {} cannot be made", folder.display()), &error);
        if built.code == ErrorCode::DiskFull {
            return built;
        }
        built.code = ErrorCode::ReadOnly;
        built.hint("Make the folder writable, or set PICFERRY_HOME to one that is.")
    })
}

/// Refuses a folder in which no file can be made.
pub(crate) fn writable(folder: &Path) -> Result<()> {
    match tempfile::Builder::new().prefix(".new-").tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => {
            let what = format!("The folder {} cannot be written", folder.display());
            let mut built = Error::from_io(&what, &error);
            if built.code != ErrorCode::DiskFull {
                built.code = ErrorCode::ReadOnly;
                built = built.hint("Make the folder writable, or set PICFERRY_HOME to one that is.");
            }
            Err(built.param("file", folder.display()))
        }
    }
}

/// Locks what lies beside a file, so that two processes never undo each other's changes.
///
/// # Errors
/// A disk error; `internal` when another process does not let go.
pub(crate) fn lock_beside(path: &Path) -> Result<File> {
    lock_within(path, LOCK_PATIENCE)
}

fn lock_within(path: &Path, patience: Duration) -> Result<File> {
    let lock = path.with_extension("lock");
    let failed =
        |error: &io::Error| Error::from_io(&format!("The file {} cannot be locked", lock.display()), error);
    let file = File::create(&lock).map_err(|error| failed(&error))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                let message = format!("Another Picferry holds {} and does not let go.", lock.display());
                return Err(Error::new(ErrorCode::Internal, message)
                    .hint("It may hang: end it, then try again. Nothing was changed.")
                    .temporary());
            }
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
    }
}

/// Where a file really lies: writing through a link keeps the link.
pub(crate) fn behind_links(path: &Path) -> io::Result<PathBuf> {
    if path.is_symlink() { std::fs::canonicalize(path) } else { Ok(path.to_owned()) }
}

fn refusal(path: &Path, what: &str) -> Box<Error> {
    Error::new(ErrorCode::FileUnreadable, format!("{} {what}.", path.display())).param("file", path.display())
}

fn unreadable(path: &Path, error: &io::Error) -> Box<Error> {
    let built = Error::from_io(&format!("The file {} cannot be read", path.display()), error);
    built.param("file", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_a_file_are_fine_and_a_folder_is_not() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.json");
        usable(&path).unwrap();
        std::fs::write(&path, "{}").unwrap();
        usable(&path).unwrap();
        let error = usable(home.path()).unwrap_err();
        assert!(error.message.contains("is a folder") && error.hint.is_some(), "{error:?}");
        let error = private_folder(&path).unwrap_err();
        assert!(error.message.contains("is a file") && error.hint.is_some(), "{error:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_named_with_where_it_leads() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.json");
        std::os::unix::fs::symlink("/nowhere/settings.json", &path).unwrap();
        for error in [usable(&path).unwrap_err(), private_folder(&path).unwrap_err()] {
            assert!(error.message.contains("/nowhere/settings.json"), "{error:?}");
        }
        assert!(path.is_symlink(), "it is left as it is");
    }

    /// For everybody but root, whom the permissions do not stop.
    #[cfg(unix)]
    #[test]
    fn a_file_that_may_not_be_read_is_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.json");
        std::fs::write(&path, "{}").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        let is_root = std::fs::read(&path).is_ok();
        match usable(&path) {
            Ok(()) => assert!(is_root),
            Err(error) => {
                assert_eq!((error.code, is_root), (ErrorCode::FileUnreadable, false));
                assert!(error.message.contains("settings.json") && error.hint.is_some(), "{error:?}");
            }
        }
    }

    #[test]
    fn a_process_that_hangs_with_the_lock_is_told_and_not_waited_for_for_ever() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.json");
        let held = lock_beside(&path).unwrap();
        let error = lock_within(&path, Duration::ZERO).unwrap_err();
        assert!(error.message.contains("does not let go") && error.hint.is_some(), "{error:?}");
        drop(held);
        lock_within(&path, Duration::ZERO).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn writing_goes_through_a_link_and_keeps_it() {
        let home = tempfile::tempdir().unwrap();
        let real = home.path().join("dotfiles.json");
        let link = home.path().join("settings.json");
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        crate::spool::write_whole(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
    }
}
