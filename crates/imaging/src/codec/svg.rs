//! SVG, drawn as pixels for thumbnails and watermarks.
