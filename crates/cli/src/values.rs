//! Values of `--set`: given as they are, or read from a file or from standard input.

use picferry_core::images::IMAGE_FIELDS;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;
use std::str::FromStr;

/// One `KEY=VALUE`. Has no `Debug`: the value may be a secret.
#[derive(Clone)]
pub struct Assignment {
    /// The field.
    pub key: String,
    /// Where its value comes from.
    pub value: Given,
}

/// Where a value comes from.
#[derive(Clone)]
pub enum Given {
    /// The command line itself, where other programs and the shell's history can read it.
    Literally(String),
    /// `@FILE`
    File(PathBuf),
    /// `@-`
    StandardInput,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
        let key = key.trim();
        if key.is_empty() {
            return Err("write it as KEY=VALUE".to_owned());
        }
        let value = match value.strip_prefix('@') {
            Some("") => return Err("a file name, or - for standard input, must follow @".to_owned()),
            Some("-") => Given::StandardInput,
            Some(escaped) if escaped.starts_with('@') => Given::Literally(escaped.to_owned()),
            Some(file) => Given::File(PathBuf::from(file)),
            None => Given::Literally(value.to_owned()),
        };
        Ok(Self { key: key.to_owned(), value })
    }
}

impl Given {
    /// The value itself. A line end at the end of a file or of standard input is no part of it.
    pub fn read(&self) -> Result<String> {
        let text = match self {
            Self::Literally(value) => return Ok(value.clone()),
            Self::File(path) => std::fs::read_to_string(path).map_err(|error| {
                Error::from_io(&format!("The file {} cannot be read", path.display()), &error)
            })?,
            Self::StandardInput => {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .map_err(|error| Error::from_io("Standard input cannot be read", &error))?;
                text
            }
        };
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// Standard input can be read only once.
pub fn check_standard_input(assignments: &[Assignment]) -> Result<()> {
    let mut from_input = assignments.iter().filter(|one| matches!(one.value, Given::StandardInput));
    match (from_input.next(), from_input.next()) {
        (Some(first), Some(second)) => Err(Error::new(
            ErrorCode::InvalidField,
            format!("Standard input can give one value only, not both {} and {}.", first.key, second.key),
        )
        .hint("Read one of them from a file with @FILE.")
        .field(&second.key)),
        _ => Ok(()),
    }
}

/// Assignments to fields about pictures, read.
pub fn image_fields(assignments: &[Assignment]) -> Result<BTreeMap<String, String>> {
    check_standard_input(assignments)?;
    assignments
        .iter()
        .map(|assignment| {
            let key = &assignment.key;
            if IMAGE_FIELDS.iter().any(|spec| spec.key == key) {
                return Ok((key.clone(), assignment.value.read()?));
            }
            let known: Vec<&str> = IMAGE_FIELDS.iter().map(|spec| spec.key).collect();
            Err(Error::new(ErrorCode::InvalidField, format!("There is no field {key} about pictures."))
                .hint(format!("The fields are {}.", known.join(", ")))
                .field(key))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> String {
        match text.parse::<Assignment>().map(|one| one.value) {
            Ok(Given::Literally(value)) => value,
            _ => unreachable!("{text} is given literally"),
        }
    }

    #[test]
    fn a_value_may_hold_equals_signs_and_begin_with_an_at_sign() {
        assert_eq!(literal("url_suffix=?x=1&y=2"), "?x=1&y=2");
        assert_eq!(literal("name=@@home"), "@home");
        assert_eq!(literal("region="), "");
    }

    #[test]
    fn a_file_gives_its_text_without_the_last_line_end() {
        let folder = std::env::temp_dir().join(format!("picferry-values-{}", std::process::id()));
        std::fs::write(&folder, "se cret\r\n").unwrap();
        let given = format!("key=@{}", folder.display()).parse::<Assignment>().ok().unwrap().value;
        assert_eq!(given.read().unwrap(), "se cret");
        std::fs::remove_file(&folder).unwrap();
        assert_eq!(given.read().unwrap_err().code, ErrorCode::FileNotFound);
    }

    #[test]
    fn what_is_no_assignment_is_refused() {
        for text in ["endpoint", "=x", "key=@", ""] {
            assert!(text.parse::<Assignment>().is_err(), "{text}");
        }
    }

    #[test]
    fn standard_input_is_read_once() {
        let one: Assignment = "a=@-".parse().ok().unwrap();
        assert!(check_standard_input(&[one.clone(), "b=1".parse().ok().unwrap()]).is_ok());
        assert!(check_standard_input(&[one.clone(), one]).is_err());
    }
}
