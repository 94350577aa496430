//! The pictures of the built-in store as plain files: `s3s-fs` with what it leaves open.
//!
//! It checks `If-None-Match` before it writes, so two writers could both pass; here one waits for
//! the other. It leaves its notes behind when it deletes, opens folders as if they were objects and
//! follows `..` into them; here it does not.

use super::{BUCKET, DISK_FULL, DISK_READ_ONLY};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use picferry_core::digest::sha256_hex;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, GetObjectInput,
    GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput,
    ListObjectsV2Input, ListObjectsV2Output, PutObjectInput, PutObjectOutput, UploadPartInput,
    UploadPartOutput,
};
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// The longest name on disk: notes beside an object carry it in base64 as one file name of 255 bytes.
const LONGEST_NAME: usize = 126;

/// The store's verbs over files.
pub(super) struct PictureFiles {
    files: FileSystem,
    root: PathBuf,
    writers: KeyLocks,
}

impl PictureFiles {
    pub(super) fn new(files: FileSystem, root: PathBuf) -> Self {
        Self { files, root, writers: KeyLocks::default() }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.root.join(BUCKET).join(key)
    }

    /// Refuses a key that is no file, as S3 would refuse a key that is no object.
    async fn must_exist(&self, key: &str) -> S3Result<()> {
        match tokio::fs::metadata(self.path(key)).await {
            Ok(found) if found.is_file() => Ok(()),
            _ => Err(s3_error!(NoSuchKey)),
        }
    }

    /// Refuses a key that a file system cannot hold beside what is there.
    async fn must_fit(&self, key: &str) -> S3Result<()> {
        let path = self.path(key);
        if tokio::fs::metadata(&path).await.is_ok_and(|found| found.is_dir()) {
            return Err(s3_error!(InvalidArgument, "There is a folder with this name already."));
        }
        let bucket = self.root.join(BUCKET);
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != bucket) {
            if tokio::fs::metadata(folder).await.is_ok_and(|found| found.is_file()) {
                return Err(s3_error!(InvalidArgument, "A part of this name is a picture already."));
            }
        }
        Ok(())
    }

    /// Removes what is kept beside an object.
    async fn forget(&self, key: &str) {
        for kind in ["metadata", "internal"] {
            let note = format!(
                ".bucket-{}.object-{}.{kind}.json",
                URL_SAFE_NO_PAD.encode(BUCKET),
                URL_SAFE_NO_PAD.encode(key)
            );
            // An object without notes has none to remove.
            let _ = tokio::fs::remove_file(self.root.join(note)).await;
        }
    }
}

/// The key as it is on disk. Refuses other buckets and keys that lead elsewhere.
fn admitted(bucket: &str, key: &str) -> S3Result<String> {
    if bucket != BUCKET {
        return Err(s3_error!(NoSuchBucket));
    }
    let odd = |segment: &str| segment.is_empty() || matches!(segment, "." | "..");
    if key.is_empty() || key.contains('\0') || key.contains('\\') || key.split('/').any(odd) {
        return Err(s3_error!(InvalidArgument, "This name cannot be a file."));
    }
    if key.len() > 1024 {
        return Err(s3_error!(KeyTooLongError));
    }
    let name = if cfg!(windows) { windows_name(key) } else { key.to_owned() };
    Ok(if name.len() > LONGEST_NAME { shortened(&name) } else { name })
}

/// The beginning of a long name, a digest of all of it, and its extension.
fn shortened(name: &str) -> String {
    let digest: String = sha256_hex(name.as_bytes()).chars().take(16).collect();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    let extension = if extension.len() <= 8 && !extension.contains('/') { extension } else { "" };
    let tail = format!("~{digest}.{extension}");
    let tail = tail.trim_end_matches('.');
    let mut end = LONGEST_NAME - tail.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{tail}", name[..end].trim_end_matches('/'))
}

