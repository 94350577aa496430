//! Chooses among the forms in which a clipboard offers its content.

use super::html::pictures_in_html;
use super::text::{empty, nothing_of_use, pictures_in_text};
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::job::Source;
use picferry_core::picture::PictureFormat;
use url::Url;

/// Lists of files, as file managers offer them.
const FILE_LISTS: [&str; 4] = [
    "x-special/gnome-copied-files",
    "x-special/mate-copied-files",
    "text/uri-list",
    "application/x-kde4-urilist",
];

/// Pictures as bytes, best first. A GIF is only offered by who has one. Programs that offer a
/// PNG beside others have made the others from it; whoever offers no PNG has an original.
const ORIGINALS: [(&str, PictureFormat); 10] = [
    ("image/gif", PictureFormat::Gif),
    ("image/png", PictureFormat::Png),
    ("image/jpeg", PictureFormat::Jpeg),
    ("image/jpg", PictureFormat::Jpeg),
    ("image/webp", PictureFormat::Webp),
    ("image/svg+xml", PictureFormat::Svg),
    ("image/avif", PictureFormat::Avif),
    ("image/heic", PictureFormat::Heic),
    ("image/jxl", PictureFormat::Jxl),
    ("image/x-qoi", PictureFormat::Qoi),
];

/// What was copied from a page.
const HTML: &str = "text/html";

/// Pixels that some program drew: the original is better, where it is named.
const BITMAPS: [(&str, PictureFormat); 3] = [
    ("image/tiff", PictureFormat::Tiff),
    ("image/bmp", PictureFormat::Bmp),
    ("image/x-bmp", PictureFormat::Bmp),
];

/// Formatted text and tables: whoever offers them beside a picture drew it of them.
const DOCUMENTS: [&str; 4] = ["text/rtf", "application/rtf", "text/richtext", "text/csv"];

/// Plain text, best first.
const TEXTS: [&str; 5] = ["text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"];

/// A clipboard that names its forms and gives one of them.
pub(crate) trait Offers {
    /// The forms on offer, as media types or X11 names.
    ///
    /// # Errors
    /// `clipboard_timeout`, or `clipboard_empty` when nothing can be read.
    fn forms(&mut self) -> Result<Vec<String>>;

    /// The content in that form; empty when the owner has changed its mind.
    ///
    /// # Errors
    /// As for [`Offers::forms`].
    fn content(&mut self, form: &str) -> Result<Vec<u8>>;
}

/// The pictures of a clipboard; bytes are named `stem` with their extension.
///
/// # Errors
/// `clipboard_empty`, saying what there is instead; `clipboard_timeout`.
pub(crate) fn pick(offers: &mut dyn Offers, stem: &str) -> Result<Vec<Source>> {
    let forms = offers.forms()?;
    let offered = |form: &str| is_offered(&forms, form);
    for form in FILE_LISTS.into_iter().filter(|form| offered(form)) {
        let files = files_of(&String::from_utf8_lossy(&offers.content(form)?));
        if !files.is_empty() {
            return Ok(files);
        }
    }
    if let Some(picture) = bytes_of(offers, &forms, &ORIGINALS, stem)? {
        return Ok(vec![picture]);
    }
    if offered(HTML) {
        let pictures = pictures_in_html(&offers.content(HTML)?, stem);
        if !pictures.is_empty() {
            return Ok(pictures);
        }
    }
    if let Some(picture) = bytes_of(offers, &forms, &BITMAPS, stem)? {
        return Ok(vec![picture]);
    }
    let Some(form) = TEXTS.into_iter().find(|form| offered(form)) else {
        return Err(if forms.is_empty() { empty() } else { nothing_of_use() });
    };
    let text = offers.content(form)?;
    if text.is_empty() {
        return Err(empty());
    }
    pictures_in_text(&String::from_utf8_lossy(&text))
}

/// Whether somebody copied a picture: not files, nor a document that can be shown as one.
pub(crate) fn is_picture(forms: &[String]) -> bool {
    let any_of = |wanted: &[&str]| wanted.iter().any(|form| is_offered(forms, form));
    let pictures = ORIGINALS.iter().chain(&BITMAPS);
    pictures.into_iter().any(|(form, _)| is_offered(forms, form))
        && !any_of(&FILE_LISTS)
        && !any_of(&DOCUMENTS)
}

fn is_offered(forms: &[String], form: &str) -> bool {
    forms.iter().any(|offer| offer.eq_ignore_ascii_case(form))
}

/// The first of these forms that is on offer and not empty.
fn bytes_of(
    offers: &mut dyn Offers,
    forms: &[String],
    wanted: &[(&str, PictureFormat)],
    stem: &str,
) -> Result<Option<Source>> {
    for (form, format) in wanted.iter().filter(|(form, _)| is_offered(forms, form)) {
        let bytes = offers.content(form)?;
        if !bytes.is_empty() {
            let name = format!("{stem}.{}", format.extension());
            return Ok(Some(Source::Bytes { name, bytes: Bytes::from(bytes) }));
        }
    }
    Ok(None)
}

