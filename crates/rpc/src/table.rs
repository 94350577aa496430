//! The macro behind the command table.

use picferry_core::{Error, ErrorCode, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Declares the commands: `name: Request => Response = handler;`.
macro_rules! commands {
    ($($name:ident: $request:ty => $response:ty = $handler:path;)+) => {
        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),+];

        /// Does one command.
        ///
        /// # Errors
        /// `internal` for an unknown command or a payload that does not fit; else what the command says.
        pub async fn dispatch(
            context: &$crate::Context,
            command: &str,
            payload: serde_json::Value,
        ) -> picferry_core::Result<serde_json::Value> {
            match command {
                $(stringify!($name) => {
                    let request: $request = $crate::table::read(command, payload)?;
                    let response: $response = Box::pin($handler(context, request)).await?;
                    $crate::table::write(command, &response)
                })+
                _ => Err($crate::table::unknown(command)),
            }
        }

        /// Shows every request and response to the TypeScript export.
        pub(crate) fn describe(table: &mut $crate::typescript::Table) {
            $(table.command::<$request, $response>(stringify!($name));)+
        }
    };
}
pub(crate) use commands;

/// The request in a payload; an absent payload is an empty one.
pub(crate) fn read<T: DeserializeOwned>(command: &str, payload: Value) -> Result<T> {
    let payload = if payload.is_null() { Value::Object(serde_json::Map::new()) } else { payload };
    serde_json::from_value(payload).map_err(|error| {
        Error::new(ErrorCode::Internal, format!("The command {command} was given something it cannot read."))
            .hint("The window and the program are of different versions. Restart Picferry.")
            .detail(error)
    })
}

/// The response as JSON.
pub(crate) fn write<T: Serialize>(command: &str, response: &T) -> Result<Value> {
    serde_json::to_value(response).map_err(|error| {
        Error::new(ErrorCode::Internal, format!("The answer of {command} could not be written."))
            .detail(error)
    })
}

/// The refusal of a command that does not exist.
pub(crate) fn unknown(command: &str) -> Box<Error> {
    Error::new(ErrorCode::Internal, format!("There is no command {command}."))
        .hint("The window and the program are of different versions. Restart Picferry.")
}
