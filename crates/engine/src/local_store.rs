//! The built-in store: the profile “This computer”, its key, and who serves it.

use crate::engine::{Engine, local_store_account, run_blocking};
use crate::options::{Role, random_hex};
use crate::own_files::lock_beside;
use picferry_core::event::Notice;
use picferry_core::profile::{LOCAL_PROFILE_ID, Profile};
use picferry_core::secret::{Secret, SecretStore as _};
use picferry_core::{Error, ErrorCode, Result};
use picferry_providers::local_store::{BUCKET, LocalStore, Occupant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Who serves the built-in store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LocalStoreState {
    /// Where it is, whether or not somebody serves it: `http://127.0.0.1:36688`.
    pub address: String,
    /// This process serves it.
    pub running_here: bool,
    /// Another process of this home served it when this one wanted to.
    pub running_elsewhere: bool,
}

/// Several processes of one home may begin or end serving in the same moment: for that long a taken
/// port is looked at again.
const SIBLINGS_SETTLE: Duration = Duration::from_secs(3);

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(120);

/// A port that was found taken is not waited for again by the next pictures of a batch.
const REFUSAL_STANDS: Duration = Duration::from_secs(10);

/// The store of this process, once started.
#[derive(Default)]
pub struct LocalStoreControl {
    running: Mutex<Option<LocalStore>>,
    refused: std::sync::Mutex<Option<(Instant, Box<Error>)>>,
    is_running: AtomicBool,
    is_elsewhere: AtomicBool,
}

impl LocalStoreControl {
    /// What stood in the way a moment ago.
    fn recent_refusal(&self) -> Option<Box<Error>> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.as_ref().filter(|(at, _)| at.elapsed() < REFUSAL_STANDS).map(|(_, refusal)| refusal.clone())
    }

    /// Until when a taken port may still turn out to be a sibling's.
    fn waits_until(&self) -> Instant {
        let now = Instant::now();
        if self.recent_refusal().is_some() { now } else { now + SIBLINGS_SETTLE }
    }

    /// A port whose holder does not answer costs seconds to ask: the pictures of a batch, one after the
    /// other, are not to wait for it each. Once it is free it is asked again at once.
    fn silence(&self, port: u16) -> Option<Box<Error>> {
        self.recent_refusal().filter(|refusal| {
            refusal.params.get("reason").is_some_and(|reason| reason == "mute") && !is_free(port)
        })
    }

    fn note_refusal(&self, refusal: &Error) {
        let noted = Some((Instant::now(), Box::new(refusal.clone())));
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = noted;
    }

    /// Stops serving, when this process serves.
    pub async fn stop(&self) {
        if let Some(store) = self.running.lock().await.take() {
            store.stop().await;
        }
        self.is_running.store(false, Ordering::Relaxed);
    }
}

impl Engine {
    /// Makes the profile “This computer” and its key on the first run, on a port that is free now
    /// and stays the same from then on.
    pub(crate) async fn prepare_first_run(self: &Arc<Self>) -> Result<()> {
        if self.profile(LOCAL_PROFILE_ID).is_ok() {
            return self.restore_session_key().await;
        }
        let alone = self.alone_with_key().await;
        let file = self.settings_file.clone();
        let on_disk = run_blocking(move || file.load()).await?.settings;
        if !on_disk.profiles.iter().any(|profile| profile.id == LOCAL_PROFILE_ID) {
            self.keep_local_key(&self.new_local_key()).await;
        }
        let access_key = random_hex(self.random.as_ref(), 10);
        let preferred = self.settings().desktop.local_store_port;
        self.change_settings(move |settings| {
            // Another process may have been first.
            if settings.profiles.iter().any(|profile| profile.id == LOCAL_PROFILE_ID) {
                return Ok(());
            }
            let port = free_port(preferred);
            settings.desktop.local_store_port = port;
            settings.profiles.insert(0, local_profile(port, &access_key));
            Ok(())
        })
        .await?;
        drop(alone);
        Ok(())
    }

    /// Held while the key is looked for and made: of two processes that begin in the same moment, the
    /// second takes the first one's. Where nothing can be locked, nothing can be kept either.
    async fn alone_with_key(&self) -> Option<File> {
        let beside = self.paths.store_dir();
        run_blocking(move || lock_beside(&beside)).await.ok()
    }

    /// Stores the key; without a keychain it lives as long as the process, and the person is told.
    async fn keep_local_key(&self, secret: &Secret) {
        let store = self.secret_store();
        let stored = {
            let secret = secret.clone();
            run_blocking(move || store.set(&local_store_account(), &secret)).await
        };
        if let Err(error) = stored {
            drop(self.session_secrets.set(&local_store_account(), secret));
            self.add_notice(Notice { topic: "keychain".into(), error: *error });
        }
    }

    /// The key of the built-in store guards files of this computer against other programs. When
    /// the keychain lost it, or cannot be asked, a new one is as good: nobody else knows the old.
    async fn restore_session_key(&self) -> Result<()> {
        if self.role == Role::Cli {
            return Ok(());
        }
        self.ensure_local_key().await
    }

    pub(crate) async fn ensure_local_key(&self) -> Result<()> {
        if self.session_secrets.get(&local_store_account())?.is_some() {
            return Ok(());
        }
        match self.kept_local_key().await {
            Ok(Some(_)) => {}
            Ok(None) => {
                let _alone = self.alone_with_key().await;
                // A sibling may have made it meanwhile.
                if !matches!(self.kept_local_key().await, Ok(Some(_))) {
                    self.keep_local_key(&self.new_local_key()).await;
                }
            }
            Err(error) => {
                drop(self.session_secrets.set(&local_store_account(), &self.new_local_key()));
                self.add_notice(Notice { topic: "keychain".into(), error: *error });
            }
        }
        Ok(())
    }

