//! Looks at the files of a folder on the disk. Links are never followed: what they lead to belongs
//! elsewhere.

use super::rules::{NameRules, companions, is_hidden};
use super::settling::Sighting;
use picferry_core::Result;
use picferry_history::Stamp;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Files told of at a time: a folder may hold more of them than memory.
const PORTION: usize = 500;

/// What tells a folder from another one that took its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The disk.
    pub device: u64,
    /// The folder on it.
    number: u64,
}

/// The folder at that path, if there is one.
pub fn identity(root: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(root).ok().filter(Metadata::is_dir)?;
    Some(identity_of(&metadata))
}

#[cfg(unix)]
fn identity_of(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    Identity { device: metadata.dev(), number: metadata.ino() }
}

#[cfg(not(unix))]
fn identity_of(_: &Metadata) -> Identity {
    Identity { device: 0, number: 0 }
}

/// Whether nothing is in a folder, not even a hidden file.
pub fn is_empty(root: &Path) -> bool {
    std::fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_none())
}

/// Tells of every file that the rules take, a portion at a time, until the folder ends or `tell`
/// wants no more. Folders that cannot be read are passed over.
///
/// # Errors
/// What `tell` says.
pub fn walk(
    root: &Path,
    subfolders: bool,
    rules: &NameRules,
    tell: &mut dyn FnMut(Vec<Sighting>) -> Result<bool>,
) -> Result<()> {
    let mut folders = vec![root.to_owned()];
    let mut portion = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                tracing::debug!(folder = %folder.display(), %error, "a watched folder cannot be read");
                continue;
            }
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && subfolders && !is_hidden(&entry.file_name().to_string_lossy()) {
                folders.push(entry.path());
            } else if kind.is_file() {
                portion.extend(place_of(root, &entry.path()).and_then(|place| sight(root, &place, rules)));
            }
            if portion.len() >= PORTION && !tell(std::mem::take(&mut portion))? {
                return Ok(());
            }
        }
    }
    if portion.is_empty() { Ok(()) } else { tell(portion).map(drop) }
}

/// Where a file is in the folder, with `/`; nothing for one outside of it, or with a name that is
/// not Unicode: neither the queue nor a link could say it.
pub fn place_of(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("/"))
}

/// The path of a place in the folder.
pub fn path_of(root: &Path, place: &str) -> PathBuf {
    root.join(place.split('/').collect::<PathBuf>())
}

/// The file at a place, if there is one that the rules take and that nobody is known to write.
pub fn sight(root: &Path, place: &str, rules: &NameRules) -> Option<Sighting> {
    if !rules.take(place) || leads_through_a_link(root, place) {
        return None;
    }
    let path = path_of(root, place);
    let metadata = std::fs::symlink_metadata(&path).ok().filter(Metadata::is_file)?;
    let name = path.file_name()?.to_str()?;
    if companions(name).any(|companion| path.with_file_name(companion).exists()) {
        return None;
    }
    Some(Sighting { place: place.to_owned(), stamp: stamp_of(&metadata), changed: changed(&metadata) })
}

fn leads_through_a_link(root: &Path, place: &str) -> bool {
    let mut path = root.to_owned();
    let Some((folders, _)) = place.rsplit_once('/') else { return false };
    folders.split('/').any(|part| {
        path.push(part);
        path.is_symlink()
    })
}

fn stamp_of(metadata: &Metadata) -> Stamp {
    let written = metadata.modified().unwrap_or(UNIX_EPOCH);
    Stamp { bytes: metadata.len(), written: nanoseconds(written) }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

/// When the file changed last in any way, Unix milliseconds.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt as _;
    Some(metadata.ctime().saturating_mul(1000).saturating_add(metadata.ctime_nsec() / 1_000_000))
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<i64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(root: &Path, subfolders: bool) -> Vec<String> {
        let mut found = Vec::new();
        walk(root, subfolders, &NameRules::default(), &mut |portion| {
            found.extend(portion.into_iter().map(|seen| seen.place));
            Ok(true)
        })
        .unwrap();
        found.sort();
        found
    }

    #[test]
    fn files_are_told_with_their_place_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for place in ["a.png", "one/b.png", "one/two/c.png", ".hidden/d.png", "e.png.part", ".f.png"] {
            let path = folder.path().join(place);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        assert_eq!(places(folder.path(), true), ["a.png", "one/b.png", "one/two/c.png"]);
        assert_eq!(places(folder.path(), false), ["a.png"]);
    }

    #[test]
    fn a_file_whose_download_goes_on_beside_it_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.png"), "x").unwrap();
        std::fs::write(folder.path().join("a.png.part"), "x").unwrap();
        assert!(places(folder.path(), true).is_empty());
        std::fs::remove_file(folder.path().join("a.png.part")).unwrap();
        assert_eq!(places(folder.path(), true), ["a.png"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_wherever_they_lead() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.png"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("out")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.png"), folder.path().join("a.png")).unwrap();
        assert!(places(folder.path(), true).is_empty());
        assert_eq!(sight(folder.path(), "out/secret.png", &NameRules::default()), None);
    }

    #[test]
    fn a_folder_is_told_from_another_one_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let (path, aside) = (folder.path().join("shots"), folder.path().join("aside"));
        std::fs::create_dir(&path).unwrap();
        let first = identity(&path).unwrap();
        std::fs::rename(&path, &aside).unwrap();
        assert_eq!(identity(&path), None);
        std::fs::create_dir(&path).unwrap();
        assert!(cfg!(not(unix)) || identity(&path) != Some(first));
        assert!(is_empty(&path));
    }
}
