//! Sends one object: in one request up to 32 MiB, in parts beyond.

use super::connector::Progress;
use super::failure::Failure;
use super::multipart;
use super::refusal::{Step, into_error};
use super::session::{Line, Session};
use super::vendors::Vendor;
use super::wiring::IF_NONE_MATCH;
use aws_sdk_s3::primitives::{ByteStream, Length};
use aws_sdk_s3::types::{ObjectCannedAcl, StorageClass};
use picferry_core::encode::join_url;
use picferry_core::provider::{Body, ObjectInfo, ProgressFn, PutObject, Receipt};
use picferry_core::{Error, ErrorCode, Result};
use std::path::Path;
use std::sync::Arc;

/// Beyond this an upload goes in parts.
const SINGLE_LIMIT: u64 = 32 * 1024 * 1024;

/// What is read from a spooled file at once.
const READ_BUFFER: usize = 64 * 1024;

/// A header that makes the store refuse to replace something.
pub(super) type OverwriteGuard = Option<(&'static str, &'static str)>;

/// Sends an object.
pub(super) async fn put(line: &Line, object: PutObject, report: ProgressFn) -> Result<Receipt> {
    check_key(&object.key)?;
    let mut guard = None;
    if object.no_overwrite {
        guard = overwrite_guard(line, &object.key).await?;
    }
    let object = Arc::new(object);
    match send(line, &object, guard, &report).await {
        // The store was believed to know the header, and does not.
        Err(failure) if guard.is_some() && failure.has_status(&[501]) => {
            line.learn("conditional_put", "no");
            refuse_if_taken(line, &object.key).await?;
            send(line, &object, None, &report).await.map_err(|failure| put_error(failure, &object, line))
        }
        Err(failure) => {
            if guard.is_some() && failure.has_status(&[412]) {
                line.learn("conditional_put", "yes");
            }
            Err(put_error(failure, &object, line))
        }
        Ok(receipt) => Ok(receipt),
    }
}

/// Asks the store's API for an object.
pub(super) async fn head(line: &Line, key: &str) -> Result<Option<ObjectInfo>> {
    check_key(key)?;
    if line.config.is_put_only() || line.fact("head").as_deref() == Some("no") {
        return Err(cannot("tell what is stored"));
    }
    let owned = key.to_owned();
    let answer = line
        .run(|session| {
            let key = owned.clone();
            Box::pin(async move { head_once(&session, &key).await })
        })
        .await;
    match answer {
        Ok(info) => Ok(Some(info)),
        Err(failure) if failure.is_missing_object() => Ok(None),
        Err(failure) if failure.has_status(&[405, 501]) => {
            line.learn("head", "no");
            Err(cannot("tell what is stored"))
        }
        Err(failure) => Err(into_error(failure, Step { name: "head", key }, &line.config)),
    }
}

/// Sends an object the one way or the other.
pub(super) async fn send(
    line: &Line,
    object: &Arc<PutObject>,
    guard: OverwriteGuard,
    report: &ProgressFn,
) -> std::result::Result<Receipt, Failure> {
    let progress = Progress { report: Arc::clone(report), base: 0, total: object.body.len() };
    let etag = line
        .run(|session| {
            let (object, progress) = (Arc::clone(object), progress.clone());
            Box::pin(async move {
                if object.body.len() > SINGLE_LIMIT {
                    multipart::send(&session, &object, guard, &progress).await
                } else {
                    send_once(&session, &object, guard, &progress).await
                }
            })
        })
        .await?;
    progress.finish();
    Ok(Receipt {
        key: object.key.clone(),
        url: join_url(&line.link_base(), &object.key),
        etag: etag.map(|etag| etag.trim_matches('"').to_owned()),
        extra: std::collections::BTreeMap::new(),
    })
}

async fn send_once(
    session: &Session,
    object: &PutObject,
    guard: OverwriteGuard,
    progress: &Progress,
) -> std::result::Result<Option<String>, Failure> {
    let (body, sha256) = match &object.body {
        Body::Bytes(bytes) => (ByteStream::from(bytes.clone()), &object.sha256),
        Body::File { path, length, sha256 } => (file_stream(path, *length).await?, sha256),
    };
    let wiring = session.wiring().progress(progress.clone()).payload(sha256).header(guard);
    let answer = session
        .client
        .put_object()
        .bucket(session.bucket())
        .key(&object.key)
        .body(body)
        .content_type(&object.content_type)
        .set_cache_control(cache_control(session, object))
        .set_storage_class(storage_class(session))
        .set_acl(session.acl().map(ObjectCannedAcl::from))
        .customize()
        .interceptor(wiring)
        .send()
        .await
        .map_err(|error| session.failure(&error, true))?;
    Ok(answer.e_tag)
}

/// What the engine chose, unless the profile's own field says something.
pub(super) fn cache_control(session: &Session, object: &PutObject) -> Option<String> {
    let own = &session.config.cache_control;
    if own.is_empty() { object.cache_control.clone() } else { Some(own.clone()) }
}

pub(super) fn storage_class(session: &Session) -> Option<StorageClass> {
    let class = session.config.storage_class.as_str();
    (!class.is_empty()).then(|| StorageClass::from(class))
}

