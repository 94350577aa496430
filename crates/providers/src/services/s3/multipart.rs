//! Large objects in equal parts: one part in memory at a time, aborted whenever it does not end well.

use super::connector::Progress;
use super::failure::Failure;
use super::put::{OverwriteGuard, cache_control, storage_class};
use super::session::Session;
use super::wiring::IF_NONE_MATCH;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, ObjectCannedAcl};
use bytes::Bytes;
use picferry_core::provider::{Body, PutObject};
use picferry_core::{Error, ErrorCode};
use std::io;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

/// The size of a part. Some stores want all but the last to be equal.
const PART: u64 = 16 * 1024 * 1024;

/// The most parts an object may have.
const MOST_PARTS: u64 = 10_000;

/// How long a failed upload waits for its parts to be thrown away.
const ABORT_PATIENCE: Duration = Duration::from_secs(5);

/// Sends an object in parts; gives its ETag.
pub(super) async fn send(
    session: &Session,
    object: &PutObject,
    guard: OverwriteGuard,
    progress: &Progress,
) -> Result<Option<String>, Failure> {
    let upload = Upload::begin(session, object, guard).await?;
    let sent = send_parts(&upload, object, progress).await;
    let ended = match sent {
        Ok(parts) => upload.complete(parts, guard).await,
        Err(failure) => Err(failure),
    };
    match ended {
        Ok(etag) => {
            upload.done();
            Ok(etag)
        }
        Err(failure) => {
            upload.abort().await;
            Err(failure)
        }
    }
}

async fn send_parts(
    upload: &Upload,
    object: &PutObject,
    progress: &Progress,
) -> Result<Vec<CompletedPart>, Failure> {
    let length = object.body.len();
    let part_length = part_length(length);
    let mut source = PartSource::open(&object.body).await?;
    let mut parts = Vec::new();
    let mut offset = 0;
    while offset < length {
        let piece = source.next(part_length.min(length - offset)).await?;
        let number = i32::try_from(parts.len() + 1).unwrap_or(i32::MAX);
        let size = piece.len() as u64;
        parts.push(upload.part(number, piece, &progress.at(offset)).await?);
        offset += size;
    }
    Ok(parts)
}

/// Equal parts, larger ones only where there would be too many.
fn part_length(length: u64) -> u64 {
    length.div_ceil(MOST_PARTS).div_ceil(PART).max(1) * PART
}

/// Reads part after part.
enum PartSource {
    Memory(Bytes),
    File(File),
}

impl PartSource {
    async fn open(body: &Body) -> Result<Self, Failure> {
        match body {
            Body::Bytes(bytes) => Ok(Self::Memory(bytes.clone())),
            Body::File { path, .. } => {
                Ok(Self::File(File::open(path).await.map_err(|error| unreadable(&error))?))
            }
        }
    }

    async fn next(&mut self, length: u64) -> Result<Bytes, Failure> {
        let length = usize::try_from(length).map_err(|_| unreadable(&io::ErrorKind::OutOfMemory.into()))?;
        match self {
            Self::Memory(bytes) => Ok(bytes.split_to(length)),
            Self::File(file) => {
                let mut piece = vec![0; length];
                file.read_exact(&mut piece).await.map_err(|error| unreadable(&error))?;
                Ok(piece.into())
            }
        }
    }
}

fn unreadable(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        let message = "The file to send changed its size meanwhile.";
        return Error::new(ErrorCode::SourceGone, message).hint("Add the picture again.").into();
    }
    Error::from_io("The file to send could not be read", error).into()
}

/// An upload under way. Dropping it throws its parts away.
struct Upload {
    session: Session,
    key: String,
    id: String,
    done: bool,
}

impl Upload {
    /// Begins one. Should the caller go away while the store answers, what was begun is aborted.
    async fn begin(session: &Session, object: &PutObject, guard: OverwriteGuard) -> Result<Self, Failure> {
        let request = session
            .client
            .create_multipart_upload()
            .bucket(session.bucket())
            .key(&object.key)
            .content_type(&object.content_type)
            .set_cache_control(cache_control(session, object))
            .set_storage_class(storage_class(session))
            .set_acl(session.acl().map(ObjectCannedAcl::from));
        // The standard header belongs to the end of the upload; vendors' own to both.
        let wiring = session.wiring().header(guard.filter(|header| *header != IF_NONE_MATCH));
        let (session, key) = (session.clone(), object.key.clone());
        let begun = tokio::spawn(async move {
            let answer = request.customize().interceptor(wiring).send().await;
            let answer = answer.map_err(|error| session.failure(&error, false))?;
            let Some(id) = answer.upload_id else {
                return Err(Error::new(
                    ErrorCode::HostRefused,
                    "The store began an upload without naming it.",
                )
                .into());
            };
            Ok(Self { session, key, id, done: false })
        });
        begun.await.map_err(|error| {
            Failure::from(Error::new(ErrorCode::Internal, "The upload stopped unexpectedly.").detail(error))
        })?
    }

    async fn part(&self, number: i32, piece: Bytes, progress: &Progress) -> Result<CompletedPart, Failure> {
        let answer = self
            .session
            .client
            .upload_part()
            .bucket(self.session.bucket())
            .key(&self.key)
            .upload_id(&self.id)
            .part_number(number)
            .body(ByteStream::from(piece))
            .customize()
            .interceptor(self.session.wiring().progress(progress.clone()))
            .send()
            .await
            .map_err(|error| self.session.failure(&error, true))?;
        Ok(CompletedPart::builder().set_e_tag(answer.e_tag).part_number(number).build())
    }

    async fn complete(
        &self,
        parts: Vec<CompletedPart>,
        guard: OverwriteGuard,
    ) -> Result<Option<String>, Failure> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let answer = self
            .session
            .client
            .complete_multipart_upload()
            .bucket(self.session.bucket())
            .key(&self.key)
            .upload_id(&self.id)
            .multipart_upload(parts)
            .customize()
            .interceptor(self.session.wiring().header(guard))
            .send()
            .await
            .map_err(|error| self.session.failure(&error, false))?;
        Ok(answer.e_tag)
    }

    fn done(mut self) {
        self.done = true;
    }

    /// Throws the parts away, as far as the store can be reached.
    async fn abort(mut self) {
        self.done = true;
        let aborted = abort(self.session.clone(), self.key.clone(), self.id.clone());
        if tokio::time::timeout(ABORT_PATIENCE, aborted).await.is_err() {
            tracing::warn!(key = %self.key, "the parts of a failed upload could not be thrown away in time");
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(abort(
                self.session.clone(),
                std::mem::take(&mut self.key),
                std::mem::take(&mut self.id),
            ));
        }
    }
}

async fn abort(session: Session, key: String, id: String) {
    let request = session.client.abort_multipart_upload().bucket(session.bucket()).key(&key).upload_id(id);
    if let Err(error) = request.customize().interceptor(session.wiring()).send().await {
        let reason = session.failure(&error, false);
        tracing::warn!(%key, ?reason, "the parts of a stopped upload could not be thrown away");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_equal_and_never_too_many() {
        assert_eq!(part_length(33 * 1024 * 1024), PART);
        assert_eq!(part_length(MOST_PARTS * PART), PART);
        let huge = MOST_PARTS * PART + 1;
        assert_eq!(part_length(huge), 2 * PART);
        assert!(huge.div_ceil(part_length(huge)) <= MOST_PARTS);
    }
}
