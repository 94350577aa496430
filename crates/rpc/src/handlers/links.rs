//! Links and the clipboard.

use crate::Context;
use crate::deliver::copy_links;
use crate::types::{Copied, CopyText, FormattedLink, JobLinksCopy, LinksRequest, TemplatePreview, UploadId};
use picferry_core::job::JobSnapshot;
use picferry_core::{Error, ErrorCode, Result};

/// The built-in formats with the names people know them by.
const BUILT_IN: &[(&str, &str)] =
    &[("url", "URL"), ("markdown", "Markdown"), ("html", "HTML"), ("bbcode", "BBCode")];

pub(crate) async fn render(context: &Context, request: LinksRequest) -> Result<Vec<String>> {
    context.engine.links(request.ids, request.format).await
}

pub(crate) async fn copy(context: &Context, request: LinksRequest) -> Result<Copied> {
    copy_links(context, request.ids, request.format).await
}

pub(crate) async fn all_formats(context: &Context, request: UploadId) -> Result<Vec<FormattedLink>> {
    let settings = context.engine.settings();
    let custom = settings.links.custom.iter().map(|custom| (custom.name.as_str(), custom.name.as_str()));
    let mut formatted = Vec::new();
    for (format, label) in BUILT_IN.iter().copied().chain(custom) {
        let links = context.engine.links(vec![request.id], Some(format.to_owned())).await?;
        let link = links.into_iter().next().ok_or_else(no_links)?;
        formatted.push(FormattedLink { format: format.to_owned(), label: label.to_owned(), link });
    }
    Ok(formatted)
}

pub(crate) async fn copy_of_jobs(context: &Context, request: JobLinksCopy) -> Result<Copied> {
    copy_links(context, stored_by(&context.engine.jobs(), &request), None).await
}

/// The history rows of a batch in input order, or of some jobs in the order they were named.
fn stored_by(jobs: &[JobSnapshot], request: &JobLinksCopy) -> Vec<i64> {
    let mut chosen: Vec<&JobSnapshot> = Vec::new();
    if let Some(ids) = &request.ids {
        chosen.extend(ids.iter().filter_map(|id| jobs.iter().find(|job| job.id == *id)));
    } else if let Some(batch) = &request.batch {
        chosen.extend(jobs.iter().filter(|job| job.batch == *batch));
        chosen.sort_by_key(|job| job.position);
    }
    chosen.into_iter().filter_map(|job| job.upload_id).collect()
}

pub(crate) async fn copy_text(context: &Context, request: CopyText) -> Result<()> {
    context.host.write_clipboard_text(request.text).await
}

pub(crate) fn no_links() -> Box<Error> {
    Error::new(ErrorCode::NotFound, "None of these pictures has a link.")
        .hint("Wait until a picture has arrived, or choose another.")
}
