//! Changes pictures of every format at random and does everything with them that the engine can.
//!
//! `cargo run --release -p picferry-imaging --example fuzz -- FOLDER SECONDS [SEED]`
//!
//! What is tried is written to `FOLDER/current-SEED` first, so that a crash of a codec leaves the file
//! that caused it. A panic, or work that takes far too long or gives a file that cannot be read again,
//! is kept beside it as `panic-…`, `slow-…` or `unreadable-…`. What was found and mended stays as a
//! story in the tests.

#![expect(clippy::unwrap_used, reason = "the samples are the tests' own")]

mod change;
mod everything;
#[path = "../../tests/it/pictures.rs"]
#[expect(dead_code, reason = "the pictures of the tests are more than are needed here")]
mod pictures;

use change::Chance;
use everything::Finding;
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let seconds: u64 = arguments.next().ok_or("for how many seconds?")?.parse()?;
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    fs::create_dir_all(&folder)?;
    let seeds = everything::seeds();
    let (mut chance, end) = (Chance::new(seed), Instant::now() + Duration::from_secs(seconds));
    let current = folder.join(format!("current-{seed}"));
    let (mut tried, mut found) = (0_u64, 0_u64);
    // A panic is reported as what it is; its message goes into the file's name.
    std::panic::set_hook(Box::new(|_| {}));
    while Instant::now() < end {
        let bytes = change::changed(&seeds, &mut chance);
        fs::write(&current, &bytes)?;
        tried += 1;
        if let Some(Finding { kind, what }) = everything::finding(&bytes, &mut chance) {
            found += 1;
            let path = folder.join(format!("{kind}-{seed}-{tried}"));
            fs::write(&path, &bytes)?;
            writeln!(std::io::stdout(), "{}: {what}", path.display())?;
        }
    }
    fs::remove_file(&current)?;
    writeln!(std::io::stdout(), "seed {seed}: {tried} pictures tried, {found} findings")?;
    Ok(())
}
