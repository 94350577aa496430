//! What is known of one place that names a picture.

use std::ops::Range;

/// What is looked at beyond the text itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FindOptions {
    /// Also fields of the front matter that name pictures: `cover: ./a.png`.
    pub front_matter: bool,
}

/// How a picture is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `![alt](a.png)`
    Inline,
    /// `[label]: a.png`, used by at least one picture.
    Definition,
    /// `<img src="a.png">`
    HtmlImage,
    /// One address of a `srcset`, of `<img>` or `<source>`.
    HtmlSourceSet,
    /// `![[a.png|300]]`
    WikiEmbed,
    /// The link around a picture, when it leads to a picture too: `[![alt](small.png)](large.png)`.
    LinkAround,
    /// A field of the front matter.
    FrontMatter,
}

impl Kind {
    /// The name for scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Definition => "definition",
            Self::HtmlImage => "html_image",
            Self::HtmlSourceSet => "html_source_set",
            Self::WikiEmbed => "wiki_embed",
            Self::LinkAround => "link_around",
            Self::FrontMatter => "front_matter",
        }
    }
}

/// One place that names a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// How it is named.
    pub kind: Kind,
    /// The bytes of the destination alone: no brackets, no quotes, no title.
    pub span: Range<usize>,
    /// The line it stands in, from 1.
    pub line: usize,
    /// The destination as it is written.
    pub raw: String,
    /// The destination as it is meant: escapes and entities resolved, percent-encoding kept.
    pub target: String,
    /// The alternative text, if the place has one.
    pub alt: String,
    pub(crate) notation: Notation,
}

/// What surrounds a destination, and so how another one has to be written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Between parentheses, or after the colon of a definition.
    Bare,
    /// Between `<` and `>`.
    Angled,
    /// Inside an HTML attribute.
    Attribute { quote: Quote, in_list: bool },
    /// A wiki embed: the whole of it is replaced, for it can hold no address.
    Wiki { whole: Range<usize>, alt: String, size: Option<String>, is_pipe_escaped: bool },
    /// A value of the front matter.
    Field { quote: Quote },
}

/// What a value stands between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quote {
    Double,
    Single,
    Nothing,
}

impl Reference {
    /// The bytes that a rewrite replaces.
    pub(crate) fn replaced(&self) -> Range<usize> {
        match &self.notation {
            Notation::Wiki { whole, .. } => whole.clone(),
            _ => self.span.clone(),
        }
    }
}
