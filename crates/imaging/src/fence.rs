//! Keeps a codec that panics from taking more with it than one picture.

use crate::damage;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Codecs meet files that nobody thought of. One that panics loses this picture, not the app, and
/// says so.
pub(crate) fn fenced<T>(format: PictureFormat, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Err(damage::damaged(format, "its codec gave up").detail(message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_core::ErrorCode;

    #[test]
    fn a_panic_is_an_error_that_says_what_it_was() {
        let error = fenced(PictureFormat::Qoi, || -> Result<()> { panic!("index {} of 3", 7) }).unwrap_err();
        assert_eq!(error.code, ErrorCode::DamagedPicture);
        assert!(error.details.iter().any(|detail| detail.contains("index 7 of 3")));
        assert!(fenced(PictureFormat::Qoi, || Ok(1)).is_ok());
    }
}
