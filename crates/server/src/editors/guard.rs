//! Who may ask: programs of this computer, and the pages of known editors.
//!
//! Any page of the web can make a browser send requests to 127.0.0.1, also as plain forms and
//! without asking first. `Host` tells a rebound name apart, `Origin` a page that is none of ours, and
//! the token, where there is one, everything else. No request is read before it has passed.

use super::State as Shared;
use super::answer;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use picferry_core::event::Notice;
use picferry_core::{Error, ErrorCode};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Pages of editors: no page of the web can have such an origin.
const EDITORS: [&str; 4] =
    ["app://obsidian.md", "capacitor://localhost", "lsp://logseq.io", "vscode-file://vscode-app"];

/// The origin of a panel of VS Code ends in a name that is made anew for each.
const PANEL: &str = "vscode-webview://";

/// Origins that many pages share; they are let in when the person has said so.
const SHARED_BY_MANY: [&str; 2] = ["null", "file://"];

const SECRET_HEADER: &str = "x-picgo-secret";

/// Longer names are shown by their beginning.
const SHOWN: usize = 100;

/// Origins that the person was told about: once each, however often they come.
#[derive(Default)]
pub(super) struct Prompts(Mutex<BTreeSet<&'static str>>);

/// Lets a request pass, or says which setting would.
pub(super) async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let origin = match check(&shared, &request) {
        Ok(origin) => origin,
        Err(message) => return finish(answer::refusal(StatusCode::FORBIDDEN, &message), None),
    };
    let asks_for_private_network = request.headers().contains_key("access-control-request-private-network");
    let response = if request.method() == Method::OPTIONS {
        preflight(origin.is_some() && asks_for_private_network)
    } else if needs_token(request.uri().path()) && !shared.token.is_among(&shown_tokens(&request)) {
        answer::refusal(
            StatusCode::FORBIDDEN,
            "Unauthorized: the token is missing or wrong. It stands in Settings, Editors & server; send it as \
             “Authorization: Bearer …”, as X-PicGo-Secret, or as ?key=….",
        )
    } else {
        next.run(request).await
    };
    finish(response, origin)
}

/// The origin to answer to, if a page asks; else why it may not.
fn check(shared: &Shared, request: &Request) -> Result<Option<HeaderValue>, String> {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let is_ours = |host: &str| is_our_host(host, shared.port, shared.is_open);
    if hosts.next().is_some() || !is_ours(host) || !authority.is_none_or(is_ours) {
        return Err(format!(
            "Picferry answers to 127.0.0.1:{port} and localhost:{port}, not to “{host}”. Use one of these \
             addresses, or set another address to listen at in Settings, Editors & server.",
            port = shared.port,
            host = shortened(host),
        ));
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else {
        return if is_embedded_elsewhere(request) { Err(not_for_pages("Another page")) } else { Ok(None) };
    };
    let text = origin.to_str().unwrap_or_default();
    let allowed = &shared.engine.settings().server.allowed_origins;
    if origins.next().is_none() && is_allowed(text, allowed) {
        return Ok(Some(origin.clone()));
    }
    if let Some(name) = SHARED_BY_MANY.into_iter().find(|name| *name == text) {
        shared.prompts.tell(shared, name);
        return Err(format!(
            "A page without an address of its own (origin “{name}”) asks for Picferry. If this is your \
             editor, allow it in Settings, Editors & server: add {name} to the allowed origins."
        ));
    }
    Err(not_for_pages(&shortened(text)))
}

fn not_for_pages(who: &str) -> String {
    format!(
        "{who} may not use Picferry. If this is a page of yours, add it to the allowed origins in \
         Settings, Editors & server."
    )
}

/// Whether a name means this server. A page can point a name of its own at this computer, so names
/// do not count; a number can belong to nobody else.
fn is_our_host(host: &str, port: u16, is_open: bool) -> bool {
    let (name, given) = match host.rsplit_once(':') {
        Some((name, given)) if !given.contains(']') => (name, given.parse().ok()),
        _ => (host, Some(80)),
    };
    if given != Some(port) {
        return false;
    }
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let address = match bare {
        Some(newer) => newer.parse().map(IpAddr::V6).ok(),
        None => name.parse().map(IpAddr::V4).ok(),
    };
    match address {
        Some(address) => address.is_loopback() || is_open,
        None => name.eq_ignore_ascii_case("localhost"),
    }
}

fn is_allowed(origin: &str, allowed: &[String]) -> bool {
    let is_panel = origin.strip_prefix(PANEL).is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    is_panel || EDITORS.contains(&origin) || allowed.iter().any(|known| known == origin)
}

/// Pictures and scripts that a page of elsewhere embeds come without `Origin`; a browser says so in
/// another header. They could see nothing, but could hold connections.
fn is_embedded_elsewhere(request: &Request) -> bool {
    let headers = request.headers();
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|given| given == value);
    let is_elsewhere = says("sec-fetch-site", "cross-site") || says("sec-fetch-site", "same-site");
    let is_visit = says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document");
    matches!(*request.method(), Method::GET | Method::HEAD) && is_elsewhere && !is_visit
}

