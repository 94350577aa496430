// Made from the command table in crates/rpc by `make types`. Do not edit.
/* eslint-disable */

/**
 * What became of an upload request: every picture is in the queue, on disk.
 */
export type Accepted = {
/**
 * Names the batch.
 */
batch: string,
/**
 * One job for each source, in input order.
 */
jobs: Array<JobSnapshot>, };

/**
 * What becomes of a file once its picture is stored.
 */
export type AfterUpload = "keep" | "move" | "trash";

/**
 * Everything the window needs to draw itself for the first time.
 */
export type AppState = {
/**
 * The version of Picferry.
 */
version: string,
/**
 * The operating system.
 */
platform: Platform,
/**
 * The settings, with all profiles.
 */
settings: Settings,
/**
 * Every host there is.
 */
providers: Array<ProviderDefinition>,
/**
 * The fields that every host has, shown after its own.
 */
common_fields: Array<FieldSpec>,
/**
 * Where secrets are kept.
 */
secret_store: SecretStoreKind,
/**
 * What the person should know now.
 */
notices: Array<Notice>,
/**
 * The built-in store.
 */
local_store: LocalStoreState,
/**
 * All jobs on the list, newest batch first.
 */
jobs: Array<JobSnapshot>,
/**
 * Uploads that others asked for and that wait for the person's word.
 */
offers: Array<Offer>,
/**
 * What the desktop around the window offers.
 */
desktop: DesktopState,
/**
 * How many pictures the history holds.
 */
total_uploads: number, };

/**
 * How a batch came out that nobody watched: the words of the card in the corner of the screen.
 */
export type Arrival = {
/**
 * The jobs that arrived, in input order.
 */
jobs: Array<string>,
/**
 * Their names' first.
 */
name: string,
/**
 * How many arrived.
 */
arrived: number,
/**
 * How many did not.
 */
failed: number,
/**
 * The thumbnail of the first, for `thumb://`.
 */
thumbnail: string | null,
/**
 * In which format their links were put on the clipboard.
 */
copied: string | null,
/**
 * The rows that were made by it: what “Undo” deletes. A picture that was there before is not
 * among them.
 */
made: number[],
/**
 * Why the first that failed did, or why nothing was sent at all.
 */
error: Error | null, };

/**
 * `autostart_set`.
 */
export type AutostartChange = {
/**
 * Start with the session, without a window.
 */
on: boolean, };

/**
 * What a host can do; some of it is only learned per profile.
 */
export type Capabilities = { delete: boolean, overwrite: boolean, conditional_put: boolean, head: boolean, };

/**
 * `compress_open`: pictures to be tried. Those of all doors are added in the order written here.
 */
export type CompressOpen = {
/**
 * Files of this computer, or addresses dragged out of a browser.
 */
paths?: Array<string> | null,
/**
 * Data that only the webview has.
 */
files?: Array<PastedFile> | null,
/**
 * Rows of the history: their source file, or what lies behind their link.
 */
uploads?: Array<number>, };

/**
 * A picture on the compress screen: a snapshot, never a delta.
 */
export type CompressPicture = {
/**
 * Opaque; of this session only.
 */
id: string,
/**
 * The file name as the person knows it.
 */
name: string,
/**
 * Size of the file; 0 until it is read.
 */
bytes: number,
/**
 * The real format, once read.
 */
format: PictureFormat | null,
/**
 * Pixels across, orientation applied.
 */
width: number | null,
/**
 * Pixels down.
 */
height: number | null,
/**
 * More than one frame.
 */
animated: boolean,
/**
 * A small picture of it can be asked for.
 */
thumbnail: boolean,
/**
 * What the file tells beside its pixels; shown here, sent nowhere.
 */
metadata: FoundMetadata | null,
/**
 * What the formats make of it with the options last asked for, in the order they came.
 */
results: Array<CompressResult>,
/**
 * Which of the results those options mean: their [`CompressResult::rule`].
 */
chosen: string,
/**
 * More results come.
 */
working: boolean,
/**
 * Why it cannot be read or processed.
 */
error: Error | null, };

/**
 * `compress_remove`.
 */
export type CompressRemove = {
/**
 * The picture.
 */
picture: string, };

/**
 * What one format makes of a picture.
 */
export type CompressResult = {
/**
 * The value of `image_format` that gives it: `auto`, `avif`, `webp`, `jpeg`, `png`, `keep`.
 */
rule: string,
/**
 * Names the file when it is to be shown; another one for other options.
 */
file: string,
/**
 * What it is.
 */
format: PictureFormat,
/**
 * Pixels across.
 */
width: number | null,
/**
 * Pixels down.
 */
height: number | null,
/**
 * Its size.
 */
bytes: number,
/**
 * How much it looks like the original, 0 to 100; `None` where that was not measured.
 */
score: number | null,
/**
 * It looks as asked, or is as small as asked.
 */
aim_is_met: boolean, };

/**
 * `compress_save`: copies of all pictures, as the options make them, in a folder that is asked for.
 */
export type CompressSave = {
/**
 * The options.
 */
fields: Record<string, string>, };

/**
 * `compress_try`: make every format of one picture, and of the others what the options mean.
 */
export type CompressTry = {
/**
 * The picture that is shown.
 */
picture: string,
/**
 * The options: values of the fields of the section Images.
 */
fields: Record<string, string>, };

/**
 * `compress_use`: make the options those of a profile.
 */
export type CompressUse = {
/**
 * The profile.
 */
profile_id: string,
/**
 * The options.
 */
fields: Record<string, string>, };

/**
 * What the person answers to a taken key.
 */
export type ConflictAnswer = "rename" | "overwrite" | "use_existing" | "cancel";

/**
 * What was put on the clipboard.
 */
export type Copied = {
/**
 * How many links.
 */
count: number,
/**
 * In which format.
 */
format: string, };

/**
 * `text_copy`.
 */
export type CopyText = {
/**
 * What to put on the clipboard.
 */
text: string, };

/**
 * The pictures under way; when none is, those of the batch that ended last.
 */
