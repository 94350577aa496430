//! What stores refuse, in their own words, and what the person reads.

use crate::fake_s3::{ACCESS_KEY, BUCKET, FakeS3};
use crate::stage::{config, fake_provider, object, refused};
use picferry_core::error::{Error, ErrorCode};

fn xml(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message><RequestId>R-1</RequestId></Error>"
    )
}

async fn answer_of(status: u16, body: &str) -> Error {
    let server = FakeS3::with(|flaws| flaws.answer_once = Some((status, body.to_owned()))).await;
    // A refusal that is answered a second time would succeed and be no test.
    let provider = fake_provider(&server, "generic", &[]);
    refused(provider.as_ref(), object("a.png", "a")).await
}

#[tokio::test]
async fn every_refusal_has_its_code_its_field_and_its_temper() {
    use ErrorCode as Code;
    let cases: &[(u16, &str, Code, Option<&str>, bool)] = &[
        (403, "InvalidAccessKeyId", Code::AuthFailed, Some("access_key_id"), false),
        (403, "SignatureDoesNotMatch", Code::AuthFailed, Some("secret_access_key"), false),
        (400, "ExpiredToken", Code::AuthFailed, Some("session_token"), false),
        (401, "Unauthorized", Code::AuthFailed, Some("access_key_id"), false),
        (403, "AccessDenied", Code::AccessDenied, Some("access_key_id"), false),
        (404, "NoSuchBucket", Code::BucketNotFound, Some("bucket"), false),
        (400, "InvalidBucketName", Code::BucketNotFound, Some("bucket"), false),
        (413, "EntityTooLarge", Code::TooLarge, None, false),
        (400, "EntityTooLarge", Code::TooLarge, None, false),
        (403, "QuotaExceeded", Code::QuotaExceeded, None, false),
        (507, "PicferryDiskFull", Code::DiskFull, None, false),
        (507, "PicferryDiskReadOnly", Code::ReadOnly, None, false),
        (507, "XMinioStorageFull", Code::QuotaExceeded, None, false),
        (503, "SlowDown", Code::RateLimited, Some("concurrency"), true),
        (429, "TooManyRequests", Code::RateLimited, Some("concurrency"), true),
        (500, "InternalError", Code::Network, None, true),
        (503, "ServiceUnavailable", Code::Network, None, true),
        (400, "RequestTimeout", Code::Network, None, true),
        (409, "ConditionalRequestConflict", Code::Network, None, true),
        (409, "OperationAborted", Code::Network, None, true),
        (400, "BadDigest", Code::Network, None, true),
        (412, "PreconditionFailed", Code::KeyExists, None, false),
        (409, "FileAlreadyExists", Code::KeyExists, None, false),
        (400, "InvalidStorageClass", Code::HostRefused, Some("storage_class"), false),
        (400, "KeyTooLongError", Code::InvalidTemplate, Some("key_template"), false),
        (501, "NotImplemented", Code::Unsupported, None, false),
        (405, "MethodNotAllowed", Code::Unsupported, None, false),
        (400, "SomethingNew", Code::HostRefused, None, false),
    ];
    for (status, service_code, code, field, temporary) in cases {
        let error = answer_of(*status, &xml(service_code, "In the words of the store.")).await;
        let found = (error.code, error.field.as_deref(), error.retryable);
        assert_eq!(found, (*code, *field, *temporary), "{status} {service_code}: {error:?}");
        assert!(error.details.iter().any(|detail| detail.contains(service_code)), "{error:?}");
        assert!(error.details.iter().any(|detail| detail.contains("R-1")), "the request id: {error:?}");
        assert_eq!(error.params["status"], status.to_string());
    }
}

#[tokio::test]
async fn a_status_alone_is_understood_too() {
    for (status, code, temporary) in [
        (413, ErrorCode::TooLarge, false),
        (429, ErrorCode::RateLimited, true),
        (502, ErrorCode::Network, true),
        (504, ErrorCode::Network, true),
        (520, ErrorCode::Network, true),
        (403, ErrorCode::AccessDenied, false),
        (418, ErrorCode::HostRefused, false),
    ] {
        let error = answer_of(status, "<html><body>nginx says no</body></html>").await;
        assert_eq!((error.code, error.retryable), (code, temporary), "{status}: {error:?}");
        assert!(error.report().contains("nginx says no"), "the page is quoted: {}", error.report());
    }
}

#[tokio::test]
async fn aliyuns_wall_is_explained_with_its_number_and_page() {
    let body = "<?xml version=\"1.0\"?><Error><Code>PublicEndpointForbidden</Code>\
        <Message>The default public endpoint is forbidden.</Message><EC>0048-00000401</EC>\
        <RecommendDoc>https://api.aliyun.com/troubleshoot?q=0048-00000401</RecommendDoc></Error>";
    let error = answer_of(400, body).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::PublicEndpointForbidden, Some("endpoint")));
    let report = error.report();
    assert!(report.contains("0048-00000401") && report.contains("api.aliyun.com/troubleshoot"), "{report}");
    assert!(error.hint.unwrap().contains("own domain"));
}

#[tokio::test]
async fn backblazes_cap_is_a_quota() {
    let error = answer_of(403, &xml("AccessDenied", "Cannot upload files, storage cap exceeded.")).await;
    assert_eq!(error.code, ErrorCode::QuotaExceeded);
}

#[tokio::test]
async fn a_wrong_key_id_and_a_wrong_secret_are_told_apart() {
    let server = FakeS3::start().await;
    let unknown = fake_provider(&server, "generic", &[("access_key_id", "SOMEBODYELSE")]);
    let error = refused(unknown.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::AuthFailed, Some("access_key_id")));
    let endpoint = server.endpoint();
    let fields = [("endpoint", endpoint), ("bucket", BUCKET), ("access_key_id", ACCESS_KEY)];
    let wrong = picferry_providers::build(&config("generic", "not-the-secret", &fields)).unwrap();
    let error = refused(wrong.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::AuthFailed, Some("secret_access_key")));
    assert_eq!(server.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_missing_bucket_is_named() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "generic", &[("bucket", "elsewhere")]);
    let error = refused(provider.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::BucketNotFound, Some("bucket")));
    assert!(error.message.contains("elsewhere"));
}

#[tokio::test]
async fn a_host_that_nobody_knows_is_said_so() {
    let mut config = config("generic", "secret", &[]);
    config.profile.host = "floppy".into();
    let error = picferry_providers::build(&config).err().unwrap();
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert!(error.message.contains("floppy"));
}
