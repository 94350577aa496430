//! What is on the wire: the one PUT that works everywhere, and nothing that some store refuses.

use crate::fake_s3::{BUCKET, FakeS3, SECRET_KEY, Seen};
use crate::stage::{content, fake_config, fake_provider, object, receipt, silent, spooled};
use picferry_core::encode::encode_key;
use proptest::prelude::*;

/// Headers that at least one store refuses.
fn is_refused_somewhere(name: &str) -> bool {
    name.starts_with("x-amz-checksum")
        || name.starts_with("x-amz-sdk-checksum")
        || name.starts_with("x-amz-trailer")
        || matches!(
            name,
            "x-amz-acl"
                | "transfer-encoding"
                | "content-encoding"
                | "expect"
                | "x-amz-storage-class"
                | "x-amz-decoded-content-length"
        )
}

fn check(seen: &Seen) {
    for (name, _) in &seen.headers {
        assert!(!is_refused_somewhere(name), "{} {} carries {name}", seen.method, seen.path);
    }
    let hash = seen.header("x-amz-content-sha256").unwrap();
    assert!(
        hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "the payload is signed: {hash}"
    );
    assert!(!seen.query.contains("x-id"), "the query is plain: {}", seen.query);
}

#[tokio::test]
async fn every_request_is_plain_and_signed() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "generic", &[]);
    let folder = tempfile::tempdir().unwrap();
    let from_file = spooled(&object("file.png", content(200_000)), folder.path());
    provider.put(object("memory.png", content(200_000)), silent()).await.unwrap();
    provider.put(from_file, silent()).await.unwrap();
    provider.put(object("large.png", content(33 * 1024 * 1024)), silent()).await.unwrap();
    provider.head("file.png").await.unwrap();
    provider.delete(&[receipt("file.png")]).await.pop().unwrap().unwrap();
    let both = provider.delete(&[receipt("memory.png"), receipt("large.png")]).await;
    assert!(both.iter().all(Result::is_ok), "{both:?}");
    assert_eq!(server.keys(), Vec::<String>::new());
    for seen in server.seen() {
        check(&seen);
        if seen.method == "PUT" {
            assert_eq!(seen.header("content-length"), Some(seen.body.to_string().as_str()), "no chunks");
        }
    }
    let put = &server.seen()[0];
    assert_eq!(put.path, format!("/{BUCKET}/memory.png"));
    assert_eq!(put.header("content-type"), Some("image/png"));
    assert_eq!(put.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

#[tokio::test]
async fn access_class_and_cache_go_out_only_when_asked_for() {
    let server = FakeS3::start().await;
    let more = [("acl", "public-read"), ("storage_class", "STANDARD_IA"), ("cache_control", "max-age=60")];
    fake_provider(&server, "generic", &more).put(object("a.png", "a"), silent()).await.unwrap();
    let stored = server.object("a.png").unwrap();
    assert_eq!(stored.acl.as_deref(), Some("public-read"));
    assert_eq!(stored.storage_class.as_deref(), Some("STANDARD_IA"));
    assert_eq!(stored.cache_control.as_deref(), Some("max-age=60"), "the profile's own field wins");
}

#[tokio::test]
async fn temporary_keys_send_their_token() {
    let server = FakeS3::start().await;
    let mut config = fake_config(&server, "generic", &[]);
    config.secrets.insert("session_token".into(), picferry_core::secret::Secret::new("token-of-the-hour"));
    let provider = picferry_providers::build(&config).unwrap();
    provider.put(object("a.png", "a"), silent()).await.unwrap();
    assert_eq!(server.seen()[0].header("x-amz-security-token"), Some("token-of-the-hour"));
}

#[tokio::test]
async fn links_follow_domain_and_suffix() {
    let server = FakeS3::start().await;
    let more = [("public_url", "https://img.example.com/"), ("url_suffix", "?style=web")];
    let provider = fake_provider(&server, "generic", &more);
    let stored = provider.put(object("图 1.png", "a"), silent()).await.unwrap();
    assert_eq!(stored.url, "https://img.example.com/%E5%9B%BE%201.png");
    assert_eq!(provider.public_url("图 1.png"), "https://img.example.com/%E5%9B%BE%201.png?style=web");
}

#[tokio::test]
async fn a_base_path_of_the_endpoint_stays() {
    let server = FakeS3::with(|flaws| flaws.addressing = crate::fake_s3::Addressing::Bare).await;
    let endpoint = format!("{}/storage", server.endpoint());
    let provider = fake_provider(&server, "generic", &[("endpoint", &endpoint), ("path_style", "domain")]);
    provider.put(object("a/b.png", "a"), silent()).await.unwrap();
    assert_eq!(server.keys(), ["storage/a/b.png"]);
    assert_eq!(provider.public_url("a/b.png"), format!("{endpoint}/a/b.png"));
}

#[tokio::test]
async fn a_key_that_the_client_would_change_is_refused() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "generic", &[]);
    for key in ["", "a/../b.png", "./a.png", "a/.."] {
        let error = provider.put(object(key, "a"), silent()).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("key_template"), "{key}");
    }
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_secret_is_in_no_error_and_no_debug() {
    let server = FakeS3::with(|flaws| {
        flaws.answer_once = Some((403, format!("<html>your key {SECRET_KEY} is bad</html>")))
    })
    .await;
    let config = fake_config(&server, "generic", &[]);
    let printed = format!("{config:?}");
    let error =
        crate::stage::refused(picferry_providers::build(&config).unwrap().as_ref(), object("a.png", "a"))
            .await;
    for text in [printed, format!("{error:?}"), error.report()] {
        assert!(!text.contains(SECRET_KEY), "{text}");
    }
    assert!(error.report().contains("•••"), "{}", error.report());
}

