//! What the process finds around itself, and what it changes there before the first thread starts.

use picferry_core::digest::sha256_hex;
#[cfg(target_os = "linux")]
use picferry_rpc::types::HotkeyName;
use std::path::Path;

/// Prepares the environment. Called first in `main`, before GTK and before any thread.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    for (variable, value) in WEBKIT {
        // Whoever sets one keeps their choice; a refusal leaves a default that works.
        if std::env::var_os(variable).is_none() {
            drop(glib::setenv(variable, value, false));
        }
    }
}

/// What WebKit is told. Its DMA-BUF renderer shows a blank window with some drivers and costs memory
/// everywhere. The page is lists and forms: compilers for its scripts take ten megabytes, are the part
/// of a browser that is attacked most, and give nothing that can be seen.
#[cfg(target_os = "linux")]
const WEBKIT: [(&str, &str); 2] = [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("JSC_useJIT", "false")];

/// Whether programs may not take keys for themselves here: a Wayland session.
#[cfg(target_os = "linux")]
pub use picferry_clipboard::is_wayland;

/// The id under which instances find one another: one for each home, so that a portable copy and
/// the installed one live side by side.
pub fn instance_id(identifier: &str, home: Option<&Path>) -> String {
    let Some(home) = home else { return identifier.to_owned() };
    let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
    let digest = sha256_hex(home.as_os_str().as_encoded_bytes());
    // An element of a bus name must not begin with a digit.
    format!("{identifier}.h{}", &digest[..16])
}

/// The command that does what a global key does, for people who bind keys in their desktop's settings.
#[cfg(target_os = "linux")]
pub fn command_for(name: HotkeyName) -> String {
    let flag = match name {
        HotkeyName::UploadClipboard => "--upload-clipboard",
        HotkeyName::DropWindow => "--drop-window",
    };
    let program = std::env::var_os("APPIMAGE")
        .map(std::path::PathBuf::from)
        .or_else(|| std::env::current_exe().ok())
        .unwrap_or_else(|| "picferry-app".into());
    let is_on_path = program.parent().is_some_and(|folder| {
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|entry| entry == folder))
    });
    match program.file_name() {
        Some(name) if is_on_path => format!("{} {flag}", name.to_string_lossy()),
        _ => format!("{} {flag}", quoted(&program.to_string_lossy())),
    }
}

/// The text as one word of a shell.
#[cfg(target_os = "linux")]
fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "/._-+".contains(character);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_home_has_its_own_instance() {
        let system = instance_id("app.picferry", None);
        let first = instance_id("app.picferry", Some(Path::new("/tmp/one")));
        let second = instance_id("app.picferry", Some(Path::new("/tmp/two")));
        assert_eq!(system, "app.picferry");
        assert_ne!(first, second);
        assert!(first.starts_with("app.picferry.h"), "{first}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_with_a_space_in_its_path_is_one_word_of_the_command() {
        assert_eq!(quoted("/opt/picferry"), "/opt/picferry");
        assert_eq!(quoted("/opt/my apps/it's"), r"'/opt/my apps/it'\''s'");
    }
}
