//! The list of hosts. A test fails when it and the folder disagree.

mod s3;

use picferry_core::provider::{Provider, ProviderConfig, ProviderDefinition, Repair};
use picferry_core::secret::Secret;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The values of a form, by field key.
pub(crate) type Fields = BTreeMap<String, String>;

/// The secrets of a form that were entered, by field key.
pub(crate) type Secrets = BTreeMap<String, Secret>;

/// A host: its data and its verbs.
pub(crate) struct Service {
    pub definition: &'static ProviderDefinition,
    pub build: fn(&ProviderConfig) -> Result<Arc<dyn Provider>>,
    /// What is repaired beyond stray spaces.
    pub repair: fn(&mut Fields, &mut Secrets, preset: &str) -> Vec<Repair>,
    /// What is checked beyond kind and presence.
    pub check: fn(&Fields, preset: &str) -> Vec<Error>,
}

/// All hosts, one for each file or folder beside this one.
static SERVICES: &[&Service] = &[&s3::SERVICE];

/// All hosts as data.
#[must_use]
pub fn definitions() -> &'static [&'static ProviderDefinition] {
    static DEFINITIONS: LazyLock<Vec<&'static ProviderDefinition>> =
        LazyLock::new(|| SERVICES.iter().map(|service| service.definition).collect());
    &DEFINITIONS
}

/// The host of that id.
#[must_use]
pub fn definition(id: &str) -> Option<&'static ProviderDefinition> {
    service(id).map(|service| service.definition)
}

/// Makes a profile's host ready to use. Nothing is sent yet.
///
/// # Errors
/// `unsupported` for a host that this version does not know, `invalid_field` and `secret_missing`
/// for what the profile lacks.
pub fn build(config: &ProviderConfig) -> Result<Arc<dyn Provider>> {
    let host = &config.profile.host;
    let service = service(host).ok_or_else(|| {
        Error::new(ErrorCode::Unsupported, format!("This version of Picferry knows no host called {host}."))
            .hint("Install the latest version.")
            .param("host", host)
    })?;
    (service.build)(config)
}

pub(crate) fn service(id: &str) -> Option<&'static Service> {
    SERVICES.iter().copied().find(|service| service.definition.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_core::profile::COMMON_FIELDS;
    use std::path::Path;

    #[test]
    fn the_list_names_every_host_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .filter(|name| name != "mod")
            .collect();
        found.sort();
        let mut listed: Vec<&str> = definitions().iter().map(|definition| definition.id).collect();
        listed.sort_unstable();
        assert_eq!(found, listed, "every file or folder in services is one host in SERVICES");
    }

    #[test]
    fn everything_has_words_in_both_languages() {
        for definition in definitions() {
            let mut words = vec![definition.name, definition.about];
            for field in definition.fields.iter().chain(COMMON_FIELDS) {
                words.push(field.label);
                assert_eq!(field.help.en.is_empty(), field.help.zh_cn.is_empty(), "help of {}", field.key);
                words.extend(field.choices.iter().map(|choice| choice.label));
            }
            for preset in definition.presets {
                words.extend([preset.name, preset.about]);
                words.extend(preset.helps.iter().map(|(_, help)| *help));
            }
            for word in words {
                assert!(!word.en.is_empty() && !word.zh_cn.is_empty(), "{word:?}");
            }
        }
    }

    /// The window sets the gap between Chinese and Latin letters by itself.
    #[test]
    fn chinese_words_have_no_typed_spaces() {
        for definition in definitions() {
            let mut words = vec![definition.name, definition.about];
            for field in definition.fields.iter().chain(COMMON_FIELDS) {
                words.extend([field.label, field.help]);
                words.extend(field.choices.iter().map(|choice| choice.label));
            }
            for preset in definition.presets {
                words.extend([preset.name, preset.about]);
                words.extend(preset.helps.iter().map(|(_, help)| *help));
            }
            for text in words.iter().map(|word| word.zh_cn) {
                let pieces: Vec<&str> = text.split(' ').collect();
                let ends_in_chinese =
                    |piece: &str| piece.chars().last().is_some_and(|last| last > '\u{2e80}');
                let begins_in_chinese = |piece: &str| piece.starts_with(|first| first > '\u{2e80}');
                let typed =
                    pieces.windows(2).any(|pair| ends_in_chinese(pair[0]) || begins_in_chinese(pair[1]));
                assert!(!typed, "{text}");
            }
        }
    }

    /// Where secrets are kept is chosen on each computer, and a help that speaks of a field must
    /// not name one that the preset hides.
    #[test]
    fn helps_say_nothing_that_may_be_untrue() {
        for definition in definitions() {
            for field in definition.fields {
                assert!(
                    !field.help.en.contains("keychain") && !field.help.zh_cn.contains("钥匙串"),
                    "{}",
                    field.key
                );
            }
            for preset in definition.presets.iter().filter(|preset| preset.hidden.contains(&"endpoint")) {
                for field in definition.fields.iter().filter(|field| !preset.hidden.contains(&field.key)) {
                    let own = preset.helps.iter().find(|(key, _)| *key == field.key).map(|(_, help)| *help);
                    let help = own.unwrap_or(field.help);
                    assert!(!help.en.contains("from the endpoint"), "{} of {}", field.key, preset.id);
                }
            }
        }
    }

    #[test]
    fn presets_speak_of_fields_that_exist() {
        for definition in definitions() {
            let known = |key: &str| definition.fields.iter().any(|field| field.key == key);
            for preset in definition.presets {
                let filled = preset.values.iter().map(|(key, _)| key);
                let helped = preset.helps.iter().map(|(key, _)| key);
                let shown = preset.placeholders.iter().map(|(key, _)| key).chain(helped);
                for key in filled.chain(shown).chain(preset.hidden) {
                    assert!(known(key), "preset {} names {key}", preset.id);
                }
                assert_eq!(preset.mark.chars().count(), 2, "preset {}", preset.id);
            }
        }
    }

    #[test]
    fn fields_are_unique_and_their_defaults_are_choices() {
        for definition in definitions() {
            let common = picferry_core::profile::COMMON_FIELDS;
            let mut keys: Vec<&str> = definition.fields.iter().chain(common).map(|field| field.key).collect();
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}", definition.id);
            for field in definition.fields.iter().filter(|field| !field.choices.is_empty()) {
                assert!(field.choices.iter().any(|choice| choice.value == field.default), "{}", field.key);
            }
        }
    }
}
