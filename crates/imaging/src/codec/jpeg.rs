//! JPEG over mozjpeg: decoded at a fraction of its size where that is enough, encoded fast or small.
