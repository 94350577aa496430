//! `picferry profile list` and `show`. Secrets are never shown, nor read.

use super::definition_of;
use crate::arguments::ProfileArguments;
use crate::exit::{Exit, Outcome};
use crate::{format, output};
use picferry_core::field::FieldKind;
use picferry_core::profile::{COMMON_FIELDS, Profile};
use picferry_core::secret::SecretStoreKind;
use picferry_engine::Engine;
use serde_json::{Value, json};

pub fn list(engine: &Engine, as_json_array: bool) -> Outcome {
    let settings = engine.settings();
    let is_default = |profile: &Profile| profile.id == settings.default_profile;
    if as_json_array {
        let all: Vec<Value> =
            settings.profiles.iter().map(|profile| as_json(profile, is_default(profile))).collect();
        output::json(&all);
        return Ok(Exit::Success);
    }
    let rows: Vec<Vec<String>> = settings
        .profiles
        .iter()
        .map(|profile| {
            let mark = if is_default(profile) { "*" } else { " " };
            vec![
                mark.to_owned(),
                output::visible(&profile.name),
                kind(profile),
                output::visible(&place(profile)),
            ]
        })
        .collect();
    format::table(&rows).iter().for_each(|line| output::line(line));
    Ok(Exit::Success)
}

pub fn one(engine: &Engine, arguments: &ProfileArguments) -> Outcome {
    let profile = engine.profile(&arguments.name)?;
    let is_default = profile.id == engine.settings().default_profile;
    if arguments.json {
        output::json(&as_json(&profile, is_default));
        return Ok(Exit::Success);
    }
    let mut rows = vec![
        row("name", &profile.name),
        row("id", &profile.id),
        row("host", &kind(&profile)),
        row("default", if is_default { "yes" } else { "no" }),
    ];
    let own_fields = definition_of(engine, &profile.host).map_or(&[][..], |host| host.fields);
    for spec in own_fields.iter().chain(COMMON_FIELDS) {
        if spec.kind == FieldKind::Secret {
            if profile.secrets.iter().any(|key| key == spec.key) {
                rows.push(row(spec.key, &format!("••• ({})", where_kept(engine.secret_store_kind()))));
            }
        } else if let Some(value) = profile.fields.get(spec.key).filter(|value| !value.is_empty()) {
            rows.push(row(spec.key, value));
        }
    }
    format::table(&rows).iter().for_each(|line| output::line(line));
    Ok(Exit::Success)
}

fn row(name: &str, value: &str) -> Vec<String> {
    vec![name.to_owned(), output::visible(value)]
}

fn where_kept(kind: SecretStoreKind) -> &'static str {
    match kind {
        SecretStoreKind::Keychain => "stored in the keychain",
        SecretStoreKind::File => "stored in the secrets file",
        SecretStoreKind::Unavailable => "cannot be read right now",
    }
}

/// The host with its preset: `s3 (r2)`.
fn kind(profile: &Profile) -> String {
    if profile.preset.is_empty() {
        profile.host.clone()
    } else {
        format!("{} ({})", profile.host, profile.preset)
    }
}

/// Where its links point, as well as that can be told without asking the host.
fn place(profile: &Profile) -> String {
    let value = |key: &str| profile.fields.get(key).map(String::as_str).unwrap_or_default();
    match value("public_url") {
        "" => [value("endpoint"), value("bucket")]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
        own_domain => own_domain.to_owned(),
    }
}

/// A profile for scripts. `secrets` names which are stored, never what they are.
pub fn as_json(profile: &Profile, is_default: bool) -> Value {
    json!({
        "id": profile.id,
        "name": profile.name,
        "host": profile.host,
        "preset": profile.preset,
        "default": is_default,
        "fields": profile.fields,
        "secrets": profile.secrets,
    })
}
