//! What a picture is called before anything is known of it: the end of its path or address.

use std::path::Path;

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The last segment of an address, decoded; the host when there is none.
pub(crate) fn url_file_name(text: &str) -> String {
    let Ok(url) = url::Url::parse(text) else { return text.to_owned() };
    let last = url.path_segments().and_then(|mut segments| segments.next_back().map(str::to_owned));
    match last.filter(|segment| !segment.is_empty()) {
        Some(segment) => percent_decode(&segment),
        None => url.host_str().unwrap_or(text).to_owned(),
    }
}

fn percent_decode(text: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B").replace('&', "%26")).as_bytes())
        .next()
        .map_or_else(|| text.to_owned(), |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_named_as_the_person_knows_it() {
        assert_eq!(file_name("/home/x/截图 1.png"), "截图 1.png");
        assert_eq!(url_file_name("https://a.example/b/c%20d%2B+e.png?x=1"), "c d++e.png");
        assert_eq!(url_file_name("https://a.example/"), "a.example");
    }
}
