//! The journal of a run: one line of JSON for each thing done, written before it is relied on.
//!
//! It is only ever added to, so that a kill at any moment leaves all lines but the last one whole.

use crate::own_files;
use picferry_core::migrate::MigrationRequest;
use picferry_core::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The form of the lines; others are not read.
const VERSION: u32 = 1;

/// The journal's name in the folder of its run.
const FILE: &str = "journal.jsonl";

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Entry {
    /// The first line.
    Started(Started),
    /// What was asked for, so that it can be asked again.
    Asked(MigrationRequest),
    /// A picture of the web has a new address, or lies in this file.
    Moved {
        /// Where it was.
        source: String,
        /// Where it is.
        address: String,
    },
    /// A file is about to be written.
    Writing(WrittenFile),
    /// A file is as it was before.
    Restored {
        /// Which one.
        path: String,
    },
    /// The run came to its end.
    Ended,
}

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Form of the lines.
    pub version: u32,
    /// The file or folder.
    pub path: String,
    /// Where the pictures go.
    pub fingerprint: String,
}

impl Started {
    /// The first line of a run.
    pub fn new(path: String, fingerprint: String) -> Self {
        Self { version: VERSION, path, fingerprint }
    }
}

/// A file that was changed, or would have been if nothing had come between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFile {
    /// Its path.
    pub path: String,
    /// SHA-256 of what it was.
    pub before: String,
    /// SHA-256 of what it became.
    pub after: String,
    /// The name of the copy in the folder of the run.
    pub backup: String,
}

/// A journal that is written to.
pub struct Journal {
    /// Names the run.
    pub id: String,
    folder: PathBuf,
    file: File,
    written: usize,
}

/// A journal that was read.
pub struct Record {
    /// Names the run.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What it is about.
    pub started: Started,
    /// What was asked for, where the run says it.
    pub request: Option<MigrationRequest>,
    /// Whether it came to its end.
    pub ended: bool,
    /// New addresses of pictures of the web.
    pub moved: HashMap<String, String>,
    /// Files that were written and not put back since, in order.
    pub written: Vec<WrittenFile>,
    /// Lines about files, put back or not: names of copies go on from here.
    copies: usize,
}

impl Journal {
    /// Begins a run.
    ///
    /// # Errors
    /// A disk error.
    pub fn begin(runs: &Path, id: String, started: Started) -> Result<Self> {
        let folder = runs.join(&id);
        own_files::private_folder(&folder)?;
        let mut journal = Self { file: open(&folder)?, id, folder, written: 0 };
        journal.add(&Entry::Started(started))?;
        Ok(journal)
    }

    /// Carries on a run.
    ///
    /// # Errors
    /// A disk error.
    pub fn carry_on(record: &Record) -> Result<Self> {
        let mut file = open(&record.folder)?;
        // A line that was cut off ends here.
        file.write_all(b"\n").map_err(|error| failed(&record.folder, &error))?;
        Ok(Self { id: record.id.clone(), folder: record.folder.clone(), file, written: record.copies })
    }

    /// Adds a line, on disk when this returns.
    ///
    /// # Errors
    /// A disk error.
    pub fn add(&mut self, entry: &Entry) -> Result<()> {
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        let added = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        added.map_err(|error| failed(&self.folder, &error))
    }

    /// Keeps a copy of a file, and returns its path.
    ///
    /// # Errors
    /// A disk error.
    pub fn back_up(&mut self, path: &Path, content: &[u8]) -> Result<PathBuf> {
        self.written += 1;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let copy = self.folder.join(format!("{:05}-{name}", self.written));
        crate::spool::write_whole(&copy, content)
            .map_err(|error| Error::from_io(&format!("{} cannot be backed up", path.display()), &error))?;
        Ok(copy)
    }
}

fn open(folder: &Path) -> Result<File> {
    let file = File::options().create(true).append(true).open(folder.join(FILE));
    file.map_err(|error| failed(folder, &error))
}

fn failed(folder: &Path, error: &std::io::Error) -> Box<Error> {
    Error::from_io(&format!("The journal in {} cannot be written", folder.display()), error)
}

/// All runs of the home, newest first. What cannot be read is passed over.
pub fn records(runs: &Path) -> Vec<Record> {
    let Ok(entries) = std::fs::read_dir(runs) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().rev().filter_map(|folder| read(folder)).collect()
}

fn read(folder: &Path) -> Option<Record> {
    let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
    let mut lines = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    let Some(Entry::Started(started)) = lines.next() else { return None };
    if started.version != VERSION {
        return None;
    }
    let id = folder.file_name()?.to_str()?.to_owned();
    let mut record = Record {
        id,
        folder: folder.to_owned(),
        started,
        request: None,
        ended: false,
        moved: HashMap::new(),
        written: Vec::new(),
        copies: 0,
    };
    for entry in lines {
        match entry {
            Entry::Started(_) => {}
            Entry::Asked(request) => record.request = Some(request),
            Entry::Moved { source, address } => drop(record.moved.insert(source, address)),
            Entry::Writing(file) => {
                record.copies += 1;
                record.written.push(file);
            }
            Entry::Restored { path } => record.written.retain(|file| file.path != path),
            Entry::Ended => record.ended = true,
        }
    }
    Some(record)
}

/// Adds a line to the journal of a run that is over.
///
/// # Errors
/// A disk error.
pub fn note(record: &Record, entry: &Entry) -> Result<()> {
    Journal::carry_on(record)?.add(entry)
}
