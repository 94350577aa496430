//! Metadata goes, pixels stay.

use crate::pictures::{self, encoded, fixture, with_segment};
use bytes::Bytes;
use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageFormat};
use picferry_core::images::MetadataRule;
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Cancel, Change, Prepared, prepare, sample_picture};
use std::io::Cursor;

/// Everything that must be gone, in the encodings it is written in.
const SECRETS: &[&[u8]] =
    &[b"SECRET", b"S\0E\0C\0R\0E\0T", b"\0S\0E\0C\0R\0E\0T", b"GPSL", b"photoshop", b"rdf:"];

fn prepared(bytes: &[u8]) -> Prepared {
    pictures::stripped(bytes)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn pixels(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

#[test]
fn no_secret_survives_in_any_format_that_can_lose_it() {
    for name in ["full.jpg", "full.png", "full.webp", "animated.webp", "full.gif", "full.avif", "full.heic"] {
        let before = fixture(name);
        assert!(contains(before, b"SECRET"), "{name} has something to lose");
        let after = prepared(before);
        for secret in SECRETS {
            assert!(!contains(&after.bytes, secret), "{name} still has {}", String::from_utf8_lossy(secret));
        }
        assert!(matches!(after.changed[0], Change::MetadataRemoved { .. }), "{name}");
        let fields = exif::Reader::new()
            .read_from_container(&mut Cursor::new(&after.bytes))
            .map(|exif| exif.fields().map(|field| field.tag).collect::<Vec<_>>())
            .unwrap_or_default();
        assert!(fields.iter().all(|tag| *tag == exif::Tag::Orientation), "{name}: {fields:?}");
    }
}

#[test]
fn the_sample_loses_the_position_it_was_given() {
    let position = |bytes: &[u8]| {
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
        exif.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY)
            .map(|field| field.display_value().to_string())
    };
    assert_eq!(position(sample_picture()).as_deref(), Some("54 deg 30 min 0 sec"));
    let after = prepared(sample_picture());
    assert_eq!(position(&after.bytes), None);
    assert!(!contains(&after.bytes, b"Harbour camera"));
    assert!(sample_picture().len() <= 60_000);
}

#[test]
fn pixels_and_colour_profile_are_the_same_as_before() {
    for name in ["full.jpg", "full.png", "full.webp", "cmyk.jpg", "progressive.jpg", "lossless.webp"] {
        let before = fixture(name);
        let after = prepared(before);
        assert_eq!(pixels(before), pixels(&after.bytes), "{name}");
    }
    for name in ["full.jpg", "full.png", "full.webp"] {
        let profile = |bytes: &[u8]| {
            let reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
            reader.into_decoder().unwrap().icc_profile().unwrap()
        };
        let before = profile(fixture(name));
        assert!(before.as_ref().is_some_and(|profile| profile.len() > 300), "{name} has a profile");
        assert_eq!(before, profile(&prepared(fixture(name)).bytes), "{name}");
    }
}

#[test]
fn cmyk_keeps_the_mark_that_tells_how_its_colours_are_stored() {
    assert!(contains(&prepared(fixture("cmyk.jpg")).bytes, b"Adobe"));
}

#[test]
fn animations_stay_animations_frame_by_frame() {
    let frames = |frames: image::Frames<'_>| -> Vec<(u128, Vec<u8>)> {
        let frames: Vec<Frame> = frames.collect_frames().unwrap();
        frames
            .into_iter()
            .map(|frame| {
                (std::time::Duration::from(frame.delay()).as_millis(), frame.into_buffer().into_raw())
            })
            .collect()
    };
    let gif = |bytes: &[u8]| frames(GifDecoder::new(Cursor::new(bytes.to_vec())).unwrap().into_frames());
    let webp = |bytes: &[u8]| frames(WebPDecoder::new(Cursor::new(bytes.to_vec())).unwrap().into_frames());

    let after = prepared(fixture("full.gif"));
    assert!(after.info.animated && contains(&after.bytes, b"NETSCAPE2.0"));
    assert_eq!(gif(fixture("full.gif")), gif(&after.bytes));

    let after = prepared(fixture("animated.webp"));
    assert!(after.info.animated);
    assert_eq!(webp(fixture("animated.webp")), webp(&after.bytes));

    let after = prepared(&pictures::animated_png());
    assert!(after.info.animated && !contains(&after.bytes, b"SECRET"));
    for kept in [b"acTL", b"fcTL", b"fdAT"] {
        assert!(contains(&after.bytes, kept));
    }
}

#[test]
fn what_hides_behind_the_end_of_a_picture_does_not_come_along() {
    for name in ["full.jpg", "full.png", "full.gif", "plain.webp"] {
        let hidden = [fixture(name), b"SECRET video of a moving photo"].concat();
        let after = prepared(&hidden);
        assert!(!contains(&after.bytes, b"SECRET"), "{name}");
    }
}

