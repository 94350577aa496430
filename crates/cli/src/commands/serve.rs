//! `picferry serve`: the built-in store and the queue, without a window.

use super::open_engine;
use crate::exit::{Exit, Outcome};
use crate::{output, signals};
use picferry_engine::Role;

/// Serves until it is told to stop.
pub async fn run() -> Outcome {
    let stop = signals::asked_to_stop();
    let engine = open_engine(Role::Serve).await?;
    let store = engine.start_local_store().await?;
    if store.running_here {
        output::line(&format!("The built-in store listens on {}", store.address));
    } else {
        output::line(&format!("Another Picferry serves the built-in store on {}", store.address));
    }
    output::remark("Press Ctrl+C to stop.");
    stop.await;
    engine.close().await;
    Ok(Exit::Success)
}
