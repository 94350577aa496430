//! Takes a file out of its folder once its picture is stored: into another folder, or to the trash.

use super::rules::NameRules;
use super::scan::{path_of, sight};
use picferry_core::watched::{AfterUpload, WatchedFolder};
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::WatchedFile;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// It has left the folder.
    Gone,
    /// It stays: the rules say so now, or another picture has its place.
    Stays,
    /// It is not there.
    Missing,
}

/// Takes a file away as the folder's rules say. One that was changed since is another picture, and
/// stays; nothing is ever replaced.
///
/// # Errors
/// The disk's or the trash's: the file is where it was.
pub fn take_away(folder: &WatchedFolder, file: &WatchedFile) -> Result<Away> {
    let root = Path::new(&folder.path);
    let Some(seen) = sight(root, &file.place, &NameRules::default()) else { return Ok(Away::Missing) };
    if seen.stamp != file.stamp {
        return Ok(Away::Stays);
    }
    let path = path_of(root, &file.place);
    match folder.afterwards {
        AfterUpload::Keep => return Ok(Away::Stays),
        AfterUpload::Move => move_to(&path, &path_of(Path::new(&folder.move_to), &file.place))?,
        AfterUpload::Trash => trash(&path)?,
    }
    Ok(Away::Gone)
}

fn trash(path: &Path) -> Result<()> {
    trash::delete(path).map_err(|error| {
        Error::new(
            ErrorCode::FileUnreadable,
            format!("{} is stored, but it cannot be put into the trash.", path.display()),
        )
        .hint("Let the files of this folder be kept, or moved to another folder.")
        .param("file", path.display())
        .param("reason", "watch_trash")
        .detail(error)
    })
}

/// Moves a file to a free name near the wanted one.
fn move_to(path: &Path, wanted: &Path) -> Result<()> {
    let failed = |error: &io::Error| {
        Error::from_io(
            &format!("{} is stored, but it cannot be moved to {}", path.display(), wanted.display()),
            error,
        )
        .param("file", path.display())
        .param("target", wanted.display())
        .param("reason", "watch_move")
    };
    if let Some(folder) = wanted.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let target = take_free_name(wanted).map_err(|error| failed(&error))?;
    let moved = match std::fs::rename(path, &target) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(path, &target),
        outcome => outcome,
    };
    moved.map_err(|error| {
        drop(std::fs::remove_file(&target));
        failed(&error)
    })
}

/// Makes an empty file under the first free name, so that nobody else takes it meanwhile.
fn take_free_name(wanted: &Path) -> io::Result<PathBuf> {
    let stem = wanted.file_stem().unwrap_or_default().to_string_lossy();
    let ending = wanted.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
    let mut number = 1_u32;
    loop {
        let path = match number {
            1 => wanted.to_owned(),
            _ => wanted.with_file_name(format!("{stem}-{number}{}", ending.as_deref().unwrap_or_default())),
        };
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// To another disk: written whole before the first one goes.
fn copy_over(path: &Path, target: &Path) -> io::Result<()> {
    let mut source = File::open(path)?;
    let written = source.metadata()?.modified()?;
    let folder = target.parent().unwrap_or_else(|| Path::new("."));
    let mut copy = tempfile::Builder::new().prefix(".moving-").tempfile_in(folder)?;
    io::copy(&mut source, &mut copy)?;
    copy.as_file().set_modified(written)?;
    copy.as_file().sync_all()?;
    copy.persist(target).map_err(|error| error.error)?;
    std::fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_file_replaces_none_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let done = folder.path().join("done");
        for content in ["one", "two", "three"] {
            let path = folder.path().join("a.png");
            std::fs::write(&path, content).unwrap();
            move_to(&path, &done.join("sub/a.png")).unwrap();
            assert!(!path.exists());
        }
        let read = |name: &str| std::fs::read_to_string(done.join("sub").join(name)).unwrap();
        assert_eq!([read("a.png"), read("a-2.png"), read("a-3.png")], ["one", "two", "three"]);
    }

    #[test]
    fn a_file_that_cannot_be_moved_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        std::fs::write(&path, "x").unwrap();
        std::fs::write(folder.path().join("done"), "a file in the way").unwrap();
        let error = move_to(&path, &folder.path().join("done/a.png")).unwrap_err();
        assert_eq!(error.params["reason"], "watch_move");
        assert!(path.exists());
    }

    #[test]
    fn to_another_disk_a_file_is_copied_whole_with_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("a.png"), folder.path().join("b.png"));
        std::fs::write(&path, "content").unwrap();
        let written = std::fs::metadata(&path).unwrap().modified().unwrap();
        copy_over(&path, &target).unwrap();
        assert!(!path.exists());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "content");
        assert_eq!(std::fs::metadata(&target).unwrap().modified().unwrap(), written);
    }
}
