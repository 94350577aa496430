//! The step of a profile's test that looks with a reader's eyes: does the link open, and as a picture?

use super::probe::Went;
use super::session::Line;
use super::vendors::Vendor;
use crate::http::HttpOptions;
use crate::http::failure::{Attempt, no_answer};
use picferry_core::encode::join_url;
use picferry_core::provider::PutObject;
use picferry_core::{Error, ErrorCode, Result};
use std::time::Duration;
use url::Url;

/// How long the public address may take.
const PUBLIC_TIMEOUT: Duration = Duration::from_secs(20);

/// Opens the link as a reader would, after the probe was put.
pub(super) async fn public_read(line: &Line, object: &PutObject) -> Went {
    let address = join_url(&line.link_base(), &object.key) + &line.config.url_suffix;
    match fetch(line, &address).await {
        Ok(answer) => judge(line, &answer),
        Err(error) => Went::WithNote(error.field("public_url")),
    }
}

/// What a reader gets.
struct PublicAnswer {
    status: u16,
    is_picture: bool,
    downloads: bool,
}

async fn fetch(line: &Line, address: &str) -> Result<PublicAnswer> {
    let target = Url::parse(address).map_err(|_| {
        Error::new(ErrorCode::InvalidField, "The own domain is no web address.")
            .hint("Write it like https://img.example.com.")
            .field("public_url")
    })?;
    let options = HttpOptions { target, redirects: 5, ..line.config.http() };
    let client = crate::http::client(&options)?;
    let answer = client.get(options.target.clone()).timeout(PUBLIC_TIMEOUT).send().await;
    let answer = answer.map_err(|error| {
        let host = options.target.host_str().unwrap_or_default().to_owned();
        no_answer(&error.without_url(), &Attempt { host, proxy: options.proxy_in_use(), sending: false })
    })?;
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(PublicAnswer {
        status: answer.status().as_u16(),
        is_picture: header("content-type").starts_with("image/"),
        downloads: header("content-disposition").starts_with("attachment")
            || header("x-oss-force-download") == "true"
            || header("x-cos-force-download") == "true",
    })
}

fn judge(line: &Line, answer: &PublicAnswer) -> Went {
    if answer.status == 200 && answer.is_picture && !answer.downloads {
        return Went::Well;
    }
    if answer.status == 200 && answer.downloads {
        return Went::WithNote(
            Error::new(
                ErrorCode::AccessDenied,
                "Links through the store's own address are downloaded, not shown.",
            )
            .hint("Bind your own domain to the bucket and enter it under “Own domain”.")
            .field("public_url")
            .param("reason", "download"),
        );
    }
    let own = !line.config.public_url.is_empty();
    let (message, hint) = match line.config.vendor() {
        Some(Vendor::R2) if !own => (
            "R2 shows nothing to readers at its API address.",
            "Connect your own domain or the r2.dev address to the bucket and enter it under “Own domain”.",
        ),
        Some(Vendor::B2) if !own => (
            "Readers cannot open links at the API address of this bucket.",
            "Enter your own domain, or make the bucket public.",
        ),
        _ if own => (
            "The link does not open through your own domain.",
            "Check that the domain leads to this bucket, and that readers may read it.",
        ),
        _ => (
            "Readers cannot open links of this bucket.",
            "Make the bucket public, or put your own domain in front of it.",
        ),
    };
    Went::WithNote(
        Error::new(ErrorCode::AccessDenied, message)
            .hint(hint)
            .field("public_url")
            .param("reason", "not_public")
            .param("status", answer.status)
            .detail(format!("HTTP {}", answer.status)),
    )
}