export type Crossing = {
/**
 * Where it stands.
 */
phase: CrossingPhase,
/**
 * The jobs it is about, in input order.
 */
jobs: Array<string>,
/**
 * How many of them arrived.
 */
done: number,
/**
 * How many of them failed, or ask something.
 */
failed: number,
/**
 * How many are at their end, whichever it was.
 */
ended: number,
/**
 * How far all of them are, 0 to 100.
 */
percent: number,
/**
 * Bytes a second; 0 while it is not known.
 */
bytes_per_second: number,
/**
 * Whole seconds until the end, as far as can be told.
 */
seconds_left: number | null,
/**
 * Bytes of the sources of those that arrived.
 */
bytes_in: number,
/**
 * Bytes that were stored for them.
 */
bytes_out: number,
/**
 * Thumbnails of two of them at most, for `thumb://`.
 */
thumbnails: Array<string>,
/**
 * In which format their links were put on the clipboard.
 */
copied: string | null,
/**
 * Why the first that failed did.
 */
error: Error | null,
/**
 * How many pictures on the list failed or ask something, whenever that was.
 */
need_you: number, };

/**
 * Where the crossing as a whole stands.
 */
export type CrossingPhase = "ready" | "uploading" | "paused" | "offline" | "done" | "failed";

/**
 * A place between two rows: keyset paging, newest first.
 */
export type Cursor = {
/**
 * Of the last row seen.
 */
created_at: number,
/**
 * Of the last row seen.
 */
id: number, };

/**
 * A named link template.
 */
export type CustomLinkFormat = {
/**
 * Its name in menus and in `--format NAME`.
 */
name: string,
/**
 * The template.
 */
template: string, };

/**
 * How many pictures a day has: the gallery lays out its length and its scrubber from this.
 */
export type DayCount = {
/**
 * `2026-11-22` in the person's time zone.
 */
day: string,
/**
 * Pictures of that day.
 */
count: number,
/**
 * Where that day begins when paging: a cursor that yields its first row.
 */
start: Cursor, };

/**
 * Where a picture is deleted.
 */
export type DeleteMode = "host_and_here" | "here_only";

/**
 * What became of one picture.
 */
export type DeleteResult = {
/**
 * The row.
 */
id: number,
/**
 * Whether it is gone.
 */
ok: boolean,
/**
 * Why it is not.
 */
error?: Error, };

/**
 * The window and the tray.
 */
export type DesktopSettings = {
/**
 * Closing the window keeps the app in the tray, where there is one.
 */
close_to_tray: boolean,
/**
 * Start without a window.
 */
start_in_tray: boolean,
/**
 * How finished uploads are told of when the window is not in front.
 */
notify: Telling,
/**
 * Ask whether to upload when another program copies a picture.
 */
ask_about_copied: boolean,
/**
 * The port of the built-in store; links depend on it, so it stays.
 */
local_store_port: number, };

/**
 * What the desktop around the window offers.
 */
export type DesktopState = {
/**
 * There is a tray, and Picferry is in it: the window may hide.
 */
tray: boolean,
/**
 * The key that uploads the clipboard.
 */
hotkey: HotkeyState,
/**
 * The key that shows the drop window.
 */
drop_window_hotkey: HotkeyState,
/**
 * Programs say where their windows go: a card can be put into the corner of the screen.
 */
places_windows: boolean,
/**
 * The window draws its own buttons for minimise, maximise and close.
 */
has_window_buttons: boolean,
/**
 * This is a browser on the development bridge: no clipboard, no dialogs.
 */
is_bridge: boolean,
/**
 * Whether Picferry starts with the session; nothing where that cannot be arranged.
 */
autostart?: boolean, };

/**
 * A command about what stands in the form.
 */
export type DraftRequest = {
/**
 * The form.
 */
draft: ProfileDraft, };

/**
 * A command that needs to be told nothing.
 */
export type Empty = Record<symbol, never>;

/**
 * A failure with everything that a person, a script or a bug report needs. Holds no secrets.
 */
export type Error = {
/**
 * What programs act on.
 */
code: ErrorCode,
/**
 * One English sentence that says what happened and why.
 */
message: string,
/**
 * What to do about it, if anything.
 */
hint?: string,
/**
 * The profile field at fault: the form puts the focus there.
 */
field?: string,
/**
 * Whether trying again by itself may help.
 */
retryable: boolean,
/**
 * Values that translated sentences insert: `bucket`, `region`, `file`, `limit` …
 */
params?: { [key in string]: string },
/**
 * The redacted chain below it, outermost first: step, service code, HTTP status, request id.
 */
details?: Array<string>, };

/**
 * What went wrong, in the form programs act on. Written as `snake_case`.
 */
export type ErrorCode = "file_not_found" | "file_unreadable" | "not_a_file" | "empty_file" | "not_a_picture" | "damaged_picture" | "too_many_pixels" | "file_too_large" | "source_gone" | "url_invalid" | "url_refused" | "clipboard_empty" | "clipboard_timeout" | "auth_failed" | "access_denied" | "bucket_not_found" | "object_not_found" | "wrong_region" | "wrong_addressing" | "public_endpoint_forbidden" | "clock_skew" | "too_large" | "quota_exceeded" | "rate_limited" | "network" | "tls_failed" | "key_exists" | "unsupported" | "host_refused" | "profile_not_found" | "profile_exists" | "invalid_field" | "invalid_template" | "secret_missing" | "keychain_unavailable" | "keychain_locked" | "settings_damaged" | "settings_newer" | "database_damaged" | "database_newer" | "database_busy" | "disk_full" | "read_only" | "port_taken" | "hotkey_taken" | "origin_refused" | "not_found" | "cancelled" | "internal";

/**
 * `error_report`.
 */
export type ErrorReport = {
/**
 * The error as it was received.
 */
error: Error, };

/**
 * Something changed. The terminal state of a job always goes out.
 */
export type Event = { "type": "job_changed", job: JobSnapshot, } | { "type": "jobs_cleared", ids: Array<string>, } | { "type": "batch_finished", batch: string, uploaded: number[], failed: number, cancelled: number, } | { "type": "links_copied", count: number, format: string, } | { "type": "history_changed" } | { "type": "compress_changed", picture: CompressPicture, } | { "type": "migration_changed", migration: MigrationProgress, } | { "type": "offers_changed", offers: Array<Offer>, } | { "type": "migration_ended" } | { "type": "watched_folders_changed", watched: WatchedFolders, } | { "type": "settings_changed" } | { "type": "notice", notice: Notice, } | { "type": "drag_hover", x: number, y: number, count: number, } | { "type": "drag_left" } | { "type": "drag_dropped", x: number, y: number, paths: Array<string>, } | { "type": "crossing_changed", crossing: Crossing, } | { "type": "arrived", arrival: Arrival, } | { "type": "asked", offer: Offer, } | { "type": "navigate", screen: string, };

/**
 * A picture that could not be saved.
 */
export type FailedCopy = {
/**
 * Its name.
 */
name: string,
/**
 * Why.
 */
error: Error, };

