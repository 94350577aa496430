//! Links and the clipboard.

use crate::Context;
use crate::deliver::copy_links;
use crate::types::{Copied, CopyText, FormattedLink, JobLinksCopy, LinksRequest, TemplatePreview, UploadId};
use picferry_core::encode::join_url;
use picferry_core::job::JobSnapshot;
use picferry_core::link::{LinkContext, LinkFormat, check_template};
use picferry_core::settings::CustomLinkFormat;
use picferry_core::{Error, ErrorCode, Result};

pub(crate) async fn render(context: &Context, request: LinksRequest) -> Result<Vec<String>> {
    context.engine.links(request.ids, request.format).await
}

pub(crate) async fn copy(context: &Context, request: LinksRequest) -> Result<Copied> {
    copy_links(context, request.ids, request.format).await
}

pub(crate) async fn all_formats(context: &Context, request: UploadId) -> Result<Vec<FormattedLink>> {
    let links = context.engine.links_in_all_formats(request.id).await?;
    Ok(links
        .into_iter()
        .map(|link| FormattedLink { label: label(&link.format), format: link.format, link: link.link })
        .collect())
}

/// The name people know a format by; a custom one has its own.
fn label(format: &str) -> String {
    match format {
        "url" => "URL",
        "markdown" => "Markdown",
        "html" => "HTML",
        "bbcode" => "BBCode",
        custom => custom,
    }
    .to_owned()
}

/// What a template makes of a picture that everybody can imagine.
pub(crate) async fn preview(context: &Context, request: TemplatePreview) -> Result<String> {
    check_template(&request.template)?;
    let format = LinkFormat::Custom(CustomLinkFormat { name: String::new(), template: request.template });
    let key = "2026/11/截图 09.41.png";
    let sample = LinkContext {
        url: &join_url("https://img.example.com", key),
        name: "截图 09.41.png",
        alt: "截图 09.41",
        width: Some(1600),
        height: Some(1007),
        key,
        size: 184_320,
    };
    Ok(format.render(&sample, context.engine.settings().links.encoded))
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
