//! Reads a text and lists every place that names a picture.

use crate::destination::{self, Place};
use crate::front_matter;
use crate::html::{Anchor, Html, Pieces};
use crate::reference::{FindOptions, Kind, Notation, Reference};
use crate::spaced::PlainText;
use crate::target::looks_like_picture;
use crate::wiki;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A mark that some editors of Windows put before the text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Lists every place that names a picture, in the order of the text. Places in code, comments,
/// formulas and the text of other pictures are none.
#[must_use]
pub fn find(text: &str, options: FindOptions) -> Vec<Reference> {
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut finder = Finder::new(body, options);
    finder.read();
    let mut references = finder.references;
    // A second reading, because `![[a]](b.png)` is a picture in CommonMark and an embed with a wiki's rules.
    for more in embeds(body).into_iter().chain(finder.plain.pictures(body)) {
        let is_free = references.iter().all(|other| !overlap(&other.replaced(), &more.replaced()));
        if is_free {
            references.push(more);
        }
    }
    references.sort_by_key(|reference| reference.span.start);
    references.dedup_by(|later, earlier| overlap(&earlier.replaced(), &later.replaced()));
    place(&mut references, body, text.len() - body.len());
    references
}

/// The rules of reading. Front matter, footnotes and formulas are known so that they are not taken for
/// something else.
fn rules() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one == other || (one.start < other.end && other.start < one.end)
}

/// Counts lines, and moves the places behind what was taken off the front.
fn place(references: &mut [Reference], body: &str, offset: usize) {
    let (mut line, mut counted) = (1, 0);
    for reference in references {
        let before = body.as_bytes().get(counted..reference.span.start).unwrap_or_default();
        line += before.iter().filter(|byte| **byte == b'\n').count();
        counted = counted.max(reference.span.start);
        reference.line = line;
        let moved = |range: &Range<usize>| range.start + offset..range.end + offset;
        reference.span = moved(&reference.span);
        if let Notation::Wiki { whole, .. } = &mut reference.notation {
            *whole = moved(whole);
        }
    }
}

fn embeds(body: &str) -> Vec<Reference> {
    if !body.contains("![[") {
        return Vec::new();
    }
    let mut embeds = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(body, rules() | Options::ENABLE_WIKILINKS).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { link_type, .. }) => {
                if depth == 0 && matches!(link_type, LinkType::WikiLink { .. }) {
                    embeds.extend(wiki::embed(body, range));
                }
                depth += 1;
            }
            Event::End(TagEnd::Image) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    embeds
}

/// A link or a picture whose end was not read yet.
struct Open {
    is_image: bool,
    range: Range<usize>,
    link_type: LinkType,
    target: String,
    label: String,
    /// Where the last thing inside it ends.
    inside_end: usize,
    alt: String,
    has_picture: bool,
}

struct Finder<'t> {
    body: &'t str,
    options: FindOptions,
    references: Vec<Reference>,
    open: Vec<Open>,
    /// Labels that pictures and the links around them use, with the text of the first.
    labels: Vec<(String, String, Kind)>,
    anchor: Anchor,
    /// The block of HTML that is being read.
    block: Option<Pieces>,
    /// The front matter that is being read.
    metadata: Option<Range<usize>>,
    is_code: bool,
    plain: PlainText,
}

impl<'t> Finder<'t> {
    fn new(body: &'t str, options: FindOptions) -> Self {
        Self {
            body,
            options,
            references: Vec::new(),
            open: Vec::new(),
            labels: Vec::new(),
            anchor: Anchor::default(),
            block: None,
            metadata: None,
            is_code: false,
            plain: PlainText::default(),
        }
    }

