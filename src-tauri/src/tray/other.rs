//! The tray of Windows and macOS.

use super::menu::{TrayAction, TrayEntry, TrayModel, TrayState};
use super::perform;
use crate::shell::Shell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Wry};
use tokio::sync::watch;

/// What each entry of the menu does, by the id it was made with.
type Actions = Arc<Mutex<HashMap<String, TrayAction>>>;

/// Shows the tray and keeps it up to date.
pub fn start(app: &AppHandle, model: watch::Receiver<TrayModel>) {
    let actions = Actions::default();
    let tray = match build(app, &model.borrow(), &actions) {
        Ok(tray) => tray,
        Err(error) => {
            tracing::warn!("the tray could not be shown: {error}");
            return;
        }
    };
    app.state::<Shell>().tray_shown.send_replace(true);
    tauri::async_runtime::spawn(follow(app.clone(), tray, model, actions));
}

fn build(app: &AppHandle, model: &TrayModel, actions: &Actions) -> tauri::Result<TrayIcon> {
    let on_menu = Arc::clone(actions);
    TrayIconBuilder::with_id("picferry")
        .icon(icon(model.state)?)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip("Picferry")
        .menu(&menu(app, model, actions)?)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |app, event| {
            let action =
                on_menu.lock().unwrap_or_else(PoisonError::into_inner).get(event.id().as_ref()).cloned();
            if let Some(action) = action {
                perform(app, action);
            }
        })
        .on_tray_icon_event(|tray, event| {
            let clicked = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if clicked && cfg!(windows) {
                perform(tray.app_handle(), TrayAction::Show);
            }
        })
        .build(app)
}

async fn follow(app: AppHandle, tray: TrayIcon, mut model: watch::Receiver<TrayModel>, actions: Actions) {
    while model.changed().await.is_ok() {
        let now = model.borrow_and_update().clone();
        if let Err(error) = redraw(&app, &tray, &now, &actions) {
            tracing::warn!("the tray could not be updated: {error}");
        }
    }
}

fn redraw(app: &AppHandle, tray: &TrayIcon, model: &TrayModel, actions: &Actions) -> tauri::Result<()> {
    tray.set_menu(Some(menu(app, model, actions)?))?;
    tray.set_icon(Some(icon(model.state)?))?;
    tray.set_icon_as_template(cfg!(target_os = "macos"))?;
    tray.set_tooltip(Some(format!("Picferry: {}", model.status())))
}

fn icon(state: TrayState) -> tauri::Result<Image<'static>> {
    let bytes: &[u8] = match state {
        TrayState::Ready => include_bytes!("../../../icons/tray/ready-32.png"),
        TrayState::Busy { .. } => include_bytes!("../../../icons/tray/busy-32.png"),
        TrayState::Problem(_) => include_bytes!("../../../icons/tray/problem-32.png"),
    };
    Image::from_bytes(bytes)
}

/// Builds the menu and notes what its entries do.
fn menu(app: &AppHandle, model: &TrayModel, actions: &Actions) -> tauri::Result<Menu<Wry>> {
    let mut noted = HashMap::new();
    let menu = Menu::new(app)?;
    for entry in model.entries() {
        menu.append(&*item(app, entry, &mut noted)?)?;
    }
    *actions.lock().unwrap_or_else(PoisonError::into_inner) = noted;
    Ok(menu)
}

fn item(
    app: &AppHandle,
    entry: TrayEntry,
    noted: &mut HashMap<String, TrayAction>,
) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    let mut note = |action: TrayAction| {
        let id = format!("tray-{}", noted.len());
        noted.insert(id.clone(), action);
        id
    };
    Ok(match entry {
        TrayEntry::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        TrayEntry::Item { label, action: Some(action) } => {
            Box::new(MenuItem::with_id(app, note(action), escaped(&label), true, None::<&str>)?)
        }
        TrayEntry::Item { label, action: None } => {
            Box::new(MenuItem::new(app, escaped(&label), false, None::<&str>)?)
        }
        TrayEntry::Menu { label, entries } => {
            let menu = Submenu::new(app, escaped(&label), true)?;
            for entry in entries {
                menu.append(&*item(app, entry, noted)?)?;
            }
            Box::new(menu)
        }
        TrayEntry::Choice { label, selected, options } => {
            let menu = Submenu::new(app, escaped(&label), true)?;
            for (index, (label, action)) in options.into_iter().enumerate() {
                let is_selected = index == selected;
                menu.append(&CheckMenuItem::with_id(
                    app,
                    note(action),
                    escaped(&label),
                    true,
                    is_selected,
                    None::<&str>,
                )?)?;
            }
            Box::new(menu)
        }
    })
}

/// A single ampersand would mark a letter to type.
fn escaped(label: &str) -> String {
    label.replace('&', "&&")
}
