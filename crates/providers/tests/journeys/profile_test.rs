//! The Test button: which step failed, and why.

use crate::fake_s3::{Conditional, FakeS3};
use crate::stage::{config, fake_provider};
use picferry_core::error::ErrorCode;
use picferry_core::provider::{TestOutcome, TestReport, TestStep, TestStepName};

fn step(report: &TestReport, name: TestStepName) -> &TestStep {
    report.steps.iter().find(|step| step.step == name).unwrap()
}

fn outcome(report: &TestReport, name: TestStepName) -> TestOutcome {
    step(report, name).outcome
}

#[tokio::test]
async fn wrong_keys_fail_at_the_first_step_and_the_rest_is_skipped() {
    let server = FakeS3::start().await;
    let report = fake_provider(&server, "generic", &[("access_key_id", "NOBODY")]).test("x").await;
    assert!(!report.ok);
    let failed = &report.steps[0];
    assert_eq!((failed.step, failed.outcome), (TestStepName::Connect, TestOutcome::Failed));
    assert_eq!(failed.error.as_ref().unwrap().field.as_deref(), Some("access_key_id"));
    assert!(report.steps[1..].iter().all(|step| step.outcome == TestOutcome::Skipped));
    assert_eq!(report.steps.len(), 6);
    assert_eq!(server.requests("PUT"), 0);
}

#[tokio::test]
async fn the_safest_keys_may_not_list() {
    let server = FakeS3::with(|flaws| flaws.no_list = true).await;
    let report = fake_provider(&server, "generic", &[]).test("x").await;
    assert!(report.ok);
    assert!(report.steps.iter().all(|step| step.outcome == TestOutcome::Passed), "{report:?}");
}

#[tokio::test]
async fn buckets_are_never_listed_and_the_folder_is_kept() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "generic", &[("key_template", "blog/img/{year}/{hash:8}.{ext}")]);
    provider.test("abc").await;
    for seen in server.seen() {
        assert!(
            seen.path.starts_with("/pictures/blog/img/picferry-probe-abc.png")
                || seen.query.contains("list-type=2")
        );
        assert_ne!(seen.path, "/", "ListBuckets needs an administrator");
    }
    assert!(
        server.seen()[0].query.contains("prefix=blog%2Fimg%2F")
            && server.seen()[0].query.contains("max-keys=1")
    );
}

#[tokio::test]
async fn keys_that_may_not_read_or_delete_work_with_a_word() {
    let server = FakeS3::with(|flaws| {
        flaws.no_read = true;
        flaws.no_delete = true;
    })
    .await;
    let report = fake_provider(&server, "generic", &[]).test("x").await;
    assert!(report.ok, "{report:?}");
    assert_eq!(outcome(&report, TestStepName::Read), TestOutcome::Warning);
    assert_eq!(outcome(&report, TestStepName::Delete), TestOutcome::Warning);
    assert_eq!(step(&report, TestStepName::Delete).error.as_ref().unwrap().code, ErrorCode::AccessDenied);
}

#[tokio::test]
async fn a_store_that_damages_pictures_fails() {
    let server = FakeS3::with(|flaws| flaws.corrupt = 2).await;
    let report = fake_provider(&server, "generic", &[]).test("x").await;
    assert!(!report.ok);
    assert_eq!(outcome(&report, TestStepName::Read), TestOutcome::Failed);
    assert_eq!(server.keys(), Vec::<String>::new(), "the probe is taken away all the same");
}

#[tokio::test]
async fn private_buckets_and_forced_downloads_are_warned_of() {
    let server = FakeS3::with(|flaws| flaws.private = true).await;
    let report = fake_provider(&server, "generic", &[]).test("x").await;
    let public = step(&report, TestStepName::PublicRead);
    assert!(report.ok);
    assert_eq!(public.outcome, TestOutcome::Warning);
    assert_eq!(public.error.as_ref().unwrap().field.as_deref(), Some("public_url"));

    let server = FakeS3::with(|flaws| flaws.force_download = true).await;
    let report = fake_provider(&server, "generic", &[]).test("x").await;
    let public = step(&report, TestStepName::PublicRead).error.as_ref().unwrap();
    assert_eq!(public.params["reason"], "download");
}

