//! Other addresses in the same text.

use crate::escape;
use crate::find::find;
use crate::reference::{FindOptions, Kind, Reference};
use std::fmt;

/// A text with other addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The whole text.
    pub text: String,
    /// How many places were changed.
    pub changed: usize,
}

/// The new text would not be read as it was meant, so nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsure;

impl fmt::Display for Unsure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("with the new addresses the text would be read in another way")
    }
}

impl std::error::Error for Unsure {}

/// Gives places other addresses: whatever `replacement` answers with `Some`. An address is a URL or a
/// relative reference, percent-encoded as either is; what neither may contain is encoded here. A wiki
/// embed becomes an inline picture that keeps its size. Every other byte stays.
///
/// # Errors
/// [`Unsure`] when the new text, read again, does not have exactly the pictures that were meant.
pub fn rewrite(
    text: &str,
    options: FindOptions,
    mut replacement: impl FnMut(&Reference) -> Option<String>,
) -> Result<Rewritten, Unsure> {
    let references = find(text, options);
    let mut out = String::with_capacity(text.len());
    let mut expected = Vec::with_capacity(references.len());
    let mut copied = 0;
    let mut changed = 0;
    for reference in references {
        let address = replacement(&reference).map(|address| escape::fitting(&reference, &address));
        if let Some(address) = &address {
            let replaced = reference.replaced();
            out.push_str(text.get(copied..replaced.start).ok_or(Unsure)?);
            let next = text.as_bytes().get(replaced.end).copied();
            out.push_str(&escape::written(&reference, address, next));
            copied = replaced.end;
            changed += 1;
        }
        if reference.kind != Kind::LinkAround {
            expected.push(address.unwrap_or(reference.target));
        }
    }
    out.push_str(text.get(copied..).ok_or(Unsure)?);
    if changed == 0 {
        return Ok(Rewritten { text: text.to_owned(), changed });
    }
    let found = find(&out, options);
    let found: Vec<&str> = found
        .iter()
        .filter(|reference| reference.kind != Kind::LinkAround)
        .map(|reference| reference.target.as_str())
        .collect();
    if found == expected { Ok(Rewritten { text: out, changed }) } else { Err(Unsure) }
}
