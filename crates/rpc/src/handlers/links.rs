//! Links and the clipboard.

use crate::Context;
use crate::deliver::{copy_job_links, copy_links};
use crate::types::{Copied, CopyText, FormattedLink, JobLinksCopy, LinksRequest, TemplatePreview, UploadId};
use picferry_core::Result;
use picferry_core::encode::join_url;
use picferry_core::job::JobSnapshot;
use picferry_core::link::{LinkContext, LinkFormat, check_template};
use picferry_core::settings::{CustomLinkFormat, LinkSettings};

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

/// Every link format there is: its name, and the name that people know it by.
#[must_use]
pub fn link_formats(settings: &LinkSettings) -> Vec<(String, String)> {
    let built_in = LinkFormat::ALL_BUILTIN.iter().map(|format| format.name().to_owned());
    let custom = settings.custom.iter().map(|custom| custom.name.clone());
    built_in.chain(custom).map(|name| (name.clone(), label(&name))).collect()
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
    copy_job_links(context, chosen(context.engine.jobs(), &request), request.format).await
}

/// The jobs of a batch in input order, or some jobs in the order they were named.
fn chosen(mut jobs: Vec<JobSnapshot>, request: &JobLinksCopy) -> Vec<JobSnapshot> {
    match (&request.ids, &request.batch) {
        (Some(ids), _) => {
            jobs.retain(|job| ids.contains(&job.id));
            jobs.sort_by_key(|job| ids.iter().position(|id| *id == job.id));
        }
        (None, Some(batch)) => {
            jobs.retain(|job| job.batch == *batch);
            jobs.sort_by_key(|job| job.position);
        }
        (None, None) => jobs.clear(),
    }
    jobs
}

pub(crate) async fn copy_text(context: &Context, request: CopyText) -> Result<()> {
    context.host.write_clipboard_text(request.text).await
}