    fn read(&mut self) {
        let mut events = Parser::new_ext(self.body, rules()).into_offset_iter();
        for (event, range) in events.by_ref() {
            for open in &mut self.open {
                open.inside_end = open.inside_end.max(inside_end(&event, &range, open));
            }
            self.event(event, range);
        }
        let labels = std::mem::take(&mut self.labels);
        for (label, alt, kind) in labels {
            let Some(definition) = events.reference_definitions().get(&label) else { continue };
            let place = destination::in_definition(self.body, definition.span.clone(), &definition.dest);
            let target = definition.dest.to_string();
            if let Some(place) = place.filter(|place| !self.has(&place.span)) {
                self.add(kind, place, target, alt);
            }
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Image { link_type, dest_url, id, .. }) => {
                self.start(true, range, link_type, &dest_url, &id);
            }
            Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
                self.start(false, range, link_type, &dest_url, &id);
            }
            Event::End(TagEnd::Image | TagEnd::Link) => self.end(),
            Event::Text(text) => {
                if let Some(metadata) = &mut self.metadata {
                    metadata.start = metadata.start.min(range.start);
                    metadata.end = metadata.end.max(range.end);
                } else if !self.is_code && self.open.is_empty() {
                    self.plain.push(range);
                }
                self.open.iter_mut().for_each(|open| open.alt.push_str(&text));
            }
            Event::Code(text) => self.open.iter_mut().for_each(|open| open.alt.push_str(&text)),
            Event::SoftBreak | Event::HardBreak => {
                self.open.iter_mut().for_each(|open| open.alt.push(' '));
            }
            Event::Start(Tag::CodeBlock(_)) => self.is_code = true,
            Event::End(TagEnd::CodeBlock) => self.is_code = false,
            Event::Start(Tag::HtmlBlock) => self.block = Some(Pieces::default()),
            Event::Html(_) => {
                if let Some(block) = &mut self.block {
                    block.push(self.body, range);
                }
            }
            Event::End(TagEnd::HtmlBlock) => {
                let block = self.block.take().unwrap_or_default();
                self.html(&block);
            }
            Event::InlineHtml(tag) => self.html(&lines_of(&tag, self.body, range)),
            Event::Start(Tag::MetadataBlock(_)) => self.metadata = Some(range.end..range.start),
            Event::End(TagEnd::MetadataBlock(_)) => self.front_matter(),
            _ => {}
        }
    }

    fn has(&self, span: &Range<usize>) -> bool {
        self.references.iter().any(|reference| reference.span == *span)
    }

    fn start(&mut self, is_image: bool, range: Range<usize>, link_type: LinkType, target: &str, label: &str) {
        self.open.push(Open {
            is_image,
            inside_end: range.start + 1 + usize::from(is_image),
            range,
            link_type,
            target: target.to_owned(),
            label: label.to_owned(),
            alt: String::new(),
            has_picture: false,
        });
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        // A picture in the text of a picture is not shown.
        if self.open.iter().any(|outer| outer.is_image) {
            return;
        }
        if open.is_image {
            self.open.iter_mut().for_each(|outer| outer.has_picture = true);
            let around = self.anchor.take();
            self.references.extend(around);
        } else if !(open.has_picture && looks_like_picture(&open.target)) {
            return;
        }
        let kind = if open.is_image { Kind::Inline } else { Kind::LinkAround };
        match open.link_type {
            LinkType::Inline => {
                let place =
                    destination::in_link(self.body, open.range.clone(), open.inside_end, &open.target);
                if let Some(place) = place.filter(|place| !place.span.is_empty()) {
                    self.add(kind, place, open.target, open.alt);
                }
            }
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                let kind = if open.is_image { Kind::Definition } else { Kind::LinkAround };
                self.labels.push((open.label, open.alt, kind));
            }
            _ => {}
        }
    }

    fn add(&mut self, kind: Kind, place: Place, target: String, alt: String) {
        self.references.push(Reference {
            kind,
            raw: self.body[place.span.clone()].to_owned(),
            span: place.span,
            line: 0,
            target,
            alt,
            notation: if place.is_angled { Notation::Angled } else { Notation::Bare },
        });
    }

    fn html(&mut self, pieces: &Pieces) {
        if self.open.iter().any(|outer| outer.is_image) {
            return;
        }
        let found = Html::new(pieces, self.body).pictures(&mut self.anchor);
        if !found.is_empty() {
            self.open.iter_mut().for_each(|outer| outer.has_picture = true);
        }
        self.references.extend(found);
    }

    fn front_matter(&mut self) {
        let range = self.metadata.take().filter(|range| self.options.front_matter && range.start < range.end);
        if let Some(range) = range {
            self.references.extend(front_matter::pictures(self.body, range));
        }
    }
}

/// Where something inside an open link ends. The end of the link itself is not inside it.
fn inside_end(event: &Event<'_>, range: &Range<usize>, open: &Open) -> usize {
    let is_itself = matches!(event, Event::End(TagEnd::Image | TagEnd::Link)) && *range == open.range;
    if is_itself { 0 } else { range.end }
}

/// The lines of a tag in running text, without the indentation and the marks of a quotation that stand
/// before them in the source. Empty when the parser's tag and the source do not agree.
fn lines_of(tag: &str, body: &str, range: Range<usize>) -> Pieces {
    let mut pieces = Pieces::default();
    let mut start = range.start;
    let source = body.get(range).unwrap_or_default();
    let mut lines = tag.lines();
    for line in source.split_inclusive('\n') {
        let end = start + line.len();
        let text = line.trim_end_matches(['\n', '\r']);
        match lines.next() {
            Some(meant) if text.ends_with(meant) => {
                pieces.push(body, start + text.len() - meant.len()..end);
            }
            _ => return Pieces::default(),
        }
        start = end;
    }
    pieces
}
