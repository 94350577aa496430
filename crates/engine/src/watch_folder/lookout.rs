//! The lookout of one folder: waits until it is there, listens, and goes round.

use super::ears::Ears;
use super::round::Round;
use super::rules::NameRules;
use super::scan::{self, Identity};
use super::state::Seen;
use super::{WatchTiming, begin, mounts};
use crate::engine::{Engine, run_blocking};
use picferry_core::watched::{Noticing, WatchedFolder};
use picferry_core::{Error, ErrorCode, Result};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The least time between two times that a folder's state is told.
const QUIET_TIME: Duration = Duration::from_millis(250);

/// After something went wrong, the next try waits that long.
const AFTER_TROUBLE: Duration = Duration::from_secs(20);

/// Watches one folder until it is told to stop.
pub(super) struct Lookout {
    engine: Weak<Engine>,
    folder: WatchedFolder,
    stop: CancellationToken,
    timing: WatchTiming,
    ended: Arc<Notify>,
}

/// A folder that was found.
struct Arrival {
    root: Identity,
    is_disk_kept: bool,
    round: Round,
}

/// What goes on between two rounds.
struct Stay {
    root: Identity,
    /// The disk of the folder is kept: an empty folder in its place is not taken for it.
    is_disk_kept: bool,
    ears: Option<Ears>,
    looked_through: Instant,
    looked_for_root: Instant,
    /// The state that was not told yet, and when the last one was.
    is_untold: bool,
    told: Option<Instant>,
    /// Something went wrong: no pictures are sent until then.
    troubled_until: Option<Instant>,
    error: Option<Error>,
}

impl Lookout {
    pub fn new(engine: &Arc<Engine>, folder: WatchedFolder, stop: CancellationToken) -> Self {
        Self {
            engine: Arc::downgrade(engine),
            folder,
            stop,
            timing: engine.watching.timing,
            ended: engine.watching.ended.clone(),
        }
    }

