//! A change of the settings: merged deeply, checked, and refused as a whole when a part is wrong.

use super::server_settings;
use picferry_core::link::{LinkFormat, check_template};
use picferry_core::settings::Settings;
use picferry_core::{Error, ErrorCode, Result};
use serde_json::{Map, Value};

/// What the window may change this way. Profiles have commands of their own.
const SECTIONS: &[&str] =
    &["language", "appearance", "onboarded", "links", "upload", "network", "hotkeys", "desktop", "server"];

/// The settings with the patch applied. `null` brings a default back.
///
/// # Errors
/// `invalid_field`, naming the setting at fault.
pub fn apply(settings: &Settings, patch: &Map<String, Value>) -> Result<Settings> {
    let mut merged = to_object(settings)?;
    let known = to_object(&Settings::default())?;
    for (section, change) in patch {
        if !SECTIONS.contains(&section.as_str()) {
            return Err(wrong(section, "There is no such setting."));
        }
        check_names(section, change, known.get(section))?;
        merge(&mut merged, section, change);
        // One section at a time, so that the refusal can name it.
        read(&merged).map_err(|error| wrong(section, "This value does not fit.").detail(error))?;
    }
    let mut wanted = read(&merged).map_err(|error| wrong("settings", "This does not fit.").detail(error))?;
    // Only who puts a token into the keychain may say that there is one.
    wanted.server.has_token = settings.server.has_token;
    wanted.server.token_revision = settings.server.token_revision;
    check_values(&wanted)?;
    Ok(wanted)
}

fn to_object(settings: &Settings) -> Result<Map<String, Value>> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Error::new(ErrorCode::Internal, "The settings could not be written as JSON.")),
    }
}

fn read(merged: &Map<String, Value>) -> Result<Settings, serde_json::Error> {
    serde_json::from_value(Value::Object(merged.clone()))
}

/// A misspelt name would otherwise change nothing and say nothing.
fn check_names(path: &str, change: &Value, known: Option<&Value>) -> Result<()> {
    let (Value::Object(change), Some(Value::Object(known))) = (change, known) else { return Ok(()) };
    for (name, value) in change {
        let path = format!("{path}.{name}");
        match known.get(name) {
            Some(known) => check_names(&path, value, Some(known))?,
            None => return Err(wrong(&path, "There is no such setting.")),
        }
    }
    Ok(())
}

fn merge(target: &mut Map<String, Value>, name: &str, change: &Value) {
    match change {
        Value::Null => {
            target.remove(name);
        }
        Value::Object(changes) => {
            let entry = target.entry(name.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            match entry {
                Value::Object(inner) => changes.iter().for_each(|(name, change)| merge(inner, name, change)),
                other => *other = change.clone(),
            }
        }
        value => {
            target.insert(name.to_owned(), value.clone());
        }
    }
}

fn check_values(settings: &Settings) -> Result<()> {
    if !["system", "en", "zh-CN"].contains(&settings.language.as_str()) {
        return Err(
            wrong("language", "Picferry does not speak this language.").hint("Choose system, en or zh-CN.")
        );
    }
    if !["system", "light", "dark"].contains(&settings.appearance.as_str()) {
        return Err(wrong("appearance", "There is no such appearance.").hint("Choose system, light or dark."));
    }
    check_links(settings)?;
    let proxy = settings.network.proxy.as_str();
    let is_proxy = url::Url::parse(proxy)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.has_host());
    if !["system", "none"].contains(&proxy) && !is_proxy {
        return Err(wrong("network.proxy", "This is not the address of a proxy.")
            .hint("Write it like http://127.0.0.1:7890 or socks5://127.0.0.1:1080."));
    }
    if settings.upload.max_file_bytes == 0 {
        return Err(wrong("upload.max_file_bytes", "The largest file must be larger than nothing."));
    }
    if settings.desktop.local_store_port == 0 {
        return Err(wrong("desktop.local_store_port", "Links need a fixed port: 0 is none."));
    }
    server_settings::check(&settings.server)
}

