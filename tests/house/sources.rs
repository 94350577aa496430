//! What must not be in the tree, and where things must be.

use crate::tree::{read, tracked, written_by_hand};

/// What people write by hand and read again; data and generated files are not counted.
const CODE: &[&str] = &[".rs", ".ts", ".js", ".svelte", ".css", ".sh", ".py"];

/// Lines a file may have before it wants to be two.
const LINES: usize = 400;

/// A test reads from top to bottom, and may tell a longer story.
const LINES_OF_A_TEST: usize = 600;

#[test]
fn only_the_host_folder_of_the_ui_names_tauri() {
    let found: Vec<_> = written_by_hand(&[".ts", ".js", ".svelte"])
        .filter(|(name, _)| name.starts_with("ui/src/") && !name.starts_with("ui/src/host/"))
        .filter(|(_, text)| text.contains("@tauri-apps/"))
        .map(|(name, _)| name)
        .collect();
    assert!(
        found.is_empty(),
        "The UI reaches the desktop through ui/src/host alone; these import Tauri: {found:?}"
    );
}

#[test]
fn only_one_file_prints() {
    let prints = ["println!(", "print!(", "eprintln!(", "eprint!(", "dbg!("];
    let found: Vec<_> = written_by_hand(&[".rs"])
        .filter(|(name, _)| name.starts_with("crates/") || name.starts_with("src-tauri/src/"))
        // A build script speaks to cargo that way.
        .filter(|(name, _)| !name.ends_with("/build.rs"))
        .flat_map(|(name, text)| {
            let lines =
                code_lines(text).filter(move |(_, line)| prints.iter().any(|print| calls(line, print)));
            lines.map(move |(number, _)| format!("{name}:{number}"))
        })
        .collect();
    let elsewhere: Vec<_> = found.iter().filter(|place| !place.starts_with("crates/cli/src/")).collect();
    assert!(
        elsewhere.is_empty(),
        "Only crates/cli prints; others return what they have or log it: {elsewhere:?}"
    );

    let mut files: Vec<_> = found.iter().filter_map(|place| place.split(':').next()).collect();
    files.dedup();
    assert!(files.len() <= 1, "The command line prints in one file, so that its voice is one: {files:?}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<_> = written_by_hand(CODE)
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(name, lines)| *lines > if is_test(name) { LINES_OF_A_TEST } else { LINES })
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(
        long.is_empty(),
        "A file has up to {LINES} lines, a test up to {LINES_OF_A_TEST}; split these:\n{}",
        long.join("\n")
    );
}

#[test]
fn no_test_is_switched_off() {
    // Put together here, so that this list does not find itself.
    let rust = [format!("#[{}", "ignore"), format!("{}!(", "todo"), format!("{}!(", "unimplemented")];
    let script = ["it.skip(", "it.only(", "test.skip(", "test.only(", "describe.skip(", "describe.only("];
    let in_rust = written_by_hand(&[".rs"])
        .filter(|(name, _)| *name != "tests/house/sources.rs")
        .flat_map(|(name, text)| places(name, text, &rust));
    let in_script = written_by_hand(&[".ts", ".js"]).flat_map(|(name, text)| places(name, text, &script));
    let found: Vec<_> = in_rust.chain(in_script).collect();
    assert!(found.is_empty(), "A test that does not run proves nothing, and a stub is no code: {found:?}");
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() {
    let bare = [format!("#[{}(", "allow"), format!("#![{}(", "allow"), format!("@ts-{}", "ignore")];
    let found: Vec<_> = written_by_hand(&[".rs", ".ts", ".svelte"])
        .filter(|(name, _)| *name != "tests/house/sources.rs")
        .flat_map(|(name, text)| places(name, text, &bare))
        .collect();
    assert!(found.is_empty(), "Write #[expect(lint, reason = \"…\")] instead: {found:?}");
}

#[test]
fn the_tree_names_no_package_registry() {
    // The parts are put together here, so that this file does not name them either.
    let hosts = [
        ["static.", "crates", ".io"].concat(),
        ["index.", "crates", ".io"].concat(),
        ["https://", "crates", ".io"].concat(),
        ["registry.", "npmjs", ".org"].concat(),
        ["files.", "pythonhosted", ".org"].concat(),
        ["pypi", ".org"].concat(),
        ["deb.", "debian", ".org"].concat(),
        ["archive.", "ubuntu", ".com"].concat(),
    ];
    let found: Vec<_> = tracked().iter().flat_map(|(name, text)| places(name, text, &hosts)).collect();
    assert!(
        found.is_empty(),
        "Packages are used by name; where they come from is the machine's own setting: {found:?}"
    );
}

#[test]
fn the_tree_stands_alone() {
    let outside = [["..", "/shared/"].concat(), ["/work", "/main"].concat(), ["/work", "/shared"].concat()];
    let found: Vec<_> = tracked().iter().flat_map(|(name, text)| places(name, text, &outside)).collect();
    assert!(
        found.is_empty(),
        "A clone alone has to build, run and pass its tests; these point outside it: {found:?}"
    );
}

#[test]
fn pages_point_at_files_that_are_there() {
    let mut missing = Vec::new();
    for (name, text) in written_by_hand(&[".md"]) {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in links(text).filter(|target| !target.contains("://") && !target.starts_with(['#', 'm']))
        {
            let path = target.split('#').next().unwrap_or_default();
            if !crate::tree::root().join(folder).join(path).exists() {
                missing.push(format!("{name}: {target}"));
            }
        }
    }
    assert!(missing.is_empty(), "These links lead nowhere:\n{}", missing.join("\n"));
}

#[test]
fn the_gate_runs_everything() {
    assert!(read(".ci/run").contains("make test"), ".ci/run calls make test, nothing less");
    for page in ["README.md", "README.zh-CN.md"] {
        let text = read(page);
        assert!(text.contains("make run") && text.contains("make test"), "{page} names both commands");
    }
}

fn is_test(name: &str) -> bool {
    name.starts_with("tests/")
        || name.contains("/tests/")
        || name.contains(".test.")
        || name.ends_with("/tests.rs")
}

/// Lines with their numbers up to the unit tests at the end, comments left out.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// Whether a line has the macro itself, and not one whose name ends the same.
fn calls(line: &str, print: &str) -> bool {
    line.match_indices(print).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

/// Where any of the words stands, as `file:line`.
fn places<'a>(
    name: &'a str,
    text: &'a str,
    words: &'a [impl AsRef<str>],
) -> impl Iterator<Item = String> + 'a {
    text.lines()
        .enumerate()
        .filter(|(_, line)| words.iter().any(|word| line.contains(word.as_ref())))
        .map(move |(index, _)| format!("{name}:{}", index + 1))
}

/// The targets of a page's links and pictures. What stands between backticks shows how one is written.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split('`').step_by(2);
    prose.flat_map(|prose| prose.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()))
}
