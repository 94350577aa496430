//! What is found, and what is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

use picferry_markdown::{FindOptions, Kind, Reference, find, rewrite};

fn all(text: &str) -> Vec<Reference> {
    let found = find(text, FindOptions::default());
    for reference in &found {
        assert_eq!(&text[reference.span.clone()], reference.raw, "the place is exact");
    }
    found
}

/// The destinations as they are written.
fn raws(text: &str) -> Vec<String> {
    all(text).into_iter().map(|reference| reference.raw).collect()
}

fn targets(text: &str) -> Vec<String> {
    all(text).into_iter().map(|reference| reference.target).collect()
}

/// The text with every picture at `https://h/1.png`, `https://h/2.png` …
fn moved(text: &str) -> String {
    let mut number = 0;
    let next = |_: &Reference| {
        number += 1;
        Some(format!("https://h/{number}.png"))
    };
    rewrite(text, FindOptions::default(), next).unwrap().text
}

#[test]
fn an_inline_picture_is_found_in_every_notation() {
    for (text, raw, target) in [
        ("![](a.png)", "a.png", "a.png"),
        ("![alt](  a.png  )", "a.png", "a.png"),
        ("![alt](<a b.png>)", "a b.png", "a b.png"),
        ("![alt](<a \\> b.png> 'it')", "a \\> b.png", "a > b.png"),
        ("![alt](a.png \"a (title) with \\\" quotes\")", "a.png", "a.png"),
        ("![alt](a.png 'title')", "a.png", "a.png"),
        ("![alt](a.png (title))", "a.png", "a.png"),
        ("![alt](\na.png\n\"title\"\n)", "a.png", "a.png"),
        ("![alt](a(1)(2).png)", "a(1)(2).png", "a(1)(2).png"),
        ("![alt](a\\(1.png)", "a\\(1.png", "a(1.png"),
        ("![alt](a&amp;b.png)", "a&amp;b.png", "a&b.png"),
        ("![alt](a%20b.png)", "a%20b.png", "a%20b.png"),
        ("![a [nested] one](a.png)", "a.png", "a.png"),
        ("![a \\] one](a.png)", "a.png", "a.png"),
        ("![`](x)` code](a.png)", "a.png", "a.png"),
        ("![**bold](x** text](a.png)", "x**", ""),
        ("![截图](图片/截图 (1).png)", "", ""),
        ("![截图](<图片/截图 (1).png>)", "图片/截图 (1).png", "图片/截图 (1).png"),
        ("> ![alt](\n> a.png)", "a.png", "a.png"),
        ("- item\n\n      code\n\n  ![alt](a.png)", "a.png", "a.png"),
        ("# ![alt](a.png) heading", "a.png", "a.png"),
    ] {
        let found = all(text);
        if target.is_empty() {
            continue;
        }
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!((found[0].raw.as_str(), found[0].target.as_str()), (raw, target), "{text}");
        assert_eq!(found[0].kind, Kind::Inline);
    }
}

#[test]
fn code_comments_formulas_and_front_matter_are_left_alone() {
    for text in [
        "`![](a.png)` and ``![](a.png) ` ``",
        "```\n![](a.png)\n```",
        "~~~ md\n![](a.png)\n![[a.png]]\n~~~",
        "```md\n![](a.png)",
        "    ![](a.png)",
        "<!-- ![](a.png) <img src=\"a.png\"> ![[a.png]] -->",
        "text <!-- <img src=\"a.png\"> --> text",
        "$$\n![](a.png)\n$$",
        "$x![](a.png)y$",
        "---\ncover: ![](a.png)\nimage: a.png\n---\ntext",
        "+++\nimage = \"a.png\"\n+++\ntext",
        "\\![[a.png]] \\![](a.png)".trim_end_matches(" \\![](a.png)"),
        "<script>\nconst x = '<img src=\"a.png\">';\n</script>",
        "<pre><!-- <img src=a.png> --></pre>",
        "[a link](a.png)",
        "[label]: a.png\n\nunused",
        "![[A note]] ![[A note#Heading]] [[a.png]]",
        "![]()",
    ] {
        assert_eq!(raws(text), Vec::<String>::new(), "{text}");
        assert_eq!(moved(text), text);
    }
}

