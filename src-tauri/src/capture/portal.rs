//! Screenshots through the desktop portal, which every large Linux desktop has, in sandboxes and on Wayland.

use ashpd::desktop::ResponseError;
use ashpd::desktop::screenshot::Screenshot;
use picferry_core::job::Source;

/// What became of the question.
pub enum Answer {
    /// A picture was taken.
    Picture(Source),
    /// The person closed the dialog.
    GaveUp,
    /// There is no portal, or it cannot do this.
    Unable,
}

/// Asks the portal, which shows its own dialog.
pub async fn screen() -> Answer {
    match ask().await {
        Ok(source) => source.map_or(Answer::GaveUp, Answer::Picture),
        Err(ashpd::Error::Response(ResponseError::Cancelled)) => Answer::GaveUp,
        Err(error) => {
            tracing::debug!("the portal takes no screenshot: {error}");
            Answer::Unable
        }
    }
}

async fn ask() -> Result<Option<Source>, ashpd::Error> {
    let shot = Screenshot::request().interactive(true).modal(true).send().await?.response()?;
    let file = url::Url::parse(shot.uri().as_str()).ok().and_then(|uri| uri.to_file_path().ok());
    match file {
        Some(file) => Ok(super::read(&file).await.unwrap_or_default()),
        None => Err(ashpd::Error::NoResponse),
    }
}
