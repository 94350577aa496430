//! Notifications of the system, for what happened while nobody looked at the window.

use crate::shell::Shell;
use crate::windows;
use crate::words::Language;
use picferry_core::Error;
use picferry_core::settings::Settings;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::NotificationExt as _;

/// What a finished batch came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Pictures that arrived.
    pub uploaded: usize,
    /// Pictures that did not.
    pub failed: u32,
}

/// Tells how a batch ended, unless somebody looks at the window.
pub fn batch_finished(app: &AppHandle, settings: &Settings, outcome: Outcome) {
    if !settings.desktop.notify || windows::is_focused(app) {
        return;
    }
    let language = Language::chosen(&settings.language);
    if let Some((title, body)) = batch_words(language, outcome, settings.links.auto_copy) {
        show(app, title, body);
    }
}

/// Tells that something failed before it became a batch, unless somebody looks at the window.
pub fn failure(app: &AppHandle, error: &Error) {
    let wanted =
        app.state::<Shell>().context_now().is_none_or(|context| context.engine.settings().desktop.notify);
    if wanted && !windows::is_focused(app) {
        show(app, error.message.clone(), error.hint.clone().unwrap_or_default());
    }
}

/// Title and text; nothing for a batch that the person cancelled.
fn batch_words(language: Language, outcome: Outcome, copied: bool) -> Option<(String, String)> {
    match outcome {
        Outcome { uploaded: 0, failed: 0 } => None,
        Outcome { uploaded, failed: 0 } => {
            let body = if copied { language.links_copied(uploaded) } else { String::new() };
            Some((language.uploaded(uploaded), body))
        }
        Outcome { uploaded, failed } => {
            let body = if uploaded > 0 {
                format!("{}{}{}", language.uploaded(uploaded), language.full_stop(), language.open_to_retry())
            } else {
                language.open_to_retry()
            };
            Some((language.failed(failed), body))
        }
    }
}

fn show(app: &AppHandle, title: String, body: String) {
    // A desktop without notifications is not worth a word: the window and the tray say the same.
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::debug!("a notification could not be shown: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_says_what_arrived_and_what_did_not() {
        let words = |uploaded, failed| batch_words(Language::English, Outcome { uploaded, failed }, true);
        assert_eq!(words(0, 0), None);
        assert_eq!(
            words(2, 0),
            Some(("2 pictures uploaded".into(), "The links are on the clipboard.".into()))
        );
        assert_eq!(
            words(2, 1),
            Some((
                "1 picture could not be uploaded".into(),
                "2 pictures uploaded. Open Picferry to see why and to retry.".into()
            ))
        );
        assert_eq!(
            batch_words(Language::English, Outcome { uploaded: 1, failed: 0 }, false),
            Some(("1 picture uploaded".into(), String::new()))
        );
    }
}
