//! From one colour profile to another.
