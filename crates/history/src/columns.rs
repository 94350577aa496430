//! Between Rust values and the cells of a row.

use rusqlite::types::{FromSql, Type, Value};
use rusqlite::{Error, Result, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The cells of a row, taken one after the other in the order of the column list.
pub(crate) struct Cells<'row> {
    row: &'row Row<'row>,
    next: usize,
}

impl<'row> Cells<'row> {
    /// From the first cell on.
    pub(crate) fn of(row: &'row Row<'row>) -> Self {
        Self { row, next: 0 }
    }

    /// The next cell as it is.
    pub(crate) fn take<T: FromSql>(&mut self) -> Result<T> {
        let cell = self.row.get(self.next);
        self.next += 1;
        cell
    }

    /// The next cell as a size; a negative one cannot have been written and counts as 0.
    pub(crate) fn size(&mut self) -> Result<u64> {
        self.take::<i64>().map(|size| u64::try_from(size).unwrap_or(0))
    }

    /// The next cell as the word of an enumeration.
    pub(crate) fn word<T: DeserializeOwned>(&mut self) -> Result<T> {
        let word: String = self.take()?;
        self.parsed(serde_json::from_value(serde_json::Value::String(word)))
    }

    /// The next cell as the word of an enumeration, if there is one.
    pub(crate) fn optional_word<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let word: Option<String> = self.take()?;
        word.map(|word| self.parsed(serde_json::from_value(serde_json::Value::String(word)))).transpose()
    }

    /// The next cell as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T> {
        let text: String = self.take()?;
        self.parsed(serde_json::from_str(&text))
    }

    /// The next cell as JSON, if there is any.
    pub(crate) fn optional_json<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let text: Option<String> = self.take()?;
        text.map(|text| self.parsed(serde_json::from_str(&text))).transpose()
    }

    /// Turns an unknown word or broken JSON into the database's own kind of error.
    fn parsed<T>(&self, outcome: serde_json::Result<T>) -> Result<T> {
        outcome.map_err(|error| Error::FromSqlConversionFailure(self.next - 1, Type::Text, Box::new(error)))
    }
}

/// A size; SQLite counts up to `i64::MAX`.
pub(crate) fn size(size: u64) -> Value {
    Value::Integer(i64::try_from(size).unwrap_or(i64::MAX))
}

/// An enumeration as its word in JSON, without quotes.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<Value> {
    match serde_json::to_value(value).map_err(unwritable)? {
        serde_json::Value::String(word) => Ok(Value::Text(word)),
        serde_json::Value::Null => Ok(Value::Null),
        other => Ok(Value::Text(other.to_string())),
    }
}

/// A value as JSON; nothing for `None`.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<Value> {
    match serde_json::to_string(value).map_err(unwritable)? {
        text if text == "null" => Ok(Value::Null),
        text => Ok(Value::Text(text)),
    }
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::ToSqlConversionFailure(Box::new(error))
}

/// `?1, ?2, …`: one for each column of a list.
pub(crate) fn placeholders(columns: &str) -> String {
    (1..=columns.split(',').count()).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ")
}
