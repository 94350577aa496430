//! What a store's refusal says, read from status, headers and XML body.

use super::stranger::{self, Expected};
use crate::http::failure::{Attempt, no_answer};
use crate::redact::Redactor;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use picferry_core::Error;
use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

/// Beyond this the SDK, too, believes that a refused signature is a matter of clocks.
const SKEW: Duration = Duration::from_secs(4 * 60);

/// Why an operation failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The store answered and refused.
    Refused(Box<Refusal>),
    /// No answer came.
    NoAnswer(Box<Error>),
    /// An error that is ready to be shown.
    Ready(Box<Error>),
}

/// A store's answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    pub request_id: String,
    /// The region that the store names as the right one.
    pub region: Option<String>,
    /// The endpoint that the store names as the right one.
    pub endpoint: Option<String>,
    /// Aliyun's exact error number.
    pub ec: Option<String>,
    /// Aliyun's page about it.
    pub recommended: Option<String>,
    /// The store's clock and this one disagree.
    pub clocks_differ: bool,
    /// The answer could not be read although it said success.
    pub unreadable: bool,
    /// What shows that no store answered: “it sent a web page”.
    pub stranger: Option<String>,
    /// The beginning of an answer that is no XML: a proxy's page, a gateway's text.
    pub excerpt: String,
}

impl Failure {
    /// Reads the SDK's error.
    pub(super) fn from_sdk<E>(
        error: &SdkError<E, HttpResponse>,
        attempt: &Attempt,
        redactor: &Redactor,
    ) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        match error {
            SdkError::ServiceError(service) => {
                let mut refusal = Refusal::from_response(service.raw());
                let meta = service.err().meta();
                refusal.code = meta.code().map_or(refusal.code, str::to_owned);
                refusal.message = redactor.clean(meta.message().unwrap_or(&refusal.message));
                // Success in a form that is not that of S3.
                refusal.unreadable = refusal.code.is_empty() && (200..300).contains(&refusal.status);
                Self::Refused(Box::new(refusal))
            }
            SdkError::ResponseError(response) => {
                let mut refusal = Refusal::from_response(response.raw());
                refusal.unreadable = true;
                // An answer without a body shows its kind in its head alone.
                let in_head = stranger::in_success(response.raw(), Expected::Picture);
                refusal.stranger = refusal.stranger.or(in_head.map(str::to_owned));
                Self::Refused(Box::new(refusal))
            }
            SdkError::DispatchFailure(dispatch) => match dispatch.as_connector_error() {
                Some(cause) if cause.is_user() => Self::Ready(unsendable(error)),
                Some(cause) => Self::NoAnswer(no_answer(cause, attempt)),
                None => Self::NoAnswer(no_answer(error, attempt)),
            },
            SdkError::TimeoutError(_) => Self::NoAnswer(no_answer(error, attempt)),
            _ => Self::Ready(unsendable(error)),
        }
    }

    /// Whether the store says that there is no such object.
    pub(super) fn is_missing_object(&self) -> bool {
        self.has_status(&[404]) && self.refusal().is_some_and(|refusal| !refusal.is(&["NoSuchBucket"]))
    }

    /// The refusal, if the store answered.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether a store answered with one of these.
    pub(super) fn has_status(&self, statuses: &[u16]) -> bool {
        self.refusal().is_some_and(|refusal| statuses.contains(&refusal.status) && !refusal.is_of_stranger())
    }
}

impl From<Box<Error>> for Failure {
    fn from(error: Box<Error>) -> Self {
        Self::Ready(error)
    }
}

