//! Finds the programs that tests run: they were built beside the test itself.

use std::path::PathBuf;

/// The command line, `picferry`.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn picferry() -> PathBuf {
    find("picferry", "picferry-cli")
}

/// The desktop app, `picferry-app`.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn picferry_app() -> PathBuf {
    find("picferry-app", "picferry-app")
}

/// Looks in the folders above the test program: `target/debug/deps/<test>` → `target/debug/<name>`.
fn find(name: &str, package: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let test = std::env::current_exe().unwrap_or_default();
    let found = test.ancestors().skip(1).map(|folder| folder.join(&file)).find(|path| path.is_file());
    assert!(found.is_some(), "{file} is not there: run `cargo build -p {package}` first");
    found.unwrap_or_default()
}
