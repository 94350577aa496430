//! A second S3 server that is not ours: moto, in a process of its own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A moto server on a free port; ended when dropped. It checks no signatures.
pub struct Moto {
    process: Child,
    endpoint: String,
    bucket: String,
}

impl Moto {
    /// Starts it and makes a bucket.
    ///
    /// # Panics
    /// When the test tools are not installed, or the server does not come up.
    pub async fn start(bucket: &str) -> Self {
        let port = free_port();
        let process = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto_server starts");
        let endpoint = format!("http://127.0.0.1:{port}");
        let address = format!("{endpoint}/{bucket}");
        let server = Self { process, endpoint, bucket: bucket.to_owned() };
        let client =
            reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a plain client");
        let started = Instant::now();
        loop {
            match client.put(&address).send().await {
                Ok(answer) if answer.status().is_success() => return server,
                _ if started.elapsed() > Duration::from_secs(60) => {
                    panic!("moto did not come up at {address}")
                }
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The bucket that was made.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // A process that has ended already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
    let candidates = [
        std::env::var_os("PICFERRY_TEST_TOOLS").map(|tools| PathBuf::from(tools).join("bin/moto_server")),
        Some(cache.join("picferry/test-tools/bin/moto_server")),
    ];
    let found = candidates.into_iter().flatten().find(|program| program.exists());
    found.expect("moto is not installed: run make test, which installs it")
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port of this computer");
    listener.local_addr().expect("the address of a listener").port()
}
