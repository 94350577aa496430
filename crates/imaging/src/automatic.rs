//! Chooses the format and the quality that are the smallest and still look as asked.
