//! The image engine as `make bench-images` measures it: one request a line, one answer a line, so
//! that the start of the program is not measured. It also scores what every contender wrote.

mod cost;
mod engine;
mod score;

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};

type Failure = Box<dyn std::error::Error>;

/// Reads a request, answers it, until there are no more.
fn main() -> Result<(), Failure> {
    let mut engine = engine::Engine::default();
    let mut scorer = score::Scorer::default();
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let answer = answer(&mut engine, &mut scorer, &request)
            .unwrap_or_else(|failure| json!({ "error": failure.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(
    engine: &mut engine::Engine,
    scorer: &mut score::Scorer,
    request: &Value,
) -> Result<Value, Failure> {
    match text(request, "op")? {
        "run" => engine.run(request),
        "thumbnail" => engine.thumbnail(request),
        "batch" => engine.batch(request),
        "peak" => engine.peak(request),
        "reference" => scorer.reference(request),
        "score" => scorer.score(request),
        "same" => scorer.same(request),
        other => Err(format!("no such request: {other}").into()),
    }
}

/// A field of a request that has to be there.
fn text<'a>(request: &'a Value, field: &str) -> Result<&'a str, Failure> {
    request[field].as_str().ok_or_else(|| format!("the request has no {field}").into())
}
