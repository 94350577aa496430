//! `picferry compress`: pictures in, smaller files out. Nothing is sent.

mod options;
mod report;

use super::open_engine;
use crate::arguments::CompressArguments;
use crate::exit::{Exit, Failure, Outcome};
use crate::progress::Counter;
use crate::signals::Interrupts;
use crate::{format, output};
use picferry_core::images::ImageOptions;
use picferry_core::{Error, ErrorCode};
use picferry_engine::{Cancel, FileBatch, ImageFields, Role, compress_files, try_file};
use report::{Entry, Trial};
use std::path::PathBuf;

/// Larger files are refused unless the settings say otherwise.
const MAX_FILE_BYTES: u64 = 256_000_000;

/// Makes the pictures smaller, or says what would become of them.
pub async fn run(arguments: CompressArguments) -> Outcome {
    let (base, limit) = match &arguments.profile {
        Some(name) => profile_fields(name).await?,
        None => (ImageFields::new(), MAX_FILE_BYTES),
    };
    let fields = options::fields(base, &arguments)?;
    let options = ImageOptions::of_fields(&fields).map_err(options::of_the_command_line)?;
    let cancel = Cancel::new();
    let stop = cancel.clone();
    let interrupted = tokio::spawn(async move {
        let mut interrupts = Interrupts::new();
        interrupts.next().await;
        stop.stop();
        output::remark("Stopping after this step. Press Ctrl+C again to stop at once.");
        interrupts.next().await;
        std::process::exit(i32::from(Exit::Interrupted.code()));
    });
    let exit = match &arguments.output {
        Some(folder) if !arguments.dry_run => {
            write(&arguments, options, folder.clone(), limit, &cancel).await?
        }
        _ => dry_run(&arguments, &options, limit, &cancel).await,
    };
    interrupted.abort();
    Ok(if cancel.is_stopped() && exit != Exit::Success { Exit::Interrupted } else { exit })
}

/// The options of a profile, and how large a file may be. The rest of Picferry stays closed.
async fn profile_fields(name: &str) -> Outcome<(ImageFields, u64)> {
    let engine = open_engine(Role::Cli).await?;
    let fields = engine.profile(name).map(|profile| profile.fields);
    let limit = engine.settings().upload.max_file_bytes;
    engine.close().await;
    Ok((fields?, limit))
}

async fn write(
    arguments: &CompressArguments,
    options: ImageOptions,
    folder: PathBuf,
    max_file_bytes: u64,
    cancel: &Cancel,
) -> Outcome {
    std::fs::create_dir_all(&folder).map_err(|error| {
        let mut error = Error::from_io(&format!("The folder {} cannot be made", folder.display()), &error);
        if error.code == ErrorCode::FileUnreadable || error.code == ErrorCode::NotAFile {
            error.code = ErrorCode::ReadOnly;
        }
        Failure::from(error)
    })?;
    let inputs: Vec<PathBuf> = arguments.files.iter().map(PathBuf::from).collect();
    let counter = Counter::new(inputs.len());
    let overwrite = arguments.overwrite;
    let batch = FileBatch { inputs, options, folder, overwrite, max_file_bytes };
    let made = compress_files(batch, cancel, &|_, _| counter.step()).await;
    counter.finish();
    let entries: Vec<Entry> =
        arguments.files.iter().zip(made).map(|(file, made)| Entry::of(file, made)).collect();
    if arguments.json {
        output::json(&entries);
    } else {
        let rows: Vec<Vec<String>> = entries.iter().filter_map(Entry::row).collect();
        format::table(&rows).iter().for_each(|line| output::line(line));
    }
    entries.iter().for_each(Entry::tell_failure);
    Ok(if entries.iter().all(|entry| entry.ok) { Exit::Success } else { Exit::Failed })
}

/// One picture after the other: each shows all of its formats at once.
async fn dry_run(
    arguments: &CompressArguments,
    options: &ImageOptions,
    max_file_bytes: u64,
    cancel: &Cancel,
) -> Exit {
    let counter = Counter::new(arguments.files.len());
    let mut trials = Vec::with_capacity(arguments.files.len());
    for file in &arguments.files {
        let tried = try_file(file.as_ref(), options.clone(), max_file_bytes, cancel).await;
        counter.step();
        trials.push(Trial::of(file, tried));
    }
    counter.finish();
    if arguments.json {
        output::json(&trials);
    } else {
        let rows: Vec<Vec<String>> = trials.iter().flat_map(Trial::rows).collect();
        format::table(&rows).iter().for_each(|line| output::line(line));
    }
    trials.iter().for_each(Trial::tell_failure);
    if trials.iter().all(|trial| trial.ok) { Exit::Success } else { Exit::Failed }
}