    fn new_local_key(&self) -> Secret {
        Secret::new(random_hex(self.random.as_ref(), 20))
    }

    async fn kept_local_key(&self) -> Result<Option<Secret>> {
        let store = self.secret_store();
        run_blocking(move || store.get(&local_store_account())).await
    }

    /// Serves the built-in store, unless this process or another one of the same home does already.
    ///
    /// # Errors
    /// `port_taken` when another program holds the port.
    pub async fn start_local_store(&self) -> Result<LocalStoreState> {
        let mut running = self.local_store.running.lock().await;
        if running.is_some() {
            return Ok(self.local_store());
        }
        if let Some(refusal) = self.local_store.silence(self.settings().desktop.local_store_port) {
            return Err(refusal);
        }
        let waits_until = self.local_store.waits_until();
        loop {
            match self.serve_or_find(&mut running).await {
                Err(refusal) if refusal.code == ErrorCode::PortTaken && Instant::now() < waits_until => {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                Err(refusal) => {
                    self.local_store.note_refusal(&refusal);
                    return Err(refusal);
                }
                Ok(()) => break,
            }
        }
        drop(running);
        Ok(self.local_store())
    }

    /// Finds the store of a sibling, or starts one here.
    async fn serve_or_find(&self, running: &mut Option<LocalStore>) -> Result<()> {
        let profile = self.profile(LOCAL_PROFILE_ID)?;
        let access_key = profile.fields.get("access_key_id").cloned().unwrap_or_default();
        let port = self.settings().desktop.local_store_port;
        let occupant = picferry_providers::local_store::occupant(port, &access_key).await;
        self.local_store.is_elsewhere.store(matches!(occupant, Occupant::Own(_)), Ordering::Relaxed);
        if let Occupant::Own(claim) = &occupant {
            // Without the key nothing can be sent there either; whoever tries is told why.
            let Ok(secret) = self.local_secret(&profile).await else { return Ok(()) };
            let proved = claim.proved_by(&secret);
            self.local_store.is_elsewhere.store(proved.is_ok(), Ordering::Relaxed);
            return proved;
        }
        if let Some(refusal) = occupant.refusal(port) {
            return Err(refusal);
        }
        self.ensure_local_key().await?;
        let secret = self.local_secret(&profile).await?;
        let store = LocalStore::start(self.paths.store_dir(), port, &access_key, &secret).await?;
        tracing::info!(address = store.address(), "the built-in store is up");
        *running = Some(store);
        self.local_store.is_running.store(true, Ordering::Relaxed);
        self.dismiss_notice("local_store");
        Ok(())
    }

    async fn local_secret(&self, profile: &Profile) -> Result<Secret> {
        let mut secrets = self.secrets_of(profile).await?;
        Ok(secrets.remove("secret_access_key").unwrap_or_default())
    }

    /// Where the built-in store is, and whether this process serves it.
    #[must_use]
    pub fn local_store(&self) -> LocalStoreState {
        LocalStoreState {
            address: format!("http://127.0.0.1:{}", self.settings().desktop.local_store_port),
            running_here: self.local_store.is_running.load(Ordering::Relaxed),
            running_elsewhere: self.local_store.is_elsewhere.load(Ordering::Relaxed),
        }
    }

    /// Moves the built-in store to another port: the way out when another program holds it.
    /// Links made before keep the old port.
    ///
    /// # Errors
    /// `port_taken`, or a disk error; the old port stays then.
    pub async fn move_local_store(&self, port: u16) -> Result<LocalStoreState> {
        if !is_free(port) {
            return Err(Error::new(
                ErrorCode::PortTaken,
                format!("Port {port} is in use by another program."),
            )
            .param("port", port));
        }
        self.local_store.stop().await;
        self.change_settings(move |settings| {
            settings.desktop.local_store_port = port;
            if let Some(profile) = settings.profiles.iter_mut().find(|profile| profile.id == LOCAL_PROFILE_ID)
            {
                profile.fields.insert("endpoint".into(), format!("http://127.0.0.1:{port}"));
            }
            Ok(())
        })
        .await?;
        self.start_local_store().await
    }
}

fn is_free(port: u16) -> bool {
    std::net::TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// The preferred port when it is free, else one that the system picks.
fn free_port(preferred: u16) -> u16 {
    let bound = |port| std::net::TcpListener::bind(("127.0.0.1", port)).and_then(|it| it.local_addr());
    bound(preferred).or_else(|_| bound(0)).map_or(preferred, |address| address.port())
}

fn local_profile(port: u16, access_key: &str) -> Profile {
    let fields = [
        ("endpoint", format!("http://127.0.0.1:{port}")),
        ("region", "local".to_owned()),
        ("bucket", BUCKET.to_owned()),
        ("access_key_id", access_key.to_owned()),
        ("path_style", "path".to_owned()),
    ];
    Profile {
        id: LOCAL_PROFILE_ID.into(),
        name: "This computer".into(),
        host: "s3".into(),
        preset: "local".into(),
        fields: fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        secrets: vec!["secret_access_key".into()],
        learned: BTreeMap::new(),
        unknown: BTreeMap::new(),
    }
}
