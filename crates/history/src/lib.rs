//! The history: uploads and the queue of jobs in one SQLite file, shared by all processes of a person.
//!
//! Everything here blocks; callers on an async runtime use a blocking thread. One connection
//! writes, a few others read: with the write-ahead log a page of the gallery never waits for an
//! upload being recorded. The window and the command line open the same file at once, so every
//! change is one immediate transaction, and what must happen once (taking over a job, recording
//! an upload) is decided inside it.

mod columns;
mod failure;
mod gallery;
mod job_writes;
mod jobs;
mod migrations;
mod new_upload;
mod place;
mod removal;
mod search;
mod search_index;
mod store;
mod sums;
mod thumbnails_due;
mod uploads;
mod watched;

pub use job_writes::JobWrite;
pub use jobs::{JobRow, StoredSource};
pub use new_upload::NewUpload;
pub use store::History;
pub use watched::{Stamp, WatchedCounts, WatchedFile, WatchedOutcome};