/// The fake would not be worth much if it let through what real stores refuse.
#[tokio::test]
async fn the_fake_refuses_in_the_vendors_words() {
    let server = FakeS3::with(|flaws| flaws.refuse_acl = true).await;
    let hash_of_others = "0".repeat(64);
    let cases = [
        (
            "x-amz-checksum-crc32",
            "AAAAAA==",
            400,
            "Unsupported header 'x-amz-checksum-crc32' received for this API call.",
        ),
        ("x-amz-sdk-checksum-algorithm", "CRC32", 400, "Unsupported header 'x-amz-sdk-checksum-algorithm'"),
        ("content-encoding", "aws-chunked", 400, "aws-chunked encoding is not supported"),
        ("x-amz-acl", "public-read", 501, "Header 'x-amz-acl' with value 'public-read' not implemented"),
        (
            "x-amz-content-sha256",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            501,
            "Aws MultiChunkedEncoding STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        ),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD", 400, "XAmzContentSHA256Mismatch"),
        ("x-amz-content-sha256", &hash_of_others, 400, "XAmzContentSHA256Mismatch"),
    ];
    for (name, value, status, words) in cases {
        let mut request =
            crate::stage::reader().put(format!("{}/{BUCKET}/a.png", server.endpoint())).body("a");
        if name == "x-amz-content-sha256" {
            let credential = format!("{}/20260101/auto/s3/aws4_request", crate::fake_s3::ACCESS_KEY);
            let fields = format!("Credential={credential}, SignedHeaders=host, Signature=0");
            request = request.header("authorization", format!("AWS4-HMAC-SHA256 {fields}"));
        }
        let answer = request.header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), status, "{name}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(words), "{name}: {text}");
    }
    assert_eq!(server.keys(), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The fake decodes the path, encodes it again by RFC 3986 and signs that: it agrees for any name.
    #[test]
    fn any_name_is_signed_as_it_is_linked(segments in prop::collection::vec("[^/\u{0}-\u{1f}\u{7f}]{1,12}", 1..4)) {
        let key = segments.join("/");
        prop_assume!(!segments.iter().any(|segment| segment == "." || segment == ".."));
        // The client refuses it, and no key that was made safe is blank.
        prop_assume!(!key.trim().is_empty());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = FakeS3::start().await;
            let provider = fake_provider(&server, "generic", &[]);
            let stored = provider.put(object(&key, "a"), silent()).await.unwrap();
            assert_eq!(server.keys(), std::slice::from_ref(&key));
            assert_eq!(stored.url, format!("{}/{BUCKET}/{}", server.endpoint(), encode_key(&key)));
            assert_eq!(server.seen()[0].path, format!("/{BUCKET}/{}", encode_key(&key)));
            assert!(provider.head(&key).await.unwrap().is_some());
        });
    }
}
