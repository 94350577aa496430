//! Trouble on the way: told apart, temporary or not, and nothing stored twice or half.

use crate::fake_s3::{FakeS3, PROXIED_HOST};
use crate::stage::{config, content, fake_provider, noted, object, refused, silent};
use picferry_core::error::ErrorCode;
use picferry_core::provider::Provider;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

#[tokio::test]
async fn passing_trouble_is_marked_and_left_to_the_queue() {
    let server = FakeS3::with(|flaws| {
        flaws.slow_down = 1;
        flaws.too_many = 1;
        flaws.internal_error = 1;
    })
    .await;
    let provider = fake_provider(&server, "generic", &[]);
    for code in [ErrorCode::RateLimited, ErrorCode::RateLimited, ErrorCode::Network] {
        let error = refused(provider.as_ref(), object("a.png", "a")).await;
        assert_eq!((error.code, error.retryable), (code, true));
    }
    assert_eq!(server.requests("PUT"), 3, "each is one request: nobody below retries");
    provider.put(object("a.png", "a"), silent()).await.unwrap();
    assert_eq!(server.flaws().slow_down, 0);
}

#[tokio::test]
async fn a_cut_connection_may_be_tried_again_from_the_start() {
    let server = FakeS3::with(|flaws| flaws.cut = 1).await;
    let provider = fake_provider(&server, "generic", &[]);
    let picture = object("a.png", content(5_000_000));
    let error = refused(provider.as_ref(), picture.clone()).await;
    assert_eq!((error.code, error.retryable), (ErrorCode::Network, true), "{error:?}");
    let (progress, notes) = noted();
    provider.put(picture, progress).await.unwrap();
    assert_eq!(notes.lock().unwrap()[0], (0, 5_000_000), "progress begins again");
    assert_eq!(server.object("a.png").unwrap().body.len(), 5_000_000);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let server = FakeS3::with(|flaws| flaws.delay = Duration::from_millis(300)).await;
    fake_provider(&server, "generic", &[]).put(object("a.png", "a"), silent()).await.unwrap();
}

/// Stores refuse by the head of a request, long before a large picture is there.
#[tokio::test]
async fn an_early_refusal_is_heard() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 4096];
        assert!(stream.read(&mut head).await.unwrap() > 0);
        let body = "<Error><Code>InvalidAccessKeyId</Code></Error>";
        let answer = format!(
            "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    });
    let error = refused(at(&endpoint, &[]).as_ref(), object("a.png", content(20_000_000))).await;
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::AuthFailed, Some("access_key_id")),
        "{error:?}"
    );
}

fn at(endpoint: &str, more: &[(&str, &str)]) -> Arc<dyn Provider> {
    let mut fields = vec![("endpoint", endpoint), ("bucket", "b"), ("access_key_id", "k")];
    fields.extend(more);
    picferry_providers::build(&config("generic", "secret", &fields)).unwrap()
}

async fn unused_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn nobody_there_points_at_the_endpoint() {
    let endpoint = format!("http://127.0.0.1:{}", unused_port().await);
    let error = refused(at(&endpoint, &[]).as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Network, Some("endpoint")), "{error:?}");
    assert!(error.message.contains("127.0.0.1"));
}

#[tokio::test]
async fn a_name_that_does_not_exist_points_at_the_endpoint() {
    let error = refused(at("http://nobody.invalid", &[]).as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Network, Some("endpoint")), "{error:?}");
    assert!(error.message.contains("nobody.invalid"));
}

#[tokio::test]
async fn a_dead_proxy_points_at_the_proxy() {
    for scheme in ["http", "socks5"] {
        let proxy = format!("{scheme}://127.0.0.1:{}", unused_port().await);
        let provider = at("http://s3.example.com", &[("proxy", &proxy)]);
        let error = refused(provider.as_ref(), object("a.png", "a")).await;
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Network, Some("proxy")), "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_a_tunnel_points_at_the_proxy() {
    let server = FakeS3::start().await;
    // The fake knows no CONNECT.
    let provider = at("https://s3.example.com", &[("proxy", server.endpoint())]);
    let error = refused(provider.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Network, Some("proxy")), "{error:?}");
}

