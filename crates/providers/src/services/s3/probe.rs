//! The test of a profile: puts, reads back and deletes a probe, and says which step failed and why.

use super::public_read::public_read;
use super::put::{cannot, guard_header, head, put, send};
use super::refusal::{Step, into_error};
use super::session::{Line, Session};
use bytes::Bytes;
use picferry_core::digest::sha256_hex;
use picferry_core::provider::{
    Body, ProgressFn, PutObject, Receipt, TestOutcome, TestReport, TestStep, TestStepName,
};
use picferry_core::{Error, ErrorCode};
use std::sync::Arc;
use std::time::Instant;

/// A PNG of one transparent pixel.
const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0, 1, 0,
    0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// How one step went.
pub(super) enum Went {
    Well,
    /// Works, but the person should know something.
    WithNote(Box<Error>),
    Wrong(Box<Error>),
    NotTried(Option<Box<Error>>),
}

/// A test under way.
struct Probe<'a> {
    line: &'a Line,
    object: PutObject,
    report: TestReport,
}

/// Tests a profile.
pub(super) async fn test(line: &Line, probe: &str) -> TestReport {
    let mut test = Probe { line, object: probe_object(line, probe), report: TestReport::default() };
    let works = test.run().await;
    let learned = line.learned();
    TestReport {
        ok: works,
        steps: test.report.steps,
        corrections: learned.corrections,
        learned: learned.facts,
    }
}

fn probe_object(line: &Line, probe: &str) -> PutObject {
    PutObject {
        key: format!("{}picferry-probe-{probe}.png", line.config.folder),
        body: Body::Bytes(Bytes::from_static(PICTURE)),
        content_type: "image/png".into(),
        cache_control: Some("no-store".into()),
        no_overwrite: false,
        sha256: sha256_hex(PICTURE),
    }
}

impl Probe<'_> {
    /// All steps in order; whether uploads will work. What was put is deleted whatever comes between.
    async fn run(&mut self) -> bool {
        use TestStepName::{Connect, Delete, NoOverwrite, PublicRead, Read, Write};
        let (line, object) = (self.line, self.object.clone());
        let connected = self.step(Connect, connect(line)).await;
        let written = connected && self.step(Write, write(line, &object)).await;
        if !written {
            let rest = if connected {
                &[Read, NoOverwrite, PublicRead, Delete][..]
            } else {
                &[Write, Read, NoOverwrite, PublicRead, Delete]
            };
            for name in rest {
                self.skip(*name);
            }
            return false;
        }
        let read = self.step(Read, read(line, &object)).await;
        self.step(NoOverwrite, no_overwrite(line, &object)).await;
        self.step(PublicRead, public_read(line, &object)).await;
        self.step(Delete, delete(line, &object)).await;
        read
    }

    async fn step(&mut self, name: TestStepName, work: impl Future<Output = Went>) -> bool {
        let started = Instant::now();
        let (outcome, error) = match work.await {
            Went::Well => (TestOutcome::Passed, None),
            Went::WithNote(note) => (TestOutcome::Warning, Some(*note)),
            Went::Wrong(error) => (TestOutcome::Failed, Some(*error)),
            Went::NotTried(reason) => (TestOutcome::Skipped, reason.map(|reason| *reason)),
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.report.steps.push(TestStep { step: name, outcome, millis, error });
        outcome != TestOutcome::Failed
    }

    fn skip(&mut self, name: TestStepName) {
        self.report.steps.push(TestStep {
            step: name,
            outcome: TestOutcome::Skipped,
            millis: 0,
            error: None,
        });
    }
}

