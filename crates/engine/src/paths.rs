//! Where things are kept on this computer.

use crate::own_files;
use picferry_core::{Error, ErrorCode, Result};
use std::path::{Path, PathBuf};

/// The folders of one home. With `PICFERRY_HOME=DIR` everything is under that folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    data: PathBuf,
    logs: PathBuf,
}

impl Paths {
    /// The folders that the environment asks for.
    ///
    /// # Errors
    /// `read_only` when neither `PICFERRY_HOME` nor a home folder is known.
    pub fn from_environment() -> Result<Self> {
        if let Some(home) = non_empty_variable("PICFERRY_HOME") {
            return Ok(Self::in_folder(&home));
        }
        Self::of_system().ok_or_else(|| {
            Error::new(ErrorCode::ReadOnly, "There is no home folder to keep settings and history in.")
                .hint("Set PICFERRY_HOME to a folder that can be written.")
        })
    }

    /// Everything under one folder: portable mode, and tests.
    #[must_use]
    pub fn in_folder(home: &Path) -> Self {
        let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
        Self { config: home.clone(), data: home.clone(), logs: home.join("logs") }
    }

    #[cfg(target_os = "linux")]
    fn of_system() -> Option<Self> {
        let home = non_empty_variable("HOME");
        let base = |variable: &str, below_home: &str| {
            non_empty_variable(variable)
                .filter(|path| path.is_absolute())
                .or_else(|| home.as_ref().map(|home| home.join(below_home)))
                .map(|path| path.join("picferry"))
        };
        Some(Self {
            config: base("XDG_CONFIG_HOME", ".config")?,
            data: base("XDG_DATA_HOME", ".local/share")?,
            logs: base("XDG_STATE_HOME", ".local/state")?.join("logs"),
        })
    }

    #[cfg(target_os = "macos")]
    fn of_system() -> Option<Self> {
        let library = non_empty_variable("HOME")?.join("Library");
        let support = library.join("Application Support/app.picferry");
        Some(Self { config: support.clone(), data: support, logs: library.join("Logs/app.picferry") })
    }

    #[cfg(target_os = "windows")]
    fn of_system() -> Option<Self> {
        let roaming = non_empty_variable("APPDATA")?.join("Picferry");
        let local = non_empty_variable("LOCALAPPDATA")?.join("Picferry");
        Some(Self { config: roaming, logs: local.join("logs"), data: local })
    }

    /// The settings; their previous generations lie beside them.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.json")
    }

    /// The history and the queue.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data.join("history.sqlite")
    }

    /// Thumbnails, named by hash.
    #[must_use]
    pub fn thumbnails_dir(&self) -> PathBuf {
        self.data.join("thumbnails")
    }

    /// Pictures whose source may vanish before they are sent.
    #[must_use]
    pub fn spool_dir(&self) -> PathBuf {
        self.data.join("spool")
    }

    /// The files of the built-in store.
    #[must_use]
    pub fn store_dir(&self) -> PathBuf {
        self.data.join("store")
    }

    /// What migrations of Markdown files did, each in a folder with its backups.
    #[must_use]
    pub fn migrations_dir(&self) -> PathBuf {
        self.data.join("migrations")
    }

    /// One lock file for each running process.
    #[must_use]
    pub fn instances_dir(&self) -> PathBuf {
        self.data.join("instances")
    }

    /// The log and its older files.
    #[must_use]
    pub fn log_dir(&self) -> PathBuf {
        self.logs.clone()
    }

    /// Secrets, when a file was chosen instead of the keychain.
    #[must_use]
    pub fn secrets_file(&self) -> PathBuf {
        self.config.join("secrets.json")
    }

    /// The folder of settings.
    #[must_use]
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// The folder of everything else.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// All places with their names, for `doctor --paths` and the About page.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("settings", self.settings_file()),
            ("history", self.database_file()),
            ("thumbnails", self.thumbnails_dir()),
            ("spool", self.spool_dir()),
            ("store", self.store_dir()),
            ("secrets", self.secrets_file()),
            ("logs", self.log_dir()),
        ]
    }

    /// Makes the folders, and looks whether the files can be what they have to be.
    ///
    /// # Errors
    /// `read_only`, `disk_full` or `file_unreadable`, naming the folder or file.
    pub fn create(&self) -> Result<()> {
        for folder in [
            self.config.clone(),
            self.data.clone(),
            self.thumbnails_dir(),
            self.spool_dir(),
            self.instances_dir(),
        ] {
            own_files::private_folder(&folder)?;
        }
        for file in [self.settings_file(), self.database_file(), self.secrets_file()] {
            own_files::usable(&file)?;
        }
        own_files::writable(&self.spool_dir())
    }
}

fn non_empty_variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portable_mode_keeps_everything_in_one_folder() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::in_folder(home.path());
        for (name, path) in paths.entries() {
            assert!(path.starts_with(home.path()), "{name} is outside: {}", path.display());
        }
    }

    #[test]
    fn a_home_that_cannot_be_made_is_named() {
        let error = Paths::in_folder(Path::new("/proc/picferry-cannot-be-here")).create().unwrap_err();
        assert_eq!(error.code, ErrorCode::ReadOnly);
        assert!(error.message.contains("/proc/picferry-cannot-be-here"), "{}", error.message);
        assert!(error.hint.is_some());
    }
}
