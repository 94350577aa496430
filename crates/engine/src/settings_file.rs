//! The settings file: whole or not at all, with older generations to fall back on.
//!
//! Only what differs from the defaults is written; keys that this version does not know stay.
//! A damaged file is set aside, never overwritten, and the newest good generation takes its place.

use crate::own_files::{dangling, leads_nowhere, lock_beside};
use crate::spool::write_whole;
use picferry_core::event::Notice;
use picferry_core::settings::{SETTINGS_VERSION, Settings};
use picferry_core::{Error, ErrorCode, Result};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Older generations kept beside the file: `settings.1.json` is the newest of them.
const GENERATIONS: u32 = 5;

/// The settings file of one home.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    path: PathBuf,
}

/// What reading gave.
#[derive(Debug)]
pub struct Loaded {
    /// The settings, defaults filled in.
    pub settings: Settings,
    /// What the person should know: a damaged file was set aside.
    pub notice: Option<Notice>,
}

impl SettingsFile {
    /// The file at that path; it need not exist.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads the settings; a damaged file is set aside and the last good generation restored.
    ///
    /// # Errors
    /// `settings_newer` when a newer Picferry wrote the file; a disk error when it cannot be read.
    pub fn load(&self) -> Result<Loaded> {
        match self.read(&self.path)? {
            Content::Good(value) => Ok(Loaded { settings: self.parse(&value)?, notice: None }),
            Content::Missing => Ok(Loaded { settings: Settings::default(), notice: None }),
            Content::Damaged(why) => self.restore(&why),
        }
    }

    /// Reads, changes and writes under a lock, so that two processes never undo each other.
    /// Nothing is written when nothing changed.
    ///
    /// # Errors
    /// What the change says, or what reading and writing say.
    pub fn change(&self, change: impl FnOnce(&mut Settings) -> Result<()>) -> Result<Settings> {
        let lock = lock_beside(&self.path)?;
        let mut settings = self.load()?.settings;
        let before = settings.clone();
        change(&mut settings)?;
        if settings != before {
            self.write(&settings)?;
        }
        drop(lock);
        Ok(settings)
    }

    fn read(&self, path: &Path) -> Result<Content> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                // A disk that is not there yet must not make the profiles look deleted.
                return if leads_nowhere(path) { Err(dangling(path)) } else { Ok(Content::Missing) };
            }
            Err(error) => {
                return Err(Error::from_io(
                    &format!("The settings {} cannot be read", path.display()),
                    &error,
                ));
            }
        };
        Ok(match serde_json::from_slice::<Value>(&bytes) {
            Ok(value) if !value.is_object() => Content::Damaged("it is not a JSON object".into()),
            Ok(value) if version_of(&value) > u64::from(SETTINGS_VERSION) => Content::Good(value),
            Ok(value) => match serde_json::from_value::<Settings>(value.clone()) {
                Ok(_) => Content::Good(value),
                Err(error) => Content::Damaged(error.to_string()),
            },
            Err(error) => Content::Damaged(error.to_string()),
        })
    }

    fn parse(&self, value: &Value) -> Result<Settings> {
        let version = version_of(value);
        if version > u64::from(SETTINGS_VERSION) {
            return Err(Error::new(
                ErrorCode::SettingsNewer,
                format!(
                    "The settings were written by a newer Picferry (form {version}; this one knows \
                     {SETTINGS_VERSION})."
                ),
            )
            .hint("Update Picferry, or set PICFERRY_HOME to another folder.")
            .param("file", self.path.display()));
        }
        serde_json::from_value(value.clone()).map_err(|error| {
            Error::new(ErrorCode::SettingsDamaged, "The settings cannot be read.").detail(error)
        })
    }

    /// Sets the damaged file aside and takes the newest generation that can be read.
    fn restore(&self, why: &str) -> Result<Loaded> {
        let aside = self.free_name_for_damaged();
        std::fs::rename(&self.path, &aside)
            .map_err(|error| Error::from_io("The damaged settings cannot be set aside", &error))?;
        let good = (1..=GENERATIONS).find_map(|generation| match self.read(&self.generation(generation)) {
            Ok(Content::Good(value)) => Some(value),
            _ => None,
        });
        let (settings, restored, outcome) = match good {
            Some(value) => {
                let settings = self.parse(&value)?;
                self.write_value(&value)?;
                (settings, "yes", "The last good settings were restored.")
            }
            None => {
                (Settings::default(), "no", "There were no older ones to restore: these are the defaults.")
            }
        };
        let error =
            Error::new(ErrorCode::SettingsDamaged, format!("The settings file was damaged. {outcome}"))
                .hint(format!("The damaged file is kept as {}.", aside.display()))
                .param("file", aside.display())
                .param("restored", restored)
                .detail(why);
        Ok(Loaded { settings, notice: Some(Notice { topic: "settings_restored".into(), error: *error }) })
    }

    fn free_name_for_damaged(&self) -> PathBuf {
        (1_u32..)
            .map(|number| self.path.with_extension(format!("damaged-{number}.json")))
            .find(|path| !path.exists())
            .unwrap_or_else(|| self.path.with_extension("damaged.json"))
    }

    fn generation(&self, number: u32) -> PathBuf {
        self.path.with_extension(format!("{number}.json"))
    }

    fn write(&self, settings: &Settings) -> Result<()> {
        let raw = match self.read(&self.path)? {
            Content::Good(value) => value,
            _ => Value::Object(Map::new()),
        };
        let defaults = to_value(&Settings::default())?;
        let mut merged = merge_differences(raw, &to_value(settings)?, &defaults);
        if let Some(object) = merged.as_object_mut() {
            object.insert("version".into(), SETTINGS_VERSION.into());
        }
        self.keep_generation();
        self.write_value(&merged)
    }

    fn write_value(&self, value: &Value) -> Result<()> {
        let text = serde_json::to_string_pretty(value).map_err(|error| internal(&error))?;
        write_whole(&self.path, text.as_bytes())
            .map_err(|error| Error::from_io("The settings cannot be written", &error))
    }

    /// Moves the generations down by one. Best effort: the file itself is still whole.
    fn keep_generation(&self) {
        for number in (1..GENERATIONS).rev() {
            drop(std::fs::rename(self.generation(number), self.generation(number + 1)));
        }
        drop(std::fs::copy(&self.path, self.generation(1)));
    }
}

