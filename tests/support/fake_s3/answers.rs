//! The words of the vendors: refusals as real stores send them.

use super::signature::Signed;
use super::{Addressing, Flaws, Seen, WrongRegion};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// An answer before it is one of HTTP.
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
}

impl Answer {
    /// An empty success.
    pub(super) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// An error in the form of S3.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::error_with(status, code, message, "")
    }

    /// An error with more elements.
    pub(super) fn error_with(status: u16, code: &str, message: &str, more: &str) -> Self {
        let message = escaped(message);
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{more}\
             <RequestId>FAKE-REQUEST-1</RequestId></Error>"
        );
        Self { status, headers: vec![("content-type", "application/xml".into())], body: body.into() }
    }

    /// A success with XML.
    pub(super) fn xml(body: &str) -> Self {
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}");
        Self { status: 200, headers: vec![("content-type", "application/xml".into())], body: body.into() }
    }

    /// A page of something that is no S3 store.
    pub(super) fn page(status: u16, body: &str) -> Self {
        let kind = if body.starts_with("<?xml") { "application/xml" } else { "text/html" };
        Self { status, headers: vec![("content-type", kind.into())], body: body.to_owned().into() }
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn into_response(self, clock_ahead: i64) -> Response<Full<Bytes>> {
        let mut answer = Response::builder().status(self.status).header("date", http_date(clock_ahead));
        answer = answer.header("x-amz-request-id", "FAKE-REQUEST-1");
        for (name, value) in self.headers {
            answer = answer.header(name, value);
        }
        answer.body(Full::new(self.body)).expect("an answer made of plain values")
    }
}

/// Text inside XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Headers that vendors refuse, each with the text of one that does.
pub(super) fn forbidden_headers(seen: &Seen, refuse_acl: bool) -> Option<Answer> {
    if seen.header("content-encoding").is_some_and(|encoding| encoding.contains("aws-chunked")) {
        let message = "aws-chunked encoding is not supported with the specified x-amz-content-sha256 value.";
        return Some(Answer::error(400, "InvalidArgument", message));
    }
    let checksum = |name: &str| {
        name.starts_with("x-amz-checksum-")
            || name == "x-amz-sdk-checksum-algorithm"
            || name == "x-amz-trailer"
    };
    if let Some((name, _)) = seen.headers.iter().find(|(name, _)| checksum(name)) {
        let message = format!("Unsupported header '{name}' received for this API call.");
        return Some(Answer::error(400, "InvalidArgument", &message));
    }
    if refuse_acl && let Some(acl) = seen.header("x-amz-acl") {
        let message = format!("Header 'x-amz-acl' with value '{acl}' not implemented");
        return Some(Answer::error(501, "NotImplemented", &message));
    }
    if seen.header("transfer-encoding").is_some() {
        return Some(Answer::error(
            411,
            "MissingContentLength",
            "You must provide the Content-Length HTTP header.",
        ));
    }
    seen.header("expect").map(|_| Answer::error(417, "ExpectationFailed", "Expect is not supported."))
}

/// The bucket stands in the wrong part of the address.
pub(super) fn addressing(rule: Addressing, virtual_host: bool, signed: bool) -> Option<Answer> {
    if virtual_host || !signed {
        return None;
    }
    match rule {
        Addressing::Any | Addressing::Bare => None,
        Addressing::VirtualAsOss => Some(Answer::error_with(
            403,
            "SecondLevelDomainForbidden",
            "Please use virtual hosted style to access.",
            "<EC>0003-00000905</EC>",
        )),
        Addressing::VirtualAsCos => Some(Answer::error(
            400,
            "PathStyleDomainForbidden",
            "The bucket you are attempting to access must be addressed using COS virtual-styled domain.",
        )),
    }
}

/// The signature is for another region.
pub(super) fn region(signed: &Signed, flaws: &Flaws) -> Option<Answer> {
    let right = flaws.region.as_ref().filter(|right| **right != signed.region)?;
    Some(match flaws.wrong_region {
        WrongRegion::Malformed => {
            let message = format!(
                "The authorization header is malformed; the region '{}' is wrong; expecting '{right}'",
                signed.region
            );
            Answer::error_with(
                400,
                "AuthorizationHeaderMalformed",
                &message,
                &format!("<Region>{right}</Region>"),
            )
        }
        WrongRegion::Redirect => {
            let message =
                "The bucket you are attempting to access must be addressed using the specified endpoint.";
            Answer::error(301, "PermanentRedirect", message).with("x-amz-bucket-region", right)
        }
    })
}

/// The signature is from another time.
pub(super) fn clock(signed: &Signed, ahead: i64) -> Option<Answer> {
    let apart = (amz_time(&signed.time)? - now(ahead)).abs();
    (apart > 900).then(|| {
        let more = "<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>";
        let message = "The difference between the request time and the current time is too large.";
        Answer::error_with(403, "RequestTimeTooSkewed", message, more)
    })
}

/// Seconds since the epoch by the server's clock.
pub(super) fn now(ahead: i64) -> i64 {
    let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    i64::try_from(real).unwrap_or(i64::MAX) + ahead
}

fn amz_time(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let days = days_from_civil(number(0..4)?, number(4..6)?, number(6..8)?);
    Some(days * 86_400 + number(9..11)? * 3600 + number(11..13)? * 60 + number(13..15)?)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn http_date(ahead: i64) -> String {
    let seconds = now(ahead);
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let era = (days + 719_468).div_euclid(146_097);
    let day_of_era = (days + 719_468).rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let weekday = weekdays[usize::try_from(days.rem_euclid(7)).unwrap_or(0)];
    let month = months[usize::try_from(month - 1).unwrap_or(0)];
    format!(
        "{weekday}, {day:02} {month} {year} {:02}:{:02}:{:02} GMT",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}
