//! What destinations mean.

use picferry_markdown::{FindOptions, Target, find, looks_like_picture, target_of};

fn target(text: &str) -> Target {
    target_of(&find(text, FindOptions::default())[0])
}

fn names(text: &str) -> Vec<String> {
    match target(text) {
        Target::Local(names) => names,
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn the_web_is_told_from_files_and_from_what_others_understand() {
    assert_eq!(target("![](https://x/a.png)"), Target::Remote("https://x/a.png".into()));
    assert_eq!(target("![](HTTP://x/a.png)"), Target::Remote("HTTP://x/a.png".into()));
    assert_eq!(target("![](//x/a.png)"), Target::Remote("https://x/a.png".into()));
    assert_eq!(target("![](data:image/png;base64,iVBORw0KGgo=)"), Target::Embedded);
    assert_eq!(target("![](app://local/a.png)"), Target::Foreign("app".into()));
    assert_eq!(target("![](#here)"), Target::Nothing);
}

#[test]
fn a_file_name_is_read_in_every_way_that_makes_sense() {
    assert_eq!(names("![](a.png)"), ["a.png"]);
    assert_eq!(names("![](a%20b.png)"), ["a%20b.png", "a b.png"]);
    assert_eq!(names("![](a.png?raw=true#x)"), ["a.png?raw=true#x", "a.png"]);
    assert_eq!(names("![](images\\a.png)"), ["images/a.png"]);
    assert_eq!(names("![](..\\img\\_a.png)"), ["../img_a.png", "../img/_a.png"]);
    assert_eq!(names("![](C:\\pics\\a.png)"), ["C:/pics/a.png"]);
    assert_eq!(names("<img src=\"C:\\pics\\_a.png\">"), ["C:/pics/_a.png"]);
    assert_eq!(names("![](100%.png)"), ["100%.png"]);
}

#[test]
fn an_address_of_a_file_is_a_path() {
    assert_eq!(names("![](file:///home/x/a%20b.png)"), ["/home/x/a b.png"]);
    assert_eq!(names("![](file://localhost/home/a.png)"), ["/home/a.png"]);
    assert_eq!(names("![](file:///C:/x/a.png)"), ["C:/x/a.png"]);
    assert_eq!(names("![](<file:///C:\\x\\a.png>)"), ["C:/x/a.png"]);
}

#[test]
fn pictures_are_known_by_their_endings() {
    for picture in ["a.png", "a.JPG", "https://x/a.webp?w=1", "a.svg#x"] {
        assert!(looks_like_picture(picture), "{picture}");
    }
    for other in ["a.md", "png", "https://x/a", "a.png/b", ""] {
        assert!(!looks_like_picture(other), "{other}");
    }
}
