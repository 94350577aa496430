//! Delivery: after a batch its links go to the clipboard, if the person wants that.

use crate::Context;
use crate::handlers::links::no_links;
use crate::types::Copied;
use picferry_core::Result;
use picferry_core::event::{Event, Notice};
use picferry_core::job::Origin;
use tokio::sync::broadcast::error::RecvError;

/// Copies the links of every batch that came in through the window, the clipboard, the hotkey or
/// the tray. Runs until the engine closes its events; a desktop shell starts it once.
pub async fn deliver(context: Context) {
    let mut events = context.engine.subscribe();
    loop {
        match events.recv().await {
            Ok(Event::BatchFinished { batch, uploaded, .. }) => finished(&context, &batch, uploaded).await,
            Ok(_) => {}
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "events were missed by the delivery"),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn finished(context: &Context, batch: &str, uploaded: Vec<i64>) {
    if uploaded.is_empty() || !context.engine.settings().links.auto_copy || !wants_links(context, batch) {
        return;
    }
    if let Err(error) = copy_links(context, uploaded, None).await {
        tracing::warn!(code = %error.code.name(), "the links could not be copied");
        context.engine.add_notice(Notice { topic: "clipboard".into(), error: *error });
    }
}

/// Whether somebody at this screen waits for the links: scripts and editors get them elsewhere.
fn wants_links(context: &Context, batch: &str) -> bool {
    context.engine.jobs().iter().find(|job| job.batch == batch).is_some_and(|job| match job.origin {
        Origin::Window | Origin::Drop | Origin::Paste | Origin::Hotkey | Origin::Tray | Origin::OpenWith => {
            true
        }
        Origin::Cli | Origin::Server | Origin::WatchedFolder => false,
    })
}

/// Puts the links of history rows on the clipboard, one a line, in their order.
///
/// # Errors
/// `not_found` without any row; else what the links or the clipboard say.
pub async fn copy_links(context: &Context, ids: Vec<i64>, format: Option<String>) -> Result<Copied> {
    if ids.is_empty() {
        return Err(no_links());
    }
    let format = format.unwrap_or_else(|| context.engine.settings().links.format.clone());
    let links = context.engine.links(ids, Some(format.clone())).await?;
    let count = u32::try_from(links.len()).unwrap_or(u32::MAX);
    context.host.write_clipboard_text(links.join("\n")).await?;
    context.engine.emit(Event::LinksCopied { count, format: format.clone() });
    Ok(Copied { count, format })
}
