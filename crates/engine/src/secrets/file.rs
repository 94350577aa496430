//! A file with mode 0600: for computers without a keychain, chosen on purpose.

use crate::own_files::lock_beside;
use crate::spool::write_whole;
use picferry_core::secret::{Secret, SecretStore, SecretStoreKind};
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Keeps secrets in one JSON file, readable by this account alone.
pub struct FileSecrets {
    path: PathBuf,
}

impl FileSecrets {
    /// The store in that file; made when the first secret comes.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Takes the file back from everybody else: a copy or a backup may have opened it up.
    fn close_to_others(&self) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let open = std::fs::metadata(&self.path).is_ok_and(|it| it.permissions().mode() & 0o077 != 0);
            if open {
                tracing::warn!("the secrets file was readable by others; it is not any more");
                drop(std::fs::set_permissions(&self.path, std::fs::Permissions::from_mode(0o600)));
            }
        }
    }

    fn read(&self) -> Result<BTreeMap<String, String>> {
        self.close_to_others();
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(Error::from_io("The secrets file cannot be read", &error)),
        };
        serde_json::from_str(&text).map_err(|_| {
            Error::new(
                ErrorCode::KeychainUnavailable,
                format!("The secrets file {} is damaged.", self.path.display()),
            )
            .hint("Move it away and enter the keys of your hosts again.")
        })
    }

    /// Reads, changes and writes under a lock, so that two processes never lose each other's secrets.
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<()> {
        let lock = lock_beside(&self.path)?;
        let mut entries = self.read()?;
        change(&mut entries);
        let text = serde_json::to_string_pretty(&entries)
            .map_err(|error| Error::new(ErrorCode::Internal, "Secrets cannot be written.").detail(error))?;
        // The temporary file that becomes the secrets file is made with mode 0600.
        write_whole(&self.path, text.as_bytes())
            .map_err(|error| Error::from_io("The secrets file cannot be written", &error))?;
        drop(lock);
        Ok(())
    }
}

impl SecretStore for FileSecrets {
    fn get(&self, account: &str) -> Result<Option<Secret>> {
        Ok(self.read()?.remove(account).map(Secret::new))
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<()> {
        self.change(|entries| {
            entries.insert(account.to_owned(), secret.expose().to_owned());
        })
    }

    fn delete(&self, account: &str) -> Result<()> {
        self.change(|entries| {
            entries.remove(account);
        })
    }

    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::File
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_a_file_only_this_account_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileSecrets::new(folder.path().join("secrets.json"));
        assert_eq!(store.get("blog/secret_access_key").unwrap(), None);
        store.set("blog/secret_access_key", &Secret::new("s3cr3t")).unwrap();
        assert_eq!(store.get("blog/secret_access_key").unwrap(), Some(Secret::new("s3cr3t")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join("secrets.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        store.delete("blog/secret_access_key").unwrap();
        assert_eq!(store.get("blog/secret_access_key").unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_could_read_is_closed_to_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        std::fs::write(&path, r#"{"a": "b"}"#).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert_eq!(FileSecrets::new(path.clone()).get("a").unwrap(), Some(Secret::new("b")));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_is_named_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        std::fs::write(&path, "{ half").unwrap();
        let store = FileSecrets::new(path.clone());
        let error = store.set("a", &Secret::new("b")).unwrap_err();
        assert_eq!(error.code, ErrorCode::KeychainUnavailable);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ half");
    }
}
