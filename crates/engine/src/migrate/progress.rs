//! Tells how far a run is.

use crate::event_hub::{EventHub, Throttle};
use picferry_core::event::{Event, EventSink as _};
use picferry_core::migrate::{MigrationProgress, MigrationStage};
use std::sync::{Mutex, PoisonError};

/// The counters of a run.
pub struct Progress {
    counted: Mutex<MigrationProgress>,
    throttle: Throttle,
}

impl Progress {
    /// A run that begins.
    pub fn new(id: &str) -> Self {
        let counted = MigrationProgress {
            id: id.to_owned(),
            stage: MigrationStage::Reading,
            pictures_done: 0,
            pictures: 0,
            files_done: 0,
            files: 0,
        };
        Self { counted: Mutex::new(counted), throttle: Throttle::default() }
    }

    /// Changes a stage or a sum, and tells.
    pub fn enter(&self, hub: &EventHub, change: impl FnOnce(&mut MigrationProgress)) {
        let progress = self.change(change);
        hub.send(Event::MigrationChanged { migration: progress });
    }

    /// Counts on, and tells if the last time is long enough ago.
    pub fn count(&self, hub: &EventHub, change: impl FnOnce(&mut MigrationProgress)) {
        let progress = self.change(change);
        if self.throttle.may_tell() {
            hub.send(Event::MigrationChanged { migration: progress });
        }
    }

    fn change(&self, change: impl FnOnce(&mut MigrationProgress)) -> MigrationProgress {
        let mut progress = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress);
        progress.clone()
    }
}