#[test]
fn a_definition_is_one_place_however_often_it_is_used() {
    let text = "![One][pic] ![two][PIC] ![Pic] ![pic][]\n\n[pic]: <a b.png> \"title\"\n[other]: b.png\n[pic]: c.png\n";
    let found = all(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].raw.as_str()), (Kind::Definition, "a b.png"));
    assert!(moved(text).contains("[pic]: <https://h/1.png> \"title\"\n[other]: b.png\n[pic]: c.png"));
    assert_eq!(raws("> ![x]\n>\n> [x]:\n> a.png\n> 'title'"), ["a.png"]);
    assert_eq!(raws("![x\\]y]\n\n[x\\]y]: a.png"), ["a.png"]);
}

#[test]
fn a_link_around_a_picture_counts_when_it_leads_to_a_picture() {
    let kinds = |text: &str| all(text).into_iter().map(|one| (one.kind, one.raw)).collect::<Vec<_>>();
    assert_eq!(
        kinds("[![a](small.png)](large.png)"),
        [(Kind::Inline, "small.png".into()), (Kind::LinkAround, "large.png".into())]
    );
    assert_eq!(kinds("[![a](a.png)](https://example.com/)"), [(Kind::Inline, "a.png".into())]);
    assert_eq!(
        kinds("<a href='b.png'><img src=a.png></a> <a href='c.png'>no</a>"),
        [(Kind::LinkAround, "b.png".into()), (Kind::HtmlImage, "a.png".into())]
    );
    assert_eq!(kinds("[![a][p]][p]\n\n[p]: a.png"), [(Kind::Definition, "a.png".into())]);
    assert_eq!(moved("[![a](b.png)](b.png)"), "[![a](https://h/1.png)](https://h/2.png)");
}

#[test]
fn html_is_read_with_any_quotes_over_lines_and_in_source_sets() {
    assert_eq!(raws("<img alt=\"a > b\" src=\"a.png\">"), ["a.png"]);
    assert_eq!(raws("text <img src='a b.png' /> text"), ["a b.png"]);
    assert_eq!(raws("<IMG width=3 SRC=a.png>"), ["a.png"]);
    assert_eq!(raws("<img src=a.png/>"), ["a.png"]);
    assert_eq!(raws("<img\n  src = \"a.png\"\n  width=300>"), ["a.png"]);
    assert_eq!(raws("<div align=center>\r\n<img src=\"a.png\">\r\n</div>"), ["a.png"]);
    assert_eq!(
        raws("> <p>\n> <img src=\"a.png\"\n> width=3>\n> </p>"),
        ["a.png"].map(String::from).as_slice()
    );
    assert_eq!(targets("<img src=\"a.png?x=1&amp;y=2\" src=b.png>"), ["a.png?x=1&y=2"]);
    assert_eq!(
        raws(
            "<picture><source srcset=\"d.png, e.png 2x\"><img srcset='a.png 1x,b.png 2x' src='c.png'></picture>"
        ),
        ["d.png", "e.png", "a.png", "b.png", "c.png"]
    );
    assert_eq!(
        raws("<img src={require('./a.png')} alt=\"x\" />\n\n<Image src=\"a.png\" />"),
        Vec::<String>::new()
    );
    assert_eq!(raws("<details>\n\n![](a.png)\n\n</details>"), ["a.png"]);
    assert_eq!(raws("<img src="), Vec::<String>::new());
    assert_eq!(moved("<img src=a.png/>"), "<img src=\"https://h/1.png\"/>");
    assert_eq!(moved("<img src=a.png width=3>"), "<img src=https://h/1.png width=3>");
}

#[test]
fn a_wiki_embed_becomes_a_picture_that_keeps_its_size() {
    assert_eq!(moved("![[a.png]]"), "![a](https://h/1.png)");
    assert_eq!(moved("x ![[folder/截图 1.png|300]] y"), "x ![截图 1|300](https://h/1.png) y");
    assert_eq!(moved("![[a.png|A caption|100x20]]"), "![A caption|100x20](https://h/1.png)");
    assert_eq!(moved("![[a.png#center|300]]"), "![a|300](https://h/1.png)");
    assert_eq!(
        moved("| a | b |\n|---|---|\n| ![[a.png\\|300]] | ![[b.png]] |\n"),
        "| a | b |\n|---|---|\n| ![a\\|300](https://h/1.png) | ![b](https://h/2.png) |\n"
    );
    assert_eq!(moved("`![[a.png]]` ![[b_c*d.png]]"), "`![[a.png]]` ![b_c\\*d](https://h/1.png)");
    assert_eq!(moved("![[alt]](b.png)"), "![[alt]](https://h/1.png)");
    assert_eq!(raws("![[ a.png ]] ![[a.md]]"), ["a.png"]);
}

