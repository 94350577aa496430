//! Watched folders: new pictures in them are uploaded by themselves.
//!
//! One process of a home watches; the others only change the settings. For each folder a lookout
//! goes round: what was heard → which of it is new → which of that has come to rest → into the
//! queue, in one transaction with the note that it was seen → away, once it is stored. Whatever is
//! missed (a burst, a disk that was away, a process that was killed) is found by looking through
//! the folder, because what was seen is kept in the history and not in memory.

mod away;
mod content;
mod ears;
mod jobs;
mod leader;
mod lookout;
mod mounts;
mod places;
mod round;
mod rules;
mod scan;
mod settling;
mod state;

pub(crate) use leader::start;
pub(crate) use state::Watching;

use crate::engine::{Engine, run_blocking};
use crate::options::random_hex;
use picferry_core::watched::WatchedFolder;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::{History, Stamp, WatchedFile, WatchedOutcome};
use rules::NameRules;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often watched folders are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchTiming {
    /// Between two looks at files that have not come to rest.
    pub rest: Duration,
    /// Between two looks whether a folder is still there, or there again.
    pub presence: Duration,
    /// Between two times that a folder is looked through of which the system tells nothing.
    pub polling: Duration,
    /// Between two times that any other folder is looked through, in case something was not told.
    pub doubt: Duration,
    /// Between two tries to become the process that watches.
    pub lead: Duration,
}

impl Default for WatchTiming {
    fn default() -> Self {
        Self {
            rest: Duration::from_millis(500),
            presence: Duration::from_secs(5),
            polling: Duration::from_secs(10),
            doubt: Duration::from_secs(600),
            lead: Duration::from_secs(3),
        }
    }
}

impl Engine {
    /// Watches one more folder. What is in it now is left alone, unless `existing` asks for it.
    ///
    /// # Errors
    /// `invalid_field` for rules that make no sense or would send pictures in a circle;
    /// `file_not_found` or `not_a_file` when there is no such folder; a disk error.
    pub async fn add_watched_folder(
        self: &Arc<Self>,
        mut folder: WatchedFolder,
        existing: bool,
    ) -> Result<WatchedFolder> {
        folder.id = random_hex(self.random.as_ref(), 6);
        folder.path = tidy(&folder.path);
        let (checked, others, own) =
            (folder.clone(), self.settings().watch.folders.clone(), self.own_folders());
        self.check_watched_profile(&folder)?;
        run_blocking(move || {
            must_be_a_folder(Path::new(&checked.path))?;
            places::check(&checked, &others, &own)
        })
        .await?;
        let (begun, since) = (folder.clone(), self.now_millis());
        self.with_history(move |history| begin(history, &begun, since, existing)).await?;
        let added = folder.clone();
        let changed = self
            .change_settings(move |settings| {
                settings.watch.folders.push(added);
                Ok(())
            })
            .await;
        if let Err(error) = changed {
            let id = folder.id;
            self.with_history(move |history| history.forget_watching(&id)).await?;
            return Err(error);
        }
        self.tell_watched().await;
        Ok(folder)
    }

    /// Changes the rules of a folder, or where it is: what was seen in it stays known.
    ///
    /// # Errors
    /// `not_found`; `invalid_field` as for adding one; a disk error. Nothing is changed then.
    pub async fn change_watched_folder(self: &Arc<Self>, mut folder: WatchedFolder) -> Result<WatchedFolder> {
        folder.path = tidy(&folder.path);
        let known = self.watched_folder(&folder.id)?;
        let (checked, others, own) =
            (folder.clone(), self.settings().watch.folders.clone(), self.own_folders());
        if known.profile_id != folder.profile_id {
            self.check_watched_profile(&folder)?;
        }
        let is_moved = known.path != folder.path;
        run_blocking(move || {
            // A disk that is away must not keep anybody from changing a pattern.
            if is_moved {
                must_be_a_folder(Path::new(&checked.path))?;
            }
            places::check(&checked, &others, &own)
        })
        .await?;
        if is_moved || (folder.subfolders && !known.subfolders) {
            let wider = folder.clone();
            self.with_history(move |history| leave_alone(history, &wider)).await?;
        }
        let changed = folder.clone();
        self.change_one(&folder.id, move |one| {
            let (unknown, revision) = (std::mem::take(&mut one.unknown), one.revision);
            *one = WatchedFolder { unknown, revision, ..changed };
        })
        .await?;
        Ok(folder)
    }

    /// Watches a folder no more, and forgets what was seen in it. Its files stay.
    ///
    /// # Errors
    /// `not_found`, or a disk error.
    pub async fn remove_watched_folder(self: &Arc<Self>, id: &str) -> Result<()> {
        self.watched_folder(id)?;
        let gone = id.to_owned();
        self.change_settings(move |settings| {
            settings.watch.folders.retain(|folder| folder.id != gone);
            Ok(())
        })
        .await?;
        let gone = id.to_owned();
        self.with_history(move |history| history.forget_watching(&gone)).await?;
        self.dismiss_notice(&state::topic(id));
        self.tell_watched().await;
        Ok(())
    }

    /// Stops watching all folders for now, or goes on: what came meanwhile is sent then.
    ///
    /// # Errors
    /// A disk error.
    pub async fn pause_watched_folders(self: &Arc<Self>, paused: bool) -> Result<()> {
        self.change_settings(move |settings| {
            settings.watch.paused = paused;
            Ok(())
        })
        .await?;
        self.tell_watched().await;
        Ok(())
    }

