//! Which file a picture's name means: beside the text, in the vault, or in its folder of attachments.

use super::scope::{Scope, walk};
use picferry_markdown::{Kind, Reference, looks_like_picture};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Where generators of sites keep what they serve from `/`.
const SERVED_FROM: [&str; 5] = ["", "static", "public", "source", "assets"];

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// This file.
    File(PathBuf),
    /// A file that lies outside of what may be read.
    Outside(PathBuf),
    /// Nothing of that name is there.
    Missing,
}

/// Finds files for names.
pub struct Resolver {
    scope: Scope,
    allow_outside: bool,
    attachments: Attachments,
    is_vault: bool,
    /// All pictures of the vault by their lowercase name; read when it is needed.
    by_name: OnceLock<HashMap<String, Vec<PathBuf>>>,
}

/// Where a vault keeps what is pasted into it.
enum Attachments {
    InVault(PathBuf),
    BesideText(PathBuf),
}

/// The part of `.obsidian/app.json` that matters here.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct VaultSettings {
    attachment_folder_path: String,
}

impl Resolver {
    /// For the pictures of that scope.
    pub fn new(scope: Scope, allow_outside: bool) -> Self {
        let settings = std::fs::read(scope.root.join(".obsidian/app.json")).unwrap_or_default();
        let settings: VaultSettings = serde_json::from_slice(&settings).unwrap_or_default();
        let folder = settings.attachment_folder_path;
        let attachments = match folder.strip_prefix("./") {
            Some(beside) => Attachments::BesideText(beside.into()),
            None => Attachments::InVault(scope.root.join(folder.trim_matches('/'))),
        };
        let is_vault = scope.root.join(".obsidian").is_dir();
        Self { scope, allow_outside, attachments, is_vault, by_name: OnceLock::new() }
    }

    /// The file that the reference in that document means.
    pub fn resolve(&self, document: &Path, reference: &Reference, names: &[String]) -> Resolved {
        let mut outside = None;
        for name in names {
            for path in self.places(document, name) {
                match self.check(&path) {
                    Resolved::File(file) => return Resolved::File(file),
                    Resolved::Outside(file) => outside = outside.or(Some(file)),
                    Resolved::Missing => {}
                }
            }
        }
        if self.is_vault || reference.kind == Kind::WikiEmbed {
            let named = names.iter().find_map(|name| self.anywhere(document, name));
            if let Some(file) = named {
                return Resolved::File(file);
            }
        }
        outside.map_or(Resolved::Missing, Resolved::Outside)
    }

    /// Where a file of that name may lie, likeliest first.
    fn places(&self, document: &Path, name: &str) -> Vec<PathBuf> {
        let folder = document.parent().unwrap_or(document);
        let mut places = Vec::new();
        if let Some(served) = name.strip_prefix('/') {
            places.extend(SERVED_FROM.iter().map(|part| self.scope.root.join(part).join(served)));
            places.extend(SERVED_FROM.iter().map(|part| self.scope.boundary.join(part).join(served)));
        }
        // An absolute name stands for itself; a relative one starts at the text.
        places.push(folder.join(name));
        if Path::new(name).is_absolute() {
            return places;
        }
        // Generators give a post a folder of its own: `post.md` and `post/a.png`.
        places.push(document.with_extension("").join(name));
        places.push(self.scope.boundary.join(name));
        places.push(self.scope.root.join(name));
        match &self.attachments {
            Attachments::InVault(attachments) => places.push(attachments.join(name)),
            Attachments::BesideText(beside) => places.push(folder.join(beside).join(name)),
        }
        places
    }

    fn check(&self, path: &Path) -> Resolved {
        let Ok(real) = std::fs::canonicalize(path) else { return Resolved::Missing };
        if !real.is_file() {
            Resolved::Missing
        } else if self.allow_outside || real.starts_with(&self.scope.boundary) {
            Resolved::File(real)
        } else {
            Resolved::Outside(real)
        }
    }

    /// A vault finds a picture by its name, wherever it lies: the one with the shortest path.
    fn anywhere(&self, document: &Path, name: &str) -> Option<PathBuf> {
        let by_name = self.by_name.get_or_init(|| self.read_names());
        let wanted = Path::new(name);
        let candidates = by_name.get(&wanted.file_name()?.to_str()?.to_lowercase())?;
        let ends_so = |path: &&PathBuf| {
            let path = path.to_string_lossy().replace('\\', "/").to_lowercase();
            path.ends_with(&format!("/{}", name.trim_start_matches(['.', '/']).to_lowercase()))
        };
        let beside = candidates.iter().filter(ends_so).find(|path| path.parent() == document.parent());
        beside.or_else(|| candidates.iter().find(ends_so)).cloned()
    }

    fn read_names(&self) -> HashMap<String, Vec<PathBuf>> {
        let top = if self.allow_outside { &self.scope.root } else { &self.scope.boundary };
        let mut by_name: HashMap<String, Vec<PathBuf>> = HashMap::new();
        walk(top, &|| false, &mut |path, _| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if looks_like_picture(name) && matches!(self.check(&path), Resolved::File(_)) {
                by_name.entry(name.to_lowercase()).or_default().push(path);
            }
        });
        for paths in by_name.values_mut() {
            paths.sort_by_key(|path| (path.components().count(), path.clone()));
        }
        by_name
    }
}
