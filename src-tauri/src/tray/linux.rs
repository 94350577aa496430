//! The tray of Linux: a StatusNotifierItem over D-Bus. Where no desktop listens nothing breaks.

use super::menu::{Face, TrayAction, TrayEntry, TrayModel};
use super::{host_watch, perform};
use crate::shell::Shell;
use ksni::menu::{CheckmarkItem, RadioGroup, RadioItem, StandardItem, SubMenu};
use ksni::{Handle, Icon, MenuItem, ToolTip, TrayMethods as _};
use std::sync::OnceLock;
use tauri::{AppHandle, Manager as _};
use tokio::sync::watch;

/// Shows the tray whenever the desktop has one.
pub fn start(app: &AppHandle, model: watch::Receiver<TrayModel>) {
    let available = watch::Sender::new(false);
    let changes = available.subscribe();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = host_watch::watch(&available).await {
            tracing::info!("there is no session bus, and so no tray: {error}");
        }
    });
    tauri::async_runtime::spawn(run(app, model, changes));
}

async fn run(app: AppHandle, mut model: watch::Receiver<TrayModel>, mut available: watch::Receiver<bool>) {
    let mut handle: Option<Handle<Item>> = None;
    loop {
        let is_available = *available.borrow_and_update();
        if is_available && handle.as_ref().is_none_or(Handle::is_closed) {
            let now = model.borrow_and_update().clone();
            handle = spawn(&app, now).await;
        }
        let shown = is_available && handle.is_some();
        app.state::<Shell>().tray_shown.send_if_modified(|before| std::mem::replace(before, shown) != shown);
        tokio::select! {
            changed = available.changed() => if changed.is_err() { return },
            changed = model.changed() => {
                if changed.is_err() {
                    return;
                }
                let now = model.borrow_and_update().clone();
                if let Some(handle) = &handle {
                    handle.update(|item| item.model = now).await;
                }
            }
        }
    }
}

/// From here on the item registers itself with every watcher that comes up.
async fn spawn(app: &AppHandle, model: TrayModel) -> Option<Handle<Item>> {
    let item = Item { app: app.clone(), model };
    item.assume_sni_available(true)
        .spawn()
        .await
        .inspect_err(|error| tracing::warn!("the tray could not be shown: {error}"))
        .ok()
}

struct Item {
    app: AppHandle,
    model: TrayModel,
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "picferry".into()
    }

    fn title(&self) -> String {
        "Picferry".into()
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        icons(self.model.state.face())
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Picferry".into(), description: self.model.status(), ..ToolTip::default() }
    }

    /// A click on the icon, where the desktop tells of it.
    fn activate(&mut self, _: i32, _: i32) {
        perform(&self.app, TrayAction::Show);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.model.entries().into_iter().map(menu_item).collect()
    }
}

fn menu_item(entry: TrayEntry) -> MenuItem<Item> {
    match entry {
        TrayEntry::Separator => MenuItem::Separator,
        TrayEntry::Item { label, icon, action } => StandardItem {
            label: escaped(&label),
            icon_data: icon.map(|icon| icon.to_vec()).unwrap_or_default(),
            enabled: action.is_some(),
            activate: Box::new(move |item: &mut Item| {
                if let Some(action) = action.clone() {
                    perform(&item.app, action);
                }
            }),
            ..StandardItem::default()
        }
        .into(),
        TrayEntry::Tick { label, is_on, action } => CheckmarkItem {
            label: escaped(&label),
            checked: is_on,
            activate: Box::new(move |item: &mut Item| perform(&item.app, action.clone())),
            ..CheckmarkItem::default()
        }
        .into(),
        TrayEntry::Choice { label, selected, options } => choice(&label, selected, options),
    }
}

fn choice(label: &str, selected: usize, options: Vec<(String, TrayAction)>) -> MenuItem<Item> {
    let (labels, actions): (Vec<String>, Vec<TrayAction>) = options.into_iter().unzip();
    let group = RadioGroup {
        selected,
        select: Box::new(move |item: &mut Item, index| {
            if let Some(action) = actions.get(index) {
                perform(&item.app, action.clone());
            }
        }),
        options: labels
            .iter()
            .map(|label| RadioItem { label: escaped(label), ..RadioItem::default() })
            .collect(),
    };
    SubMenu { label: escaped(label), submenu: vec![group.into()], ..SubMenu::default() }.into()
}

/// A single underscore would mark a letter to type.
fn escaped(label: &str) -> String {
    label.replace('_', "__")
}

/// The icon of a face, drawn once: it is asked for whenever anything in the tray changes.
fn icons(face: Face) -> Vec<Icon> {
    static DRAWN: [OnceLock<Vec<Icon>>; 3] = [const { OnceLock::new() }; 3];
    let (place, bytes): (usize, &[u8]) = match face {
        Face::Ready => (0, include_bytes!("../../../icons/tray/ready-32.png")),
        Face::Busy => (1, include_bytes!("../../../icons/tray/busy-32.png")),
        Face::Problem => (2, include_bytes!("../../../icons/tray/problem-32.png")),
    };
    let draw = || {
        let template = tauri::image::Image::from_bytes(bytes);
        template.map(|template| vec![outlined(&template)]).unwrap_or_default()
    };
    DRAWN[place].get_or_init(draw).clone()
}

/// The one-colour icon in white with a dark rim: panels are dark or light, and nobody says which.
fn outlined(template: &tauri::image::Image<'_>) -> Icon {
    let (width, height) = (template.width(), template.height());
    let alpha = |x: u32, y: u32| {
        let index = (y as usize * width as usize + x as usize) * 4 + 3;
        u32::from(template.rgba().get(index).copied().unwrap_or(0))
    };
    let mut data = Vec::with_capacity(template.rgba().len());
    for y in 0..height {
        for x in 0..width {
            let body = alpha(x, y);
            let around = (y.saturating_sub(1)..=(y + 1).min(height - 1))
                .flat_map(|near_y| {
                    (x.saturating_sub(1)..=(x + 1).min(width - 1)).map(move |near_x| (near_x, near_y))
                })
                .map(|(near_x, near_y)| alpha(near_x, near_y))
                .max()
                .unwrap_or(0);
            let rim = around * 3 / 5 * (255 - body) / 255;
            let opacity = body + rim;
            let light = (255 * body).checked_div(opacity).unwrap_or(0);
            // ARGB in network order, as the specification asks.
            data.extend([opacity, light, light, light].map(|value| u8::try_from(value).unwrap_or(u8::MAX)));
        }
    }
    Icon { width: i32::try_from(width).unwrap_or(0), height: i32::try_from(height).unwrap_or(0), data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_can_be_seen_on_a_dark_and_on_a_light_panel() {
        let template =
            tauri::image::Image::from_bytes(include_bytes!("../../../icons/tray/ready-32.png")).unwrap();
        let icon = outlined(&template);
        assert_eq!(icon.data.len(), 32 * 32 * 4);
        let pixels: Vec<&[u8]> = icon.data.chunks(4).collect();
        assert!(pixels.iter().any(|pixel| pixel[0] == 255 && pixel[1] == 255), "there is white");
        assert!(pixels.iter().any(|pixel| pixel[0] > 100 && pixel[1] == 0), "there is a dark rim");
        assert!(pixels.iter().any(|pixel| pixel[0] == 0), "the rest is clear");
    }

    #[test]
    fn an_underscore_in_a_file_name_is_shown() {
        assert_eq!(escaped("a_b.png"), "a__b.png");
    }
}
