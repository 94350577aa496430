//! When a new file is complete: it rests for as long as the folder asks, and is not empty.

use picferry_history::Stamp;
use std::collections::BTreeMap;

/// A file as it was seen on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Where it is in the folder, with `/`.
    pub place: String,
    /// Its size and when it was written.
    pub stamp: Stamp,
    /// When anything about it changed last, Unix milliseconds, where the system says so: a copied
    /// file has an old time of writing, and is new all the same.
    pub changed: Option<i64>,
}

/// Files that were seen and are not sent yet. There is room for so many; the others are found again
/// when the folder is looked through once more.
#[derive(Debug)]
pub struct Settling {
    wait: i64,
    most: usize,
    files: BTreeMap<String, Resting>,
}

#[derive(Debug)]
struct Resting {
    stamp: Stamp,
    /// Since when it has not changed, Unix milliseconds.
    since: i64,
}

impl Settling {
    /// Nothing waits yet. `wait` is how long a file must rest, in milliseconds.
    pub fn new(wait: i64, most: usize) -> Self {
        Self { wait, most, files: BTreeMap::new() }
    }

    /// Whether one more file may wait.
    pub fn has_room_for(&self, place: &str) -> bool {
        self.files.len() < self.most || self.files.contains_key(place)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Where those lie that wait.
    pub fn places(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// Looks at a file at that time (Unix milliseconds): whether it is complete.
    pub fn look(&mut self, seen: &Sighting, now: i64) -> bool {
        let known = self.files.get(&seen.place).filter(|file| file.stamp == seen.stamp);
        // A clock that was set back must not make a file wait for hours.
        let since = match known {
            Some(file) => file.since.min(now),
            None => seen.changed.filter(|changed| *changed <= now).unwrap_or(now),
        };
        self.files.insert(seen.place.clone(), Resting { stamp: seen.stamp, since });
        seen.stamp.bytes > 0 && now - since >= self.wait
    }

    /// For how long a file has rested, in milliseconds.
    pub fn rested(&self, place: &str, now: i64) -> i64 {
        self.files.get(place).map_or(0, |file| now - file.since)
    }

    /// A file is gone, or its turn has come.
    pub fn remove(&mut self, place: &str) {
        self.files.remove(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: u64, written: i64) -> Sighting {
        Sighting { place: "a.png".into(), stamp: Stamp { bytes, written }, changed: None }
    }

    #[test]
    fn a_file_is_complete_once_it_rests_for_as_long_as_was_asked() {
        let mut settling = Settling::new(2000, 10);
        assert!(!settling.look(&seen(100, 1), 10_000));
        assert!(!settling.look(&seen(100, 1), 11_999));
        assert!(settling.look(&seen(100, 1), 12_000));
    }

    #[test]
    fn every_change_begins_the_rest_anew() {
        let mut settling = Settling::new(2000, 10);
        for (step, bytes) in [(0, 100), (1, 200), (2, 300)] {
            assert!(!settling.look(&seen(bytes, 1), 10_000 + step * 1900));
        }
        // The same size written again is another file.
        assert!(!settling.look(&seen(300, 2), 15_000));
        assert!(!settling.look(&seen(300, 2), 16_999));
        assert!(settling.look(&seen(300, 2), 17_000));
    }

    #[test]
    fn an_empty_file_is_never_complete() {
        let mut settling = Settling::new(0, 10);
        assert!(!settling.look(&seen(0, 1), 10_000));
        assert!(!settling.look(&seen(0, 1), 99_000_000));
    }

    #[test]
    fn what_has_rested_before_it_was_seen_waits_no_more() {
        let mut settling = Settling::new(2000, 10);
        let old = Sighting { changed: Some(5_000), ..seen(100, 1) };
        assert!(settling.look(&old, 10_000));
        let copied_now = Sighting { place: "b.png".into(), changed: Some(9_500), ..seen(100, 1) };
        assert!(!settling.look(&copied_now, 10_000));
        let from_the_future = Sighting { place: "c.png".into(), changed: Some(99_000), ..seen(100, 1) };
        assert!(!settling.look(&from_the_future, 10_000));
        assert!(settling.look(&from_the_future, 12_000));
    }

    #[test]
    fn a_clock_that_is_set_back_costs_one_rest_and_no_more() {
        let mut settling = Settling::new(2000, 10);
        assert!(!settling.look(&seen(100, 1), 9_000_000));
        assert!(!settling.look(&seen(100, 1), 10_000));
        assert!(settling.look(&seen(100, 1), 12_000));
    }

    #[test]
    fn only_so_many_wait_at_once() {
        let mut settling = Settling::new(2000, 1);
        settling.look(&seen(100, 1), 0);
        assert!(settling.has_room_for("a.png") && !settling.has_room_for("b.png"));
        settling.remove("a.png");
        assert!(settling.has_room_for("b.png"));
    }
}
