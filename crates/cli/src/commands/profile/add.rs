//! `picferry profile add`: a profile from fields on the command line.

use super::{definition_of, show};
use crate::arguments::ProfileAddArguments;
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::values::{self, Assignment, Given};
use picferry_core::field::{FieldKind, FieldSpec};
use picferry_core::profile::COMMON_FIELDS;
use picferry_core::provider::{Preset, ProviderDefinition, Repair};
use picferry_core::secret::Secret;
use picferry_core::{Error, ErrorCode};
use picferry_engine::{Engine, ProfileDraft};
use std::collections::BTreeMap;
use std::sync::Arc;

pub async fn run(engine: &Arc<Engine>, arguments: ProfileAddArguments) -> Outcome {
    let host = definition_of(engine, &arguments.host).ok_or_else(|| unknown_host(engine, &arguments.host))?;
    let preset = preset_of(host, arguments.preset.as_deref())?;
    values::check(&arguments.set)?;
    let draft = draft(host, preset, &arguments)?;

    let (draft, repairs) = engine.repair_profile(draft);
    repairs.iter().for_each(|repair| output::note(&repair_words(repair)));
    let mut problems = engine.check_profile(&draft);
    if let Some(last) = problems.pop() {
        for problem in &problems {
            output::error(problem.field.as_deref(), problem);
        }
        return Err(Failure::usage(with_field(last)));
    }
    let profile = engine.save_profile(draft).await?;
    if arguments.json {
        output::json(&show::as_json(&profile, engine.settings().default_profile == profile.id));
    } else {
        output::line(&format!("Added the profile {}.", output::visible(&profile.name)));
        output::remark(&format!("Try it: picferry profile test {}", quoted(&profile.name)));
    }
    Ok(Exit::Success)
}

/// The last problem is told by whoever ends the program, which knows nothing of its field.
fn with_field(mut problem: Error) -> Box<Error> {
    if let Some(field) = &problem.field {
        problem.message = format!("{field}: {}", problem.message);
    }
    Box::new(problem)
}

/// The preset's values first; what was set by hand goes over them.
fn draft(
    host: &'static ProviderDefinition,
    preset: Option<&'static Preset>,
    arguments: &ProfileAddArguments,
) -> Outcome<ProfileDraft> {
    let mut fields: BTreeMap<String, String> = preset
        .into_iter()
        .flat_map(|preset| preset.values)
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let mut secrets = BTreeMap::new();
    for assignment in &arguments.set {
        let spec = spec_of(host, &assignment.key)?;
        let value = assignment.value.read()?;
        if spec.kind == FieldKind::Secret {
            warn_of_literal_secret(assignment);
            secrets.insert(assignment.key.clone(), Some(Secret::new(value)));
        } else {
            fields.insert(assignment.key.clone(), value);
        }
    }
    Ok(ProfileDraft {
        id: None,
        name: arguments.name.clone(),
        host: host.id.to_owned(),
        preset: preset.map_or_else(String::new, |preset| preset.id.to_owned()),
        fields,
        secrets,
    })
}

fn warn_of_literal_secret(assignment: &Assignment) {
    let key = &assignment.key;
    if matches!(assignment.value, Given::Literally(_)) {
        output::warning(
            &format!(
                "{key} was given on the command line, where other programs and the shell's history can read it."
            ),
            &format!("Use --set {key}=@- to read it from standard input, or --set {key}=@FILE."),
        );
    }
}

fn spec_of(host: &'static ProviderDefinition, key: &str) -> Outcome<&'static FieldSpec> {
    let mut specs = host.fields.iter().chain(COMMON_FIELDS);
    specs.find(|spec| spec.key == key).ok_or_else(|| {
        let known: Vec<&str> = host.fields.iter().chain(COMMON_FIELDS).map(|spec| spec.key).collect();
        Error::new(ErrorCode::InvalidField, format!("The host {} has no field {key}.", host.id))
            .hint(format!("Its fields are {}.", known.join(", ")))
            .field(key)
            .into()
    })
}

fn preset_of(host: &'static ProviderDefinition, wanted: Option<&str>) -> Outcome<Option<&'static Preset>> {
    let Some(wanted) = wanted else { return Ok(None) };
    match host.presets.iter().find(|preset| preset.id == wanted) {
        Some(preset) => Ok(Some(preset)),
        None => {
            let known: Vec<&str> = host.presets.iter().map(|preset| preset.id).collect();
            Err(Error::new(ErrorCode::InvalidField, format!("The host {} has no preset {wanted}.", host.id))
                .hint(format!("Its presets are {}.", known.join(", ")))
                .into())
        }
    }
}

fn unknown_host(engine: &Engine, wanted: &str) -> Failure {
    let known: Vec<&str> = engine.providers().iter().map(|provider| provider.id).collect();
    Error::new(ErrorCode::InvalidField, format!("There is no host {wanted}."))
        .hint(format!("The hosts are {}.", known.join(", ")))
        .into()
}

fn repair_words(repair: &Repair) -> String {
    let what = match repair.what.as_str() {
        "trimmed" => "spaces and line ends were removed",
        "scheme_added" => "https:// was added",
        "bucket_removed_from_endpoint" => "the bucket was taken out of the address",
        "bucket_found" => "the bucket was read from the address",
        "region_found" => "the region was read from the address",
        "console_url" => "the address of the console was turned into that of the service",
        "path_removed" => "the path was taken off the address",
        _ => "it was put right",
    };
    format!("{}: {what}; it is {} now.", repair.field, repair.value)
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|character| character.is_alphanumeric() || "-_.".contains(character));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}
