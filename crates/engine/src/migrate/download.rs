//! Fetches pictures of the web into a folder.

use super::plan::PictureSource;
use super::progress::Progress;
use super::run::{Run, stopped};
use super::write::{Destination, Outcomes};
use crate::engine::run_blocking;
use futures::StreamExt as _;
use picferry_core::job::Origin;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::sniff;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Pictures fetched at the same time: they may all be on one small server.
const AT_ONCE: usize = 4;

/// A file name is cut here; every disk takes that.
const LONGEST_STEM: usize = 80;

/// Names tried when others have the same.
const NAMES_TRIED: u32 = 10_000;

/// Fetches pictures. What was stopped has no outcome.
///
/// # Errors
/// The folder cannot be made.
pub async fn download(
    run: &Run,
    folder: &Path,
    sources: &[PictureSource],
    progress: &Progress,
) -> Result<Outcomes> {
    let made = folder.to_owned();
    let folder = run_blocking(move || {
        std::fs::create_dir_all(&made)
            .and_then(|()| std::fs::canonicalize(&made))
            .map_err(|error| Error::from_io(&format!("The folder {} cannot be made", made.display()), &error))
    })
    .await?;
    let folder = &folder;
    let fetched = futures::stream::iter(sources.to_vec()).map(|source| async move {
        let PictureSource::Address(address) = &source else { return None };
        let outcome = tokio::select! {
            () = run.cancel.cancelled() => Err(stopped()),
            outcome = fetch(run, address, folder) => outcome,
        };
        progress.count(&run.engine.hub, |progress| progress.pictures_done += 1);
        let is_stopped = outcome.as_ref().is_err_and(|error| error.code == ErrorCode::Cancelled);
        (!is_stopped).then(|| (source, outcome.map(Destination::File)))
    });
    let ended: Vec<_> = fetched.buffered(AT_ONCE).collect().await;
    Ok(ended.into_iter().flatten().collect())
}

async fn fetch(run: &Run, address: &str, folder: &Path) -> Result<PathBuf> {
    let bytes = run.engine.fetch(address, Origin::Cli).await?;
    let Some(format) = sniff(&bytes) else {
        return Err(Error::new(ErrorCode::NotAPicture, "What the address gave is no picture.")
            .hint("Open it in a browser: it may need a login, or be gone.")
            .param("url", address));
    };
    let (stem, folder) = (stem_of(address), folder.to_owned());
    run_blocking(move || keep(&folder, &stem, format.extension(), &bytes)).await
}

/// Writes the picture under a name of its own; the same picture is kept once.
fn keep(folder: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf> {
    let failed = |error: &std::io::Error| {
        Error::from_io(&format!("A picture cannot be kept in {}", folder.display()), error)
    };
    let mut file =
        tempfile::Builder::new().prefix(".new-").tempfile_in(folder).map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))?;
    #[cfg(unix)]
    {
        // Pictures are for everybody who may read the folder, as if a browser had saved them.
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        file.as_file().set_permissions(readable).map_err(|error| failed(&error))?;
    }
    for number in 1..NAMES_TRIED {
        let name =
            if number == 1 { format!("{stem}.{extension}") } else { format!("{stem}-{number}.{extension}") };
        let path = folder.join(name);
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(refused) if refused.error.kind() == std::io::ErrorKind::AlreadyExists => {
                if std::fs::read(&path).is_ok_and(|there| there == bytes) {
                    return Ok(path);
                }
                file = refused.file;
            }
            Err(refused) => return Err(failed(&refused.error)),
        }
    }
    Err(failed(&std::io::ErrorKind::AlreadyExists.into()))
}

/// A file name from an address, without its extension: the content says which one is right.
fn stem_of(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    let last = url.as_ref().and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
    let name = last.map(|name| decoded(&name)).unwrap_or_default();
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => stem,
        _ => &name,
    };
    let safe: String = stem
        .chars()
        .map(|letter| if letter.is_control() || r#"/\:*?"<>|#%^[]`"#.contains(letter) { '-' } else { letter })
        .take(LONGEST_STEM)
        .collect();
    let safe = safe.trim_matches(|edge: char| edge.is_whitespace() || matches!(edge, '.' | '-'));
    if safe.is_empty() { "picture".to_owned() } else { safe.to_owned() }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_its_address_and_never_lies_elsewhere() {
        assert_eq!(stem_of("https://x/2026/%E6%88%AA%E5%9B%BE%201.png?w=3"), "截图 1");
        assert_eq!(stem_of("https://x/a/..%2F..%2Fetc%2Fpasswd"), "etc-passwd");
        assert_eq!(stem_of("https://x/"), "picture");
        assert_eq!(stem_of("https://x/pic?id=3"), "pic");
        assert_eq!(stem_of("https://x/v1.2.3"), "v1.2");
    }

    #[test]
    fn the_same_picture_is_kept_once_and_another_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |bytes: &[u8]| keep(folder.path(), "a", "png", bytes).unwrap();
        assert_eq!(keep(b"one"), keep(b"one"));
        assert!(keep(b"two").ends_with("a-2.png"));
        assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