fn check_links(settings: &Settings) -> Result<()> {
    let mut names: Vec<String> =
        LinkFormat::ALL_BUILTIN.iter().map(|format| format.name().to_owned()).collect();
    for custom in &settings.links.custom {
        let name = custom.name.trim();
        if name.is_empty() {
            return Err(wrong("links.custom", "A link format needs a name."));
        }
        if names.contains(&name.to_lowercase()) {
            return Err(wrong("links.custom", "Two link formats have the same name.").param("name", name));
        }
        names.push(name.to_lowercase());
        check_template(&custom.template)?;
    }
    if !names.contains(&settings.links.format.to_lowercase()) {
        return Err(wrong("links.format", "There is no link format of this name.")
            .param("format", &settings.links.format));
    }
    Ok(())
}

pub(super) fn wrong(field: &str, message: &str) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, message).field(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn change(settings: &Settings, patch: Value) -> Result<Settings> {
        match patch {
            Value::Object(patch) => apply(settings, &patch),
            _ => unreachable!("a patch is an object"),
        }
    }

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let before = Settings::default();
        let after = change(&before, json!({"links": {"encoded": false}, "appearance": "dark"})).unwrap();
        assert!(!after.links.encoded);
        assert_eq!(after.links.format, before.links.format);
        assert_eq!(after.appearance, "dark");
        assert_eq!(after.upload, before.upload);
    }

    #[test]
    fn null_brings_the_default_back() {
        let mut settings = Settings::default();
        settings.upload.retries = 9;
        settings.links.format = "html".into();
        let after = change(&settings, json!({"upload": {"retries": null}, "links": null})).unwrap();
        assert_eq!(after, Settings::default());
    }

    #[test]
    fn keys_of_a_newer_version_survive_a_change() {
        let mut settings = Settings::default();
        settings.unknown.insert("rotation".into(), json!({"every": 3}));
        let after = change(&settings, json!({"language": "zh-CN"})).unwrap();
        assert_eq!(after.unknown["rotation"], json!({"every": 3}));
    }

    #[test]
    fn a_wrong_patch_is_refused_and_names_the_field() {
        let settings = Settings::default();
        let cases = [
            (json!({"profiles": []}), "profiles"),
            (json!({"links": {"formt": "html"}}), "links.formt"),
            (json!({"links": {"format": "nothing"}}), "links.format"),
            (json!({"links": {"custom": [{"name": "HTML", "template": "{url}"}]}}), "links.custom"),
            (json!({"upload": {"retries": "many"}}), "upload"),
            (json!({"language": "fr"}), "language"),
            (json!({"network": {"proxy": "nonsense"}}), "network.proxy"),
            (json!({"desktop": {"local_store_port": 70_000}}), "desktop"),
            (json!({"desktop": {"local_store_port": 0}}), "desktop.local_store_port"),
            (json!({"server": {"port": 0}}), "server.port"),
            (json!({"server": {"address": "0.0.0.0"}}), "server.address"),
            (json!({"server": {"allowed_origins": ["https://a.example/page"]}}), "server.allowed_origins"),
            (json!({"server": {"formats": ["exe"]}}), "server.formats"),
        ];
        for (patch, field) in cases {
            let error = change(&settings, patch.clone()).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidField, "{patch}");
            assert_eq!(error.field.as_deref(), Some(field), "{patch}");
        }
    }

    #[test]
    fn nobody_says_that_there_is_a_token_without_giving_one() {
        let after = change(&Settings::default(), json!({"server": {"has_token": true}})).unwrap();
        assert!(!after.server.has_token);
        let mut settings = Settings::default();
        settings.server.has_token = true;
        assert!(change(&settings, json!({"server": null})).unwrap().server.has_token);
        assert!(change(&settings, json!({"server": {"address": "0.0.0.0"}})).is_ok());
    }

    #[test]
    fn a_custom_format_can_be_made_and_chosen_at_once() {
        let patch = json!({"links": {
            "custom": [{"name": "Wiki", "template": "[[{url}|{name}]]"}],
            "format": "Wiki",
        }});
        let after = change(&Settings::default(), patch).unwrap();
        assert_eq!(after.links.format, "Wiki");
    }
}
