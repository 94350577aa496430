//! Secrets that end with the process: for tests, and for the built-in store without a keychain.

use picferry_core::Result;
use picferry_core::secret::{Secret, SecretStore, SecretStoreKind};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Keeps secrets in memory.
#[derive(Default)]
pub struct MemorySecrets {
    entries: Mutex<HashMap<String, Secret>>,
}

impl SecretStore for MemorySecrets {
    fn get(&self, account: &str) -> Result<Option<Secret>> {
        Ok(self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned())
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<()> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<()> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        Ok(())
    }

    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Unavailable
    }
}