#[test]
fn an_address_with_spaces_is_a_picture_though_the_rules_say_otherwise() {
    assert_eq!(raws("![图](my pic_1 (2).png) x"), ["my pic_1 (2).png"]);
    assert_eq!(raws("| ![](a b.png \"t\") |\n|---|\n| ![x](c  d.jpg 't') |"), ["a b.png", "c  d.jpg"]);
    assert_eq!(
        moved("- ![图](my pic.png \"t\") ![](a.png)"),
        "- ![图](https://h/1.png \"t\") ![](https://h/2.png)"
    );
    for text in [
        "`![](a b.png)`",
        "    ![](a b.png)",
        "```\n![](a b.png)\n```",
        "\\![](a b.png)",
        "[a](b c.png)",
        "![a](see this page)",
        "---\nx: ![](a b.png)\n---",
        "<!-- ![](a b.png) -->",
        "![](a\nb c.png)",
    ] {
        assert_eq!(raws(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let text = "\u{feff}---\r\ntitle: x\r\n---\r\n\r\n![a](a.png)\r\n![[b.png]]\r\n";
    let found = all(text);
    assert_eq!(found.iter().map(|one| one.line).collect::<Vec<_>>(), [5, 6]);
    let expected = text.replace("a.png", "https://h/1.png").replace("![[b.png]]", "![b](https://h/2.png)");
    assert_eq!(moved(text), expected);
}

#[test]
fn a_picture_in_the_text_of_a_picture_is_not_shown_and_not_found() {
    assert_eq!(raws("![one ![two](b.png)](a.png)"), ["a.png"]);
    assert_eq!(all("![one ![two](b.png)](a.png)")[0].alt, "one two");
}

#[test]
fn fields_of_the_front_matter_are_read_on_request() {
    let text = "---\ntitle: cover.png\ncover: ./a.png # the cover\nimage: \"b.png\"\nfeatured_image: 'https://x/c'\n\
                image: docker/image\nimages:\n  - d.png\n  - e.png\nother: f.png\n---\n![](g.png)";
    let options = FindOptions { front_matter: true };
    let found = find(text, options);
    let raws: Vec<&str> = found.iter().map(|one| one.raw.as_str()).collect();
    assert_eq!(raws, ["./a.png", "b.png", "https://x/c", "d.png", "e.png", "g.png"]);
    let to = |address: &'static str| {
        let rewritten = rewrite(text, options, |one| (one.raw == "./a.png").then(|| address.to_owned()));
        rewritten.unwrap().text
    };
    assert!(to("https://h/a.png").contains("cover: https://h/a.png # the cover\n"));
    assert!(to("@a/b.png").contains("cover: \"@a/b.png\" # the cover\n"));
    let toml = "+++\nimage = \"a.png\"\n[params]\ncover.image = 'x.png'\nbanner='b.png'\n+++\n";
    let found = find(toml, options);
    assert_eq!(found.iter().map(|one| one.raw.as_str()).collect::<Vec<_>>(), ["a.png", "b.png"]);
}

#[test]
fn addresses_that_need_care_are_written_with_it() {
    let to = |text: &str, address: &str| {
        rewrite(text, FindOptions::default(), |_| Some(address.to_owned())).unwrap().text
    };
    assert_eq!(to("![](a.png)", "https://h/a(1).png"), "![](https://h/a(1).png)");
    assert_eq!(to("![](a.png)", "https://h/a(1.png"), "![](https://h/a\\(1.png)");
    assert_eq!(to("![](a.png)", "https://h/a?x=1&copy;=2"), "![](https://h/a?x=1&amp;copy;=2)");
    assert_eq!(to("![](a.png)", "my pics/a|b.png"), "![](my%20pics/a%7Cb.png)");
    assert_eq!(to("![](<a.png>)", "h/>.png"), "![](<h/%3E.png>)");
    assert_eq!(
        to("<img src=\"a.png\">", "https://h/?a=1&b=\"2\""),
        "<img src=\"https://h/?a=1&amp;b=%222%22\">"
    );
    assert_eq!(to("<img src='a.png'>", "it's.png"), "<img src='it&#39;s.png'>");
    assert_eq!(to("<img srcset='a.png 2x'>", "b,.png,"), "<img srcset='b,.png%2C 2x'>");
}
