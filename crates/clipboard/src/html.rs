//! HTML on the clipboard: the pictures that it shows, when it shows nothing else.

use bytes::Bytes;
use data_url::DataUrl;
use html5gum::{DefaultEmitter, Token, Tokenizer};
use picferry_core::job::Source;
use picferry_core::picture::PictureFormat;
use url::Url;

/// What is longer is a document, with its pictures inside; only their addresses are wanted here.
const LONGEST_HTML: usize = 64 * 1024 * 1024;

/// Nobody copies more at once and means each of them.
const MOST_PICTURES: usize = 100;

/// Their text is not shown.
const UNSEEN: [&[u8]; 3] = [b"style", b"script", b"title"];

/// The pictures of a piece of HTML; none when text stands beside them, for then the text was copied.
/// Pictures inside it are named `stem` with their extension. Files of this computer are never meant: any
/// web page can put such an address here.
pub(crate) fn pictures_in_html(html: &[u8], stem: &str) -> Vec<Source> {
    if html.len() > LONGEST_HTML {
        return Vec::new();
    }
    let html = decoded(html);
    let mut pictures = Vec::new();
    let mut unseen = false;
    // What stands in a script or a style is no markup.
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html.as_str(), emitter) {
        match token {
            Token::StartTag(tag) if UNSEEN.contains(&tag.name.as_slice()) => unseen = true,
            Token::EndTag(tag) if UNSEEN.contains(&tag.name.as_slice()) => unseen = false,
            Token::StartTag(tag) if tag.name.as_slice() == b"img" => {
                let address = tag.attributes.get(b"src".as_slice()).map(|src| String::from_utf8_lossy(src));
                if let Some(picture) = address.and_then(|address| picture_at(address.trim(), stem))
                    && pictures.len() < MOST_PICTURES
                    && !pictures.contains(&picture)
                {
                    pictures.push(picture);
                }
            }
            Token::String(text) if !unseen && has_ink(&String::from_utf8_lossy(&text)) => return Vec::new(),
            _ => {}
        }
    }
    pictures
}

/// Whether a person sees anything of it.
fn has_ink(text: &str) -> bool {
    text.chars().any(|character| !character.is_whitespace() && !matches!(character, '\0' | '\u{feff}'))
}

/// UTF-8, or UTF-16 as some browsers offer it.
fn decoded(html: &[u8]) -> String {
    let words = |word: fn([u8; 2]) -> u16| -> Vec<u16> {
        html.chunks_exact(2).map(|pair| word([pair[0], pair[1]])).collect()
    };
    match html {
        [0xfe, 0xff, ..] => String::from_utf16_lossy(&words(u16::from_be_bytes)),
        // HTML begins with “<”: with a zero after it, it is UTF-16 without a mark.
        [0xff, 0xfe, ..] | [b'<', 0, ..] => String::from_utf16_lossy(&words(u16::from_le_bytes)),
        _ => String::from_utf8_lossy(html).into_owned(),
    }
}

fn picture_at(address: &str, stem: &str) -> Option<Source> {
    match Url::parse(address).ok()?.scheme() {
        "http" | "https" => Some(Source::Url { url: address.to_owned() }),
        "data" => {
            let data = DataUrl::process(address).ok()?;
            let media_type = format!("{}/{}", data.mime_type().type_, data.mime_type().subtype);
            let format = PictureFormat::ALL.into_iter().find(|format| format.media_type() == media_type)?;
            let (bytes, _) = data.decode_to_vec().ok()?;
            let name = format!("{stem}.{}", format.extension());
            (!bytes.is_empty()).then(|| Source::Bytes { name, bytes: Bytes::from(bytes) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<Source> {
        pictures_in_html(html.as_bytes(), "clipboard-1")
    }

    fn address(url: &str) -> Source {
        Source::Url { url: url.to_owned() }
    }

    #[test]
    fn a_copied_picture_is_its_address() {
        let copied = "<meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\">\
            <img src=\"https://example.com/a.png?x=1&amp;y=2\" alt=\"A cat\"/>";
        assert_eq!(found(copied), [address("https://example.com/a.png?x=1&y=2")]);
        let windows = "<html>\r\n<head><style>img { border: 0 }</style></head><body>\r\n<!--StartFragment-->\
            <IMG SRC='https://example.com/b.jpg'>&nbsp;<!--EndFragment-->\r\n</body></html>";
        assert_eq!(found(windows), [address("https://example.com/b.jpg")]);
    }

    #[test]
    fn a_picture_inside_it_is_taken_as_it_is() {
        let expected = Source::Bytes { name: "clipboard-1.gif".into(), bytes: Bytes::from_static(b"GIF89a") };
        assert_eq!(found("<img src=\"data:image/gif;base64,R0lGODlh\">"), [expected]);
        assert_eq!(found("<img src=\"data:text/html,hello\">"), []);
    }

    #[test]
    fn pictures_beside_text_were_not_meant() {
        assert_eq!(found("<p>Look: <img src=\"https://example.com/a.png\"></p>"), []);
        assert_eq!(found("<p>Only text</p>"), []);
    }

    #[test]
    fn what_a_script_writes_is_no_picture_and_the_same_one_counts_once() {
        let script = "<script>var a = \"<img src='https://example.com/x.png'>\";</script>";
        let picture = "<img src=\"https://example.com/a.png\">";
        assert_eq!(found(&format!("{script}{picture}{picture}")), [address("https://example.com/a.png")]);
        let many: String = (0..300).map(|n| format!("<img src=\"https://example.com/{n}.png\">")).collect();
        assert_eq!(found(&many).len(), MOST_PICTURES);
    }

    #[test]
    fn no_page_can_name_a_file_of_this_computer() {
        for address in
            ["file:///etc/passwd", "/etc/passwd", "javascript:alert(1)", "blob:https://a/b", "C:\\a.png"]
        {
            assert_eq!(found(&format!("<img src=\"{address}\">")), [], "{address}");
        }
    }

    #[test]
    fn wide_characters_are_read_too() {
        let html = "<img src=\"https://example.com/图.png\">";
        let wide = |mark: &[u8]| -> Vec<u8> {
            mark.iter().copied().chain(html.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        };
        for bytes in [wide(&[0xff, 0xfe]), wide(&[])] {
            assert_eq!(pictures_in_html(&bytes, "clipboard-1"), [address("https://example.com/图.png")]);
        }
    }
}
