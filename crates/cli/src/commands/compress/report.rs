//! What `--json` and the tables say of each input, which scripts rely on.

use crate::commands::{tell_unprocessed, write_error};
use crate::{format, output};
use picferry_core::compress::CompressResult;
use picferry_core::images::PictureNote;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, Result};
use picferry_engine::{FileMade, FileTrial};
use serde::Serialize;
use std::ffi::OsString;

/// One input and the file it became. Unknown values are `null`, never left out.
#[derive(Serialize)]
pub struct Entry {
    /// As it was given.
    pub input: String,
    /// Whether the output was written.
    pub ok: bool,
    /// The file.
    pub output: Option<String>,
    /// What it is.
    pub format: Option<PictureFormat>,
    /// Size of the input.
    pub bytes_in: Option<u64>,
    /// Size of the output.
    pub bytes_out: Option<u64>,
    /// How much it looks like the input, up to 100; where that was measured.
    pub score: Option<f64>,
    /// Why there is no output.
    #[serde(serialize_with = "write_error")]
    pub error: Option<Box<Error>>,
    #[serde(skip)]
    notes: Vec<PictureNote>,
}

impl Entry {
    pub fn of(input: &OsString, made: Result<FileMade>) -> Self {
        let input = input.to_string_lossy().into_owned();
        match made {
            Ok(made) => Self {
                input,
                ok: true,
                output: Some(made.output.display().to_string()),
                format: Some(made.format),
                bytes_in: Some(made.bytes_in),
                bytes_out: Some(made.bytes_out),
                score: made.score.map(rounded),
                error: None,
                notes: made.notes,
            },
            Err(error) => Self {
                input,
                ok: false,
                output: None,
                format: None,
                bytes_in: None,
                bytes_out: None,
                score: None,
                error: Some(error),
                notes: Vec::new(),
            },
        }
    }

    /// `harbour.jpg  3.4 MB  268.1 kB  -92 %  out/harbour.webp`; nothing for a failure.
    pub fn row(&self) -> Option<Vec<String>> {
        let (before, after) = (self.bytes_in?, self.bytes_out?);
        Some(vec![
            output::visible(&self.input),
            format::size(before),
            format::size(after),
            change(before, after),
            output::visible(self.output.as_deref()?),
        ])
    }

    /// Says on standard error why there is no output, if there is none, and why it is the input.
    pub fn tell_failure(&self) {
        if let Some(error) = &self.error {
            output::error(Some(&self.input), error);
        }
        tell_unprocessed(&self.input, &self.notes);
    }
}

/// One input and what each format would make of it.
#[derive(Serialize)]
pub struct Trial {
    /// As it was given.
    pub input: String,
    /// Whether it could be read.
    pub ok: bool,
    /// What it is.
    pub format: Option<PictureFormat>,
    /// Its size.
    pub bytes_in: Option<u64>,
    /// What it would become: `auto` first, then each format.
    pub results: Vec<TrialResult>,
    /// Why there is nothing.
    #[serde(serialize_with = "write_error")]
    pub error: Option<Box<Error>>,
}

/// What one format makes of a picture.
#[derive(Serialize)]
pub struct TrialResult {
    /// The value of `--format`.
    pub rule: String,
    /// What it gives.
    pub format: PictureFormat,
    /// The size.
    pub bytes_out: u64,
    /// How much it looks like the input, up to 100; where that was measured.
    pub score: Option<f64>,
}

/// The order of the table.
const ORDER: [&str; 5] = ["auto", "avif", "webp", "jpeg", "png"];

impl Trial {
    pub fn of(input: &OsString, tried: Result<FileTrial>) -> Self {
        let input = input.to_string_lossy().into_owned();
        match tried {
            Ok(mut tried) => {
                tried.results.sort_by_key(|result| ORDER.iter().position(|rule| *rule == result.rule));
                Self {
                    input,
                    ok: true,
                    format: Some(tried.format),
                    bytes_in: Some(tried.bytes_in),
                    results: tried.results.into_iter().map(TrialResult::of).collect(),
                    error: None,
                }
            }
            Err(error) => Self {
                input,
                ok: false,
                format: None,
                bytes_in: None,
                results: Vec::new(),
                error: Some(error),
            },
        }
    }

    /// A line for each format, the name on the first.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let Some(before) = self.bytes_in else { return Vec::new() };
        let format = self.format.map_or("", PictureFormat::name);
        let first = vec![output::visible(&self.input), format.to_owned(), format::size(before)];
        let results = self.results.iter().map(|result| {
            let rule = match result.rule.as_str() {
                "auto" => format!("auto ({})", result.format.name()),
                rule => rule.to_owned(),
            };
            let score = result.score.map_or_else(String::new, |score| format!("score {score:.1}"));
            vec![String::new(), rule, format::size(result.bytes_out), change(before, result.bytes_out), score]
        });
        std::iter::once(first).chain(results).collect()
    }

    /// Says on standard error why there is nothing, if there is nothing.
    pub fn tell_failure(&self) {
        if let Some(error) = &self.error {
            output::error(Some(&self.input), error);
        }
    }
}

impl TrialResult {
    fn of(result: CompressResult) -> Self {
        Self {
            rule: result.rule,
            format: result.format,
            bytes_out: result.bytes,
            score: result.score.map(rounded),
        }
    }
}

/// One decimal: the measure is no finer.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10.0).round() / 10.0
}

/// `-92 %`, as a script can read it; nothing when it is the same.
fn change(before: u64, after: u64) -> String {
    if before == 0 || before == after {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "whole percents are shown")]
    let percent = (after as f64 / before as f64 - 1.0) * 100.0;
    format!("{percent:+.0} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_in_whole_percents_with_its_sign() {
        assert_eq!(change(3_400_000, 268_000), "-92 %");
        assert_eq!(change(100, 150), "+50 %");
        assert_eq!(change(100, 100), "");
        assert_eq!(change(0, 10), "");
    }
}
