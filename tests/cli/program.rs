//! The program itself: small, and free of the desktop.

use picferry_tests::binaries;
use std::process::Command;

#[cfg(target_os = "linux")]
#[test]
fn it_links_neither_webkit_nor_gtk_nor_openssl() {
    let output = Command::new("ldd").arg(binaries::picferry()).output().unwrap();
    let libraries = String::from_utf8(output.stdout).unwrap().to_lowercase();
    assert!(libraries.contains("libc.so"), "ldd did not answer: {libraries}");
    for foreign in ["webkit", "gtk", "gdk", "javascriptcore", "libsoup", "libssl", "libx11", "wayland"] {
        assert!(!libraries.contains(foreign), "picferry links {foreign}:\n{libraries}");
    }
}
