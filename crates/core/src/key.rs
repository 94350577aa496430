//! Object keys: templates, and the one function that makes a key safe.
