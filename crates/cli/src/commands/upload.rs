//! `picferry upload`: pictures in, links out, in the same order.

mod inputs;
mod report;

use super::open_engine;
use crate::arguments::{Arguments, Command, UploadArguments};
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::progress::Progress;
use crate::signals::Interrupts;
use crate::values::image_fields;
use clap::CommandFactory as _;
use picferry_core::event::Event;
use picferry_core::job::{ConflictAnswer, JobSnapshot, JobState, Origin, Source, UploadRequest};
use picferry_core::link::LinkFormat;
use picferry_core::picture::PictureFormat;
use picferry_core::settings::Settings;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Accepted, Engine, Events, Role};
use picferry_server::editors::Asked;
use report::Entry;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// Takes the voice of PicGo where it is called for, and refuses an upload of nothing, as the grammar
/// would: whether nothing means the clipboard depends on who is asked.
pub fn prepare(arguments: &mut Arguments) {
    let globals = arguments.picgo.clone();
    let Command::Upload(upload) = &mut arguments.command else { return };
    let picgo = &mut upload.picgo;
    let has_settings_of_picgo = globals.config.is_some() || picgo.globals.config.is_some();
    // The name is lost where a program follows the link to its end before it runs it; only PicGo is told
    // of a settings file.
    picgo.is_asked_for |= is_called_picgo() || has_settings_of_picgo;
    upload.quiet |= globals.silent || picgo.globals.silent;
    if upload.quiet {
        output::be_quiet();
    }
    if picgo.is_asked_for {
        upload.clipboard |= upload.files.is_empty();
        match upload.format.as_deref() {
            None | Some("pretty") => upload.format = Some("url".to_owned()),
            Some("json") => upload.json = true,
            Some(_) => {}
        }
        // Whoever reads JSON reads nothing beside it.
        if !upload.json {
            output::speak_as_picgo();
        }
    }
    if upload.json {
        upload.format = upload.format.take().filter(|format| format != "json");
    }
    if has_settings_of_picgo {
        output::note("PicGo's settings file is not read; the profiles are those of Picferry.");
    }
    if globals.proxy.is_some() || picgo.globals.proxy.is_some() {
        output::note("The proxy of the settings is used, not that of the command line.");
    }
    if upload.files.is_empty() && !upload.clipboard {
        let message = "name the pictures to upload, or say --clipboard";
        let mut grammar = Arguments::command();
        grammar.build();
        let grammar = grammar.find_subcommand_mut("upload");
        let kind = clap::error::ErrorKind::MissingRequiredArgument;
        grammar.map_or_else(|| clap::Error::raw(kind, message), |upload| upload.error(kind, message)).exit();
    }
}

/// Whether PicGo's words are expected, of a command line that could not be read.
pub fn is_meant_as_picgo() -> bool {
    is_called_picgo() || std::env::args_os().skip(1).any(|argument| argument == "--picgo")
}

/// Editors start PicGo by its name; a link with that name leads here.
fn is_called_picgo() -> bool {
    let name = std::env::args_os().next().unwrap_or_default();
    Path::new(&name).file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("picgo"))
}

/// Uploads and prints the links.
pub async fn run(arguments: UploadArguments) -> Outcome {
    let engine = open_engine(Role::Cli).await?;
    let outcome = Box::pin(upload(&engine, &arguments)).await;
    engine.close().await;
    outcome
}

async fn upload(engine: &Arc<Engine>, arguments: &UploadArguments) -> Outcome {
    let settings = engine.settings();
    let format = link_format(arguments.format.as_deref(), &settings)?;
    let profile =
        engine.profile(&profile_of(engine, arguments)?.unwrap_or(settings.default_profile.clone()))?;

    let mut overrides = image_fields(&arguments.set)?;
    if arguments.no_compress {
        let all = PictureFormat::ALL.map(PictureFormat::name).join(" ");
        overrides.entry("image_skip".to_owned()).or_insert(all);
    }

    let (names, inputs): (Vec<OsString>, Vec<Result<Source>>) =
        inputs::collect(engine, arguments).await?.into_iter().unzip();
    let sources: Vec<Source> = inputs.iter().filter_map(|input| input.as_ref().ok().cloned()).collect();
    let (jobs, interrupted) = if sources.is_empty() {
        (Vec::new(), false)
    } else {
        // Before anything is taken in: what Ctrl+C stops must not go on later by itself.
        let mut interrupts = Interrupts::new();
        let events = engine.subscribe();
        let request =
            UploadRequest { sources, profile_id: Some(profile.id.clone()), origin: Origin::Cli, overrides };
        let accepted = match engine.upload(request).await {
            Ok(accepted) => accepted,
            Err(refusal) => {
                let refused = inputs.into_iter().map(|input| input.and(Err(refusal.clone()))).collect();
                if arguments.json {
                    output::json(&report::entries(&names, refused, Vec::new(), &profile.name));
                }
                return Err(refusal.into());
            }
        };
        follow(engine, accepted, events, &mut interrupts).await?
    };

    let entries = report::entries(&names, inputs, jobs.clone(), &profile.name);
    let all_went_well = entries.iter().all(|entry| entry.ok);
    jobs.iter().for_each(|job| super::tell_unprocessed(&job.name, &job.notes));
    if arguments.json {
        output::json(&entries);
    } else if all_went_well || !arguments.picgo.is_asked_for {
        // Who reads PicGo's words takes as many last lines as there are pictures.
        if arguments.picgo.is_asked_for {
            output::line("[PicGo SUCCESS]: ");
        }
        print_links(engine, &jobs, &format).await?;
    }
    entries.iter().for_each(Entry::tell_failure);
    Ok(match (interrupted, all_went_well) {
        (true, false) => Exit::Interrupted,
        (_, true) => Exit::Success,
        (false, false) => Exit::Failed,
    })
}

