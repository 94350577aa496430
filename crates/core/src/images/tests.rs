use super::*;
use crate::ErrorCode;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn options(fields: &[(&str, &str)]) -> ImageOptions {
    ImageOptions::of_fields(&map(fields)).unwrap()
}

fn map(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_profile_without_image_fields_does_what_the_default_does() {
    assert_eq!(options(&[]), ImageOptions::default());
}

#[test]
fn every_default_of_a_field_can_be_read() {
    for spec in IMAGE_FIELDS {
        if !spec.default.is_empty() {
            assert_eq!(options(&[(spec.key, spec.default)]), ImageOptions::default(), "{}", spec.key);
        }
    }
}

#[test]
fn every_choice_of_a_field_can_be_read() {
    for spec in IMAGE_FIELDS {
        for choice in spec.choices {
            let fields = map(&[(spec.key, choice.value), ("image_max_kb", "300"), ("watermark", "words")]);
            assert!(ImageOptions::of_fields(&fields).is_ok(), "{} = {}", spec.key, choice.value);
        }
    }
}

#[test]
fn a_value_that_means_nothing_names_its_field_and_what_it_takes() {
    let wrong = [
        ("image_format", "bmp"),
        ("image_quality", "101"),
        ("image_quality", "high"),
        ("image_long_edge", "0"),
        ("image_long_edge", "-5"),
        ("image_percent", "250"),
        ("image_crop", "1,2,3"),
        ("image_crop", "0,0,0,10"),
        ("image_convert", "png"),
        ("image_convert", "photo=webp"),
        ("metadata", "burn"),
        ("image_allow_damaged", "yes"),
    ];
    for (key, value) in wrong {
        let error = ImageOptions::of_fields(&map(&[(key, value)])).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidField, "{key} = {value}");
        assert_eq!(error.field.as_deref(), Some(key), "{key} = {value}");
        assert!(error.hint.is_some(), "{key} = {value}");
    }
}

#[test]
fn a_size_to_aim_for_has_to_be_given() {
    let error = ImageOptions::of_fields(&map(&[("image_aim", "size")])).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("image_max_kb"));
    assert_eq!(options(&[("image_aim", "size"), ("image_max_kb", "300")]).aim, Aim::Bytes(300_000));
}

#[test]
fn what_a_file_was_chooses_what_it_becomes() {
    let options = options(&[("image_format", "keep"), ("image_convert", "png=webp; bmp = png, tif=auto")]);
    assert_eq!(options.rule_for(PictureFormat::Png), FormatRule::To(TargetFormat::Webp));
    assert_eq!(options.rule_for(PictureFormat::Bmp), FormatRule::To(TargetFormat::Png));
    assert_eq!(options.rule_for(PictureFormat::Tiff), FormatRule::Automatic);
    assert_eq!(options.rule_for(PictureFormat::Jpeg), FormatRule::Keep);
}

#[test]
fn formats_extensions_small_files_and_animations_can_be_left_as_they_are() {
    let options = options(&[("image_skip", "gif, *.PSD .raw animation"), ("image_skip_below_kb", "40")]);
    assert!(options.skips(PictureFormat::Gif, "png", 90_000, false));
    assert!(options.skips(PictureFormat::Png, "psd", 90_000, false));
    assert!(options.skips(PictureFormat::Png, "RAW", 90_000, false));
    assert!(options.skips(PictureFormat::Webp, "webp", 90_000, true));
    assert!(options.skips(PictureFormat::Png, "png", 39_999, false));
    assert!(!options.skips(PictureFormat::Png, "png", 40_000, false));
}

#[test]
fn a_watermark_is_words_or_a_picture() {
    let content = |text| options(&[("watermark", text)]).watermark.unwrap().content;
    assert_eq!(content("© 示例"), WatermarkContent::Text("© 示例".into()));
    for path in ["/home/me/logo.png", "~/logo.png", "C:\\logo.png", "\\\\server\\logo.png"] {
        assert_eq!(content(path), WatermarkContent::Picture(path.into()));
    }
    let tiled = options(&[("watermark", "x"), ("watermark_position", "tiled")]).watermark.unwrap();
    assert!(tiled.tiled);
}

#[test]
fn readers_who_know_a_format_know_the_older_ones() {
    assert!(!Newest::JpegPng.allows(TargetFormat::Webp));
    assert!(Newest::Webp.allows(TargetFormat::Webp) && !Newest::Webp.allows(TargetFormat::Avif));
    assert!(TargetFormat::ALL.into_iter().all(|format| Newest::Avif.allows(format)));
}

proptest! {
    #[test]
    fn a_size_never_grows_never_vanishes_and_keeps_its_limits(
        width in 1_u32..70_000, height in 1_u32..70_000,
        long_edge in proptest::option::of(1_u32..5000),
        max_width in proptest::option::of(1_u32..5000),
        max_height in proptest::option::of(1_u32..5000),
        percent in proptest::option::of(1.0_f32..100.0),
    ) {
        let resize = Resize { long_edge, max_width, max_height, percent };
        let (across, down) = resize.apply(width, height);
        prop_assert!((1..=width).contains(&across) && (1..=height).contains(&down));
        prop_assert!(long_edge.is_none_or(|edge| across.max(down) <= edge));
        prop_assert!(max_width.is_none_or(|most| across <= most));
        prop_assert!(max_height.is_none_or(|most| down <= most));
    }
}