/**
 * One choice of a [`FieldKind::Select`].
 */
export type FieldChoice = {
/**
 * The stored value.
 */
value: string,
/**
 * The shown words.
 */
label: Words, };

/**
 * Whether the field is shown at once or under “Advanced”.
 */
export type FieldGroup = "basic" | "advanced";

/**
 * How a value is entered and checked.
 */
export type FieldKind = "text" | "secret" | "url" | "number" | "percent" | "toggle" | "select" | "key_template" | "headers" | "path";

/**
 * The section of the form, in the order they are shown.
 */
export type FieldSection = "connection" | "files" | "links" | "images" | "delivery";

/**
 * One field of a profile. Values are text throughout; an absent value means the default.
 */
export type FieldSpec = {
/**
 * The stable key: settings file, `--set key=value`, keychain account.
 */
key: string,
/**
 * How it is entered and checked.
 */
kind: FieldKind,
/**
 * The name beside the control.
 */
label: Words,
/**
 * One sentence under the control; may be empty.
 */
help: Words,
/**
 * An example inside the empty control; never a label.
 */
placeholder: string,
/**
 * The value when none is given; empty for none.
 */
default: string,
/**
 * Whether a profile without it cannot work.
 */
required: boolean,
/**
 * Shown at once or under “Advanced”.
 */
group: FieldGroup,
/**
 * Where in the form.
 */
section: FieldSection,
/**
 * The choices of a select.
 */
choices: Array<FieldChoice>,
/**
 * Hidden unless another field has certain values.
 */
visible_when: VisibleWhen | null, };

/**
 * The folders a person may want to see.
 */
export type FolderName = "logs" | "data" | "store";

/**
 * A link in one format.
 */
export type FormattedLink = {
/**
 * `markdown`, or the name of a custom one.
 */
format: string,
/**
 * The format's name for people.
 */
label: string,
/**
 * The link itself.
 */
link: string, };

/**
 * What a file tells beside its pixels.
 */
export type FoundMetadata = {
/**
 * Where it was taken.
 */
position: Position | null,
/**
 * Camera and lens.
 */
device: string | null,
/**
 * When it was taken, as the camera wrote it.
 */
taken: string | null,
/**
 * The name of its colour profile; `None` for none.
 */
color_profile: string | null, };

/**
 * `history_delete`.
 */
export type HistoryDelete = {
/**
 * The rows.
 */
ids: Array<number>,
/**
 * From the host too, or only from here.
 */
mode: DeleteMode, };

/**
 * What the gallery asks for.
 */
export type HistoryFilter = {
/**
 * Words to find in name, key, URL, note and alt text; all of them must be there.
 */
text: string,
/**
 * Only these profiles; all when empty.
 */
profile_ids: Array<string>,
/**
 * Only these formats; all when empty.
 */
formats: Array<PictureFormat>,
/**
 * Only from this time on, Unix milliseconds.
 */
since: number | null,
/**
 * Only before this time, Unix milliseconds.
 */
until: number | null,
/**
 * Only at least this many bytes sent.
 */
min_bytes: number | null,
/**
 * Only at most this many bytes sent.
 */
max_bytes: number | null, };

/**
 * A command about all pictures that a filter lets through.
 */
export type HistoryFilterRequest = {
/**
 * Which pictures.
 */
filter: HistoryFilter, };

/**
 * One page of the history, newest first.
 */
export type HistoryPage = {
/**
 * The rows.
 */
rows: Array<Upload>,
/**
 * Where the next page begins; `None` at the end.
 */
next: Cursor | null, };

/**
 * `history_page`.
 */
export type HistoryPageRequest = {
/**
 * Which pictures.
 */
filter: HistoryFilter,
/**
 * Where the page begins; `null` for the newest.
 */
after: Cursor | null,
/**
 * Rows at most.
 */
limit: number, };

/**
 * `history_reupload`.
 */
export type HistoryReupload = {
/**
 * The rows.
 */
ids: Array<number>,
/**
 * The profile each went to before when left out.
 */
profile_id?: string | null, };

/**
 * `hotkey_set`.
 */
export type HotkeyChange = {
/**
 * Which of the keys.
 */
name: HotkeyName,
/**
 * The new keys; empty switches it off.
 */
accelerator: string, };

/**
 * The keys that work everywhere.
 */
export type HotkeyName = "upload_clipboard" | "drop_window";

/**
 * Keys that work everywhere.
 */
export type HotkeySettings = {
/**
 * Uploads the clipboard: `Ctrl+Alt+U`; empty for none.
 */
upload_clipboard: string,
/**
 * Shows the drop window and puts it away; empty for none, as it is until one is recorded.
 */
drop_window: string, };

/**
 * The global hotkey as the system sees it.
 */
export type HotkeyState = {
/**
 * `Ctrl+Alt+U`; empty when switched off.
 */
accelerator: string,
/**
 * Whether pressing it does something.
 */
registered: boolean,
/**
 * Why it does nothing.
 */
error?: Error,
/**
 * The command to bind in the desktop's own settings, where programs may not take keys.
 */
manual_command?: string, };

/**
 * `job_answer`: what to do about a key that is taken.
 */
export type JobAnswer = {
/**
 * The job that asks.
 */
id: string,
/**
 * The answer.
 */
answer: ConflictAnswer,
/**
 * The same for every job of the batch that asks.
 */
for_all: boolean, };

/**
 * Some jobs, or all of them.
 */
export type JobIds = {
/**
 * All when left out.
 */
ids?: Array<string> | null, };

/**
 * `job_links_copy`: the links of a batch or of some jobs, in their order.
 */
export type JobLinksCopy = {
/**
 * A batch.
 */
batch?: string | null,
/**
 * Or these jobs.
 */
ids?: Array<string> | null,
/**
 * `url`, `markdown`, `html`, `bbcode` or the name of a custom one; the settings' when left out.
 */
format?: string | null, };

/**
 * Everything the UI shows of a job: a snapshot, never a delta.
 */
