//! What lies on the desk: the pictures of the session, what was made of them, and where it is.

use crate::event_hub::EventHub;
use bytes::Bytes;
use picferry_core::compress::{CompressPicture, CompressResult};
use picferry_core::digest::sha256_hex;
use picferry_core::event::{Event, EventSink as _};
use picferry_core::images::{FormatRule, IMAGE_FIELDS, ImageOptions, TargetFormat};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::Cancel;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// Sets of results that are kept for a person who goes back and forth; older ones are made anew.
const MOST_SETS: usize = 24;

/// Options that are tried.
#[derive(Clone)]
pub struct Tried {
    /// As the image engine takes them.
    pub options: ImageOptions,
    /// Names all of them but the format, which every set of results has all of.
    pub key: String,
}

impl Tried {
    pub fn new(fields: &BTreeMap<String, String>, options: ImageOptions) -> Self {
        let of_pictures = IMAGE_FIELDS.iter().filter(|spec| spec.key != "image_format");
        let values: Vec<&str> =
            of_pictures.map(|spec| fields.get(spec.key).map_or("", |value| value.trim())).collect();
        let key = sha256_hex(values.join("\n").as_bytes())[..12].to_owned();
        Self { options, key }
    }

    /// The value of `image_format` that holds for a picture of that format.
    pub fn rule_for(&self, format: Option<PictureFormat>) -> &'static str {
        rule_name(format.map_or(self.options.format, |format| self.options.rule_for(format)))
    }
}

/// A rule as `image_format` writes it.
pub fn rule_name(rule: FormatRule) -> &'static str {
    match rule {
        FormatRule::Keep => "keep",
        FormatRule::Automatic => "auto",
        FormatRule::To(TargetFormat::Jpeg) => "jpeg",
        FormatRule::To(TargetFormat::Png) => "png",
        FormatRule::To(TargetFormat::Webp) => "webp",
        FormatRule::To(TargetFormat::Avif) => "avif",
    }
}

/// The session.
#[derive(Default)]
pub struct Desk(Mutex<Session>);

#[derive(Default)]
struct Session {
    folder: Option<TempDir>,
    entries: Vec<Entry>,
    last_id: u32,
    work: Option<Cancel>,
    /// Grows with every try: results of an older one are late and count no more.
    round: u64,
    sets: Vec<ResultSet>,
}

struct Entry {
    picture: CompressPicture,
    path: PathBuf,
}

/// Everything that was made of one picture with one set of options.
struct ResultSet {
    picture: String,
    key: String,
    results: Vec<CompressResult>,
    /// All formats are there, not only the one that was asked for.
    complete: bool,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the session's folder, unless it is there. A folder survives the sweep of the spool by
    /// another process; its name tells whose it is.
    pub fn make_folder(&self, spool: &Path, instance: &str) -> Result<()> {
        let mut session = self.lock();
        if session.folder.is_none() {
            let made = tempfile::Builder::new().prefix(&format!("compress-{instance}-")).tempdir_in(spool);
            session.folder =
                Some(made.map_err(|error| Error::from_io("No folder for pictures can be made", &error))?);
        }
        Ok(())
    }

    fn file(&self, name: &str) -> Result<PathBuf> {
        let session = self.lock();
        let folder = session.folder.as_ref().ok_or_else(closed)?;
        Ok(folder.path().join(name))
    }

    /// Keeps bytes that exist nowhere else.
    pub async fn keep_source(&self, bytes: Bytes) -> Result<PathBuf> {
        let number = {
            let mut session = self.lock();
            session.last_id += 1;
            session.last_id
        };
        let path = self.file(&format!("source-{number}"))?;
        let written = path.clone();
        crate::engine::run_blocking(move || {
            std::fs::write(&written, &bytes)
                .map_err(|error| Error::from_io("The picture cannot be kept", &error))
        })
        .await?;
        Ok(path)
    }

    pub fn add(&self, name: String, path: PathBuf) -> String {
        let mut session = self.lock();
        session.last_id += 1;
        let id = format!("p{}", session.last_id);
        session.entries.push(Entry { picture: blank(id.clone(), name), path });
        id
    }

