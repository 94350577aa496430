//! Stories of keys: from a template and a picture to a key that every store takes.

use super::*;
use crate::clock::Random;
use crate::digest::{Digests, sha256_hex};
use crate::error::ErrorCode;
use bytes::Bytes;
use jiff::Zoned;
use proptest::prelude::*;
use unicode_normalization::is_nfc;

/// Counts up, so that what is random in life is known in tests.
struct Counting;

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for (index, byte) in buffer.iter_mut().enumerate() {
            *byte = u8::try_from(index).unwrap_or(u8::MAX);
        }
    }
}

fn render_with(template: &str, change: impl FnOnce(&mut NameContext<'_>)) -> String {
    let now: Zoned = "2026-03-04T05:06:07.089+08:00[Asia/Shanghai]".parse().unwrap();
    let digests = Digests::of(Bytes::from_static(b"picture"));
    let mut context = NameContext {
        now: &now,
        name: "Harbour at Dawn",
        extension: "jpg",
        digests: &digests,
        width: Some(640),
        height: Some(480),
        folder: "",
        random: &Counting,
    };
    change(&mut context);
    KeyTemplate::parse(template).unwrap().render(&context).unwrap()
}

fn render(template: &str) -> String {
    render_with(template, |_| {})
}

fn named(template: &str, name: &'static str) -> String {
    render_with(template, |context| context.name = name)
}

#[test]
fn every_placeholder_has_its_value() {
    let mut lines = String::new();
    for (placeholder, help) in PLACEHOLDERS {
        let key = render_with(placeholder, |context| context.folder = "trip/day 1");
        lines.push_str(&format!("{placeholder} {key}\n"));
        assert!(!help.en.is_empty() && !help.zh_cn.is_empty());
    }
    insta::assert_snapshot!(lines, @"
    {year} 2026
    {month} 03
    {day} 04
    {hour} 05
    {minute} 06
    {second} 07
    {ms} 089
    {timestamp} 1772571967
    {name} Harbour at Dawn
    {name:slug} harbour-at-dawn
    {ext} jpg
    {hash:12} 2cea274d0bed
    {md5} 5456fc54c74a297ce994998c2873b370
    {sha1} 0e66b49d04a43c19bcb2e13a53aff5d174f610fc
    {sha256} 2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97
    {uuid} 00010203-0405-4607-8809-0a0b0c0d0e0f
    {random:6} gggggg
    {width} 640
    {height} 480
    {folder} trip/day 1
    ");
}

#[test]
fn the_default_template_names_by_month_and_content() {
    let key = render(crate::profile::DEFAULT_KEY_TEMPLATE);
    assert_eq!(key, format!("2026/03/{}.jpg", &sha256_hex(b"picture")[..12]));
}

#[test]
fn numbers_choose_how_many_characters() {
    assert_eq!(render("{hash:64}").len(), 64);
    assert_eq!(render("{hash:1}").len(), 1);
    assert_eq!(render("{hash}").len(), 12);
    assert_eq!(render("{random:20}").len(), 20);
    assert_eq!(render("{random}").len(), 6);
}

#[test]
fn doubled_braces_are_braces() {
    assert_eq!(render("{{{name}}}.{ext}"), "{Harbour at Dawn}.jpg");
}

#[test]
fn a_name_never_makes_folders_but_the_folder_does() {
    assert_eq!(named("{name}.{ext}", "a/b\\c"), "a-b-c.jpg");
    assert_eq!(named("{name}/{hash:4}", "../.."), format!("picture/{}", render("{hash:4}")));
    let key = render_with("{folder}/{name}.{ext}", |context| context.folder = r"trip\day 1/../..");
    assert_eq!(key, "trip/day 1/Harbour at Dawn.jpg");
    assert_eq!(render("{folder}/{name}.{ext}"), "Harbour at Dawn.jpg");
}

#[test]
fn a_picture_without_a_name_or_an_extension_still_gets_a_key() {
    assert_eq!(named("{name}.{ext}", " "), "picture.jpg");
    assert_eq!(named("{name:slug}.{ext}", "……"), "picture.jpg");
    assert_eq!(render_with("{name}.{ext}", |context| context.extension = ""), "Harbour at Dawn");
}

#[test]
fn slugs_are_plain_words_for_addresses() {
    assert_eq!(named("{name:slug}", "  Résumé — Große Fähre (1).final "), "resume-grosse-fahre-1-final");
    assert_eq!(named("{name:slug}", "截图2026-11-22 下午3点"), "jie-tu-2026-11-22-xia-wu-3-dian");
    assert_eq!(named("{name:slug}", "Ｆｕｌｌ＿Ｗｉｄｔｈ"), "full-width");
    assert_eq!(named("{name:slug}", "Привет мир"), "привет-мир");
    assert_eq!(named("{name:slug}", "女儿 🎉 绿"), "nv-er-lv");
}

#[test]
fn the_nasty_key_keeps_everything_but_what_files_cannot_be_called() {
    assert_eq!(safe_key("a b+c%中文(1)#?&=.png").unwrap(), "a b+c%中文(1)#-&=.png");
    assert_eq!(safe_key("family 👨‍👩‍👧‍👦 ❤️.png").unwrap(), "family 👨‍👩‍👧‍👦 ❤️.png");
}

#[test]
fn a_name_from_macos_and_the_same_name_from_elsewhere_agree() {
    assert_eq!(safe_key("Cafe\u{301}.png").unwrap(), "Café.png");
    assert_eq!(safe_key("Café.png").unwrap(), "Café.png");
}

#[test]
fn nothing_climbs_out_of_the_bucket() {
    assert_eq!(safe_key("/../a/./..//b\\..\\c.png").unwrap(), "a/b/c.png");
    assert_eq!(safe_key("a/ . / .. /b.png").unwrap(), "a/b.png");
    assert_eq!(safe_key("...hidden.png").unwrap(), "...hidden.png");
}

#[test]
fn what_cannot_be_seen_or_sent_is_removed() {
    assert_eq!(safe_key("a\u{0}b\tc\u{7f}\u{85}\u{202e}gnp\u{fffe}.png").unwrap(), "abcgnp.png");
    assert_eq!(safe_key("e\u{0}\u{301}.png").unwrap(), "é.png");
}

#[test]
fn names_that_windows_cannot_keep_are_changed() {
    assert_eq!(safe_key(r#"a<b>c:d"e|f?g*h.png"#).unwrap(), "a-b-c-d-e-f-g-h.png");
    assert_eq!(
        safe_key("CON/aux.txt/com1 .png/console.png").unwrap(),
        "_CON/_aux.txt/_com1 .png/console.png"
    );
    assert_eq!(safe_key("folder. . /a.png. ").unwrap(), "folder/a.png");
}

#[test]
fn a_long_name_is_cut_between_characters_and_keeps_its_extension() {
    let key = safe_key(&format!("{}.png", "船".repeat(400))).unwrap();
    assert!(key.len() <= MAX_SEGMENT_BYTES && key.ends_with("船.png"), "{key}");
    let family = safe_key(&format!("{}.jpeg", "👨‍👩‍👧‍👦".repeat(40))).unwrap();
    assert!(family.ends_with("👨‍👩‍👧‍👦.jpeg"), "a family is not torn apart: {family}");
}

#[test]
fn a_deep_key_loses_its_deepest_folders_not_its_name() {
    let key = safe_key(&format!("{}/name.png", vec!["f".repeat(99); 20].join("/"))).unwrap();
    assert_eq!(key.len(), 10 * 100 + "name.png".len());
    assert!(key.ends_with("/name.png"));
}

#[test]
fn cutting_does_not_bring_a_device_name_forth() {
    let key = safe_key(&format!("con{}x.png", " ".repeat(300))).unwrap();
    assert_eq!(key, "_con.png");
}

#[test]
fn nothing_left_is_an_error_that_says_what_to_do() {
    let error = safe_key(" /../.\u{0}/ ").unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidTemplate);
    assert!(error.hint.is_some());
}

#[test]
fn a_taken_key_gets_a_number_before_its_extension() {
    assert_eq!(numbered_key("a/b.png", 1), "a/b-1.png");
    assert_eq!(numbered_key("a.b/c", 2), "a.b/c-2");
    assert_eq!(numbered_key(".png", 3), ".png-3");
    let long = safe_key(&format!("{}.png", "a".repeat(300))).unwrap();
    let numbered = numbered_key(&long, 12);
    assert!(numbered.len() <= MAX_SEGMENT_BYTES && numbered.ends_with("a-12.png"));
}

#[test]
fn a_template_that_cannot_be_read_says_where_and_what_is_known() {
    let error = KeyTemplate::parse("{year}/{counter}.{ext}").unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidTemplate);
    assert_eq!(error.field.as_deref(), Some("key_template"));
    assert_eq!(error.message, "{counter} at position 8 is not a known placeholder.");
    assert!(error.hint.as_deref().unwrap().contains("{hash:N}"));
    let reason = |template| KeyTemplate::parse(template).unwrap_err().params["reason"].clone();
    assert_eq!(reason(""), "empty");
    assert_eq!(reason("{year}/"), "no_file_name");
    assert_eq!(reason("{hash:0}"), "argument");
    assert_eq!(reason("{hash:65}"), "argument");
    assert_eq!(reason("{hash:+8}"), "argument");
    assert_eq!(reason("{name:upper}"), "argument");
    assert_eq!(reason("{year:2}"), "argument");
    assert_eq!(reason("{}"), "unknown");
    assert_eq!(reason("{name"), "unclosed");
    assert_eq!(reason("name}"), "stray");
}

#[test]
fn every_offered_placeholder_can_be_read() {
    for (placeholder, _) in PLACEHOLDERS {
        KeyTemplate::parse(placeholder).unwrap();
    }
}

#[test]
fn a_long_enough_digest_makes_a_key_follow_from_the_content() {
    let follows = |template| KeyTemplate::parse(template).unwrap().is_content_addressed();
    assert!(follows("{year}/{hash:8}.{ext}") && follows("{md5}") && follows("{sha1}") && follows("{sha256}"));
    assert!(!follows("{hash:7}") && !follows("{name}-{uuid}.{ext}"));
}

/// Any text, and texts made of what is hard.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a.<>:?*/\\\\ con\u{301}\u{200d}👨]{0,600}", "\\PC{200,600}"]
}

proptest! {
    #[test]
    fn a_safe_key_is_valid_and_its_own_safe_key(raw in any_name()) {
        if let Ok(key) = safe_key(&raw) {
            prop_assert!(is_valid(&key), "{key:?}");
            prop_assert_eq!(&safe_key(&key).unwrap(), &key);
            let numbered = numbered_key(&key, 7);
            prop_assert!(is_valid(&numbered), "{numbered:?}");
            prop_assert_eq!(safe_key(&numbered).unwrap(), numbered);
        }
    }

    #[test]
    fn reading_a_template_never_panics(template in "[{}:/\\\\a-z0-9 中]{0,60}") {
        let _ = KeyTemplate::parse(&template);
    }

    #[test]
    fn whatever_the_file_is_called_the_key_is_valid(name: String, folder: String, extension: String) {
        let now: Zoned = "2026-03-04T05:06:07Z[UTC]".parse().unwrap();
        let digests = Digests::of(Bytes::new());
        let context = NameContext {
            now: &now, name: &name, extension: &extension, digests: &digests,
            width: None, height: None, folder: &folder, random: &Counting,
        };
        let key = KeyTemplate::parse("{folder}/{name}-{name:slug}.{ext}").unwrap().render(&context).unwrap();
        prop_assert!(is_valid(&key), "{key:?}");
    }
}

fn is_valid(key: &str) -> bool {
    let is_segment_valid = |segment: &str| {
        !segment.is_empty() && segment.len() <= MAX_SEGMENT_BYTES && !segment.ends_with(['.', ' '])
    };
    key.len() <= MAX_KEY_BYTES
        && is_nfc(key)
        && key.split('/').all(is_segment_valid)
        && !key.contains(|character: char| character.is_control() || r#"\<>:"|?*"#.contains(character))
}
