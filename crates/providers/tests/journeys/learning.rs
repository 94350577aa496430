//! A refusal that says what is right is believed once, and what works is offered to the person.

use crate::fake_s3::{Addressing, BUCKET, Conditional, FakeS3, PROXIED_HOST, WrongRegion};
use crate::stage::{content, fake_config, fake_provider, object, receipt, refused, silent};
use picferry_core::error::ErrorCode;
use picferry_core::provider::Provider;
use std::sync::Arc;

/// A profile that reaches the fake under a name, through itself as a proxy: virtual hosts work.
fn by_name(server: &FakeS3, preset: &str, more: &[(&str, &str)]) -> Arc<dyn Provider> {
    let (endpoint, proxy) = (format!("http://{PROXIED_HOST}"), server.endpoint());
    let mut fields = vec![("endpoint", endpoint.as_str()), ("proxy", proxy)];
    fields.extend(more);
    fake_provider(server, preset, &fields)
}

#[tokio::test]
async fn the_right_region_is_read_from_a_400_and_kept() {
    let server = FakeS3::with(|flaws| flaws.region = Some("eu-west-3".into())).await;
    let provider = fake_provider(&server, "generic", &[("region", "us-east-1")]);
    provider.put(object("a.png", "a"), silent()).await.unwrap();
    assert_eq!(server.requests("PUT"), 2, "once wrong, once right");
    assert_eq!(provider.learned().corrections["region"], "eu-west-3");
    provider.put(object("b.png", "b"), silent()).await.unwrap();
    assert_eq!(server.requests("PUT"), 3, "the next one is right at once");
}

#[tokio::test]
async fn the_right_region_is_read_from_a_redirect() {
    let server = FakeS3::with(|flaws| {
        flaws.region = Some("garage".into());
        flaws.wrong_region = WrongRegion::Redirect;
    })
    .await;
    let provider = fake_provider(&server, "generic", &[]);
    assert_eq!(provider.head("nothing.png").await.unwrap(), None, "a HEAD has no body, but the header");
    assert_eq!(provider.learned().corrections["region"], "garage");
}

#[tokio::test]
async fn a_region_that_stays_wrong_is_an_error_after_one_more_try() {
    let server = FakeS3::with(|flaws| {
        flaws.answer_once = Some((
            400,
            "<?xml version=\"1.0\"?><Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-1</Region></Error>".into(),
        ));
        flaws.region = Some("eu-2".into());
    })
    .await;
    let provider = fake_provider(&server, "generic", &[("region", "eu-0")]);
    let error = refused(provider.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::WrongRegion, Some("region")));
    assert_eq!(server.requests("PUT"), 2);
    assert!(provider.learned().corrections.is_empty(), "nothing that does not work is offered");
}

#[tokio::test]
async fn the_bucket_moves_into_the_host_name_where_the_store_wants_it() {
    for rule in [Addressing::VirtualAsOss, Addressing::VirtualAsCos] {
        let server = FakeS3::with(|flaws| flaws.addressing = rule).await;
        let provider = by_name(&server, "generic", &[("path_style", "path")]);
        let stored = provider.put(object("a b.png", "a"), silent()).await.unwrap();
        assert_eq!(server.keys(), ["a b.png"]);
        assert_eq!(provider.learned().corrections["path_style"], "virtual");
        assert_eq!(stored.url, format!("http://{BUCKET}.{PROXIED_HOST}/a%20b.png"), "links follow");
    }
}

#[tokio::test]
async fn virtual_hosts_are_signed_with_their_name() {
    let server = FakeS3::start().await;
    let provider = by_name(&server, "generic", &[("path_style", "virtual")]);
    provider.put(object("2026/a+b.png", content(70_000)), silent()).await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.path, "/2026/a%2Bb.png");
    assert_eq!(seen.header("host"), Some(format!("{BUCKET}.{PROXIED_HOST}").as_str()));
    let results = provider.delete(&[receipt("2026/a+b.png"), receipt("other.png")]).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
}

