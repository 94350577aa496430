//! File names for addresses: lowercase, hyphens, Chinese as pinyin.

use pinyin::ToPinyin as _;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `Résumé 截图 (1)` → `resume-jie-tu-1`.
///
/// Latin letters lose their accents, Chinese characters become pinyin without tones, letters of
/// other scripts stay. Everything else separates words. Empty when no letter or digit is there.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    let mut separate = false;
    for character in name.nfkc() {
        if let Some(reading) = character.to_pinyin() {
            push_word(&mut slug, reading.plain());
            separate = true;
            continue;
        }
        if !character.is_alphanumeric() && !is_combining_mark(character) {
            separate = true;
            continue;
        }
        if separate && !slug.is_empty() {
            slug.push('-');
        }
        separate = false;
        push_plain(&mut slug, character);
    }
    slug.nfc().collect()
}

/// A syllable of pinyin stands by itself.
fn push_word(slug: &mut String, word: &str) {
    if !slug.is_empty() {
        slug.push('-');
    }
    for character in word.chars() {
        slug.push(if character == 'ü' { 'v' } else { character });
    }
}

/// A letter in lowercase; one that is Latin below its accents loses them.
fn push_plain(slug: &mut String, character: char) {
    let mut parts = std::iter::once(character).nfd();
    match parts.next() {
        Some(base) if base.is_ascii_alphanumeric() => slug.push(base.to_ascii_lowercase()),
        _ if is_combining_mark(character) && slug.ends_with(|last: char| last.is_ascii()) => {}
        _ => match character {
            'ß' => slug.push_str("ss"),
            'æ' | 'Æ' => slug.push_str("ae"),
            'œ' | 'Œ' => slug.push_str("oe"),
            'ø' | 'Ø' => slug.push('o'),
            'ł' | 'Ł' => slug.push('l'),
            'đ' | 'Đ' => slug.push('d'),
            other => slug.extend(other.to_lowercase()),
        },
    }
}