#[tokio::test]
async fn r2_and_b2_say_that_readers_need_a_domain() {
    for (preset, word) in [("r2", "R2"), ("b2", "API address")] {
        let server = FakeS3::with(|flaws| flaws.private = true).await;
        let report = fake_provider(&server, preset, &[]).test("x").await;
        let public = step(&report, TestStepName::PublicRead);
        assert_eq!(public.outcome, TestOutcome::Warning);
        assert!(public.error.as_ref().unwrap().message.contains(word), "{public:?}");
        assert!(public.error.as_ref().unwrap().hint.as_ref().unwrap().contains("domain"));
    }
}

#[tokio::test]
async fn an_own_domain_that_leads_nowhere_is_a_warning() {
    let server = FakeS3::start().await;
    let report =
        fake_provider(&server, "generic", &[("public_url", "http://nobody.invalid")]).test("x").await;
    let public = step(&report, TestStepName::PublicRead);
    assert!(report.ok);
    assert_eq!(public.outcome, TestOutcome::Warning);
    assert_eq!(public.error.as_ref().unwrap().field.as_deref(), Some("public_url"));
}

#[tokio::test]
async fn what_conditions_do_is_learned() {
    for (conditional, learned) in
        [(Conditional::Honoured, "yes"), (Conditional::Ignored, "no"), (Conditional::Refused, "no")]
    {
        let server = FakeS3::with(|flaws| flaws.conditional = conditional).await;
        let report = fake_provider(&server, "generic", &[]).test("x").await;
        assert!(report.ok);
        assert_eq!(report.learned["conditional_put"], learned, "{conditional:?}");
        assert_eq!(outcome(&report, TestStepName::NoOverwrite), TestOutcome::Passed);
    }
}

#[tokio::test]
async fn corrections_come_with_the_report() {
    let server = FakeS3::with(|flaws| {
        flaws.region = Some("eu-west-3".into());
        flaws.refuse_acl = true;
    })
    .await;
    let report =
        fake_provider(&server, "generic", &[("acl", "public-read"), ("region", "us-east-1")]).test("x").await;
    assert!(report.ok, "{report:?}");
    assert_eq!(report.corrections["region"], "eu-west-3");
    assert_eq!(report.corrections["acl"], "");
    assert_eq!(outcome(&report, TestStepName::Write), TestOutcome::Warning);
}

#[tokio::test]
async fn any_certificate_is_a_warning() {
    let server = FakeS3::start().await;
    let report = fake_provider(&server, "generic", &[("insecure", "true")]).test("x").await;
    assert!(report.ok);
    let connected = step(&report, TestStepName::Connect);
    assert_eq!(connected.outcome, TestOutcome::Warning);
    assert_eq!(connected.error.as_ref().unwrap().field.as_deref(), Some("insecure"));
}

/// Gateways may show a page to whoever lists: whether pictures arrive decides.
#[tokio::test]
async fn a_page_in_place_of_a_list_is_told_and_writing_decides() {
    let server = FakeS3::with(|flaws| flaws.answer_once = Some((200, "<html>welcome</html>".into()))).await;
    let report = fake_provider(&server, "generic", &[]).test("x").await;
    assert!(report.ok, "{report:?}");
    let connected = step(&report, TestStepName::Connect);
    assert_eq!(connected.outcome, TestOutcome::Warning);
    assert_eq!(connected.error.as_ref().unwrap().params["reason"], "not_s3");
}

#[tokio::test]
async fn nobody_there_fails_at_once() {
    let fields = [("endpoint", "http://nobody.invalid"), ("bucket", "b"), ("access_key_id", "k")];
    let report = picferry_providers::build(&config("generic", "secret", &fields)).unwrap().test("x").await;
    assert!(!report.ok);
    assert_eq!(report.steps[0].error.as_ref().unwrap().code, ErrorCode::Network);
}