#[tokio::test]
async fn a_socks_proxy_is_used() {
    let server = FakeS3::start().await;
    let target: SocketAddr = server.endpoint().trim_start_matches("http://").parse().unwrap();
    let proxy = format!("socks5h://{}", socks_proxy(target).await);
    let endpoint = format!("http://{PROXIED_HOST}");
    let provider = fake_provider(&server, "generic", &[("endpoint", &endpoint), ("proxy", &proxy)]);
    provider.put(object("a.png", content(200_000)), silent()).await.unwrap();
    assert_eq!(server.keys(), ["a.png"]);
}

/// The smallest SOCKS5 proxy: takes any name and leads to one place.
async fn socks_proxy(target: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut greeting = [0; 2];
            client.read_exact(&mut greeting).await.unwrap();
            let mut methods = vec![0; usize::from(greeting[1])];
            client.read_exact(&mut methods).await.unwrap();
            client.write_all(&[5, 0]).await.unwrap();
            let mut head = [0; 5];
            client.read_exact(&mut head).await.unwrap();
            assert_eq!(head[3], 3, "socks5h leaves the name to the proxy");
            let mut name_and_port = vec![0; usize::from(head[4]) + 2];
            client.read_exact(&mut name_and_port).await.unwrap();
            client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).await.unwrap();
            let mut server = tokio::net::TcpStream::connect(target).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut server).await });
        }
    });
    address
}

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A server with a certificate of its own authority, in front of the fake.
async fn secure(server: &FakeS3) -> String {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    picferry_providers::http::install_tls();
    let chain = CertificateDer::pem_file_iter(data("server.pem")).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(data("server.key.pem")).unwrap();
    let tls = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
    let target = server.endpoint().trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, target) = (acceptor.clone(), target.clone());
            tokio::spawn(async move {
                // A client that refuses the certificate hangs up.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut server = tokio::net::TcpStream::connect(target).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
            });
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_can_be_named() {
    let server = FakeS3::start().await;
    let endpoint = secure(&server).await;
    let refusing = fake_provider(&server, "generic", &[("endpoint", &endpoint)]);
    let error = refused(refusing.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::TlsFailed, Some("ca_file")), "{error:?}");
    assert!(!error.retryable);
    assert_eq!(server.seen().len(), 0, "nothing is said to a stranger");

    let authority = data("authority.pem").display().to_string();
    let trusting = fake_provider(&server, "generic", &[("endpoint", &endpoint), ("ca_file", &authority)]);
    trusting.put(object("a.png", "a"), silent()).await.unwrap();

    let insecure = fake_provider(&server, "generic", &[("endpoint", &endpoint), ("insecure", "true")]);
    insecure.put(object("b.png", "b"), silent()).await.unwrap();
    assert_eq!(server.keys(), ["a.png", "b.png"]);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_apart() {
    let server = FakeS3::start().await;
    let port = secure(&server).await.rsplit(':').next().unwrap().to_owned();
    let authority = data("authority.pem").display().to_string();
    let endpoint = format!("https://127.0.0.2:{port}");
    let listener = TcpListener::bind(format!("127.0.0.2:{port}")).await;
    let Ok(listener) = listener else {
        return; // only some systems have more than one loopback address
    };
    let target = format!("127.0.0.1:{port}");
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = tokio::net::TcpStream::connect(&target).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    });
    let provider = fake_provider(&server, "generic", &[("endpoint", &endpoint), ("ca_file", &authority)]);
    let error = refused(provider.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::TlsFailed, Some("endpoint")), "{error:?}");
}

#[tokio::test]
async fn plain_http_at_a_tls_port_is_no_riddle() {
    let server = FakeS3::start().await;
    let endpoint = server.endpoint().replace("http://", "https://");
    let error =
        refused(fake_provider(&server, "generic", &[("endpoint", &endpoint)]).as_ref(), object("a.png", "a"))
            .await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::TlsFailed, Some("endpoint")), "{error:?}");
}
