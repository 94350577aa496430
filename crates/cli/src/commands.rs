//! One file for each command.

pub mod bridge;
pub mod doctor;
pub mod history;
pub mod profile;
pub mod serve;
pub mod upload;

use crate::output;
use picferry_core::Result;
use picferry_engine::{Engine, EngineOptions, Role};
use std::sync::Arc;

/// Opens the home that the environment names, and passes on what it has to say.
async fn open_engine(role: Role) -> Result<Arc<Engine>> {
    let engine = Engine::open(EngineOptions::from_environment(role)?).await?;
    for notice in engine.notices() {
        output::error(None, &notice.error);
    }
    Ok(engine)
}
