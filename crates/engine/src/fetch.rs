//! Pictures from addresses: followed hop by hop, and where it matters only into the public network.

use crate::acquire::too_large;
use crate::public_address::is_public;
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use picferry_core::{Error, ErrorCode, Result};
use picferry_providers::http::{self, HttpOptions, failure};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, header};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// A redirect chain longer than this leads nowhere.
const MOST_REDIRECTS: usize = 5;

/// An address that has not given its picture after this long is given up.
const URL_TIMEOUT: Duration = Duration::from_secs(60);

/// How far an address may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Also into this computer and its network.
    Anywhere,
    /// Only to addresses that everybody in the world can reach, at every hop.
    PublicOnly,
}

/// The bytes behind an address, after at most a few redirects.
///
/// # Errors
/// `url_invalid`, `url_refused`, `file_too_large`, `empty_file`, `network`.
pub(crate) async fn fetch(address: &str, limit: u64, proxy: &str, reach: Reach) -> Result<Bytes> {
    let url = parse(address)?;
    let client = client(&url, proxy, reach)?;
    let fetched = tokio::time::timeout(URL_TIMEOUT, async {
        let response = follow(&client, url, reach).await?;
        read(response, address, limit).await
    });
    fetched.await.unwrap_or_else(|_| Err(unreachable().detail("it took longer than a minute")))
}

fn parse(address: &str) -> Result<Url> {
    Url::parse(address.trim()).ok().filter(is_of_the_web).ok_or_else(|| {
        Error::new(ErrorCode::UrlInvalid, format!("“{address}” is not an address of a picture."))
            .hint("It must start with http:// or https://.")
            .param("url", address)
    })
}

fn is_of_the_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
}

fn client(url: &Url, proxy: &str, reach: Reach) -> Result<Client> {
    // Redirects are followed here, so that each hop can be looked at first.
    let options = HttpOptions { proxy: proxy.to_owned(), ..HttpOptions::new(url.clone()) };
    let proxy = if http::is_loopback(url) { "none" } else { proxy };
    let mut builder = http::client_builder(proxy)?.redirect(Policy::none());
    if reach == Reach::PublicOnly {
        builder = builder.dns_resolver(Arc::new(PublicNames { proxies: proxies(&options) }));
    }
    builder.build().map_err(|error| {
        Error::new(ErrorCode::Internal, "The HTTP client could not be made.").detail(failure::chain(&error))
    })
}

/// The names of proxies that may be in use: they are the person's own choice, wherever they are.
fn proxies(options: &HttpOptions) -> Vec<String> {
    ["http://a.example", "https://a.example"]
        .into_iter()
        .filter_map(|target| {
            let options = HttpOptions { target: Url::parse(target).ok()?, ..options.clone() };
            Url::parse(&options.proxy_in_use()?).ok()?.host_str().map(str::to_owned)
        })
        .collect()
}

async fn follow(client: &Client, mut url: Url, reach: Reach) -> Result<Response> {
    for _ in 0..=MOST_REDIRECTS {
        if reach == Reach::PublicOnly {
            check_public(&url).await?;
        }
        let response = client.get(url.clone()).send().await.map_err(|error| fetch_failure(&error, &url))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let next = response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
        match next.filter(|_| status.is_redirection()) {
            Some(next) => url = url.join(next).ok().filter(is_of_the_web).ok_or_else(leads_nowhere)?,
            None => return Err(refused(status)),
        }
    }
    Err(leads_nowhere())
}

async fn read(response: Response, address: &str, limit: u64) -> Result<Bytes> {
    if let Some(length) = response.content_length().filter(|length| *length > limit) {
        return Err(too_large(address, length, limit));
    }
    let url = response.url().clone();
    let mut bytes = BytesMut::new();
    let mut stream = response.bytes_stream();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.map_err(|error| fetch_failure(&error, &url))?);
        if bytes.len() as u64 > limit {
            return Err(too_large(address, bytes.len() as u64, limit));
        }
    }
    if bytes.is_empty() {
        return Err(Error::new(ErrorCode::EmptyFile, "The address gave an empty answer."));
    }
    Ok(bytes.freeze())
}

/// Looks at every address that a name stands for, before anything is asked of it. Through a proxy
/// this is the only look there is; without one [`PublicNames`] looks again when it connects.
async fn check_public(url: &Url) -> Result<()> {
    let addresses = match url.host() {
        Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
        Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
        Some(Host::Domain(name)) => {
            let port = url.port_or_known_default().unwrap_or(80);
            let found = tokio::net::lookup_host((name, port))
                .await
                .map_err(|error| unreachable().param("host", name).detail(error))?;
            found.map(|address| address.ip()).collect()
        }
        None => Vec::new(),
    };
    if addresses.is_empty() || !addresses.into_iter().all(is_public) {
        return Err(private(url.host_str().unwrap_or_default()));
    }
    Ok(())
}

/// Resolves names to public addresses only. A name that was public when it was looked at may be
/// another address a moment later.
struct PublicNames {
    proxies: Vec<String>,
}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_proxy = self.proxies.contains(&name);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !is_proxy && !found.iter().all(|address| is_public(address.ip())) {
                return Err(private(&name).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The error for an address that leads into this computer or its network.
fn private(host: &str) -> Box<Error> {
    Error::new(
        ErrorCode::UrlRefused,
        format!("{host} is this computer or one of its network, which editors may not reach."),
    )
    .hint("If that is meant, allow private addresses in Settings, Editors & server.")
    .param("host", host)
    .param("reason", "private_address")
}

fn refused(status: reqwest::StatusCode) -> Box<Error> {
    let error = Error::new(ErrorCode::UrlRefused, format!("The address answered {status}."))
        .hint("Open it in a browser: it may need a login, or be gone.")
        .param("status", status.as_u16());
    if status.is_server_error() || status.as_u16() == 429 { error.temporary() } else { error }
}

fn leads_nowhere() -> Box<Error> {
    Error::new(ErrorCode::UrlRefused, "The address leads on too often, and nowhere.")
        .hint("Check the address and the connection.")
}

fn unreachable() -> Box<Error> {
    Error::new(ErrorCode::Network, "The address cannot be reached.")
        .hint("Check the address and the connection.")
        .temporary()
}

fn fetch_failure(error: &reqwest::Error, url: &Url) -> Box<Error> {
    let chain = failure::chain(error);
    let host = url.host_str().unwrap_or_default();
    if chain.contains(&private(host).message) {
        return private(host);
    }
    unreachable().detail(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn resolved(name: &str, proxies: &[&str]) -> bool {
        let names = PublicNames { proxies: proxies.iter().map(|name| (*name).to_owned()).collect() };
        names.resolve(name.parse().unwrap()).await.is_ok()
    }

    #[tokio::test]
    async fn a_name_that_turns_into_this_computer_is_not_connected_to() {
        assert!(!resolved("localhost", &[]).await);
        assert!(resolved("localhost", &["localhost"]).await, "a proxy is the person's own choice");
    }

    #[tokio::test]
    async fn every_form_of_this_computer_is_told_before_it_is_asked() {
        for url in ["http://localhost/", "http://127.1/", "http://[::1]/", "http://0x7f000001/"] {
            let error = check_public(&Url::parse(url).unwrap()).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::UrlRefused, "{url}");
        }
        assert!(check_public(&Url::parse("http://1.1.1.1/").unwrap()).await.is_ok());
    }
}