/// The files in a list of addresses, one a line; other lines say `copy`, `cut` or a comment.
fn files_of(list: &str) -> Vec<Source> {
    list.split(['\n', '\r', '\0'])
        .filter(|line| line.starts_with("file:"))
        .filter_map(|line| Url::parse(line.trim()).ok()?.to_file_path().ok())
        .map(|path| Source::Path { path: path.to_string_lossy().into_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clipboard made of its forms.
    struct Fixed(Vec<(&'static str, &'static [u8])>);

    impl Offers for Fixed {
        fn forms(&mut self) -> Result<Vec<String>> {
            Ok(self.0.iter().map(|(form, _)| (*form).to_owned()).collect())
        }

        fn content(&mut self, form: &str) -> Result<Vec<u8>> {
            Ok(self
                .0
                .iter()
                .find(|(name, _)| *name == form)
                .map(|(_, bytes)| bytes.to_vec())
                .unwrap_or_default())
        }
    }

    fn pick_from(forms: &[(&'static str, &'static [u8])]) -> Result<Vec<Source>> {
        pick(&mut Fixed(forms.to_vec()), "clipboard-1")
    }

    fn path(path: &str) -> Source {
        Source::Path { path: path.to_owned() }
    }

    #[test]
    fn copied_files_come_before_the_picture_of_their_icon() {
        let sources = pick_from(&[
            ("image/png", b"icon"),
            ("text/uri-list", b"file:///tmp/a.gif\r\nfile:///tmp/with%20space%20%E4%B8%AD.png\r\n"),
        ]);
        assert_eq!(sources.unwrap(), [path("/tmp/a.gif"), path("/tmp/with space 中.png")]);
    }

    #[test]
    fn a_file_managers_verb_is_not_a_file() {
        let sources = pick_from(&[("x-special/gnome-copied-files", b"copy\nfile:///tmp/a.png")]);
        assert_eq!(sources.unwrap(), [path("/tmp/a.png")]);
    }

    #[test]
    fn a_gif_stays_a_gif_beside_its_still_picture() {
        let sources = pick_from(&[("image/png", b"still"), ("image/gif", b"GIF89a")]).unwrap();
        let expected = Source::Bytes { name: "clipboard-1.gif".into(), bytes: Bytes::from_static(b"GIF89a") };
        assert_eq!(sources, [expected]);
    }

    #[test]
    fn a_form_that_turns_out_empty_is_passed_over() {
        let sources = pick_from(&[("image/png", b""), ("image/jpeg", b"jpeg")]).unwrap();
        assert!(
            matches!(&sources[0], Source::Bytes { name, .. } if name == "clipboard-1.jpg"),
            "{sources:?}"
        );
    }

    #[test]
    fn a_web_address_beside_a_picture_is_not_a_file() {
        let sources =
            pick_from(&[("text/uri-list", b"https://example.com/"), ("image/png", b"png")]).unwrap();
        assert!(matches!(&sources[0], Source::Bytes { .. }), "{sources:?}");
    }

    #[test]
    fn the_original_on_a_page_comes_before_a_bitmap_of_it_and_after_its_bytes() {
        let html: (&str, &[u8]) = ("text/html", b"<img src=\"https://example.com/a.webp\">");
        let original = [Source::Url { url: "https://example.com/a.webp".into() }];
        assert_eq!(pick_from(&[("image/bmp", b"bitmap"), html]).unwrap(), original);
        assert_eq!(pick_from(&[html, ("text/plain", b"A cat")]).unwrap(), original);
        let sources = pick_from(&[html, ("image/png", b"png")]).unwrap();
        assert!(matches!(&sources[0], Source::Bytes { .. }), "{sources:?}");
        let text: (&str, &[u8]) = ("text/html", b"<p>hello <img src=\"https://example.com/a.webp\"></p>");
        let error = pick_from(&[text, ("text/plain", b"hello")]).unwrap_err();
        assert_eq!(error.message, "The clipboard holds text, not a picture.");
    }

    #[test]
    fn a_picture_was_copied_when_it_is_neither_files_nor_a_document() {
        let is_picture = |forms: &[&str]| {
            super::is_picture(&forms.iter().map(|form| (*form).to_owned()).collect::<Vec<_>>())
        };
        assert!(is_picture(&["TARGETS", "image/png"]));
        // As browsers copy one: its page and its address beside it.
        assert!(is_picture(&["text/html", "image/PNG", "text/plain"]));
        assert!(is_picture(&["image/bmp"]));
        assert!(!is_picture(&["text/plain", "text/html"]));
        assert!(!is_picture(&["text/uri-list", "image/png"]));
        assert!(!is_picture(&["text/rtf", "text/plain", "image/png"]));
        assert!(!is_picture(&[]));
    }

    #[test]
    fn the_addresses_of_pictures_are_fetched() {
        let sources =
            pick_from(&[("UTF8_STRING", b" https://example.com/a.png \nhttps://example.com/b.png\n")]);
        assert_eq!(
            sources.unwrap(),
            [
                Source::Url { url: "https://example.com/a.png".into() },
                Source::Url { url: "https://example.com/b.png".into() }
            ]
        );
    }

    #[test]
    fn what_is_no_picture_is_named() {
        let message = |forms: &[(&'static str, &'static [u8])]| pick_from(forms).unwrap_err().message;
        assert_eq!(message(&[]), "The clipboard is empty.");
        assert_eq!(message(&[("UTF8_STRING", b"  \n ")]), "The clipboard is empty.");
        assert_eq!(message(&[("UTF8_STRING", b"hello")]), "The clipboard holds text, not a picture.");
        assert_eq!(
            message(&[("UTF8_STRING", b"see https://example.com/a.png")]),
            "The clipboard holds text, not a picture."
        );
        assert_eq!(
            message(&[("application/x-color", b"1")]),
            "The clipboard holds something that is not a picture."
        );
    }
}
