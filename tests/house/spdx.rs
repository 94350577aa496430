//! Reads licence expressions, just enough to say whether a list of licences satisfies one.

/// Whether the allowed licences are enough to use what is under `expression`.
pub fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    // Before there was a grammar, a slash meant "or".
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let result = reader.either();
    assert!(reader.words.is_empty(), "the licence expression {expression:?} could not be read");
    result
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn either(&mut self) -> bool {
        let mut result = self.both();
        while self.takes("OR") {
            result |= self.both();
        }
        result
    }

    fn both(&mut self) -> bool {
        let mut result = self.one();
        while self.takes("AND") {
            result &= self.one();
        }
        result
    }

    fn one(&mut self) -> bool {
        if self.takes("(") {
            let result = self.either();
            return self.takes(")") && result;
        }
        let Some((licence, rest)) = self.words.split_first() else { return false };
        self.words = rest;
        if self.takes("WITH") {
            let Some((exception, rest)) = self.words.split_first() else { return false };
            self.words = rest;
            return (self.allowed)(&format!("{licence} WITH {exception}"));
        }
        (self.allowed)(licence)
    }

    fn takes(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[test]
fn an_expression_is_satisfied_by_what_it_needs() {
    let allowed = |licence: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&licence);
    for enough in [
        "MIT",
        "MIT/Apache-2.0",
        "LGPL-2.1-or-later OR MIT",
        "(GPL-3.0 OR MIT) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
        "(MIT)",
    ] {
        assert!(satisfied(enough, &allowed), "{enough}");
    }
    for short in ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT OR ISC) AND OpenSSL", ""] {
        assert!(!satisfied(short, &allowed), "{short}");
    }
}
