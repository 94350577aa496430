//! The operating system's keychain: Secret Service, Keychain Access, Credential Manager.

use crate::paths::Paths;
use picferry_core::digest::sha256_hex;
use picferry_core::secret::{Secret, SecretStore, SecretStoreKind};
use picferry_core::{Error, ErrorCode, Result};

/// Keeps secrets in the keychain under the service `app.picferry`.
pub struct Keychain {
    service: String,
}

impl Keychain {
    /// The keychain as this home sees it: a portable home has a service of its own, so that two
    /// homes never read each other's keys.
    pub fn new(paths: &Paths) -> Self {
        let service = if std::env::var_os("PICFERRY_HOME").is_some() {
            format!("app.picferry.{}", &sha256_hex(paths.config_dir().as_os_str().as_encoded_bytes())[..12])
        } else {
            "app.picferry".to_owned()
        };
        Self { service }
    }

    fn entry(&self, account: &str) -> Result<keyring::Entry> {
        keyring::Entry::new(&self.service, account).map_err(|error| failure(&error))
    }
}

/// Says that the keychain cannot be used, without the text of a secret.
fn failure(error: &keyring::Error) -> Box<Error> {
    let locked = matches!(error, keyring::Error::NoStorageAccess(_));
    let (code, message) = if locked {
        (ErrorCode::KeychainLocked, "The system keychain is locked or does not answer.")
    } else {
        (ErrorCode::KeychainUnavailable, "The system keychain cannot be used.")
    };
    Error::new(code, message)
        .hint(
            "Unlock the keychain. On a computer without one, keep secrets in a file that only \
             your account can read: Settings, About, or PICFERRY_SECRETS=file.",
        )
        .detail(error)
}

impl SecretStore for Keychain {
    fn get(&self, account: &str) -> Result<Option<Secret>> {
        match self.entry(account)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(failure(&error)),
        }
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<()> {
        self.entry(account)?.set_password(secret.expose()).map_err(|error| failure(&error))
    }

    fn delete(&self, account: &str) -> Result<()> {
        match self.entry(account)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }

    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Keychain
    }
}
