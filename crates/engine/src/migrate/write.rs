//! Writes the new addresses into a file as it is now, after a copy of it was kept.

use super::journal::{Entry, Journal, WrittenFile};
use super::path_text;
use super::plan::{Document, PictureSource, Planner, read_text};
use super::replace::{Replaced, replace};
use picferry_core::digest::sha256_hex;
use picferry_core::encode::{encode_key, readable_url};
use picferry_core::migrate::{MigrationFileState, MigrationPictureState};
use picferry_core::{Error, ErrorCode, Result};
use picferry_markdown::rewrite;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// How often a file that is changed right now is read again.
const ATTEMPTS: usize = 3;

/// Where a picture is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// At this address.
    Address(String),
    /// In this file.
    File(PathBuf),
}

/// What became of each picture; one that was stopped is not in it.
pub type Outcomes = HashMap<PictureSource, Result<Destination>>;

/// Rewrites a file.
///
/// # Errors
/// The journal or the copy cannot be written: then nothing is changed any more. What is wrong with the
/// file itself is told in what is returned.
pub fn write(
    planner: &Planner,
    path: PathBuf,
    outcomes: &Outcomes,
    journal: &mut Journal,
) -> Result<Document> {
    let path_in_journal = match path_text(&path) {
        Ok(path) => path,
        Err(error) => return Ok(planner.unreadable(path, &error)),
    };
    for _ in 0..ATTEMPTS {
        let text = match read_text(&path) {
            Ok(text) => text,
            Err(error) => return Ok(planner.unreadable(path, &error)),
        };
        let mut document = planner.plan(path.clone(), &text);
        let folder = path.parent().unwrap_or(&path);
        let addresses: Vec<Option<String>> = document
            .sources
            .iter()
            .map(|source| match outcomes.get(source.as_ref()?) {
                Some(Ok(destination)) => Some(written_address(folder, destination)),
                _ => None,
            })
            .collect();
        let mut next = addresses.into_iter();
        let Ok(rewritten) = rewrite(&text, planner.options, |_| next.next().flatten()) else {
            return Ok(failed(document, outcomes, &unsure(&path)));
        };
        if rewritten.changed == 0 {
            tell(&mut document, outcomes, false);
            return Ok(document);
        }
        let backup = journal.back_up(&path, text.as_bytes())?;
        journal.add(&Entry::Writing(WrittenFile {
            path: path_in_journal.clone(),
            before: sha256_hex(text.as_bytes()),
            after: sha256_hex(rewritten.text.as_bytes()),
            backup: backup.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        }))?;
        match replace(&path, text.as_bytes(), rewritten.text.as_bytes()) {
            Ok(Replaced::Yes) => {
                tell(&mut document, outcomes, true);
                document.file.changed = u32::try_from(rewritten.changed).unwrap_or(u32::MAX);
                document.file.state = MigrationFileState::Rewritten;
                document.file.backup = Some(backup.display().to_string());
                return Ok(document);
            }
            Ok(Replaced::ChangedMeanwhile) => {}
            Err(error) => return Ok(failed(document, outcomes, &error)),
        }
    }
    Ok(planner.unreadable(path.clone(), &keeps_changing(&path)))
}

/// Says of each picture what became of it. An address stands in the file only if it was written.
pub fn tell(document: &mut Document, outcomes: &Outcomes, is_written: bool) {
    let folder = document.path.parent().unwrap_or(&document.path);
    for (picture, source) in document.file.pictures.iter_mut().zip(&document.sources) {
        match source.as_ref().and_then(|source| outcomes.get(source)) {
            Some(Ok(destination)) => {
                picture.address = Some(written_address(folder, destination));
                if is_written {
                    picture.state = MigrationPictureState::Moved;
                }
            }
            Some(Err(error)) => {
                picture.state = MigrationPictureState::Failed;
                picture.error = Some((**error).clone());
            }
            None => {}
        }
    }
}

fn failed(mut document: Document, outcomes: &Outcomes, error: &Error) -> Document {
    tell(&mut document, outcomes, false);
    document.file.state = MigrationFileState::Failed;
    document.file.error = Some(error.clone());
    document
}

/// What the text says: an address, or the way from its folder to the file.
fn written_address(folder: &Path, destination: &Destination) -> String {
    match destination {
        Destination::Address(address) => address.clone(),
        Destination::File(file) => {
            let way = relative(folder, file);
            let parts: Vec<_> = way.iter().map(|part| part.to_string_lossy()).collect();
            readable_url(&encode_key(&parts.join("/").replace("//", "/")))
        }
    }
}

/// The way from a folder to a file, both without links; the file's own path where there is no way.
fn relative(folder: &Path, file: &Path) -> PathBuf {
    let (from, to): (Vec<_>, Vec<_>) = (folder.components().collect(), file.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    if shared == 0 || !matches!(from[0], Component::RootDir | Component::Prefix(_)) {
        return file.to_owned();
    }
    let up = from[shared..].iter().map(|_| Component::ParentDir);
    up.chain(to[shared..].iter().copied()).collect()
}

fn unsure(path: &Path) -> Box<Error> {
    Error::new(
        ErrorCode::Unsupported,
        format!(
            "With the new addresses {} would be read in another way, so it was left as it is.",
            path.display()
        ),
    )
    .hint("Look for brackets or code marks that are not closed, then try again.")
    .param("file", path.display())
}

fn keeps_changing(path: &Path) -> Box<Error> {
    Error::new(
        ErrorCode::Unsupported,
        format!("{} was changed again and again meanwhile, so it was left as it is.", path.display()),
    )
    .hint("Close what writes to it, then try again.")
    .param("file", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_file_is_relative_and_encoded_only_where_it_must_be() {
        let address = |folder: &str, file: &str| {
            written_address(Path::new(folder), &Destination::File(PathBuf::from(file)))
        };
        assert_eq!(address("/notes", "/notes/pics/a.png"), "pics/a.png");
        assert_eq!(address("/notes/2026/11", "/notes/pics/截图 1.png"), "../../pics/截图%201.png");
        assert_eq!(address("/notes", "/elsewhere/a.png"), "../elsewhere/a.png");
    }
}
