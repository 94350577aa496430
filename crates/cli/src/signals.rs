//! What tells the program to stop.

/// Ctrl+C, each time it is pressed. Made once and kept: what comes between two waits is not lost.
pub struct Interrupts {
    // Without a way to hear of it the program ends at once, as always.
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
    #[cfg(windows)]
    signals: Option<tokio::signal::windows::CtrlC>,
}

impl Interrupts {
    /// Listens from now on.
    pub fn new() -> Self {
        #[cfg(unix)]
        let signals = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).ok();
        #[cfg(windows)]
        let signals = tokio::signal::windows::ctrl_c().ok();
        Self { signals }
    }

    /// Ready at the next Ctrl+C.
    pub async fn next(&mut self) {
        let heard = match &mut self.signals {
            Some(signals) => signals.recv().await,
            None => None,
        };
        if heard.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Ready when the program should end: Ctrl+C, or a polite request by the system.
pub async fn asked_to_stop() {
    let mut interrupts = Interrupts::new();
    tokio::select! {
        () = interrupts.next() => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
