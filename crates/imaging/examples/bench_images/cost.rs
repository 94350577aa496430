//! What some work costs.

use super::Failure;
use cpu_time::ProcessTime;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Runs `work`; the answer has the processor time of all threads of this process and the time on
/// the clock.
pub fn measure<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, Value), Failure> {
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let result = work()?;
    let (wall, cpu) = (wall.elapsed(), cpu.elapsed());
    Ok((result, json!({ "cpu_ms": milliseconds(cpu), "wall_ms": milliseconds(wall) })))
}

/// The most memory that this process ever had, in bytes.
pub fn peak_memory() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
