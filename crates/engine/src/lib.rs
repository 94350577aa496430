//! Everything between an entry point and a host: jobs, settings, secrets, history.
//!
//! [`Engine::open`] wires it together. Entry points (window, command line, HTTP) differ only in
//! how pictures come in and where links go out; everything else is the same call to
//! [`Engine::upload`].

mod acquire;
mod batch;
mod compress;
mod conflict;
mod deletion;
mod editors;
mod engine;
mod event_hub;
mod fetch;
mod gallery;
mod images;
mod incoming;
mod indexing;
mod instance;
mod job_list;
mod job_writer;
mod links;
mod local_store;
mod logging;
mod migrate;
mod names;
mod offers;
mod options;
mod own_files;
mod paths;
mod picture_memory;
mod pipeline;
mod profile_draft;
mod profile_name;
mod profiles;
mod provider_pool;
mod public_address;
mod queue;
mod ready;
mod retry;
mod scheduler;
mod secrets;
mod settings_file;
mod source_name;
mod spool;
mod thumbnails;
mod thumbnails_due;
mod watch;
mod watch_folder;
mod worker;

pub use compress::{
    FailedCopy, FileBatch, FileMade, FileTrial, ImageFields, SavedCopies, Shown, compress_files, try_file,
};
pub use deletion::{DeleteMode, DeleteResult};
pub use editors::is_loopback;
pub use engine::Engine;
pub use event_hub::Events;
pub use incoming::Incoming;
pub use links::LabelledLink;
pub use local_store::LocalStoreState;
pub use names::NamePreview;
pub use offers::Proposal;
pub use options::{EngineOptions, Role, SystemClock, SystemRandom};
pub use paths::Paths;
pub use picferry_core as core;
pub use picferry_core::upload::Totals;
pub use picferry_imaging::Cancel;
pub use picferry_providers::crowd;
pub use profile_draft::ProfileDraft;
pub use queue::Accepted;
pub use retry::RetryPolicy;
pub use secrets::{FileSecrets, MemorySecrets};
pub use spool::write_whole;
pub use tokio_util::sync::CancellationToken;
pub use watch_folder::WatchTiming;
