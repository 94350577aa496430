//! Delivery: after a batch its links go to the clipboard, if the person wants that.

use crate::Context;
use crate::types::Copied;
use picferry_core::event::{Event, Notice};
use picferry_core::job::{JobSnapshot, JobState, Origin};
use picferry_core::link::LinkFormat;
use picferry_core::{Error, ErrorCode, Result};
use tokio::sync::broadcast::error::RecvError;

/// How a batch ended, after its links were handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The batch.
    pub batch: String,
    /// The history rows of those that arrived, in input order.
    pub uploaded: Vec<i64>,
    /// How many failed.
    pub failed: u32,
    /// What was put on the clipboard.
    pub copied: Option<Copied>,
}

/// Copies the links of every batch that came in through the window, the clipboard, the hotkey or
/// the tray, and tells how each batch ended. Runs until the engine closes its events; a desktop shell
/// starts it once.
pub async fn deliver(context: Context, tell: impl Fn(Delivered) + Send) {
    let mut events = context.engine.subscribe();
    loop {
        match events.recv().await {
            Ok(Event::BatchFinished { batch, uploaded, failed, .. }) => {
                let copied = finished(&context, &batch, &uploaded).await;
                tell(Delivered { batch, uploaded, failed, copied });
            }
            Ok(_) => {}
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "events were missed by the delivery"),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn finished(context: &Context, batch: &str, uploaded: &[i64]) -> Option<Copied> {
    if !context.engine.settings().links.auto_copy {
        return None;
    }
    let mut jobs = context.engine.jobs();
    jobs.retain(|job| job.batch == batch && wants_link(job, uploaded));
    if jobs.is_empty() {
        return None;
    }
    let copied = copy_job_links(context, jobs, None).await;
    copied
        .inspect_err(|error| {
            tracing::warn!(code = %error.code.name(), "the links could not be copied");
            context.engine.add_notice(Notice { topic: "clipboard".into(), error: (**error).clone() });
        })
        .ok()
}

/// Whether somebody at this screen waits for the link: scripts and editors get theirs elsewhere.
/// A batch ends once more when failed jobs of it are tried again; only the new links count then.
fn wants_link(job: &JobSnapshot, uploaded: &[i64]) -> bool {
    let is_new = job.upload_id.is_none_or(|id| uploaded.contains(&id));
    let is_of_this_screen = match job.origin {
        Origin::Window
        | Origin::Drop
        | Origin::Paste
        | Origin::Hotkey
        | Origin::Tray
        | Origin::OpenWith
        | Origin::Link
        | Origin::Screenshot
        | Origin::Copied => true,
        Origin::Cli | Origin::Server | Origin::WatchedFolder => false,
    };
    is_new && is_of_this_screen && job.state == JobState::Done
}

/// Puts the links of jobs that arrived on the clipboard, one a line, in the order of the jobs; in
/// the format of the settings when none is named.
///
/// # Errors
/// `not_found` when none of them has one; else what the links or the clipboard say.
pub(crate) async fn copy_job_links(
    context: &Context,
    jobs: Vec<JobSnapshot>,
    format: Option<String>,
) -> Result<Copied> {
    let settings = context.engine.settings();
    let name = format.as_deref().unwrap_or(&settings.links.format);
    let format = LinkFormat::resolve(name, &settings.links.custom)?;
    let links = context.engine.job_links(&jobs, &format).await?;
    copy(context, links, format.name()).await
}

/// Puts the links of history rows on the clipboard, one a line, in their order.
///
/// # Errors
/// `not_found` without any row; else what the links or the clipboard say.
pub async fn copy_links(context: &Context, ids: Vec<i64>, format: Option<String>) -> Result<Copied> {
    let format = format.unwrap_or_else(|| context.engine.settings().links.format.clone());
    let links = context.engine.links(ids, Some(format.clone())).await?;
    copy(context, links, &format).await
}

async fn copy(context: &Context, links: Vec<String>, format: &str) -> Result<Copied> {
    if links.is_empty() {
        return Err(Error::new(ErrorCode::NotFound, "None of these pictures has a link.")
            .hint("Wait until a picture has arrived, or choose another."));
    }
    let count = u32::try_from(links.len()).unwrap_or(u32::MAX);
    context.host.write_clipboard_text(links.join("\n")).await?;
    context.engine.emit(Event::LinksCopied { count, format: format.to_owned() });
    Ok(Copied { count, format: format.to_owned() })
}
