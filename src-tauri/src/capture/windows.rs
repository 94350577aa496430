//! Screenshots with the tool of Windows, which puts them on the clipboard.

use super::unable;
use picferry_core::job::Source;
use picferry_core::{Error, Result};
use std::time::Duration;

/// Who has not marked anything by then gave up: the tool does not say so.
const LOOKS: u32 = 120;

/// Between two looks at the clipboard.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Opens the tool and waits until there is another picture on the clipboard than before.
///
/// # Errors
/// `unsupported` when the tool does not open.
pub async fn screen() -> Result<Option<Source>> {
    let before = on_the_clipboard().await?;
    tauri_plugin_opener::open_url("ms-screenclip:?type=snapshot", None::<&str>).map_err(unable)?;
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK_AGAIN).await;
        let now = on_the_clipboard().await?;
        if now.is_some() && now != before {
            return Ok(now);
        }
    }
    Ok(None)
}

async fn on_the_clipboard() -> Result<Option<Source>, Box<Error>> {
    // An empty clipboard is an answer, and one that is busy is asked again.
    Ok(picferry_clipboard::read().await.unwrap_or_default().into_iter().next())
}
