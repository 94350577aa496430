//! Tells apart why no answer came: name, connection, certificate, proxy, time.

use picferry_core::{Error, ErrorCode};
use std::error::Error as StdError;
use std::io;

/// What is known about the call that failed.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    /// The host name that was called.
    pub host: String,
    /// The proxy it went through, without credentials.
    pub proxy: Option<String>,
    /// Bytes of the body were under way when it broke.
    pub sending: bool,
}

/// Why a call brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Timeout,
    UnknownName,
    Refused,
    Unreachable,
    UnknownIssuer,
    Certificate,
    Tls,
    Proxy,
    Broken,
}

/// All messages of an error, outermost first, on one line.
#[must_use]
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut messages: Vec<String> = Vec::new();
    for cause in causes(error) {
        let message = cause.to_string();
        // Many wrappers repeat what they wrap.
        if !messages.iter().any(|known| known.contains(&message)) {
            messages.push(message);
        }
    }
    messages.join(": ")
}

/// The error of a call that brought no answer.
#[must_use]
pub fn no_answer(error: &(dyn StdError + 'static), attempt: &Attempt) -> Box<Error> {
    let cause = cause_of(error);
    let built = match (&attempt.proxy, cause) {
        (Some(proxy), Cause::Proxy | Cause::UnknownName | Cause::Refused | Cause::Unreachable) => {
            through_proxy(proxy)
        }
        _ => direct(cause, attempt),
    };
    built.param("host", &attempt.host).detail(chain(error))
}

fn through_proxy(proxy: &str) -> Box<Error> {
    Error::new(ErrorCode::Network, format!("The proxy {proxy} could not be used."))
        .hint("Check that the proxy is running, or choose another proxy for this profile.")
        .field("proxy")
        .param("proxy", proxy)
        .temporary()
}

fn direct(cause: Cause, attempt: &Attempt) -> Box<Error> {
    let host = &attempt.host;
    match cause {
        Cause::Timeout => Error::new(ErrorCode::Network, format!("{host} did not answer in time."))
            .hint("Try again; if it stays so, check the network or the proxy.")
            .temporary(),
        Cause::UnknownName => Error::new(ErrorCode::Network, format!("The name {host} could not be found."))
            .hint("Check the endpoint for typing mistakes, and that this computer is online.")
            .field("endpoint")
            .temporary(),
        Cause::Refused => Error::new(ErrorCode::Network, format!("Nothing answers at {host}."))
            .hint("Check the endpoint and its port, and that the server is running.")
            .field("endpoint")
            .temporary(),
        Cause::Unreachable => Error::new(ErrorCode::Network, format!("{host} cannot be reached from here."))
            .hint("Check that this computer is online.")
            .temporary(),
        Cause::UnknownIssuer => Error::new(
            ErrorCode::TlsFailed,
            format!("The certificate of {host} is signed by somebody unknown."),
        )
        .hint("If the server is your own, name its certificate file under “Extra certificate”.")
        .field("ca_file"),
        Cause::Certificate => {
            Error::new(ErrorCode::TlsFailed, format!("The certificate of {host} is not valid for it."))
                .hint("Check the host name in the endpoint and the date of this computer.")
                .field("endpoint")
        }
        Cause::Tls => {
            Error::new(ErrorCode::TlsFailed, format!("No secure connection to {host} could be made."))
                .hint("Check that the endpoint begins with the right one of https:// and http://.")
                .field("endpoint")
        }
        Cause::Proxy => Error::new(ErrorCode::Network, "The proxy could not be used.".to_owned())
            .hint("Check that the proxy is running, or choose another proxy for this profile.")
            .field("proxy")
            .temporary(),
        Cause::Broken if attempt.sending => {
            Error::new(ErrorCode::Network, format!("The connection to {host} broke while sending."))
                .temporary()
        }
        Cause::Broken => {
            Error::new(ErrorCode::Network, format!("The connection to {host} broke.")).temporary()
        }
    }
}

/// Every error below one, itself first; also what an I/O error merely wraps.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| below(*error))
}

fn below<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn cause_of(error: &(dyn StdError + 'static)) -> Cause {
    let mut found = Cause::Broken;
    for cause in causes(error) {
        if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            return tls_cause(error);
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            found = io_cause(error).unwrap_or(found);
        }
        if cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout) {
            found = Cause::Timeout;
        }
        // The types of these are private to the HTTP stack; their texts are all there is.
        let text = cause.to_string();
        if text.starts_with("dns error") || text.contains("failed to lookup address") {
            return Cause::UnknownName;
        }
        if text.starts_with("tunnel error") || text.starts_with("SOCKS error") {
            return Cause::Proxy;
        }
    }
    found
}

fn tls_cause(error: &rustls::Error) -> Cause {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => Cause::UnknownIssuer,
        // A self-signed certificate without the CA flag is refused for its signature or purpose.
        rustls::Error::InvalidCertificate(
            rustls::CertificateError::BadSignature | rustls::CertificateError::Other(_),
        ) => Cause::UnknownIssuer,
        rustls::Error::InvalidCertificate(_) => Cause::Certificate,
        _ => Cause::Tls,
    }
}

fn io_cause(error: &io::Error) -> Option<Cause> {
    match error.kind() {
        io::ErrorKind::TimedOut => Some(Cause::Timeout),
        io::ErrorKind::ConnectionRefused => Some(Cause::Refused),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
            Some(Cause::Unreachable)
        }
        _ => None,
    }
}

/// The error of a host that takes no bytes and gives none for too long.
#[derive(Debug)]
pub struct Stalled;

impl std::fmt::Display for Stalled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("no bytes moved for too long")
    }
}

impl StdError for Stalled {}

impl From<Stalled> for io::Error {
    fn from(stalled: Stalled) -> Self {
        Self::new(io::ErrorKind::TimedOut, stalled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(proxy: Option<&str>) -> Attempt {
        Attempt { host: "img.example.com".into(), proxy: proxy.map(str::to_owned), sending: false }
    }

    fn io(kind: io::ErrorKind) -> io::Error {
        io::Error::new(kind, "it broke")
    }

    #[test]
    fn a_refused_connection_names_the_endpoint_or_the_proxy() {
        let error = no_answer(&io(io::ErrorKind::ConnectionRefused), &attempt(None));
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Network, Some("endpoint")));
        assert!(error.retryable);
        let error =
            no_answer(&io(io::ErrorKind::ConnectionRefused), &attempt(Some("http://127.0.0.1:7890/")));
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Network, Some("proxy")));
    }

    #[test]
    fn an_unknown_issuer_points_at_the_extra_certificate() {
        let tls = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let error = no_answer(&io::Error::new(io::ErrorKind::InvalidData, tls), &attempt(None));
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::TlsFailed, Some("ca_file")));
        assert!(!error.retryable, "a certificate does not get better by itself");
    }

    #[test]
    fn silence_is_a_timeout_and_may_pass() {
        let error = no_answer(&io::Error::from(Stalled), &attempt(None));
        assert_eq!(error.code, ErrorCode::Network);
        assert!(error.retryable && error.message.contains("in time"), "{error:?}");
    }

    #[test]
    fn the_chain_says_everything_once() {
        let error = io::Error::other(io(io::ErrorKind::ConnectionReset));
        assert_eq!(chain(&error), "it broke");
    }
}
