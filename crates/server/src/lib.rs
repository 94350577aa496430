//! HTTP around the engine: the server that editors send pictures to, as they do to PicGo, and the
//! development bridge, which shows the real window in a browser.

mod bridge;
mod bridge_host;
pub mod editors;
mod guard;

pub use bridge::{Bridge, BridgeOptions};
