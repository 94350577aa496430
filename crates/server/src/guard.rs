//! Who may talk to the bridge: programs of this computer that know the token.
//!
//! A page of the open web can make a browser send requests to 127.0.0.1. `Host` tells a rebound name
//! apart, `Origin` a foreign page, and the token everything else.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

const TOKEN_HEADER: &str = "x-picferry-token";
const TOKEN_COOKIE: &str = "picferry_token";

/// What the middleware compares with.
#[derive(Clone)]
pub struct Guard {
    port: u16,
    token: Arc<str>,
}

impl Guard {
    pub fn new(port: u16, token: String) -> Self {
        Self { port, token: token.into() }
    }

    /// Whether the text is the token, in a time that does not tell how much of it is right.
    fn is_token(&self, text: &str) -> bool {
        !self.token.is_empty() && bool::from(text.as_bytes().ct_eq(self.token.as_bytes()))
    }

    fn is_our_host(&self, host: &str) -> bool {
        host.rsplit_once(':').is_some_and(|(name, port)| {
            matches!(name, "127.0.0.1" | "localhost") && port.parse() == Ok(self.port)
        })
    }
}

/// A page of this computer, on whatever port: the window's development server has its own.
fn is_local_origin(origin: &str) -> bool {
    let Some(authority) = origin.strip_prefix("http://") else { return false };
    let name = authority.rsplit_once(':').map_or(authority, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The token as a header, as `?token=`, or as the cookie that the page was given.
fn shown_tokens(request: &Request) -> Vec<&str> {
    let headers = request.headers();
    let in_header = text(headers, TOKEN_HEADER);
    let in_cookie = text(headers, "cookie").into_iter().flat_map(|cookies| cookies.split(';'));
    let in_cookie =
        in_cookie.filter_map(|cookie| cookie.trim().strip_prefix(TOKEN_COOKIE)?.strip_prefix('='));
    in_header.into_iter().chain(token_in_query(request)).chain(in_cookie).collect()
}

fn token_in_query(request: &Request) -> Option<&str> {
    request.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

/// Refuses requests that were addressed to another name, or come from a page of the web.
pub async fn require_loopback(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !text(headers, "host").is_some_and(|host| guard.is_our_host(host)) {
        return (StatusCode::FORBIDDEN, "This name is not served here.\n").into_response();
    }
    if headers.contains_key(header::ORIGIN) && !text(headers, "origin").is_some_and(is_local_origin) {
        return (StatusCode::FORBIDDEN, "Pages from elsewhere are not served here.\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // The token stands in the page's address and must not travel on.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Refuses requests without the token.
pub async fn require_token(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    if shown_tokens(&request).into_iter().any(|token| guard.is_token(token)) {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "The token is missing. Open the address that `picferry bridge` printed.\n")
            .into_response()
    }
}

/// Gives a page that was opened with the right token a cookie, for what cannot send headers:
/// pictures and event streams.
pub async fn remember_token(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let is_right = token_in_query(&request).is_some_and(|token| guard.is_token(token));
    let mut response = next.run(request).await;
    if is_right {
        let cookie = format!("{TOKEN_COOKIE}={}; HttpOnly; SameSite=Strict; Path=/", guard.token);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loopback_name_with_our_port_is_our_host() {
        let guard = Guard::new(4040, "secret".into());
        assert!(guard.is_our_host("127.0.0.1:4040"));
        assert!(guard.is_our_host("localhost:4040"));
        for other in
            ["evil.example:4040", "127.0.0.1:80", "127.0.0.1", "localhost.evil.example:4040", "", ":4040"]
        {
            assert!(!guard.is_our_host(other), "{other}");
        }
    }

    #[test]
    fn pages_of_the_web_are_foreign() {
        assert!(is_local_origin("http://localhost:5173"));
        assert!(is_local_origin("http://127.0.0.1:4040"));
        for other in [
            "https://evil.example",
            "http://localhost.evil.example",
            "null",
            "http://127.0.0.1.evil.example:80",
            "",
        ] {
            assert!(!is_local_origin(other), "{other}");
        }
    }

    #[test]
    fn the_token_must_match_wholly() {
        let guard = Guard::new(1, "abcdef".into());
        assert!(guard.is_token("abcdef"));
        for other in ["", "abcde", "abcdefg", "abcdeF"] {
            assert!(!guard.is_token(other), "{other}");
        }
        assert!(!Guard::new(1, String::new()).is_token(""), "no token lets nobody in");
    }

    #[test]
    fn the_token_is_read_from_header_query_and_cookie() {
        let request = Request::builder()
            .uri("/thumb/x?size=1&token=two")
            .header("x-picferry-token", "one")
            .header("cookie", "other=1; picferry_token=three")
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(shown_tokens(&request), ["one", "two", "three"]);
    }
}
