//! A mouse that the compositor takes for a real one.

use super::{Desktop, eventually};
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

/// A mouse, until it is dropped.
pub struct Mouse {
    process: Child,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Mouse {
    /// Plugs one in; windows that come up later know it from the start.
    pub fn new(desktop: &Desktop) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("wayland/kit/pointer.py");
        let mut process = desktop
            .command("/usr/bin/python3")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut mouse = Self { process, answers };
        mouse.is_heard();
        mouse
    }

    /// Moves to a place of the screen.
    pub fn move_to(&mut self, (x, y): (u64, u64)) {
        self.does(&format!("move {x} {y}"));
    }

    /// Holds the left button down.
    pub fn press(&mut self) {
        self.does("down");
    }

    /// Lets go of it.
    pub fn release(&mut self) {
        self.does("up");
    }

    fn does(&mut self, what: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{what}").unwrap();
        self.is_heard();
    }

    fn is_heard(&mut self) {
        assert_eq!(self.answers.next().expect("the mouse is plugged in").unwrap(), "done");
    }
}

impl Drop for Mouse {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Another program with something to drag; it goes when it is dropped.
pub struct Source {
    process: Child,
    log: std::path::PathBuf,
    place: (u64, u64),
}

impl Source {
    /// Opens it in the upper left corner of the screen, with these files.
    pub async fn new(desktop: &Desktop, files: &[&Path]) -> Self {
        let log = desktop.folder.path().join("dragged");
        let process = desktop
            .command("/usr/bin/python3")
            .arg(desktop.kit("dragsource.py"))
            .args(files)
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(&log).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let title = "dragsource";
        desktop.tile(title).await;
        desktop.run("swaymsg", &[&format!("[title=\"^{title}$\"] move absolute position 0 0")]);
        let tile = eventually("it is in the corner", async || {
            desktop.tiles(title).pop().filter(|tile| tile.place == (0, 0))
        })
        .await;
        Self { process, log, place: (tile.size.0 / 2, tile.size.1 / 2) }
    }

    /// Drags what it has to a place and drops it as soon as the window there would take it.
    pub async fn is_dragged(&self, mouse: &mut Mouse, (x, y): (u64, u64)) {
        let (from_x, from_y) = self.place;
        mouse.move_to(self.place);
        mouse.press();
        for step in 1..=16 {
            mouse.move_to(((from_x * (16 - step) + x * step) / 16, (from_y * (16 - step) + y * step) / 16));
        }
        let mut turn = 0;
        eventually("the window would take what is dragged", async || {
            // A hand is never quite still, and a drag that began late is told of the next move.
            turn += 1;
            mouse.move_to((x + turn % 2, y));
            let said = std::fs::read_to_string(&self.log).ok()?;
            let last = said.lines().rfind(|line| line.starts_with("DRAG_OVER"))?;
            (last != "DRAG_OVER 0").then_some(())
        })
        .await;
        mouse.release();
        let said = eventually("the drag ends", async || {
            std::fs::read_to_string(&self.log).ok().filter(|said| said.contains("DRAG_END"))
        })
        .await;
        assert!(!said.contains("DRAG_FAILED"), "the drop was refused");
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
