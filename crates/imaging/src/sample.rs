//! A picture to try the crossing with, before there is any other.

/// A drawn ferry in a drawn harbour: a JPEG with a position in its EXIF, so that the first upload
/// already shows that positions are taken out. `assets/sample.sh` makes it.
#[must_use]
pub fn sample_picture() -> &'static [u8] {
    include_bytes!("../assets/sample.jpg")
}
