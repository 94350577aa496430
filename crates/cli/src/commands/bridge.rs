//! `picferry bridge`: the window in a browser, for work on it. Hidden from the help.

use super::open_engine;
use crate::arguments::BridgeArguments;
use crate::exit::{Exit, Outcome};
use crate::{output, signals};
use picferry_core::Random as _;
use picferry_engine::{Role, SystemRandom};
use picferry_server::{Bridge, BridgeOptions};
use std::sync::Arc;

/// Serves the bridge until it is told to stop.
pub async fn run(arguments: BridgeArguments) -> Outcome {
    let stop = signals::asked_to_stop();
    let engine = open_engine(Role::Serve).await?;
    let options = BridgeOptions {
        port: arguments.port,
        token: arguments.token.filter(|token| !token.is_empty()).unwrap_or_else(random_token),
        ui: arguments.ui.is_dir().then_some(arguments.ui),
    };
    let bridge = Bridge::open(Arc::clone(&engine), options).await?;
    output::line(&bridge.url());
    output::remark("Whoever knows this address can use Picferry. Press Ctrl+C to stop.");
    let served = bridge.run(stop).await;
    engine.close().await;
    served?;
    Ok(Exit::Success)
}

fn random_token() -> String {
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
