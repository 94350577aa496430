//! Step 1: from a source to bytes, checked for what it is and how large it is.

use crate::engine::{Engine, run_blocking};
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::StoredSource;
use picferry_providers::http::HttpOptions;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

/// A redirect chain longer than this leads nowhere.
const MOST_REDIRECTS: usize = 5;

/// An address that does not answer for this long is given up.
const URL_TIMEOUT: Duration = Duration::from_secs(60);

impl Engine {
    /// Reads the whole source.
    ///
    /// # Errors
    /// What is wrong with it, in a code of its own: not there, a folder, a device, empty, too large.
    pub(crate) async fn acquire(&self, source: &StoredSource) -> Result<Bytes> {
        let limit = self.settings().upload.max_file_bytes;
        match source {
            StoredSource::Path { path } => {
                let path = path.clone();
                run_blocking(move || read_file(Path::new(&path), &path, limit)).await
            }
            StoredSource::Spool { path, name } => {
                let (path, name) = (path.clone(), name.clone());
                run_blocking(move || read_file(Path::new(&path), &name, u64::MAX)).await
            }
            StoredSource::Url { url } => self.fetch(url, limit).await,
        }
    }

    async fn fetch(&self, address: &str, limit: u64) -> Result<Bytes> {
        let url = url::Url::parse(address.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
            .ok_or_else(|| {
                Error::new(ErrorCode::UrlInvalid, format!("“{address}” is not an address of a picture."))
                    .hint("It must start with http:// or https://.")
                    .param("url", address)
            })?;
        let client = self.url_client(url.clone())?;
        let response =
            client.get(url).timeout(URL_TIMEOUT).send().await.map_err(|error| fetch_failure(&error))?;
        let status = response.status();
        if !status.is_success() {
            let error = Error::new(ErrorCode::UrlRefused, format!("The address answered {status}."))
                .hint("Open it in a browser: it may need a login, or be gone.")
                .param("status", status.as_u16());
            return Err(if status.is_server_error() || status.as_u16() == 429 {
                error.temporary()
            } else {
                error
            });
        }
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(too_large(address, response.content_length().unwrap_or(0), limit));
        }
        let mut bytes = BytesMut::new();
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(|error| fetch_failure(&error))?);
            if bytes.len() as u64 > limit {
                return Err(too_large(address, bytes.len() as u64, limit));
            }
        }
        if bytes.is_empty() {
            return Err(Error::new(ErrorCode::EmptyFile, "The address gave an empty answer."));
        }
        Ok(bytes.freeze())
    }

    fn url_client(&self, target: url::Url) -> Result<reqwest::Client> {
        let proxy = self.settings().network.proxy.clone();
        picferry_providers::http::client(&HttpOptions {
            proxy,
            redirects: MOST_REDIRECTS,
            ..HttpOptions::new(target)
        })
    }
}

fn fetch_failure(error: &reqwest::Error) -> Box<Error> {
    let built = if error.is_redirect() {
        Error::new(ErrorCode::UrlRefused, "The address leads on too often, and nowhere.")
    } else {
        Error::new(ErrorCode::Network, "The address cannot be reached.").temporary()
    };
    built
        .hint("Check the address and the connection.")
        .detail(picferry_providers::http::failure::chain(error))
}

fn too_large(what: &str, size: u64, limit: u64) -> Box<Error> {
    Error::new(
        ErrorCode::FileTooLarge,
        format!("{what} has {} MB; at most {} MB are read.", size.div_ceil(1_000_000), limit / 1_000_000),
    )
    .hint("Raise the limit in Settings, General, or make the file smaller.")
    .param("size", size)
    .param("limit", limit)
}

/// Reads a regular file whole. What is not one is never opened: opening a pipe or a device can
/// block for ever. `shown` is what the person calls it: a spooled copy has a name of ours.
pub(crate) fn read_file(path: &Path, shown: &str, limit: u64) -> Result<Bytes> {
    let about = |error: &std::io::Error| {
        Error::from_io(&format!("{shown} cannot be read"), error).param("file", shown)
    };
    let metadata = std::fs::metadata(path).map_err(|error| about(&error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorCode::NotAFile, format!("{shown} is a folder, not a picture."))
            .hint("Choose the pictures in it.")
            .param("file", shown));
    }
    if !metadata.is_file() {
        return Err(Error::new(
            ErrorCode::NotAFile,
            format!("{shown} is a device or a pipe, not a picture."),
        )
        .param("file", shown));
    }
    if metadata.len() == 0 {
        return Err(Error::new(ErrorCode::EmptyFile, format!("{shown} is empty: it has 0 bytes."))
            .hint("It may still be on its way, from a camera or a sync folder.")
            .param("file", shown));
    }
    if metadata.len() > limit {
        return Err(too_large(shown, metadata.len(), limit));
    }
    let file = std::fs::File::open(path).map_err(|error| about(&error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // A file that grows while it is read stays within the limit.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| about(&error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(shown, bytes.len() as u64, limit));
    }
    Ok(Bytes::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_that_is_no_picture_file_has_its_own_reason() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.png");
        std::fs::write(&empty, "").unwrap();
        let large = folder.path().join("large.png");
        std::fs::write(&large, [0; 11]).unwrap();
        let code = |path: &Path| read_file(path, &path.display().to_string(), 10).unwrap_err().code;
        assert_eq!(code(&folder.path().join("gone.png")), ErrorCode::FileNotFound);
        assert_eq!(code(folder.path()), ErrorCode::NotAFile);
        assert_eq!(code(Path::new("/dev/zero")), ErrorCode::NotAFile);
        assert_eq!(code(&empty), ErrorCode::EmptyFile);
        assert_eq!(code(&large), ErrorCode::FileTooLarge);
    }
}
