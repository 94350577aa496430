//! The one URL encoder, used by links, receipts and purges alike.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986 unreserved characters and `/` stay; every other byte becomes `%XX`.
/// This is how SigV4 encodes a key, so the link and the signature can never disagree.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Percent-encodes an object key for the path of a URL.
#[must_use]
pub fn encode_key(key: &str) -> String {
    utf8_percent_encode(key, KEY).to_string()
}

/// Joins a base address and a key: exactly one `/` between them, the key encoded once.
#[must_use]
pub fn join_url(base: &str, key: &str) -> String {
    format!("{}/{}", base.trim_end_matches('/'), encode_key(key))
}

/// The same address for eyes: what stays unambiguous in Markdown and HTML is shown decoded
/// (letters of any script, digits), everything else stays encoded.
#[must_use]
pub fn readable_url(url: &str) -> String {
    let mut readable = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(start) = rest.find('%') {
        readable.push_str(&rest[..start]);
        let run_length = escape_run(&rest[start..]);
        if run_length == 0 {
            readable.push('%');
            rest = &rest[start + 1..];
            continue;
        }
        let run = &rest[start..start + run_length];
        push_run(&mut readable, run);
        rest = &rest[start + run_length..];
    }
    readable.push_str(rest);
    readable
}

/// The length of the `%XX%XX…` run at the start of the text.
fn escape_run(text: &str) -> usize {
    text.as_bytes()
        .chunks(3)
        .take_while(|chunk| {
            chunk.len() == 3
                && chunk[0] == b'%'
                && chunk[1].is_ascii_hexdigit()
                && chunk[2].is_ascii_hexdigit()
        })
        .count()
        * 3
}

/// Appends a run of escapes, decoded where it is text of letters beyond ASCII.
fn push_run(out: &mut String, run: &str) {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(run).collect();
    match std::str::from_utf8(&bytes) {
        Ok(text) => {
            for character in text.chars() {
                if !character.is_ascii() && character.is_alphanumeric() {
                    out.push(character);
                } else {
                    let mut buffer = [0; 4];
                    for byte in character.encode_utf8(&mut buffer).bytes() {
                        out.push_str(&format!("%{byte:02X}"));
                    }
                }
            }
        }
        Err(_) => out.push_str(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nasty_key_is_encoded_once_and_byte_for_byte() {
        assert_eq!(
            encode_key("a b+c%中文(1)#?&=.png"),
            "a%20b%2Bc%25%E4%B8%AD%E6%96%87%281%29%23%3F%26%3D.png"
        );
    }

    #[test]
    fn a_readable_address_shows_letters_and_keeps_what_would_break_a_link() {
        let encoded = join_url("https://img.example.com/", "截图 (1)+.png");
        assert_eq!(readable_url(&encoded), "https://img.example.com/截图%20%281%29%2B.png");
    }

    #[test]
    fn a_lone_percent_sign_survives() {
        assert_eq!(readable_url("https://x/%zz%"), "https://x/%zz%");
    }
}
