//! WebP: lossy, lossless, nearly lossless, animated.
