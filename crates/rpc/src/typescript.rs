//! The TypeScript of the command table: one file with every type, every command and the events.

use crate::commands::describe;
use picferry_core::event::Event;
use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};

const HEADER: &str = "\
// Made from the command table in crates/rpc by `make types`. Do not edit.
/* eslint-disable */
";

/// Collects commands and the types they use.
pub(crate) struct Table {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
    commands: String,
}

impl Table {
    fn new() -> Self {
        Self {
            // All our large integers are counts, sizes, row ids and times: far below 2^53.
            config: Config::new().with_large_int("number"),
            seen: HashSet::new(),
            declarations: BTreeMap::new(),
            commands: String::new(),
        }
    }

    /// Adds a command with all types it mentions.
    pub(crate) fn command<Request: TS + 'static, Response: TS + 'static>(&mut self, name: &str) {
        self.visit::<Request>();
        self.visit::<Response>();
        let request = Request::name(&self.config);
        let response = Response::name(&self.config);
        let _ = writeln!(self.commands, "  {name}: {{ request: {request}; response: {response} }};");
    }
}

impl TypeVisitor for Table {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
        // Only types of our own have a file to be declared in; `Vec<T>`, `string` have none.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl(&self.config));
            self.declarations.insert(T::ident(&self.config), declaration);
        }
    }
}

/// The whole file.
#[must_use]
pub fn bindings() -> String {
    let mut table = Table::new();
    table.visit::<Event>();
    describe(&mut table);
    let types: Vec<&str> = table.declarations.values().map(String::as_str).collect();
    let file = format!(
        "{HEADER}\n{types}\n/** Every command of the window: what it takes and what it gives. */\n\
         export interface Commands {{\n{commands}}}\n\n\
         /** The name of a command. */\nexport type CommandName = keyof Commands;\n",
        types = types.join("\n"),
        commands = table.commands,
    );
    let lines: Vec<&str> = file.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// `make types` sets this to write the file instead of comparing it.
    const WRITE: &str = "PICFERRY_WRITE_TYPES";

    #[test]
    fn the_committed_typescript_is_that_of_the_command_table() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/generated/bindings.ts");
        let made = bindings();
        if std::env::var_os(WRITE).is_some_and(|value| value == "1") {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        let first_difference =
            made.lines().zip(committed.lines()).find(|(made, committed)| made != committed);
        assert!(
            made == committed,
            "ui/src/generated/bindings.ts is not what the command table says. Run `make types` \
             ({WRITE}=1 cargo test -p picferry-rpc) and commit it.\nFirst difference (table, file): {first_difference:?}",
        );
    }

    #[test]
    fn every_command_is_in_the_typescript() {
        let made = bindings();
        for command in crate::COMMANDS {
            assert!(made.contains(&format!("\n  {command}: {{ request: ")), "{command}");
        }
    }

    #[test]
    fn no_number_is_a_bigint() {
        // JSON has only one kind of number, and the window reads it as `number`.
        assert!(!bindings().contains("bigint"));
    }
}
