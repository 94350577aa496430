//! Hosts that are ready to use, built once for each profile, and locks for what must not overlap.

use crate::conflict::profile_not_found;
use crate::engine::{Engine, run_blocking};
use crate::logging;
use picferry_core::profile::{COMMON_FIELDS, LOCAL_PROFILE_ID, Profile};
use picferry_core::provider::{Provider, ProviderConfig};
use picferry_core::secret::{Secret, SecretStore as _, SecretStoreKind};
use picferry_core::settings::Settings;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// No profile sends more pictures at the same time than this, whatever it says.
const MOST_AT_ONCE: usize = 32;

/// What a profile allows that says nothing sensible.
const FEW_AT_ONCE: usize = 4;

/// Built providers by profile id, and keyed locks.
#[derive(Default)]
pub struct ProviderPool {
    built: Mutex<HashMap<String, Built>>,
    locks: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    turns: Mutex<HashMap<String, Turns>>,
}

/// Who may send to a profile now, as many as it allowed when that was last asked.
struct Turns {
    at_once: usize,
    free: Arc<Semaphore>,
}

/// A provider with what it was built from: it serves until one of them changes.
struct Built {
    profile: Profile,
    proxy: String,
    provider: Arc<dyn Provider>,
}

impl ProviderPool {
    /// Waits until nobody else holds the lock of that name.
    pub async fn lock(&self, name: &str) -> OwnedMutexGuard<()> {
        self.lock_named(name).lock_owned().await
    }

    /// The lock of that name, unless somebody holds it.
    pub fn try_lock(&self, name: &str) -> Option<OwnedMutexGuard<()>> {
        self.lock_named(name).try_lock_owned().ok()
    }

    fn lock_named(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| lock.strong_count() > 0);
        if let Some(lock) = locks.get(name).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(name.to_owned(), Arc::downgrade(&lock));
        lock
    }

    /// Waits until fewer pictures are being sent to that profile than it allows.
    pub async fn turn(&self, profile: &Profile) -> Option<OwnedSemaphorePermit> {
        let at_once = sent_at_once(profile);
        let free = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Turns { at_once, free: Arc::new(Semaphore::new(at_once)) };
            let known = turns.entry(profile.id.clone()).or_insert_with(new);
            if known.at_once != at_once {
                *known = new();
            }
            known.free.clone()
        };
        // Nobody closes it.
        free.acquire_owned().await.ok()
    }

    fn get(&self, profile: &Profile, proxy: &str) -> Option<Arc<dyn Provider>> {
        let built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        built
            .get(&profile.id)
            .filter(|built| built.profile == *profile && built.proxy == proxy)
            .map(|built| built.provider.clone())
    }

    fn keep(&self, profile: Profile, proxy: String, provider: Arc<dyn Provider>) {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        built.insert(profile.id.clone(), Built { profile, proxy, provider });
    }

    /// Forgets the providers of profiles that changed or went.
    pub fn forget_changed(&self, settings: &Settings) {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        built.retain(|_, built| settings.profiles.contains(&built.profile));
    }

    /// Forgets one provider: its secret changed.
    pub fn forget(&self, profile_id: &str) {
        self.built.lock().unwrap_or_else(PoisonError::into_inner).remove(profile_id);
    }

    /// Forgets all providers: where secrets are kept changed.
    pub fn forget_all(&self) {
        self.built.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// How many pictures are sent to a profile at the same time.
pub fn sent_at_once(profile: &Profile) -> usize {
    let value = profile.value("concurrency", COMMON_FIELDS).parse();
    value.unwrap_or(FEW_AT_ONCE).clamp(1, MOST_AT_ONCE)
}

/// Where secrets are looked for, in words.
fn place_of(kind: SecretStoreKind) -> &'static str {
    match kind {
        SecretStoreKind::File => "the secrets file",
        SecretStoreKind::Keychain | SecretStoreKind::Unavailable => "the keychain",
    }
}

/// The error where another process serves the built-in store with a key that is only its own.
fn held_elsewhere(cause: &Error) -> Box<Error> {
    let message = "Another Picferry serves the built-in store, and its key cannot be read from here.";
    let mut error = Error::new(ErrorCode::KeychainUnavailable, message)
        .hint(
            "Without a keychain that key lives in the other Picferry alone. Upload there, or end it (the \
             window, or “picferry serve”) and try again, or start both with PICFERRY_SECRETS=file.",
        )
        .param("reason", "held_elsewhere")
        .detail(&cause.message);
    error.details.extend(cause.details.iter().cloned());
    error
}

impl Engine {
    /// The profile of that id, or of that name without regard to case.
    ///
    /// # Errors
    /// `profile_not_found`.
    pub fn profile(&self, id_or_name: &str) -> Result<Profile> {
        let settings = self.settings();
        let wanted = id_or_name.trim();
        settings
            .profiles
            .iter()
            .find(|profile| profile.id == wanted)
            .or_else(|| {
                settings.profiles.iter().find(|profile| profile.name.to_lowercase() == wanted.to_lowercase())
            })
            .cloned()
            .ok_or_else(|| profile_not_found(wanted))
    }

    /// The host of a profile, ready to use: the built-in store is up then.
    pub(crate) async fn provider(&self, profile: &Profile) -> Result<Arc<dyn Provider>> {
        if profile.id == LOCAL_PROFILE_ID {
            self.start_local_store().await?;
        }
        let proxy = self.settings().network.proxy.clone();
        if let Some(provider) = self.providers.get(profile, &proxy) {
            return Ok(provider);
        }
        let secrets = match self.secrets_of(profile).await {
            // Nobody else knows this key: without a keychain a new one serves as well, unless
            // another process serves with the old one.
            Err(_) if profile.id == LOCAL_PROFILE_ID && !self.local_store().running_elsewhere => {
                self.ensure_local_key().await?;
                self.secrets_of(profile).await?
            }
            secrets => secrets?,
        };
        let config = ProviderConfig { profile: profile.clone(), secrets, proxy: proxy.clone() };
        let provider = picferry_providers::build(&config)?;
        self.providers.keep(profile.clone(), proxy, provider.clone());
        Ok(provider)
    }

    /// The secrets of a profile, from the keychain.
    pub(crate) async fn secrets_of(&self, profile: &Profile) -> Result<BTreeMap<String, Secret>> {
        if profile.secrets.is_empty() {
            return Ok(BTreeMap::new());
        }
        let store = self.secret_store();
        let profile = profile.clone();
        let is_local = profile.id == LOCAL_PROFILE_ID;
        let is_elsewhere = is_local && self.local_store().running_elsewhere;
        // A key that lives in this process opens no store of another one.
        let session = if is_local && !is_elsewhere {
            self.session_secrets.get(&crate::engine::local_store_account())?
        } else {
            None
        };
        let place = place_of(store.kind());
        let secrets = run_blocking(move || {
            let mut secrets = BTreeMap::new();
            for key in &profile.secrets {
                let secret = match &session {
                    Some(secret) => Some(secret.clone()),
                    None => store.get(&profile.secret_account(key))?,
                };
                let secret = secret.ok_or_else(|| {
                    Error::new(
                        ErrorCode::SecretMissing,
                        format!("The key of “{}” is not in {place} any more.", profile.name),
                    )
                    .hint("Enter it again under Hosts.")
                    .field(key)
                    .param("profile", &profile.name)
                })?;
                logging::mask(&secret);
                secrets.insert(key.clone(), secret);
            }
            Ok(secrets)
        })
        .await;
        if is_elsewhere { secrets.map_err(|error| held_elsewhere(&error)) } else { secrets }
    }
}
