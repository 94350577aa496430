//! Chooses the format and the quality that are the smallest and still look as asked.
//!
//! 1. [`plan`] says from the header and the options what a picture may become.
//! 2. [`classify`] looks at samples: a photo, a drawing or screenshot, few colours, transparency.
//! 3. [`ways`] lists the ways of writing such a picture, each a codec with its mode.
//! 4. [`search`] finds for each way the lowest quality that looks as asked, on a few parts of the
//!    picture: those cost little.
//! 5. [`looking`] writes the whole picture in the most promising way, looks at the result, and tries
//!    again until it looks as asked. What is handed back was measured, never only estimated.
//!
//! [`choose`] begins all that, and [`other_aims`] does what is to be done where no look is asked for.
//!
//! Two rules make a second run over our own file leave it alone. A file that is lossy already is not
//! written anew unless it is far less compressed than what would come out ([`lossy_source`]). And a
//! new file has to save a part of the old one.

mod budget;
mod choose;
mod classify;
mod looking;
mod lossy_source;
mod moving;
mod other_aims;
mod plan;
mod search;
mod ways;

use bytes::Bytes;

pub(crate) use choose::{Source, one_format, still};
pub(crate) use moving::moving;
pub(crate) use plan::Plan;

/// A new file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    pub bytes: Bytes,
    /// How much it looks like the picture it was made of, where that was measured.
    pub score: Option<f32>,
    /// It looks as asked, or is as small as asked.
    pub aim_is_met: bool,
}

impl Written {
    /// A file that looks as asked before one that does not; then the smaller, or the better looking.
    fn is_better_than(&self, other: &Self) -> bool {
        match (self.aim_is_met, other.aim_is_met) {
            (true, true) => self.bytes.len() < other.bytes.len(),
            (false, false) => self.score > other.score,
            (met, _) => met,
        }
    }
}