    pub fn add_failed(&self, name: String, error: Error) -> String {
        let id = self.add(name, PathBuf::new());
        if let Some(entry) = self.lock().entries.iter_mut().find(|entry| entry.picture.id == id) {
            entry.picture.error = Some(error);
        }
        id
    }

    pub fn pictures(&self) -> Vec<CompressPicture> {
        self.lock().entries.iter().map(|entry| entry.picture.clone()).collect()
    }

    pub fn picture(&self, id: &str) -> Option<CompressPicture> {
        self.lock().entry(id).map(|entry| entry.picture.clone())
    }

    /// The file with its bytes; none for a picture that could not be opened at all.
    pub fn path(&self, id: &str) -> Option<PathBuf> {
        let session = self.lock();
        let entry = session.entries.iter().find(|entry| entry.picture.id == id)?;
        (!entry.path.as_os_str().is_empty()).then(|| entry.path.clone())
    }

    pub fn name(&self, id: &str) -> Option<String> {
        self.lock().entry(id).map(|entry| entry.picture.name.clone())
    }

    /// Changes a picture and tells.
    pub fn change(&self, hub: &EventHub, id: &str, change: impl FnOnce(&mut CompressPicture)) {
        let mut session = self.lock();
        if let Some(entry) = session.entry(id) {
            change(&mut entry.picture);
            hub.send(Event::CompressChanged { picture: entry.picture.clone() });
        }
    }

    /// Sets which result is meant, once the format is known; told with the next result.
    pub fn set_chosen(&self, id: &str, rule: &str) {
        if let Some(entry) = self.lock().entry(id) {
            rule.clone_into(&mut entry.picture.chosen);
        }
    }

    pub fn keep_thumbnail(&self, id: &str, bytes: &[u8]) -> bool {
        self.file(&thumbnail_name(id)).is_ok_and(|path| std::fs::write(path, bytes).is_ok())
    }

    pub fn thumbnail_path(&self, id: &str) -> Result<PathBuf> {
        self.file(&thumbnail_name(id))
    }

    /// A file for something of a picture's that is cheap to make anew.
    pub fn extra_path(&self, id: &str, what: &str) -> Result<PathBuf> {
        self.lock().entry(id).ok_or_else(closed)?;
        self.file(&format!("{id}-{what}"))
    }

    /// Where a result lies and what it is.
    pub fn result_file(&self, file: &str) -> Option<(PathBuf, PictureFormat)> {
        let session = self.lock();
        let known = session.sets.iter().flat_map(|set| &set.results).find(|result| result.file == file)?;
        Some((session.folder.as_ref()?.path().join(file), known.format))
    }

    /// Stops the work before, puts the results that are known on the pictures, and names the new
    /// round; `None` when the picture is not on the list.
    pub fn begin(&self, hub: &EventHub, shown: &str, tried: &Tried, cancel: &Cancel) -> Option<u64> {
        let mut session = self.lock();
        session.entry(shown)?;
        session.stop();
        session.round += 1;
        session.work = Some(cancel.clone());
        let Session { entries, sets, .. } = &mut *session;
        for entry in entries {
            let picture = &mut entry.picture;
            let known = sets.iter().find(|set| set.picture == picture.id && set.key == tried.key);
            let chosen = tried.rule_for(picture.format);
            let results = known.map(|set| set.results.clone()).unwrap_or_default();
            let is_done = known.is_some_and(|set| set.has(chosen, picture.id == shown));
            let was_processed = !picture.working && picture.error.is_some() && picture.bytes > 0;
            if was_processed {
                picture.error = None;
            }
            picture.results = results;
            chosen.clone_into(&mut picture.chosen);
            picture.working = !is_done && picture.error.is_none();
            hub.send(Event::CompressChanged { picture: picture.clone() });
        }
        Some(session.round)
    }

    /// Whether everything that the round needs of a picture is there.
    pub fn has(&self, id: &str, tried: &Tried, all: bool) -> bool {
        let mut session = self.lock();
        let Some(chosen) = session.entry(id).map(|entry| tried.rule_for(entry.picture.format)) else {
            return true;
        };
        let mut sets = session.sets.iter();
        sets.any(|set| set.picture == id && set.key == tried.key && set.has(chosen, all))
    }

