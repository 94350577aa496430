//! `picferry history`: what was uploaded, and taking it back.

use super::{open_engine, write_error};
use crate::arguments::{HistoryCommand, HistoryDeleteArguments, ShownArguments};
use crate::exit::{Exit, Outcome};
use crate::{format, output};
use picferry_core::upload::{HistoryFilter, Upload};
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{DeleteMode, DeleteResult, Engine, Role};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows read at a time.
const PAGE: u32 = 500;

/// Does one of the history commands.
pub async fn run(command: HistoryCommand) -> Outcome {
    let engine = open_engine(Role::Cli).await?;
    let outcome = match command {
        HistoryCommand::List(arguments) => show(&engine, String::new(), &arguments.shown).await,
        HistoryCommand::Search(arguments) => show(&engine, arguments.text.join(" "), &arguments.shown).await,
        HistoryCommand::Delete(arguments) => delete(&engine, &arguments).await,
    };
    engine.close().await;
    outcome
}

async fn show(engine: &Engine, text: String, arguments: &ShownArguments) -> Outcome {
    let mut filter = HistoryFilter { text, ..HistoryFilter::default() };
    if let Some(name) = &arguments.profile {
        filter.profile_ids.push(engine.profile(name)?.id);
    }
    let rows = read_rows(engine, filter, arguments.limit).await?;
    if arguments.json {
        output::json(&rows.iter().map(HistoryRow::from).collect::<Vec<_>>());
        return Ok(Exit::Success);
    }
    let table: Vec<Vec<String>> = rows
        .iter()
        .map(|upload| {
            vec![
                upload.id.to_string(),
                format::time(upload.created_at),
                format::size(upload.bytes_out),
                output::visible(&upload.profile_name),
                output::visible(&upload.name),
                upload.url.clone(),
            ]
        })
        .collect();
    format::table(&table).iter().for_each(|line| output::line(line));
    Ok(Exit::Success)
}

async fn read_rows(engine: &Engine, filter: HistoryFilter, limit: u32) -> Outcome<Vec<Upload>> {
    let mut rows = Vec::new();
    let mut after = None;
    let mut left = limit;
    while left > 0 {
        let page = engine.history_page(filter.clone(), after, left.min(PAGE)).await?;
        left = left.saturating_sub(u32::try_from(page.rows.len()).unwrap_or(u32::MAX));
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(rows)
}

/// A row for scripts.
#[derive(Serialize)]
struct HistoryRow<'a> {
    id: i64,
    /// Unix milliseconds.
    created_at: i64,
    name: &'a str,
    url: &'a str,
    key: &'a str,
    profile: &'a str,
    format: &'a str,
    width: Option<u32>,
    height: Option<u32>,
    bytes_in: u64,
    bytes_out: u64,
    sha256: &'a str,
    alt: &'a str,
    note: &'a str,
}

impl<'a> From<&'a Upload> for HistoryRow<'a> {
    fn from(upload: &'a Upload) -> Self {
        Self {
            id: upload.id,
            created_at: upload.created_at,
            name: &upload.name,
            url: &upload.url,
            key: &upload.key,
            profile: &upload.profile_name,
            format: upload.format.name(),
            width: upload.width,
            height: upload.height,
            bytes_in: upload.bytes_in,
            bytes_out: upload.bytes_out,
            sha256: &upload.sha256,
            alt: &upload.alt,
            note: &upload.note,
        }
    }
}

async fn delete(engine: &Arc<Engine>, arguments: &HistoryDeleteArguments) -> Outcome {
    let rows = engine.history_get(arguments.ids.clone()).await?;
    let names: HashMap<i64, String> = rows.into_iter().map(|upload| (upload.id, upload.name)).collect();
    let (known, unknown): (Vec<i64>, Vec<i64>) = arguments.ids.iter().partition(|id| names.contains_key(id));
    let mode = if arguments.local_only { DeleteMode::HereOnly } else { DeleteMode::HostAndHere };
    let twins = if arguments.local_only { Vec::new() } else { engine.twins(known.clone()).await? };
    let mut results = if known.is_empty() { Vec::new() } else { engine.delete(known, mode).await? };
    results.extend(unknown.into_iter().map(not_found));
    results.sort_by_key(|result| arguments.ids.iter().position(|id| *id == result.id));
    if arguments.json {
        output::json(&results.iter().map(DeletedRow::from).collect::<Vec<_>>());
    }
    for result in &results {
        tell(result, names.get(&result.id), arguments);
    }
    tell_twins(engine, &twins).await?;
    Ok(if results.iter().all(|result| result.ok) { Exit::Success } else { Exit::Failed })
}

/// A deletion for scripts. Unknown values are `null`, never left out.
#[derive(Serialize)]
struct DeletedRow<'a> {
    id: i64,
    ok: bool,
    #[serde(serialize_with = "write_error")]
    error: Option<&'a Error>,
}

impl<'a> From<&'a DeleteResult> for DeletedRow<'a> {
    fn from(result: &'a DeleteResult) -> Self {
        Self { id: result.id, ok: result.ok, error: result.error.as_ref() }
    }
}

/// Says which other rows went because their object did.
async fn tell_twins(engine: &Arc<Engine>, twins: &[Upload]) -> Result<()> {
    let left = engine.history_get(twins.iter().map(|twin| twin.id).collect()).await?;
    for twin in twins.iter().filter(|twin| left.iter().all(|row| row.id != twin.id)) {
        output::remark(&format!(
            "{} {} showed the same file and was removed too.",
            twin.id,
            output::visible(&twin.name)
        ));
    }
    Ok(())
}

fn not_found(id: i64) -> DeleteResult {
    let error = Error::new(ErrorCode::NotFound, "There is no such picture in the history.")
        .hint("See the ids with `picferry history list`.");
    DeleteResult { id, ok: false, error: Some(*error) }
}

fn tell(result: &DeleteResult, name: Option<&String>, arguments: &HistoryDeleteArguments) {
    let name = name.map(String::as_str).unwrap_or_default();
    match &result.error {
        Some(error) => output::error(Some(format!("{} {name}", result.id).trim()), error),
        None if arguments.json => {}
        None if arguments.local_only => {
            output::line(&format!("{} {} forgotten here", result.id, output::visible(name)))
        }
        None => output::line(&format!("{} {} deleted", result.id, output::visible(name))),
    }
}