/// The request never left: a value that cannot be put into one.
fn unsendable(error: &(dyn StdError + 'static)) -> Box<Error> {
    Error::new(picferry_core::ErrorCode::Internal, "The request could not be made.")
        .hint("Check the endpoint, the bucket and the region for strange characters.")
        .detail(crate::http::failure::chain(error))
}

impl Refusal {
    pub(super) fn from_response(response: &HttpResponse) -> Self {
        let header = |name: &str| response.headers().get(name).unwrap_or_default().to_owned();
        let body = response.body().bytes().unwrap_or_default();
        let body = String::from_utf8_lossy(&body[..body.len().min(64 * 1024)]).into_owned();
        let element = |name: &str| element(&body, name);
        let first = |names: &[&str]| {
            names.iter().map(|name| header(name)).find(|value| !value.is_empty()).unwrap_or_default()
        };
        let request_id = element("RequestId").unwrap_or_else(|| {
            first(&["x-amz-request-id", "x-oss-request-id", "x-cos-request-id", "x-obs-request-id", "cf-ray"])
        });
        let message = element("Message").unwrap_or_default();
        let ec = element("EC").or_else(|| Some(header("x-oss-ec")).filter(|ec| !ec.is_empty()));
        let named = Some(header("x-amz-bucket-region")).filter(|region| !region.is_empty());
        let expected = element("Region").or(named).or_else(|| expected_region(&message));
        let code = element("Code").unwrap_or_default();
        let is_coded = !code.is_empty() || expected.is_some();
        Self {
            status: response.status().as_u16(),
            code,
            region: expected.filter(|region| is_region(region)),
            endpoint: element("Endpoint"),
            ec,
            recommended: element("RecommendDoc"),
            clocks_differ: clocks_differ(&header("date"), SystemTime::now()),
            unreadable: false,
            stranger: if is_coded { None } else { stranger::in_answer(response, &body) },
            excerpt: if body.trim_start().starts_with("<?xml") || body.contains("<Error>") {
                String::new()
            } else {
                body.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
            },
            request_id,
            message,
        }
    }

    /// Whether what answered is no store at all.
    pub(super) fn is_of_stranger(&self) -> bool {
        self.unreadable || self.stranger.is_some()
    }

    /// Whether the code is one of these.
    pub(super) fn is(&self, codes: &[&str]) -> bool {
        codes.contains(&self.code.as_str())
    }
}

/// The text of the first such element; S3 errors are flat, so no parser is needed.
fn element(body: &str, name: &str) -> Option<String> {
    let open = format!("<{name}>");
    let start = body.find(&open)? + open.len();
    let end = body[start..].find(&format!("</{name}>"))? + start;
    let text = body[start..end].trim();
    if text.is_empty() {
        return None;
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    Some(text.replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&"))
}

/// `… the region 'a' is wrong; expecting 'b'` → `b`
fn expected_region(message: &str) -> Option<String> {
    let after = message.split_once("expecting ")?.1.trim_start_matches(['\'', '"', '`']);
    Some(after.split(['\'', '"', '`', ' ', '.']).next().unwrap_or_default().to_owned())
}

fn is_region(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether a `Date` header is minutes away from now.
fn clocks_differ(date: &str, now: SystemTime) -> bool {
    use aws_smithy_types::DateTime;
    use aws_smithy_types::date_time::Format;
    let server =
        DateTime::from_str(date, Format::HttpDate).ok().and_then(|date| SystemTime::try_from(date).ok());
    let Some(server) = server else {
        return false;
    };
    let apart = server.duration_since(now).or_else(|_| now.duration_since(server)).unwrap_or_default();
    apart > SKEW
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    fn response(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> HttpResponse {
        let status = status.try_into().unwrap();
        let mut response = HttpResponse::new(status, SdkBody::from(body.to_owned()));
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        response
    }

    #[test]
    fn the_right_region_is_read_from_wherever_it_stands() {
        let in_body = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>no</Message><Region>eu-west-3</Region></Error>";
        assert_eq!(Refusal::from_response(&response(400, &[], in_body)).region.as_deref(), Some("eu-west-3"));
        let header = [("x-amz-bucket-region", "eu-west-1")];
        assert_eq!(Refusal::from_response(&response(301, &header, "")).region.as_deref(), Some("eu-west-1"));
        let in_text = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; \
            the region &apos;us-east-1&apos; is wrong; expecting &apos;garage&apos;</Message></Error>";
        assert_eq!(Refusal::from_response(&response(400, &[], in_text)).region.as_deref(), Some("garage"));
        let nonsense = "<Error><Region>https://evil.example/?</Region></Error>";
        assert_eq!(Refusal::from_response(&response(400, &[], nonsense)).region, None);
    }

    #[test]
    fn aliyuns_error_number_and_page_are_kept() {
        let body = "<Error><Code>PublicEndpointForbidden</Code><EC>0048-00000401</EC>\
            <RecommendDoc>https://api.aliyun.com/troubleshoot?q=0048-00000401</RecommendDoc></Error>";
        let refusal = Refusal::from_response(&response(400, &[], body));
        assert_eq!(refusal.ec.as_deref(), Some("0048-00000401"));
        assert!(refusal.recommended.is_some());
    }

    #[test]
    fn a_proxys_page_is_quoted_briefly() {
        let page = format!("<html><body>413 Request  Entity\nToo Large {}</body></html>", "x".repeat(900));
        let refusal = Refusal::from_response(&response(413, &[], &page));
        assert!(refusal.excerpt.starts_with("<html><body>413 Request Entity Too Large"), "{refusal:?}");
        assert_eq!(refusal.excerpt.chars().count(), 300);
    }

    #[test]
    fn clocks_are_compared() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        assert!(!clocks_differ("Tue, 14 Nov 2023 22:13:20 GMT", now));
        assert!(clocks_differ("Tue, 14 Nov 2023 22:33:20 GMT", now));
        assert!(!clocks_differ("", now));
    }
}
