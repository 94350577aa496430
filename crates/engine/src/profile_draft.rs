//! A profile as the form has it: not saved yet, its secrets on their way to the keychain.

use picferry_core::profile::Profile;
use picferry_core::secret::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// A profile as the form has it, not saved yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ProfileDraft {
    /// The profile it changes; `None` for a new one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub id: Option<String>,
    /// The person's name for it.
    pub name: String,
    /// The provider: `s3`.
    pub host: String,
    /// The preset it began with.
    #[serde(default)]
    pub preset: String,
    /// Values of fields that are no secrets.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Secrets by field: absent keeps the stored one, `null` removes it.
    #[serde(default, serialize_with = "write_secrets", deserialize_with = "read_secrets")]
    #[ts(type = "Record<string, string | null>")]
    pub secrets: BTreeMap<String, Option<Secret>>,
}

/// Secrets go one way: what is written never holds one.
fn write_secrets<S: Serializer>(
    secrets: &BTreeMap<String, Option<Secret>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let removed: BTreeMap<&String, Option<&str>> =
        secrets.iter().filter(|(_, secret)| secret.is_none()).map(|(key, _)| (key, None)).collect();
    removed.serialize(serializer)
}

fn read_secrets<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Option<Secret>>, D::Error> {
    let texts = BTreeMap::<String, Option<String>>::deserialize(deserializer)?;
    Ok(texts.into_iter().map(|(key, text)| (key, text.map(Secret::new))).collect())
}

impl ProfileDraft {
    /// The draft as a profile, for previews and checks.
    #[must_use]
    pub fn as_profile(&self) -> Profile {
        let mut secrets: Vec<String> =
            self.secrets.iter().filter(|(_, secret)| secret.is_some()).map(|(key, _)| key.clone()).collect();
        secrets.sort();
        Profile {
            id: self.id.clone().unwrap_or_default(),
            name: self.name.trim().to_owned(),
            host: self.host.clone(),
            preset: self.preset.clone(),
            fields: self.fields.iter().filter(|(_, value)| !value.is_empty()).map(clone_pair).collect(),
            secrets,
            learned: BTreeMap::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// A draft that changes nothing of a saved profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            id: Some(profile.id.clone()),
            name: profile.name.clone(),
            host: profile.host.clone(),
            preset: profile.preset.clone(),
            fields: profile.fields.clone(),
            secrets: BTreeMap::new(),
        }
    }
}

fn clone_pair((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}