#[tokio::test]
async fn a_domain_bound_to_a_bucket_takes_keys_at_its_root() {
    let server = FakeS3::with(|flaws| flaws.addressing = Addressing::Bare).await;
    let provider = by_name(&server, "oss", &[("region", "cn-hangzhou")]);
    provider.put(object("a/图.png", "a"), silent()).await.unwrap();
    assert_eq!(server.keys(), ["a/图.png"], "an own domain as the endpoint of OSS needs no setting");
    let results = provider.delete(&[receipt("a/图.png"), receipt("b.png")]).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refused_access_setting_is_left_out() {
    let server = FakeS3::with(|flaws| flaws.refuse_acl = true).await;
    let provider = fake_provider(&server, "generic", &[("acl", "public-read")]);
    provider.put(object("a.png", "a"), silent()).await.unwrap();
    assert_eq!(server.object("a.png").unwrap().acl, None);
    assert_eq!(provider.learned().corrections["acl"], "");
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_the_stores() {
    for ahead in [3600, -7200] {
        let server = FakeS3::with(|flaws| flaws.clock_ahead = ahead).await;
        let provider = fake_provider(&server, "generic", &[]);
        provider.put(object("a.png", "a"), silent()).await.unwrap();
        assert_eq!(server.requests("PUT"), 2, "once refused, once by the store's clock");
        assert!(provider.head("a.png").await.unwrap().is_some());
        assert_eq!(server.requests("HEAD"), 1, "the clock stays known");
    }
}

#[tokio::test]
async fn a_store_without_the_condition_is_asked_first() {
    for conditional in [Conditional::Ignored, Conditional::Refused] {
        let server = FakeS3::with(|flaws| flaws.conditional = conditional).await;
        let provider = fake_provider(&server, "generic", &[]);
        let mut once = object("a.png", "a");
        once.no_overwrite = true;
        provider.put(once.clone(), silent()).await.unwrap();
        let error = refused(provider.as_ref(), once).await;
        assert_eq!(error.code, ErrorCode::KeyExists, "{conditional:?}");
        assert_eq!(server.requests("PUT"), 1, "nothing was sent the second time");
        assert!(server.seen().iter().all(|seen| seen.method != "GET"), "never the public address");
    }
}

#[tokio::test]
async fn a_store_believed_to_know_the_condition_teaches_better() {
    let server = FakeS3::with(|flaws| flaws.conditional = Conditional::Refused).await;
    let provider = fake_provider(&server, "minio", &[]);
    let mut once = object("a.png", "a");
    once.no_overwrite = true;
    provider.put(once.clone(), silent()).await.unwrap();
    assert_eq!(provider.learned().facts["conditional_put"], "no");
    assert_eq!(refused(provider.as_ref(), once).await.code, ErrorCode::KeyExists);
}

#[tokio::test]
async fn what_the_profile_learned_saves_the_question() {
    let server = FakeS3::start().await;
    let mut config = fake_config(&server, "generic", &[]);
    config.profile.learned.insert("conditional_put".into(), "yes".into());
    let provider = picferry_providers::build(&config).unwrap();
    let mut once = object("a.png", "a");
    once.no_overwrite = true;
    provider.put(once.clone(), silent()).await.unwrap();
    assert_eq!(refused(provider.as_ref(), once).await.code, ErrorCode::KeyExists);
    assert_eq!(server.requests("HEAD"), 0);
}

#[tokio::test]
async fn aliyun_is_asked_in_its_own_words() {
    let server = FakeS3::with(|flaws| flaws.conditional = Conditional::OssHeader).await;
    let provider = fake_provider(&server, "oss", &[("path_style", "path")]);
    let mut once = object("a.png", "a");
    once.no_overwrite = true;
    provider.put(once.clone(), silent()).await.unwrap();
    assert_eq!(server.seen().pop().unwrap().header("x-oss-forbid-overwrite"), Some("true"));
    let report = provider.test("oss").await;
    assert_eq!(report.learned["conditional_put"], "yes", "{report:?}");
    assert_eq!(refused(provider.as_ref(), once).await.code, ErrorCode::KeyExists);
}
