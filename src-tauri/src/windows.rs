//! The windows, above all the main one: made in Rust, shown when it has something to show, hidden to the tray, and
//! destroyed after a while, because a hidden webview keeps its memory.

use crate::shell::Shell;
use crate::{card, mini, quitting, startup};
use picferry_core::event::Event;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tauri::utils::config::Color;
use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, Manager as _, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window,
    WindowEvent, Wry,
};

/// The label of the one window.
pub const MAIN_WINDOW: &str = "main";

/// Whether the page draws the buttons for minimise, maximise and close: macOS has its own.
pub const DRAWS_OWN_BUTTONS: bool = !cfg!(target_os = "macos");

/// `--bg-window` of the page, in the light and in the dark.
const LIGHT: Color = Color(253, 253, 254, 255);
const DARK: Color = Color(23, 28, 31, 255);

/// `--bg-raised` of the page, in the light and in the dark.
const RAISED_LIGHT: Color = Color(255, 255, 255, 255);
const RAISED_DARK: Color = Color(34, 40, 44, 255);

/// A window whose page has not come up by then is shown as it is.
const SHOWN_AT_THE_LATEST: Duration = Duration::from_millis(1500);

/// How long a window may take to be gone once it was taken away.
const GONE_REST: Duration = Duration::from_millis(20);
const GONE_LOOKS: usize = 100;

/// A hidden window lives that long: whoever comes back soon finds it as it was.
const HIDDEN_LIFE: Duration = Duration::from_secs(30);

/// The main window between its making and its end.
#[derive(Default)]
pub struct WindowLife {
    /// Grows whenever the window is shown or hidden, so that an older timer knows it is late.
    turn: AtomicU64,
    /// Whether the window should be on the screen once its page has begun.
    wanted: AtomicBool,
    /// One window is made at a time.
    making: tokio::sync::Mutex<()>,
}

impl WindowLife {
    fn next_turn(&self) -> u64 {
        self.turn.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn is_turn(&self, turn: u64) -> bool {
        self.turn.load(Ordering::SeqCst) == turn
    }
}

/// Brings the window to the front; makes it if there is none.
pub fn show(app: &AppHandle) {
    app.state::<Shell>().window.wanted.store(true, Ordering::SeqCst);
    if let Some(window) = app.get_webview_window(MAIN_WINDOW) {
        app.state::<Shell>().window.next_turn();
        bring_to_front(&window);
        return;
    }
    // Off the main thread: Windows deadlocks when a window is made inside an event handler.
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let _one_at_a_time = shell.window.making.lock().await;
        match app.get_webview_window(MAIN_WINDOW) {
            Some(window) => bring_to_front(&window),
            None => {
                if let Err(error) = create(&app) {
                    tracing::error!("the window could not be made: {error}");
                }
            }
        }
    });
}

/// Brings the window to the front with that screen in it.
pub fn show_screen(app: &AppHandle, screen: &str) {
    let screen = screen.to_owned();
    app.state::<Shell>().subscriptions.tell(MAIN_WINDOW, Event::Navigate { screen });
    show(app);
}

/// Makes the window. It stays invisible until its page has begun.
///
/// # Errors
/// What the system's webview says.
pub fn create(app: &AppHandle) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    shell.window.wanted.store(true, Ordering::SeqCst);
    let turn = shell.window.next_turn();
    let builder = own_page(app, MAIN_WINDOW, "index.html")
        .initialization_script(format!(
            "document.documentElement.dataset.onboarded = '{}';",
            settings_now(app).onboarded
        ))
        .title("Picferry")
        .inner_size(1080.0, 720.0)
        .min_inner_size(760.0, 520.0)
        .center();
    let window = decorated(builder).build()?;
    colour(app, &window, (LIGHT, DARK));
    show_late(app, turn);
    Ok(())
}

/// A window of the app's own pages, invisible, in the theme that was chosen.
fn own_page<'a>(app: &'a AppHandle, label: &str, page: &str) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    let mut builder = WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .visible(false)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .devtools(cfg!(debug_assertions));
    if let Some(theme) = chosen_theme(app) {
        // Before the page asks for its settings, so that it never shows the other one.
        let script = format!("document.documentElement.dataset.theme = '{theme}';");
        builder = builder.initialization_script(script);
    }
    match &app.state::<Shell>().paths {
        Some(paths) => builder.data_directory(paths.data_dir().join("webview")),
        None => builder,
    }
}

