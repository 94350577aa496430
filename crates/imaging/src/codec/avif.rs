//! AVIF over libavif and the AV1 codec of the Alliance for Open Media.
