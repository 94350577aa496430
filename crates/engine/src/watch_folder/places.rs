//! Which folders can be watched: none of Picferry's own, none twice, and none that fills itself.

use super::rules::NameRules;
use picferry_core::watched::{AfterUpload, LONGEST_WAIT_SECONDS, WatchedFolder};
use picferry_core::{Error, ErrorCode, Result};
use std::path::{Path, PathBuf};

/// Checks the rules of a folder, beside the others that are watched and Picferry's own folders.
///
/// # Errors
/// `invalid_field`, naming the field; `file_not_found` and `not_a_file` for what is no folder.
pub fn check(folder: &WatchedFolder, others: &[WatchedFolder], own: &[PathBuf]) -> Result<()> {
    NameRules::of(folder)?;
    if folder.wait_seconds > LONGEST_WAIT_SECONDS {
        return Err(wrong("wait_seconds", "watch_wait", "A file can wait for an hour at most.")
            .param("limit", LONGEST_WAIT_SECONDS));
    }
    let place = Place::of(folder)?;
    if let Some(ours) =
        own.iter().map(|path| real(path)).find(|ours| place.covers(ours) || place.lies_in(ours))
    {
        return Err(wrong(
            "path",
            "watch_own",
            &format!("{} is or holds a folder of Picferry's own, {}.", folder.path, ours.display()),
        )
        .hint(
            "Choose a folder that only pictures come to; what Picferry stores would be sent again and again.",
        )
        .param("folder", &folder.path));
    }
    for other in others.iter().filter(|other| other.id != folder.id) {
        check_beside(folder, &place, other)?;
    }
    if folder.afterwards == AfterUpload::Move {
        check_target(folder, &place, others)?;
    }
    Ok(())
}

/// A folder as the system sees it.
struct Place {
    path: PathBuf,
    subfolders: bool,
}

impl Place {
    fn of(folder: &WatchedFolder) -> Result<Self> {
        let path = Path::new(&folder.path);
        if !path.is_absolute() {
            let message = format!("{} is no path from the top of the disk.", folder.path);
            return Err(wrong("path", "watch_relative", &message).hint("Write it whole, from the top on."));
        }
        Ok(Self { path: real(path), subfolders: folder.subfolders })
    }

    /// Whether files in that folder are seen from here.
    fn covers(&self, other: &Path) -> bool {
        self.path == other || (self.subfolders && other.starts_with(&self.path))
    }

    fn lies_in(&self, other: &Path) -> bool {
        self.path.starts_with(other)
    }
}

fn check_beside(folder: &WatchedFolder, place: &Place, other: &WatchedFolder) -> Result<()> {
    // One that is not there is compared by its name.
    let Ok(theirs) = Place::of(other) else { return Ok(()) };
    if place.covers(&theirs.path) || theirs.covers(&place.path) {
        return Err(wrong(
            "path",
            "watch_twice",
            &format!("{} is watched already, with {}.", folder.path, other.path),
        )
        .hint(
            "A picture in both would be sent twice. Remove the other one first, or leave out its subfolders.",
        )
        .param("folder", &folder.path)
        .param("other", &other.path));
    }
    if other.afterwards == AfterUpload::Move && place.covers(&real(Path::new(&other.move_to))) {
        return Err(wrong(
            "path",
            "watch_filled",
            &format!("What {} is done with is moved into {}.", other.path, folder.path),
        )
        .hint("Every picture would be sent twice. Choose another folder, or let the other one move its files elsewhere.")
        .param("folder", &folder.path)
        .param("other", &other.path));
    }
    Ok(())
}

fn check_target(folder: &WatchedFolder, place: &Place, others: &[WatchedFolder]) -> Result<()> {
    let target = Path::new(&folder.move_to);
    if !target.is_absolute() {
        return Err(wrong("move_to", "watch_no_target", "There is no folder yet that files are moved to.")
            .hint("Choose one."));
    }
    let target = real(target);
    let watched =
        others.iter().filter(|other| other.id != folder.id).filter_map(|other| Place::of(other).ok());
    if place.covers(&target) || watched.into_iter().any(|other| other.covers(&target)) {
        return Err(wrong(
            "move_to",
            "watch_loop",
            &format!("{} is watched itself, so files moved there would be sent again.", folder.move_to),
        )
        .hint("Choose a folder that is not watched.")
        .param("folder", &folder.move_to));
    }
    Ok(())
}