/// Lists at most one name in the folder. Whether these keys may list does not matter: the safest
/// keys may not. That they are known, and the place is right, does.
async fn connect(line: &Line) -> Went {
    if line.config.is_put_only() {
        // It knows no listing; asking for an address before it is put may leave a 404 in a cache.
        return Went::NotTried(None);
    }
    let folder = line.config.folder.clone();
    let listed = line
        .call(Step { name: "list", key: "" }, |session| {
            let folder = folder.clone();
            Box::pin(async move { list_once(&session, folder).await })
        })
        .await;
    match listed {
        // A gateway may show a page there and take pictures all the same: writing decides.
        Err(error) if error.params.get("reason").is_some_and(|reason| reason == "not_s3") => {
            Went::WithNote(error)
        }
        Err(error) if !is_harmless(error.code) => Went::Wrong(error),
        _ => match danger(line) {
            Some(note) => Went::WithNote(note),
            None => Went::Well,
        },
    }
}

async fn list_once(session: &Session, folder: String) -> std::result::Result<(), super::failure::Failure> {
    session
        .client
        .list_objects_v2()
        .bucket(session.bucket())
        .prefix(folder)
        .max_keys(1)
        .customize()
        .interceptor(session.wiring())
        .send()
        .await
        .map_err(|error| session.failure(&error, false))?;
    Ok(())
}

/// Refusals of a listing after which uploads may still work.
fn is_harmless(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::AccessDenied | ErrorCode::Unsupported | ErrorCode::ObjectNotFound | ErrorCode::HostRefused
    )
}

/// What makes the connection itself unsafe.
fn danger(line: &Line) -> Option<Box<Error>> {
    let config = &line.config;
    if config.insecure {
        let message = "Any certificate is accepted: somebody in between can read and change everything.";
        let hint = "Switch “Accept any certificate” off and name the server's own certificate instead.";
        return Some(Error::new(ErrorCode::TlsFailed, message).hint(hint).field("insecure"));
    }
    (config.endpoint.scheme() == "http" && !crate::http::is_loopback(&config.endpoint)).then(|| {
        Error::new(ErrorCode::TlsFailed, "The connection is not encrypted: pictures travel in the clear.")
            .hint("Use https:// if the server offers it.")
            .field("endpoint")
    })
}

async fn write(line: &Line, object: &PutObject) -> Went {
    let silent: ProgressFn = Arc::new(|_, _| {});
    match put(line, object.clone(), silent).await {
        Err(error) => Went::Wrong(error),
        Ok(_) if line.learned().corrections.contains_key("acl") => Went::WithNote(
            Error::new(ErrorCode::HostRefused, "The store refused the access setting; it works without.")
                .hint("Choose “As the bucket says”, and make the bucket itself public.")
                .field("acl"),
        ),
        Ok(_) => Went::Well,
    }
}

/// Compares what is stored with what was sent, over the API.
async fn read(line: &Line, object: &PutObject) -> Went {
    if line.config.is_put_only() {
        return Went::NotTried(None);
    }
    match head(line, &object.key).await {
        Ok(Some(info)) => compare(info.length, info.content_type.as_deref(), None, object),
        Ok(None) => read_by_get(line, object).await,
        Err(error) if error.code == ErrorCode::Unsupported => read_by_get(line, object).await,
        Err(error) if error.code == ErrorCode::AccessDenied => Went::WithNote(
            Error::new(
                ErrorCode::AccessDenied,
                "These keys may write but not read, so names cannot be checked.",
            )
            .hint("Allow the key to read objects of this bucket.")
            .field("access_key_id"),
        ),
        Err(error) => Went::Wrong(error),
    }
}

/// For gateways that know GET but not HEAD.
async fn read_by_get(line: &Line, object: &PutObject) -> Went {
    let key = object.key.clone();
    let answer = line
        .call(Step { name: "get", key: &object.key }, |session| {
            let key = key.clone();
            Box::pin(async move { get_once(&session, &key).await })
        })
        .await;
    match answer {
        Ok((body, content_type)) => {
            line.learn("head", "no");
            compare(body.len() as u64, content_type.as_deref(), Some(&body), object)
        }
        Err(error) if error.code == ErrorCode::Unsupported => Went::NotTried(Some(error)),
        Err(error) => Went::Wrong(error),
    }
}

