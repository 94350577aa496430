//! The name of a profile: what people call it, on screens and on the command line.

use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode};

/// The most characters of a name: more fits no list and no menu.
const LONGEST: usize = 100;

/// What is wrong with a name, if anything. `id` is the profile that is to have it.
pub(crate) fn check(name: &str, id: Option<&str>, profiles: &[Profile]) -> Option<Error> {
    let name = name.trim();
    if name.chars().all(is_invisible) {
        return Some(invalid("missing", "A profile needs a name."));
    }
    if name.chars().any(is_control) {
        let message = "The name holds a line break or another character that cannot be shown.";
        return Some(invalid("name_control", message));
    }
    if name.chars().count() > LONGEST {
        return Some(
            *Error::new(ErrorCode::InvalidField, format!("The name is longer than {LONGEST} characters."))
                .hint("Choose a shorter one.")
                .field("name")
                .param("reason", "name_long")
                .param("limit", LONGEST),
        );
    }
    is_taken(name, id, profiles).then(|| {
        *Error::new(ErrorCode::ProfileExists, format!("There is a profile “{name}” already."))
            .hint("Choose another name.")
            .field("name")
            .param("profile", name)
    })
}

/// A free name for a copy: the old one with a number, shortened where that is too long.
pub(crate) fn for_copy(of: &str, profiles: &[Profile]) -> String {
    let base: String = of.chars().filter(|character| !is_control(*character)).collect();
    (2_u32..)
        .map(|number| {
            let number = format!(" {number}");
            let most = LONGEST - number.len();
            let start: String = base.trim().chars().take(most).collect();
            format!("{}{number}", start.trim_end())
        })
        .find(|name| !is_taken(name, None, profiles))
        .unwrap_or(base)
}

/// Whether another profile answers to it: names are found without regard to case, and ids as well.
fn is_taken(name: &str, id: Option<&str>, profiles: &[Profile]) -> bool {
    let wanted = name.to_lowercase();
    profiles
        .iter()
        .filter(|profile| Some(profile.id.as_str()) != id)
        .any(|profile| profile.name.trim().to_lowercase() == wanted || profile.id == name)
}

/// Characters that move the cursor, break a line, or turn the direction of what follows.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters of which nothing is seen; some of them join emoji, so a name may hold them.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' | '\u{fe0f}')
}

fn invalid(reason: &str, message: &str) -> Error {
    *Error::new(ErrorCode::InvalidField, message).field("name").param("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(id: &str, name: &str) -> Profile {
        serde_json::from_value(serde_json::json!({ "id": id, "name": name, "host": "s3" })).unwrap()
    }

    fn problem(name: &str) -> Option<(ErrorCode, String)> {
        let error = check(name, None, &[profile("local", "This computer"), profile("1", "Blog")])?;
        assert_eq!(error.field.as_deref(), Some("name"), "{name:?}");
        Some((error.code, error.params.get("reason").cloned().unwrap_or_default()))
    }

    #[test]
    fn names_of_people_are_taken() {
        for name in ["Blog 2", "博客 图床", "  spaces around  ", "👩‍💻", "a/b:c", &"长".repeat(100)]
        {
            assert_eq!(problem(name), None, "{name:?}");
        }
    }

    #[test]
    fn names_that_nobody_could_see_or_type_are_refused() {
        let reason = |reason: &str| Some((ErrorCode::InvalidField, reason.to_owned()));
        for name in ["", "   ", "\t\n", "\u{3000}", "\u{200b}\u{feff}"] {
            assert_eq!(problem(name), reason("missing"), "{name:?}");
        }
        for name in ["a\nb", "a\u{1b}[2J", "a\u{0}", "a\u{202e}gnp", "a\u{2028}b"] {
            assert_eq!(problem(name), reason("name_control"), "{name:?}");
        }
        assert_eq!(problem(&"长".repeat(101)), reason("name_long"));
    }

    #[test]
    fn a_name_is_used_once_and_is_no_others_id() {
        for name in ["blog", "BLOG", " Blog ", "local", "this COMPUTER"] {
            assert_eq!(problem(name).map(|(code, _)| code), Some(ErrorCode::ProfileExists), "{name:?}");
        }
        let profiles = [profile("1", "Blog"), profile("2", "Other")];
        assert!(check("BLOG", Some("1"), &profiles).is_none(), "a profile may keep its own name");
        assert!(check("blog", Some("2"), &profiles).is_some());
    }

    #[test]
    fn a_copy_gets_a_name_that_fits() {
        let profiles = [profile("1", "Blog"), profile("2", "blog 2")];
        assert_eq!(for_copy("Blog", &profiles), "Blog 3");
        let long = for_copy(&"长".repeat(100), &profiles);
        assert_eq!((long.chars().count(), check(&long, None, &profiles)), (100, None));
        assert_eq!(for_copy("odd\nname", &profiles), "oddname 2");
    }
}
