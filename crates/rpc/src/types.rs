//! What commands take and give, beyond the words of the domain.
//!
//! Requests name fields the way the window sends them. `?` in TypeScript means that a field may
//! be left out; `null` means the same.

mod app;
mod compress;
mod history;
mod links;
mod migrate;
mod profiles;
mod uploads;
mod watched;

pub use app::{
    AppState, AutostartChange, DesktopState, ErrorReport, FolderName, HotkeyChange, HotkeyName, HotkeyState,
    NoticeTopic, OpenAddress, OpenFolder, Platform, ServerToken, SettingsChange, WindowAction, WindowRequest,
};
pub use compress::{CompressOpen, CompressRemove, CompressSave, CompressTry, CompressUse};
pub use history::{
    HistoryDelete, HistoryFilterRequest, HistoryPageRequest, HistoryReupload, UploadAlt, UploadId, UploadIds,
    UploadNote,
};
pub use links::{Copied, CopyText, FormattedLink, JobLinksCopy, LinksRequest, TemplatePreview};
pub use migrate::{MigrateId, MigratePath};
pub use profiles::{DraftRequest, ProfileId, ProfileOrder, RepairedDraft};
pub use uploads::{
    JobAnswer, JobIds, OfferAnswer, PastedFile, UploadBytes, UploadClipboard, UploadPaths, UploadTo,
    UploadUrls,
};
pub use watched::{WatchAdd, WatchChange, WatchId, WatchPause};

use serde::{Deserialize, Serialize};

/// A command that needs to be told nothing.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct Empty {}
