//! What drawing a file costs: a few lines can ask for a picture of pictures of pictures.

use super::document::{Document, too_intricate};
use picferry_core::Result;
use resvg::usvg::roxmltree::{Node, NodeId};
use std::collections::HashMap;

/// Parts that are drawn, each counted as often as it is used.
const MOST_PARTS: u64 = 200_000;

/// Numbers of filters that make one pixel expensive.
const MOST_OCTAVES: f64 = 12.0;
const MOST_RADIUS: f64 = 200.0;
const MOST_ORDER: f64 = 31.0;

/// Refuses what would take long.
pub(super) fn check(document: &Document<'_>) -> Result<()> {
    if document.descendants().any(|node| is_expensive_filter(&node)) {
        return Err(too_intricate("a filter needs too much work"));
    }
    let mut counter = Counter::of(document);
    if counter.count(document.root_element()) > MOST_PARTS {
        return Err(too_intricate("parts are used inside each other too often"));
    }
    Ok(())
}

fn is_expensive_filter(node: &Node<'_, '_>) -> bool {
    let limit = match node.tag_name().name() {
        "feTurbulence" => Some(("numOctaves", MOST_OCTAVES)),
        "feMorphology" => Some(("radius", MOST_RADIUS)),
        "feConvolveMatrix" => Some(("order", MOST_ORDER)),
        _ => None,
    };
    limit.is_some_and(|(name, most)| {
        node.attribute(name).is_some_and(|value| {
            let mut numbers = value.split([' ', ',']).filter_map(|number| number.trim().parse::<f64>().ok());
            numbers.any(|number| number.is_nan() || number > most)
        })
    })
}

struct Counter<'a, 'input> {
    by_name: HashMap<&'a str, Node<'a, 'input>>,
    known: HashMap<NodeId, u64>,
    /// What style sheets refer to; it may apply to anything that is drawn.
    of_styles: Vec<Node<'a, 'input>>,
}

impl<'a, 'input> Counter<'a, 'input> {
    fn of(document: &'a Document<'input>) -> Self {
        let by_name: HashMap<_, _> =
            document.descendants().filter_map(|node| node.attribute("id").map(|name| (name, node))).collect();
        let sheets = document.descendants().filter(|node| node.tag_name().name() == "style");
        let of_styles = sheets
            .filter_map(|node| node.text())
            .flat_map(references)
            .filter_map(|name| by_name.get(name).copied())
            .collect();
        Self { by_name, known: HashMap::new(), of_styles }
    }

    /// Parts of an element with everything inside and everything that it uses. The depth of calls is
    /// bounded: every call goes to an element that is not yet known, and those inside each other
    /// are few; references are followed only so far.
    fn count(&mut self, node: Node<'a, 'input>) -> u64 {
        self.count_within(node, 0)
    }

    fn count_within(&mut self, node: Node<'a, 'input>, depth: u32) -> u64 {
        if let Some(known) = self.known.get(&node.id()) {
            return *known;
        }
        // More references behind each other than any drawing has.
        if depth > 600 {
            return u64::MAX;
        }
        // What refers to itself draws nothing more.
        self.known.insert(node.id(), 0);
        let mut sum = 1_u64;
        for attribute in node.attributes() {
            let target = match attribute.name() {
                "href" => attribute.value().trim().strip_prefix('#'),
                "id" => None,
                _ => {
                    for name in references(attribute.value()) {
                        sum = sum.saturating_add(self.target(name, depth));
                    }
                    None
                }
            };
            if let Some(name) = target {
                sum = sum.saturating_add(self.target(name, depth));
            }
        }
        if is_drawn(&node) {
            for target in self.of_styles.clone() {
                sum = sum.saturating_add(self.count_within(target, depth + 1));
            }
        }
        for child in node.children().filter(Node::is_element) {
            sum = sum.saturating_add(self.count_within(child, depth + 1));
        }
        self.known.insert(node.id(), sum);
        sum
    }

    fn target(&mut self, name: &str, depth: u32) -> u64 {
        self.by_name.get(name).copied().map_or(0, |target| self.count_within(target, depth + 1))
    }
}

fn is_drawn(node: &Node<'_, '_>) -> bool {
    matches!(
        node.tag_name().name(),
        "path"
            | "rect"
            | "circle"
            | "ellipse"
            | "line"
            | "polyline"
            | "polygon"
            | "text"
            | "g"
            | "use"
            | "svg"
    )
}

/// The names in `url(#name)`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("url(").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?.trim().trim_matches(['"', '\'']);
        inside.trim().strip_prefix('#')
    })
}
