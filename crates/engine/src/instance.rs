//! Which processes are alive: each holds a lock that the system frees when it dies, however it dies.

use picferry_core::{Error, Result};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// This process's claim. Jobs name it as their owner; a job whose owner's lock is free is an orphan.
#[derive(Debug)]
pub struct Instance {
    id: String,
    path: PathBuf,
    began: SystemTime,
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
        let claimed = locked(&path).and_then(|lock| Ok((lock.metadata()?.modified()?, lock)));
        let (began, lock) = claimed.map_err(|error| {
            Error::from_io(&format!("The file {} cannot be made", path.display()), &error)
        })?;
        Ok(Self { id, path, began, _lock: lock })
    }

    /// When this process made its claim, by the clock of the file system: none of its files is older.
    pub fn began(&self) -> SystemTime {
        self.began
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

/// The file comes under its name when it is locked: before that, others would take it for one that the dead
/// left, and its process for dead as long as it lives.
fn locked(path: &Path) -> io::Result<File> {
    let unnamed = path.with_extension("new");
    let file = File::create(&unnamed)?;
    file.try_lock()?;
    std::fs::rename(&unnamed, path)?;
    Ok(file)
}

fn lock_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_taken_for_dead_while_making_its_claim() {
        let folder = tempfile::tempdir().unwrap();
        let watcher = Instance::claim(folder.path(), "watcher".into()).unwrap();
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    watcher.living(folder.path());
                }
            });
            for number in 0..2000 {
                let claimed = Instance::claim(folder.path(), format!("one-{number}"));
                let is_there = folder.path().join(format!("one-{number}.lock")).exists();
                if !is_there || claimed.is_err() {
                    is_over.store(true, std::sync::atomic::Ordering::Relaxed);
                }
                assert!(is_there && claimed.is_ok(), "{number}: {claimed:?}");
            }
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }

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
