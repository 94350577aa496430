//! Who may know whom.

use crate::tree::{linked_names, members};
use std::collections::BTreeMap;

/// The rooms, and for each the rooms it may know. A new room is added here, on purpose.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("picferry-core", &[]),
    ("picferry-markdown", &[]),
    ("picferry-imaging", &["picferry-core"]),
    ("picferry-providers", &["picferry-core"]),
    ("picferry-history", &["picferry-core"]),
    (
        "picferry-engine",
        &["picferry-core", "picferry-markdown", "picferry-imaging", "picferry-providers", "picferry-history"],
    ),
    ("picferry-rpc", &["picferry-core", "picferry-engine"]),
    ("picferry-server", &["picferry-core", "picferry-engine", "picferry-rpc"]),
    ("picferry-clipboard", &["picferry-core"]),
    (
        "picferry-cli",
        &["picferry-clipboard", "picferry-core", "picferry-engine", "picferry-rpc", "picferry-server"],
    ),
    (
        "picferry-app",
        &[
            "picferry-clipboard",
            "picferry-core",
            "picferry-engine",
            "picferry-imaging",
            "picferry-rpc",
            "picferry-server",
        ],
    ),
];

/// Packages that read files, open sockets, talk to a database or decode pictures.
const INPUT_AND_OUTPUT: &[&str] = &[
    "tokio",
    "mio",
    "socket2",
    "hyper",
    "reqwest",
    "rusqlite",
    "libsqlite3-sys",
    "image",
    "notify",
    "keyring",
    "axum",
];

/// Ways to encrypt that would ship a second C library beside the one we chose.
const OTHER_TLS: &[&str] = &["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"];

#[test]
fn a_room_knows_only_the_rooms_it_may() {
    let rules: BTreeMap<&str, &[&str]> = MAY_KNOW.iter().copied().collect();
    let mut broken = Vec::new();
    for package in members().filter(|package| package.name != "picferry-tests") {
        let Some(allowed) = rules.get(package.name.as_str()) else {
            broken.push(format!(
                "{} is new: say in tests/house/rooms.rs which rooms it may know",
                package.name
            ));
            continue;
        };
        let ours = package.direct.iter().filter(|name| name.starts_with("picferry-"));
        for stranger in ours.filter(|name| !allowed.contains(&name.as_str())) {
            broken.push(format!("{} must not depend on {stranger}", package.name));
        }
    }
    assert!(
        broken.is_empty(),
        "A room knows only those below it; imaging, providers and history never know one another:\n{}",
        broken.join("\n")
    );
}

#[test]
fn the_words_of_the_domain_do_no_input_or_output() {
    let linked = linked_names("picferry-core");
    let found: Vec<_> = INPUT_AND_OUTPUT.iter().filter(|name| linked.contains(*name)).collect();
    assert!(found.is_empty(), "picferry-core describes, and others do: it must not carry {found:?}");
}

#[test]
fn reading_markdown_does_no_input_or_output() {
    let linked = linked_names("picferry-markdown");
    let found: Vec<_> = INPUT_AND_OUTPUT.iter().filter(|name| linked.contains(*name)).collect();
    assert!(found.is_empty(), "picferry-markdown is text in, text out: it must not carry {found:?}");
}

#[test]
fn only_the_desktop_package_names_tauri() {
    let found: Vec<_> = members()
        .filter(|package| package.name != "picferry-app")
        .flat_map(|package| package.direct.iter().map(move |name| (package.name.as_str(), name)))
        .filter(|(_, name)| name.starts_with("tauri") || *name == "wry" || *name == "tao")
        .collect();
    assert!(found.is_empty(), "Only picferry-app (src-tauri) may depend on Tauri: {found:?}");
}

#[test]
fn the_command_line_carries_no_webview() {
    let linked = linked_names("picferry-cli");
    let found: Vec<_> = ["tauri", "wry", "gtk", "webkit2gtk", "rfd"]
        .into_iter()
        .filter(|name| linked.contains(name))
        .collect();
    assert!(
        found.is_empty(),
        "picferry is its own small binary without a window: it must not carry {found:?}"
    );
}

#[test]
fn there_is_one_way_to_encrypt() {
    for package in ["picferry-app", "picferry-cli"] {
        let linked = linked_names(package);
        let found: Vec<_> = OTHER_TLS.iter().filter(|name| linked.contains(*name)).collect();
        assert!(found.is_empty(), "TLS is rustls with ring, nothing else; {package} also carries {found:?}");
    }
}

#[test]
fn every_room_says_what_it_is_for() {
    let silent: Vec<_> = members()
        .filter(|package| package.description.as_deref().is_none_or(str::is_empty))
        .map(|package| &package.name)
        .collect();
    assert!(silent.is_empty(), "A package needs a description, one line: {silent:?}");
}