    /// Watches whenever the folder is there.
    pub async fn keep(self) {
        while let Some(engine) = self.engine.upgrade() {
            let pause = match self.arrive(&engine).await {
                Ok(found) => {
                    engine.dismiss_notice(&super::state::topic(&self.folder.id));
                    drop(engine);
                    self.stay(found).await;
                    self.timing.rest
                }
                Err(error) => {
                    engine.tell_folder_gone(&self.folder, *error).await;
                    drop(engine);
                    self.timing.presence
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Finds the folder, and begins with it where nobody did.
    async fn arrive(&self, engine: &Arc<Engine>) -> Result<Arrival> {
        let (folder, history, now) = (self.folder.clone(), engine.history.clone(), engine.now_millis());
        run_blocking(move || {
            let root = Path::new(&folder.path);
            let identity = scan::identity(root).ok_or_else(|| gone(&folder))?;
            let known = history.watched_device(&folder.id)?;
            let is_empty = scan::is_empty(root);
            if is_empty && known != 0 && known != identity.device && history.has_watched_files(&folder.id)? {
                // The place where a disk is put when it is there.
                return Err(gone(&folder));
            }
            begin(&history, &folder, now, false)?;
            if !is_empty && known != identity.device {
                history.set_watched_device(&folder.id, identity.device)?;
            }
            let is_disk_kept = !is_empty || known == identity.device;
            let rules = NameRules::of(&folder)?;
            Ok(Arrival { root: identity, is_disk_kept, round: Round::new(history, folder, rules) })
        })
        .await
    }

    async fn stay(&self, found: Arrival) {
        let mut round = found.round;
        let mut stay = Stay {
            root: found.root,
            is_disk_kept: found.is_disk_kept,
            ears: self.listen().await,
            looked_through: Instant::now(),
            looked_for_root: Instant::now(),
            is_untold: true,
            told: None,
            troubled_until: None,
            error: None,
        };
        let mut heard = Vec::new();
        loop {
            // Registered before looking, so that an end between looking and waiting is not missed.
            let ended = self.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            let Some(engine) = self.engine.upgrade() else { return };
            let Some((next, room)) = self.go_round(&engine, &mut stay, round, heard).await else { return };
            round = next;
            self.tell(&engine, &mut stay, &round).await;
            drop(engine);
            let pause = self.pause(&stay, &round, room);
            let woken = tokio::select! {
                () = self.stop.cancelled() => return,
                path = hear(&mut stay.ears) => Some(vec![path]),
                () = &mut ended => Some(Vec::new()),
                () = tokio::time::sleep(pause) => None,
            };
            if woken.is_some() {
                // What comes together is looked at together.
                tokio::time::sleep(self.timing.rest / 5).await;
                stay.is_untold = true;
            }
            heard = woken.unwrap_or_default();
            if !self.is_still_there(&mut stay).await {
                return;
            }
        }
    }

    /// The system's voice, unless it is known to tell nothing of this folder, or refuses to.
    async fn listen(&self) -> Option<Ears> {
        let folder = self.folder.clone();
        let listening = run_blocking(move || {
            let path = Path::new(&folder.path);
            if folder.noticing == Noticing::Polling || mounts::is_of_a_network(path) {
                return Ok(None);
            }
            match Ears::open(path, folder.subfolders) {
                Ok(ears) => Ok(Some(ears)),
                Err(error) => {
                    tracing::warn!(folder = folder.path, %error, "the system tells nothing of a watched folder");
                    Ok(None)
                }
            }
        });
        listening.await.unwrap_or_default()
    }

    /// One look, and what it found into the queue. Answers with the room that is left there; nothing
    /// when the folder is to be found anew.
    async fn go_round(
        &self,
        engine: &Arc<Engine>,
        stay: &mut Stay,
        mut round: Round,
        mut heard: Vec<PathBuf>,
    ) -> Option<(Round, usize)> {
        if let Some(ears) = &mut stay.ears {
            heard.extend(ears.rest());
            if ears.has_missed() {
                round.look_through();
            }
        }
        let every = if stay.ears.is_some() { self.timing.doubt } else { self.timing.polling };
        if stay.looked_through.elapsed() >= every {
            stay.looked_through = Instant::now();
            round.look_through();
        }
        let is_troubled = stay.troubled_until.is_some_and(|until| Instant::now() < until);
        let room = if is_troubled { 0 } else { engine.room_for_watched() };
        let (now, stop) = (engine.now_millis(), self.stop.clone());
        let before = round.waiting();
        let looked = run_blocking(move || {
            let found = round.look(&heard, now, room, &stop);
            Ok((round, found))
        })
        .await;
        let (mut round, found) = looked.ok()?;
        let outcome = match found {
            Ok(found) => {
                stay.is_untold |= !found.ready.is_empty();
                self.send(engine, stay, &mut round, found.ready).await.map(|()| found.error)
            }
            Err(error) => Err(error),
        };
        stay.is_untold |= round.waiting() != before;
        self.note(stay, outcome, is_troubled);
        Some((round, room))
    }

    async fn send(
        &self,
        engine: &Arc<Engine>,
        stay: &mut Stay,
        round: &mut Round,
        ready: Vec<super::jobs::Ready>,
    ) -> Result<()> {
        if ready.is_empty() || self.stop.is_cancelled() {
            return Ok(());
        }
        if !stay.is_disk_kept {
            // It was empty when it was found, and could have been the place where a disk is put.
            let (id, device) = (self.folder.id.clone(), stay.root.device);
            engine.with_history(move |history| history.set_watched_device(&id, device)).await?;
            stay.is_disk_kept = true;
        }
        engine.send_watched(&self.folder, ready.clone()).await?;
        round.sent(&ready);
        Ok(())
    }

    /// What went wrong is shown until it goes well again. A file that cannot be taken away keeps no
    /// other from being sent.
    fn note(&self, stay: &mut Stay, outcome: Result<Option<Error>>, is_troubled: bool) {
        let error = match outcome {
            // Nothing was tried.
            Ok(None) if is_troubled => return,
            Ok(error) => error,
            Err(error) => {
                stay.troubled_until = Some(Instant::now() + AFTER_TROUBLE);
                Some(*error)
            }
        };
        if error == stay.error {
            return;
        }
        if let Some(error) = &error {
            tracing::warn!(
                folder = self.folder.path,
                report = error.report(),
                "trouble with a watched folder"
            );
        }
        stay.error = error;
        stay.is_untold = true;
    }

    /// Tells how the folder stands, a few times a second at most, and in the end always.
    async fn tell(&self, engine: &Arc<Engine>, stay: &mut Stay, round: &Round) {
        let seen = Seen {
            is_gone: false,
            polled: stay.ears.is_none(),
            waiting: round.waiting(),
            error: stay.error.clone(),
        };
        stay.is_untold |= engine.watching.see(&self.folder.id, &seen);
        let may_tell = stay.told.is_none_or(|told| told.elapsed() >= QUIET_TIME);
        if stay.is_untold && may_tell {
            stay.is_untold = false;
            stay.told = Some(Instant::now());
            engine.tell_watched().await;
        }
    }

    /// How long nothing has to be looked at.
    fn pause(&self, stay: &Stay, round: &Round, room: usize) -> Duration {
        let most = match &stay.ears {
            Some(_) => self.timing.presence,
            None => self.timing.presence.min(self.timing.polling),
        };
        if stay.is_untold {
            QUIET_TIME.min(most)
        } else if round.is_restless() && room > 0 {
            self.timing.rest.min(most)
        } else {
            most
        }
    }

    /// Whether the folder is the one that was found, looked at now and then.
    async fn is_still_there(&self, stay: &mut Stay) -> bool {
        if stay.looked_for_root.elapsed() < self.timing.presence {
            return true;
        }
        stay.looked_for_root = Instant::now();
        let path = PathBuf::from(&self.folder.path);
        let found = run_blocking(move || Ok(scan::identity(&path))).await.ok().flatten();
        found == Some(stay.root)
    }
}

/// The next thing that is heard; for ever nothing where the system does not tell.
async fn hear(ears: &mut Option<Ears>) -> PathBuf {
    let heard = match ears {
        Some(listening) => listening.next().await,
        None => None,
    };
    match heard {
        Some(path) => path,
        None => std::future::pending().await,
    }
}

fn gone(folder: &WatchedFolder) -> Box<Error> {
    Error::new(ErrorCode::FileNotFound, format!("The watched folder {} is gone.", folder.path))
        .hint("Connect its disk again, or choose where it is now in Settings, Watched folders. What comes into it until then is sent afterwards.")
        .param("folder", &folder.path)
        .param("reason", "watch_gone")
}
