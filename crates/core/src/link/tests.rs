//! Stories of links: what is pasted must mean what was meant.

use super::*;
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

const NASTY_URL: &str = "https://img.example.com/a%20b%2Bc%25%E4%B8%AD%E6%96%87%281%29%23%3F%26%3D.png";

fn context<'a>(url: &'a str, alt: &'a str) -> LinkContext<'a> {
    LinkContext {
        url,
        name: "harbour.png",
        alt,
        width: Some(640),
        height: Some(480),
        key: "2026/11/harbour.png",
        size: 12_345,
    }
}

fn custom(name: &str, template: &str) -> CustomLinkFormat {
    CustomLinkFormat { name: name.into(), template: template.into() }
}

/// What a Markdown reader makes of a text: the pictures with address and alt text, and all other text.
fn read_markdown(text: &str) -> (Vec<(String, String)>, String) {
    let (mut pictures, mut alt, mut outside) = (Vec::new(), None::<(String, String)>, String::new());
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => alt = Some((dest_url.into_string(), String::new())),
            Event::End(TagEnd::Image) => pictures.extend(alt.take()),
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => {
                match &mut alt {
                    Some((_, alt)) => alt.push_str(&text),
                    None => outside.push_str(&text),
                }
            }
            _ => {}
        }
    }
    (pictures, outside)
}

#[test]
fn each_format_writes_the_same_picture_in_its_own_way() {
    let context = context("https://img.example.com/harbour.png", "Harbour at dawn");
    let render = |format: LinkFormat| format.render(&context, true);
    assert_eq!(render(LinkFormat::Url), "https://img.example.com/harbour.png");
    assert_eq!(render(LinkFormat::Markdown), "![Harbour at dawn](https://img.example.com/harbour.png)");
    assert_eq!(
        render(LinkFormat::Html),
        "<img src=\"https://img.example.com/harbour.png\" alt=\"Harbour at dawn\" width=\"640\" height=\"480\">"
    );
    assert_eq!(render(LinkFormat::Bbcode), "[img]https://img.example.com/harbour.png[/img]");
    let template = custom("Wiki", "[[{url}|{alt}|{name}|{width}x{height}|{key}|{size}]] {{x}}");
    assert_eq!(
        render(LinkFormat::Custom(template)),
        "[[https://img.example.com/harbour.png|Harbour at dawn|harbour.png|640x480|2026/11/harbour.png|12345]] {x}"
    );
}

#[test]
fn a_nasty_key_stays_one_link_in_markdown_encoded_or_readable() {
    let encoded = LinkFormat::Markdown.render(&context(NASTY_URL, "x"), true);
    assert_eq!(encoded, format!("![x]({NASTY_URL})"));
    let readable = LinkFormat::Markdown.render(&context(NASTY_URL, "x"), false);
    assert_eq!(readable, "![x](https://img.example.com/a%20b%2Bc%25中文%281%29%23%3F%26%3D.png)");
}

#[test]
fn an_address_with_parentheses_of_its_own_goes_between_angle_brackets() {
    let url = "https://img.example.com/a.png?x-oss-process=image/format(webp)&a=&copy;1";
    let link = LinkFormat::Markdown.render(&context(url, "x"), true);
    assert_eq!(read_markdown(&link).0, [(url.to_owned(), "x".to_owned())]);
}

#[test]
fn alt_text_cannot_end_the_link() {
    let alt = r"](http://evil) [a] \ `]` <b> *x* &lt; my_file _y_";
    let link = LinkFormat::Markdown.render(&context("https://x.example/a.png", alt), true);
    assert!(link.contains("my_file"), "an underscore inside a word stays readable: {link}");
    assert_eq!(read_markdown(&link), (vec![("https://x.example/a.png".into(), alt.into())], String::new()));
}

#[test]
fn html_attributes_cannot_be_closed_by_their_values() {
    let link = LinkFormat::Html.render(&context("https://x.example/a.png?a=1&b=\"><script>", "\"'<>&"), true);
    assert_eq!(
        link,
        "<img src=\"https://x.example/a.png?a=1&amp;b=%22%3E%3Cscript%3E\" \
         alt=\"&quot;&#39;&lt;&gt;&amp;\" width=\"640\" height=\"480\">"
    );
}