export type JobSnapshot = {
/**
 * Opaque, sortable by time.
 */
id: string,
/**
 * The batch it came in with.
 */
batch: string,
/**
 * Its place among the inputs of the batch, from 0.
 */
position: number,
/**
 * The file name as the person knows it.
 */
name: string,
/**
 * The path or URL it came from; the name for bytes.
 */
input: string,
/**
 * Which door.
 */
origin: Origin,
/**
 * The profile it goes to, for good.
 */
profile_id: string,
/**
 * That profile's name when the job was made.
 */
profile_name: string,
/**
 * Where it stands.
 */
state: JobState,
/**
 * What it is doing while running.
 */
stage: Stage | null,
/**
 * Bytes handed to the network.
 */
sent: number,
/**
 * Bytes to send; 0 until known.
 */
total: number,
/**
 * Size of the source; 0 until known.
 */
bytes_in: number,
/**
 * Size of what is sent; 0 until known.
 */
bytes_out: number,
/**
 * The real format, once read.
 */
format: PictureFormat | null,
/**
 * What was done to it, or why not, in order; empty until it is prepared.
 */
notes: Array<PictureNote>,
/**
 * How much it looks like its source, 0 to 100, where that was measured.
 */
score: number | null,
/**
 * The object key, once named.
 */
key: string | null,
/**
 * The reader's address, once stored.
 */
url: string | null,
/**
 * The thumbnail's name for `thumb://`, once made.
 */
thumbnail: string | null,
/**
 * Lowercase hexadecimal SHA-256 of what is sent, once known.
 */
sha256: string | null,
/**
 * The same bytes were there already: nothing was sent.
 */
reused: boolean,
/**
 * Why it failed or waits.
 */
error: Error | null,
/**
 * Attempts made so far.
 */
attempt: number,
/**
 * When a waiting job goes on, Unix milliseconds.
 */
retry_at: number | null,
/**
 * The history row, once recorded.
 */
upload_id: number | null,
/**
 * When it was accepted, Unix milliseconds.
 */
created_at: number, };

/**
 * Where a job stands.
 */
export type JobState = "queued" | "running" | "waiting" | "paused" | "asking" | "done" | "failed" | "cancelled";

/**
 * Why a picture stayed what it was.
 */
export type KeptWhy = "not_smaller" | "already_small" | "format_not_written" | "vector" | "animation" | "aim_not_reached";

/**
 * How links are written.
 */
export type LinkSettings = {
/**
 * `url`, `markdown`, `html`, `bbcode`, or the name of a custom one.
 */
format: string,
/**
 * Put the link on the clipboard after an upload.
 */
auto_copy: boolean,
/**
 * Percent-encode the address; off shows Chinese and spaces as they are where a link stays valid.
 */
encoded: boolean,
/**
 * Templates with `{url} {name} {alt} {width} {height} {key} {size}`.
 */
custom: Array<CustomLinkFormat>, };

/**
 * `links_render` and `links_copy`.
 */
export type LinksRequest = {
/**
 * Rows of the history, in the order of the links.
 */
ids: Array<number>,
/**
 * `url`, `markdown`, `html`, `bbcode` or the name of a custom one; the settings' when left out.
 */
format?: string | null, };

/**
 * Who serves the built-in store.
 */
export type LocalStoreState = {
/**
 * Where it is, whether or not somebody serves it: `http://127.0.0.1:36688`.
 */
address: string,
/**
 * This process serves it.
 */
running_here: boolean,
/**
 * Another process of this home served it when this one wanted to.
 */
running_elsewhere: boolean, };

/**
 * `migrate_leave`.
 */
export type MigrateId = {
/**
 * The run.
 */
id: string, };

/**
 * `migrate_undo`.
 */
export type MigratePath = {
/**
 * The file or folder whose last migration is taken back.
 */
path: string, };

/**
 * Files and their pictures: what would be done, or what was done.
 */
export type Migration = {
/**
 * Names a run, for its backups; `None` for a dry run.
 */
id: string | null,
/**
 * What was asked for.
 */
path: string,
/**
 * The profile the pictures go to; empty when they go to a folder.
 */
profile_name: string,
/**
 * The folder they go to.
 */
to_folder: string | null,
/**
 * Files with pictures, and files that could not be read, in the order of their paths.
 */
files: Array<MigrationFile>,
/**
 * An earlier run that was cut off is carried on.
 */
resumed: boolean,
/**
 * The person stopped it; a later run goes on from there.
 */
cancelled: boolean, };

/**
 * One Markdown file.
 */
export type MigrationFile = {
/**
 * Relative to what was asked for, with `/`; the name for a single file.
 */
path: string,
/**
 * What became of it.
 */
state: MigrationFileState,
/**
 * Places that were changed.
 */
changed: number,
/**
 * Where it was copied to before it was changed.
 */
backup: string | null,
/**
 * Why it could not be read or written.
 */
error: Error | null,
/**
 * Every place that names a picture, in the order of the text.
 */
pictures: Array<MigrationPicture>, };

/**
 * What became of a file.
 */
export type MigrationFileState = "unchanged" | "planned" | "rewritten" | "failed";

/**
 * One place that names a picture.
 */
export type MigrationPicture = {
/**
 * The line it stands in, from 1.
 */
line: number,
/**
 * `inline`, `definition`, `html_image`, `html_source_set`, `wiki_embed`, `link_around` or
 * `front_matter`.
 */
kind: string,
/**
 * The address as it is written; data inside the text is cut short.
 */
written: string,
/**
 * What becomes of it.
 */
state: MigrationPictureState,
/**
 * The file or the address that it means, where that is known.
 */
source: string | null,
/**
 * The new address.
 */
address: string | null,
/**
 * Why it stayed.
 */
error: Error | null, };

/**
 * What becomes of a picture.
 */
export type MigrationPictureState = "found" | "moved" | "failed" | "missing" | "outside" | "in_place" | "left" | "embedded" | "foreign";

/**
 * How far a run is.
 */
export type MigrationProgress = {
/**
 * The run.
 */
id: string,
/**
 * What it does.
 */
stage: MigrationStage,
/**
 * Distinct pictures that ended, well or not.
 */
pictures_done: number,
/**
 * Distinct pictures that move.
 */
pictures: number,
/**
 * Files written.
 */
files_done: number,
/**
 * Files to write.
 */
files: number, };

/**
 * What is to move, and where to.
 */
export type MigrationRequest = {
/**
 * A Markdown file, or a folder of them; absolute.
 */
path: string,
/**
 * The profile's id or name; the default profile when absent.
 */
profile_id: string | null,
/**
 * Also pictures that are somewhere on the web already.
 */
include_remote: boolean,
/**
 * Also fields of the front matter that name pictures.
 */
front_matter: boolean,
/**
 * Also files that lie outside of the folder.
 */
allow_outside: boolean,
/**
 * The other way: pictures of the web are saved in this folder; absolute.
 */
to_folder: string | null,
/**
 * Which door.
 */
origin: Origin, };

/**
 * What a run does.
 */
export type MigrationStage = "reading" | "moving" | "writing" | "done";

/**
 * How the migration of a window stands.
 */
