//! `picferry doctor`: how this installation stands.

use crate::arguments::DoctorArguments;
use crate::exit::{Exit, Outcome};
use crate::{format, output};
use picferry_engine::Paths;
use serde_json::{Map, Value};

/// Shows where things are kept. Opens nothing, so that it works when everything else fails.
pub fn run(arguments: &DoctorArguments) -> Outcome {
    let entries = Paths::from_environment()?.entries();
    if arguments.json {
        let object: Map<String, Value> = entries
            .into_iter()
            .map(|(name, path)| (name.to_owned(), path.display().to_string().into()))
            .collect();
        output::json(&object);
    } else {
        let rows: Vec<Vec<String>> = entries
            .into_iter()
            .map(|(name, path)| vec![name.to_owned(), path.display().to_string()])
            .collect();
        format::table(&rows).iter().for_each(|line| output::line(line));
    }
    Ok(Exit::Success)
}
