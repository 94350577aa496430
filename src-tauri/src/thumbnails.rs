//! Thumbnails for the window, over a scheme of their own: small WebP pictures from this computer,
//! never an original and never the network.

use crate::shell::Shell;
use tauri::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use tauri::http::{Request, Response, StatusCode};
use tauri::{AppHandle, Manager as _, UriSchemeContext, UriSchemeResponder, Wry};

/// The scheme: `thumb://localhost/NAME`, on Windows `http://thumb.localhost/NAME`.
pub const SCHEME: &str = "thumb";

/// Answers one request of the window.
#[expect(clippy::needless_pass_by_value, reason = "the signature is that of Tauri's handlers")]
pub fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let app = context.app_handle().clone();
    let name = thumbnail_name(request.uri().path()).map(str::to_owned);
    tauri::async_runtime::spawn(async move { responder.respond(answer(&app, name).await) });
}

async fn answer(app: &AppHandle, name: Option<String>) -> Response<Vec<u8>> {
    let Some(name) = name else { return refusal(StatusCode::BAD_REQUEST) };
    let Ok(context) = app.state::<Shell>().context().await else {
        return refusal(StatusCode::SERVICE_UNAVAILABLE);
    };
    match context.engine.thumbnail(&name).await {
        Ok(picture) => {
            let mut response = Response::new(picture);
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/webp"));
            // The name is a hash of the picture: what is behind it never changes.
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            response
        }
        Err(_) => refusal(StatusCode::NOT_FOUND),
    }
}

fn refusal(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

/// The name in a path, if it is one that a thumbnail can have: a SHA-256, perhaps with `.webp`.
fn thumbnail_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let hash = name.strip_suffix(".webp").unwrap_or(name);
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_of_a_thumbnail_is_served() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(thumbnail_name(&format!("/{hash}")), Some(hash.as_str()));
        assert_eq!(thumbnail_name(&format!("/{hash}.webp")), Some(format!("{hash}.webp").as_str()));
        for refused in ["", "/", "/../settings.json", "/%2e%2e/x", "/abc", "/a/b"] {
            assert_eq!(thumbnail_name(refused), None, "{refused}");
        }
        assert_eq!(thumbnail_name(&format!("/{}", hash.to_uppercase())), None);
        assert_eq!(thumbnail_name(&format!("/{hash}/../{hash}")), None);
        assert_eq!(thumbnail_name(&format!("/{hash}.png")), None);
    }
}
