//! What holds for every text.

use picferry_markdown::{FindOptions, Kind, Reference, find, rewrite};
use proptest::prelude::*;

const OPTIONS: FindOptions = FindOptions { front_matter: true };

/// Pieces of Markdown that get in each other's way.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "![",
        "](",
        ")",
        "[",
        "]",
        "![[",
        "]]",
        "|",
        "\\|",
        "|300",
        "`",
        "``",
        "```\n",
        "~~~\n",
        "\n",
        "\r\n",
        "\n\n",
        "> ",
        "- ",
        "    ",
        "\t",
        "<",
        ">",
        "<img src=",
        "<img srcset=\"",
        "\"",
        "'",
        "/>",
        "<!--",
        "-->",
        "<a href=",
        "</a>",
        "$",
        "$$",
        "\\",
        "&amp;",
        "&",
        "%20",
        "a.png",
        "b c.png",
        "截图.png",
        "图 (1).jpg",
        "https://x/y.png",
        " \"title\"",
        "[x]: ",
        "[x]",
        "![x]",
        "![x][]",
        "---\n",
        "+++\n",
        "cover: ",
        "image = ",
        "<div>",
        "</div>",
        "<script>",
        "</script>",
        "| a | b |\n|---|---|\n",
        "\u{feff}",
        "*",
        "**",
        "_",
        "^",
        "[^1]",
        "[^1]: ",
        "\0",
        "![a](a.png)",
        "![a](a b.png)",
        "![[a.png]]",
        "![[截图 1.png|300]]",
        "<img src=\"a.png\">",
        "![x](<a b.png> 'it')",
        "{",
        "}",
        "[![a](b.png)](b.png)",
        "# ",
        "1. ",
        "<https://x/y.png>",
        "!",
        " ",
        "data:image/png;base64,AA==",
    ]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("https://img.example.com/2026/11/a-1.png".to_owned()),
        "https://h/[a-z()&;,'=%#?!*_~+:@\\[\\]-]{1,12}\\.png",
        "\\.\\./[a-z 图$|`<>\"{}()\\\\]{1,8}\\.png",
    ]
}

fn targets(references: &[Reference]) -> Vec<&str> {
    references
        .iter()
        .filter(|reference| reference.kind != Kind::LinkAround)
        .map(|reference| reference.target.as_str())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_are_exact_in_order_and_apart(text in text()) {
        let found = find(&text, OPTIONS);
        let mut before = 0;
        for reference in &found {
            prop_assert!(before <= reference.span.start);
            prop_assert_eq!(text.get(reference.span.clone()), Some(reference.raw.as_str()));
            let line = text[..reference.span.start].matches('\n').count() + 1;
            prop_assert_eq!(reference.line, line);
            before = reference.span.end;
        }
    }

    #[test]
    fn nothing_to_replace_changes_nothing(text in text()) {
        let rewritten = rewrite(&text, OPTIONS, |_| None).unwrap();
        prop_assert_eq!((rewritten.text, rewritten.changed), (text, 0));
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_changes(text in text(), address in address()) {
        let found = find(&text, OPTIONS);
        let mut seen = Vec::new();
        let Ok(rewritten) = rewrite(&text, OPTIONS, |one| { seen.push(one.clone()); Some(address.clone()) }) else {
            // Where a text is so entangled that nobody can be sure, nothing is changed.
            return Ok(());
        };
        prop_assert_eq!(&seen, &found);
        let again = find(&rewritten.text, OPTIONS);
        let expected = targets(&again).first().map(|one| (*one).to_owned());
        prop_assert!(targets(&again).iter().all(|one| Some(*one) == expected.as_deref()));
        prop_assert_eq!(targets(&again).len(), targets(&found).len());
        // What stands between the places is there, in order, byte for byte.
        let mut rest = rewritten.text.as_str();
        let mut copied = 0;
        for reference in &found {
            let (start, end) = match reference.kind {
                Kind::WikiEmbed => {
                    let start = text[..reference.span.start].rfind("![[").unwrap();
                    (start, reference.span.end + text[reference.span.end..].find("]]").unwrap() + 2)
                }
                _ => (reference.span.start, reference.span.end),
            };
            let between = &text[copied..start];
            let at = rest.find(between);
            prop_assert!(at.is_some(), "{:?} is not in {:?}", between, rest);
            rest = &rest[at.unwrap() + between.len()..];
            copied = end;
        }
        prop_assert!(rest.ends_with(&text[copied..]));
    }

    /// In plain texts nothing is left undone out of caution.
    #[test]
    fn an_ordinary_text_is_always_rewritten(parts in prop::collection::vec(0_usize..8, 1..12), address in address()) {
        const PARTS: [&str; 8] = [
            "Words, and a [link](https://x/y).\n\n", "![alt](old.png)\n\n", "![[c old.png|300]]\n\n",
            "<p align=\"center\"><img src='old.png' width=300></p>\n\n", "- ![截图](<图 old.png> \"t\")\n\n",
            "```\n![](no.png)\n```\n\n", "[![a](b.png)](b.png)\n\n", "costs $5 and `code`\n\n",
        ];
        let text: String = parts.iter().map(|part| PARTS[*part]).collect();
        let rewritten = rewrite(&text, OPTIONS, |_| Some(address.clone()));
        prop_assert!(rewritten.is_ok());
        prop_assert!(!rewritten.unwrap().text.contains("old.png"));
    }
}
