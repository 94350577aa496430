//! Which files of a watched folder are looked at, by their names alone.

use glob::{MatchOptions, Pattern};
use picferry_core::watched::WatchedFolder;
use picferry_core::{Error, ErrorCode, Result};

/// Endings that programs give to files they have not finished.
const UNFINISHED: [&str; 13] = [
    "part",
    "partial",
    "crdownload",
    "download",
    "opdownload",
    "filepart",
    "aria2",
    "tmp",
    "temp",
    "swp",
    "lock",
    "!ut",
    "bc!",
];

/// What such a program keeps beside a file that has its name already.
const COMPANIONS: [&str; 3] = ["part", "aria2", "crdownload"];

/// Photographs come as `IMG_1.JPG` and as `img_1.jpg`; a star does not reach into folders.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// The patterns of a folder, read.
#[derive(Debug, Clone, Default)]
pub struct NameRules {
    only: Vec<Pattern>,
    leave_out: Vec<Pattern>,
}

impl NameRules {
    /// Reads the patterns of a folder.
    ///
    /// # Errors
    /// `invalid_field` for one that is none.
    pub fn of(folder: &WatchedFolder) -> Result<Self> {
        Ok(Self {
            only: patterns(&folder.only, "only")?,
            leave_out: patterns(&folder.leave_out, "leave_out")?,
        })
    }

    /// Whether a file at that place in the folder is looked at. Hidden and unfinished ones never are.
    pub fn take(&self, place: &str) -> bool {
        let (folders, name) = place.rsplit_once('/').unwrap_or(("", place));
        if folders.split('/').any(is_hidden) || is_unfinished(name) {
            return false;
        }
        let fits = |pattern: &Pattern| {
            let whole = pattern.as_str().contains('/');
            pattern.matches_with(if whole { place } else { name }, OPTIONS)
        };
        (self.only.is_empty() || self.only.iter().any(fits)) && !self.leave_out.iter().any(fits)
    }
}

/// A folder or file that file managers do not show.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// The names under which something else lies beside a file as long as it is being written.
pub fn companions(name: &str) -> impl Iterator<Item = String> + '_ {
    COMPANIONS.iter().map(move |ending| format!("{name}.{ending}"))
}

fn is_unfinished(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    is_hidden(name)
        || name.starts_with('~')
        || name.ends_with('~')
        || ending.is_some_and(|ending| UNFINISHED.contains(&ending.as_str()))
}

fn patterns(text: &str, field: &str) -> Result<Vec<Pattern>> {
    let written = text.split([',', '，', '\n']).map(str::trim).filter(|pattern| !pattern.is_empty());
    written
        .map(|pattern| {
            Pattern::new(pattern).map_err(|error| {
                Error::new(ErrorCode::InvalidField, format!("{pattern} is no pattern for names."))
                    .hint("Write patterns like *.png or shots/*.jpg, with commas between them.")
                    .field(field)
                    .param("reason", "watch_pattern")
                    .param("pattern", pattern)
                    .detail(error)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(only: &str, leave_out: &str) -> NameRules {
        let folder =
            WatchedFolder { only: only.into(), leave_out: leave_out.into(), ..WatchedFolder::default() };
        NameRules::of(&folder).unwrap()
    }

    #[test]
    fn unfinished_and_hidden_files_are_never_looked_at() {
        let all = rules("", "");
        for place in [
            "a.png.part",
            "a.png.crdownload",
            "a.tmp",
            "a.TMP",
            "~a.png",
            "~$a.png",
            "a.png~",
            ".a.png",
            ".git/a.png",
            "shots/.thumbnails/a.png",
        ] {
            assert!(!all.take(place), "{place}");
        }
        for place in ["a.png", "part.png", "shots/a b.JPG", "截图.png", "a.part.png", "no-ending"] {
            assert!(all.take(place), "{place}");
        }
    }

    #[test]
    fn patterns_say_which_files_are_taken_whatever_their_case() {
        let some = rules("*.png, shots/*.jpg", "*-draft.*");
        for place in ["a.png", "deep/down/A.PNG", "shots/a.jpg"] {
            assert!(some.take(place), "{place}");
        }
        for place in ["a.jpg", "other/a.jpg", "shots/deep/a.jpg", "a-draft.png"] {
            assert!(!some.take(place), "{place}");
        }
        assert!(!rules("", "截图*， *.gif").take("截图 1.png"));
    }

    #[test]
    fn a_pattern_that_is_none_is_named() {
        let folder = WatchedFolder { only: "*.png, [a".into(), ..WatchedFolder::default() };
        let error = NameRules::of(&folder).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("only")));
        assert!(error.message.contains("[a") && error.hint.is_some(), "{error:?}");
    }
}
