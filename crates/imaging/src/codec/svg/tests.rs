use super::*;
use crate::cancel::Cancel;
use crate::limits::Limits;
use image::GenericImageView;
use proptest::prelude::*;

fn decoded_at(text: &str, at_least: Option<(u32, u32)>) -> Result<Raster> {
    let cancel = Cancel::new();
    let limits = Limits::default();
    decode(
        text.as_bytes(),
        &DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least },
    )
}

fn decoded(text: &str) -> Result<Raster> {
    decoded_at(text, None)
}

fn svg(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20">{inside}</svg>"#
    )
}

fn found(inside: &str) -> String {
    let error = refuse_scripts(svg(inside).as_bytes()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported, "{error:?}");
    assert!(error.hint.as_deref().unwrap().contains("plain SVG"));
    error.params["found"].clone()
}

#[test]
fn shapes_are_drawn_as_large_as_a_thumbnail() {
    let raster = decoded(&svg(r##"<rect width="20" height="20" fill="#f00"/>"##)).unwrap();
    assert_eq!(raster.pixels.dimensions(), (320, 160));
    assert_eq!(raster.pixels.get_pixel(80, 80).0, [255, 0, 0, 255]);
    assert_eq!(raster.pixels.get_pixel(240, 80).0[3], 0, "the rest lets through");
}

#[test]
fn a_size_that_is_asked_for_is_covered_within_bounds() {
    let picture = svg("");
    assert_eq!(decoded_at(&picture, Some((100, 80))).unwrap().pixels.dimensions(), (160, 80));
    assert_eq!(decoded_at(&picture, Some((90_000, 2))).unwrap().pixels.dimensions(), (4096, 2048));
    let thin = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1"/>"#;
    assert_eq!(decoded(thin).unwrap().pixels.dimensions(), (320, 1));
}

#[test]
fn what_may_stand_before_the_picture_may_stand_there() {
    let text = format!(
        "\u{feff}\n<?xml version=\"1.0\"?>\n<!-- <b> -->\n<!DOCTYPE svg [<!ENTITY a \"b\">]>{}",
        svg("<desc>&a;</desc>")
    );
    decoded(&text).unwrap();
    refuse_scripts(text.as_bytes()).unwrap();
}

#[test]
fn files_of_this_computer_are_not_read() {
    let folder = std::env::temp_dir();
    let inner = folder.join(format!("picferry-svg-{}.svg", std::process::id()));
    std::fs::write(&inner, svg(r#"<rect width="40" height="20" fill="red"/>"#)).unwrap();
    for href in [inner.display().to_string(), format!("file://{}", inner.display())] {
        let raster =
            decoded(&svg(&format!(r#"<image xlink:href="{href}" width="40" height="20"/>"#))).unwrap();
        assert!(raster.pixels.to_rgba8().pixels().all(|pixel| pixel.0[3] == 0), "{href}");
    }
    std::fs::remove_file(inner).unwrap();
}

#[test]
fn bombs_are_refused_at_once() {
    let mut laughs = String::from("<!DOCTYPE svg [<!ENTITY a0 \"ha\">");
    for level in 1..12 {
        let inner = format!("&a{};", level - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
    }
    laughs.push_str(&format!("]>{}", svg("<desc>&a11;</desc>")));
    let quadratic = format!(
        "<!DOCTYPE svg [<!ENTITY a \"{}\">]>{}",
        "x".repeat(1 << 20),
        svg(&format!("<desc>{}</desc>", "&a;".repeat(1000)))
    );
    let itself =
        format!("<!DOCTYPE svg [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>{}", svg("<desc>&a;</desc>"));
    let deep = svg(&format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000)));
    let mut doubled = String::from(r#"<g id="u0"><rect width="1" height="1"/></g>"#);
    let mut painted =
        String::from(r#"<pattern id="p0" width="1" height="1"><rect width="1" height="1"/></pattern>"#);
    for level in 1..30 {
        let before = level - 1;
        let uses = format!(r##"<use xlink:href="#u{before}"/>"##).repeat(2);
        doubled.push_str(&format!(r#"<g id="u{level}">{uses}</g>"#));
        let fills = format!(r#"<rect width="1" height="1" fill="url(#p{before})"/>"#).repeat(2);
        painted.push_str(&format!(r#"<pattern id="p{level}" width="1" height="1">{fills}</pattern>"#));
    }
    let octaves = svg(
        r##"<filter id="f"><feTurbulence numOctaves="1000000000"/></filter><rect width="9" height="9" filter="url(#f)"/>"##,
    );
    let styled =
        svg(&format!(r#"<style>rect {{ fill: url(#p29) }}</style>{painted}<rect width="9" height="9"/>"#));
    let painted = svg(&format!(r#"{painted}<rect width="9" height="9" fill="url(#p29)"/>"#));
    let all = [laughs, quadratic, itself, deep, svg(&doubled), painted, styled, octaves];
    for (index, bomb) in all.iter().enumerate() {
        let error = decoded(bomb).unwrap_err();
        assert!(
            matches!(error.code, ErrorCode::Unsupported | ErrorCode::DamagedPicture),
            "{index}: {error:?}"
        );
    }
}

#[test]
fn references_in_a_circle_end() {
    let circle = svg(
        r##"<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g><pattern id="p" width="1" height="1"><rect width="1" height="1" fill="url(#p)"/></pattern><rect width="3" height="3" fill="url(#p)"/>"##,
    );
    // Drawn or refused: it ends.
    let _ = decoded(&circle);
}

#[test]
fn a_usual_drawing_is_not_too_intricate() {
    let many = format!(
        r#"<style>.a{{fill:url(#g)}}</style><linearGradient id="g"><stop offset="0"/><stop offset="1" stop-color="red"/></linearGradient>{}"#,
        r#"<g><path class="a" d="M0 0h4v4z"/></g>"#.repeat(5000)
    );
    decoded(&svg(&many)).unwrap();
}

#[test]
fn scripts_are_found_however_they_are_written() {
    assert!(found("<script>alert(1)</script>").contains("<script>"));
    assert!(found(r#"<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>"#).contains("script"));
    assert!(found(r#"<rect onclick="alert(1)"/>"#).contains("onclick"));
    assert!(found(r#"<rect ONLOAD="alert(1)"/>"#).contains("ONLOAD"));
    assert!(found(r#"<a xlink:href="javascript:alert(1)"/>"#).contains("script link (href)"));
    assert!(found("<a href=\" java&#10;script&#9;:alert(1)\"/>").contains("script link"));
}

#[test]
fn pages_inside_are_found() {
    assert!(
        found(
            r#"<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script/></body></foreignObject>"#
        )
        .contains("in <foreignObject>")
    );
    assert!(
        found(r#"<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="x"/></foreignObject>"#)
            .contains("iframe")
    );
    assert!(found(r#"<a href="data:text/html,x"/>"#).contains("page"));
    assert!(found(r#"<set attributeName="href" to="javascript:alert(1)"/>"#).contains("script link (to)"));
    assert!(
        found(r##"<animate attributeName="href" values="#a;javascript:alert(1)"/>"##)
            .contains("script link (values)")
    );
}

#[test]
fn entities_from_elsewhere_are_found() {
    for entity in [
        r#"<!ENTITY e SYSTEM "file:///etc/passwd">"#,
        r#"<!ENTITY e PUBLIC "x" "y">"#,
        r#"<!ENTITY % e SYSTEM 'x'>"#,
        r#"<!-- ]> --><!ENTITY a "]>"><!ENTITY e SYSTEM "x">"#,
    ] {
        let text = format!("<!DOCTYPE svg [{entity}]>{}", svg(""));
        let error = refuse_scripts(text.as_bytes()).unwrap_err();
        assert!(error.message.contains("external entity"), "{entity}: {error:?}");
    }
    // Text of its own is fine, and so is a script that such text hides: it is seen.
    let hidden = format!("<!DOCTYPE svg [<!ENTITY s \"<script/>\">]>{}", svg("&s;"));
    assert!(refuse_scripts(hidden.as_bytes()).unwrap_err().message.contains("script"));
}

#[test]
fn encodings_and_transforms_that_hide_scripts_are_refused() {
    for start in [
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
        "<?xml version='1.0' encoding = 'iso-2022-jp'?>",
        "<?xml-stylesheet type=\"text/xsl\" href=\"#x\"?>",
    ] {
        let error = refuse_scripts(format!("{start}{}", svg("")).as_bytes()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unsupported, "{start}");
    }
    let latin =
        [b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".as_slice(), svg("<desc>caf</desc>").as_bytes()]
            .concat();
    refuse_scripts(&latin).unwrap();
}

#[test]
fn plain_pictures_pass() {
    for inside in [
        r#"<rect width="3" height="3" style="fill:red"/>"#,
        r#"<style>rect{fill:blue}</style><text>javascript: on click</text>"#,
        r##"<a href="https://pictures.example/"><use xlink:href="#a"/></a>"##,
        r#"<image href="data:image/png;base64,AAAA" width="1" height="1"/>"#,
        r#"<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">words</p></foreignObject>"#,
        r#"<animate attributeName="x" values="1;2;3"/>"#,
        r#"<g xmlns:editor="http://editor.example" editor:onlyVisible="yes"/>"#,
    ] {
        refuse_scripts(svg(inside).as_bytes()).unwrap_or_else(|error| panic!("{inside}: {error:?}"));
    }
    let public = format!(
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">{}",
        svg("")
    );
    refuse_scripts(public.as_bytes()).unwrap();
}

#[test]
fn what_is_no_xml_is_damaged() {
    for text in ["<svg", "<svg><g></svg>", "", "<svg xmlns=\"http://www.w3.org/2000/svg\"><a b=\"c></svg>"] {
        assert_eq!(refuse_scripts(text.as_bytes()).unwrap_err().code, ErrorCode::DamagedPicture, "{text}");
        assert_eq!(decoded(text).unwrap_err().code, ErrorCode::DamagedPicture, "{text}");
    }
}

#[test]
fn words_are_drawn() {
    let raster = decoded(&svg(r#"<text x="2" y="15" font-size="12">Abc</text>"#)).unwrap();
    let has_fonts = fonts::fonts().faces().next().is_some();
    let is_drawn = raster.pixels.to_rgba8().pixels().any(|pixel| pixel.0[3] > 200);
    assert_eq!(is_drawn, has_fonts);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_panics_on_changed_text(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = include_bytes!("../../../assets/sample.svg").to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = refuse_scripts(&bytes);
        let cancel = Cancel::new();
        let limits = Limits::default();
        let _ = decode(&bytes, &DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: Some((64, 64)) });
    }

    #[test]
    fn no_document_type_is_too_strange(inside in "[<>!\\[\\]'\"&;a-zA-Z% -]{0,120}") {
        let _ = refuse_scripts(format!("<!DOCTYPE svg [{inside}]>{}", svg("&a;")).as_bytes());
    }
}
