//! Asks about pictures that other programs copy, where the person wants to be asked.

use crate::shell::Shell;
use crate::{notify, windows};
use picferry_clipboard::{Copied, Watch};
use picferry_core::event::Notice;
use picferry_core::job::Origin;
use picferry_engine::Proposal;
use picferry_rpc::Context;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager as _};

/// What the notice is about when the desktop tells nobody of its clipboard.
const TOPIC: &str = "copied";

/// The watch over the clipboard.
#[derive(Default)]
pub struct CopiedWatch(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Off,
    On {
        /// Looks on until it is dropped.
        _watch: Watch,
    },
    /// Said once: asking again with every change of the settings would say it with each.
    Refused,
}

/// Looks, or looks no more, as the settings say. Apart: the desktop takes a moment to answer.
pub fn follow_settings(app: &AppHandle, context: &Context) {
    let (app, context) = (app.clone(), context.clone());
    tauri::async_runtime::spawn_blocking(move || {
        let shell = app.state::<Shell>();
        let mut state = shell.copied.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_wanted = context.engine.settings().desktop.ask_about_copied;
        match (is_wanted, &*state) {
            (true, State::Off) => *state = start(&app, &context),
            (false, State::On { .. } | State::Refused) => {
                *state = State::Off;
                context.engine.dismiss_notice(TOPIC);
                context.engine.withdraw_offers(Origin::Copied);
            }
            _ => {}
        }
    });
}

fn start(app: &AppHandle, context: &Context) -> State {
    let (for_watch, with) = (app.clone(), context.clone());
    match Watch::start(move |copied| heard(&for_watch, &with, copied)) {
        Ok(watch) => State::On { _watch: watch },
        Err(error) => {
            tracing::warn!("copied pictures cannot be asked about: {error}");
            context.engine.add_notice(Notice { topic: TOPIC.to_owned(), error: *error });
            State::Refused
        }
    }
}

fn heard(app: &AppHandle, context: &Context, copied: Copied) {
    // It may have been on its way here when the setting was switched off.
    let is_wanted = context.engine.settings().desktop.ask_about_copied;
    // Whoever works in the window pastes with a key.
    if copied == Copied::Other || !is_wanted || windows::is_focused(app) {
        // What was asked about before is not on the clipboard any more.
        context.engine.withdraw_offers(Origin::Copied);
        return;
    }
    let proposal = Proposal { origin: Origin::Copied, sources: Vec::new(), clipboard: true, profile: None };
    match context.engine.offer(proposal) {
        Ok(offer) => notify::question(app, offer),
        Err(error) => tracing::warn!("a copied picture could not be asked about: {error}"),
    }
}
