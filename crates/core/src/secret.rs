//! Secrets: text that never prints itself, and the store it is kept in.

use crate::error::Result;
use std::fmt;

/// A secret value. `Debug` and `Display` show `•••`; only [`Secret::expose`] gives the text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for the signer and the keychain, for nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("•••")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("•••")
    }
}

/// Where secrets are kept. An account is `profile-id/field-key`.
///
/// The calls block (D-Bus, the keychain's own dialogue): never call them on an async worker.
pub trait SecretStore: Send + Sync {
    /// The secret, or `None` when the store has none under that account.
    ///
    /// # Errors
    /// `keychain_unavailable` or `keychain_locked`.
    fn get(&self, account: &str) -> Result<Option<Secret>>;

    /// Stores or replaces the secret.
    ///
    /// # Errors
    /// `keychain_unavailable`, `keychain_locked`, or a disk error of a file store.
    fn set(&self, account: &str, secret: &Secret) -> Result<()>;

    /// Removes the secret; removing what is not there is fine.
    ///
    /// # Errors
    /// As for [`SecretStore::set`].
    fn delete(&self, account: &str) -> Result<()>;

    /// Which kind of store this is, for the form and for `doctor --paths`.
    fn kind(&self) -> SecretStoreKind;
}

/// The kinds of secret stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretStoreKind {
    /// The operating system's keychain.
    Keychain,
    /// A file with mode 0600, chosen on purpose.
    File,
    /// Neither works right now: nothing secret can be stored.
    Unavailable,
}
