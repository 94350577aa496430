//! Prepares pictures as a profile does by default, and says what it took: `prepare FILE…`.
//!
//! `NEWEST=webp`, `AIM=70` and the like change the options, by the keys of a profile's fields
//! without `image_`, in capitals.

#![expect(clippy::print_stdout, reason = "a table for a person")]

use cpu_time::ThreadTime;
use picferry_core::images::{IMAGE_FIELDS, ImageOptions};
use picferry_imaging::{Cancel, PrepareOptions, prepare};
use std::collections::BTreeMap;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut fields = BTreeMap::new();
    for field in IMAGE_FIELDS {
        let name = field.key.trim_start_matches("image_").to_uppercase();
        if let Ok(value) = std::env::var(name) {
            fields.insert(field.key.to_owned(), value);
        }
    }
    let images = ImageOptions::of_fields(&fields)?;
    println!("{:>10} {:>10} {:>6} {:>7} {:>5}  name and changes", "bytes in", "out", "score", "CPU ms", "");
    for name in std::env::args().skip(1) {
        let bytes: bytes::Bytes = std::fs::read(&name)?.into();
        let length = bytes.len();
        let options =
            PrepareOptions { images: images.clone(), name: name.clone(), ..PrepareOptions::default() };
        let start = ThreadTime::now();
        let prepared = prepare(bytes, &options, &Cancel::new())?;
        println!(
            "{length:>10} {:>10} {:>6} {:>7} {:>5}  {name} {:?}",
            prepared.bytes.len(),
            prepared.score.map_or_else(String::new, |score| format!("{score:.2}")),
            start.elapsed().as_millis(),
            prepared.info.format.extension(),
            prepared.changed,
        );
        if let Ok(folder) = std::env::var("KEEP_IN") {
            let stem = std::path::Path::new(&name).file_stem().unwrap_or_default().to_string_lossy();
            let file = format!("{folder}/{stem}.{}", prepared.info.format.extension());
            std::fs::write(file, &prepared.bytes)?;
        }
    }
    Ok(())
}
