//! The tray: one menu as data, drawn by whatever the system has for it.

#[cfg(target_os = "linux")]
mod host_watch;
#[cfg(target_os = "linux")]
mod linux;
mod menu;
#[cfg(not(target_os = "linux"))]
mod other;
mod thumbnails;

pub use menu::{Recent, TrayModel, TrayState};
pub use thumbnails::Thumbnails;

use crate::shell::Shell;
use crate::{mini, quick_upload, quitting, windows};
use menu::TrayAction;
use picferry_core::job::Origin;
use picferry_core::settings::Settings;
use std::time::Duration;
use tauri::{AppHandle, Manager as _};
use tokio::sync::watch;

/// At log-in programs start before the tray does.
const FIRST_GRACE: Duration = Duration::from_secs(10);

/// A tray that is being restarted comes back within this time.
const GRACE: Duration = Duration::from_secs(3);

/// The tray of this process.
pub struct Tray {
    model: watch::Sender<TrayModel>,
}

impl Tray {
    /// Puts Picferry into the tray, as soon and as long as there is one.
    pub fn start(app: &AppHandle) -> Self {
        let model = watch::Sender::new(TrayModel::default());
        #[cfg(target_os = "linux")]
        linux::start(app, model.subscribe());
        #[cfg(not(target_os = "linux"))]
        other::start(app, model.subscribe());
        keep_window_reachable(app);
        Self { model }
    }

    /// Shows another state; nothing is sent to the desktop when it is the same.
    pub fn update(&self, model: &TrayModel) {
        self.model.send_if_modified(|shown| {
            let differs = shown != model;
            if differs {
                shown.clone_from(model);
            }
            differs
        });
    }
}

/// Brings the window up when the tray that it could be brought up from is gone.
fn keep_window_reachable(app: &AppHandle) {
    let app = app.clone();
    let mut shown = app.state::<Shell>().tray_shown.subscribe();
    tauri::async_runtime::spawn(async move {
        let mut grace = FIRST_GRACE;
        loop {
            tokio::time::sleep(std::mem::replace(&mut grace, GRACE)).await;
            let reachable = *shown.borrow_and_update() || windows::is_open(&app);
            if !reachable && !app.state::<Shell>().is_quitting() {
                tracing::info!("there is no tray: the window is shown instead");
                windows::show(&app);
            }
            if shown.changed().await.is_err() {
                return;
            }
        }
    });
}

/// Does what an entry of the menu says.
fn perform(app: &AppHandle, action: TrayAction) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match action {
            TrayAction::Pause => {
                quick_upload::run(&app, "upload", async |context| context.engine.pause(None).await).await;
            }
            TrayAction::Resume => {
                quick_upload::run(&app, "upload", async |context| context.engine.resume(None).await).await;
            }
            TrayAction::UploadClipboard => quick_upload::clipboard(&app, Origin::Tray).await,
            TrayAction::UploadFiles => quick_upload::choose(&app, Origin::Tray).await,
            TrayAction::UploadScreenshot => quick_upload::screenshot(&app).await,
            TrayAction::WatchFolders(on) => {
                quick_upload::run(&app, "watch", async |context| {
                    context.engine.pause_watched_folders(!on).await
                })
                .await;
            }
            TrayAction::DropWindow => mini::toggle(&app),
            TrayAction::CopyLink(id) => {
                quick_upload::run(&app, "clipboard", async |context| {
                    picferry_rpc::copy_links(context, vec![id], None).await.map(drop)
                })
                .await;
            }
            TrayAction::UseProfile(id) => {
                quick_upload::run(&app, "profile", async |context| {
                    context.engine.set_default_profile(&id).await
                })
                .await;
            }
            TrayAction::UseFormat(name) => {
                quick_upload::run(&app, "links", async |context| {
                    let change = |settings: &mut Settings| {
                        settings.links.format = name;
                        Ok(())
                    };
                    context.engine.change_settings(change).await.map(drop)
                })
                .await;
            }
            TrayAction::Show => windows::show(&app),
            TrayAction::ShowTransfers => windows::show_screen(&app, "upload"),
            TrayAction::Settings => windows::show_screen(&app, "settings"),
            TrayAction::Quit => quitting::quit(&app),
        }
    });
}
