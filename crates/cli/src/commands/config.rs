//! `picferry config`: the settings, read and changed by a script. Secrets are never among them.

use super::open_engine;
use crate::arguments::{ConfigCommand, ConfigGetArguments, ConfigSetArguments};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::values::Given;
use picferry_core::secret::Secret;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Engine, Paths, Role};
use picferry_rpc::patched_settings;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Goes to the keychain, not to the settings.
const TOKEN: &str = "server.token";

/// Does one of the commands.
pub async fn run(command: ConfigCommand) -> Outcome {
    if matches!(command, ConfigCommand::Path) {
        output::line(&Paths::from_environment()?.settings_file().display().to_string());
        return Ok(Exit::Success);
    }
    let engine = open_engine(Role::Cli).await?;
    let outcome = match command {
        ConfigCommand::Get(get) => show(&engine, &get),
        ConfigCommand::Set(set) => change(&engine, set).await,
        ConfigCommand::Path => Ok(Exit::Success),
    };
    engine.close().await;
    outcome
}

fn show(engine: &Engine, arguments: &ConfigGetArguments) -> Outcome {
    let settings = serde_json::to_value(engine.settings().as_ref())
        .map_err(|error| Error::new(ErrorCode::Internal, "The settings cannot be shown.").detail(error))?;
    let key = arguments.key.as_deref().unwrap_or_default();
    let mut parts = key.split('.').filter(|part| !part.is_empty());
    let found = parts.try_fold(&settings, |value, part| value.get(part));
    match found {
        // As a shell wants it.
        Some(Value::String(text)) => output::line(text),
        Some(value) => output::json(value),
        None => return Err(Failure::usage(unknown(key))),
    }
    Ok(Exit::Success)
}

async fn change(engine: &Arc<Engine>, arguments: ConfigSetArguments) -> Outcome {
    crate::values::check(&arguments.set)?;
    let mut patch = Map::new();
    for assignment in &arguments.set {
        if assignment.key == TOKEN {
            set_token(engine, &assignment.value).await?;
        } else {
            put(&mut patch, &assignment.key, value_of(&assignment.value.read()?));
        }
    }
    if patch.is_empty() {
        return Ok(Exit::Success);
    }
    let wanted = patched_settings(&engine.settings(), &patch)?;
    let port = wanted.desktop.local_store_port;
    if port != engine.settings().desktop.local_store_port {
        engine.move_local_store(port).await?;
    }
    // Merged again: somebody may have changed the settings between.
    let change = move |settings: &mut _| {
        *settings = patched_settings(settings, &patch)?;
        Ok(())
    };
    engine.change_settings(change).await?;
    Ok(Exit::Success)
}

async fn set_token(engine: &Engine, given: &Given) -> Result<()> {
    if let Given::Literally(text) = given
        && !text.is_empty()
    {
        return Err(Error::new(
            ErrorCode::InvalidField,
            "Other programs can read a token on the command line.",
        )
        .hint("Read it from a file with server.token=@FILE, or from standard input with server.token=@-.")
        .field(TOKEN));
    }
    let token = Secret::new(given.read()?);
    engine.set_server_token((!token.is_empty()).then_some(token)).await
}

/// A number, a list or a truth is written as JSON; everything else is a text. Nothing is the default.
fn value_of(text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn put(patch: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(patch.insert(key.to_owned(), value)),
        Some((section, rest)) => {
            let entry = patch.entry(section.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = entry {
                put(inner, rest, value);
            }
        }
    }
}

fn unknown(key: &str) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, format!("There is no setting {key}."))
        .hint("`picferry config get` shows all of them.")
        .field(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_with_dots_become_sections() {
        let mut patch = Map::new();
        put(&mut patch, "links.format", value_of("html"));
        put(&mut patch, "links.encoded", value_of("false"));
        put(&mut patch, "server.allowed_origins", value_of(r#"["null"]"#));
        put(&mut patch, "language", value_of(""));
        let expected = json!({
            "links": {"format": "html", "encoded": false},
            "server": {"allowed_origins": ["null"]},
            "language": null,
        });
        assert_eq!(Value::Object(patch), expected);
    }
}
