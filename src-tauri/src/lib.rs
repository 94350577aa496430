//! Picferry's desktop shell: the window, the tray, the hotkey, the clipboard and drag and drop
//! around the engine. It decides nothing about pictures; it carries them in and links out.

mod arrival;
mod autostart;
mod bridge;
mod capture;
mod card;
mod copied;
mod crossing;
mod desktop_host;
mod drop;
mod environment;
mod events;
mod follow;
mod handed_over;
mod hotkeys;
mod mini;
mod notify;
mod place;
mod quick_upload;
mod quitting;
mod shell;
mod startup;
mod thumbnails;
mod tray;
mod windows;
mod words;

use picferry_engine::Paths;
use shell::{Shell, open_engine};
use startup::StartRequest;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager as _, RunEvent, Wry};
use tauri_plugin_window_state::StateFlags;
use tray::Tray;

/// Runs the app until it is quit.
#[must_use]
pub fn run() -> ExitCode {
    environment::prepare();
    let paths = Paths::from_environment().ok();
    let folder = std::env::current_dir().unwrap_or_default();
    let request = StartRequest::parse(std::env::args_os().skip(1), &folder);
    let context = tauri::generate_context!();
    let app = tauri::Builder::default()
        // First of all: a second start ends here, before it opens anything.
        .plugin(single_instance(&context.config().identifier))
        .plugin(window_state(paths.as_ref()))
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_global_shortcut::Builder::new().build())
        .plugin(tauri_plugin_notification::init())
        .plugin(autostart::plugin())
        .register_asynchronous_uri_scheme_protocol(thumbnails::SCHEME, thumbnails::serve)
        .invoke_handler(tauri::generate_handler![bridge::rpc, events::subscribe, events::next_events])
        .on_window_event(windows::on_event)
        .manage(Shell::new(paths))
        .setup(move |app| {
            set_up(app.handle(), request);
            Ok(())
        })
        .build(context);
    match app {
        Ok(app) => {
            app.run(on_run_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!("the app could not be started: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The engine opens on a thread of its own while the window is made here; whichever is ready first
/// waits for the other.
fn set_up(app: &AppHandle, request: StartRequest) {
    let stays_in_tray =
        app.state::<Shell>().paths.as_ref().is_some_and(|paths| startup::glimpse(paths).start_in_tray);
    let wants_window = request.show || (request.wants_window() && !stays_in_tray);
    quitting::on_signals(app);
    app.manage(Tray::start(app));
    mini::restore(app);
    let handle = app.clone();
    tauri::async_runtime::spawn(async move {
        match open_engine(&handle).await {
            Ok(_) => startup::perform(&handle, request),
            // The window that is being made says why; where none was asked for, one comes up.
            Err(_) if wants_window => {}
            Err(_) => windows::show(&handle),
        }
    });
    if wants_window && let Err(error) = windows::create(app) {
        tracing::error!("the window could not be made: {error}");
    }
}

fn on_run_event(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window is gone, which is no reason to end: the tray and the queue live on.
        RunEvent::ExitRequested { code: None, api, .. } if !app.state::<Shell>().is_quitting() => {
            api.prevent_exit();
        }
        RunEvent::Exit => quitting::on_exit(app),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => windows::show(app),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => startup::opened(app, urls),
        _ => {}
    }
}

fn single_instance(identifier: &str) -> TauriPlugin<Wry> {
    let home = std::env::var_os("PICFERRY_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, arguments, folder| startup::second_start(app, arguments, &folder))
        .dbus_id(environment::instance_id(identifier, home.as_deref()))
        .build()
}

/// Size and place of the main window, kept with the settings.
fn window_state(paths: Option<&Paths>) -> TauriPlugin<Wry> {
    let builder = tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        // The small windows have one size each, and a memory of their own.
        .with_filter(|label| label == windows::MAIN_WINDOW);
    match paths.map(Paths::config_dir).and_then(Path::to_str) {
        // An absolute name is not put into Tauri's own folder.
        Some(folder) => builder.with_filename(format!("{folder}/window.json")).build(),
        None => builder.build(),
    }
}
