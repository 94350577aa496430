//! What the tests look at: the tracked files and cargo's own account of the workspace.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder of the root manifest.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap())
}

/// A file of the project as text.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file of the project as JSON.
pub fn read_json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file that git knows and that is there, with its text; pictures and other binaries are left out.
pub fn tracked() -> &'static [(String, String)] {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let listed = run(Command::new("git").args(["ls-files", "-z"]).current_dir(root()));
        let names = listed.split('\0').filter(|name| !name.is_empty());
        names
            .filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(root().join(name)).ok()?)))
            .collect()
    })
}

/// Tracked files whose name ends in one of these, generated ones left out.
pub fn written_by_hand(endings: &[&str]) -> impl Iterator<Item = (&'static str, &'static str)> {
    let endings: Vec<String> = endings.iter().map(|one| (*one).to_owned()).collect();
    tracked()
        .iter()
        .filter(move |(name, _)| endings.iter().any(|ending| name.ends_with(ending.as_str())))
        .filter(|(name, _)| !name.contains("/generated/"))
        .map(|(name, text)| (name.as_str(), text.as_str()))
}

/// One package as cargo sees it.
pub struct Package {
    /// `serde 1.0.0` needs both to be told apart.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence expression, or nothing.
    pub licence: Option<String>,
    /// Whether it is ours.
    pub is_member: bool,
    /// What it is for, in its own words.
    pub description: Option<String>,
    /// Names of what it depends on directly, for any purpose and platform.
    pub direct: BTreeSet<String>,
    /// Ids of what it is linked with, on any platform; neither build nor development dependencies.
    linked: Vec<String>,
}

/// Every package of the lock file, on every platform.
pub fn packages() -> &'static [Package] {
    static PACKAGES: OnceLock<Vec<Package>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let text = run(Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(root()));
        let metadata: Value = serde_json::from_str(&text).unwrap();
        let members: BTreeSet<&str> = strings(&metadata["workspace_members"]).collect();
        let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
        metadata["packages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|package| read_package(package, &members, nodes))
            .collect()
    })
}

/// Our own packages.
pub fn members() -> impl Iterator<Item = &'static Package> {
    packages().iter().filter(|package| package.is_member)
}

/// The names of everything that ends up in a package, however deep.
pub fn linked_names(name: &str) -> BTreeSet<&'static str> {
    let start = members().find(|package| package.name == name).unwrap_or_else(|| panic!("no package {name}"));
    let mut waiting = start.linked.clone();
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let package = packages().iter().find(|package| package.id == id).unwrap();
        names.insert(package.name.as_str());
        waiting.extend(package.linked.iter().cloned());
    }
    names
}

fn read_package(package: &Value, members: &BTreeSet<&str>, nodes: &[Value]) -> Package {
    let text = |key: &str| package[key].as_str().map(str::to_owned);
    let id = text("id").unwrap();
    let dependencies = package["dependencies"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["id"] == id.as_str()).unwrap();
    Package {
        is_member: members.contains(id.as_str()),
        name: text("name").unwrap(),
        version: text("version").unwrap(),
        licence: text("license"),
        description: text("description"),
        direct: dependencies.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect(),
        linked: node["deps"].as_array().unwrap().iter().filter_map(linked_id).collect(),
        id,
    }
}

/// The id of a dependency that is linked in; cargo gives such a one no kind.
fn linked_id(dependency: &Value) -> Option<String> {
    let kinds = dependency["dep_kinds"].as_array()?;
    kinds
        .iter()
        .any(|kind| kind["kind"].is_null())
        .then(|| dependency["pkg"].as_str().unwrap_or_default().to_owned())
}

/// The strings of a JSON array.
pub fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
