//! Finds the pictures of a Markdown text with their exact places, and gives them other addresses.
//!
//! Text in, text out: this crate opens no file and knows no network. [`find`] lists every place that
//! shows a picture, [`rewrite`] changes the addresses and not one byte more, and [`target_of`] says
//! what an address means: a file, something on the web, or data inside the text itself.
//!
//! A CommonMark parser with source positions does the reading, so that what stands in code, comments,
//! formulas and front matter is left alone. Positions inside a link and inside a tag are found by two
//! small scanners, and whatever they are not sure of is not reported.

mod destination;
mod escape;
mod find;
mod front_matter;
mod html;
mod reference;
mod rewrite;
mod spaced;
mod target;
mod wiki;

pub use find::find;
pub use reference::{FindOptions, Kind, Reference};
pub use rewrite::{Rewritten, Unsure, rewrite};
pub use target::{Target, looks_like_picture, target_of};
