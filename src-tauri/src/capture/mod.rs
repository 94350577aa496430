//! Screenshots: the person marks a part of the screen with the means of their desktop.

#[cfg(target_os = "linux")]
mod portal;
#[cfg(not(target_os = "windows"))]
mod tools;
#[cfg(target_os = "windows")]
mod windows;

use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
#[cfg(not(target_os = "windows"))]
use std::path::Path;

/// Lets the person photograph a part of the screen; nothing when they gave up.
///
/// # Errors
/// `unsupported` where neither the desktop nor a program that is installed can do it.
pub async fn screen() -> Result<Option<Source>> {
    #[cfg(target_os = "linux")]
    match portal::screen().await {
        portal::Answer::Picture(source) => return Ok(Some(source)),
        portal::Answer::GaveUp => return Ok(None),
        portal::Answer::Unable => {}
    }
    #[cfg(target_os = "windows")]
    return windows::screen().await;
    #[cfg(not(target_os = "windows"))]
    tools::screen().await
}

/// The bytes of a picture that a tool left in a file which may vanish.
#[cfg(not(target_os = "windows"))]
async fn read(file: &Path) -> Result<Option<Source>> {
    match tokio::fs::read(file).await {
        Ok(bytes) if !bytes.is_empty() => {
            let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or("png");
            let name = jiff::Zoned::now().strftime("screenshot-%Y%m%d-%H%M%S").to_string();
            Ok(Some(Source::Bytes { name: format!("{name}.{extension}"), bytes: bytes.into() }))
        }
        // Who presses Escape leaves no file behind, or an empty one.
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::from_io("The screenshot cannot be read", &error)),
    }
}

fn unable(detail: impl std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::Unsupported, "This desktop does not let Picferry take a screenshot.")
        .hint(
            "Install gnome-screenshot, spectacle, flameshot, xfce4-screenshooter, maim, or grim with slurp.",
        )
        .detail(detail)
}