enum Content {
    Good(Value),
    Missing,
    Damaged(String),
}

fn version_of(value: &Value) -> u64 {
    value.get("version").and_then(Value::as_u64).unwrap_or(0)
}

fn to_value(settings: &Settings) -> Result<Value> {
    serde_json::to_value(settings).map_err(|error| internal(&error))
}

fn internal(error: &serde_json::Error) -> Box<Error> {
    Error::new(ErrorCode::Internal, "The settings cannot be written.").detail(error)
}

/// The old file with every known key set to its new value, or left out where it is the default.
/// Keys that this version does not know stay as they are.
fn merge_differences(old: Value, new: &Value, defaults: &Value) -> Value {
    let (Value::Object(new), Value::Object(defaults)) = (new, defaults) else {
        return new.clone();
    };
    let mut merged = match old {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    for (key, value) in new {
        let default = defaults.get(key);
        if default == Some(value) {
            // A section may hold keys of a newer version besides the known ones.
            match (merged.get_mut(key), value) {
                (Some(Value::Object(section)), Value::Object(known)) => {
                    section.retain(|name, _| !known.contains_key(name));
                    if section.is_empty() {
                        merged.remove(key);
                    }
                }
                _ => {
                    merged.remove(key);
                }
            }
        } else if value.is_object() && default.is_some_and(Value::is_object) {
            let section = merged.remove(key).unwrap_or_default();
            merged.insert(key.clone(), merge_differences(section, value, default.unwrap_or(&Value::Null)));
        } else {
            merged.insert(key.clone(), value.clone());
        }
    }
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (tempfile::TempDir, SettingsFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(folder.path().join("settings.json"));
        (folder, file)
    }

    fn text(file: &SettingsFile) -> String {
        std::fs::read_to_string(&file.path).unwrap()
    }

    #[test]
    fn only_differences_are_written() {
        let (_folder, file) = file();
        file.change(|settings| {
            settings.links.format = "html".into();
            Ok(())
        })
        .unwrap();
        let value: Value = serde_json::from_str(&text(&file)).unwrap();
        assert_eq!(value, serde_json::json!({"version": 1, "links": {"format": "html"}}));
    }

    #[test]
    fn keys_of_a_newer_version_survive_a_change() {
        let (_folder, file) = file();
        std::fs::write(&file.path, r#"{"version":1,"future":{"a":1},"links":{"shape":"round"}}"#).unwrap();
        file.change(|settings| {
            settings.links.auto_copy = false;
            Ok(())
        })
        .unwrap();
        let value: Value = serde_json::from_str(&text(&file)).unwrap();
        assert_eq!(value["future"]["a"], 1);
        assert_eq!(value["links"], serde_json::json!({"shape": "round", "auto_copy": false}));
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_the_last_good_one_restored() {
        let (folder, file) = file();
        for format in ["html", "bbcode"] {
            file.change(|settings| {
                settings.links.format = format.into();
                Ok(())
            })
            .unwrap();
        }
        std::fs::write(&file.path, "{\"links\": {\"form").unwrap();
        let loaded = file.load().unwrap();
        assert_eq!(loaded.settings.links.format, "html");
        let notice = loaded.notice.unwrap();
        assert_eq!(notice.error.code, ErrorCode::SettingsDamaged);
        assert_eq!(
            std::fs::read_to_string(folder.path().join("settings.damaged-1.json")).unwrap(),
            "{\"links\": {\"form"
        );
        assert_eq!(file.load().unwrap().settings.links.format, "html");
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let (_folder, file) = file();
        let newer = r#"{"version":99,"links":[]}"#;
        std::fs::write(&file.path, newer).unwrap();
        assert_eq!(file.load().unwrap_err().code, ErrorCode::SettingsNewer);
        assert_eq!(file.change(|_| Ok(())).unwrap_err().code, ErrorCode::SettingsNewer);
        assert_eq!(text(&file), newer);
    }

    #[test]
    fn two_writers_never_lose_each_others_change() {
        let (_folder, file) = file();
        std::thread::scope(|scope| {
            for number in 0..16 {
                let file = file.clone();
                scope.spawn(move || {
                    file.change(|settings| {
                        settings.unknown.insert(format!("key{number}"), number.into());
                        Ok(())
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(file.load().unwrap().settings.unknown.len(), 16);
    }

    #[test]
    fn an_unchanged_file_is_not_written_again() {
        let (folder, file) = file();
        file.change(|_| Ok(())).unwrap();
        assert!(!folder.path().join("settings.json").exists());
    }
}
