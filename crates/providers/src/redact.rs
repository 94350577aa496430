//! Takes what is nobody's business out of texts that may reach a log or a screen.

use picferry_core::secret::Secret;
use url::Url;

/// Headers whose value lets somebody act as the person.
const PRIVATE_HEADERS: &[&str] =
    &["authorization", "cookie", "proxy-authorization", "set-cookie", "x-amz-security-token", "x-api-key"];

/// The value of a header as it may be shown.
#[must_use]
pub fn header<'a>(name: &str, value: &'a str) -> &'a str {
    if PRIVATE_HEADERS.contains(&name.to_ascii_lowercase().as_str()) { "•••" } else { value }
}

/// An address without user, password, query and fragment: a signature may sit in the query.
#[must_use]
pub fn url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return text.split(['?', '#']).next().unwrap_or_default().to_owned();
    };
    // An address that cannot carry a user has none to remove.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.set_fragment(None);
    url.to_string().replace("?%E2%80%A6", "?…")
}

/// Removes known secrets from any text, for what a server may echo.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Vec<Secret>,
}

impl Redactor {
    /// Knows these secrets. Very short ones are left out: they would blank half of any text.
    #[must_use]
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| secret.expose().len() >= 4).cloned().collect();
        Self { secrets }
    }

    /// The text with every secret replaced.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for secret in &self.secrets {
            if clean.contains(secret.expose()) {
                clean = clean.replace(secret.expose(), "•••");
            }
        }
        clean
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Redactor")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_password_and_signature() {
        assert_eq!(
            url("https://me:pass@img.example.com/a%20b.png?X-Amz-Signature=abc#top"),
            "https://img.example.com/a%20b.png?…"
        );
        assert_eq!(url("socks5://user:pw@127.0.0.1:1080"), "socks5://127.0.0.1:1080");
    }

    #[test]
    fn a_signature_header_is_not_shown() {
        assert_eq!(header("Authorization", "AWS4-HMAC-SHA256 …"), "•••");
        assert_eq!(header("content-type", "image/png"), "image/png");
    }

    #[test]
    fn a_secret_that_a_server_echoes_is_blanked() {
        let redactor = Redactor::new(&[Secret::new("s3cr3t-key")]);
        assert_eq!(redactor.clean("bad token s3cr3t-key."), "bad token •••.");
    }
}
