//! Fields of the front matter that name a picture: `cover: ./a.png` in YAML, `cover = "a.png"` in TOML.
//!
//! Only plain and quoted values on one line are read, under names that blogs use for pictures.

use crate::reference::{Kind, Notation, Quote, Reference};
use crate::target::looks_like_picture;
use std::ops::Range;

/// Names of fields, in lower case and without `_` and `-`.
const FIELDS: [&str; 31] = [
    "cover",
    "coverimage",
    "coverurl",
    "coverimg",
    "image",
    "images",
    "img",
    "imgurl",
    "imageurl",
    "imagesrc",
    "banner",
    "bannerimg",
    "bannerimage",
    "thumbnail",
    "thumb",
    "thumbnailurl",
    "photo",
    "picture",
    "photos",
    "featuredimage",
    "featureimage",
    "featureimg",
    "heroimage",
    "hero",
    "ogimage",
    "headerimg",
    "headerimage",
    "indeximg",
    "topimg",
    "teaser",
    "avatar",
];

/// The pictures in the front matter at that range.
pub fn pictures(body: &str, range: Range<usize>) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut is_list = false;
    let mut start = range.start;
    for line in body.get(range).unwrap_or_default().split_inclusive('\n') {
        let item = line.trim_start().strip_prefix("- ");
        let value = match (item, is_list) {
            (Some(item), true) => Some(item),
            _ => {
                let field = field(line);
                is_list = field.is_some_and(|value| value.trim().is_empty());
                field
            }
        };
        if let Some(value) = value {
            // The value is the end of its line, so its place follows from its length.
            let value_start = start + (line.len() - value.len());
            found.extend(picture(value, value_start));
        }
        start += line.len();
    }
    found
}

/// What stands behind the name of a field for pictures.
fn field(line: &str) -> Option<&str> {
    let end = line.find([':', '='])?;
    let (name, value) = (&line[..end], &line[end + 1..]);
    let name: String =
        name.trim().chars().filter(|letter| !matches!(letter, '_' | '-' | '"' | '\'')).collect();
    let is_known = FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field));
    let is_apart = value.is_empty() || value.starts_with(|first: char| first.is_ascii_whitespace());
    (is_known && (is_apart || line.as_bytes()[end] == b'=')).then_some(value)
}

fn picture(value: &str, value_start: usize) -> Option<Reference> {
    let start = value_start + (value.len() - value.trim_start().len());
    let value = value.trim();
    let (quote, inner) = match value.chars().next()? {
        mark @ ('"' | '\'') => {
            let inner = value[1..].split(mark).next()?;
            let rest = value[1 + inner.len()..].strip_prefix(mark)?.trim_start();
            if !(rest.is_empty() || rest.starts_with('#')) {
                return None;
            }
            (if mark == '"' { Quote::Double } else { Quote::Single }, inner)
        }
        '|' | '[' | '{' | '&' | '*' | '!' | '@' | '`' | '#' | '%' | '>' => return None,
        _ => (Quote::Nothing, value.split(" #").next()?.trim_end()),
    };
    let lowercase = inner.to_ascii_lowercase();
    let is_address = lowercase.starts_with("http://") || lowercase.starts_with("https://");
    if inner.is_empty() || inner.contains('\\') || !(is_address || looks_like_picture(inner)) {
        return None;
    }
    let start = start + usize::from(quote != Quote::Nothing);
    Some(Reference {
        kind: Kind::FrontMatter,
        span: start..start + inner.len(),
        line: 0,
        raw: inner.to_owned(),
        target: inner.to_owned(),
        alt: String::new(),
        notation: Notation::Field { quote },
    })
}
