//! Finding parts of words in any script, through an index of their grams.
//!
//! A word of the query must occur somewhere in a picture's name, key, address, note or alt text,
//! exactly as `text.contains(word)` would find it, after both were folded. SQLite's own tokenizers
//! find whole words, or parts of three characters and more; 截图 and 图 are shorter. So the texts
//! are cut here: into all runs of three characters in their order, which a phrase query follows
//! like a chain, and into single characters and pairs for words that short. Grams are written in
//! hexadecimal: nothing in a name or a query can mean anything to the query language.

use percent_encoding::percent_decode_str;
use picferry_core::picture::PictureFormat;
use picferry_core::upload::{HistoryFilter, Upload};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// Stands between two words, so that the last gram of one and the first of the next make no chain.
const BREAK: &str = "x";

/// Longer queries are cut: nobody types them, and each character costs a look into the index.
const QUERY_CHARACTERS: usize = 1000;

/// The text in the form in which it is compared: one form for each character however it was
/// typed (full-width, composed or not), without regard to case.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Up and down again: ß and SS, ς and Σ meet only on that way.
    let caseless: String = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    caseless.nfkc().collect()
}

/// The expression that finds what the filter asks for in words, profiles and formats; `None` when
/// it asks for nothing of that.
pub(crate) fn expression(filter: &HistoryFilter) -> Option<String> {
    let text: String = filter.text.chars().take(QUERY_CHARACTERS).collect();
    let words: BTreeSet<String> = fold(&text).split_whitespace().map(str::to_owned).collect();
    let profiles = filter.profile_ids.iter().map(|id| profile_token(id)).collect();
    let formats = filter.formats.iter().map(|format| format_token(*format)).collect();
    let terms: Vec<String> = [any_of(profiles), any_of(formats)]
        .into_iter()
        .flatten()
        .chain(words.iter().map(|word| chain(word)))
        .collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

fn any_of(tokens: BTreeSet<String>) -> Option<String> {
    (!tokens.is_empty()).then(|| format!("({})", tokens.into_iter().collect::<Vec<_>>().join(" OR ")))
}

/// The word as a phrase of its grams.
fn chain(word: &str) -> String {
    let word = Word::of(word);
    let tokens: Vec<&str> = if word.starts.len() < 4 { vec![&word.digits] } else { word.grams(3).collect() };
    format!("\"{}\"", tokens.join(" "))
}

/// All tokens of an upload: the chains of its words, its short grams, its profile and its format.
pub(crate) fn grams(upload: &Upload) -> String {
    let texts = texts(upload);
    let words: Vec<Word> = texts.iter().flat_map(|text| text.split_whitespace()).map(Word::of).collect();
    let mut tokens = Vec::new();
    for word in &words {
        tokens.extend(word.grams(3));
        tokens.push(BREAK);
    }
    let short: BTreeSet<&str> = words.iter().flat_map(|word| word.grams(2).chain(word.grams(1))).collect();
    tokens.extend(short);
    let (profile, format) = (profile_token(&upload.profile_id), format_token(upload.format));
    tokens.extend([profile.as_str(), format.as_str()]);
    tokens.join(" ")
}

/// The folded texts that are searched. An address counts as written and as read; what another
/// text contains already is left out.
fn texts(upload: &Upload) -> Vec<String> {
    let read = percent_decode_str(&upload.url).decode_utf8_lossy().into_owned();
    let mut texts: Vec<String> = Vec::new();
    for text in [&read, &upload.url, &upload.key, &upload.name, &upload.alt, &upload.note] {
        let text = fold(text);
        if !texts.iter().any(|other| other.contains(&text)) {
            texts.push(text);
        }
    }
    texts
}

/// A word as the hexadecimal digits of its UTF-8, and where each character begins; last, where the word
/// ends. No two grams are written alike.
struct Word {
    digits: String,
    starts: Vec<usize>,
}

impl Word {
    fn of(word: &str) -> Self {
        let starts = word.char_indices().map(|(start, _)| 2 * start).chain([2 * word.len()]).collect();
        Self { digits: hex::encode(word), starts }
    }

    /// Every run of so many characters.
    fn grams(&self, characters: usize) -> impl Iterator<Item = &str> {
        self.starts.iter().zip(self.starts.iter().skip(characters)).map(|(from, to)| &self.digits[*from..*to])
    }
}

/// `p` is no hexadecimal digit: a profile is never taken for a gram.
fn profile_token(id: &str) -> String {
    format!("p{}", hex::encode(id))
}

/// `t` is no hexadecimal digit either.
fn format_token(format: PictureFormat) -> String {
    format!("t{}", format.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_a_word_is_typed_it_folds_to_the_same() {
        assert_eq!(fold("Cafe\u{301}"), fold("CAFÉ"));
        assert_eq!(fold("ＡＢＣ１２３"), "abc123");
        assert_eq!(fold("STRASSE"), fold("Straße"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_eq!(fold("截图 1"), "截图 1");
    }

    #[test]
    fn a_query_is_only_text() {
        let filter = HistoryFilter { text: "a\"b OR* c".into(), ..HistoryFilter::default() };
        assert_eq!(expression(&filter).as_deref(), Some("\"612262\" AND \"63\" AND \"6f722a\""));
        assert_eq!(
            expression(&HistoryFilter { text: "  \u{3000} ".into(), ..HistoryFilter::default() }),
            None
        );
    }

    #[test]
    fn profiles_and_formats_are_choices_beside_the_words() {
        let filter = HistoryFilter {
            text: "cats".into(),
            profile_ids: vec!["b".into(), "a".into()],
            formats: vec![PictureFormat::Png],
            ..HistoryFilter::default()
        };
        assert_eq!(expression(&filter).as_deref(), Some("(p61 OR p62) AND (tpng) AND \"636174 617473\""));
    }
}
