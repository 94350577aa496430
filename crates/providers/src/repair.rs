//! Repairs what was pasted, and checks what was entered, beside the field.

use crate::services::{Fields, Secrets, Service, service};
use picferry_core::field::{FieldKind, FieldSpec};
use picferry_core::key::KeyTemplate;
use picferry_core::profile::COMMON_FIELDS;
use picferry_core::provider::{Preset, ProviderDefinition, Repair};
use picferry_core::{Error, ErrorCode};
use std::collections::BTreeMap;

/// One repair may uncover another; real pastes need two passes.
const PASSES: usize = 5;

/// Repairs the values of a form in place; says what was done to which.
pub fn repair(host: &str, fields: &mut Fields, secrets: &mut Secrets, preset: &str) -> Vec<Repair> {
    let Some(service) = service(host) else {
        return Vec::new();
    };
    let mut repairs: Vec<Repair> = Vec::new();
    for _ in 0..PASSES {
        let pass = repair_once(service, fields, secrets, preset);
        if pass.is_empty() {
            break;
        }
        for repair in pass {
            repairs.retain(|known| known.field != repair.field || known.what != repair.what);
            repairs.push(repair);
        }
    }
    repairs
}

fn repair_once(service: &Service, fields: &mut Fields, secrets: &mut Secrets, preset: &str) -> Vec<Repair> {
    let mut repairs = Vec::new();
    for (key, value) in fields.iter_mut() {
        let clean = cleaned(value, keeps_inner_spaces(service.definition, key));
        if clean != *value {
            *value = clean;
            repairs.push(Repair { field: key.clone(), value: value.clone(), what: "trimmed".into() });
        }
    }
    for (key, secret) in secrets.iter_mut() {
        let clean = cleaned(secret.expose(), false);
        if clean != secret.expose() {
            *secret = picferry_core::secret::Secret::new(clean);
            // The value itself is nobody's business.
            repairs.push(Repair { field: key.clone(), value: "•••".into(), what: "trimmed".into() });
        }
    }
    add_schemes(service.definition, fields, &mut repairs);
    repairs.extend((service.repair)(fields, secrets, preset));
    repairs
}

/// Checks the values of a form; one error for each bad field, in the order of the form.
/// `has_secret` tells whether a secret was entered now or is in the keychain.
#[must_use]
pub fn check(host: &str, preset: &str, fields: &Fields, has_secret: &dyn Fn(&str) -> bool) -> Vec<Error> {
    let Some(service) = service(host) else {
        return vec![*Error::new(ErrorCode::Unsupported, format!("There is no host called {host}."))];
    };
    let definition = service.definition;
    let chosen = definition.presets.iter().find(|known| known.id == preset);
    let mut errors: Vec<Error> = fields.keys().filter_map(|key| unknown_field(definition, key)).collect();
    for spec in specs(definition).filter(|spec| !is_hidden(chosen, spec)) {
        let value = fields.get(spec.key).map_or(spec.default, String::as_str);
        errors.extend(check_value(spec, value, has_secret));
    }
    for error in (service.check)(fields, preset) {
        // One word for each field is enough.
        if !errors.iter().any(|known| known.field == error.field) {
            errors.push(error);
        }
    }
    errors
}

fn specs(definition: &'static ProviderDefinition) -> impl Iterator<Item = &'static FieldSpec> {
    definition.fields.iter().chain(COMMON_FIELDS)
}

fn is_hidden(preset: Option<&Preset>, spec: &FieldSpec) -> bool {
    preset.is_some_and(|preset| preset.hidden.contains(&spec.key))
}

fn keeps_inner_spaces(definition: &'static ProviderDefinition, key: &str) -> bool {
    let machine = ["endpoint", "region", "bucket", "access_key_id", "public_url"];
    specs(definition).any(|spec| spec.key == key) && !machine.contains(&key)
}

/// Without spaces and line ends around it and without characters nobody can see.
fn cleaned(text: &str, inner_spaces: bool) -> String {
    let invisible = |character: char| {
        matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' | '\r' | '\n' | '\t'
        )
    };
    let kept = text.chars().filter(|character| !invisible(*character));
    if inner_spaces {
        kept.collect::<String>().trim().to_owned()
    } else {
        kept.filter(|character| !character.is_whitespace()).collect()
    }
}

