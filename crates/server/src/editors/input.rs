//! What a request without files asks for: the clipboard, or a list of paths and addresses.

use super::body::malformed;
use picferry_core::{Error, ErrorCode, Result};
use serde_json::Value;

/// Paths and addresses are shorter, in bytes, on every system.
const LONGEST_ENTRY: usize = 32_768;

/// So much is repeated of an entry that is no path, in characters.
const LONGEST_START: usize = 40;

/// What is to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Clipboard,
    /// In the order of the results. What is no text says so in its place.
    List(Vec<Given>),
}

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// As it was written.
    pub text: String,
    pub meant: Result<Meant>,
}

/// What an entry means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    Url(String),
    /// Places where the file may be, the likeliest first.
    Path(Vec<String>),
}

/// Reads a body. Its type is not looked at: editors send all sorts of them, or none.
///
/// # Errors
/// `invalid_field` for a body that is neither empty nor a list.
pub(super) fn read(body: &[u8], most: usize) -> Result<Wanted> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Wanted::Clipboard);
    }
    let value: Value =
        serde_json::from_slice(body).map_err(|error| malformed("it is not JSON").detail(error))?;
    let list = match value {
        Value::Null => return Ok(Wanted::Clipboard),
        Value::Object(mut object) => object.remove("list").unwrap_or(Value::Null),
        _ => return Err(malformed("it is no object with a list")),
    };
    match list {
        Value::Null => Ok(Wanted::Clipboard),
        Value::Array(list) if list.is_empty() => Ok(Wanted::Clipboard),
        Value::Array(list) if list.len() > most => {
            Err(malformed(format!("its list has {} entries, and at most {most} are taken", list.len())))
        }
        Value::Array(list) => {
            Ok(Wanted::List((1..).zip(list).map(|(place, item)| given(place, item)).collect()))
        }
        Value::String(one) => Ok(Wanted::List(vec![given(1, Value::String(one))])),
        _ => Err(malformed("its list is no list")),
    }
}

fn given(place: usize, item: Value) -> Given {
    let Value::String(text) = item else {
        let what = if item.is_null() { "null" } else { "no text" };
        let error = Error::new(
            ErrorCode::InvalidField,
            format!("Entry {place} of the list is {what}, not a path or an address."),
        )
        .hint("An older version of the editor's plugin may do this: update it, or paste the picture instead.")
        .field("list");
        return Given { text: format!("entry {place}"), meant: Err(error) };
    };
    let is_data = text.trim().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
    if is_data || text.len() > LONGEST_ENTRY {
        // A whole picture may stand in it: nobody can read that in an answer.
        let start: String =
            text.trim().chars().take_while(|it| !matches!(it, ';' | ',')).take(LONGEST_START).collect();
        let text = format!("{start}…");
        let error = no_path(&text).hint("Send the picture itself, as multipart/form-data, or its path.");
        return Given { text, meant: Err(error) };
    }
    let meant = meant(text.trim(), cfg!(windows));
    Given { text, meant }
}

/// A path is never taken from the folder this program happens to run in.
fn meant(text: &str, on_windows: bool) -> Result<Meant> {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        _ if text.is_empty() => Err(no_path("An empty text")),
        Some("http" | "https") => Ok(Meant::Url(text.to_owned())),
        Some("file") => file_url(text),
        // A drive is a letter.
        Some(scheme) if scheme.len() > 1 && text[scheme.len()..].starts_with("://") => {
            Err(no_path(text).hint("Send a path, or an address that begins with http:// or https://."))
        }
        _ if on_windows => windows_path(text),
        _ if text.starts_with('/') => Ok(Meant::Path(vec![text.to_owned()])),
        // Some editors cut the first slash off.
        _ if text.contains('/') => Ok(Meant::Path(vec![format!("/{text}")])),
        _ => Err(no_path(text)),
    }
}

fn file_url(text: &str) -> Result<Meant> {
    let path = url::Url::parse(text).ok().and_then(|url| url.to_file_path().ok());
    match path {
        Some(path) => Ok(Meant::Path(vec![path.to_string_lossy().into_owned()])),
        None => Err(no_path(text)),
    }
}