/// A small window above all others, that is in no list of windows.
pub fn small<'a>(
    app: &'a AppHandle,
    label: &str,
    page: &str,
    (width, height): (f64, f64),
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    own_page(app, label, page)
        .inner_size(width, height)
        .min_inner_size(width, height)
        .max_inner_size(width, height)
        // GTK makes windows that cannot be resized at least 200 pixels high; the bounds hold this one.
        .resizable(cfg!(target_os = "linux"))
        .maximizable(false)
        .minimizable(false)
        .decorations(false)
        .shadow(true)
        .always_on_top(true)
        .visible_on_all_workspaces(true)
        .skip_taskbar(true)
        .accept_first_mouse(true)
}

/// Takes a small window away with its page, and waits until its name is free again.
pub async fn take_away(app: &AppHandle, label: &str) {
    let Some(window) = app.get_webview_window(label) else { return };
    if let Err(error) = window.destroy() {
        tracing::warn!(label, "the small window could not be taken away: {error}");
        return;
    }
    for _ in 0..GONE_LOOKS {
        tokio::time::sleep(GONE_REST).await;
        if app.get_webview_window(label).is_none() {
            break;
        }
    }
    // Whatever it was not told any more would be old news for the next one.
    app.state::<Shell>().subscriptions.end_of(label);
}

/// Gives a small window the colour of its page before that is drawn.
pub fn colour_as_raised(app: &AppHandle, window: &WebviewWindow) {
    colour(app, window, (RAISED_LIGHT, RAISED_DARK));
}

fn colour(app: &AppHandle, window: &WebviewWindow, (light, dark): (Color, Color)) {
    let is_dark = match chosen_theme(app) {
        Some(theme) => theme == "dark",
        None => matches!(window.theme(), Ok(Theme::Dark)),
    };
    if let Err(error) = window.set_background_color(Some(if is_dark { dark } else { light })) {
        tracing::debug!("the window keeps its own background: {error}");
    }
}

/// Shows a small window whose page does not come up, so that its failure can be seen.
pub fn show_small_late(app: &AppHandle, label: &'static str) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_AT_THE_LATEST).await;
        if let Some(window) = app.get_webview_window(label)
            && !window.is_visible().unwrap_or(true)
        {
            tracing::info!(label, "the page is late: its window is shown as it is");
            painted(&app, label);
        }
    });
}

/// What the person chose, `light` or `dark`; `None` for as the system says.
fn chosen_theme(app: &AppHandle) -> Option<&'static str> {
    let appearance = settings_now(app).appearance;
    ["light", "dark"].into_iter().find(|theme| *theme == appearance)
}

/// What a page has to know of the settings, also before the engine is open.
fn settings_now(app: &AppHandle) -> startup::Glimpse {
    let shell = app.state::<Shell>();
    match (shell.context_now(), &shell.paths) {
        (Some(context), _) => startup::Glimpse::of(&context.engine.settings()),
        (None, Some(paths)) => startup::glimpse(paths),
        (None, None) => startup::Glimpse::default(),
    }
}

#[cfg(target_os = "macos")]
fn decorated<M: tauri::Manager<tauri::Wry>>(
    builder: WebviewWindowBuilder<'_, tauri::Wry, M>,
) -> WebviewWindowBuilder<'_, tauri::Wry, M> {
    builder.title_bar_style(tauri::TitleBarStyle::Overlay).hidden_title(true)
}

#[cfg(not(target_os = "macos"))]
fn decorated<M: tauri::Manager<tauri::Wry>>(
    builder: WebviewWindowBuilder<'_, tauri::Wry, M>,
) -> WebviewWindowBuilder<'_, tauri::Wry, M> {
    builder.decorations(false)
}

/// Whether a page is the app's own. Everything else opens in the browser, through a command.
fn is_own_page(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => true,
        ("http" | "https", Some("tauri.localhost")) => cfg!(windows),
        ("about", _) => url.as_str() == "about:blank",
        _ => false,
    }
}

