//! The settings file: defaults live here, in one commented place.

use crate::profile::Profile;
use crate::watched::WatchSettings;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// The version of the settings' form; a file with a higher one is refused, not rewritten.
pub const SETTINGS_VERSION: u32 = 1;

/// Everything a person can set, secrets excepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Settings {
    /// Form of the file.
    pub version: u32,
    /// `system`, `en` or `zh-CN`.
    pub language: String,
    /// `system`, `light` or `dark`.
    pub appearance: String,
    /// Whether the first-run screen was left.
    pub onboarded: bool,
    /// The profile that uploads go to unless they name one.
    pub default_profile: String,
    /// All profiles, in the person's order.
    pub profiles: Vec<Profile>,
    /// How links are written.
    pub links: LinkSettings,
    /// How pictures are sent.
    pub upload: UploadSettings,
    /// How the network is reached.
    pub network: NetworkSettings,
    /// Keys that work everywhere.
    pub hotkeys: HotkeySettings,
    /// The window and the tray.
    pub desktop: DesktopSettings,
    /// The server that editors send pictures to.
    pub server: ServerSettings,
    /// Folders whose new pictures are uploaded by themselves.
    pub watch: WatchSettings,
    /// Keys that newer versions wrote; kept as they are.
    #[serde(flatten)]
    #[ts(skip)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// How links are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct LinkSettings {
    /// `url`, `markdown`, `html`, `bbcode`, or the name of a custom one.
    pub format: String,
    /// Put the link on the clipboard after an upload.
    pub auto_copy: bool,
    /// Percent-encode the address; off shows Chinese and spaces as they are where a link stays valid.
    pub encoded: bool,
    /// Templates with `{url} {name} {alt} {width} {height} {key} {size}`.
    pub custom: Vec<CustomLinkFormat>,
}

/// A named link template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct CustomLinkFormat {
    /// Its name in menus and in `--format NAME`.
    pub name: String,
    /// The template.
    pub template: String,
}

/// How pictures are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct UploadSettings {
    /// The largest file that is read, in bytes.
    #[ts(type = "number")]
    pub max_file_bytes: u64,
    /// How often a temporary failure is tried again by itself.
    pub retries: u32,
    /// Pictures prepared at the same time; 0 means one for each core.
    pub prepare_at_once: u32,
}

/// How the network is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct NetworkSettings {
    /// `system`, `none`, or a proxy URL.
    pub proxy: String,
}

/// Keys that work everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct HotkeySettings {
    /// Uploads the clipboard: `Ctrl+Alt+U`; empty for none.
    pub upload_clipboard: String,
    /// Shows the drop window and puts it away; empty for none, as it is until one is recorded.
    pub drop_window: String,
}

/// The window and the tray.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct DesktopSettings {
    /// Closing the window keeps the app in the tray, where there is one.
    pub close_to_tray: bool,
    /// Start without a window.
    pub start_in_tray: bool,
    /// How finished uploads are told of when the window is not in front.
    #[serde(deserialize_with = "telling_or_switch")]
    pub notify: Telling,
    /// Ask whether to upload when another program copies a picture.
    pub ask_about_copied: bool,
    /// The port of the built-in store; links depend on it, so it stays.
    pub local_store_port: u16,
}

/// How a person hears of an upload that they did not watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// By a card where windows can be placed, else by a notification.
    #[default]
    Auto,
    /// By a card of our own in the corner of the screen.
    Card,
    /// By a notification of the system.
    Notification,
    /// Not at all.
    Nothing,
}

/// The word; or `true` and `false`, which stood here when there was only a notification.
fn telling_or_switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Telling, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Switch(bool),
        Word(Telling),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::Switch(true) => Telling::Auto,
        Written::Switch(false) => Telling::Nothing,
        Written::Word(word) => word,
    })
}

/// The server that editors send pictures to, as they do to PicGo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct ServerSettings {
    /// Listen for editors.
    pub enabled: bool,
    /// The address to listen at. Beyond this computer a token is needed.
    pub address: String,
    /// The port; many editors know no other than 36677, so it never moves by itself.
    pub port: u16,
    /// A token is in the keychain, and every request has to show it.
    pub has_token: bool,
    /// How often it was set: a new token in the place of another is noticed by every process.
    pub token_revision: u32,
    /// Origins of pages that may use the server besides those of known editors:
    /// `https://notes.example.com`, `null`, `file://`.
    pub allowed_origins: Vec<String>,
    /// The only formats of pictures that are taken, by name; empty takes all.
    pub formats: Vec<String>,
    /// Addresses of pictures may lead into this computer and its network.
    pub allow_private_addresses: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SETTINGS_VERSION,
            language: "system".into(),
            appearance: "system".into(),
            onboarded: false,
            default_profile: crate::profile::LOCAL_PROFILE_ID.into(),
            profiles: Vec::new(),
            links: LinkSettings::default(),
            upload: UploadSettings::default(),
            network: NetworkSettings::default(),
            hotkeys: HotkeySettings::default(),
            desktop: DesktopSettings::default(),
            server: ServerSettings::default(),
            watch: WatchSettings::default(),
            unknown: BTreeMap::new(),
        }
    }
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self { format: "markdown".into(), auto_copy: true, encoded: true, custom: Vec::new() }
    }
}

impl Default for UploadSettings {
    fn default() -> Self {
        Self { max_file_bytes: 256_000_000, retries: 5, prepare_at_once: 0 }
    }
}

impl Default for NetworkSettings {
    fn default() -> Self {
        Self { proxy: "system".into() }
    }
}

impl Default for HotkeySettings {
    fn default() -> Self {
        Self { upload_clipboard: "Ctrl+Alt+U".into(), drop_window: String::new() }
    }
}

impl Default for DesktopSettings {
    fn default() -> Self {
        Self {
            close_to_tray: true,
            start_in_tray: false,
            notify: Telling::Auto,
            ask_about_copied: false,
            local_store_port: 36688,
        }
    }
}

/// On from the start: editors that were set up for PicGo find the same address and go on working.
/// What makes that safe is the guard of the server, not a switch that people turn on anyway.
impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            address: "127.0.0.1".into(),
            port: 36677,
            has_token: false,
            token_revision: 0,
            allowed_origins: Vec::new(),
            formats: Vec::new(),
            allow_private_addresses: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_of_older_files_is_understood() {
        let notify = |json: &str| serde_json::from_str::<DesktopSettings>(json).map(|desktop| desktop.notify);
        assert_eq!(notify(r#"{"notify": false}"#).unwrap(), Telling::Nothing);
        assert_eq!(notify(r#"{"notify": true}"#).unwrap(), Telling::Auto);
        assert_eq!(notify(r#"{"notify": "card"}"#).unwrap(), Telling::Card);
        assert_eq!(notify("{}").unwrap(), Telling::Auto);
        assert!(notify(r#"{"notify": "shouting"}"#).is_err());
    }
}
