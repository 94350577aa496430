//! GIF: frames, delays and loops.
