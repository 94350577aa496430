//! Metadata that is to stay: all of it, or all but what is private.

use crate::pictures::{encoded, fixture, photo, prepared};
use exif::{Exif, In, Tag};
use image::ImageFormat;
use picferry_core::images::{FormatRule, MetadataRule, Resize, SkipRules, TargetFormat};
use picferry_imaging::{Change, Prepared, metadata_report, sample_picture};
use std::io::Cursor;
#[cfg(target_os = "linux")]
use std::{
    io::Write,
    process::{Command, Stdio},
};

fn exif(bytes: &[u8]) -> Option<Exif> {
    exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()
}

fn has(bytes: &[u8], tag: Tag) -> bool {
    exif(bytes).is_some_and(|exif| exif.get_field(tag, In::PRIMARY).is_some())
}

/// A file whose pixels stay.
fn left_alone(bytes: &[u8], rule: MetadataRule) -> Prepared {
    prepared(bytes, |options| {
        options.images.metadata = rule;
        options.images.skip = SkipRules { below_bytes: u64::MAX, ..SkipRules::default() };
    })
}

/// A new file, smaller and in another format.
fn written_anew(bytes: &[u8], rule: MetadataRule, target: TargetFormat) -> Prepared {
    prepared(bytes, |options| {
        options.images.metadata = rule;
        options.images.format = FormatRule::To(target);
        options.images.resize = Resize { percent: Some(50.0), ..Resize::default() };
    })
}

#[test]
fn private_takes_the_place_and_leaves_the_camera() {
    for name in ["full.jpg", "full.png", "full.webp", "full.avif", "full.heic"] {
        assert!(has(fixture(name), Tag::GPSLatitude), "{name} has a place to lose");
        let after = left_alone(fixture(name), MetadataRule::Private);
        assert!(!has(&after.bytes, Tag::GPSLatitude), "{name}");
        assert!(has(&after.bytes, Tag::Make), "{name} keeps its camera");
        assert!(!after.bytes.windows(13).any(|window| window == b"SECRETCREATOR"), "{name}");
        assert!(!after.bytes.windows(13).any(|window| window == b"SECRETKEYWORD"), "{name}");
        let again = left_alone(&after.bytes, MetadataRule::Private);
        assert_eq!(again.bytes, after.bytes, "{name}: twice is once");
    }
}

#[test]
fn a_new_file_carries_what_is_to_stay_and_is_upright() {
    let turned = crate::pictures::turned_jpeg(6);
    for target in TargetFormat::ALL {
        let kept = written_anew(&turned, MetadataRule::Keep, target);
        assert!(!kept.changed.contains(&Change::MetadataNotCarried), "{target:?}");
        let read = exif(&kept.bytes).unwrap_or_else(|| panic!("{target:?} has no EXIF"));
        let orientation = read.get_field(Tag::Orientation, In::PRIMARY).unwrap();
        assert_eq!(orientation.value.get_uint(0), Some(1), "{target:?}");
        assert!(read.get_field(Tag::Make, In::PRIMARY).is_some(), "{target:?}");
        assert!(read.get_field(Tag::GPSLatitudeRef, In::PRIMARY).is_some(), "{target:?}");
        assert_eq!((kept.info.width, kept.info.height), (Some(16), Some(24)), "{target:?}");

        let private = written_anew(&turned, MetadataRule::Private, target);
        assert!(has(&private.bytes, Tag::Make), "{target:?}");
        assert!(!has(&private.bytes, Tag::GPSLatitudeRef), "{target:?}");

        let stripped = written_anew(&turned, MetadataRule::Strip, target);
        assert!(exif(&stripped.bytes).is_none(), "{target:?}");
        assert!(stripped.changed.iter().any(|change| matches!(change, Change::MetadataRemoved { .. })));
    }
}

#[test]
fn xmp_comes_along_and_is_made_less() {
    let xmp = br#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="SECRET"><dc:title>Harbour</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"#;
    let payload = [b"http://ns.adobe.com/xap/1.0/\0", &xmp[..]].concat();
    let jpeg = crate::pictures::with_segment(&encoded(&photo(96, 64), ImageFormat::Jpeg), 0xe1, &payload);
    let contains = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    for target in TargetFormat::ALL {
        let private = written_anew(&jpeg, MetadataRule::Private, target);
        assert!(contains(&private.bytes, "Harbour") && !contains(&private.bytes, "SECRET"), "{target:?}");
        let kept = written_anew(&jpeg, MetadataRule::Keep, target);
        assert!(contains(&kept.bytes, "Harbour") && contains(&kept.bytes, "SECRET"), "{target:?}");
    }
}

/// A field of IPTC with words.
fn field(number: u8, words: &str) -> Vec<u8> {
    let length = u16::try_from(words.len()).unwrap().to_be_bytes();
    [&[0x1c, 2, number], &length[..], words.as_bytes()].concat()
}

