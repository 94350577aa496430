//! The one HTTP client of all hosts: TLS, proxy, extra certificates, timeouts.

pub mod failure;

use picferry_core::{Error, ErrorCode, Result};
use reqwest::redirect::Policy;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;
use url::Url;

/// How long a connection may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Stores close idle connections after 20 to 60 seconds; a reused dead one costs a retry.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// How a host is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpOptions {
    /// The address that is going to be called: loopback never goes through a proxy.
    pub target: Url,
    /// `system`, `none`, or a proxy URL (`http`, `https`, `socks5`, `socks5h`).
    pub proxy: String,
    /// A PEM file with more certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
    /// Redirects to follow; none for signed requests, whose signature covers the address.
    pub redirects: usize,
}

impl HttpOptions {
    /// Direct or system proxy, ordinary certificates, no redirects.
    #[must_use]
    pub fn new(target: Url) -> Self {
        Self { target, proxy: "system".into(), ca_file: None, insecure: false, redirects: 0 }
    }

    /// The proxy that requests to the target go through, for error messages; without credentials.
    #[must_use]
    pub fn proxy_in_use(&self) -> Option<String> {
        if is_loopback(&self.target) {
            return None;
        }
        match self.proxy.as_str() {
            "none" => None,
            "" | "system" => system_proxy(self.target.scheme()).map(|proxy| crate::redact::url(&proxy)),
            url => Some(crate::redact::url(url)),
        }
    }
}

/// Installs the TLS implementation once. Calling it again is fine.
pub fn install_tls() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Somebody else in this process may have installed one already: theirs works too.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Whether an address is this very computer.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A builder with what all clients share: TLS, timeouts, and a proxy (`system`, `none`, or a URL).
///
/// # Errors
/// `invalid_field` for a proxy that cannot be used.
pub fn client_builder(proxy: &str) -> Result<reqwest::ClientBuilder> {
    install_tls();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("Picferry/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .tcp_keepalive(Duration::from_secs(30))
        // Over HTTP/2 all uploads would share one connection and its small send window.
        .http1_only();
    with_proxy(builder, proxy)
}

/// Builds a client for one host.
///
/// # Errors
/// `invalid_field` for a proxy or certificate file that cannot be used.
pub fn client(options: &HttpOptions) -> Result<reqwest::Client> {
    let loopback = is_loopback(&options.target);
    let mut builder = client_builder(if loopback { "none" } else { &options.proxy })?;
    builder = match options.redirects {
        0 => builder.redirect(Policy::none()),
        most => builder.redirect(Policy::limited(most)),
    };
    if loopback && options.redirects == 0 && options.target.scheme() == "http" {
        // Reading the system's certificates costs milliseconds at every start; nobody needs them here.
        builder = builder.tls_certs_only([]);
    }
    if let Some(path) = &options.ca_file {
        builder = with_certificates(builder, path)?;
    }
    if options.insecure {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    builder.build().map_err(|error| {
        Error::new(ErrorCode::Internal, "The HTTP client could not be made.").detail(failure::chain(&error))
    })
}

fn with_proxy(builder: reqwest::ClientBuilder, proxy: &str) -> Result<reqwest::ClientBuilder> {
    match proxy {
        "" | "system" => Ok(builder),
        "none" => Ok(builder.no_proxy()),
        url => {
            let proxy = reqwest::Proxy::all(url).map_err(|_| bad_proxy())?;
            Ok(builder.proxy(proxy))
        }
    }
}

/// The error for a proxy address that cannot be used.
pub(crate) fn bad_proxy() -> Box<Error> {
    Error::new(ErrorCode::InvalidField, "The proxy address cannot be used.")
        .hint("Write it like http://127.0.0.1:7890 or socks5://127.0.0.1:1080, or “system”, or “none”.")
        .field("proxy")
        .param("reason", "not_a_proxy")
}

fn with_certificates(builder: reqwest::ClientBuilder, path: &PathBuf) -> Result<reqwest::ClientBuilder> {
    let pem = std::fs::read(path)
        .map_err(|error| Error::from_io("The certificate file could not be read", &error).field("ca_file"))?;
    let refuse = || {
        Error::new(ErrorCode::InvalidField, "The certificate file holds no certificate in PEM form.")
            .hint("A PEM file begins with “-----BEGIN CERTIFICATE-----”.")
            .field("ca_file")
            .param("reason", "not_pem")
    };
    let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(|_| refuse())?;
    if certificates.is_empty() {
        return Err(refuse());
    }
    Ok(builder.tls_certs_merge(certificates))
}

/// The proxy that the environment names for a scheme, as the client itself reads it.
fn system_proxy(scheme: &str) -> Option<String> {
    let names: &[&str] = match scheme {
        "https" => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => &["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"],
    };
    names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(target: &str) -> HttpOptions {
        HttpOptions::new(Url::parse(target).unwrap())
    }

    #[test]
    fn this_computer_is_never_reached_through_a_proxy() {
        for target in
            ["http://127.0.0.1:36688", "http://localhost:9000", "https://[::1]/", "http://a.localhost"]
        {
            let options = HttpOptions { proxy: "http://proxy.example:3128".into(), ..options(target) };
            assert_eq!(options.proxy_in_use(), None, "{target}");
        }
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        let options =
            HttpOptions { proxy: "http://me:pw@proxy.example:3128".into(), ..options("https://a.example") };
        assert_eq!(options.proxy_in_use().as_deref(), Some("http://proxy.example:3128/"));
    }

    #[test]
    fn a_proxy_that_is_no_address_is_refused_beside_its_field() {
        let options = HttpOptions { proxy: "::nonsense".into(), ..options("https://a.example") };
        let error = client(&options).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidField);
        assert_eq!(error.field.as_deref(), Some("proxy"));
    }

    #[test]
    fn a_certificate_file_must_exist_and_hold_one() {
        let missing =
            HttpOptions { ca_file: Some("/nonexistent/ca.pem".into()), ..options("https://a.example") };
        assert_eq!(client(&missing).unwrap_err().code, ErrorCode::FileNotFound);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "hello").unwrap();
        let empty = HttpOptions { ca_file: Some(path), ..options("https://a.example") };
        let error = client(&empty).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("ca_file")));
    }
}
