//! From pictures taken in to what became of each, and what has to be watched meanwhile.

use super::State;
use picferry_core::event::Event;
use picferry_core::job::{ConflictAnswer, JobSnapshot, JobState, Origin, Source, UploadRequest};
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// How often an answer that waits looks whether it waits for nothing.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A picture that arrived.
#[derive(Debug)]
pub(super) struct Done {
    pub job: JobSnapshot,
    /// Its row in the history; none for what lay on the host before.
    pub upload: Option<Upload>,
    /// The kind of host: `s3`.
    pub host: String,
}

/// What became of one input.
pub(super) type Outcome = Result<Done>;

/// Sends pictures and waits for all of them; one outcome for each, in their order.
pub(super) async fn ferry(
    state: &State,
    profile_id: Option<String>,
    inputs: Vec<Result<Source>>,
) -> Vec<Outcome> {
    let sources: Vec<Source> = inputs.iter().filter_map(|input| input.as_ref().ok().cloned()).collect();
    let mut sent = match send(state, profile_id, sources).await {
        Ok(sent) => sent.into_iter(),
        Err(error) => {
            return inputs
                .into_iter()
                .map(|input| Err(input.err().unwrap_or_else(|| error.clone())))
                .collect();
        }
    };
    let lost = || Err(Error::new(ErrorCode::Internal, "Picferry lost track of this picture."));
    inputs.into_iter().map(|input| input.and_then(|_| sent.next().unwrap_or_else(lost))).collect()
}

async fn send(state: &State, profile_id: Option<String>, sources: Vec<Source>) -> Result<Vec<Outcome>> {
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let kept: Vec<Source> =
        sources.iter().filter(|source| matches!(source, Source::Received { .. })).cloned().collect();
    let request = UploadRequest { sources, profile_id, origin: Origin::Server, overrides: BTreeMap::new() };
    let place = state.accepting.acquire().await;
    let accepted = state.engine.upload(request).await;
    drop(place);
    let accepted = accepted.inspect_err(|_| state.engine.discard(&kept))?;
    let jobs = wait(state, &accepted.batch).await;
    Ok(with_rows(state, jobs).await)
}

/// Waits for the end of a batch: not for ever, not for pictures that the person stopped, and not
/// when the server closes. What is under way goes on in any case.
async fn wait(state: &State, batch: &str) -> Vec<JobSnapshot> {
    let ended = state.engine.wait_for_batch(batch);
    let mut ended = std::pin::pin!(ended);
    let deadline = tokio::time::Instant::now() + state.limits.answer;
    loop {
        tokio::select! {
            jobs = &mut ended => return jobs,
            () = state.closing.cancelled() => return of_batch(state, batch),
            () = tokio::time::sleep_until(deadline) => return of_batch(state, batch),
            () = tokio::time::sleep(LOOK_AGAIN) => {
                let jobs = of_batch(state, batch);
                let rests = |job: &JobSnapshot| job.state.is_terminal() || job.state == JobState::Paused;
                if jobs.iter().all(rests) {
                    return jobs;
                }
            }
        }
    }
}

fn of_batch(state: &State, batch: &str) -> Vec<JobSnapshot> {
    state.engine.jobs_of_batch(batch)
}

/// The pictures are on the host: without the database only their sizes are missing.
async fn with_rows(state: &State, jobs: Vec<JobSnapshot>) -> Vec<Outcome> {
    let ids: Vec<i64> = jobs.iter().filter_map(|job| job.upload_id).collect();
    let rows = state.engine.history_get(ids).await.unwrap_or_default();
    let rows: HashMap<i64, Upload> = rows.into_iter().map(|row| (row.id, row)).collect();
    let settings = state.engine.settings();
    let outcome = |job: JobSnapshot| {
        if job.state != JobState::Done || job.url.is_none() {
            return Err(why_not(job));
        }
        let upload = job.upload_id.and_then(|id| rows.get(&id).cloned());
        let profile = settings.profiles.iter().find(|profile| profile.id == job.profile_id);
        let host = profile.map(|profile| profile.host.clone()).unwrap_or_default();
        Ok(Done { job, upload, host })
    };
    jobs.into_iter().map(outcome).collect()
}

fn why_not(job: JobSnapshot) -> Box<Error> {
    match (job.state, job.error) {
        (JobState::Failed, Some(error)) => Box::new(error),
        (JobState::Cancelled, _) if job.key.is_some() => {
            let key = job.key.unwrap_or_default();
            Error::new(ErrorCode::KeyExists, format!("The name {key} is taken on the host."))
                .hint("The profile asks what to do then, and an editor cannot be asked. Choose another rule for taken names in the profile.")
                .param("key", key)
        }
        (JobState::Cancelled, _) => {
            Error::new(ErrorCode::Cancelled, "It was cancelled in Picferry.").hint("Upload it again.")
        }
        (JobState::Paused, _) => Error::new(ErrorCode::Cancelled, "It is paused in Picferry.")
            .hint("Let it go on there; its link is in the gallery then."),
        _ => Error::new(ErrorCode::Network, "It is still on its way.")
            .hint("Picferry goes on with it; its link is in the gallery then.")
            .temporary(),
    }
}

/// Answers for editors what a job asks: nobody there can.
pub(super) async fn questions(state: &Arc<State>) {
    let mut events = state.engine.subscribe();
    loop {
        let asking: Vec<JobSnapshot> = match events.recv().await {
            Ok(Event::JobChanged { job }) => vec![job],
            Ok(_) => continue,
            Err(RecvError::Lagged(_)) => state.engine.jobs(),
            Err(RecvError::Closed) => return,
        };
        for job in asking {
            if job.state == JobState::Asking && job.origin == Origin::Server {
                let answered = state.engine.answer_conflict(&job.id, ConflictAnswer::Cancel, false).await;
                if let Err(error) = answered {
                    tracing::warn!(%error, "a question for an editor could not be answered");
                }
            }
        }
    }
}

/// Follows the token: a new one holds from the moment it is set.
pub(super) async fn token(state: &Arc<State>) {
    let mut events = state.engine.subscribe();
    loop {
        match events.recv().await {
            Ok(Event::SettingsChanged) | Err(RecvError::Lagged(_)) => {
                if let Err(error) = state.token.read(&state.engine).await {
                    tracing::warn!(%error, "the token of the server cannot be read: nobody is let in");
                }
            }
            Ok(_) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
