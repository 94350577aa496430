//! What the settings of the server for editors may be.

use super::settings_patch::wrong;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use picferry_core::settings::ServerSettings;
use picferry_engine::is_loopback;
use std::net::IpAddr;
use url::Url;

pub(super) fn check(server: &ServerSettings) -> Result<()> {
    if server.port == 0 {
        return Err(
            wrong("server.port", "Editors need a fixed port: 0 is none.").hint("Most of them expect 36677.")
        );
    }
    let is_address = server.address == "localhost" || server.address.parse::<IpAddr>().is_ok();
    if !is_address {
        return Err(wrong("server.address", "This is no address of a computer.")
            .hint("127.0.0.1 is this computer alone; 0.0.0.0 is its whole network."));
    }
    if !is_loopback(&server.address) && !server.has_token {
        return Err(wrong("server.address", "Beyond this computer everybody could use the server.")
            .hint("Set a token first."));
    }
    if let Some(origin) = server.allowed_origins.iter().find(|origin| !is_origin(origin)) {
        return Err(wrong("server.allowed_origins", "This is no origin of a page.")
            .hint("Write it like https://notes.example.com or app://notes, without a path; or null, or file://.")
            .param("origin", origin));
    }
    if let Some(format) = server.formats.iter().find(|name| PictureFormat::from_name(name).is_none()) {
        let known: Vec<&str> = PictureFormat::ALL.iter().map(|format| format.name()).collect();
        return Err(wrong("server.formats", "There is no such format of pictures.")
            .hint(format!("Known are {}.", known.join(", ")))
            .param("format", format));
    }
    Ok(())
}

/// As a browser writes it: scheme, host and port, and nothing else.
fn is_origin(text: &str) -> bool {
    if matches!(text, "null" | "file://") {
        return true;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    scheme == url.scheme() && !rest.is_empty() && !rest.contains(['/', '?', '#', '@', '*', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_neither_path_nor_pattern() {
        for origin in ["https://notes.example.com", "http://127.0.0.1:6806", "app://notes", "null", "file://"]
        {
            assert!(is_origin(origin), "{origin}");
        }
        for other in ["*", "https://*.example.com", "notes.example.com", "https://a.example/", "https://", ""]
        {
            assert!(!is_origin(other), "{other}");
        }
    }
}
