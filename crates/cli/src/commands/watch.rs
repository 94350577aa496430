//! `picferry watch`: folders whose new pictures are uploaded by themselves.

use super::{absolute, open_engine};
use crate::arguments::{NoticingArgument, WatchAddArguments, WatchCommand, WatchRemoveArguments};
use crate::exit::{Exit, Outcome};
use crate::{format, output};
use picferry_core::watched::{AfterUpload, Noticing, WatchStatus, WatchedFolder, WatchedFolderState};
use picferry_core::{Error, ErrorCode};
use picferry_engine::{Engine, Role};
use std::path::Path;
use std::sync::Arc;

/// Does one of the commands about watched folders.
pub async fn run(command: WatchCommand) -> Outcome {
    let engine = open_engine(Role::Cli).await?;
    let outcome = match command {
        WatchCommand::List(arguments) => list(&engine, arguments.json).await,
        WatchCommand::Add(arguments) => add(&engine, arguments).await,
        WatchCommand::Remove(arguments) => remove(&engine, &arguments).await,
        WatchCommand::Pause => pause(&engine, true).await,
        WatchCommand::Resume => pause(&engine, false).await,
    };
    engine.close().await;
    outcome
}

async fn list(engine: &Arc<Engine>, as_json: bool) -> Outcome {
    let watched = engine.watched_folders().await?;
    if as_json {
        output::json(&watched.folders);
        return Ok(Exit::Success);
    }
    let rows: Vec<Vec<String>> = watched.folders.iter().map(|state| row(engine, state)).collect();
    format::table(&rows).iter().for_each(|line| output::line(line));
    Ok(Exit::Success)
}

fn row(engine: &Engine, state: &WatchedFolderState) -> Vec<String> {
    let profile = match &state.folder.profile_id {
        Some(id) => engine.profile(id).map_or_else(|_| id.clone(), |profile| profile.name),
        None => "default".to_owned(),
    };
    let failed = if state.failed > 0 { format!("{} failed", state.failed) } else { String::new() };
    vec![
        state.folder.id.clone(),
        status_word(state.status).to_owned(),
        output::visible(&state.folder.path),
        output::visible(&profile),
        format!("{} stored", state.stored),
        failed,
    ]
}

fn status_word(status: WatchStatus) -> &'static str {
    match status {
        WatchStatus::Watching => "on",
        WatchStatus::Paused => "paused",
        WatchStatus::Off => "off",
        WatchStatus::Gone => "gone",
    }
}

async fn add(engine: &Arc<Engine>, arguments: WatchAddArguments) -> Outcome {
    let profile_id = match &arguments.profile {
        Some(name) => Some(engine.profile(name)?.id),
        None => None,
    };
    let move_to = arguments.move_to.as_deref().map(absolute).transpose()?;
    let afterwards = match (&move_to, arguments.trash) {
        (Some(_), _) => AfterUpload::Move,
        (None, true) => AfterUpload::Trash,
        (None, false) => AfterUpload::Keep,
    };
    let folder = WatchedFolder {
        path: absolute(&arguments.folder)?,
        profile_id,
        only: arguments.only,
        leave_out: arguments.leave_out,
        subfolders: !arguments.no_subfolders,
        wait_seconds: arguments.wait,
        afterwards,
        move_to: move_to.unwrap_or_default(),
        noticing: match arguments.noticing {
            NoticingArgument::Automatic => Noticing::Automatic,
            NoticingArgument::Polling => Noticing::Polling,
        },
        ..WatchedFolder::default()
    };
    let added = engine.add_watched_folder(folder, arguments.existing).await?;
    if arguments.json {
        output::json(&added);
    } else {
        output::line(&format!("Watching {} from now on.", output::visible(&added.path)));
        output::remark("Pictures are sent while the app or `picferry serve` runs.");
    }
    Ok(Exit::Success)
}

async fn remove(engine: &Arc<Engine>, arguments: &WatchRemoveArguments) -> Outcome {
    let path = absolute(Path::new(&arguments.folder))?;
    let settings = engine.settings();
    let folder = settings
        .watch
        .folders
        .iter()
        .find(|folder| folder.id == arguments.folder || Path::new(&folder.path) == Path::new(&path));
    let Some(folder) = folder else { return Err(unknown(&arguments.folder).into()) };
    engine.remove_watched_folder(&folder.id).await?;
    if arguments.json {
        output::json(folder);
    } else {
        output::line(&format!("Watching {} no more. Its files stay.", output::visible(&folder.path)));
    }
    Ok(Exit::Success)
}

fn unknown(folder: &str) -> Box<Error> {
    Error::new(ErrorCode::NotFound, format!("{folder} is not watched."))
        .hint("`picferry watch list` shows what is.")
        .param("folder", folder)
}

async fn pause(engine: &Arc<Engine>, paused: bool) -> Outcome {
    engine.pause_watched_folders(paused).await?;
    output::line(if paused { "No folder is watched for now." } else { "Folders are watched again." });
    Ok(Exit::Success)
}
