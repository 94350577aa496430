//! Notices that what answers is no S3 store: a login page, a captive portal, a plain web server, an
//! interface that speaks JSON. Stores answer in XML, or with nothing but headers.

use super::config::Config;
use super::failure::Refusal;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use picferry_core::{Error, ErrorCode};

/// How much of an answer is looked at for its kind.
const BEGINNING: usize = 1024;

/// The beginnings of headers that only stores send.
const MARKS: &[&str] = &["x-amz-", "x-oss-", "x-cos-", "x-obs-", "x-minio-", "x-qiniu-", "x-reqid"];

/// What a request may be answered with when it succeeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Expected {
    /// XML, or nothing.
    #[default]
    Store,
    /// Anything but a web page: gateways that people write themselves answer as they like.
    Gateway,
    /// A stored picture, or its headers.
    Picture,
}

/// What a success looks like that no store gives.
pub(super) fn in_success(answer: &HttpResponse, expected: Expected) -> Option<&'static str> {
    if expected == Expected::Picture {
        let page = header(answer, "content-type").starts_with("text/html") && !is_marked(answer);
        return page.then_some(PAGE);
    }
    kind(answer.body().bytes().unwrap_or_default())
        .filter(|kind| expected == Expected::Store || *kind == PAGE)
}

/// What an answer shows that is neither of a store nor of a server in front of one.
pub(super) fn in_answer(answer: &HttpResponse, body: &str) -> Option<String> {
    let status = answer.status().as_u16();
    if is_marked(answer) || speaks_for_itself(status) {
        return None;
    }
    if (300..400).contains(&status) {
        return Some(sends_on(header(answer, "location")));
    }
    kind(body.as_bytes()).map(str::to_owned)
}

const PAGE: &str = "it sent a web page";
const JSON: &str = "it sent JSON";

/// Statuses that mean the same whoever gives them: too large, too fast, trouble.
fn speaks_for_itself(status: u16) -> bool {
    matches!(status, 408 | 413 | 429) || status >= 500 && status != 501
}

fn kind(body: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(&body[..body.len().min(BEGINNING)]).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("<!doctype html") || text.contains("<html") {
        return Some(PAGE);
    }
    text.starts_with(['{', '[']).then_some(JSON)
}

fn is_marked(answer: &HttpResponse) -> bool {
    answer.headers().iter().any(|(name, _)| MARKS.iter().any(|mark| name.starts_with(mark)))
}

/// The address it leads to, without what a path or a query may hold.
fn sends_on(location: &str) -> String {
    match url::Url::parse(location) {
        Ok(target) if target.has_host() => {
            format!("it sends on to {}", target.origin().ascii_serialization())
        }
        _ => "it sends on to another address".to_owned(),
    }
}

fn header<'a>(answer: &'a HttpResponse, name: &str) -> &'a str {
    answer.headers().get(name).unwrap_or_default()
}

/// The error for an answer that no store gives.
pub(super) fn error(refusal: &Refusal, config: &Config) -> Box<Error> {
    let host = config.endpoint.host_str().unwrap_or_default();
    let what = refusal.stranger.as_deref().unwrap_or("it does not answer as S3 does");
    let hint = if config.is_put_only() {
        "Check the endpoint: it must be the address of the gateway itself. If it is, a login page of \
         the network or a proxy answered in its place."
    } else {
        "Check the endpoint: it must be the address of the S3 API, not of a website or a console. If \
         it is, a login page of the network or a proxy answered in its place."
    };
    Error::new(ErrorCode::HostRefused, format!("What answers at {host} is not an S3 store: {what}."))
        .hint(hint)
        .field("endpoint")
        .param("reason", "not_s3")
        .param("host", host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_json_are_known_by_their_beginning() {
        for page in ["<!DOCTYPE html>\n<html>", "\u{feff} <HTML lang=de>", "<!-- hotel --><html>"] {
            assert_eq!(kind(page.as_bytes()), Some(PAGE), "{page}");
        }
        assert_eq!(kind(b" {\"ok\": true}"), Some(JSON));
        let store = "<?xml version=\"1.0\"?><Error><Code>X</Code></Error>";
        for other in ["", "ok", "https://img.example.com/a.png", "Method not allowed", store] {
            assert_eq!(kind(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn where_it_leads_is_told_without_what_may_be_private() {
        assert_eq!(
            sends_on("https://me:pw@login.example:8443/x?token=1"),
            "it sends on to https://login.example:8443"
        );
        assert_eq!(sends_on("/login"), "it sends on to another address");
    }
}
