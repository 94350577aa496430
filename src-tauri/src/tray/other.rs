//! The tray of Windows and macOS.

use super::menu::{Face, TrayAction, TrayEntry, TrayModel, TrayState};
use super::perform;
use crate::shell::Shell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, IconMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
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
        .icon(icon(model.state.face())?)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip("Picferry")
        .menu(&menu(app, model, actions)?.0)
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

/// What is shown now.
struct Shown {
    model: TrayModel,
    /// The line about how things stand, where there is one.
    status: Option<MenuItem<Wry>>,
}

async fn follow(app: AppHandle, tray: TrayIcon, mut model: watch::Receiver<TrayModel>, actions: Actions) {
    let mut shown: Option<Shown> = None;
    while model.changed().await.is_ok() {
        let now = model.borrow_and_update().clone();
        match redraw(&app, &tray, &now, &actions, shown.take()) {
            Ok(drawn) => shown = Some(drawn),
            Err(error) => tracing::warn!("the tray could not be updated: {error}"),
        }
    }
}

/// Changes what differs: a new menu would close the one that somebody looks into.
fn redraw(
    app: &AppHandle,
    tray: &TrayIcon,
    model: &TrayModel,
    actions: &Actions,
    shown: Option<Shown>,
) -> tauri::Result<Shown> {
    tray.set_tooltip(Some(format!("Picferry: {}", model.status())))?;
    let face_before = shown.as_ref().map(|shown| shown.model.state.face());
    if face_before != Some(model.state.face()) {
        tray.set_icon(Some(icon(model.state.face())?))?;
        tray.set_icon_as_template(cfg!(target_os = "macos"))?;
    }
    if let Some(Shown { model: before, status: Some(status) }) = &shown
        && model.differs_in_its_line_only(before)
    {
        status.set_text(escaped(&model.status()))?;
        return Ok(Shown { model: model.clone(), status: Some(status.clone()) });
    }
    let (menu, status) = menu(app, model, actions)?;
    tray.set_menu(Some(menu))?;
    Ok(Shown { model: model.clone(), status })
}

fn icon(face: Face) -> tauri::Result<Image<'static>> {
    let bytes: &[u8] = match face {
        Face::Ready => include_bytes!("../../../icons/tray/ready-32.png"),
        Face::Busy => include_bytes!("../../../icons/tray/busy-32.png"),
        Face::Problem => include_bytes!("../../../icons/tray/problem-32.png"),
    };
    Image::from_bytes(bytes)
}

/// Builds the menu and notes what its entries do; the line about how things stand comes first.
fn menu(
    app: &AppHandle,
    model: &TrayModel,
    actions: &Actions,
) -> tauri::Result<(Menu<Wry>, Option<MenuItem<Wry>>)> {
    let mut noted = Noted::default();
    let menu = Menu::new(app)?;
    let mut entries = model.entries();
    let mut status = None;
    if model.state != TrayState::Ready
        && let TrayEntry::Item { label, action, .. } = entries.remove(0)
    {
        let line = text_item(app, &label, action, &mut noted)?;
        menu.append(&line)?;
        status = Some(line);
    }
    for entry in entries {
        menu.append(&*item(app, entry, &mut noted)?)?;
    }
    *actions.lock().unwrap_or_else(PoisonError::into_inner) = noted.actions;
    Ok((menu, status))
}

/// What entries do, by ids that are made one after another.
#[derive(Default)]
struct Noted {
    actions: HashMap<String, TrayAction>,
}

impl Noted {
    fn id_of(&mut self, action: TrayAction) -> String {
        let id = format!("tray-{}", self.actions.len());
        self.actions.insert(id.clone(), action);
        id
    }
}

fn text_item(
    app: &AppHandle,
    label: &str,
    action: Option<TrayAction>,
    noted: &mut Noted,
) -> tauri::Result<MenuItem<Wry>> {
    match action {
        Some(action) => MenuItem::with_id(app, noted.id_of(action), escaped(label), true, None::<&str>),
        None => MenuItem::new(app, escaped(label), false, None::<&str>),
    }
}

fn item(app: &AppHandle, entry: TrayEntry, noted: &mut Noted) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match entry {
        TrayEntry::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        TrayEntry::Item { label, icon: Some(icon), action: Some(action) } => {
            let icon = Image::from_bytes(&icon).ok();
            let id = noted.id_of(action);
            Box::new(IconMenuItem::with_id(app, id, escaped(&label), true, icon, None::<&str>)?)
        }
        TrayEntry::Item { label, action, .. } => Box::new(text_item(app, &label, action, noted)?),
        TrayEntry::Tick { label, is_on, action } => {
            let id = noted.id_of(action);
            Box::new(CheckMenuItem::with_id(app, id, escaped(&label), true, is_on, None::<&str>)?)
        }
        TrayEntry::Choice { label, selected, options } => {
            let menu = Submenu::new(app, escaped(&label), true)?;
            for (index, (label, action)) in options.into_iter().enumerate() {
                let (id, is_selected) = (noted.id_of(action), index == selected);
                let option =
                    CheckMenuItem::with_id(app, id, escaped(&label), true, is_selected, None::<&str>)?;
                menu.append(&option)?;
            }
            Box::new(menu)
        }
    })
}

/// A single ampersand would mark a letter to type.
fn escaped(label: &str) -> String {
    label.replace('&', "&&")
}
