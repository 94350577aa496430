//! The steps of [`crate::prepare`], in their order.
//!
//! A step is one file with one [`Step`]. It looks at the options whether it has something to do,
//! changes the work in place and notes what it did. A step that decodes, resizes or compresses
//! goes between checking and stripping: what it writes has no metadata to strip, and what it
//! leaves alone is stripped without being written anew.

mod check;
mod strip;

use crate::prepare::{PrepareOptions, Work};
use picferry_core::Result;

/// One step.
pub(crate) trait Step: Sync {
    /// Its name, for the details of errors.
    fn name(&self) -> &'static str;

    /// Does its part.
    ///
    /// # Errors
    /// The picture cannot be sent.
    fn apply(&self, work: &mut Work, options: &PrepareOptions) -> Result<()>;
}

/// All of them, in the order in which they run.
pub(crate) const ALL: &[&dyn Step] = &[&check::Check, &strip::Strip];
