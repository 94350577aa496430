//! Changes of jobs: several of them in one transaction, because each transaction costs more than a change.

use crate::History;
use crate::jobs::{self, JobRow};
use crate::new_upload::NewUpload;
use crate::thumbnails_due;
use crate::uploads;
use picferry_core::Result;
use picferry_core::job::JobState;
use picferry_core::upload::Upload;
use rusqlite::Connection;

/// One change.
#[derive(Debug, Clone)]
pub enum JobWrite {
    /// The job as it stands now.
    Update(Box<JobRow>),
    /// What a job stored, which ends the job as done. Its thumbnail may be left to the app.
    Finish {
        /// The job.
        job: Box<JobRow>,
        /// What it stored.
        upload: Box<NewUpload>,
        /// The app is to draw the thumbnail.
        thumbnail_due: bool,
    },
}

impl History {
    /// Makes all changes or none, in their order. A change that ends a job with an upload answers with its
    /// row; a job that was recorded before keeps that row, and it is the answer.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn write_jobs(&self, writes: &[JobWrite]) -> Result<Vec<Option<Upload>>> {
        self.write(|connection| writes.iter().map(|write| write_job(connection, write)).collect())
    }

    /// Records what a job stored and ends the job as done, both or neither. A job that was
    /// recorded before keeps its row, and that one is the answer.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn finish_job_with_upload(&self, job: &JobRow, upload: &NewUpload) -> Result<Upload> {
        self.write(|connection| finish(connection, job, upload))
    }
}

fn write_job(connection: &Connection, write: &JobWrite) -> rusqlite::Result<Option<Upload>> {
    match write {
        JobWrite::Update(job) => jobs::update(connection, job).map(|_| None),
        JobWrite::Finish { job, upload, thumbnail_due } => {
            let recorded = finish(connection, job, upload)?;
            if *thumbnail_due {
                thumbnails_due::owe(connection, recorded.id)?;
            }
            Ok(Some(recorded))
        }
    }
}

fn finish(connection: &Connection, job: &JobRow, upload: &NewUpload) -> rusqlite::Result<Upload> {
    // Another process may have sent the same picture at the same moment: one object, one row.
    let recorded = match uploads::same_object(connection, upload)? {
        Some(known) => known,
        None => uploads::record(connection, upload)?,
    };
    let mut done = job.clone();
    done.snapshot.state = JobState::Done;
    done.snapshot.stage = None;
    done.snapshot.error = None;
    done.snapshot.retry_at = None;
    done.snapshot.upload_id = Some(recorded.id);
    jobs::update(connection, &done)?;
    Ok(recorded)
}