export type MigrationState = {
/**
 * One is under way.
 */
is_running: boolean,
/**
 * How far it is, once it moves pictures.
 */
progress: MigrationProgress | null,
/**
 * What was asked for, by it or by the last one.
 */
request: MigrationRequest | null,
/**
 * What the last one did.
 */
result: Migration | null,
/**
 * Why the last one did nothing.
 */
error: Error | null,
/**
 * Runs that were cut off, the newest first.
 */
unfinished: Array<UnfinishedMigration>, };

/**
 * What taking a run back did.
 */
export type MigrationUndo = {
/**
 * The run.
 */
id: string,
/**
 * The files, in the order of their paths.
 */
files: Array<MigrationUndoFile>, };

/**
 * One file that was to be put back.
 */
export type MigrationUndoFile = {
/**
 * Its path.
 */
path: string,
/**
 * Whether it is as it was before.
 */
restored: boolean,
/**
 * Why it is not.
 */
error: Error | null, };

/**
 * What a template makes of a sample name.
 */
export type NamePreview = {
/**
 * The sample.
 */
name: string,
/**
 * The key it gets.
 */
key: string,
/**
 * The link readers get; empty while the profile is not complete.
 */
url: string, };

/**
 * How the network is reached.
 */
export type NetworkSettings = {
/**
 * `system`, `none`, or a proxy URL.
 */
proxy: string, };

/**
 * Something the person should know.
 */
export type Notice = {
/**
 * What it is about: at most one notice of a topic is shown. `settings_restored`, `keychain`,
 * `hotkey`, `local_store`, `tray` …
 */
topic: string,
/**
 * The words.
 */
error: Error, };

/**
 * `notice_dismiss`.
 */
export type NoticeTopic = {
/**
 * Which notice.
 */
topic: string, };

/**
 * How new files are noticed.
 */
export type Noticing = "automatic" | "polling";

/**
 * An upload that a link, another program or the clipboard proposes. Nothing of it is read, fetched or
 * sent before the person agrees.
 */
export type Offer = {
/**
 * Names the offer in the answer.
 */
id: string,
/**
 * Who proposes it.
 */
origin: Origin,
/**
 * Files and addresses, as they were named.
 */
sources: Array<Source>,
/**
 * The picture on the clipboard, as it is when the person agrees; `sources` are empty then.
 */
clipboard: boolean,
/**
 * The profile that was asked for, by id.
 */
profile_id?: string, };

/**
 * `offer_answer`: the person's word about an upload that others asked for.
 */
export type OfferAnswer = {
/**
 * The offer.
 */
id: string,
/**
 * Upload it; otherwise it is forgotten.
 */
accept: boolean,
/**
 * Another profile than the one that was asked for.
 */
profile_id?: string | null, };

/**
 * `open_address`.
 */
export type OpenAddress = {
/**
 * `http` or `https` only.
 */
url: string, };

/**
 * `open_folder`.
 */
export type OpenFolder = {
/**
 * Which one.
 */
what: FolderName, };

/**
 * Which door a picture came in by.
 */
export type Origin = "window" | "drop" | "paste" | "hotkey" | "tray" | "cli" | "server" | "watched_folder" | "open_with" | "link" | "screenshot" | "copied";

/**
 * One file of [`UploadBytes`].
 */
export type PastedFile = {
/**
 * A file name; its folders are ignored.
 */
name: string,
/**
 * The content in standard base64.
 */
base64: string, };

/**
 * The formats told apart by their magic numbers.
 */
export type PictureFormat = "jpeg" | "png" | "gif" | "webp" | "avif" | "heic" | "tiff" | "bmp" | "ico" | "qoi" | "svg" | "jxl";

/**
 * One thing that was done, or that should have been done and could not.
 */
export type PictureNote = { "kind": "skipped" } | { "kind": "oriented" } | { "kind": "cropped" } | { "kind": "turned" } | { "kind": "resized", width: number, height: number, } | { "kind": "watermarked" } | { "kind": "converted_to_srgb" } | { "kind": "converted", from: PictureFormat, to: PictureFormat, } | { "kind": "compressed" } | { "kind": "aim_missed" } | { "kind": "kept_original", why: KeptWhy, } | { "kind": "not_processed", code: ErrorCode, } | { "kind": "metadata_removed" } | { "kind": "metadata_not_removable" } | { "kind": "metadata_not_carried" };

/**
 * The operating systems that Picferry runs on.
 */
export type Platform = "linux" | "macos" | "windows";

/**
 * A place on the Earth, in degrees; south and west are negative.
 */
export type Position = { latitude: number, longitude: number, };

/**
 * A flavour of a host: a name, values that fill the form, and fields that it does not need.
 */
export type Preset = {
/**
 * Stable id: `r2`.
 */
id: string,
/**
 * The name, as its owner writes it.
 */
name: Words,
/**
 * One sentence: what it is good for, what to know.
 */
about: Words,
/**
 * Two letters for its mark.
 */
mark: string,
/**
 * The hue of its mark, in degrees.
 */
hue: number,
/**
 * Where its keys are made.
 */
homepage: string,
/**
 * Values that differ from the defaults of the fields.
 */
values: Array<[string, string]>,
/**
 * Placeholders that differ: `("endpoint", "https://ACCOUNT.r2.cloudflarestorage.com")`.
 */
placeholders: Array<[string, string]>,
/**
 * Help that differs: `("region", …)`.
 */
helps: Array<[string, Words]>,
/**
 * Fields it has no use for.
 */
hidden: Array<string>, };

/**
 * One configured host. Secrets are in the keychain under `id/field`; `secrets` only names which.
 */
export type Profile = {
/**
 * Stable and opaque; history rows keep it.
 */
id: string,
/**
 * The person's name for it; unique without regard to case.
 */
name: string,
/**
 * The provider: `s3`.
 */
host: string,
/**
 * The preset that filled the fields: `r2`, `aws`, `local` …
 */
preset: string,
/**
 * The values of the fields that are no secrets; absent means the default.
 */
fields: { [key in string]: string },
/**
 * The keys of the secret fields that have a value in the keychain.
 */
secrets: Array<string>,
/**
 * What was found out by talking to the host: `conditional_put` = `yes`|`no`, `head` = `yes`|`no` …
 */
learned?: { [key in string]: string }, };

/**
 * A profile as the form has it, not saved yet.
 */
