//! One look at a folder: what is new, what of it has come to rest, and what is to leave.

use super::away::{Away, take_away};
use super::content::{Content, look_into};
use super::jobs::Ready;
use super::rules::NameRules;
use super::scan::{self, path_of, place_of, sight};
use super::settling::{Settling, Sighting};
use picferry_core::watched::WatchedFolder;
use picferry_core::{Error, Result};
use picferry_history::{History, WatchedFile, WatchedOutcome};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Files that wait in memory; the others are found when the folder is looked through once more.
const MOST_WAITING: usize = 2000;

/// What begins as a picture and ends early may take that long for its next piece, in milliseconds.
const PATIENCE_WITH_PIECES: i64 = 60_000;

/// Files taken away in one round.
const AWAY_AT_ONCE: u32 = 200;

/// After a file could not be taken away, the next try waits that long, in milliseconds.
const AFTER_REFUSAL: i64 = 20_000;

/// A time of writing in whole seconds says too little to know a file by.
const SECOND: i64 = 1_000_000_000;

/// What is known of a folder between two looks.
pub struct Round {
    history: Arc<History>,
    folder: WatchedFolder,
    root: PathBuf,
    rules: NameRules,
    settling: Settling,
    /// The whole folder is to be looked through.
    look_through: bool,
    /// Files for which there was no room.
    beyond: usize,
    /// A file could not be taken away: why, and when the next try is, Unix milliseconds.
    refused: Option<(Error, i64)>,
}

/// What a look found.
#[derive(Default)]
pub struct Found {
    /// Pictures whose turn has come.
    pub ready: Vec<Ready>,
    /// Why a file could not be taken away.
    pub error: Option<Error>,
}

impl Round {
    /// Nothing was looked at yet.
    pub fn new(history: Arc<History>, folder: WatchedFolder, rules: NameRules) -> Self {
        let settling = Settling::new(i64::from(folder.wait_seconds) * 1000, MOST_WAITING);
        let root = PathBuf::from(&folder.path);
        Self { history, folder, root, rules, settling, look_through: true, beyond: 0, refused: None }
    }

    /// The next look goes through the whole folder.
    pub fn look_through(&mut self) {
        self.look_through = true;
    }

    /// How many files are not complete, or wait for their turn.
    pub fn waiting(&self) -> u32 {
        u32::try_from(self.settling.len() + self.beyond).unwrap_or(u32::MAX)
    }

    /// Whether files are to be looked at again soon.
    pub fn is_restless(&self) -> bool {
        self.waiting() > 0 || self.look_through
    }

    /// Looks at what was heard, at everything if need be, and at what waits. `now` is Unix
    /// milliseconds; no more than `room` pictures are ready.
    ///
    /// # Errors
    /// A database error.
    pub fn look(
        &mut self,
        heard: &[PathBuf],
        now: i64,
        room: usize,
        stop: &CancellationToken,
    ) -> Result<Found> {
        self.hear(heard, now)?;
        // While others wait there is no room for more anyway.
        if self.look_through || (self.beyond > 0 && self.settling.len() < MOST_WAITING / 2) {
            self.look_through_all(now, stop)?;
        }
        let ready = self.rested(now, room, stop)?;
        self.take_away(now, stop)?;
        Ok(Found { ready, error: self.refused.as_ref().map(|(error, _)| error.clone()) })
    }

    /// Pictures are in the queue now.
    pub fn sent(&mut self, ready: &[Ready]) {
        ready.iter().for_each(|one| self.settling.remove(&one.place));
    }

    fn hear(&mut self, heard: &[PathBuf], now: i64) -> Result<()> {
        // One change is often told of more than once.
        let mut places = BTreeSet::new();
        for path in heard {
            let place = place_of(&self.root, path);
            // A new folder may have filled before anybody listened to it; and some systems name
            // what changed in their own way.
            self.look_through |= place.is_none() || path.is_dir();
            places.extend(place);
        }
        let seen = places.iter().filter_map(|place| sight(&self.root, place, &self.rules)).collect();
        self.take_in(seen, now)
    }

    fn look_through_all(&mut self, now: i64, stop: &CancellationToken) -> Result<()> {
        self.look_through = false;
        self.beyond = 0;
        let (root, rules) = (self.root.clone(), self.rules.clone());
        scan::walk(&root, self.folder.subfolders, &rules, &mut |portion| {
            self.take_in(portion, now)?;
            Ok(!stop.is_cancelled())
        })
    }

