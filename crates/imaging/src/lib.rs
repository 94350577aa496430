//! Pictures, bytes in and bytes out: told apart by their content, checked, stripped, made small.
//!
//! Nothing here touches the network, the disk or a database, and nothing panics on bad input: what
//! cannot be read is an error with a code. The way in is short:
//!
//! - [`sniff`] and [`inspect`] read the first bytes and never decode;
//! - [`prepare`] runs the ordered steps between a file and what is sent (`steps.rs` lists them);
//! - [`candidates`] writes a picture in every format, to compare; [`metadata_report`] says what it
//!   tells of its place and camera;
//! - [`thumbnail`] decodes, small and within [`Limits`].

mod animation;
mod automatic;
mod bytes_reader;
mod cancel;
mod candidates;
mod codec;
mod damage;
mod exif;
mod format;
mod inspect;
mod limits;
mod measure;
mod metadata;
mod prepare;
mod preview;
mod raster;
mod sample;
mod sniff;
mod steps;
mod thumbnail;
mod transform;

pub use cancel::Cancel;
pub use candidates::{Candidate, CandidateFile, CandidateKind, candidates};
pub use inspect::inspect;
pub use limits::Limits;
pub use metadata::{MetadataReport, metadata_report};
pub use prepare::{Change, PrepareOptions, Prepared, SkipReason, prepare};
pub use preview::preview;
pub use sample::sample_picture;
pub use sniff::sniff;
pub use thumbnail::{THUMBNAIL_EDGE, Thumbnail, thumbnail};