export type ProfileDraft = {
/**
 * The profile it changes; `None` for a new one.
 */
id?: string | null,
/**
 * The person's name for it.
 */
name: string,
/**
 * The provider: `s3`.
 */
host: string,
/**
 * The preset it began with.
 */
preset: string,
/**
 * Values of fields that are no secrets.
 */
fields: { [key in string]: string },
/**
 * Secrets by field: absent keeps the stored one, `null` removes it.
 */
secrets: Record<string, string | null>, };

/**
 * A command about one profile.
 */
export type ProfileId = {
/**
 * Which one.
 */
id: string, };

/**
 * `profile_reorder`.
 */
export type ProfileOrder = {
/**
 * All ids in their new order.
 */
ids: Array<string>, };

/**
 * A host as data: everything the form, the command line and the reference page need.
 */
export type ProviderDefinition = {
/**
 * Stable id: `s3`.
 */
id: string,
/**
 * The name, as its owner writes it.
 */
name: Words,
/**
 * One sentence: what it is good for.
 */
about: Words,
/**
 * Where accounts and keys are made; empty for none.
 */
homepage: string,
/**
 * What it can do.
 */
capabilities: Capabilities,
/**
 * Its own fields; [`crate::profile::COMMON_FIELDS`] follow them.
 */
fields: Array<FieldSpec>,
/**
 * Ready-made settings for its flavours.
 */
presets: Array<Preset>, };

/**
 * Something a value was changed into when it was read, shown to the person.
 */
export type Repair = {
/**
 * The field.
 */
field: string,
/**
 * What it is now.
 */
value: string,
/**
 * What was done: `trimmed`, `scheme_added`, `bucket_removed_from_endpoint`, `bucket_found`,
 * `region_found`, `console_url`, `path_removed`.
 */
what: string, };

/**
 * The form after obvious slips were put right.
 */
export type RepairedDraft = {
/**
 * The form.
 */
draft: ProfileDraft,
/**
 * What was changed, to be shown.
 */
repairs: Array<Repair>, };

/**
 * What became of “Save copies”.
 */
export type SavedCopies = {
/**
 * The folder.
 */
folder: string,
/**
 * Files that were written.
 */
saved: number,
/**
 * What could not be saved, and why.
 */
failed: Array<FailedCopy>, };

/**
 * The kinds of secret stores.
 */
export type SecretStoreKind = "keychain" | "file" | "unavailable";

/**
 * The server that editors send pictures to, as they do to PicGo.
 */
export type ServerSettings = {
/**
 * Listen for editors.
 */
enabled: boolean,
/**
 * The address to listen at. Beyond this computer a token is needed.
 */
address: string,
/**
 * The port; many editors know no other than 36677, so it never moves by itself.
 */
port: number,
/**
 * A token is in the keychain, and every request has to show it.
 */
has_token: boolean,
/**
 * How often it was set: a new token in the place of another is noticed by every process.
 */
token_revision: number,
/**
 * Origins of pages that may use the server besides those of known editors:
 * `https://notes.example.com`, `null`, `file://`.
 */
allowed_origins: Array<string>,
/**
 * The only formats of pictures that are taken, by name; empty takes all.
 */
formats: Array<string>,
/**
 * Addresses of pictures may lead into this computer and its network.
 */
allow_private_addresses: boolean, };

/**
 * `server_token_set`. Has no `Debug`: the token is a secret.
 */
export type ServerToken = {
/**
 * What editors have to show from now on; `null` for nothing.
 */
token?: string | null, };

/**
 * Everything a person can set, secrets excepted.
 */
export type Settings = {
/**
 * Form of the file.
 */
version: number,
/**
 * `system`, `en` or `zh-CN`.
 */
language: string,
/**
 * `system`, `light` or `dark`.
 */
appearance: string,
/**
 * Whether the first-run screen was left.
 */
onboarded: boolean,
/**
 * The profile that uploads go to unless they name one.
 */
default_profile: string,
/**
 * All profiles, in the person's order.
 */
profiles: Array<Profile>,
/**
 * How links are written.
 */
links: LinkSettings,
/**
 * How pictures are sent.
 */
upload: UploadSettings,
/**
 * How the network is reached.
 */
network: NetworkSettings,
/**
 * Keys that work everywhere.
 */
hotkeys: HotkeySettings,
/**
 * The window and the tray.
 */
desktop: DesktopSettings,
/**
 * The server that editors send pictures to.
 */
server: ServerSettings,
/**
 * Folders whose new pictures are uploaded by themselves.
 */
watch: WatchSettings, };

/**
 * `settings_change`: what differs, merged deeply; `null` brings a default back.
 */
export type SettingsChange = {
/**
 * Any of `language`, `appearance`, `onboarded`, `links`, `upload`, `network`, `hotkeys`, `desktop`,
 * `server`.
 */
patch: Record<string, unknown>, };

/**
 * Where a picture comes from.
 */
export type Source = { "kind": "path", path: string, } | { "kind": "url", url: string, } | { "kind": "bytes", name: string, bytes: string, };

/**
 * What a running job is doing: the steps of the crossing.
 */
export type Stage = "acquire" | "prepare" | "name" | "dedupe" | "send" | "record";

/**
 * How a person hears of an upload that they did not watch.
 */
export type Telling = "auto" | "card" | "notification" | "nothing";

/**
 * `links_preview`.
 */
export type TemplatePreview = {
/**
 * A custom link template.
 */
template: string, };

/**
 * How a step ended.
 */
export type TestOutcome = "passed" | "warning" | "failed" | "skipped";

/**
 * The whole test.
 */
export type TestReport = {
/**
 * Whether uploads will work.
 */
ok: boolean,
/**
 * All steps, in order.
 */
steps: Array<TestStep>,
/**
 * Field values that the host's answers proved right (`region`, `path_style`): offer to save them.
 */
corrections: { [key in string]: string },
/**
 * Facts for [`Profile::learned`].
 */
learned: { [key in string]: string }, };

/**
 * One step of a profile test.
 */
export type TestStep = {
/**
 * Which one.
 */
step: TestStepName,
/**
 * How it ended.
 */
outcome: TestOutcome,
/**
 * Milliseconds it took.
 */
millis: number,
/**
 * Why it failed or what to know.
 */
error?: Error, };

/**
 * The steps of a test, in order.
 */
export type TestStepName = "connect" | "write" | "read" | "no_overwrite" | "public_read" | "delete";

/**
 * Sums over a part of the history.
 */
export type Totals = {
/**
 * Pictures.
 */
count: number,
/**
 * Bytes of the sources.
 */
bytes_in: number,
/**
 * Bytes that were sent.
 */
bytes_out: number, };

/**
 * A run that was cut off; the same request carries it on.
 */