fn add_schemes(definition: &'static ProviderDefinition, fields: &mut Fields, repairs: &mut Vec<Repair>) {
    for spec in specs(definition).filter(|spec| spec.kind == FieldKind::Url) {
        let Some(value) =
            fields.get_mut(spec.key).filter(|value| !value.is_empty() && !value.contains("://"))
        else {
            continue;
        };
        *value = format!("{}://{}", likely_scheme(value), value.trim_start_matches('/'));
        repairs.push(Repair { field: spec.key.into(), value: value.clone(), what: "scheme_added".into() });
    }
}

/// Servers at a bare address rarely have a certificate; all others do.
fn likely_scheme(value: &str) -> &'static str {
    let authority = value.trim_start_matches('/').split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let bare = host == "localhost" || host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    if bare { "http" } else { "https" }
}

fn unknown_field(definition: &'static ProviderDefinition, key: &str) -> Option<Error> {
    let known = specs(definition).any(|spec| spec.key == key && spec.kind != FieldKind::Secret);
    if known {
        return None;
    }
    let is_secret = specs(definition).any(|spec| spec.key == key);
    let message = if is_secret {
        format!("{key} is a secret and must not be stored in the clear.")
    } else {
        format!("{} has no field called {key}.", definition.name.en)
    };
    Some(invalid(key, "unknown", message))
}

fn check_value(spec: &FieldSpec, value: &str, has_secret: &dyn Fn(&str) -> bool) -> Option<Error> {
    let empty = if spec.kind == FieldKind::Secret { !has_secret(spec.key) } else { value.trim().is_empty() };
    if empty {
        return spec.required.then(|| invalid(spec.key, "missing", format!("{} is missing.", spec.label.en)));
    }
    if spec.kind != FieldKind::Secret && holds_password(value) {
        return Some(invalid(
            spec.key,
            "holds_password",
            format!("{} holds a user name or password. It would be stored in the clear.", spec.label.en),
        ));
    }
    match spec.kind {
        FieldKind::Url if !is_web_address(value) => {
            Some(invalid(spec.key, "not_a_url", format!("{} is no web address.", spec.label.en)))
        }
        FieldKind::KeyTemplate => KeyTemplate::parse(value).err().map(|error| *error.field(spec.key)),
        FieldKind::Number if !value.parse::<u32>().is_ok_and(|number| number > 0) => {
            Some(invalid(spec.key, "not_a_number", format!("{} must be a number above 0.", spec.label.en)))
        }
        FieldKind::Toggle if !matches!(value, "true" | "false") => {
            Some(invalid(spec.key, "not_a_choice", format!("{} is true or false.", spec.label.en)))
        }
        FieldKind::Select if !spec.choices.iter().any(|choice| choice.value == value) => {
            let known: Vec<&str> =
                spec.choices.iter().map(|choice| choice.value).filter(|value| !value.is_empty()).collect();
            Some(invalid(
                spec.key,
                "not_a_choice",
                format!("{} is one of {}.", spec.label.en, known.join(", ")),
            ))
        }
        _ => None,
    }
}

/// Whether an address carries credentials: they would show in the settings and in every link.
fn holds_password(value: &str) -> bool {
    url::Url::parse(value)
        .is_ok_and(|url| url.password().is_some() || (url.has_host() && !url.username().is_empty()))
}

/// What has to be escaped in an address was never part of a working one, and would end a link early.
fn is_web_address(value: &str) -> bool {
    let odd = |character: char| {
        character.is_whitespace() || character.is_control() || "\"<>\\^`{|}".contains(character)
    };
    if value.chars().any(odd) {
        return false;
    }
    url::Url::parse(value).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
    })
}

/// An error beside a field. `reason` is for translations.
pub(crate) fn invalid(field: &str, reason: &str, message: impl Into<String>) -> Error {
    *Error::new(ErrorCode::InvalidField, message).field(field).param("reason", reason)
}

/// A value, or the empty text.
pub(crate) fn value<'a>(fields: &'a BTreeMap<String, String>, key: &str) -> &'a str {
    fields.get(key).map_or("", String::as_str)
}
