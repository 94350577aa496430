//! Follows the engine: what changes there shows in the tray, in notifications and in the hotkey.

use crate::notify::{self, Outcome};
use crate::shell::Shell;
use crate::tray::{Recent, Tray, TrayModel, TrayState};
use crate::words::Language;
use async_trait::async_trait;
use picferry_core::event::Event;
use picferry_core::job::{JobSnapshot, JobState, Origin, Source};
use picferry_core::upload::HistoryFilter;
use picferry_rpc::Context;
use picferry_server::editors::{Clipboard, keep_open};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// The tray is drawn at most that often.
const TRAY_REST: Duration = Duration::from_millis(400);

/// How many links the tray offers.
const RECENT_LINKS: u32 = 10;

/// What of the tray's content may be out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stale {
    jobs: bool,
    history: bool,
    settings: bool,
}

impl Stale {
    const ALL: Self = Self { jobs: true, history: true, settings: true };
}

/// Starts everything that follows an engine just opened.
pub fn start(app: &AppHandle, context: &Context) {
    follow_hotkey(app, context);
    tauri::async_runtime::spawn(picferry_rpc::deliver(context.clone()));
    tauri::async_runtime::spawn(run(app.clone(), context.clone()));
    tauri::async_runtime::spawn(tell_of_tray(app.clone(), context.clone()));
    let clipboard = Arc::new(OwnClipboard(context.clone()));
    // Ends with the program: what was accepted by then is in the queue.
    let for_ever = CancellationToken::new();
    tauri::async_runtime::spawn(keep_open(context.engine.clone(), Some(clipboard), for_ever));
}

/// The clipboard as editors ask for it.
struct OwnClipboard(Context);

#[async_trait]
impl Clipboard for OwnClipboard {
    async fn read(&self) -> picferry_core::Result<Vec<Source>> {
        self.0.host.read_clipboard().await
    }
}

/// The window reads whether there is a tray together with the settings.
async fn tell_of_tray(app: AppHandle, context: Context) {
    let mut shown = app.state::<Shell>().tray_shown.subscribe();
    while shown.changed().await.is_ok() {
        context.engine.emit(Event::SettingsChanged);
    }
}

/// Follows until the engine closes.
async fn run(app: AppHandle, context: Context) {
    let mut events = context.engine.subscribe();
    let mut model = TrayModel { usable: true, ..TrayModel::default() };
    let mut stale = Stale::ALL;
    let mut due = Instant::now();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) => note(&app, &context, &event, &mut stale),
                Err(RecvError::Lagged(_)) => stale = Stale::ALL,
                Err(RecvError::Closed) => return,
            },
            () = sleep_until(due), if stale != Stale::default() => {
                refresh(&context, &mut model, std::mem::take(&mut stale)).await;
                app.state::<Tray>().update(model.clone());
                due = Instant::now() + TRAY_REST;
            }
        }
    }
}

fn note(app: &AppHandle, context: &Context, event: &Event, stale: &mut Stale) {
    match event {
        Event::JobChanged { .. } | Event::JobsCleared { .. } => stale.jobs = true,
        Event::HistoryChanged => stale.history = true,
        Event::SettingsChanged => {
            stale.settings = true;
            follow_hotkey(app, context);
        }
        Event::BatchFinished { batch, uploaded, failed, .. } => {
            stale.jobs = true;
            let jobs = context.engine.jobs_of_batch(batch);
            if jobs.iter().any(|job| job.origin == Origin::Server) {
                // The editor tells whoever asked; a second voice would be one too many.
                return;
            }
            let outcome = Outcome { uploaded: uploaded.len(), failed: *failed };
            notify::batch_finished(app, &context.engine.settings(), outcome);
        }
        _ => {}
    }
}

/// Makes the global key what the settings say, apart: the desktop may ask the person first.
fn follow_hotkey(app: &AppHandle, context: &Context) {
    let (app, context) = (app.clone(), context.clone());
    tauri::async_runtime::spawn(async move {
        app.state::<Shell>().hotkeys.follow_settings(&app, &context).await;
    });
}

async fn refresh(context: &Context, model: &mut TrayModel, stale: Stale) {
    let engine = &context.engine;
    if stale.settings {
        let settings = engine.settings();
        model.language = Language::chosen(&settings.language);
        model.profiles = settings
            .profiles
            .iter()
            .map(|profile| (profile.id.clone(), model.language.profile_name(&profile.id, &profile.name)))
            .collect();
        model.default_profile.clone_from(&settings.default_profile);
    }
    if stale.jobs {
        model.state = state_of(&engine.jobs());
    }
    if stale.history {
        match engine.history_page(HistoryFilter::default(), None, RECENT_LINKS).await {
            Ok(page) => {
                model.recents =
                    page.rows.into_iter().map(|row| Recent { id: row.id, name: row.name }).collect();
            }
            Err(error) => tracing::warn!("the tray's links could not be read: {error}"),
        }
    }
}

/// The face that the jobs on the list give the tray.
fn state_of(jobs: &[JobSnapshot]) -> TrayState {
    let is_under_way =
        |job: &&JobSnapshot| matches!(job.state, JobState::Queued | JobState::Running | JobState::Waiting);
    let batches: HashSet<&str> = jobs.iter().filter(is_under_way).map(|job| job.batch.as_str()).collect();
    let of_batches = || jobs.iter().filter(|job| batches.contains(job.batch.as_str()));
    if !batches.is_empty() {
        let done = of_batches().filter(|job| job.state.is_terminal()).count();
        return TrayState::Busy { done, total: of_batches().count() };
    }
    match jobs.iter().filter(|job| matches!(job.state, JobState::Failed | JobState::Asking)).count() {
        0 => TrayState::Ready,
        count => TrayState::Problem(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(batch: &str, state: JobState) -> JobSnapshot {
        JobSnapshot {
            id: String::new(),
            batch: batch.into(),
            position: 0,
            name: "a.png".into(),
            input: "a.png".into(),
            origin: Origin::Window,
            profile_id: "local".into(),
            profile_name: "This computer".into(),
            state,
            stage: None,
            sent: 0,
            total: 0,
            bytes_in: 0,
            bytes_out: 0,
            format: None,
            key: None,
            url: None,
            thumbnail: None,
            sha256: None,
            notes: Vec::new(),
            score: None,
            reused: false,
            error: None,
            attempt: 0,
            retry_at: None,
            upload_id: None,
            created_at: 0,
        }
    }

    #[test]
    fn the_tray_counts_the_batches_under_way_and_no_older_ones() {
        let jobs = [
            job("new", JobState::Done),
            job("new", JobState::Running),
            job("new", JobState::Queued),
            job("old", JobState::Done),
            job("old", JobState::Failed),
        ];
        assert_eq!(state_of(&jobs), TrayState::Busy { done: 1, total: 3 });
    }

    #[test]
    fn the_tray_asks_for_help_only_when_nothing_moves() {
        assert_eq!(state_of(&[]), TrayState::Ready);
        assert_eq!(state_of(&[job("a", JobState::Done), job("a", JobState::Failed)]), TrayState::Problem(1));
        assert_eq!(state_of(&[job("a", JobState::Asking)]), TrayState::Problem(1));
        assert_eq!(state_of(&[job("a", JobState::Paused)]), TrayState::Ready);
    }
}
