//! What a start asks for: flags, files and addresses, from this process or from a later one.

use crate::handed_over::HandedOver;
use crate::shell::Shell;
use crate::{mini, quick_upload, windows};
use picferry_core::Result;
use picferry_core::job::{Origin, Source};
use picferry_core::settings::Settings;
use picferry_engine::{Paths, Proposal};
use std::ffi::OsString;
use std::path::Path;
use tauri::{AppHandle, Manager as _};

/// How Picferry's own links begin.
const SCHEME: &str = "picferry:";

/// What the command line of a start says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartRequest {
    /// `--hidden`: no window.
    pub hidden: bool,
    /// `--show`: a window in any case.
    pub show: bool,
    /// `--upload-clipboard`: upload what is on the clipboard.
    pub upload_clipboard: bool,
    /// `--screenshot`: photograph a part of the screen and upload it.
    pub screenshot: bool,
    /// `--open-with`: the files come from a list of programs or a double click. Opening a picture must
    /// never publish it, so the person is asked.
    pub asks: bool,
    /// `--drop-window`: show the drop window, or put it away.
    pub drop_window: bool,
    /// Files and addresses to upload.
    pub sources: Vec<Source>,
    /// `picferry://` links, which always ask.
    pub links: Vec<String>,
}

impl StartRequest {
    /// Reads the arguments after the program's name; relative paths are taken from `folder`.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>, folder: &Path) -> Self {
        let mut request = Self::default();
        let mut only_files = false;
        for argument in arguments {
            match argument.to_str() {
                _ if only_files => request.sources.push(source(&argument, folder)),
                Some("--hidden") => request.hidden = true,
                Some("--show") => request.show = true,
                Some("--upload-clipboard") => request.upload_clipboard = true,
                Some("--screenshot") => request.screenshot = true,
                Some("--open-with") => request.asks = true,
                Some("--drop-window") => request.drop_window = true,
                Some("--") => only_files = true,
                // Desktops and test drivers add switches of their own.
                Some(flag) if flag.starts_with('-') => {
                    tracing::warn!(flag, "an unknown switch of the command line was ignored");
                }
                Some(text) if is_link(text) => request.links.push(text.to_owned()),
                _ => request.sources.push(source(&argument, folder)),
            }
        }
        request
    }

    /// Whether the first start opens a window.
    pub fn wants_window(&self) -> bool {
        let is_quiet = self.hidden || self.upload_clipboard || self.screenshot || self.drop_window;
        self.show || self.has_questions() || !is_quiet
    }

    /// Whether the person is asked before something is uploaded.
    fn has_questions(&self) -> bool {
        !self.links.is_empty() || (self.asks && !self.sources.is_empty())
    }

    /// What the person is asked, and the links that cannot be read.
    fn take_questions(&mut self) -> Vec<Result<Proposal>> {
        let mut questions: Vec<_> = self.links.drain(..).map(|link| Proposal::from_link(&link)).collect();
        if self.asks && !self.sources.is_empty() {
            let sources = std::mem::take(&mut self.sources);
            questions.push(Ok(Proposal {
                origin: Origin::OpenWith,
                sources,
                clipboard: false,
                profile: None,
            }));
        }
        questions
    }
}

/// Whether an argument is a link of Picferry's own scheme.
fn is_link(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// A file, or an address to fetch.
fn source(argument: &OsString, folder: &Path) -> Source {
    if let Some(text) = argument.to_str() {
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return Source::Url { url: text.to_owned() };
        }
        if lower.starts_with("file:")
            && let Some(path) = url::Url::parse(text).ok().and_then(|url| url.to_file_path().ok())
        {
            return Source::Path { path: path.to_string_lossy().into_owned() };
        }
    }
    Source::Path { path: folder.join(argument).to_string_lossy().into_owned() }
}

/// What the window has to know of the settings before the engine is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// The welcome was seen.
    pub onboarded: bool,
    /// Start without a window.
    pub start_in_tray: bool,
    /// `light`, `dark`, or anything else for the system's.
    pub appearance: String,
}

impl Glimpse {
    /// The same of settings that were read.
    pub fn of(settings: &Settings) -> Self {
        Self {
            onboarded: settings.onboarded,
            start_in_tray: settings.desktop.start_in_tray,
            appearance: settings.appearance.clone(),
        }
    }
}

/// Looks into the settings file; a file that cannot be read asks for nothing.
pub fn glimpse(paths: &Paths) -> Glimpse {
    let settings = std::fs::read(paths.settings_file())
        .ok()
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .unwrap_or_default();
    Glimpse {
        onboarded: settings["onboarded"].as_bool().unwrap_or(false),
        start_in_tray: settings["desktop"]["start_in_tray"].as_bool().unwrap_or(false),
        appearance: settings["appearance"].as_str().unwrap_or_default().to_owned(),
    }
}

/// Does what a start of the program asks for; the window of a first start is opened elsewhere.
pub fn perform(app: &AppHandle, mut request: StartRequest) {
    ask(app, request.take_questions());
    if request.drop_window {
        mini::show(app);
    }
    let left_behind = app.state::<Shell>().take_left_behind();
    upload(app, left_behind, request);
}

