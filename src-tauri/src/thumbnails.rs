//! Pictures for the window, over a scheme of their own: thumbnails of the history, and the pictures
//! of the compress screen. All of them are of this computer; nothing here asks the network.

use crate::shell::Shell;
use tauri::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use tauri::http::{Request, Response, StatusCode};
use tauri::{AppHandle, Manager as _, UriSchemeContext, UriSchemeResponder, Wry};

/// The scheme: `thumb://localhost/NAME` and `thumb://localhost/compress/PICTURE/WHAT`, on Windows
/// `http://thumb.localhost/…`.
pub const SCHEME: &str = "thumb";

/// Answers one request of the window.
#[expect(clippy::needless_pass_by_value, reason = "the signature is that of Tauri's handlers")]
pub fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let app = context.app_handle().clone();
    let decoded = request.uri().query() == Some("decoded");
    let path = request.uri().path().to_owned();
    tauri::async_runtime::spawn(async move {
        let response = match tried_picture(&path) {
            Some((picture, what)) => answer_tried(&app, picture, what, decoded).await,
            None => answer(&app, thumbnail_name(&path).map(str::to_owned)).await,
        };
        responder.respond(response);
    });
}

/// A picture of the compress screen.
async fn answer_tried(app: &AppHandle, picture: &str, what: &str, decoded: bool) -> Response<Vec<u8>> {
    let Ok(context) = app.state::<Shell>().context().await else {
        return refusal(StatusCode::SERVICE_UNAVAILABLE);
    };
    match context.engine.compress_shown(picture, what, decoded).await {
        Ok(shown) => {
            let mut response = Response::new(shown.bytes);
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(shown.media_type));
            // The same name is the same picture, as long as the window lives.
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            response
        }
        Err(_) => refusal(StatusCode::NOT_FOUND),
    }
}

/// `/compress/PICTURE/WHAT`: words of letters, digits and hyphens, never a path.
fn tried_picture(path: &str) -> Option<(&str, &str)> {
    let (picture, what) = path.strip_prefix("/compress/")?.split_once('/')?;
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (is_word(picture) && is_word(what)).then_some((picture, what))
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
    fn a_tried_picture_is_named_by_two_words() {
        assert_eq!(tried_picture("/compress/p1/original"), Some(("p1", "original")));
        assert_eq!(tried_picture("/compress/p1/p1-0a-webp"), Some(("p1", "p1-0a-webp")));
        for refused in
            ["/compress/p1", "/compress/p1/../x", "/compress//original", "/compress/p1/a%2Fb", "/p1/original"]
        {
            assert_eq!(tried_picture(refused), None, "{refused}");
        }
    }

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
