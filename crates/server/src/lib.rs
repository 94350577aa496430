//! HTTP around the engine: so far the development bridge, which shows the real window in a browser.

mod bridge;
mod bridge_host;
mod guard;

pub use bridge::{Bridge, BridgeOptions};
