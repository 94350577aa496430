//! Which files a migration may read: the Markdown files under a path, and what belongs to them.

use picferry_core::{Error, ErrorCode, Result};
use std::path::{Path, PathBuf};

/// Folders whose files are nobody's writing.
const NOT_ENTERED: [&str; 7] = [".git", ".hg", ".svn", ".obsidian", ".trash", ".jj", "node_modules"];

/// Endings of Markdown files.
const MARKDOWN: [&str; 3] = ["md", "markdown", "mdx"];

/// What was asked for, and how far its pictures may lie.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The file or folder, without links in its path.
    pub asked: PathBuf,
    /// Whether it is a single file.
    pub is_file: bool,
    /// Pictures are looked for here and not above: the folder that was asked for; for a single file
    /// the vault or repository that it is part of, or its own folder.
    pub boundary: PathBuf,
    /// Where paths that begin with `/` and names without a folder start: the vault or repository.
    pub root: PathBuf,
}

/// A Markdown file, or why a place could not be read.
pub struct Found {
    /// Its path.
    pub path: PathBuf,
    /// Why it cannot be read.
    pub error: Option<Box<Error>>,
}

impl Scope {
    /// The scope of a path.
    ///
    /// # Errors
    /// `file_not_found`; `unsupported` for a file that is no Markdown.
    pub fn of(path: &str) -> Result<Self> {
        let failed = |error: &std::io::Error| {
            Error::from_io(&format!("{path} cannot be read"), error).param("file", path)
        };
        let asked = std::fs::canonicalize(path).map_err(|error| failed(&error))?;
        let is_file = !asked.is_dir();
        if is_file && !is_markdown(&asked) {
            return Err(Error::new(ErrorCode::Unsupported, format!("{path} is not a Markdown file."))
                .hint("Files that end in .md, .markdown or .mdx are read.")
                .param("file", path));
        }
        let folder = if is_file { asked.parent().unwrap_or(&asked).to_owned() } else { asked.clone() };
        let root = enclosing(&folder).unwrap_or_else(|| folder.clone());
        let boundary = if is_file { root.clone() } else { folder };
        Ok(Self { asked, is_file, boundary, root })
    }

    /// The Markdown files, sorted by path. Links to folders are not followed.
    pub fn documents(&self, is_stopped: &dyn Fn() -> bool) -> Vec<Found> {
        if self.is_file {
            return vec![Found { path: self.asked.clone(), error: None }];
        }
        let mut found = Vec::new();
        walk(&self.asked, is_stopped, &mut |path, error| {
            if error.is_some() || (is_markdown(&path) && self.is_own(&path)) {
                found.push(Found { path, error });
            }
        });
        found.sort_by(|one, other| one.path.cmp(&other.path));
        found
    }

    /// A link to a file elsewhere would carry the change out of the folder.
    fn is_own(&self, path: &Path) -> bool {
        !path.is_symlink() || std::fs::canonicalize(path).is_ok_and(|real| real.starts_with(&self.boundary))
    }

    /// The path as it is shown: relative to what was asked for, with `/`.
    pub fn shown(&self, path: &Path) -> String {
        let base = if self.is_file { self.asked.parent() } else { Some(self.asked.as_path()) };
        let relative = base.and_then(|base| path.strip_prefix(base).ok()).unwrap_or(path);
        let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        if relative.is_absolute() { path.display().to_string() } else { parts.join("/") }
    }
}

/// Calls `visit` for every file below the folder, and for folders that cannot be read.
pub fn walk(
    folder: &Path,
    is_stopped: &dyn Fn() -> bool,
    visit: &mut dyn FnMut(PathBuf, Option<Box<Error>>),
) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if is_stopped() {
            return;
        }
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                let what = format!("The folder {} cannot be read", folder.display());
                visit(folder, Some(Error::from_io(&what, &error)));
                continue;
            }
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if !kind.is_dir() {
                visit(entry.path(), None);
            } else if !NOT_ENTERED.iter().any(|name| entry.file_name() == *name) {
                folders.push(entry.path());
            }
        }
    }
}

fn is_markdown(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| MARKDOWN.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

/// The nearest folder above that is a vault or a repository.
fn enclosing(folder: &Path) -> Option<PathBuf> {
    let is_root = |folder: &&Path| folder.join(".obsidian").is_dir() || folder.join(".git").exists();
    folder.ancestors().find(is_root).map(Path::to_owned)
}
