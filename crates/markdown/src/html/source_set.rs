//! The addresses of a `srcset`: `a.png 1x, b.png 2x`.

use std::ops::Range;

/// Where the addresses stand in the value, read as the HTML standard reads it.
pub fn addresses(value: &str) -> Vec<Range<usize>> {
    let bytes = value.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        at += count(&bytes[at..], |byte| byte.is_ascii_whitespace() || byte == b',');
        let length = count(&bytes[at..], |byte| !byte.is_ascii_whitespace());
        let word = &value[at..at + length];
        let address = word.trim_end_matches(',');
        if !address.is_empty() {
            found.push(at..at + address.len());
        }
        at += length;
        if address.len() == word.len() {
            at += descriptors(&bytes[at..]);
        }
    }
    found
}

/// The length of what follows an address, up to the comma outside of parentheses.
fn descriptors(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    count(bytes, |byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte != b',' || depth > 0
    })
}

fn count(bytes: &[u8], mut is_part: impl FnMut(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is_part(**byte)).count()
}
