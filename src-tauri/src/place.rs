//! Where the small windows stand: as the person left them, and always where they can be seen.

use tauri::{AppHandle, Manager as _, Monitor, PhysicalPosition, WebviewWindow};

/// Pixels of the design between a window and the edge of the screen.
const MARGIN: f64 = 16.0;

/// The part of a screen that is free of panels, in pixels of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Pixels from the left of the desktop; a screen may lie left of the first one.
    pub x: i32,
    /// Pixels from its top.
    pub y: i32,
    /// Pixels across.
    pub width: i32,
    /// Pixels down.
    pub height: i32,
    /// Pixels of the screen for one of the design.
    pub scale: f64,
}

/// A corner of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    /// Where macOS shows its own notices.
    TopRight,
    /// Out of the way of what people write.
    BottomRight,
}

impl Corner {
    /// Where this system's people look for news.
    pub const OF_NEWS: Self = if cfg!(target_os = "macos") { Self::TopRight } else { Self::BottomRight };
}

impl Area {
    fn of(monitor: &Monitor) -> Self {
        let free = monitor.work_area();
        let length = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        Self {
            x: free.position.x,
            y: free.position.y,
            width: length(free.size.width),
            height: length(free.size.height),
            scale: monitor.scale_factor(),
        }
    }

    /// The place nearest to the wished one at which all of the window is in this area.
    fn nearest(self, (x, y): (i32, i32), (width, height): (i32, i32)) -> (i32, i32) {
        let within = |wished: i32, start: i32, room: i32| wished.clamp(start, start + room.max(0));
        (within(x, self.x, self.width - width), within(y, self.y, self.height - height))
    }

    /// How many pixels of the window are in this area.
    fn overlap(self, (x, y): (i32, i32), (width, height): (i32, i32)) -> i64 {
        let common = |start: i32, length: i32, from: i32, room: i32| {
            i64::from((start + length).min(from + room)) - i64::from(start.max(from))
        };
        let across = common(x, width, self.x, self.width).max(0);
        across * common(y, height, self.y, self.height).max(0)
    }

    fn corner(self, corner: Corner, (width, height): (i32, i32)) -> (i32, i32) {
        let margin = (MARGIN * self.scale).round() as i32;
        let x = self.x + self.width - width - margin;
        let y = match corner {
            Corner::TopRight => self.y + margin,
            Corner::BottomRight => self.y + self.height - height - margin,
        };
        self.nearest((x, y), (width, height))
    }
}

/// Where a window of that size goes: to its old place if most of it is on a screen that is there, into the
/// screen that it sticks out of, else into the corner of the first one. `None` without a screen.
pub fn choose(
    old: Option<(i32, i32)>,
    size: (i32, i32),
    areas: &[Area],
    corner: Corner,
) -> Option<(i32, i32)> {
    let first = areas.first()?;
    let kept = old.and_then(|old| {
        let best = areas.iter().max_by_key(|area| area.overlap(old, size))?;
        (best.overlap(old, size) > 0).then(|| best.nearest(old, size))
    });
    Some(kept.unwrap_or_else(|| first.corner(corner, size)))
}

/// The free parts of all screens, the main one first.
pub fn areas(app: &AppHandle) -> Vec<Area> {
    let main = app.primary_monitor().ok().flatten();
    let all = app.available_monitors().unwrap_or_default();
    let is_main = |monitor: &Monitor| main.as_ref().is_some_and(|main| main.position() == monitor.position());
    let (mut first, others): (Vec<&Monitor>, Vec<&Monitor>) =
        all.iter().partition(|monitor| is_main(monitor));
    first.extend(others);
    first.into_iter().map(Area::of).collect()
}

/// Puts a window where [`choose`] says; its size is that of the design.
pub fn put(window: &WebviewWindow, old: Option<(i32, i32)>, design: (f64, f64), corner: Corner) {
    let areas = areas(window.app_handle());
    let scale = areas.first().map_or(1.0, |area| area.scale);
    let size = ((design.0 * scale).round() as i32, (design.1 * scale).round() as i32);
    let Some((x, y)) = choose(old, size, &areas, corner) else { return };
    if let Err(error) = window.set_position(PhysicalPosition::new(x, y)) {
        tracing::debug!("the small window stays where the system put it: {error}");
    }
}

/// Whether this desktop lets programs say where their windows go: Wayland does not.
pub fn can_place() -> bool {
    #[cfg(target_os = "linux")]
    return !crate::environment::is_wayland();
    #[cfg(not(target_os = "linux"))]
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (i32, i32) = (220, 96);

    const LEFT: Area = Area { x: -1920, y: 0, width: 1920, height: 1080, scale: 1.0 };

    /// With a panel at its top.
    const MAIN: Area = Area { x: 0, y: 32, width: 1440, height: 868, scale: 1.0 };

    fn chosen(old: Option<(i32, i32)>, areas: &[Area]) -> Option<(i32, i32)> {
        choose(old, SIZE, areas, Corner::BottomRight)
    }

    #[test]
    fn a_window_comes_back_to_where_it_was_left_on_any_screen() {
        assert_eq!(chosen(Some((300, 200)), &[MAIN, LEFT]), Some((300, 200)));
        assert_eq!(chosen(Some((-500, 40)), &[MAIN, LEFT]), Some((-500, 40)));
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_comes_to_the_corner_of_the_main_one() {
        assert_eq!(chosen(Some((-500, 40)), &[MAIN]), Some((1440 - 220 - 16, 900 - 96 - 16)));
        assert_eq!(chosen(None, &[MAIN, LEFT]), Some((1204, 788)));
    }

    #[test]
    fn what_sticks_out_is_pushed_in_and_the_panel_stays_free() {
        assert_eq!(chosen(Some((1400, 880)), &[MAIN]), Some((1220, 804)));
        assert_eq!(chosen(Some((10, 0)), &[MAIN]), Some((10, 32)));
        assert_eq!(chosen(Some((-200, 300)), &[MAIN, LEFT]), Some((-220, 300)), "most of it was left");
    }

    #[test]
    fn a_screen_smaller_than_the_window_shows_its_beginning() {
        let tiny = Area { x: 5, y: 5, width: 100, height: 50, scale: 1.0 };
        assert_eq!(chosen(None, &[tiny]), Some((5, 5)));
        assert_eq!(chosen(None, &[]), None);
    }

    #[test]
    fn the_margin_grows_with_the_pixels() {
        let fine = Area { scale: 2.0, ..MAIN };
        assert_eq!(choose(None, SIZE, &[fine], Corner::TopRight), Some((1440 - 220 - 32, 32 + 32)));
    }
}
