//! A document with everything in it, as people write them.

use picferry_markdown::{FindOptions, find, rewrite, target_of};

const SAMPLE: &str = include_str!("sample.txt");
const OPTIONS: FindOptions = FindOptions { front_matter: true };

#[test]
fn everything_in_the_sample_is_found() {
    let listed: Vec<String> = find(SAMPLE, OPTIONS)
        .iter()
        .map(|one| {
            let meant = target_of(one);
            format!("{:>3} {:<15} {} | {} | {meant:?}", one.line, one.kind.name(), one.raw, one.alt)
        })
        .collect();
    insta::assert_snapshot!("found", listed.join("\n"));
}

#[test]
fn only_the_addresses_change() {
    let mut number = 0;
    let rewritten = rewrite(SAMPLE, OPTIONS, |_| {
        number += 1;
        Some(format!("https://img.example.com/2026/11/{number:02}.webp"))
    });
    let text = rewritten.unwrap().text;
    let changed: Vec<String> = SAMPLE
        .lines()
        .zip(text.lines())
        .filter(|(before, after)| before != after)
        .map(|(before, after)| format!("- {before}\n+ {after}"))
        .collect();
    assert_eq!(SAMPLE.lines().count(), text.lines().count());
    insta::assert_snapshot!("rewritten", changed.join("\n"));
}
