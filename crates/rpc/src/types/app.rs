//! The application as a whole: its state, its settings, the desktop around it.

use picferry_core::Error;
use picferry_core::event::Notice;
use picferry_core::field::FieldSpec;
use picferry_core::job::JobSnapshot;
use picferry_core::offer::Offer;
use picferry_core::provider::ProviderDefinition;
use picferry_core::secret::SecretStoreKind;
use picferry_core::settings::{HotkeySettings, Settings};
use picferry_engine::LocalStoreState;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything the window needs to draw itself for the first time.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AppState {
    /// The version of Picferry.
    pub version: &'static str,
    /// The operating system.
    pub platform: Platform,
    /// The settings, with all profiles.
    pub settings: Arc<Settings>,
    /// Every host there is.
    pub providers: &'static [&'static ProviderDefinition],
    /// The fields that every host has, shown after its own.
    pub common_fields: &'static [FieldSpec],
    /// Where secrets are kept.
    pub secret_store: SecretStoreKind,
    /// What the person should know now.
    pub notices: Vec<Notice>,
    /// The built-in store.
    pub local_store: LocalStoreState,
    /// All jobs on the list, newest batch first.
    pub jobs: Vec<JobSnapshot>,
    /// Uploads that others asked for and that wait for the person's word.
    pub offers: Vec<Offer>,
    /// What the desktop around the window offers.
    pub desktop: DesktopState,
    /// How many pictures the history holds.
    #[ts(type = "number")]
    pub total_uploads: u64,
}

/// The operating systems that Picferry runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Platform {
    Linux,
    Macos,
    Windows,
}

impl Platform {
    /// The one this program was built for; other Unix systems behave like Linux.
    #[must_use]
    pub fn current() -> Self {
        match std::env::consts::OS {
            "macos" => Self::Macos,
            "windows" => Self::Windows,
            _ => Self::Linux,
        }
    }
}

/// What the desktop around the window offers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct DesktopState {
    /// There is a tray, and Picferry is in it: the window may hide.
    pub tray: bool,
    /// The key that uploads the clipboard.
    pub hotkey: HotkeyState,
    /// The key that shows the drop window.
    pub drop_window_hotkey: HotkeyState,
    /// Programs say where their windows go: a card can be put into the corner of the screen.
    pub places_windows: bool,
    /// The window draws its own buttons for minimise, maximise and close.
    pub has_window_buttons: bool,
    /// This is a browser on the development bridge: no clipboard, no dialogs.
    pub is_bridge: bool,
    /// Whether Picferry starts with the session; nothing where that cannot be arranged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub autostart: Option<bool>,
}

/// The global hotkey as the system sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct HotkeyState {
    /// `Ctrl+Alt+U`; empty when switched off.
    pub accelerator: String,
    /// Whether pressing it does something.
    pub registered: bool,
    /// Why it does nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<Error>,
    /// The command to bind in the desktop's own settings, where programs may not take keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub manual_command: Option<String>,
}

/// `settings_change`: what differs, merged deeply; `null` brings a default back.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SettingsChange {
    /// Any of `language`, `appearance`, `onboarded`, `links`, `upload`, `network`, `hotkeys`, `desktop`,
    /// `server`.
    #[ts(type = "Record<string, unknown>")]
    pub patch: serde_json::Map<String, serde_json::Value>,
}

/// The keys that work everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum HotkeyName {
    /// Uploads the clipboard.
    #[default]
    UploadClipboard,
    /// Shows the drop window and puts it away.
    DropWindow,
}

impl HotkeyName {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::UploadClipboard, Self::DropWindow];

    /// The keys that the settings name for it.
    #[must_use]
    pub fn of(self, settings: &HotkeySettings) -> &str {
        match self {
            Self::UploadClipboard => &settings.upload_clipboard,
            Self::DropWindow => &settings.drop_window,
        }
    }
}

/// `hotkey_set`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct HotkeyChange {
    /// Which of the keys.
    pub name: HotkeyName,
    /// The new keys; empty switches it off.
    pub accelerator: String,
}

/// `autostart_set`.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct AutostartChange {
    /// Start with the session, without a window.
    pub on: bool,
}

/// `server_token_set`. Has no `Debug`: the token is a secret.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct ServerToken {
    /// What editors have to show from now on; `null` for nothing.
    #[ts(optional = nullable)]
    pub token: Option<String>,
}

/// `notice_dismiss`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct NoticeTopic {
    /// Which notice.
    pub topic: String,
}

/// `error_report`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ErrorReport {
    /// The error as it was received.
    pub error: Error,
}

/// `open_address`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct OpenAddress {
    /// `http` or `https` only.
    pub url: String,
}

/// `open_folder`.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct OpenFolder {
    /// Which one.
    pub what: FolderName,
}

/// The folders a person may want to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FolderName {
    Logs,
    Data,
    Store,
}

/// `window`.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct WindowRequest {
    /// What to do with the window.
    pub action: WindowAction,
}

/// What the title bar of our own asks of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WindowAction {
    /// Put it away.
    Minimize,
    /// Fill the screen, or go back.
    ToggleMaximize,
    /// Close it as its close button does.
    Close,
    /// Move it with the pointer.
    StartDrag,
    /// Bring up the main window with the transfers, from a small one.
    ShowMain,
    /// Somebody points at it, or it waits for an answer: a card stays.
    Hold,
    /// The pointer left it: a card goes after a while.
    LetGo,
    /// The first picture is on the screen: it may be shown.
    Painted,
}
