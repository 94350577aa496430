//! What `--json` says of each input, which scripts rely on.

use crate::commands::write_error;
use crate::output;
use picferry_core::job::{JobSnapshot, JobState, Source};
use picferry_core::{Error, ErrorCode, Result};
use serde::Serialize;
use std::ffi::OsString;

/// One input and what became of it. Unknown values are `null`, never left out.
#[derive(Serialize)]
pub struct Entry {
    /// As it was given.
    pub input: String,
    /// Whether it is on the host now.
    pub ok: bool,
    /// The reader's address, encoded.
    pub url: Option<String>,
    /// The object key.
    pub key: Option<String>,
    /// The profile's name.
    pub profile: String,
    /// Size of the source.
    pub bytes_in: Option<u64>,
    /// Size of what was sent.
    pub bytes_out: Option<u64>,
    /// Of what was sent, lowercase hexadecimal.
    pub sha256: Option<String>,
    /// Why it is not on the host.
    #[serde(serialize_with = "write_error")]
    pub error: Option<Box<Error>>,
}

/// One entry for each input, in input order. `jobs` are those of the inputs that became sources.
pub fn entries(
    files: &[OsString],
    inputs: Vec<Result<Source>>,
    jobs: Vec<JobSnapshot>,
    profile: &str,
) -> Vec<Entry> {
    let mut jobs = jobs.into_iter();
    files
        .iter()
        .zip(inputs)
        .map(|(file, input)| {
            let input_text = file.to_string_lossy().into_owned();
            match input.map(|_| jobs.next()) {
                Ok(Some(job)) => Entry::of_job(input_text, job),
                Ok(None) => Entry::failed(input_text, profile, lost()),
                Err(error) => Entry::failed(input_text, profile, error),
            }
        })
        .collect()
}

impl Entry {
    fn of_job(input: String, job: JobSnapshot) -> Self {
        if job.state != JobState::Done {
            let error = job.error.map_or_else(cancelled, Box::new);
            let bytes_in = (job.bytes_in > 0).then_some(job.bytes_in);
            return Self { bytes_in, ..Self::failed(input, &job.profile_name, error) };
        }
        Self {
            input,
            ok: true,
            url: job.url,
            key: job.key,
            profile: job.profile_name,
            bytes_in: Some(job.bytes_in),
            bytes_out: Some(job.bytes_out),
            sha256: job.sha256,
            error: None,
        }
    }

    fn failed(input: String, profile: &str, error: Box<Error>) -> Self {
        Self {
            input,
            ok: false,
            url: None,
            key: None,
            profile: profile.to_owned(),
            bytes_in: None,
            bytes_out: None,
            sha256: None,
            error: Some(error),
        }
    }

    /// Says on standard error why it failed, if it did.
    pub fn tell_failure(&self) {
        if let Some(error) = &self.error {
            output::error(Some(&self.input), error);
        }
    }
}

fn cancelled() -> Box<Error> {
    Error::new(ErrorCode::Cancelled, "It was cancelled before it was sent.").hint("Upload it again.")
}

fn lost() -> Box<Error> {
    Error::new(ErrorCode::Internal, "Picferry lost track of this picture.")
        .hint("Look for it with `picferry history list`, and upload it again if it is not there.")
}
