//! Which processes are alive: each holds a lock that the system frees when it dies, however it dies.

use picferry_core::{Error, Result};
use std::fs::File;
use std::path::{Path, PathBuf};

/// This process's claim. Jobs name it as their owner; a job whose owner's lock is free is an orphan.
#[derive(Debug)]
pub struct Instance {
    id: String,
    path: PathBuf,
    /// Held for the lock, which ends with the process even after `kill -9`.
    _lock: File,
}

impl Instance {
    /// Claims a new id.
    ///
    /// # Errors
    /// A disk error, naming the folder.
    pub fn claim(folder: &Path, id: String) -> Result<Self> {
        let path = lock_path(folder, &id);
        let lock = File::create(&path)
            .and_then(|file| file.try_lock().map_err(std::io::Error::from).map(|()| file))
            .map_err(|error| {
                Error::from_io(&format!("The file {} cannot be made", path.display()), &error)
            })?;
        Ok(Self { id, path, _lock: lock })
    }

    /// The id that jobs name as their owner.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The ids of all processes that live, this one among them. Clears away what the dead left.
    pub fn living(&self, folder: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return vec![self.id.clone()];
        };
        let mut living = vec![self.id.clone()];
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(id) = name.strip_suffix(".lock") else { continue };
            if id == self.id {
                continue;
            }
            // A file that is just being made is unlocked for an instant; its process has no jobs yet.
            match File::open(entry.path()).map(|file| file.try_lock().is_ok()) {
                Ok(true) => drop(std::fs::remove_file(entry.path())),
                Ok(false) => living.push(id.to_owned()),
                Err(_) => {}
            }
        }
        living
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Best effort: a file left behind is cleared by the next process.
        drop(std::fs::remove_file(&self.path));
    }
}

fn lock_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_is_seen_and_a_dead_one_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let first = Instance::claim(folder.path(), "first".into()).unwrap();
        let second = Instance::claim(folder.path(), "second".into()).unwrap();
        std::fs::write(folder.path().join("dead.lock"), "").unwrap();
        let mut living = first.living(folder.path());
        living.sort();
        assert_eq!(living, ["first", "second"]);
        drop(second);
        assert_eq!(first.living(folder.path()), ["first"]);
        assert!(!folder.path().join("dead.lock").exists());
    }
}
