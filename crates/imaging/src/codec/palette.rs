//! Pictures of at most 256 colours.