/// The page says so with its first line, so that the window, which has its colours, comes up while the
/// rest is fetched and the engine opens; and again when its content is on the screen: a page of a hidden
/// window paints nothing.
pub fn painted(app: &AppHandle, label: &str) {
    let Some(window) = app.get_webview_window(label) else { return };
    let is_visible = window.is_visible().unwrap_or(false);
    match label {
        mini::WINDOW if !is_visible => mini::painted(app, &window),
        card::WINDOW if !is_visible => card::painted(app, &window),
        mini::WINDOW | card::WINDOW => {}
        _ if is_visible => note_first_paint(),
        _ => {
            show_if_wanted(app);
        }
    }
}

/// Whether that changed anything.
fn show_if_wanted(app: &AppHandle) -> bool {
    let wanted = app.state::<Shell>().window.wanted.load(Ordering::SeqCst);
    if let Some(window) = app.get_webview_window(MAIN_WINDOW)
        && wanted
        && !window.is_visible().unwrap_or(false)
    {
        bring_to_front(&window);
        return true;
    }
    false
}

/// For `make bench`: leaves the time of the first paint where `PICFERRY_PAINT_FILE` says.
fn note_first_paint() {
    if let Some(file) = std::env::var_os("PICFERRY_PAINT_FILE")
        && let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH)
        && let Err(error) = std::fs::write(&file, now.as_millis().to_string())
    {
        tracing::warn!("the time of the first paint could not be written: {error}");
    }
}

/// Shows a window whose page does not come up, so that its failure can be seen.
fn show_late(app: &AppHandle, turn: u64) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_AT_THE_LATEST).await;
        if app.state::<Shell>().window.is_turn(turn) && show_if_wanted(&app) {
            tracing::info!("the page is late: its window is shown as it is");
        }
    });
}

/// Shows a window in front of all others, with the focus.
pub fn bring_to_front(window: &WebviewWindow) {
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!("the window could not be brought to the front: {error}");
    }
}

/// Whether somebody looks at the window right now.
pub fn is_focused(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN_WINDOW)
        .is_some_and(|window| window.is_visible().unwrap_or(false) && window.is_focused().unwrap_or(false))
}

/// Whether the window is anywhere on the screen, be it behind others.
pub fn is_open(app: &AppHandle) -> bool {
    app.state::<Shell>().window.wanted.load(Ordering::SeqCst)
}

/// What happens to a window.
pub fn on_event(window: &Window, event: &WindowEvent) {
    match window.label() {
        mini::WINDOW => mini::on_event(window, event),
        card::WINDOW => card::on_event(window, event),
        _ => on_event_of_main(window, event),
    }
}

fn on_event_of_main(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            if may_hide(app) {
                hide(window);
            } else {
                quitting::quit(app);
            }
        }
        WindowEvent::DragDrop(event) => crate::drop::handle(window, event),
        WindowEvent::Destroyed => app.state::<Shell>().subscriptions.end_of(MAIN_WINDOW),
        _ => {}
    }
}

/// A window may only hide where the person can bring it back, and if they want it to.
fn may_hide(app: &AppHandle) -> bool {
    let shell = app.state::<Shell>();
    let wanted = shell.context_now().is_some_and(|context| context.engine.settings().desktop.close_to_tray);
    wanted && *shell.tray_shown.borrow()
}

/// Hides the window, and destroys it when it has been hidden for a while.
fn hide(window: &Window) {
    let app = window.app_handle().clone();
    let shell = app.state::<Shell>();
    shell.window.wanted.store(false, Ordering::SeqCst);
    let turn = shell.window.next_turn();
    if let Err(error) = window.hide() {
        tracing::warn!("the window could not be hidden: {error}");
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(HIDDEN_LIFE).await;
        let shell = app.state::<Shell>();
        if let Some(window) = app.get_webview_window(MAIN_WINDOW)
            && shell.window.is_turn(turn)
        {
            tracing::debug!("the hidden window is destroyed");
            if let Err(error) = window.destroy() {
                tracing::warn!("the hidden window could not be destroyed: {error}");
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_never_leaves_its_own_pages() {
        let is_own = |text: &str| is_own_page(&Url::parse(text).unwrap());
        assert!(is_own("tauri://localhost/index.html"));
        assert!(is_own("about:blank"));
        for refused in [
            "https://example.com/",
            "file:///etc/passwd",
            "tauri://evil/",
            "data:text/html,x",
            "about:srcdoc",
        ] {
            assert!(!is_own(refused), "{refused}");
        }
        assert_eq!(is_own("http://tauri.localhost/"), cfg!(windows));
    }
}
