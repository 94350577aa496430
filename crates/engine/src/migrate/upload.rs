//! Hands pictures to the queue and waits for their links.

use super::path_text;
use super::plan::PictureSource;
use super::progress::Progress;
use super::run::Run;
use super::write::{Destination, Outcomes};
use crate::options::Role;
use picferry_core::encode::readable_url;
use picferry_core::event::Event;
use picferry_core::job::{ConflictAnswer, JobSnapshot, JobState, Source, UploadRequest};
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::HashSet;
use tokio::sync::broadcast::error::RecvError;

/// Sends pictures. What was stopped has no outcome.
///
/// # Errors
/// The queue cannot be written.
pub async fn upload(
    run: &Run,
    profile: &Profile,
    sources: &[PictureSource],
    progress: &Progress,
) -> Result<Outcomes> {
    let mut outcomes = Outcomes::new();
    let mut sent = Vec::new();
    let mut request = UploadRequest {
        profile_id: Some(profile.id.clone()),
        origin: run.request.origin,
        ..UploadRequest::default()
    };
    for source in sources {
        let taken = match source {
            PictureSource::File(path) => path_text(path).map(|path| Source::Path { path }),
            PictureSource::Address(url) => Ok(Source::Url { url: url.clone() }),
        };
        match taken {
            Ok(taken) => {
                request.sources.push(taken);
                sent.push(source);
            }
            Err(error) => drop(outcomes.insert(source.clone(), Err(error))),
        }
    }
    let is_encoded = run.engine.settings().links.encoded;
    for (source, job) in sent.into_iter().zip(ferry(run, request, progress).await?) {
        let outcome = match (job.state, job.url, job.error) {
            (JobState::Done, Some(url), _) => {
                Ok(Destination::Address(if is_encoded { url } else { readable_url(&url) }))
            }
            (JobState::Cancelled, _, None) => continue,
            (_, _, Some(error)) => Err(Box::new(error)),
            _ => Err(Error::new(ErrorCode::Internal, "The picture was sent and has no address.")),
        };
        outcomes.insert(source.clone(), outcome);
    }
    Ok(outcomes)
}

/// Takes pictures across, and gives their jobs in the order of the sources.
async fn ferry(run: &Run, request: UploadRequest, progress: &Progress) -> Result<Vec<JobSnapshot>> {
    let engine = &run.engine;
    let mut events = engine.subscribe();
    let accepted = engine.upload_quietly(request).await?;
    let ids: Vec<String> = accepted.jobs.iter().map(|job| job.id.clone()).collect();
    let mut ended_jobs = HashSet::new();
    let mut count_end = |job: &JobSnapshot| {
        if job.state.is_terminal() && ended_jobs.insert(job.id.clone()) {
            progress.count(&engine.hub, |progress| progress.pictures_done += 1);
        }
    };
    let mut asked = HashSet::new();
    let mut is_stopped = false;
    let ended = engine.wait_for_batch(&accepted.batch);
    tokio::pin!(ended);
    let mut jobs = loop {
        tokio::select! {
            jobs = &mut ended => break jobs,
            event = events.recv() => {
                let changed = match event {
                    Ok(Event::JobChanged { job }) => vec![job],
                    Err(RecvError::Lagged(_)) => engine.jobs(),
                    _ => Vec::new(),
                };
                for job in changed.into_iter().filter(|job| job.batch == accepted.batch) {
                    count_end(&job);
                    // In a terminal there is nobody to ask; the window shows the question.
                    if job.state == JobState::Asking && engine.role != Role::App && asked.insert(job.id.clone()) {
                        engine.answer_conflict(&job.id, ConflictAnswer::Cancel, false).await?;
                    }
                }
            }
            () = run.cancel.cancelled(), if !is_stopped => {
                is_stopped = true;
                engine.cancel(Some(ids.clone())).await?;
            }
        }
    };
    // The batch may be seen to end before the events of its last pictures.
    jobs.iter().for_each(count_end);
    for job in jobs.iter_mut().filter(|job| asked.contains(&job.id) && job.state == JobState::Cancelled) {
        let key = job.key.clone().unwrap_or_default();
        let error = Error::new(ErrorCode::KeyExists, format!("The name {key} is taken on the host."))
            .hint("This profile asks what to do then, which only the window can. Choose another rule for taken names in the profile.")
            .param("key", key);
        job.error = Some(*error);
    }
    Ok(jobs)
}
