//! Events: snapshots of what changed, for whoever shows it.

use crate::compress::CompressPicture;
use crate::crossing::{Arrival, Crossing};
use crate::error::Error;
use crate::job::JobSnapshot;
use crate::migrate::MigrationProgress;
use crate::offer::Offer;
use crate::watched::WatchedFolders;
use serde::{Deserialize, Serialize};

/// Something changed. The terminal state of a job always goes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Event {
    /// A job is new or different; at most ten a second for each job.
    JobChanged {
        job: JobSnapshot,
    },
    /// Jobs were taken off the list.
    JobsCleared {
        ids: Vec<String>,
    },
    /// All jobs of a batch ended. `uploaded` are history rows in input order.
    BatchFinished {
        batch: String,
        #[ts(type = "number[]")]
        uploaded: Vec<i64>,
        failed: u32,
        cancelled: u32,
    },
    /// The links of a batch were put on the clipboard.
    LinksCopied {
        count: u32,
        format: String,
    },
    /// Rows of the history came, went or changed: read the pages shown again.
    HistoryChanged,
    /// A picture on the compress screen is new or different; at most ten a second for each.
    CompressChanged {
        picture: CompressPicture,
    },
    /// A migration of Markdown files went on; at most ten a second, the end always.
    MigrationChanged {
        migration: MigrationProgress,
    },
    /// Uploads that wait for the person's word came or went: these are all of them.
    OffersChanged {
        offers: Vec<Offer>,
    },
    /// The migration of a window ended: read how it stands.
    MigrationEnded,
    /// Watched folders as they stand now; a few a second at most.
    WatchedFoldersChanged {
        watched: WatchedFolders,
    },
    /// The settings or profiles changed: read them again.
    SettingsChanged,
    /// Something the person should know; shown as a notice or toast.
    Notice {
        notice: Notice,
    },
    /// A file drag is over the window (`x`, `y` in CSS pixels), or left it, or dropped.
    DragHover {
        x: i32,
        y: i32,
        count: u32,
    },
    DragLeft,
    DragDropped {
        x: i32,
        y: i32,
        paths: Vec<String>,
    },
    /// The crossing as a whole is different; a few times a second at most. For the small windows.
    CrossingChanged {
        crossing: Crossing,
    },
    /// What the card in the corner of the screen says.
    Arrived {
        arrival: Arrival,
    },
    /// What the card in the corner of the screen asks: an upload that waits for the person's word.
    Asked {
        offer: Offer,
    },
    /// The window is asked to show a screen: `upload`, `gallery`, `hosts`, `compress`, `settings`.
    Navigate {
        screen: String,
    },
}

/// Something the person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Notice {
    /// What it is about: at most one notice of a topic is shown. `settings_restored`, `keychain`,
    /// `hotkey`, `local_store`, `tray` …
    pub topic: String,
    /// The words.
    pub error: Error,
}

/// Takes events; must not block.
pub trait EventSink: Send + Sync {
    /// One event.
    fn send(&self, event: Event);
}