/// The profile that is named, in Picferry's words or in PicGo's.
fn profile_of(engine: &Engine, arguments: &UploadArguments) -> Result<Option<String>> {
    if arguments.profile.is_some() {
        return Ok(arguments.profile.clone());
    }
    let picgo = &arguments.picgo;
    let asked =
        Asked { host: picgo.uploader.clone(), name: picgo.config_name.clone(), id: picgo.config_id.clone() };
    asked.profile(engine)
}

/// The format asked for, or that of the settings; checked before anything is sent.
fn link_format(wanted: Option<&str>, settings: &Settings) -> Outcome<LinkFormat> {
    let name = wanted.unwrap_or(&settings.links.format);
    LinkFormat::resolve(name, &settings.links.custom).map_err(Failure::usage)
}

/// Waits for the batch and shows how far it is. Ctrl+C cancels what is left; a second one ends the
/// program at once and leaves the queue to the next Picferry.
async fn follow(
    engine: &Arc<Engine>,
    accepted: Accepted,
    mut events: Events,
    interrupts: &mut Interrupts,
) -> Result<(Vec<JobSnapshot>, bool)> {
    let ids: Vec<String> = accepted.jobs.iter().map(|job| job.id.clone()).collect();
    let mut progress = Progress::new(ids.len());
    let mut asked = HashSet::new();
    let mut notices = Vec::new();
    let mut interrupted = false;
    let ended = engine.wait_for_batch(&accepted.batch);
    tokio::pin!(ended);
    let mut jobs = loop {
        tokio::select! {
            jobs = &mut ended => break jobs,
            event = events.recv() => match event {
                Ok(Event::JobChanged { job }) if job.batch == accepted.batch => {
                    progress.job_changed(&job);
                    refuse_question(engine, &job, &mut asked).await?;
                }
                Ok(Event::Notice { notice }) => notices.push(notice),
                Err(RecvError::Lagged(_)) => {
                    for job in engine.jobs().iter().filter(|job| job.batch == accepted.batch) {
                        refuse_question(engine, job, &mut asked).await?;
                    }
                }
                _ => {}
            },
            () = interrupts.next() => {
                if interrupted {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
                interrupted = true;
                progress.finish();
                output::remark("Cancelling what is not sent yet. Press Ctrl+C again to stop at once.");
                engine.cancel(Some(ids.clone())).await?;
            }
        }
    };
    progress.finish();
    notices.iter().for_each(|notice| output::notice(&notice.error));
    jobs.iter_mut().filter(|job| asked.contains(&job.id)).for_each(say_why_nobody_was_asked);
    Ok((jobs, interrupted))
}

/// A profile may want to ask about a taken key; a script has nobody to ask.
async fn refuse_question(engine: &Arc<Engine>, job: &JobSnapshot, asked: &mut HashSet<String>) -> Result<()> {
    if job.state == JobState::Asking && asked.insert(job.id.clone()) {
        engine.answer_conflict(&job.id, ConflictAnswer::Cancel, false).await?;
    }
    Ok(())
}

fn say_why_nobody_was_asked(job: &mut JobSnapshot) {
    if job.state == JobState::Cancelled {
        let key = job.key.clone().unwrap_or_default();
        let error = Error::new(ErrorCode::KeyExists, format!("The name {key} is taken on the host."))
            .hint("This profile asks what to do then, which only the window can. Choose another rule for taken names in the profile.")
            .param("key", key);
        job.error = Some(*error);
    }
}

async fn print_links(engine: &Engine, jobs: &[JobSnapshot], format: &LinkFormat) -> Result<()> {
    engine.job_links(jobs, format).await?.iter().for_each(|link| output::line(link));
    Ok(())
}