export type UnfinishedMigration = {
/**
 * The run.
 */
id: string,
/**
 * What was asked for.
 */
request: MigrationRequest, };

/**
 * One stored picture.
 */
export type Upload = {
/**
 * Row id; grows with time.
 */
id: number,
/**
 * The job that made it; unique, so that a job is recorded once.
 */
job_id: string,
/**
 * When it was stored, Unix milliseconds.
 */
created_at: number,
/**
 * The profile it went to.
 */
profile_id: string,
/**
 * That profile's name at the time; kept when the profile is deleted.
 */
profile_name: string,
/**
 * The provider: `s3`.
 */
host: string,
/**
 * The object key.
 */
key: string,
/**
 * The reader's address, encoded.
 */
url: string,
/**
 * The file name as the person knows it.
 */
name: string,
/**
 * What was sent.
 */
format: PictureFormat,
/**
 * Pixels across, orientation applied.
 */
width: number | null,
/**
 * Pixels down.
 */
height: number | null,
/**
 * More than one frame.
 */
animated: boolean,
/**
 * Size of the source.
 */
bytes_in: number,
/**
 * Size of what was sent.
 */
bytes_out: number,
/**
 * How much it looks like its source, 0 to 100, where that was measured.
 */
score: number | null,
/**
 * Lowercase hexadecimal SHA-256 of what was sent.
 */
sha256: string,
/**
 * Lowercase hexadecimal SHA-256 of the source: dedupe looks here first.
 */
source_sha256: string,
/**
 * Alt text.
 */
alt: string,
/**
 * The person's note.
 */
note: string,
/**
 * The thumbnail's name for `thumb://`; `None` where none could be made.
 */
thumbnail: string | null,
/**
 * Which door it came in by.
 */
origin: Origin,
/**
 * Where the source was, for “Reveal”; `None` for bytes.
 */
source_path: string | null, };

/**
 * `history_set_alt`.
 */
export type UploadAlt = {
/**
 * The row.
 */
id: number,
/**
 * The new alt text.
 */
alt: string, };

/**
 * `upload_bytes`: data that only the webview has.
 */
export type UploadBytes = {
/**
 * In the order of the results.
 */
files: Array<PastedFile>,
/**
 * The default profile when left out.
 */
profile_id?: string | null,
/**
 * Which door; `paste` when left out.
 */
origin?: Origin | null, };

/**
 * `upload_clipboard`: what the clipboard holds.
 */
export type UploadClipboard = {
/**
 * The default profile when left out.
 */
profile_id?: string | null,
/**
 * Which door.
 */
origin: Origin, };

/**
 * A command about one picture.
 */
export type UploadId = {
/**
 * Its row.
 */
id: number, };

/**
 * A command about some pictures.
 */
export type UploadIds = {
/**
 * Their rows, in the order that the answer follows.
 */
ids: Array<number>, };

/**
 * `history_set_note`.
 */
export type UploadNote = {
/**
 * The row.
 */
id: number,
/**
 * The new note.
 */
note: string, };

/**
 * `upload_paths`: files of this computer.
 */
export type UploadPaths = {
/**
 * Absolute paths, in the order of the results.
 */
paths: Array<string>,
/**
 * The default profile when left out.
 */
profile_id?: string | null,
/**
 * Which door.
 */
origin: Origin, };

/**
 * How pictures are sent.
 */
export type UploadSettings = {
/**
 * The largest file that is read, in bytes.
 */
max_file_bytes: number,
/**
 * How often a temporary failure is tried again by itself.
 */
retries: number,
/**
 * Pictures prepared at the same time; 0 means one for each core.
 */
prepare_at_once: number, };

/**
 * `upload_choose` and `upload_sample`: only where to.
 */
export type UploadTo = {
/**
 * The default profile when left out.
 */
profile_id?: string | null, };

/**
 * `upload_urls`: pictures to fetch first.
 */
export type UploadUrls = {
/**
 * `http` or `https`, in the order of the results.
 */
urls: Array<string>,
/**
 * The default profile when left out.
 */
profile_id?: string | null, };

/**
 * Shows a field only while another one has one of these values.
 */
export type VisibleWhen = {
/**
 * The key of the other field.
 */
key: string,
/**
 * The values that show this one.
 */
values: Array<string>, };

/**
 * `watch_add`: watch one more folder.
 */
export type WatchAdd = {
/**
 * The folder; it is asked for when absent.
 */
path?: string | null, };

/**
 * `watch_change`: other rules for a folder.
 */
export type WatchChange = {
/**
 * The folder as it is to be.
 */
folder: WatchedFolder, };

/**
 * Names a watched folder.
 */
export type WatchId = {
/**
 * Its id.
 */
id: string, };

/**
 * `watch_pause`.
 */
export type WatchPause = {
/**
 * Stop, or go on.
 */
paused: boolean, };

/**
 * Which folders are watched.
 */
export type WatchSettings = {
/**
 * None of them is, for now. What comes meanwhile is sent afterwards.
 */
paused: boolean,
/**
 * All of them, in the person's order.
 */
folders: Array<WatchedFolder>, };

/**
 * Whether a folder is watched.
 */
export type WatchStatus = "watching" | "paused" | "off" | "gone";

/**
 * One folder and its rules.
 */
export type WatchedFolder = {
/**
 * Stable and opaque: what was seen in the folder is kept under it, wherever the folder moves.
 */
id: string,
/**
 * Where it is; absolute.
 */
path: string,
/**
 * Whether it is watched.
 */
enabled: boolean,
/**
 * The profile its pictures go to; the default profile when absent.
 */
profile_id?: string | null,
/**
 * Only files that one of these patterns fits, with commas between them; empty for all.
 */
only: string,
/**
 * No file that one of these patterns fits.
 */
leave_out: string,
/**
 * Also what lies in folders inside it; `{folder}` in names is where.
 */
subfolders: boolean,
/**
 * How long a file must not have changed before it is sent, in seconds.
 */
wait_seconds: number,
/**
 * What becomes of a file once its picture is stored.
 */
afterwards: AfterUpload,
/**
 * The folder it is moved to, for [`AfterUpload::Move`]; absolute.
 */
move_to: string,
/**
 * How new files are noticed.
 */
noticing: Noticing,
/**
 * How often it was asked to be looked through anew: the process that watches notices.
 */
revision: number, };

/**
 * One folder as it stands.
 */
