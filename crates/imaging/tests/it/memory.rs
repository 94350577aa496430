//! How much memory some work takes, seen from outside.

use std::process::Command;

/// The variable that says: nothing else runs in this process.
const ALONE: &str = "PICFERRY_TEST_ALONE";

/// Whether this process runs nothing but this test. If not, one is started that does, and has to
/// succeed.
pub fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut alone = Command::new(std::env::current_exe().unwrap());
    let output = alone.args(["--exact", test, "--nocapture"]).env(ALONE, "1").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
    false
}

/// The most bytes that were held at once while this was done, beyond what was held before.
pub fn peak<T>(work: impl FnOnce() -> T) -> (T, u64) {
    // The most so far is forgotten.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");
    let result = work();
    (result, status("VmHWM:").saturating_sub(before))
}

fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