    /// Lets what is new wait until it has come to rest.
    fn take_in(&mut self, seen: Vec<Sighting>, now: i64) -> Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        let places: Vec<String> = seen.iter().map(|one| one.place.clone()).collect();
        let known = self.history.watched_files(&self.folder.id, &places)?;
        for (one, known) in seen.into_iter().zip(known) {
            let is_known = known.is_some_and(|known| known.stamp == one.stamp);
            // An empty file is heard of again when something is written into it.
            if one.stamp.bytes == 0 || is_known || self.has_another_name(&one)? {
                continue;
            }
            if self.settling.has_room_for(&one.place) {
                self.settling.look(&one, now);
            } else {
                self.beyond += 1;
            }
        }
        Ok(())
    }

    /// Whether a file that was left alone lies here now, under another name.
    fn has_another_name(&self, seen: &Sighting) -> Result<bool> {
        if seen.stamp.written % SECOND == 0 {
            return Ok(false);
        }
        let same = self.history.watched_with_stamp(&self.folder.id, seen.stamp)?;
        self.takes_over(same.iter().filter(|file| file.sha256.is_none()), &seen.place)
    }

    /// Gives a file's place to what is known of one that is no longer where it was.
    fn takes_over<'a>(&self, files: impl Iterator<Item = &'a WatchedFile>, place: &str) -> Result<bool> {
        for file in files.filter(|file| file.place != place) {
            if std::fs::symlink_metadata(path_of(&self.root, &file.place)).is_err() {
                self.history.rename_watched(&self.folder.id, &file.place, place)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The pictures among the files that have come to rest; what is none is noted, and never looked
    /// at again.
    fn rested(&mut self, now: i64, room: usize, stop: &CancellationToken) -> Result<Vec<Ready>> {
        let mut ready = Vec::new();
        let mut noted = Vec::new();
        for place in self.settling.places() {
            if ready.len() >= room || stop.is_cancelled() {
                break;
            }
            let Some(seen) = sight(&self.root, &place, &self.rules) else {
                self.settling.remove(&place);
                continue;
            };
            if !self.settling.look(&seen, now) {
                continue;
            }
            let path = path_of(&self.root, &place);
            match look_into(&path) {
                Ok(Content::CutShort { .. }) if self.settling.rested(&place, now) < PATIENCE_WITH_PIECES => {}
                Ok(Content::Picture { sha256 } | Content::CutShort { sha256 }) => {
                    if self.is_sent(&seen, &sha256)? {
                        self.settling.remove(&place);
                    } else if sight(&self.root, &place, &self.rules).as_ref() == Some(&seen) {
                        ready.push(Ready { place, stamp: seen.stamp, sha256 });
                    }
                }
                Ok(Content::Other) => noted.push(no_picture(&seen)),
                Err(error) => {
                    // It may be readable when the folder is looked through the next time.
                    tracing::debug!(place, %error, "a file of a watched folder cannot be read");
                    self.settling.remove(&place);
                }
            }
        }
        if !noted.is_empty() {
            self.history.note_watched(&self.folder.id, &noted)?;
        }
        noted.iter().for_each(|file| self.settling.remove(&file.place));
        Ok(ready)
    }

    /// Whether that content was sent from here before: the same file written again, or under another
    /// name. The same picture a second time goes into the queue, which finds the first by itself.
    fn is_sent(&self, seen: &Sighting, sha256: &str) -> Result<bool> {
        let is_on_its_way =
            |file: &WatchedFile| matches!(file.outcome, WatchedOutcome::Sent | WatchedOutcome::Stored);
        let mut same = self.history.watched_with_content(&self.folder.id, sha256)?;
        same.retain(is_on_its_way);
        if let Some(file) = same.iter().find(|file| file.place == seen.place) {
            let again = WatchedFile { stamp: seen.stamp, ..file.clone() };
            self.history.note_watched(&self.folder.id, &[again])?;
            return Ok(true);
        }
        self.takes_over(same.iter().filter(|file| file.outcome == WatchedOutcome::Stored), &seen.place)
    }

    /// Takes stored files away that are to leave.
    fn take_away(&mut self, now: i64, stop: &CancellationToken) -> Result<()> {
        if self.refused.as_ref().is_some_and(|(_, next)| now < *next) {
            return Ok(());
        }
        self.refused = None;
        for file in self.history.watched_to_go(&self.folder.id, AWAY_AT_ONCE)? {
            if stop.is_cancelled() {
                break;
            }
            match take_away(&self.folder, &file) {
                Ok(Away::Gone) => self.history.forget_watched(&self.folder.id, &[file.place])?,
                // A disk that is away takes its files along.
                Ok(Away::Missing) if scan::identity(&self.root).is_none() => break,
                // Another picture has its place, or somebody moved it by hand.
                Ok(Away::Stays | Away::Missing) => self.stays(file)?,
                Err(error) => {
                    self.refused = Some((*error, now + AFTER_REFUSAL));
                    break;
                }
            }
        }
        Ok(())
    }

    fn stays(&self, file: WatchedFile) -> Result<()> {
        self.history.note_watched(&self.folder.id, &[WatchedFile { goes: false, ..file }])
    }
}

fn no_picture(seen: &Sighting) -> WatchedFile {
    WatchedFile {
        outcome: WatchedOutcome::NoPicture,
        ..WatchedFile::left_alone(seen.place.clone(), seen.stamp)
    }
}
