//! Screenshots by the programs that desktops bring along, where no portal answers.

use super::{read, unable};
use picferry_core::job::Source;
use picferry_core::{Error, Result};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::process::Command;

/// Who has not marked anything by then has forgotten about it.
const PATIENCE: Duration = Duration::from_secs(180);

/// A program that lets people mark a part of the screen. The file's name is its last argument.
struct Tool {
    program: &'static str,
    arguments: &'static [&'static str],
}

#[cfg(target_os = "macos")]
const TOOLS: &[Tool] = &[Tool { program: "screencapture", arguments: &["-i", "-t", "png"] }];

/// Those of the desktops before those that work on every X server.
#[cfg(not(target_os = "macos"))]
const TOOLS: &[Tool] = &[
    Tool { program: "gnome-screenshot", arguments: &["-a", "-f"] },
    Tool { program: "spectacle", arguments: &["-r", "-b", "-n", "-o"] },
    Tool { program: "xfce4-screenshooter", arguments: &["-r", "-s"] },
    Tool { program: "flameshot", arguments: &["gui", "-p"] },
    Tool { program: "maim", arguments: &["-s"] },
    Tool { program: "scrot", arguments: &["-s"] },
];

/// Runs the first program that is there.
///
/// # Errors
/// `unsupported` when there is none.
pub async fn screen() -> Result<Option<Source>> {
    let folder = tempfile::tempdir()
        .map_err(|error| Error::from_io("A place for the screenshot cannot be made", &error))?;
    let file = folder.path().join("screenshot.png");
    if is_installed("grim") && is_installed("slurp") {
        return wayland(&file).await;
    }
    let Some(tool) = TOOLS.iter().find(|tool| is_installed(tool.program)) else {
        return Err(unable("no program for screenshots is installed"));
    };
    run(tool.program, tool.arguments.iter().map(OsStr::new).chain([file.as_os_str()])).await?;
    read(&file).await
}

/// Compositors without a desktop around them: one program marks, the other photographs.
async fn wayland(file: &Path) -> Result<Option<Source>> {
    let marked = run("slurp", []).await?;
    let region = String::from_utf8_lossy(&marked.stdout).trim().to_owned();
    if region.is_empty() {
        return Ok(None);
    }
    run("grim", [OsStr::new("-g"), OsStr::new(&region), file.as_os_str()]).await?;
    read(file).await
}

/// Runs a program to its end. How it ends says nothing: the file does.
async fn run<'a>(program: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<Output> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    match tokio::time::timeout(PATIENCE, command.output()).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => Err(unable(format!("{program}: {error}"))),
        Err(_) => Err(unable(format!("{program} did not end"))),
    }
}

fn is_installed(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}
