//! What the stories of the window need: a desktop of their own, the app on it, hands and eyes.

mod app;
mod desktop;
mod disk;
mod page;
mod samples;

pub use app::{App, Settings, free_port, web_processes};
pub use desktop::Desktop;
pub use disk::SmallDisk;
pub use page::Page;
pub use samples::{animated_gif, picture, scene};

use std::time::Duration;

/// Anything here may be slow on a busy machine; nothing waits that long when it works.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again until there is something to see.
///
/// # Panics
/// When there is nothing after [`PATIENCE`].
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut waited = Duration::ZERO;
    let pause = Duration::from_millis(100);
    while waited < PATIENCE {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
    panic!("waited in vain: {what}");
}

/// A host that takes calls and never answers, until it is dropped.
pub async fn silent_host() -> (u16, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let host = tokio::spawn(async move {
        let mut calls = Vec::new();
        while let Ok((call, _)) = listener.accept().await {
            calls.push(call);
        }
    });
    (port, host)
}
