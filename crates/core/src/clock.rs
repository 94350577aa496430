//! Time and randomness, passed in so that names and tests are deterministic.

use jiff::Zoned;

/// Tells the time in the zone of the person.
pub trait Clock: Send + Sync {
    /// Now, with its time zone: key templates use the person's calendar, not UTC.
    fn now(&self) -> Zoned;
}

/// Gives unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// Milliseconds since the Unix epoch: the form in which times are stored.
#[must_use]
pub fn unix_millis(time: &Zoned) -> i64 {
    time.timestamp().as_millisecond()
}
