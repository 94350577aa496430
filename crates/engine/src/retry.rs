//! When a temporary failure is tried again: exponential back-off with full jitter.

use picferry_core::Random;
use std::time::Duration;

/// The waiting times between attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The longest wait before the second attempt.
    pub first: Duration,
    /// The longest wait of all.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(60) }
    }
}

impl RetryPolicy {
    /// How long to wait after that many failed attempts: a random part of a limit that doubles
    /// each time. Half of the limit is always waited, so that a struggling host gets its rest;
    /// the random half spreads many clients out.
    #[must_use]
    pub fn delay(&self, failed_attempts: u32, random: &dyn Random) -> Duration {
        let doublings = failed_attempts.saturating_sub(1).min(20);
        let limit = self.first.saturating_mul(1 << doublings).min(self.longest);
        let mut dice = [0; 4];
        random.fill(&mut dice);
        let share = f64::from(u32::from_le_bytes(dice)) / f64::from(u32::MAX);
        limit.mul_f64(0.5 + share / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Loaded(u8);
    impl Random for Loaded {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let seconds: Vec<u64> =
            (1..=8).map(|attempt| policy.delay(attempt, &Loaded(255)).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn luck_shortens_a_wait_to_no_less_than_half() {
        assert_eq!(RetryPolicy::default().delay(4, &Loaded(0)), Duration::from_secs(4));
    }
}