async fn get_once(
    session: &Session,
    key: &str,
) -> std::result::Result<(Bytes, Option<String>), super::failure::Failure> {
    let answer = session
        .client
        .get_object()
        .bucket(session.bucket())
        .key(key)
        // A wrong server may send without end.
        .range("bytes=0-4095")
        .customize()
        .interceptor(session.wiring().reading())
        .send()
        .await
        .map_err(|error| session.failure(&error, false))?;
    let content_type = answer.content_type.clone();
    let body = answer.body.collect().await.map_err(|error| {
        Error::new(ErrorCode::Network, "The probe could not be read back.").temporary().detail(error)
    })?;
    Ok((body.into_bytes(), content_type))
}

fn compare(length: u64, content_type: Option<&str>, body: Option<&Bytes>, object: &PutObject) -> Went {
    if length != object.body.len() || body.is_some_and(|body| body.as_ref() != PICTURE) {
        let message = format!("{} bytes were sent, but the store keeps {length}.", object.body.len());
        return Went::Wrong(
            Error::new(ErrorCode::HostRefused, message)
                .hint("Pictures would be damaged there. Check that the endpoint is that of the S3 API.")
                .field("endpoint"),
        );
    }
    match content_type {
        Some(kind) if kind.starts_with(&object.content_type) => Went::Well,
        other => {
            let kind = other.unwrap_or("nothing");
            let message = format!("The store keeps {kind} as the type of the picture, not image/png.");
            Went::WithNote(
                Error::new(ErrorCode::HostRefused, message)
                    .hint("Browsers may download links instead of showing them."),
            )
        }
    }
}

/// Puts the probe again on the condition that it is not there.
async fn no_overwrite(line: &Line, object: &PutObject) -> Went {
    if line.config.is_put_only() {
        return Went::NotTried(Some(cannot("refuse to replace something")));
    }
    let silent: ProgressFn = Arc::new(|_, _| {});
    let again = send(line, &Arc::new(object.clone()), Some(guard_header(line)), &silent).await;
    let refused = match &again {
        Ok(_) => false,
        Err(failure) if failure.has_status(&[409, 412]) => true,
        // Not knowing the header is an answer as well; trouble on the way is none.
        Err(failure) if failure.has_status(&[400, 403, 501]) => false,
        Err(_) => {
            return match again {
                Err(failure) => {
                    Went::Wrong(into_error(failure, Step { name: "put", key: &object.key }, &line.config))
                }
                Ok(_) => Went::Well,
            };
        }
    };
    line.learn("conditional_put", if refused { "yes" } else { "no" });
    if !refused && line.fact("head").as_deref() == Some("no") {
        return Went::WithNote(cannot("refuse to replace something"));
    }
    Went::Well
}

async fn delete(line: &Line, object: &PutObject) -> Went {
    if line.config.is_put_only() {
        return Went::NotTried(Some(cannot("delete")));
    }
    let receipt = Receipt {
        key: object.key.clone(),
        url: String::new(),
        etag: None,
        extra: std::collections::BTreeMap::new(),
    };
    let deleted = super::delete::delete(line, &[receipt]).await.pop().unwrap_or(Ok(()));
    match deleted {
        Ok(()) => still_there(line, object).await,
        Err(error) if error.code == ErrorCode::Unsupported => Went::NotTried(Some(error)),
        // Uploads work all the same.
        Err(error) => Went::WithNote(error),
    }
}

async fn still_there(line: &Line, object: &PutObject) -> Went {
    match head(line, &object.key).await {
        Ok(Some(_)) => Went::WithNote(
            Error::new(ErrorCode::HostRefused, "The store said the probe is deleted, but it is still there.")
                .param("key", &object.key),
        ),
        _ => Went::Well,
    }
}