    /// Sends what was in a folder before it was watched, too. Answers how many files that are.
    ///
    /// # Errors
    /// `not_found`, or a disk error.
    pub async fn send_files_from_before(self: &Arc<Self>, id: &str) -> Result<u32> {
        self.watched_folder(id)?;
        let folder = id.to_owned();
        let count = self
            .with_history(move |history| history.forget_watched_outcome(&folder, WatchedOutcome::Before))
            .await?;
        self.look_through(id).await?;
        Ok(count)
    }

    /// Tries the pictures of a folder again that could not be stored.
    ///
    /// # Errors
    /// `not_found`, or a disk error.
    pub async fn retry_watched_folder(self: &Arc<Self>, id: &str) -> Result<()> {
        self.watched_folder(id)?;
        let folder = id.to_owned();
        let failed = self.with_history(move |history| history.failed_watched_jobs(&folder)).await?;
        // Those on the list keep their job; the others are found anew.
        let (listed, gone): (Vec<_>, Vec<_>) =
            failed.into_iter().partition(|job| self.jobs.read(job, |entry| !entry.foreign).unwrap_or(false));
        let sent = listed.clone();
        self.with_history(move |history| history.reopen_watched_jobs(&sent, &gone)).await?;
        self.retry(Some(listed)).await?;
        self.look_through(id).await
    }

    /// The folder of that id.
    ///
    /// # Errors
    /// `not_found`.
    pub fn watched_folder(&self, id: &str) -> Result<WatchedFolder> {
        self.settings()
            .watch
            .folders
            .iter()
            .find(|folder| folder.id == id)
            .cloned()
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "This folder is no longer watched."))
    }

    /// Lets whoever watches look through a folder, in whichever process that is.
    async fn look_through(self: &Arc<Self>, id: &str) -> Result<()> {
        self.change_one(id, |folder| folder.revision = folder.revision.wrapping_add(1)).await
    }

    async fn change_one(
        self: &Arc<Self>,
        id: &str,
        change: impl FnOnce(&mut WatchedFolder) + Send + 'static,
    ) -> Result<()> {
        let id = id.to_owned();
        self.change_settings(move |settings| {
            let folder = settings.watch.folders.iter_mut().find(|folder| folder.id == id);
            folder
                .map(change)
                .ok_or_else(|| Error::new(ErrorCode::NotFound, "This folder is no longer watched."))
        })
        .await?;
        self.tell_watched().await;
        Ok(())
    }

    fn check_watched_profile(&self, folder: &WatchedFolder) -> Result<()> {
        folder.profile_id.as_deref().map_or(Ok(()), |id| self.profile(id).map(drop))
    }

    /// Folders that Picferry itself writes to.
    fn own_folders(&self) -> Vec<PathBuf> {
        vec![self.paths.config_dir().to_owned(), self.paths.data_dir().to_owned(), self.paths.log_dir()]
    }
}

/// The path without what says nothing, such as a slash at its end.
fn tidy(path: &str) -> String {
    let tidied: PathBuf = Path::new(path).components().collect();
    tidied.to_string_lossy().into_owned()
}

fn must_be_a_folder(path: &Path) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::from_io(&format!("The folder {} cannot be watched", path.display()), &error)
            .param("file", path.display())
    };
    let is_folder = std::fs::metadata(path).map_err(failed)?.is_dir();
    if is_folder {
        return std::fs::read_dir(path).map(drop).map_err(failed);
    }
    Err(Error::new(ErrorCode::NotAFile, format!("{} is a file, not a folder.", path.display()))
        .hint("Choose the folder that it is in.")
        .param("file", path.display()))
}

/// Begins with a folder: what is in it now is noted, so that it is left alone. Does nothing for one
/// that was begun with.
fn begin(history: &History, folder: &WatchedFolder, since: i64, existing: bool) -> Result<()> {
    if history.is_watching_begun(&folder.id)? {
        return Ok(());
    }
    let mut before: Vec<(String, Stamp)> = Vec::new();
    if !existing {
        // Whatever the patterns say: changing them later makes no old file a new one.
        scan::walk(Path::new(&folder.path), folder.subfolders, &NameRules::default(), &mut |portion| {
            before.extend(portion.into_iter().map(|seen| (seen.place, seen.stamp)));
            Ok(true)
        })?;
    }
    history.begin_watching(&folder.id, since, &before).map(drop)
}

/// What is in a folder and was not seen yet is left alone: it has come with the folder, not into it.
fn leave_alone(history: &History, folder: &WatchedFolder) -> Result<()> {
    scan::walk(Path::new(&folder.path), folder.subfolders, &NameRules::default(), &mut |portion| {
        let places: Vec<String> = portion.iter().map(|seen| seen.place.clone()).collect();
        let known = history.watched_files(&folder.id, &places)?;
        let unseen: Vec<WatchedFile> = portion
            .into_iter()
            .zip(known)
            .filter(|(_, known)| known.is_none())
            .map(|(seen, _)| WatchedFile::left_alone(seen.place, seen.stamp))
            .collect();
        history.note_watched(&folder.id, &unseen)?;
        Ok(true)
    })
}
