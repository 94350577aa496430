//! IPTC, as news agencies and photo archives write it: numbered fields in records.
//!
//! Most of what it says is in XMP as well, but not in older files. A new file in a format that has no
//! place for it gets the words as XMP.

use crate::bytes_reader::BytesReader;

const FIELD: u8 = 0x1c;

/// What says how the words are coded.
const CODING: (u8, u8) = (1, 90);
const TITLE: (u8, u8) = (2, 5);
const HEADLINE: (u8, u8) = (2, 105);
const COPYRIGHT: (u8, u8) = (2, 116);
const CAPTION: (u8, u8) = (2, 120);

/// Words about the picture, and whose it is. Others name places, people and jobs.
const KEPT: [(u8, u8); 5] = [CODING, TITLE, HEADLINE, COPYRIGHT, CAPTION];

struct Field<'a> {
    number: (u8, u8),
    content: &'a [u8],
    /// With its head.
    whole: &'a [u8],
}

/// The fields, as far as they can be told apart.
fn fields(records: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut reader = BytesReader::new(records);
    std::iter::from_fn(move || {
        let start = reader.position();
        if reader.u8()? != FIELD {
            return None;
        }
        let number = (reader.u8()?, reader.u8()?);
        // The highest bit says that a longer number follows; no words are that long.
        let length = reader.u16_be().filter(|length| length & 0x8000 == 0)?;
        let content = reader.take(length.into())?;
        Some(Field { number, content, whole: &records[start..reader.position()] })
    })
}

/// Title, headline, caption and copyright; `None` where there is none of them.
pub(super) fn without_private(records: &[u8]) -> Option<Vec<u8>> {
    let kept = || fields(records).filter(|field| KEPT.contains(&field.number));
    let has_words = kept().any(|field| field.number != CODING && !field.content.is_empty());
    has_words.then(|| kept().flat_map(|field| field.whole).copied().collect())
}

/// The same words as XMP.
pub(super) fn as_xmp(records: &[u8]) -> Option<Vec<u8>> {
    let word = |number: (u8, u8)| {
        let field = fields(records).find(|field| field.number == number && !field.content.is_empty())?;
        Some(escaped(field.content))
    };
    let in_language = |name: &str, words: Option<String>| {
        words.map_or_else(String::new, |words| {
            format!("<{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{words}</rdf:li></rdf:Alt></{name}>")
        })
    };
    let headline = word(HEADLINE).map(|words| format!("<photoshop:Headline>{words}</photoshop:Headline>"));
    let properties = [
        in_language("dc:title", word(TITLE)),
        in_language("dc:description", word(CAPTION)),
        in_language("dc:rights", word(COPYRIGHT)),
        headline.unwrap_or_default(),
    ]
    .concat();
    let packet = format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\">{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    (!properties.is_empty()).then(|| packet.into_bytes())
}

/// Words for XML. Those that are not UTF-8 are Latin 1, in which most others were written.
fn escaped(words: &[u8]) -> String {
    let words = match std::str::from_utf8(words) {
        Ok(words) => words.to_owned(),
        Err(_) => words.iter().map(|byte| char::from(*byte)).collect(),
    };
    let words: String = words.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect();
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: (u8, u8), words: &[u8]) -> Vec<u8> {
        let length = u16::try_from(words.len()).unwrap().to_be_bytes();
        [&[FIELD, number.0, number.1], &length[..], words].concat()
    }

    #[test]
    fn words_stay_and_places_and_people_go() {
        let records = [
            field(CODING, b"\x1b%G"),
            field((2, 80), b"SECRET name"),
            field(CAPTION, "Ferries & <gulls>, früh".as_bytes()),
            field((2, 90), b"SECRET city"),
            field(COPYRIGHT, b"Harbour office"),
        ]
        .concat();
        let kept = without_private(&records).unwrap();
        let numbers: Vec<_> = fields(&kept).map(|field| field.number).collect();
        assert_eq!(numbers, [CODING, CAPTION, COPYRIGHT]);
        assert_eq!(without_private(&kept).as_ref(), Some(&kept), "twice is once");
        let xmp = String::from_utf8(as_xmp(&kept).unwrap()).unwrap();
        assert!(xmp.contains("Ferries &amp; &lt;gulls&gt;, früh") && xmp.contains("Harbour office"), "{xmp}");
        assert!(crate::metadata::xmp::without_private(xmp.as_bytes()).is_some(), "it can be read");
    }

    #[test]
    fn nothing_is_kept_of_nothing_and_damage_ends_the_fields() {
        assert_eq!(without_private(&field((2, 90), b"SECRET city")), None);
        assert_eq!(without_private(&field(CODING, b"\x1b%G")), None);
        assert_eq!(as_xmp(b""), None);
        let mut cut = field(CAPTION, b"Ferries");
        cut.extend(&field(COPYRIGHT, b"Harbour office")[..9]);
        assert_eq!(without_private(&cut).unwrap(), field(CAPTION, b"Ferries"));
        assert!(String::from_utf8(as_xmp(&field(CAPTION, b"fr\xfch")).unwrap()).unwrap().contains("früh"));
    }
}
