//! Everything the engine does with a picture, and what it must never do.

use super::change::Chance;
use super::pictures;
use bytes::Bytes;
use cpu_time::ThreadTime;
use picferry_core::images::{
    Aim, ColorProfileRule, FormatRule, MetadataRule, Resize, TargetFormat, WhenImpossible,
};
use picferry_core::{Error, ErrorCode};
use picferry_imaging::{
    Cancel, Limits, PrepareOptions, inspect, metadata_report, prepare, preview, sniff, thumbnail,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// What must not happen.
pub struct Finding {
    pub kind: &'static str,
    pub what: String,
}

/// No small picture may take longer, in time of one core.
const SLOW: Duration = Duration::from_secs(10);

const SMALL: Limits = Limits { max_pixels: 1_000_000, max_alloc: 16 * 1024 * 1024 };

/// The pictures of the tests, and some kinds that only codecs tell apart.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = pictures::all().into_iter().map(|(_, _, bytes)| bytes).collect();
    for name in ["deep.avif", "grid.avif", "deep.heic"] {
        let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
        seeds.extend(std::fs::read(path));
    }
    seeds.push(pictures::turned_jpeg(6));
    seeds.push(pictures::turned_png(7));
    seeds.push(pictures::turned_webp(5));
    seeds.push(pictures::run_length_bitmap());
    seeds.push(pictures::encoded(&pictures::corners(), image::ImageFormat::Tiff));
    seeds.push(pictures::encoded(&pictures::corners(), image::ImageFormat::Ico));
    seeds.push(pictures::encoded(&pictures::photo(90, 70), image::ImageFormat::Gif));
    seeds
}

/// Does everything with a file; says what should not have happened.
pub fn finding(bytes: &[u8], chance: &mut Chance) -> Option<Finding> {
    let start = ThreadTime::now();
    let options = options(chance);
    let result = catch_unwind(AssertUnwindSafe(|| everything(bytes, &options)));
    let time = start.elapsed();
    match result {
        Err(_) => Some(Finding { kind: "panic", what: "outside the codecs".to_owned() }),
        Ok(Some(finding)) => Some(finding),
        Ok(None) if time > SLOW => Some(Finding { kind: "slow", what: format!("{time:?}") }),
        Ok(None) => None,
    }
}

fn everything(bytes: &[u8], options: &PrepareOptions) -> Option<Finding> {
    let _ = sniff(bytes);
    let _ = inspect(bytes);
    let shown =
        [metadata_report(bytes).err(), thumbnail(bytes, &SMALL).err(), preview(bytes, 40, &SMALL).err()];
    if let Some(finding) = shown.into_iter().flatten().find_map(|error| panicked(&error)) {
        return Some(finding);
    }
    let prepared = match prepare(Bytes::copy_from_slice(bytes), options, &Cancel::new()) {
        Ok(prepared) => prepared,
        Err(error) => return panicked(&error),
    };
    let again = prepare(prepared.bytes, &pictures::pixels_stay(), &Cancel::new());
    // What was sent as it came may be damaged where nobody looked.
    let is_ours =
        prepared.changed.iter().any(|change| matches!(change, picferry_imaging::Change::Compressed { .. }));
    let error = again.err().filter(|error| is_ours || error.code == ErrorCode::Internal)?;
    Some(Finding { kind: "unreadable", what: error.to_string() })
}

fn panicked(error: &Error) -> Option<Finding> {
    let is_panic = error.message.contains("gave up") || error.code == ErrorCode::Internal;
    is_panic.then(|| Finding { kind: "panic", what: format!("{error}: {:?}", error.details) })
}

fn options(chance: &mut Chance) -> PrepareOptions {
    let mut options = PrepareOptions { limits: SMALL, ..PrepareOptions::default() };
    let images = &mut options.images;
    images.time_budget_ms = 0;
    images.metadata = [MetadataRule::Strip, MetadataRule::Private, MetadataRule::Keep][chance.below(3)];
    images.allow_damaged = chance.below(2) == 0;
    images.when_impossible = [WhenImpossible::Refuse, WhenImpossible::SendUntouched][chance.below(2)];
    if chance.below(2) == 0 {
        images.color_profile = ColorProfileRule::Srgb;
    }
    if chance.below(2) == 0 {
        images.resize = Resize { long_edge: Some(20), ..Resize::default() };
    }
    match chance.below(6) {
        0 => images.format = FormatRule::Keep,
        1 => {}
        other => {
            images.format = FormatRule::To(TargetFormat::ALL[other - 2]);
            images.aim = Aim::EncoderQuality(60);
        }
    }
    options
}
