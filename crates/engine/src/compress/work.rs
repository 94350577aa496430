//! The work of one round: every format of the picture that is shown, then of each other picture what
//! the options mean.

use super::desk::Tried;
use super::makers::{self, Made};
use crate::engine::{Engine, run_blocking};
use futures::{StreamExt as _, stream};
use picferry_core::compress::CompressResult;
use picferry_core::{Error, Result};
use picferry_imaging::Cancel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The least time between two events about one picture.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// Pictures besides the one shown that are asked for at the same time; the engine's slots decide how
/// many of them are decoded.
const OTHERS_AT_ONCE: usize = 4;

pub async fn run(engine: Arc<Engine>, round: u64, shown: &str, tried: Tried, cancel: Cancel) {
    work_on(&engine, round, shown, &tried, &cancel, true).await;
    let others: Vec<String> = engine
        .compress
        .pictures()
        .into_iter()
        .filter(|picture| picture.id != shown && (picture.error.is_none() || picture.working))
        .map(|picture| picture.id)
        .collect();
    let (engine, tried, cancel) = (&engine, &tried, &cancel);
    stream::iter(others)
        .for_each_concurrent(OTHERS_AT_ONCE, |id| async move {
            work_on(engine, round, &id, tried, cancel, false).await;
        })
        .await;
}

/// Makes what the round needs of one picture, unless it is there.
async fn work_on(engine: &Arc<Engine>, round: u64, id: &str, tried: &Tried, cancel: &Cancel, all: bool) {
    if cancel.is_stopped() || engine.compress.path(id).is_none() {
        return;
    }
    if engine.compress.has(id, tried, all) {
        return;
    }
    let _slot = engine.picture_memory.slot().await;
    let outcome = make(engine, round, id, tried, cancel, all).await;
    engine.compress.finish(&engine.hub, round, id, &tried.key, all, outcome);
}

async fn make(
    engine: &Arc<Engine>,
    round: u64,
    id: &str,
    tried: &Tried,
    cancel: &Cancel,
    all: bool,
) -> Result<()> {
    cancel.check()?;
    let bytes = engine.compress_bytes(id).await?;
    let name = engine.compress.name(id).unwrap_or_default();
    let (engine, id, tried, cancel) = (engine.clone(), id.to_owned(), tried.clone(), cancel.clone());
    run_blocking(move || {
        let format = picferry_imaging::sniff(&bytes);
        let chosen = tried.rule_for(format);
        engine.compress.set_chosen(&id, chosen);
        let options = crate::images::prepare_options(tried.options.clone(), &name)?;
        let last_told = Mutex::new(None::<Instant>);
        let keep = |made: Made| -> Result<()> {
            let result = written(&engine, &id, &tried.key, &made)?;
            let tell = || may_tell(&last_told);
            engine.compress.add_result(&engine.hub, round, &id, &tried.key, result, tell);
            Ok(())
        };
        if all {
            makers::all(&bytes, &options, &cancel, &keep)?;
        }
        // Not among the formats: “as it was”, and whatever becomes of a picture that moves.
        if !engine.compress.has(&id, &tried, false) {
            keep(makers::one(bytes, &options, chosen, &cancel)?)?;
        }
        Ok(())
    })
    .await
}

fn may_tell(last_told: &Mutex<Option<Instant>>) -> bool {
    let mut last = last_told.lock().unwrap_or_else(PoisonError::into_inner);
    let now = Instant::now();
    if last.is_some_and(|last| now.duration_since(last) < QUIET_TIME) {
        return false;
    }
    *last = Some(now);
    true
}

/// Writes a result to its file, so that it does not stay in memory.
fn written(engine: &Engine, id: &str, key: &str, made: &Made) -> Result<CompressResult> {
    let file = format!("{id}-{key}-{}", made.rule);
    std::fs::write(engine.compress.result_path(&file)?, &made.bytes)
        .map_err(|error| Error::from_io("What was made cannot be kept", &error))?;
    Ok(made.result(file))
}