async fn file_stream(path: &Path, length: u64) -> std::result::Result<ByteStream, Failure> {
    let there = tokio::fs::metadata(path).await.map(|found| found.len());
    match there {
        Ok(found) if found == length => {}
        Ok(_) => {
            let message = "The file to send changed its size meanwhile.";
            return Err(Error::new(ErrorCode::SourceGone, message).hint("Add the picture again.").into());
        }
        Err(error) => return Err(Error::from_io("The file to send could not be read", &error).into()),
    }
    let built = ByteStream::read_from()
        .path(path)
        .length(Length::Exact(length))
        .buffer_size(READ_BUFFER)
        .build()
        .await;
    built.map_err(|error| {
        Error::new(ErrorCode::FileUnreadable, "The file to send could not be read.").detail(error).into()
    })
}

async fn head_once(session: &Session, key: &str) -> std::result::Result<ObjectInfo, Failure> {
    let answer = session
        .client
        .head_object()
        .bucket(session.bucket())
        .key(key)
        .customize()
        .interceptor(session.wiring().reading())
        .send()
        .await;
    match answer {
        Ok(answer) => Ok(ObjectInfo {
            length: answer.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default(),
            etag: answer.e_tag.map(|etag| etag.trim_matches('"').to_owned()),
            content_type: answer.content_type,
        }),
        Err(error) => {
            let failure = session.failure(&error, false);
            if is_without_reason(&failure) { first_byte(session, key).await } else { Err(failure) }
        }
    }
}

/// Whether a refusal says nothing but its status: the answer to a HEAD has no body.
fn is_without_reason(failure: &Failure) -> bool {
    failure.refusal().is_some_and(|refusal| {
        let may_have_one = matches!(refusal.status, 301 | 307 | 400 | 403) && !refusal.unreadable;
        may_have_one && refusal.code.is_empty() && refusal.region.is_none()
    })
}

/// Asks for the first byte: what a HEAD refuses without a reason, a GET refuses with one.
async fn first_byte(session: &Session, key: &str) -> std::result::Result<ObjectInfo, Failure> {
    let answer = session
        .client
        .get_object()
        .bucket(session.bucket())
        .key(key)
        .range("bytes=0-0")
        .customize()
        .interceptor(session.wiring().reading())
        .send()
        .await
        .map_err(|error| session.failure(&error, false))?;
    let total = answer.content_range.as_deref().and_then(|range| range.rsplit('/').next()?.parse().ok());
    Ok(ObjectInfo {
        length: total.or_else(|| answer.content_length?.try_into().ok()).unwrap_or_default(),
        etag: answer.e_tag.map(|etag| etag.trim_matches('"').to_owned()),
        content_type: answer.content_type,
    })
}

/// How replacing is prevented: by the store itself where it is known to do so, else by asking first.
async fn overwrite_guard(line: &Line, key: &str) -> Result<OverwriteGuard> {
    if line.config.is_put_only() {
        return Err(cannot("refuse to replace something"));
    }
    let header = guard_header(line);
    match conditional_put(line) {
        Some(true) => return Ok(Some(header)),
        Some(false) => refuse_if_taken(line, key).await?,
        None => {
            refuse_if_taken(line, key).await?;
            // Vendors' own headers are ignored at worst; the standard one may be refused.
            if header != IF_NONE_MATCH {
                return Ok(Some(header));
            }
        }
    }
    Ok(None)
}

/// The header that this store understands.
pub(super) fn guard_header(line: &Line) -> (&'static str, &'static str) {
    line.config.vendor().map_or(IF_NONE_MATCH, Vendor::no_overwrite_header)
}

/// Whether the store itself refuses to replace; what was learned counts before what is known.
fn conditional_put(line: &Line) -> Option<bool> {
    match line.fact("conditional_put").as_deref() {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ if matches!(line.config.preset.as_str(), "local" | "minio") => Some(true),
        _ => line.config.vendor().and_then(Vendor::conditional_put),
    }
}

async fn refuse_if_taken(line: &Line, key: &str) -> Result<()> {
    match head(line, key).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(Error::new(ErrorCode::KeyExists, "Something with this name is there already.")),
        // A key that may only write cannot ask.
        Err(error) if matches!(error.code, ErrorCode::AccessDenied | ErrorCode::Unsupported) => {
            Err(cannot("refuse to replace something"))
        }
        Err(error) => Err(error),
    }
}

/// The client would resolve such segments before signing: the store would get another key.
fn check_key(key: &str) -> Result<()> {
    let unsafe_segment = key.split('/').any(|segment| matches!(segment, "." | ".."));
    if key.is_empty() || key.len() > 1024 || unsafe_segment {
        return Err(Error::new(ErrorCode::InvalidTemplate, "This name cannot be stored.")
            .hint("Change the key template.")
            .field("key_template"));
    }
    Ok(())
}

fn put_error(failure: Failure, object: &PutObject, line: &Line) -> Box<Error> {
    into_error(failure, Step { name: "put", key: &object.key }, &line.config)
}

/// The error for what a store cannot do at all.
pub(super) fn cannot(what: &str) -> Box<Error> {
    Error::new(ErrorCode::Unsupported, format!("This store cannot {what}."))
}
