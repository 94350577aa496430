//! Links: the formats people paste, and custom templates.
