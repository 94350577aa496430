//! The options of the command line as the fields that a profile has.

use crate::arguments::CompressArguments;
use crate::exit::{Failure, Outcome};
use crate::values::image_fields;
use picferry_core::Error;
use picferry_engine::ImageFields;

/// Options as they are called here, and the fields they are.
const NAMES: [(&str, &str); 6] = [
    ("image_format", "--format"),
    ("image_newest", "--newest"),
    ("image_quality", "--quality"),
    ("image_max_kb", "--max-kb"),
    ("image_long_edge", "--long-edge"),
    ("metadata", "--metadata"),
];

/// The profile's fields with what the command line says over them; `--set` has the last word.
pub fn fields(base: ImageFields, arguments: &CompressArguments) -> Outcome<ImageFields> {
    let mut fields = base;
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value);
        }
    };
    put("image_format", arguments.format.clone());
    put("image_newest", arguments.newest.clone());
    put("image_long_edge", arguments.long_edge.map(|side| side.to_string()));
    put("metadata", arguments.metadata.clone());
    put("color_profile", arguments.srgb.then(|| "srgb".to_owned()));
    if let Some(quality) = arguments.quality {
        put("image_aim", Some("quality".to_owned()));
        put("image_quality", Some(quality.to_string()));
    }
    if let Some(kilobytes) = arguments.max_kb {
        put("image_aim", Some("size".to_owned()));
        put("image_max_kb", Some(kilobytes.to_string()));
    }
    fields.extend(image_fields(&arguments.set)?);
    Ok(fields)
}

/// Names the option or the field as it was given, not as the form labels it.
pub fn of_the_command_line(mut error: Box<Error>) -> Failure {
    if let Some(key) = &error.field {
        let name = NAMES.iter().find(|(field, _)| field == key).map_or(key.as_str(), |(_, option)| option);
        error.message = format!("{name}: {}", error.message);
    }
    Failure::usage(error)
}