#[test]
fn a_caption_and_a_copyright_stay_while_the_place_goes() {
    let records =
        [field(120, "Ferries at noon"), field(90, "SECRETCITY"), field(116, "Harbour office")].concat();
    let length = u32::try_from(records.len()).unwrap().to_be_bytes();
    let filler: &[u8] = if records.len() % 2 == 1 { &[0] } else { &[] };
    let payload = [b"Photoshop 3.0\x008BIM\x04\x04\0\0", &length[..], &records, filler].concat();
    let jpeg = crate::pictures::with_segment(&encoded(&photo(96, 64), ImageFormat::Jpeg), 0xed, &payload);
    let contains = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let check = |after: &Prepared, what: &str| {
        for (text, stays) in [("Ferries at noon", true), ("Harbour office", true), ("SECRETCITY", false)] {
            assert_eq!(contains(&after.bytes, text), stays, "{what}: {text}");
        }
        assert!(!after.changed.contains(&Change::MetadataNotCarried), "{what}");
    };
    let same = left_alone(&jpeg, MetadataRule::Private);
    check(&same, "the same file");
    assert_eq!(left_alone(&same.bytes, MetadataRule::Private).bytes, same.bytes, "twice is once");
    for target in TargetFormat::ALL {
        check(&written_anew(&jpeg, MetadataRule::Private, target), &format!("{target:?}"));
    }
    assert!(contains(&left_alone(&jpeg, MetadataRule::Keep).bytes, "SECRETCITY"));
    assert!(!contains(&left_alone(&jpeg, MetadataRule::Strip).bytes, "Ferries"));
}

#[test]
fn files_with_metadata_put_in_can_still_be_decoded() {
    for target in [TargetFormat::Jpeg, TargetFormat::Png, TargetFormat::Webp] {
        let kept = written_anew(sample_picture(), MetadataRule::Keep, target);
        let read = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!(Some(read.width()), kept.info.width, "{target:?}");
    }
    // The offsets of an AVIF file moved with its tables: it decodes, and to the same pixels.
    let kept = written_anew(sample_picture(), MetadataRule::Keep, TargetFormat::Avif);
    let bare = written_anew(sample_picture(), MetadataRule::Strip, TargetFormat::Avif);
    let shown = |bytes: &[u8]| {
        let png = prepared(bytes, |options| options.images.format = FormatRule::To(TargetFormat::Png));
        image::load_from_memory(&png.bytes).unwrap()
    };
    assert_eq!(shown(&kept.bytes), shown(&bare.bytes));
    assert!(kept.bytes.len() > bare.bytes.len());
}

#[test]
fn the_report_says_what_the_picture_tells() {
    let report = metadata_report(sample_picture()).unwrap();
    let (latitude, longitude) = report.position.unwrap();
    assert!((latitude - 54.5).abs() < 0.001 && (5.0..15.0).contains(&longitude), "{report:?}");
    assert!(report.camera.unwrap().contains("Harbour camera"));
    assert_eq!(metadata_report(&encoded(&photo(9, 9), ImageFormat::Png)).unwrap(), Default::default());
    let wide = metadata_report(fixture("full.png")).unwrap();
    assert!(wide.color_profile.is_some() && wide.position.is_some(), "{wide:?}");
    let after = left_alone(sample_picture(), MetadataRule::Strip);
    assert_eq!(metadata_report(&after.bytes).unwrap().position, None);
    for name in ["full.avif", "full.heic", "full.webp", "full.tiff"] {
        assert!(metadata_report(fixture(name)).unwrap().position.is_some(), "{name}");
    }
    assert!(metadata_report(b"no picture").is_err());
}

/// All that a reader that is not ours finds.
#[cfg(target_os = "linux")]
fn exiftool(bytes: &[u8]) -> String {
    let mut command = Command::new("exiftool");
    command.args(["-a", "-G1", "-s", "-ee", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut reader = command.spawn().expect("exiftool: scripts/setup.sh --tests installs it");
    let mut input = reader.stdin.take().unwrap();
    // It stops listening when it has seen enough.
    let _ = input.write_all(bytes);
    drop(input);
    String::from_utf8_lossy(&reader.wait_with_output().unwrap().stdout).into_owned()
}

/// `scripts/setup.sh --tests` installs the program where it can be had as a package.
#[cfg(target_os = "linux")]
#[test]
fn another_reader_finds_nothing_that_should_be_gone() {
    for name in ["full.jpg", "full.png", "full.webp", "full.avif", "full.heic"] {
        assert!(exiftool(fixture(name)).contains("GPSLatitude"), "{name}");
        let private = exiftool(&left_alone(fixture(name), MetadataRule::Private).bytes);
        assert!(private.contains("SECRETCAMERA"), "{name}: {private}");
        for gone in ["GPS", "SECRETCREATOR", "SECRETKEYWORD", "Warning", "Error"] {
            assert!(!private.contains(gone), "{name} has {gone}: {private}");
        }
        for target in TargetFormat::ALL {
            let stripped = exiftool(&written_anew(fixture(name), MetadataRule::Strip, target).bytes);
            for gone in ["GPS", "SECRET", "XMP", "IPTC", "Warning", "Error"] {
                assert!(!stripped.contains(gone), "{name} as {target:?} has {gone}: {stripped}");
            }
            let kept = exiftool(&written_anew(fixture(name), MetadataRule::Keep, target).bytes);
            for there in ["GPSLatitude", "SECRETCAMERA"] {
                assert!(kept.contains(there), "{name} as {target:?} lacks {there}: {kept}");
            }
            assert!(!kept.contains("Warning") && !kept.contains("Error"), "{name} as {target:?}: {kept}");
        }
    }
}
