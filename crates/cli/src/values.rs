//! Values of `--set`: given as they are, or read from a file or from standard input.

use picferry_core::images::IMAGE_FIELDS;
use picferry_core::{Error, ErrorCode, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
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
            Self::File(path) => {
                let name = format!("The file {}", path.display());
                let file = std::fs::File::open(path)
                    .map_err(|error| Error::from_io(&format!("{name} cannot be read"), &error))?;
                read_value(file, &name)?
            }
            Self::StandardInput => read_value(std::io::stdin(), "Standard input")?,
        };
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// Reads all there is, up to what a value may have.
fn read_value(source: impl Read, name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    source
        .take(LONGEST_VALUE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::from_io(&format!("{name} cannot be read"), &error))?;
    if bytes.len() as u64 > LONGEST_VALUE {
        let message = format!("{name} holds more than {} kB: that is no value.", LONGEST_VALUE / 1024);
        return Err(Error::new(ErrorCode::InvalidField, message).hint("Check the name after the @."));
    }
    String::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorCode::InvalidField, format!("{name} is no text.")).detail(error.utf8_error())
    })
}

/// No value of a field is longer: what has more bytes was named by mistake, or never ends.
const LONGEST_VALUE: u64 = 64 * 1024;

/// Refuses what cannot be meant: a field that is set twice, and standard input for two of them, which
/// can be read only once.
pub fn check(assignments: &[Assignment]) -> Result<()> {
    let mut keys = BTreeSet::new();
    if let Some(twice) = assignments.iter().find(|one| !keys.insert(one.key.as_str())) {
        return Err(Error::new(ErrorCode::InvalidField, format!("{} is set twice.", twice.key))
            .hint("Leave one of them out.")
            .field(&twice.key));
    }
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
    check(assignments)?;
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
    fn a_field_is_set_once() {
        let twice: Vec<Assignment> =
            ["region=a", "bucket=b", "region=c"].iter().map(|text| text.parse().ok().unwrap()).collect();
        let error = check(&twice).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("region")));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_never_ends_is_no_value() {
        let given = "key=@/dev/zero".parse::<Assignment>().ok().unwrap().value;
        assert!(given.read().unwrap_err().message.contains("more than 64 kB"));
    }

    #[test]
    fn standard_input_is_read_once() {
        let one: Assignment = "a=@-".parse().ok().unwrap();
        assert!(check(&[one.clone(), "b=1".parse().ok().unwrap()]).is_ok());
        assert!(check(&[one, "b=@-".parse().ok().unwrap()]).is_err());
    }
}
