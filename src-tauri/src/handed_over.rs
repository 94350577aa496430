//! What a second start hands over, kept on disk until its jobs are: the second start ends as soon as
//! it has handed over, and nothing may be lost with the process that took it.

use picferry_core::job::Source;
use picferry_engine::Paths;
use std::io;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// One hand-over on the disk.
pub struct HandedOver {
    file: PathBuf,
    /// What is to be uploaded.
    pub sources: Vec<Source>,
}

impl HandedOver {
    /// Keeps what was handed over. Called before the second start is answered.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep(paths: &Paths, sources: Vec<Source>) -> io::Result<Self> {
        let folder = folder(paths);
        std::fs::create_dir_all(&folder)?;
        // Names of this kind sort by their time.
        let file = folder.join(format!("{}.json", Uuid::now_v7()));
        picferry_engine::write_whole(&file, &serde_json::to_vec(&sources)?)?;
        Ok(Self { file, sources })
    }

    /// Its jobs are stored: forgets it.
    pub fn forget(&self) {
        if let Err(error) = std::fs::remove_file(&self.file) {
            tracing::warn!("a hand-over could not be forgotten and may be uploaded again: {error}");
        }
    }

    /// What a process that ended too early left behind, oldest first.
    pub fn left_behind(paths: &Paths) -> Vec<Self> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder(paths))
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        files.into_iter().filter_map(|file| read(&file).map(|sources| Self { file, sources })).collect()
    }
}

fn read(file: &Path) -> Option<Vec<Source>> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

fn folder(paths: &Paths) -> PathBuf {
    paths.data_dir().join("handed-over")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_handed_over_is_there_until_it_is_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::in_folder(home.path());
        assert!(HandedOver::left_behind(&paths).is_empty());
        let files = |name: &str| vec![Source::Path { path: name.to_owned() }];
        let first = HandedOver::keep(&paths, files("/a.png")).unwrap();
        HandedOver::keep(&paths, files("/b.png")).unwrap();

        let found: Vec<_> = HandedOver::left_behind(&paths).into_iter().map(|kept| kept.sources).collect();
        assert_eq!(found, [files("/a.png"), files("/b.png")]);
        first.forget();
        let found: Vec<_> = HandedOver::left_behind(&paths).into_iter().map(|kept| kept.sources).collect();
        assert_eq!(found, [files("/b.png")]);
    }
}
