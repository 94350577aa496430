//! The application as a whole.

use super::settings_patch;
use crate::Context;
use crate::types::{
    AppState, AutostartChange, DesktopState, Empty, ErrorReport, FolderName, HotkeyChange, HotkeyName,
    HotkeyState, NoticeTopic, OpenAddress, OpenFolder, Platform, ServerToken, SettingsChange, WindowRequest,
};
use picferry_core::profile::COMMON_FIELDS;
use picferry_core::secret::{Secret, SecretStoreKind};
use picferry_core::settings::Settings;
use picferry_core::upload::HistoryFilter;
use picferry_core::{Error, ErrorCode, Result};
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) async fn state(context: &Context, _: Empty) -> Result<AppState> {
    let engine = &context.engine;
    let totals = engine.history_totals(HistoryFilter::default()).await?;
    Ok(AppState {
        version: VERSION,
        platform: Platform::current(),
        settings: engine.settings(),
        providers: engine.providers(),
        common_fields: COMMON_FIELDS,
        secret_store: engine.secret_store_kind(),
        notices: engine.notices(),
        local_store: engine.local_store(),
        jobs: engine.jobs(),
        offers: engine.offers(),
        desktop: context.host.state(),
        total_uploads: totals.count,
    })
}

pub(crate) async fn change_settings(context: &Context, request: SettingsChange) -> Result<Arc<Settings>> {
    let before = context.engine.settings();
    let wanted = settings_patch::apply(&before, &request.patch)?;
    for name in HotkeyName::ALL {
        if name.of(&wanted.hotkeys) != name.of(&before.hotkeys) {
            context.host.set_hotkey(name, name.of(&wanted.hotkeys)).await?;
        }
    }
    if wanted.desktop.local_store_port != before.desktop.local_store_port {
        context.engine.move_local_store(wanted.desktop.local_store_port).await?;
    }
    // Merged again: somebody may have changed the settings between.
    context
        .engine
        .change_settings(move |settings| {
            *settings = settings_patch::apply(settings, &request.patch)?;
            Ok(())
        })
        .await
}

pub(crate) async fn set_server_token(context: &Context, request: ServerToken) -> Result<Arc<Settings>> {
    let token = request.token.map(Secret::new).filter(|token| !token.is_empty());
    context.engine.set_server_token(token).await?;
    Ok(context.engine.settings())
}

pub(crate) async fn use_secret_file(context: &Context, _: Empty) -> Result<SecretStoreKind> {
    context.engine.use_secret_file().await?;
    Ok(context.engine.secret_store_kind())
}

pub(crate) async fn dismiss_notice(context: &Context, request: NoticeTopic) -> Result<()> {
    context.engine.dismiss_notice(&request.topic);
    Ok(())
}

pub(crate) async fn report_error(_: &Context, request: ErrorReport) -> Result<String> {
    Ok(format!("Picferry {VERSION}, {}\n{}", std::env::consts::OS, request.error.report()))
}

pub(crate) async fn set_hotkey(context: &Context, request: HotkeyChange) -> Result<HotkeyState> {
    let accelerator = request.accelerator.trim().to_owned();
    let state = context.host.set_hotkey(request.name, &accelerator).await?;
    context
        .engine
        .change_settings(move |settings| {
            match request.name {
                HotkeyName::UploadClipboard => settings.hotkeys.upload_clipboard = accelerator,
                HotkeyName::DropWindow => settings.hotkeys.drop_window = accelerator,
            }
            Ok(())
        })
        .await?;
    Ok(state)
}

pub(crate) async fn set_autostart(context: &Context, request: AutostartChange) -> Result<DesktopState> {
    context.host.set_autostart(request.on).await?;
    Ok(context.host.state())
}

pub(crate) async fn open_address(context: &Context, request: OpenAddress) -> Result<()> {
    context.host.open_address(&web_address(&request.url)?).await
}

/// The address, if it is one that a browser may be given: nothing that starts programs.
pub(crate) fn web_address(text: &str) -> Result<String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url.into()),
        _ => Err(Error::new(ErrorCode::UrlInvalid, "This is not a web address.")
            .hint("Only http and https addresses can be opened.")),
    }
}

pub(crate) async fn open_folder(context: &Context, request: OpenFolder) -> Result<()> {
    let paths = context.engine.paths();
    let folder: PathBuf = match request.what {
        FolderName::Logs => paths.log_dir(),
        FolderName::Store => paths.store_dir(),
        FolderName::Data => paths.data_dir().to_path_buf(),
    };
    context.host.open_folder(&folder).await
}

pub(crate) async fn window(context: &Context, request: WindowRequest) -> Result<()> {
    context.host.window(request.action).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        assert_eq!(
            web_address("https://img.example.com/a%20b.png").unwrap(),
            "https://img.example.com/a%20b.png"
        );
        assert_eq!(web_address("HTTP://localhost:36688/x").unwrap(), "http://localhost:36688/x");
        for refused in
            ["file:///etc/passwd", "javascript:alert(1)", "calc.exe", "", "smb://host/share", "/etc"]
        {
            assert_eq!(web_address(refused).unwrap_err().code, ErrorCode::UrlInvalid, "{refused}");
        }
    }
}
