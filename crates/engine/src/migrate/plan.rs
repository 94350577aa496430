//! What each picture of a file is, and what is to become of it.

use super::resolve::{Resolved, Resolver};
use super::scope::Scope;
use picferry_core::migrate::{
    MigrationFile, MigrationFileState, MigrationPicture, MigrationPictureState, MigrationRequest,
};
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode, Result};
use picferry_markdown::{FindOptions, Reference, Target, find, target_of};
use std::path::{Path, PathBuf};

/// Nobody writes a longer text by hand, and reading one costs many times its size.
const LARGEST_TEXT: u64 = 64 * 1024 * 1024;

/// An address in reports; data inside the text has millions of characters.
const SHOWN_CHARACTERS: usize = 200;

/// Stands for a key in addresses, to see what is around it.
const PROBE_KEY: &str = "picferry0probe0key";

/// Where pictures go.
pub enum Way {
    /// To a host.
    ToHost {
        /// Its profile.
        profile: Box<Profile>,
        /// How its addresses look.
        addresses: HostAddresses,
    },
    /// Into a folder.
    ToFolder(PathBuf),
}

impl Way {
    /// The profile's name, if they go to a host.
    pub fn profile_name(&self) -> String {
        match self {
            Self::ToHost { profile, .. } => profile.name.clone(),
            Self::ToFolder(_) => String::new(),
        }
    }
}

/// What stands before and after a key in the host's addresses.
#[derive(Debug, Default)]
pub struct HostAddresses(Option<(String, String)>);

impl HostAddresses {
    /// Seen at the address of a key.
    pub fn of(address: impl Fn(&str) -> String) -> Self {
        let address = address(PROBE_KEY);
        Self(address.split_once(PROBE_KEY).map(|(before, after)| (before.to_owned(), after.to_owned())))
    }

    /// Whether the address is one of the host.
    pub fn has(&self, address: &str) -> bool {
        self.0.as_ref().is_some_and(|(before, after)| {
            address.len() > before.len() + after.len()
                && address.starts_with(before.as_str())
                && address.ends_with(after.as_str())
        })
    }
}

/// Something that moves, once however often it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PictureSource {
    /// A file, without links in its path.
    File(PathBuf),
    /// An address of the web.
    Address(String),
}

/// A file that was read.
pub struct Document {
    /// Its path.
    pub path: PathBuf,
    /// What is told of it.
    pub file: MigrationFile,
    /// What moves, for each of its pictures.
    pub sources: Vec<Option<PictureSource>>,
}

/// Reads files and says what is to become of their pictures.
pub struct Planner {
    /// Which files.
    pub scope: Scope,
    /// Where to.
    pub way: Way,
    /// What is looked at in a text.
    pub options: FindOptions,
    resolver: Resolver,
    include_remote: bool,
}

impl Planner {
    /// For a request.
    ///
    /// # Errors
    /// The path is not there or no Markdown.
    pub fn new(request: &MigrationRequest, way: Way) -> Result<Self> {
        let scope = Scope::of(&request.path)?;
        Ok(Self {
            resolver: Resolver::new(scope.clone(), request.allow_outside),
            scope,
            way,
            options: FindOptions { front_matter: request.front_matter },
            include_remote: request.include_remote,
        })
    }

    /// All files with pictures, and those that cannot be read.
    ///
    /// # Errors
    /// `cancelled`.
    pub fn documents(&self, is_stopped: &dyn Fn() -> bool) -> Result<Vec<Document>> {
        let mut documents = Vec::new();
        for found in self.scope.documents(is_stopped) {
            if is_stopped() {
                return Err(Error::new(ErrorCode::Cancelled, "Reading the files was stopped."));
            }
            let document = match found.error {
                Some(error) => self.unreadable(found.path, &error),
                None => self.document(found.path),
            };
            if !document.file.pictures.is_empty() || document.file.error.is_some() {
                documents.push(document);
            }
        }
        Ok(documents)
    }

