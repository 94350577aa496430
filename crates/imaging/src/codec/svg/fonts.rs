//! The fonts of this computer, looked for once.

use resvg::usvg::fontdb::{Database, Family, ID, Query, Style};
use resvg::usvg::{FallbackSelectionFn, FontResolver};
use std::sync::{Arc, OnceLock};

/// Families that carry a script well, best first; parts of their names.
const PREFERRED: &[&str] = &[
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "Source Han Sans SC",
    "WenQuanYi",
    "Noto Sans",
    "Hiragino Sans",
    "Segoe UI",
    "DejaVu Sans",
    "Sans",
];

/// All fonts of the system; finding them takes a moment, so it happens when words are drawn first.
pub(crate) fn fonts() -> &'static Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        let is_there = |fonts: &Database, family: Family<'_>| {
            fonts.query(&Query { families: &[family], ..Query::default() }).is_some()
        };
        // Kinds of fonts for which the library expects a name that this computer may not have.
        if let Some(usual) = usual_family(&fonts) {
            if !is_there(&fonts, Family::SansSerif) {
                fonts.set_sans_serif_family(&usual);
            }
            if !is_there(&fonts, Family::Serif) {
                fonts.set_serif_family(&usual);
            }
            if !is_there(&fonts, Family::Monospace) {
                fonts.set_monospace_family(&usual);
            }
        }
        Arc::new(fonts)
    })
}

/// The name of a family without serifs; any, if there is none.
pub(crate) fn usual_family(fonts: &Database) -> Option<String> {
    let names = || {
        let upright = fonts.faces().filter(|face| face.style == Style::Normal);
        upright.flat_map(|face| &face.families).map(|(name, _)| name)
    };
    let usual = ["Arial", "Segoe UI", "Helvetica", "DejaVu Sans", "Liberation Sans", "Noto Sans"];
    usual
        .iter()
        .find_map(|usual| names().find(|name| name == usual))
        .or_else(|| names().find(|name| name.contains("Sans")))
        .or_else(|| names().next())
        .cloned()
}

/// The font for a letter that the chosen one does not have: upright, without serifs, not too thin.
pub(crate) fn fallback() -> FallbackSelectionFn<'static> {
    let usual = FontResolver::default_fallback_selector();
    Box::new(move |letter, tried, fonts| {
        // The library takes the first that has the letter; asked again without it, it gives the next.
        let mut tried = tried.to_vec();
        let wanted = tried.first().and_then(|id| fonts.face(*id)).map_or(400, |face| face.weight.0);
        let mut candidates = Vec::new();
        while let Some(id) = usual(letter, &tried, fonts).filter(|_| candidates.len() < MOST_CANDIDATES) {
            tried.push(id);
            candidates.push(id);
        }
        candidates.into_iter().min_by_key(|id| rank(fonts, *id, wanted))
    })
}

/// Looked at for one letter.
const MOST_CANDIDATES: usize = 64;

fn rank(fonts: &Database, id: ID, wanted: u16) -> (bool, usize, u16) {
    let Some(face) = fonts.face(id) else { return (true, usize::MAX, u16::MAX) };
    let names = |part: &str| face.families.iter().any(|(name, _)| name.contains(part));
    let family = PREFERRED.iter().position(|part| names(part)).unwrap_or(PREFERRED.len());
    (face.style != Style::Normal, family, face.weight.0.abs_diff(wanted))
}