/// Windows has no files with these characters, nor with a dot or space at the end.
fn windows_name(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    let mut characters = key.chars().peekable();
    while let Some(character) = characters.next() {
        let last = matches!(characters.peek(), None | Some('/'));
        let forbidden =
            matches!(character, ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%') || character.is_control();
        if forbidden || last && matches!(character, '.' | ' ') {
            name.push_str(&format!("%{:02X}", u32::from(character)));
        } else {
            name.push(character);
        }
    }
    name
}

#[async_trait::async_trait]
impl S3 for PictureFiles {
    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        if request.input.bucket != BUCKET {
            return Err(s3_error!(NoSuchBucket));
        }
        self.files.head_bucket(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        if request.input.bucket != BUCKET {
            return Err(s3_error!(NoSuchBucket));
        }
        self.files.list_objects_v2(request).await
    }

    async fn get_object(
        &self,
        mut request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        self.must_exist(&request.input.key).await?;
        self.files.get_object(request).await
    }

    async fn head_object(
        &self,
        mut request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        self.must_exist(&request.input.key).await?;
        self.files.head_object(request).await
    }

    async fn put_object(
        &self,
        mut request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        let _writing = self.writers.lock(&request.input.key).await;
        self.must_fit(&request.input.key).await?;
        self.files.put_object(request).await.map_err(disk_trouble)
    }

    async fn delete_object(
        &self,
        mut request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let key = admitted(&request.input.bucket, &request.input.key)?;
        request.input.key.clone_from(&key);
        let _writing = self.writers.lock(&key).await;
        if self.must_exist(&key).await.is_err() {
            return Ok(S3Response::new(DeleteObjectOutput::default()));
        }
        let answer = self.files.delete_object(request).await?;
        self.forget(&key).await;
        Ok(answer)
    }

    async fn delete_objects(
        &self,
        mut request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let quiet = request.input.delete.quiet.unwrap_or_default();
        let mut there = Vec::new();
        let mut keys = Vec::new();
        for mut object in request.input.delete.objects {
            object.key = admitted(&request.input.bucket, &object.key)?;
            keys.push(object.key.clone());
            if self.must_exist(&object.key).await.is_ok() {
                there.push(object);
            }
        }
        request.input.delete.objects = there;
        let mut answer = self.files.delete_objects(request).await?;
        for key in &keys {
            self.forget(key).await;
        }
        if quiet {
            answer.output.deleted = None;
        }
        Ok(answer)
    }

    async fn create_multipart_upload(
        &self,
        mut request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        self.must_fit(&request.input.key).await?;
        self.files.create_multipart_upload(request).await.map_err(disk_trouble)
    }

    async fn upload_part(
        &self,
        mut request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        self.files.upload_part(request).await.map_err(disk_trouble)
    }

    async fn complete_multipart_upload(
        &self,
        mut request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        let _writing = self.writers.lock(&request.input.key).await;
        self.must_fit(&request.input.key).await?;
        self.files.complete_multipart_upload(request).await.map_err(disk_trouble)
    }

    async fn abort_multipart_upload(
        &self,
        mut request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        request.input.key = admitted(&request.input.bucket, &request.input.key)?;
        self.files.abort_multipart_upload(request).await
    }
}

/// Names the troubles of a disk: waiting does not help against them, as it would against a
/// server's internal error.
fn disk_trouble(mut error: S3Error) -> S3Error {
    let source = error.source().map(|source| source as &(dyn std::error::Error + 'static));
    let chain = std::iter::successors(source, |error| error.source());
    let kind = chain.filter_map(|error| error.downcast_ref::<io::Error>()).map(io::Error::kind).next();
    let code = match kind {
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => DISK_FULL,
        Some(io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied) => DISK_READ_ONLY,
        _ => return error,
    };
    let Ok(code) = code.parse();
    error.set_code(code);
    error.set_status_code(hyper::StatusCode::INSUFFICIENT_STORAGE);
    error
}

/// One writer for each key.
#[derive(Default)]
struct KeyLocks {
    locks: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// Holds a key; gives it back when dropped.
struct KeyGuard<'a> {
    locks: &'a KeyLocks,
    key: String,
    held: Option<OwnedMutexGuard<()>>,
}

impl KeyLocks {
    async fn lock(&self, key: &str) -> KeyGuard<'_> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(key.to_owned()).or_default())
        };
        KeyGuard { locks: self, key: key.to_owned(), held: Some(lock.lock_owned().await) }
    }
}

impl Drop for KeyGuard<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut locks = self.locks.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if locks.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            locks.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_inside_its_bucket() {
        for key in ["../secret", "a/../../b", "/etc/passwd", "a//b", ".", "a/./b", "a\\b", ""] {
            assert!(admitted(BUCKET, key).is_err(), "{key}");
        }
        assert!(admitted("others", "a.png").is_err());
        assert_eq!(admitted(BUCKET, "2026/11/截图 (1).png").unwrap(), "2026/11/截图 (1).png");
    }

    #[test]
    fn long_names_are_shortened_and_stay_different() {
        let name = |last: &str| format!("2026/11/{}{last}.png", "长".repeat(80));
        let (first, second) = (admitted(BUCKET, &name("a")).unwrap(), admitted(BUCKET, &name("b")).unwrap());
        assert!(first.starts_with("2026/11/长长") && first.ends_with(".png"), "{first}");
        assert!(first.len() <= LONGEST_NAME && first != second);
        assert_eq!(first, admitted(BUCKET, &name("a")).unwrap(), "the same key is always the same file");
        assert!(admitted(BUCKET, &"a".repeat(1025)).is_err());
    }

    #[test]
    fn a_name_fits_into_the_notes_beside_it() {
        let longest = format!(
            ".bucket-{}.object-{}.upload-{}.metadata.json",
            URL_SAFE_NO_PAD.encode(BUCKET),
            URL_SAFE_NO_PAD.encode("a".repeat(LONGEST_NAME)),
            "0".repeat(36),
        );
        assert!(longest.len() <= 255, "{}", longest.len());
    }

    #[test]
    fn a_full_disk_is_no_internal_error() {
        let named = |kind: io::ErrorKind| {
            let error = disk_trouble(S3Error::internal_error(io::Error::from(kind)));
            (error.code().as_str().to_owned(), error.status_code().unwrap().as_u16())
        };
        assert_eq!(named(io::ErrorKind::StorageFull), (DISK_FULL.to_owned(), 507));
        assert_eq!(named(io::ErrorKind::ReadOnlyFilesystem), (DISK_READ_ONLY.to_owned(), 507));
        assert_eq!(named(io::ErrorKind::ConnectionReset), ("InternalError".to_owned(), 500));
    }

    #[test]
    fn names_for_windows_stay_different() {
        assert_eq!(windows_name("a:b/c?.png"), "a%3Ab/c%3F.png");
        assert_eq!(windows_name("100%/x./y "), "100%25/x%2E/y%20");
        assert_eq!(windows_name("2026/11/截图.png"), "2026/11/截图.png");
    }

    #[tokio::test]
    async fn keys_are_held_one_by_one_and_forgotten_after() {
        let locks = KeyLocks::default();
        let first = locks.lock("a").await;
        let other = locks.lock("b").await;
        let waiting = tokio::time::timeout(std::time::Duration::from_millis(20), locks.lock("a")).await;
        assert!(waiting.is_err(), "a key has one writer");
        drop((first, other));
        let again = locks.lock("a").await;
        drop(again);
        assert!(locks.locks.lock().unwrap().is_empty());
    }
}