export type WatchedFolderState = {
/**
 * The folder and its rules.
 */
folder: WatchedFolder,
/**
 * Whether it is watched.
 */
status: WatchStatus,
/**
 * It is looked through every few seconds: the system tells nothing of it.
 */
polled: boolean,
/**
 * Files that are not complete yet, or wait for their turn.
 */
waiting: number,
/**
 * Pictures on their way.
 */
sending: number,
/**
 * Pictures that were stored since the folder is watched.
 */
stored: number,
/**
 * Pictures that could not be stored, and lie in the folder still.
 */
failed: number,
/**
 * Files that were there when the folder was added, and were left alone.
 */
before: number,
/**
 * Why something does not work: the folder is gone, or a file cannot be moved.
 */
error?: Error, };

/**
 * All watched folders as they stand.
 */
export type WatchedFolders = {
/**
 * This process watches; if not, another one of the same home does, or none.
 */
is_here: boolean,
/**
 * None of them is watched, for now.
 */
paused: boolean,
/**
 * In the person's order.
 */
folders: Array<WatchedFolderState>, };

/**
 * What the title bar of our own asks of the window.
 */
export type WindowAction = "minimize" | "toggle_maximize" | "close" | "start_drag" | "show_main" | "hold" | "let_go" | "painted";

/**
 * `window`.
 */
export type WindowRequest = {
/**
 * What to do with the window.
 */
action: WindowAction, };

/**
 * A text in both languages.
 */
export type Words = {
/**
 * English.
 */
en: string,
/**
 * Simplified Chinese.
 */
"zh-CN": string, };

/** Every command of the window: what it takes and what it gives. */
export interface Commands {
  app_state: { request: Empty; response: AppState };
  settings_change: { request: SettingsChange; response: Settings };
  server_token_set: { request: ServerToken; response: Settings };
  secret_store_use_file: { request: Empty; response: SecretStoreKind };
  notice_dismiss: { request: NoticeTopic; response: null };
  error_report: { request: ErrorReport; response: string };
  autostart_set: { request: AutostartChange; response: DesktopState };
  hotkey_set: { request: HotkeyChange; response: HotkeyState };
  open_address: { request: OpenAddress; response: null };
  open_folder: { request: OpenFolder; response: null };
  window: { request: WindowRequest; response: null };
  upload_paths: { request: UploadPaths; response: Accepted };
  upload_urls: { request: UploadUrls; response: Accepted };
  upload_clipboard: { request: UploadClipboard; response: Accepted };
  upload_choose: { request: UploadTo; response: Accepted | null };
  upload_screenshot: { request: UploadTo; response: Accepted | null };
  upload_sample: { request: UploadTo; response: Accepted };
  upload_bytes: { request: UploadBytes; response: Accepted };
  jobs: { request: Empty; response: Array<JobSnapshot> };
  jobs_pause: { request: JobIds; response: null };
  jobs_resume: { request: JobIds; response: null };
  jobs_cancel: { request: JobIds; response: null };
  jobs_retry: { request: JobIds; response: null };
  jobs_clear: { request: JobIds; response: null };
  offer_answer: { request: OfferAnswer; response: Accepted | null };
  job_answer: { request: JobAnswer; response: null };
  profile_repair: { request: DraftRequest; response: RepairedDraft };
  profile_check: { request: DraftRequest; response: Array<Error> };
  profile_save: { request: DraftRequest; response: Profile };
  profile_test: { request: DraftRequest; response: TestReport };
  profile_duplicate: { request: ProfileId; response: Profile };
  profile_remove: { request: ProfileId; response: null };
  profile_reorder: { request: ProfileOrder; response: null };
  profile_set_default: { request: ProfileId; response: null };
  profile_usage: { request: ProfileId; response: Totals };
  names_preview: { request: DraftRequest; response: Array<NamePreview> };
  history_page: { request: HistoryPageRequest; response: HistoryPage };
  history_days: { request: HistoryFilterRequest; response: Array<DayCount> };
  history_totals: { request: HistoryFilterRequest; response: Totals };
  history_get: { request: UploadIds; response: Array<Upload> };
  history_set_alt: { request: UploadAlt; response: Upload };
  history_set_note: { request: UploadNote; response: Upload };
  history_twins: { request: UploadIds; response: number };
  history_delete: { request: HistoryDelete; response: Array<DeleteResult> };
  history_restore: { request: UploadIds; response: null };
  history_reupload: { request: HistoryReupload; response: Accepted };
  history_open: { request: UploadId; response: null };
  history_reveal: { request: UploadId; response: null };
  compress_list: { request: Empty; response: Array<CompressPicture> };
  compress_open: { request: CompressOpen; response: Array<CompressPicture> };
  compress_clipboard: { request: Empty; response: Array<CompressPicture> };
  compress_choose: { request: Empty; response: Array<CompressPicture> };
  compress_try: { request: CompressTry; response: null };
  compress_stop: { request: Empty; response: null };
  compress_remove: { request: CompressRemove; response: Array<CompressPicture> };
  compress_use: { request: CompressUse; response: Profile };
  compress_save: { request: CompressSave; response: SavedCopies | null };
  compress_close: { request: Empty; response: null };
  migrate_state: { request: Empty; response: MigrationState };
  migrate_choose_file: { request: Empty; response: string | null };
  migrate_choose_folder: { request: Empty; response: string | null };
  migrate_choose_target: { request: Empty; response: string | null };
  migrate_plan: { request: MigrationRequest; response: Migration };
  migrate_start: { request: MigrationRequest; response: null };
  migrate_stop: { request: Empty; response: null };
  migrate_close: { request: Empty; response: null };
  migrate_undo: { request: MigratePath; response: MigrationUndo };
  migrate_leave: { request: MigrateId; response: null };
  watch_list: { request: Empty; response: WatchedFolders };
  watch_add: { request: WatchAdd; response: WatchedFolder | null };
  watch_change: { request: WatchChange; response: WatchedFolder };
  watch_find: { request: WatchId; response: WatchedFolder | null };
  watch_move_to: { request: WatchId; response: WatchedFolder | null };
  watch_remove: { request: WatchId; response: null };
  watch_pause: { request: WatchPause; response: null };
  watch_send_before: { request: WatchId; response: number };
  watch_retry: { request: WatchId; response: null };
  links_render: { request: LinksRequest; response: Array<string> };
  links_copy: { request: LinksRequest; response: Copied };
  links_all_formats: { request: UploadId; response: Array<FormattedLink> };
  links_preview: { request: TemplatePreview; response: string };
  job_links_copy: { request: JobLinksCopy; response: Copied };
  text_copy: { request: CopyText; response: null };
}

/** The name of a command. */
export type CommandName = keyof Commands;
