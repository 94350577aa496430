//! Several Picferries of one home at the same time.

use crate::home::{Ended, Home};

/// Nobody serves the built-in store, so each of them wants to start it for its own time: one comes
/// first, and may end while the others still need it.
/// All of them make the profile of the built-in store and its key, and one key is left.
#[test]
fn first_starts_in_the_same_moment_agree_on_one_key() {
    for _ in 0..6 {
        let home = Home::new();
        home.picture("a.png", 1);
        let running: Vec<_> =
            (0..6).map(|_| home.picferry(["upload", "a.png", "--format", "url"]).start()).collect();
        for child in running {
            assert_eq!(Ended::of(child).exits_with(0).lines().len(), 1);
        }
    }
}

#[test]
fn uploads_side_by_side_all_reach_the_built_in_store() {
    let home = Home::new();
    for round in 0..4 {
        let batches: Vec<Vec<String>> = (0..3)
            .map(|batch| (0..4).map(|number| format!("{round}-{batch}-{number}.png")).collect())
            .collect();
        for (seed, name) in (round * 100 + 1..).zip(batches.iter().flatten()) {
            home.picture(name, seed);
        }
        let running: Vec<_> = batches
            .iter()
            .map(|batch| {
                let arguments =
                    ["upload", "--format", "url"].into_iter().chain(batch.iter().map(String::as_str));
                home.picferry(arguments).start()
            })
            .collect();
        for child in running {
            assert_eq!(Ended::of(child).exits_with(0).lines().len(), 4);
        }
    }
    assert_eq!(home.stored().len(), 4 * 3 * 4);
}