    fn document(&self, path: PathBuf) -> Document {
        match read_text(&path) {
            Ok(text) => self.plan(path, &text),
            Err(error) => self.unreadable(path, &error),
        }
    }

    /// What is to become of the pictures of a text.
    pub fn plan(&self, path: PathBuf, text: &str) -> Document {
        let (pictures, sources): (Vec<_>, Vec<_>) =
            find(text, self.options).iter().map(|reference| self.picture(&path, reference)).unzip();
        let moves = sources.iter().any(Option::is_some);
        let state = if moves { MigrationFileState::Planned } else { MigrationFileState::Unchanged };
        let file = MigrationFile {
            path: self.scope.shown(&path),
            state,
            changed: 0,
            backup: None,
            error: None,
            pictures,
        };
        Document { path, file, sources }
    }

    /// A file that is only told about.
    pub fn unreadable(&self, path: PathBuf, error: &Error) -> Document {
        let file = MigrationFile {
            path: self.scope.shown(&path),
            state: MigrationFileState::Failed,
            changed: 0,
            backup: None,
            error: Some(error.clone()),
            pictures: Vec::new(),
        };
        Document { path, file, sources: Vec::new() }
    }

    fn picture(&self, document: &Path, reference: &Reference) -> (MigrationPicture, Option<PictureSource>) {
        use MigrationPictureState as State;
        let (state, source) = match target_of(reference) {
            Target::Remote(address) => (self.remote(&address), Some(PictureSource::Address(address))),
            Target::Local(names) => match (&self.way, self.resolver.resolve(document, reference, &names)) {
                (Way::ToFolder(_), Resolved::File(file)) => (State::Left, Some(PictureSource::File(file))),
                (Way::ToHost { .. }, Resolved::File(file)) => (State::Found, Some(PictureSource::File(file))),
                (_, Resolved::Outside(file)) => (State::Outside, Some(PictureSource::File(file))),
                (_, Resolved::Missing) => (State::Missing, None),
            },
            Target::Embedded => (State::Embedded, None),
            Target::Foreign(_) | Target::Nothing => (State::Foreign, None),
        };
        let picture = MigrationPicture {
            line: u32::try_from(reference.line).unwrap_or(u32::MAX),
            kind: reference.kind.name().to_owned(),
            written: shortened(&reference.raw),
            state,
            source: source.as_ref().map(|source| match source {
                PictureSource::File(file) => file.display().to_string(),
                PictureSource::Address(address) => address.clone(),
            }),
            address: None,
            error: None,
        };
        (picture, source.filter(|_| state == State::Found))
    }

    fn remote(&self, address: &str) -> MigrationPictureState {
        match &self.way {
            Way::ToFolder(_) => MigrationPictureState::Found,
            Way::ToHost { addresses, .. } if addresses.has(address) => MigrationPictureState::InPlace,
            Way::ToHost { .. } if self.include_remote => MigrationPictureState::Found,
            Way::ToHost { .. } => MigrationPictureState::Left,
        }
    }
}

/// Reads a text whole.
///
/// # Errors
/// It cannot be read, is too large, or is no UTF-8: other encodings are left alone.
pub fn read_text(path: &Path) -> Result<String> {
    let shown = path.display();
    let failed = |error: &std::io::Error| {
        Error::from_io(&format!("{shown} cannot be read"), error).param("file", shown.to_string())
    };
    let metadata = std::fs::metadata(path).map_err(|error| failed(&error))?;
    if !metadata.is_file() || metadata.len() > LARGEST_TEXT {
        return Err(Error::new(ErrorCode::Unsupported, format!("{shown} is no ordinary text file."))
            .hint("Only files of up to 64 MB are read.")
            .param("file", shown));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorCode::Unsupported, format!("{shown} is not written in UTF-8, so it was left alone."))
            .hint("Save it as UTF-8 in your editor, then try again.")
            .param("file", shown)
            .detail(error.utf8_error())
    })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