/// The path without links; of one that is not there, as much of it as is.
fn real(path: &Path) -> PathBuf {
    for above in path.ancestors() {
        if let Ok(found) = std::fs::canonicalize(above) {
            let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
            return if rest.as_os_str().is_empty() { found } else { found.join(rest) };
        }
    }
    path.to_owned()
}

fn wrong(field: &str, reason: &str, message: &str) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, message).field(field).param("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Disk(tempfile::TempDir);

    impl Disk {
        fn new() -> Self {
            let disk = Self(tempfile::tempdir().unwrap());
            for folder in ["home/store", "shots/deep", "notes"] {
                std::fs::create_dir_all(disk.path(folder)).unwrap();
            }
            disk
        }

        fn path(&self, place: &str) -> PathBuf {
            self.0.path().join(place)
        }

        fn folder(&self, id: &str, place: &str) -> WatchedFolder {
            WatchedFolder {
                id: id.into(),
                path: self.path(place).display().to_string(),
                ..WatchedFolder::default()
            }
        }

        fn reason(&self, folder: &WatchedFolder, others: &[WatchedFolder]) -> Option<String> {
            let error = check(folder, others, &[self.path("home")]).err()?;
            assert!(error.code == ErrorCode::InvalidField && error.field.is_some(), "{error:?}");
            error.params.get("reason").cloned()
        }
    }

    #[test]
    fn picferrys_own_folders_are_not_watched_nor_what_is_around_them() {
        let disk = Disk::new();
        for place in ["home", "home/store", ""] {
            assert_eq!(disk.reason(&disk.folder("a", place), &[]).as_deref(), Some("watch_own"), "{place}");
        }
        assert_eq!(disk.reason(&disk.folder("a", "shots"), &[]), None);
        let flat = WatchedFolder { subfolders: false, ..disk.folder("a", "") };
        assert_eq!(disk.reason(&flat, &[]), None, "without its subfolders nothing of ours is seen");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_hide_what_a_folder_is() {
        let disk = Disk::new();
        std::os::unix::fs::symlink(disk.path("home/store"), disk.path("link")).unwrap();
        assert_eq!(disk.reason(&disk.folder("a", "link"), &[]).as_deref(), Some("watch_own"));
    }

    #[test]
    fn no_folder_is_watched_twice() {
        let disk = Disk::new();
        let shots = [disk.folder("a", "shots")];
        for place in ["shots", "shots/deep"] {
            assert_eq!(disk.reason(&disk.folder("b", place), &shots).as_deref(), Some("watch_twice"));
        }
        assert_eq!(disk.reason(&disk.folder("a", "shots"), &shots), None, "it may stay as it is");
        assert_eq!(disk.reason(&disk.folder("b", "notes"), &shots), None);
        let flat = [WatchedFolder { subfolders: false, ..disk.folder("a", "shots") }];
        assert_eq!(disk.reason(&disk.folder("b", "shots/deep"), &flat), None);
    }

    #[test]
    fn files_are_not_moved_to_where_they_would_be_sent_again() {
        let disk = Disk::new();
        let to = |place: &str| WatchedFolder {
            afterwards: AfterUpload::Move,
            move_to: disk.path(place).display().to_string(),
            ..disk.folder("a", "shots")
        };
        assert_eq!(disk.reason(&to("shots/done"), &[]).as_deref(), Some("watch_loop"));
        assert_eq!(disk.reason(&to("done"), &[]), None);
        let notes = disk.folder("b", "notes");
        assert_eq!(
            disk.reason(&to("notes/done"), std::slice::from_ref(&notes)).as_deref(),
            Some("watch_loop")
        );
        assert_eq!(disk.reason(&notes, &[to("notes/done")]).as_deref(), Some("watch_filled"));
        let nowhere = WatchedFolder { afterwards: AfterUpload::Move, ..disk.folder("a", "shots") };
        assert_eq!(disk.reason(&nowhere, &[]).as_deref(), Some("watch_no_target"));
    }

    #[test]
    fn paths_and_times_have_to_make_sense() {
        let disk = Disk::new();
        let relative = WatchedFolder { path: "shots".into(), ..disk.folder("a", "shots") };
        assert_eq!(disk.reason(&relative, &[]).as_deref(), Some("watch_relative"));
        let patient = WatchedFolder { wait_seconds: 7200, ..disk.folder("a", "shots") };
        assert_eq!(disk.reason(&patient, &[]).as_deref(), Some("watch_wait"));
    }
}
