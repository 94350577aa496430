//! Takes a part of a picture.