/// What tells nothing and does nothing is shown to everybody who got this far.
fn needs_token(path: &str) -> bool {
    !matches!(path, "/" | "/heartbeat")
}

/// Every text that may be the token: in a header, or in the address as PicGo and PicList have it.
fn shown_tokens(request: &Request) -> Vec<String> {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text("authorization").and_then(|value| {
        let (scheme, token) = value.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    let query = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let in_query = query
        .filter(|(name, _)| matches!(name.as_ref(), "key" | "secret"))
        .map(|(_, value)| value.into_owned());
    bearer.into_iter().chain(text(SECRET_HEADER).map(str::to_owned)).chain(in_query).collect()
}

fn preflight(private_network: bool) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let methods = HeaderValue::from_static("GET, POST, OPTIONS");
    headers.insert(header::ALLOW, methods.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("Authorization, Content-Type, X-PicGo-Secret"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if private_network {
        let name = HeaderName::from_static("access-control-allow-private-network");
        headers.insert(name, HeaderValue::from_static("true"));
    }
    response
}

/// Names the one origin that may read the answer; nobody is named by a pattern.
fn finish(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The token may stand in the address.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    match origin {
        Some(origin) => drop(headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin)),
        None => forget_pages(headers),
    }
    response
}

fn forget_pages(headers: &mut HeaderMap) {
    for name in [
        header::ACCESS_CONTROL_ALLOW_METHODS,
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        header::ACCESS_CONTROL_MAX_AGE,
    ] {
        headers.remove(name);
    }
}

fn shortened(text: &str) -> String {
    let shown: String = text.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect();
    if shown.is_empty() { "nothing".to_owned() } else { shown }
}

impl Prompts {
    /// Asks the person in the app, once.
    fn tell(&self, shared: &Shared, origin: &'static str) {
        if !self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(origin) {
            return;
        }
        let error = Error::new(
            ErrorCode::OriginRefused,
            format!(
                "A page without an address of its own (origin “{origin}”) asked for Picferry and was refused."
            ),
        )
        .hint(format!(
            "If this was your editor, add {origin} to the allowed origins in Settings, Editors & server."
        ))
        .param("origin", origin);
        shared.engine.add_notice(Notice { topic: "server_origin".into(), error: *error });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_this_computer_and_localhost_are_our_host() {
        for host in
            ["127.0.0.1:36677", "localhost:36677", "LocalHost:36677", "[::1]:36677", "127.1.2.3:36677"]
        {
            assert!(is_our_host(host, 36677, false), "{host}");
        }
        for host in [
            "evil.example:36677",
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost.evil.example:36677",
            "127.0.0.1.evil.example:36677",
            "192.168.1.2:36677",
            "[::1]",
            "[fe80::1]:36677",
            "::1:36677",
            ":36677",
            "",
            "evil.example@127.0.0.1:36677",
        ] {
            assert!(!is_our_host(host, 36677, false), "{host}");
        }
        assert!(is_our_host("192.168.1.2:36677", 36677, true), "a server for the network has its number");
        assert!(!is_our_host("evil.example:36677", 36677, true), "but still no name");
    }

    #[test]
    fn editors_are_known_and_pages_are_not() {
        for origin in ["app://obsidian.md", "vscode-webview://1c2b-9f", "lsp://logseq.io"] {
            assert!(is_allowed(origin, &[]), "{origin}");
        }
        let pages = [
            "null",
            "file://",
            "https://evil.example",
            "http://localhost",
            "http://127.0.0.1:36677",
            "app://obsidian.md.evil.example",
            "vscode-webview://",
            "vscode-webview://a.example/",
            "chrome-extension://abc",
            "",
        ];
        for origin in pages {
            assert!(!is_allowed(origin, &[]), "{origin}");
        }
        assert!(is_allowed("http://127.0.0.1:6806", &["http://127.0.0.1:6806".into()]));
    }

    #[test]
    fn the_token_is_read_where_picgo_and_piclist_put_it() {
        let request = Request::builder()
            .uri("/upload?picbed=s3&key=o%6Ee&secret=two")
            .header("authorization", "bearer three")
            .header("x-picgo-secret", "four")
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(shown_tokens(&request), ["three", "four", "one", "two"]);
    }
}
