//! Where secrets are kept: the keychain, or on purpose a file that only this account can read.

mod file;
mod keychain;
mod memory;

pub use file::FileSecrets;
pub use keychain::Keychain;
pub use memory::MemorySecrets;

use crate::paths::Paths;
use picferry_core::secret::SecretStore;
use std::sync::Arc;

/// The environment variable that chooses the store: `file`, or nothing for the keychain.
const CHOICE: &str = "PICFERRY_SECRETS";

/// The store that was chosen: by the environment, by a secrets file that was made on purpose
/// before, else the keychain.
pub fn choose(paths: &Paths) -> Arc<dyn SecretStore> {
    let wants_file = std::env::var(CHOICE).is_ok_and(|choice| choice.eq_ignore_ascii_case("file"));
    if wants_file || paths.secrets_file().exists() {
        Arc::new(FileSecrets::new(paths.secrets_file()))
    } else {
        Arc::new(Keychain::new(paths))
    }
}
