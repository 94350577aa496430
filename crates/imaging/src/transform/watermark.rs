//! Words or a picture laid over another.
