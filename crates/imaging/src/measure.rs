//! How much two pictures look alike.
