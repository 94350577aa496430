//! Key templates: `{year}/{month}/{hash:12}.{ext}`.

use super::placeholder::Field;
use super::safe::safe_key;
use crate::clock::Random;
use crate::digest::Digests;
use crate::error::{Error, Result};
use crate::template::{Piece, invalid, scan};

/// The profile field that templates come from.
const TEMPLATE_FIELD: &str = "key_template";

/// What is known of a picture when it gets its name.
#[derive(Clone, Copy)]
pub struct NameContext<'a> {
    /// The time in the person's zone.
    pub now: &'a jiff::Zoned,
    /// The file name without its extension.
    pub name: &'a str,
    /// The extension of the real format, without a dot.
    pub extension: &'a str,
    /// Of what is sent.
    pub digests: &'a Digests,
    /// Pixels across, if the picture has a size.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// The subfolder of the source below the dropped folder; empty for none.
    pub folder: &'a str,
    /// For `{uuid}` and `{random:N}`.
    pub random: &'a dyn Random,
}

/// A template that was read and understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTemplate {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

impl KeyTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// `invalid_template` with the placeholder, its position and the known ones.
    pub fn parse(template: &str) -> Result<Self> {
        Self::read(template).map_err(|error| error.field(TEMPLATE_FIELD))
    }

    fn read(template: &str) -> Result<Self> {
        if template.trim().is_empty() {
            return Err(invalid("empty", "The key template is empty.")
                .hint(format!("The usual one is {}.", crate::profile::DEFAULT_KEY_TEMPLATE)));
        }
        if template.trim_end().ends_with(['/', '\\']) {
            return Err(invalid(
                "no_file_name",
                "The key template ends with a folder: no file name follows it.",
            )
            .hint("Add a file name, such as {hash:12}.{ext}."));
        }
        let parts = scan(template)?
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => Ok(Part::Text(text)),
                Piece::Placeholder(written) => Field::parse(written).map(Part::Field),
            })
            .collect::<Result<Vec<Part>>>()?;
        let text = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Field(_) => None,
        };
        if let Some(constant) = parts.iter().map(text).collect::<Option<String>>() {
            // A name that is the same for every picture is odd; one that is none is a mistake.
            safe_key(&constant)?;
        }
        Ok(Self { parts })
    }

    /// The key for one picture, already safe.
    ///
    /// # Errors
    /// `invalid_template` when nothing is left that could be a key.
    pub fn render(&self, context: &NameContext<'_>) -> Result<String> {
        let raw: String = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Field(field) => field.value(context),
            })
            .collect();
        safe_key(&raw).map_err(|error: Box<Error>| error.field(TEMPLATE_FIELD))
    }

    /// Whether a taken key practically always means the same picture: a digest of at least eight
    /// characters is in it.
    #[must_use]
    pub fn is_content_addressed(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Field(field) if field.is_content_address()))
    }
}