/// A later start handed over its arguments and ends when this returns: by then they are on the disk.
pub fn second_start(app: &AppHandle, arguments: Vec<String>, folder: &str) {
    let arguments = arguments.into_iter().skip(1).map(OsString::from);
    let mut request = StartRequest::parse(arguments, Path::new(folder));
    tracing::info!(files = request.sources.len(), "a second start handed over its arguments");
    if request.wants_window() && !app.state::<Shell>().is_quitting() {
        windows::show(app);
    }
    ask(app, request.take_questions());
    if request.drop_window {
        mini::toggle(app);
    }
    let kept = keep(app, &mut request);
    upload(app, kept.into_iter().collect(), request);
}

/// Files and links that the system hands to the running program.
#[cfg(target_os = "macos")]
pub fn opened(app: &AppHandle, urls: Vec<url::Url>) {
    let arguments =
        std::iter::once("--open-with".into()).chain(urls.into_iter().map(|url| url.to_string().into()));
    let mut request = StartRequest::parse(arguments, Path::new("/"));
    windows::show(app);
    ask(app, request.take_questions());
}

/// Puts questions before the person, in the window.
fn ask(app: &AppHandle, questions: Vec<Result<Proposal>>) {
    for question in questions {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            quick_upload::run(&app, "link", async |context| context.engine.offer(question?).map(drop)).await;
        });
    }
}

/// Moves the files of a start to the disk; where that is refused they stay in the request.
fn keep(app: &AppHandle, request: &mut StartRequest) -> Option<HandedOver> {
    let paths = app.state::<Shell>().paths.clone()?;
    if request.sources.is_empty() {
        return None;
    }
    match HandedOver::keep(&paths, request.sources.clone()) {
        Ok(kept) => {
            request.sources.clear();
            Some(kept)
        }
        Err(error) => {
            tracing::warn!("what was handed over is only in memory: {error}");
            None
        }
    }
}

/// Uploads what was kept, and forgets it once its jobs are stored; then what the request asks for.
fn upload(app: &AppHandle, kept: Vec<HandedOver>, request: StartRequest) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        for one in kept {
            if quick_upload::sources(&app, one.sources.clone(), Origin::OpenWith).await {
                one.forget();
            }
        }
        if request.upload_clipboard {
            quick_upload::clipboard(&app, Origin::Hotkey).await;
        }
        if request.screenshot {
            quick_upload::screenshot(&app).await;
        }
        if !request.sources.is_empty() {
            quick_upload::sources(&app, request.sources, Origin::OpenWith).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> StartRequest {
        StartRequest::parse(arguments.iter().map(OsString::from), Path::new("/home/someone"))
    }

    #[test]
    fn files_and_addresses_are_uploaded_and_flags_are_not() {
        let request = parse(&["--show", "a.png", "/tmp/b.png", "https://example.com/c.png", "--strange"]);
        assert!(request.show);
        assert_eq!(
            request.sources,
            [
                Source::Path { path: "/home/someone/a.png".into() },
                Source::Path { path: "/tmp/b.png".into() },
                Source::Url { url: "https://example.com/c.png".into() },
            ]
        );
    }

    #[test]
    fn a_file_address_is_a_path_and_a_dash_needs_two_dashes_before_it() {
        let request = parse(&["file:///tmp/with%20space.png", "--", "-dash.png"]);
        assert_eq!(
            request.sources,
            [
                Source::Path { path: "/tmp/with space.png".into() },
                Source::Path { path: "/home/someone/-dash.png".into() },
            ]
        );
    }

    #[test]
    fn opening_a_picture_or_a_link_is_a_question_and_no_upload() {
        let mut request = parse(&["--open-with", "/tmp/a.png"]);
        assert!(request.wants_window());
        let questions = request.take_questions();
        assert_eq!(questions[0].as_ref().unwrap().sources, [Source::Path { path: "/tmp/a.png".into() }]);
        assert!(request.sources.is_empty(), "nothing of it is uploaded unasked");

        let mut request =
            parse(&["--hidden", "PICFERRY://upload?url=https://example.com/a.png", "picferry://x"]);
        assert!(request.wants_window(), "a question needs a window");
        let questions = request.take_questions();
        assert_eq!(questions[0].as_ref().unwrap().origin, Origin::Link);
        assert!(questions[1].is_err());
        assert!(request.sources.is_empty());
    }

    #[test]
    fn a_damaged_settings_file_asks_for_nothing() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::in_folder(home.path());
        assert_eq!(glimpse(&paths), Glimpse::default());
        std::fs::write(paths.settings_file(), "{ damaged").unwrap();
        assert_eq!(glimpse(&paths), Glimpse::default());
        let settings = r#"{"onboarded":true,"appearance":"dark","desktop":{"start_in_tray":true}}"#;
        std::fs::write(paths.settings_file(), settings).unwrap();
        let seen = Glimpse { onboarded: true, start_in_tray: true, appearance: "dark".into() };
        assert_eq!(glimpse(&paths), seen);
    }

    #[test]
    fn a_start_for_the_clipboard_opens_no_window() {
        assert!(parse(&[]).wants_window());
        assert!(parse(&["a.png"]).wants_window());
        assert!(!parse(&["--hidden"]).wants_window());
        assert!(!parse(&["--upload-clipboard"]).wants_window());
        assert!(!parse(&["--drop-window"]).wants_window());
        assert!(parse(&["--upload-clipboard", "--show"]).wants_window());
    }
}
