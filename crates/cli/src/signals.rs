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

/// Ready when the program should end: Ctrl+C, or a polite request by the system. Listens from the
/// call on, not from the first wait.
pub fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    let mut interrupts = Interrupts::new();
    let terminated = terminated();
    async move {
        tokio::select! {
            () = interrupts.next() => {}
            () = terminated => {}
        }
    }
}

#[cfg(unix)]
fn terminated() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = signal(SignalKind::terminate());
    async move {
        match signals {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
fn terminated() -> impl Future<Output = ()> + Send + 'static {
    std::future::pending()
}
