//! PNG: 8 and 16 bits, written as small as it can be without losing a pixel.