/// `C:\…` and `C:/…`, mixed too. `\\.\…` are devices, not files.
fn windows_path(text: &str) -> Result<Meant> {
    let path = text.replace('/', "\\");
    let is_device = ["\\\\.\\", "\\\\?\\", "\\??\\"].iter().any(|prefix| path.starts_with(prefix));
    let has_drive =
        path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path[1..].starts_with(":\\");
    if !is_device && (has_drive || path.starts_with("\\\\")) {
        Ok(Meant::Path(vec![path]))
    } else {
        Err(no_path(text))
    }
}

fn no_path(text: &str) -> Box<Error> {
    Error::new(ErrorCode::FileNotFound, format!("{text} is no full path and no address of a picture."))
        .hint("Send the whole path of the file.")
        .param("file", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(body: &str) -> Vec<Given> {
        match read(body.as_bytes(), 100).unwrap() {
            Wanted::List(list) => list,
            Wanted::Clipboard => Vec::new(),
        }
    }

    fn path(text: &str) -> Meant {
        Meant::Path(vec![text.to_owned()])
    }

    #[test]
    fn nothing_in_all_its_forms_means_the_clipboard() {
        for body in
            ["", " \r\n", "{}", "null", r#"{"list":null}"#, r#"{"list":[]}"#, r#"{"other":1}"#, "\u{feff}{}"]
        {
            assert_eq!(read(body.as_bytes(), 100).unwrap(), Wanted::Clipboard, "{body:?}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for body in
            ["[", "[]", "1", r#"{"list":{}}"#, r#"{"list":7}"#, "list=a.png", r#"{"list":["a","b","c"]}"#]
        {
            let error = read(body.as_bytes(), 2).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidField, "{body}");
        }
    }

    #[test]
    fn an_entry_that_is_no_text_fails_in_its_place() {
        let list = list(r#"{"list":["/a.png",null,7]}"#);
        assert!(list[0].meant.is_ok());
        assert!(list[1].meant.as_ref().unwrap_err().message.contains("Entry 2 of the list is null"));
        assert!(list[2].meant.as_ref().unwrap_err().message.contains("Entry 3 of the list is no text"));
    }

    #[test]
    fn a_picture_in_an_entry_is_refused_without_repeating_it() {
        let body = format!(
            r#"{{"list":["data:image/png;base64,{}","data:{}"]}}"#,
            "A".repeat(5000),
            "x".repeat(5000)
        );
        for given in list(&body) {
            let error = given.meant.unwrap_err();
            assert!(given.text.len() < 60 && error.message.len() < 200, "{}", error.message);
            assert!(error.hint.is_some());
        }
    }

    #[test]
    fn paths_and_addresses_are_told_apart() {
        let unix = |text: &str| meant(text, false).ok();
        assert_eq!(unix("/vault/a b.png"), Some(path("/vault/a b.png")));
        assert_eq!(unix("Users/me/vault/a.png"), Some(path("/Users/me/vault/a.png")), "a slash was cut off");
        assert_eq!(unix("HTTPS://img.example/a.png"), Some(Meant::Url("HTTPS://img.example/a.png".into())));
        assert_eq!(unix("a.png"), None);
        assert_eq!(unix("../a.png"), Some(path("/../a.png")), "never from where this program runs");
        for other in ["", "ftp://a.example/a.png", "smb://host/a.png"] {
            assert!(!matches!(unix(other), Some(Meant::Url(_))), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_address_of_a_file_is_a_path() {
        assert_eq!(meant("file:///tmp/with%20space.png", false).ok(), Some(path("/tmp/with space.png")));
        assert!(meant("file://elsewhere/tmp/a.png", false).is_err());
    }

    #[test]
    fn a_device_of_windows_is_no_path() {
        let windows = |text: &str| meant(text, true).ok();
        assert_eq!(windows("C:/vault\\a.png"), Some(path("C:\\vault\\a.png")));
        assert_eq!(windows("\\\\nas\\pictures\\a.png"), Some(path("\\\\nas\\pictures\\a.png")));
        for device in ["\\\\.\\PhysicalDrive0", "//./COM1", "\\\\?\\C:\\a.png", "a.png", "\\a.png"] {
            assert_eq!(windows(device), None, "{device}");
        }
    }
}
