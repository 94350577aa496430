//! Every command of the window, declared once.
//!
//! A line names the command, what it takes, what it gives, and the function that does it; a line
//! without a function of that shape does not compile.

use crate::handlers::{app, compress, history, links, migrate, profiles, uploads, watched};
use crate::table::commands;
use crate::types::{
    AppState, AutostartChange, CompressOpen, CompressRemove, CompressSave, CompressTry, CompressUse, Copied,
    CopyText, DesktopState, DraftRequest, Empty, ErrorReport, FormattedLink, HistoryDelete,
    HistoryFilterRequest, HistoryPageRequest, HistoryReupload, HotkeyChange, HotkeyState, JobAnswer, JobIds,
    JobLinksCopy, LinksRequest, MigrateId, MigratePath, NoticeTopic, OfferAnswer, OpenAddress, OpenFolder,
    ProfileId, ProfileOrder, RepairedDraft, ServerToken, SettingsChange, TemplatePreview, UploadAlt,
    UploadBytes, UploadClipboard, UploadId, UploadIds, UploadNote, UploadPaths, UploadTo, UploadUrls,
    WatchAdd, WatchChange, WatchId, WatchPause, WindowRequest,
};
use picferry_core::Error;
use picferry_core::compress::CompressPicture;
use picferry_core::job::JobSnapshot;
use picferry_core::migrate::{Migration, MigrationRequest, MigrationState, MigrationUndo};
use picferry_core::profile::Profile;
use picferry_core::provider::TestReport;
use picferry_core::secret::SecretStoreKind;
use picferry_core::settings::Settings;
use picferry_core::upload::{DayCount, HistoryPage, Upload};
use picferry_core::watched::{WatchedFolder, WatchedFolders};
use picferry_engine::{Accepted, DeleteResult, NamePreview, SavedCopies, Totals};
use std::sync::Arc;

commands! {
    app_state: Empty => AppState = app::state;
    settings_change: SettingsChange => Arc<Settings> = app::change_settings;
    server_token_set: ServerToken => Arc<Settings> = app::set_server_token;
    secret_store_use_file: Empty => SecretStoreKind = app::use_secret_file;
    notice_dismiss: NoticeTopic => () = app::dismiss_notice;
    error_report: ErrorReport => String = app::report_error;
    autostart_set: AutostartChange => DesktopState = app::set_autostart;
    hotkey_set: HotkeyChange => HotkeyState = app::set_hotkey;
    open_address: OpenAddress => () = app::open_address;
    open_folder: OpenFolder => () = app::open_folder;
    window: WindowRequest => () = app::window;

    upload_paths: UploadPaths => Accepted = uploads::paths;
    upload_urls: UploadUrls => Accepted = uploads::urls;
    upload_clipboard: UploadClipboard => Accepted = uploads::clipboard;
    upload_choose: UploadTo => Option<Accepted> = uploads::choose;
    upload_screenshot: UploadTo => Option<Accepted> = uploads::screenshot;
    upload_sample: UploadTo => Accepted = uploads::sample;
    upload_bytes: UploadBytes => Accepted = uploads::bytes;
    jobs: Empty => Vec<JobSnapshot> = uploads::jobs;
    jobs_pause: JobIds => () = uploads::pause;
    jobs_resume: JobIds => () = uploads::resume;
    jobs_cancel: JobIds => () = uploads::cancel;
    jobs_retry: JobIds => () = uploads::retry;
    jobs_clear: JobIds => () = uploads::clear;
    offer_answer: OfferAnswer => Option<Accepted> = uploads::answer_offer;
    job_answer: JobAnswer => () = uploads::answer;

    profile_repair: DraftRequest => RepairedDraft = profiles::repair;
    profile_check: DraftRequest => Vec<Error> = profiles::check;
    profile_save: DraftRequest => Profile = profiles::save;
    profile_test: DraftRequest => TestReport = profiles::test;
    profile_duplicate: ProfileId => Profile = profiles::duplicate;
    profile_remove: ProfileId => () = profiles::remove;
    profile_reorder: ProfileOrder => () = profiles::reorder;
    profile_set_default: ProfileId => () = profiles::set_default;
    profile_usage: ProfileId => Totals = profiles::usage;
    names_preview: DraftRequest => Vec<NamePreview> = profiles::preview_names;

    history_page: HistoryPageRequest => HistoryPage = history::page;
    history_days: HistoryFilterRequest => Vec<DayCount> = history::days;
    history_totals: HistoryFilterRequest => Totals = history::totals;
    history_get: UploadIds => Vec<Upload> = history::get;
    history_set_alt: UploadAlt => Upload = history::set_alt;
    history_set_note: UploadNote => Upload = history::set_note;
    history_twins: UploadIds => u32 = history::twins;
    history_delete: HistoryDelete => Vec<DeleteResult> = history::delete;
    history_restore: UploadIds => () = history::restore;
    history_reupload: HistoryReupload => Accepted = history::reupload;
    history_open: UploadId => () = history::open;
    history_reveal: UploadId => () = history::reveal;

    compress_list: Empty => Vec<CompressPicture> = compress::list;
    compress_open: CompressOpen => Vec<CompressPicture> = compress::open;
    compress_clipboard: Empty => Vec<CompressPicture> = compress::clipboard;
    compress_choose: Empty => Vec<CompressPicture> = compress::choose;
    compress_try: CompressTry => () = compress::try_options;
    compress_stop: Empty => () = compress::stop;
    compress_remove: CompressRemove => Vec<CompressPicture> = compress::remove;
    compress_use: CompressUse => Profile = compress::use_for;
    compress_save: CompressSave => Option<SavedCopies> = compress::save;
    compress_close: Empty => () = compress::close;

    migrate_state: Empty => MigrationState = migrate::state;
    migrate_choose_file: Empty => Option<String> = migrate::choose_file;
    migrate_choose_folder: Empty => Option<String> = migrate::choose_folder;
    migrate_choose_target: Empty => Option<String> = migrate::choose_target;
    migrate_plan: MigrationRequest => Migration = migrate::plan;
    migrate_start: MigrationRequest => () = migrate::start;
    migrate_stop: Empty => () = migrate::stop;
    migrate_close: Empty => () = migrate::close;
    migrate_undo: MigratePath => MigrationUndo = migrate::undo;
    migrate_leave: MigrateId => () = migrate::leave;

    watch_list: Empty => WatchedFolders = watched::list;
    watch_add: WatchAdd => Option<WatchedFolder> = watched::add;
    watch_change: WatchChange => WatchedFolder = watched::change;
    watch_find: WatchId => Option<WatchedFolder> = watched::find;
    watch_move_to: WatchId => Option<WatchedFolder> = watched::move_to;
    watch_remove: WatchId => () = watched::remove;
    watch_pause: WatchPause => () = watched::pause;
    watch_send_before: WatchId => u32 = watched::send_before;
    watch_retry: WatchId => () = watched::retry;

    links_render: LinksRequest => Vec<String> = links::render;
    links_copy: LinksRequest => Copied = links::copy;
    links_all_formats: UploadId => Vec<FormattedLink> = links::all_formats;
    links_preview: TemplatePreview => String = links::preview;
    job_links_copy: JobLinksCopy => Copied = links::copy_of_jobs;
    text_copy: CopyText => () = links::copy_text;
}
