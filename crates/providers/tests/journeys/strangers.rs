//! What answers is no S3 store: login pages, captive portals, web servers, other interfaces.

use crate::stage::{config, object, receipt, refused, silent};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use picferry_core::error::{Error, ErrorCode};
use picferry_core::provider::{Provider, TestOutcome, TestStepName};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

type Reply = (u16, &'static [(&'static str, &'static str)], &'static str);

const HTML: &[(&str, &str)] = &[("content-type", "text/html; charset=utf-8")];
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const LEADS_ON: &[(&str, &str)] = &[("location", "https://login.example/hotel?to=x")];
const LOGIN: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>";

/// A web server that knows nothing of S3.
struct Stranger {
    endpoint: String,
    serving: JoinHandle<()>,
}

impl Stranger {
    async fn answering(reply: fn(method: &str) -> Reply) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service =
                    hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| async move {
                        let (status, headers, body) = reply(request.method().as_str());
                        let _ = request.into_body().collect().await;
                        let mut answer = Response::builder().status(status);
                        for (name, value) in headers {
                            answer = answer.header(*name, *value);
                        }
                        answer.body(Full::new(Bytes::from_static(body.as_bytes())))
                    });
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        Self { endpoint, serving }
    }

    fn provider(&self, preset: &str) -> Arc<dyn Provider> {
        let fields = [("endpoint", self.endpoint.as_str()), ("bucket", "pictures"), ("access_key_id", "key")];
        picferry_providers::build(&config(preset, "secret", &fields)).unwrap()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn is_no_store(error: &Error) {
    let found = (error.code, error.field.as_deref(), error.retryable);
    assert_eq!(found, (ErrorCode::HostRefused, Some("endpoint"), false), "{error:?}");
    assert_eq!(error.params["reason"], "not_s3", "{error:?}");
    assert!(error.message.contains("127.0.0.1") && error.message.contains("not an S3 store"), "{error:?}");
    assert!(error.hint.as_ref().unwrap().contains("endpoint"), "{error:?}");
}

/// A portal answers everything with its page, and all of it “200 OK”.
#[tokio::test]
async fn a_login_page_stores_nothing_deletes_nothing_and_has_nothing() {
    let portal = Stranger::answering(|_| (200, HTML, LOGIN)).await;
    let provider = portal.provider("generic");
    let error = refused(provider.as_ref(), object("a.png", "a")).await;
    is_no_store(&error);
    assert!(error.message.contains("web page"), "{error:?}");
    assert!(error.report().contains("Sign in"), "the page is quoted: {}", error.report());
    let mut once = object("a.png", "a");
    once.no_overwrite = true;
    is_no_store(&refused(provider.as_ref(), once).await);
    is_no_store(&provider.head("a.png").await.unwrap_err());
    for receipts in [vec![receipt("a.png")], vec![receipt("a.png"), receipt("b.png")]] {
        for result in provider.delete(&receipts).await {
            is_no_store(&result.unwrap_err());
        }
    }
    let large = crate::stage::content(33 * 1024 * 1024);
    is_no_store(&refused(provider.as_ref(), object("large.png", large)).await);
}

#[tokio::test]
async fn a_gateway_too_never_answers_with_a_page() {
    let portal = Stranger::answering(|_| (200, HTML, LOGIN)).await;
    is_no_store(&refused(portal.provider("gateway").as_ref(), object("a.png", "a")).await);
}

#[tokio::test]
async fn a_portal_that_sends_on_is_named_with_where_it_leads() {
    for reply in [
        (|_| (301, LEADS_ON, "")) as fn(&str) -> Reply,
        |_| (302, LEADS_ON, ""),
        |_| (303, LEADS_ON, "<html>moved</html>"),
        |_| (307, LEADS_ON, ""),
        |_| (308, LEADS_ON, ""),
    ] {
        let portal = Stranger::answering(reply).await;
        let error = refused(portal.provider("generic").as_ref(), object("a.png", "a")).await;
        is_no_store(&error);
        assert!(error.message.contains("login.example"), "{error:?}");
        assert!(!error.report().contains("to=x"), "a query may hold what is private: {error:?}");
    }
}

#[tokio::test]
async fn a_plain_web_server_is_not_taken_for_a_store_that_cannot() {
    let server = Stranger::answering(|method| match method {
        "PUT" | "POST" => (405, HTML, "<html><body><h1>405 Not Allowed</h1></body></html>"),
        _ => (404, HTML, "<html><body><h1>404 Not Found</h1></body></html>"),
    })
    .await;
    let provider = server.provider("generic");
    is_no_store(&refused(provider.as_ref(), object("a.png", "a")).await);
    is_no_store(&provider.delete(&[receipt("a.png")]).await.pop().unwrap().unwrap_err());
    assert!(provider.learned().facts.is_empty(), "{:?}", provider.learned());

    let server = Stranger::answering(|method| match method {
        "PUT" => (501, HTML, "<!DOCTYPE HTML><html><p>Unsupported method ('PUT').</p></html>"),
        _ => (404, HTML, "<!DOCTYPE HTML><html><p>File not found</p></html>"),
    })
    .await;
    let provider = server.provider("minio");
    let mut once = object("a.png", "a");
    once.no_overwrite = true;
    is_no_store(&refused(provider.as_ref(), once).await);
    assert!(provider.learned().facts.is_empty(), "{:?}", provider.learned());
}

#[tokio::test]
async fn pages_that_demand_a_login_are_not_the_stores_refusal() {
    for reply in [
        (|_| (401, HTML, "<html>Authorization required</html>")) as fn(&str) -> Reply,
        |_| (403, HTML, "<html>Request blocked</html>"),
        |_| (400, HTML, "<html>Bad request</html>"),
    ] {
        let server = Stranger::answering(reply).await;
        is_no_store(&refused(server.provider("generic").as_ref(), object("a.png", "a")).await);
    }
}

#[tokio::test]
async fn an_interface_that_speaks_json_is_no_store() {
    for reply in [
        (|_| (404, JSON, "{\"message\": \"Not Found\"}")) as fn(&str) -> Reply,
        |_| (405, JSON, "{\"detail\": \"Method Not Allowed\"}"),
        |_| (401, JSON, "{\"error\": \"token missing\"}"),
        |_| (200, JSON, "{\"code\": 500, \"msg\": \"no route\"}"),
    ] {
        let server = Stranger::answering(reply).await;
        let error = refused(server.provider("generic").as_ref(), object("a.png", "a")).await;
        is_no_store(&error);
        assert!(error.message.contains("JSON"), "{error:?}");
    }
}

/// Gateways that people write themselves answer as they like.
#[tokio::test]
async fn a_gateway_may_answer_in_json() {
    let gateway = Stranger::answering(|_| (200, JSON, "{\"ok\": true}")).await;
    gateway.provider("gateway").put(object("a.png", "a"), silent()).await.unwrap();
}

/// A page with a status that any server in front of a store gives is about that status.
#[tokio::test]
async fn what_a_server_in_front_of_the_store_says_keeps_its_meaning() {
    for (reply, code) in [
        ((|_| (413, HTML, "<html>too large</html>")) as fn(&str) -> Reply, ErrorCode::TooLarge),
        (|_| (429, HTML, "<html>slow down</html>"), ErrorCode::RateLimited),
        (|_| (502, HTML, "<html>bad gateway</html>"), ErrorCode::Network),
    ] {
        let server = Stranger::answering(reply).await;
        assert_eq!(refused(server.provider("generic").as_ref(), object("a.png", "a")).await.code, code);
    }
}

#[tokio::test]
async fn the_test_of_a_profile_says_it_too() {
    for reply in [
        (|_| (200, HTML, LOGIN)) as fn(&str) -> Reply,
        |_| (302, &[("location", "https://login.example/")], ""),
        |_| (404, JSON, "{\"message\": \"Not Found\"}"),
        |method| if method == "GET" { (200, HTML, LOGIN) } else { (405, HTML, "<html>405</html>") },
    ] {
        let server = Stranger::answering(reply).await;
        let report = server.provider("generic").test("x").await;
        assert!(!report.ok);
        assert!(report.learned.is_empty() && report.corrections.is_empty(), "{report:?}");
        let told: Vec<_> = report.steps.iter().filter_map(|step| step.error.as_ref()).collect();
        assert!(!told.is_empty());
        told.iter().for_each(|error| is_no_store(error));
        let failed: Vec<_> = report
            .steps
            .iter()
            .filter(|step| step.outcome == TestOutcome::Failed)
            .map(|step| step.step)
            .collect();
        assert_eq!(failed, [TestStepName::Write], "{report:?}");
    }
}
