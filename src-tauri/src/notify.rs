//! News of what happened while nobody looked: a card in the corner of the screen, or a notification of
//! the system.

use crate::shell::Shell;
use crate::words::Language;
use crate::{card, mini, place, windows};
use picferry_core::Error;
use picferry_core::crossing::Arrival;
use picferry_core::offer::Offer;
use picferry_core::settings::Telling;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::NotificationExt as _;

/// Tells how a batch ended, unless somebody looks at a window that says so.
pub fn arrived(app: &AppHandle, arrival: Arrival) {
    if windows::is_focused(app) || mini::is_open(app) {
        return;
    }
    match means(app) {
        Telling::Nothing => {}
        Telling::Notification => {
            let (title, body) = batch_words(Language::of(app), &arrival);
            show(app, title, body);
        }
        Telling::Auto | Telling::Card => card::show(app, arrival),
    }
}

/// Tells that something failed before it became a batch, unless somebody looks at a window that says so.
pub fn failure(app: &AppHandle, error: &Error) {
    if windows::is_focused(app) || mini::is_open(app) {
        return;
    }
    match means(app) {
        Telling::Nothing => {}
        Telling::Notification => {
            show(app, error.message.clone(), error.hint.clone().unwrap_or_default());
        }
        Telling::Auto | Telling::Card => {
            card::show(app, Arrival { error: Some(error.clone()), ..Arrival::default() });
        }
    }
}

/// Asks about an upload that another program's picture suggests.
pub fn question(app: &AppHandle, offer: Offer) {
    if place::can_place() {
        return card::ask(app, offer);
    }
    // It waits in the window.
    let language = Language::of(app);
    show(app, language.picture_copied(), language.open_to_answer());
}

fn means(app: &AppHandle) -> Telling {
    let context = app.state::<Shell>().context_now();
    let wanted = context.map_or(Telling::Auto, |context| context.engine.settings().desktop.notify);
    fitting(wanted, place::can_place())
}

/// A card that cannot be put into the corner would come up over what people write.
fn fitting(wanted: Telling, can_place: bool) -> Telling {
    match wanted {
        Telling::Auto | Telling::Card if !can_place => Telling::Notification,
        wanted => wanted,
    }
}

/// Title and text.
fn batch_words(language: Language, arrival: &Arrival) -> (String, String) {
    let arrived = arrival.arrived as usize;
    if arrival.failed == 0 {
        let body = if arrival.copied.is_some() { language.links_copied(arrived) } else { String::new() };
        return (language.uploaded(arrived), body);
    }
    let body = if arrived > 0 {
        format!("{}{}{}", language.uploaded(arrived), language.full_stop(), language.open_to_retry())
    } else {
        language.open_to_retry()
    };
    (language.failed(arrival.failed), body)
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
        let words = |arrived, failed, copied: Option<&str>| {
            let copied = copied.map(str::to_owned);
            let arrival = Arrival { arrived, failed, copied, ..Arrival::default() };
            let (title, body) = batch_words(Language::English, &arrival);
            format!("{title} | {body}")
        };
        assert_eq!(words(2, 0, Some("markdown")), "2 pictures uploaded | The links are on the clipboard.");
        assert_eq!(
            words(2, 1, Some("markdown")),
            "1 picture could not be uploaded | 2 pictures uploaded. Open Picferry to see why and to retry."
        );
        assert_eq!(words(1, 0, None), "1 picture uploaded | ");
    }

    #[test]
    fn where_windows_cannot_be_placed_a_notification_stands_for_the_card() {
        assert_eq!(fitting(Telling::Auto, false), Telling::Notification);
        assert_eq!(fitting(Telling::Card, false), Telling::Notification);
        assert_eq!(fitting(Telling::Card, true), Telling::Card);
        assert_eq!(fitting(Telling::Nothing, false), Telling::Nothing);
    }
}
