//! HEIC, where the system has a codec for it.