#[test]
fn a_picture_without_a_size_has_no_size_attributes() {
    let context = LinkContext { width: None, ..context("https://x.example/a.svg", "a") };
    assert_eq!(LinkFormat::Html.render(&context, true), "<img src=\"https://x.example/a.svg\" alt=\"a\">");
}

#[test]
fn bbcode_tags_inside_an_address_are_defused() {
    let link = LinkFormat::Bbcode.render(&context("https://x.example/[/img]", ""), true);
    assert_eq!(link, "[img]https://x.example/%5B/img%5D[/img]");
}

#[test]
fn without_alt_text_the_name_of_the_file_stands_in() {
    assert_eq!(
        LinkFormat::Markdown.render(&context("https://x.example/", " \n"), true),
        "![harbour](https://x.example/)"
    );
}

#[test]
fn names_find_formats_and_unknown_ones_are_listed() {
    let own = [custom("Obsidian 图", "![[{key}]]")];
    assert_eq!(LinkFormat::resolve("Markdown", &own).unwrap(), LinkFormat::Markdown);
    assert_eq!(LinkFormat::resolve("obsidian 图", &own).unwrap().name(), "Obsidian 图");
    let error = LinkFormat::resolve("latex", &own).unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.hint.as_deref(), Some("The known ones are url, markdown, html, bbcode, Obsidian 图."));
}

#[test]
fn a_custom_template_is_checked_before_it_is_used() {
    assert!(check_template("{url}").is_ok());
    let error = check_template("x {link}").unwrap_err();
    assert_eq!(error.message, "{link} at position 3 is not a known placeholder.");
    assert_eq!(
        error.hint.as_deref(),
        Some("The known ones are {url} {name} {alt} {width} {height} {key} {size}.")
    );
    let reason = |template| check_template(template).unwrap_err().params["reason"].clone();
    assert_eq!(reason(" "), "empty");
    assert_eq!(reason("picture"), "no_placeholder");
    assert_eq!(reason("{url:8}"), "argument");
    assert_eq!(reason("{url"), "unclosed");
    let damaged = [custom("x", "{nope}")];
    assert_eq!(LinkFormat::resolve("x", &damaged).unwrap_err().code, ErrorCode::InvalidTemplate);
}

proptest! {
    #[test]
    fn a_markdown_link_is_read_back_as_it_was_meant(alt in r"[ -~中é]{0,40}", key in "\\PC{1,40}", encoded: bool) {
        let url = crate::encode::join_url("https://img.example.com", &key);
        let shown = if encoded { url.clone() } else { readable_url(&url) };
        let link = LinkFormat::Markdown.render(&context(&url, &alt), encoded);
        let expected = context(&url, &alt).effective_alt();
        prop_assert_eq!(read_markdown(&link), (vec![(shown, expected)], String::new()));
    }

    #[test]
    fn any_address_and_any_alt_text_give_one_line_and_one_link(alt: String, url: String) {
        let link = LinkFormat::Markdown.render(&context(&url, &alt), true);
        prop_assert!(!link.contains(['\n', '\r']));
        prop_assert_eq!(read_markdown(&link).0.len(), 1, "{}", link);
    }

    #[test]
    fn a_key_survives_encoding_and_decoding(key: String) {
        let encoded = crate::encode::encode_key(&key);
        prop_assert!(encoded.is_ascii());
        let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap();
        prop_assert_eq!(decoded, key.as_str());
    }

    #[test]
    fn a_readable_address_means_the_same_as_the_encoded_one(key: String) {
        let url = crate::encode::join_url("https://img.example.com", &key);
        let readable = percent_encoding::percent_decode_str(&readable_url(&url)).decode_utf8().unwrap().into_owned();
        prop_assert_eq!(readable, format!("https://img.example.com/{key}"));
    }

    #[test]
    fn checking_and_filling_a_template_never_panics(template: String) {
        let _ = check_template(&template);
        let format = LinkFormat::Custom(custom("x", &template));
        let _ = format.render(&context(NASTY_URL, "x"), false);
    }
}
