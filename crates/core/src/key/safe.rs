//! The one function that makes a key safe, and the number for a key that is taken.

use crate::error::Result;
use crate::template::invalid;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// S3, R2 and their kin take no longer keys.
pub const MAX_KEY_BYTES: usize = 1_024;

/// File systems take no longer names, and the built-in store keeps objects as files.
pub const MAX_SEGMENT_BYTES: usize = 255;

/// What follows the last dot is an extension only if it is short; a longer tail is part of the name.
const MAX_EXTENSION_BYTES: usize = 16;

/// Names that Windows keeps for devices, whatever their extension.
const DEVICE_NAMES: &[&str] = &[
    "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "conin$",
    "conout$",
];

/// Makes any text a key that every store, every URL and every file system accepts.
///
/// - Unicode is composed (NFC), so that a name from macOS and the same name from elsewhere agree.
/// - `\` separates folders like `/`. Empty segments, `.`, `..` and a leading `/` vanish.
/// - Control characters, line separators, text-direction overrides and characters that XML cannot
///   carry are removed: listings and delete requests are XML.
/// - `< > : " | ? *` become `-`, dots and spaces at the end of a segment go, and device names such
///   as `con` get a `_` in front: the built-in store keeps objects as files, also on Windows.
/// - A segment has at most 255 bytes and the key at most 1,024. What is too long is cut between
///   characters as people see them; the file name keeps its extension and the deepest folders go first.
///
/// Everything else stays: spaces, `+`, `%`, `#`, `&`, `=`, Chinese, emoji. A safe key is its own safe key.
///
/// # Errors
/// `invalid_template` when nothing is left.
pub fn safe_key(raw: &str) -> Result<String> {
    let composed: String = raw.chars().filter(|&character| !is_removed(character)).nfc().collect();
    let segments: Vec<String> =
        composed.split(['/', '\\']).map(safe_segment).filter(|segment| !segment.is_empty()).collect();
    let Some((file, folders)) = segments.split_last() else {
        return Err(invalid("nothing_left", "Nothing is left of this name that could be a key.")
            .param("name", shown(raw))
            .hint("Use {hash:12} in the key template: it always gives a name."));
    };
    Ok(join_within_limit(folders, file))
}

/// `a/b.png`, 1 → `a/b-1.png`. The result is as safe as the key was.
#[must_use]
pub fn numbered_key(key: &str, number: u32) -> String {
    let (folders, file) = match key.rsplit_once('/') {
        Some((folders, file)) => (folders, file),
        None => ("", key),
    };
    let (stem, extension) = split_extension(file);
    let tail = format!("-{number}{extension}");
    let stem = cut(stem, MAX_SEGMENT_BYTES.saturating_sub(tail.len()));
    let file = format!("{stem}{tail}");
    if folders.is_empty() {
        return file;
    }
    let folders: Vec<String> = folders.split('/').map(str::to_owned).collect();
    join_within_limit(&folders, &file)
}

/// Puts the key together; the deepest folders go when it is too long, never the file name.
fn join_within_limit(folders: &[String], file: &str) -> String {
    let mut key = String::new();
    for folder in folders {
        if key.len() + folder.len() + 1 + file.len() > MAX_KEY_BYTES {
            break;
        }
        key.push_str(folder);
        key.push('/');
    }
    key.push_str(file);
    key
}

/// One part of a key between slashes; empty when nothing is left.
fn safe_segment(raw: &str) -> String {
    let replaced: String = raw.chars().map(replacement).collect();
    let mut segment = without_device_name(trimmed_end(replaced.trim_start()).to_owned());
    if segment.len() > MAX_SEGMENT_BYTES {
        // Cutting can bring a device name forth: "con", spaces up to the limit, ".png".
        segment = without_device_name(shortened(&segment));
    }
    segment
}

fn without_device_name(mut segment: String) -> String {
    if is_device_name(&segment) {
        segment.insert(0, '_');
    }
    segment
}

/// Cuts the stem, keeps the extension, and leaves room for one `_`.
fn shortened(segment: &str) -> String {
    let (stem, extension) = split_extension(segment);
    let stem = trimmed_end(cut(stem, MAX_SEGMENT_BYTES - 1 - extension.len()));
    format!("{stem}{extension}")
}

/// Splits before the last dot; the extension keeps its dot and may be empty.
fn split_extension(file: &str) -> (&str, &str) {
    match file.rfind('.') {
        Some(dot) if dot > 0 && file.len() - dot <= MAX_EXTENSION_BYTES => file.split_at(dot),
        _ => (file, ""),
    }
}

/// As much of the text as fits, cut between characters as people see them.
fn cut(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let fitting = |end: &usize| *end <= max_bytes;
    let grapheme =
        text.grapheme_indices(true).map(|(start, _)| start).take_while(fitting).last().unwrap_or(0);
    if grapheme > 0 {
        return &text[..grapheme];
    }
    // One endless pile of combining marks: then between code points.
    let end = text.char_indices().map(|(start, _)| start).take_while(fitting).last().unwrap_or(0);
    &text[..end]
}

/// Windows drops dots and spaces at the end of a name without asking.
fn trimmed_end(segment: &str) -> &str {
    segment.trim_end_matches(|character: char| character == '.' || character.is_whitespace())
}

fn is_device_name(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default().trim_end();
    DEVICE_NAMES.iter().any(|device| stem.eq_ignore_ascii_case(device))
}

/// What has no place in a key at all. Joiners stay: emoji families are made with them.
fn is_removed(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || (u32::from(character) & 0xfffe) == 0xfffe
}

fn replacement(character: char) -> char {
    match character {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '-',
        other => other,
    }
}

/// A name for an error message: short and printable.
fn shown(raw: &str) -> String {
    raw.chars()
        .take(80)
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect()
}
