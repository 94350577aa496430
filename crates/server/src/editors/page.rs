//! `GET /`: a page that shows how to use the server. It tells nothing about anybody.

use super::State as Shared;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

const PAGE: &str = include_str!("page.html");

pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Response {
    let page = PAGE.replace("{port}", &shared.port.to_string());
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                 frame-ancestors 'none'",
            ),
        ),
    ];
    (headers, page).into_response()
}