    /// Takes in a result that was written to its file; `tell` decides whether this one is told.
    pub fn add_result(
        &self,
        hub: &EventHub,
        round: u64,
        id: &str,
        key: &str,
        result: CompressResult,
        tell: impl FnOnce() -> bool,
    ) {
        let mut session = self.lock();
        let is_current = session.round == round;
        let set = session.set(id, key);
        set.results.retain(|other| other.rule != result.rule);
        set.results.push(result);
        let results = set.results.clone();
        let Some(entry) = session.entry(id).filter(|_| is_current) else { return };
        entry.picture.results = results;
        if tell() {
            hub.send(Event::CompressChanged { picture: entry.picture.clone() });
        }
    }

    /// A picture is done, or cannot be: the last state always goes out.
    pub fn finish(&self, hub: &EventHub, round: u64, id: &str, key: &str, all: bool, outcome: Result<()>) {
        let mut session = self.lock();
        if all && outcome.is_ok() {
            session.set(id, key).complete = true;
        }
        if session.round != round {
            return;
        }
        let Some(entry) = session.entry(id) else { return };
        entry.picture.working = false;
        if let Err(error) = outcome {
            if error.code == ErrorCode::Cancelled {
                return;
            }
            entry.picture.error = Some(*error);
        }
        hub.send(Event::CompressChanged { picture: entry.picture.clone() });
    }

    pub fn result_path(&self, file: &str) -> Result<PathBuf> {
        self.file(file)
    }

    pub fn stop(&self) {
        self.lock().stop();
    }

    pub fn remove(&self, id: &str) {
        let mut session = self.lock();
        session.entries.retain(|entry| entry.picture.id != id);
        let (gone, kept) = std::mem::take(&mut session.sets).into_iter().partition(|set| set.picture == id);
        session.sets = kept;
        session.forget(&gone);
    }

    pub fn clear(&self) {
        let mut session = self.lock();
        session.stop();
        let (round, last_id) = (session.round + 1, session.last_id);
        // Ids go on: an event of the session before must not mean a picture of the next.
        *session = Session { round, last_id, ..Session::default() };
    }
}

impl ResultSet {
    fn has(&self, chosen: &str, all: bool) -> bool {
        (self.complete || !all) && self.results.iter().any(|result| result.rule == chosen)
    }
}

impl Session {
    fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.picture.id == id)
    }

    fn stop(&mut self) {
        if let Some(work) = self.work.take() {
            work.stop();
        }
    }

    /// The set of a picture and options, made the newest; the oldest ones go.
    fn set(&mut self, id: &str, key: &str) -> &mut ResultSet {
        let known = self.sets.iter().position(|set| set.picture == id && set.key == key);
        let set = match known {
            Some(place) => self.sets.remove(place),
            None => ResultSet { picture: id.into(), key: key.into(), results: Vec::new(), complete: false },
        };
        let most = MOST_SETS.max(self.entries.len() * 2);
        if self.sets.len() >= most {
            let gone: Vec<ResultSet> = self.sets.drain(..=self.sets.len() - most).collect();
            self.forget(&gone);
        }
        self.sets.push(set);
        let newest = self.sets.len() - 1;
        &mut self.sets[newest]
    }

    fn forget(&self, sets: &[ResultSet]) {
        let Some(folder) = &self.folder else { return };
        for result in sets.iter().flat_map(|set| &set.results) {
            drop(std::fs::remove_file(folder.path().join(&result.file)));
        }
    }
}

fn blank(id: String, name: String) -> CompressPicture {
    CompressPicture {
        id,
        name,
        bytes: 0,
        format: None,
        width: None,
        height: None,
        animated: false,
        thumbnail: false,
        metadata: None,
        results: Vec::new(),
        chosen: String::new(),
        working: false,
        error: None,
    }
}

fn thumbnail_name(id: &str) -> String {
    format!("{id}-thumbnail")
}

fn closed() -> Box<Error> {
    Error::new(ErrorCode::NotFound, "The pictures were closed.")
}