#[test]
fn small_previews_go_too() {
    let jpeg = encoded(&pictures::corners(), ImageFormat::Jpeg);
    let jfif_with_preview = [b"JFIF\0\x01\x02\0\0\x48\0\x48\x02\x02".as_slice(), b"SECRETSECRET"].concat();
    let first_end = 2 + 2 + usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]]));
    let with_preview =
        with_segment(&[&[0xff, 0xd8], &jpeg[..0], &jpeg[2..]].concat(), 0xe0, b"JFXX\0\x10SECRET");
    let mut rest = vec![0xff, 0xd8, 0xff, 0xe0];
    rest.extend(u16::try_from(jfif_with_preview.len() + 2).unwrap().to_be_bytes());
    rest.extend(jfif_with_preview);
    rest.extend(&with_preview[first_end..]);
    let after = prepared(&rest);
    assert!(!contains(&after.bytes, b"SECRET") && contains(&after.bytes, b"JFIF"));
    assert_eq!(pixels(&rest), pixels(&after.bytes));
}

#[test]
fn jpeg_xl_loses_the_boxes_of_its_metadata() {
    let after = prepared(fixture("full.jxl"));
    assert!(!contains(&after.bytes, b"brob") && !contains(&after.bytes, b"jbrd"));
    assert!(contains(&after.bytes, b"jxlp"));
    assert_eq!(prepared(fixture("plain.jxl")).changed, []);
}

#[test]
fn avif_and_heic_keep_their_length_so_that_every_offset_stays_right() {
    for name in ["full.avif", "full.heic"] {
        let (before, after) = (fixture(name), prepared(fixture(name)));
        assert_eq!(before.len(), after.bytes.len());
        assert_eq!(after.changed, [Change::MetadataRemoved { bytes: 0 }], "{name}");
        // Most of the file is the picture: it did not move.
        let same = before.iter().zip(&after.bytes[..]).filter(|(before, after)| before == after).count();
        assert!(same * 100 > before.len() * 20, "{name}: {same} of {}", before.len());
    }
}

#[test]
fn metadata_that_claims_to_lie_in_the_files_own_structure_is_left_alone() {
    let mut lying = fixture("full.avif").to_vec();
    let secret = lying.windows(12).position(|window| window == b"SECRETCAMERA").unwrap();
    // The offset of the EXIF item, wherever the table of places holds it.
    let is_offset = |bytes: &[u8]| {
        (secret - 400..secret).contains(&(u32::from_be_bytes(bytes.try_into().unwrap()) as usize))
    };
    let table = lying.windows(4).position(|window| window == b"iloc").unwrap();
    let offset = table + lying[table..].windows(4).position(is_offset).unwrap();
    lying[offset..offset + 4].copy_from_slice(&100u32.to_be_bytes());
    let after = prepared(&lying);
    assert_eq!(after.changed, [Change::MetadataNotRemovable]);
    assert_eq!(after.bytes, lying);
}

#[test]
fn what_cannot_leave_a_file_is_said() {
    let tiff = prepared(fixture("full.tiff"));
    assert_eq!(tiff.changed, [Change::MetadataNotRemovable]);
    assert_eq!(&tiff.bytes[..], fixture("full.tiff"));
    let svg = prepared(b"<svg><metadata>SECRET</metadata></svg>");
    assert_eq!(svg.changed, [Change::MetadataNotRemovable]);
}

#[test]
fn a_clean_picture_is_sent_as_it_is_without_a_copy() {
    let clean = Bytes::from(encoded(&pictures::corners(), ImageFormat::Png));
    let after = prepare(clean.clone(), &pictures::pixels_stay(), &Cancel::new()).unwrap();
    assert_eq!(after.changed.len(), 1, "it was left as it is");
    assert_eq!(after.bytes.as_ptr(), clean.as_ptr());
}

#[test]
fn a_profile_that_keeps_metadata_changes_nothing() {
    let mut keep = pictures::pixels_stay();
    keep.images.metadata = MetadataRule::Keep;
    for (name, _, bytes) in pictures::all() {
        let after = prepare(Bytes::from(bytes.clone()), &keep, &Cancel::new()).unwrap();
        assert_eq!(after.bytes, bytes, "{name}");
        assert_eq!(after.changed.len(), 1, "it was left as it is");
    }
}

#[test]
fn preparing_twice_changes_nothing_the_second_time() {
    for (name, format, bytes) in pictures::all() {
        let once = prepared(&bytes);
        let twice = prepared(&once.bytes);
        assert_eq!(once.bytes, twice.bytes, "{name}");
        assert_eq!(once.info, twice.info, "{name}");
        assert_eq!(once.info.format, format);
        let untouched = matches!(format, PictureFormat::Tiff | PictureFormat::Svg)
            || once.changed == [Change::MetadataNotRemovable];
        assert!(twice.changed.is_empty() || untouched, "{name}: {:?}", twice.changed);
    }
}
