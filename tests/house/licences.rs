//! What may be shipped, and what may be used to build it.

use crate::spdx::satisfied;
use crate::tree::{packages, read, read_json};
use serde_json::Value;
use std::collections::BTreeSet;

/// Licences that ask for no more than to be named, or (MPL) for changes to their own files.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// One package, one more licence, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "webpki-root-certs",
        "CDLA-Permissive-2.0",
        "Mozilla's root certificates are data, and this licence lets data be passed on",
    ),
    ("mozjpeg", "IJG", "the JPEG group's own licence asks to be named, and no more"),
    ("mozjpeg-sys", "IJG", "the same code, in C"),
];

/// Packages of the UI whose entry in the lock file names no licence, and what their own files say.
const UNNAMED: &[(&str, &str)] = &[
    ("node_modules/@inlang/plugin-message-format", "MIT: in its LICENSE file"),
    ("node_modules/svelte-toolbelt", "MIT: in its LICENSE file"),
];

#[test]
fn every_crate_may_be_shipped() {
    let mut broken = Vec::new();
    for package in packages().iter().filter(|package| !package.is_member) {
        let allowed = |licence: &str| {
            ALLOWED.contains(&licence)
                || EXCEPTIONS.iter().any(|(name, more, _)| *name == package.name && *more == licence)
        };
        let licence = package.licence.as_deref().unwrap_or("none named");
        if package.licence.is_none() || !satisfied(licence, &allowed) {
            broken.push(format!("{} {}: {licence}", package.name, package.version));
        }
    }
    assert!(
        broken.is_empty(),
        "Not on the list of licences in tests/house/licences.rs:\n{}",
        broken.join("\n")
    );
}

#[test]
fn every_package_of_the_ui_may_be_shipped() {
    let lock = read_json("ui/package-lock.json");
    let mut broken = Vec::new();
    for (path, package) in lock["packages"].as_object().unwrap() {
        // The first entry is the UI itself.
        if path.is_empty() || UNNAMED.iter().any(|(name, _)| name == path) {
            continue;
        }
        let named = package["license"].as_str().or_else(|| licence_of_whole(&lock["packages"], path));
        let licence = named.unwrap_or("none named");
        if named.is_none() || !satisfied(licence, &|one| ALLOWED.contains(&one)) {
            broken.push(format!("{path}: {licence}"));
        }
    }
    assert!(
        broken.is_empty(),
        "Not on the list of licences in tests/house/licences.rs:\n{}",
        broken.join("\n")
    );
}

#[test]
fn no_exception_outlives_its_package() {
    for (name, licence, _) in EXCEPTIONS {
        let needed = packages().iter().any(|package| {
            package.name == *name && package.licence.as_deref().is_some_and(|text| text.contains(licence))
        });
        assert!(needed, "{name} no longer needs {licence}: remove the exception here and in deny.toml");
    }
    let lock = read_json("ui/package-lock.json");
    for (path, _) in UNNAMED {
        assert!(lock["packages"][path].is_object(), "{path} is gone: remove it from tests/house/licences.rs");
        assert!(
            lock["packages"][path]["license"].is_null(),
            "{path} names its licence now: remove it from the list"
        );
    }
}

#[test]
fn cargo_deny_reads_the_same_list() {
    let text = read("deny.toml");
    let listed: BTreeSet<&str> = quoted(between(&text, "\nallow = [", "]")).collect();
    assert_eq!(listed, ALLOWED.iter().copied().collect(), "deny.toml and tests/house/licences.rs differ");
    let exceptions: Vec<&str> = quoted(between(&text, "\nexceptions = [", "\n]")).collect();
    let ours: Vec<&str> = EXCEPTIONS.iter().flat_map(|(name, licence, _)| [*name, *licence]).collect();
    assert_eq!(exceptions, ours, "the exceptions of deny.toml and tests/house/licences.rs differ");
}

/// The licence of the package whose part for one platform this is: parts often do not repeat it.
fn licence_of_whole<'a>(packages: &'a Value, path: &str) -> Option<&'a str> {
    let name = path.trim_start_matches("node_modules/");
    let whole = packages.as_object()?.values().find(|one| one["optionalDependencies"][name].is_string())?;
    whole["license"].as_str()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("deny.toml has no {start:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("deny.toml: {start:?} is not closed")).0
}

/// What stands between quotation marks, comments left out.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split('"').skip(1).step_by(2))
}
