//! Pictures of the session as the window shows them: its own bytes where a browser can read them,
//! and decoded where it cannot.

use crate::engine::{Engine, run_blocking};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::Limits;
use std::path::Path;

/// A picture that is larger than this, in pixels, is decoded here to a size for the screen: the
/// window would need its memory for all of it.
const LARGEST_SHOWN: u64 = 16_000_000;

/// The longer side of a picture that is decoded for the screen, in pixels.
const SCREEN_EDGE: u32 = 2560;

/// A picture for the window.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The file.
    pub bytes: Vec<u8>,
    /// For `Content-Type`.
    pub media_type: &'static str,
}

impl Engine {
    /// What lies behind `PICTURE/original`, `PICTURE/thumbnail` or `PICTURE/FILE`, where `FILE` is that
    /// of a result. `decoded` asks for a format that every browser can show.
    ///
    /// # Errors
    /// `not_found`, or what is wrong with the picture.
    pub async fn compress_shown(&self, id: &str, what: &str, decoded: bool) -> Result<Shown> {
        match what {
            "thumbnail" => {
                let bytes = read(&self.compress.thumbnail_path(id)?).await?;
                Ok(Shown { bytes, media_type: PictureFormat::Webp.media_type() })
            }
            "original" => {
                let picture = self.compress.picture(id).ok_or_else(missing)?;
                let format = picture.format.ok_or_else(missing)?;
                let pixels = u64::from(picture.width.unwrap_or(0)) * u64::from(picture.height.unwrap_or(0));
                if !decoded && is_shown_by_browsers(format) && pixels <= LARGEST_SHOWN {
                    let bytes = self.compress_bytes(id).await?.to_vec();
                    return Ok(Shown { bytes, media_type: format.media_type() });
                }
                let bytes = self.compress_bytes(id).await?;
                self.decoded(id, "original", bytes).await
            }
            file => {
                let (path, format) = self.compress.result_file(file).ok_or_else(missing)?;
                let bytes = read(&path).await?;
                if decoded || !is_shown_by_browsers(format) {
                    return self.decoded(id, file, bytes.into()).await;
                }
                Ok(Shown { bytes, media_type: format.media_type() })
            }
        }
    }

    /// Decodes once and keeps that: the window asks again when it is drawn anew.
    async fn decoded(&self, id: &str, what: &str, bytes: bytes::Bytes) -> Result<Shown> {
        let kept = self.compress.extra_path(id, &format!("decoded-{what}"))?;
        let media_type = PictureFormat::Png.media_type();
        if let Ok(bytes) = read(&kept).await {
            return Ok(Shown { bytes, media_type });
        }
        let _slot = self.picture_memory.slot().await;
        run_blocking(move || {
            let bytes = picferry_imaging::preview(&bytes, SCREEN_EDGE, &Limits::default())?.to_vec();
            drop(crate::spool::write_whole(&kept, &bytes));
            Ok(Shown { bytes, media_type })
        })
        .await
    }
}

/// AVIF is tried as it is; a window that cannot show it asks for it decoded.
fn is_shown_by_browsers(format: PictureFormat) -> bool {
    use PictureFormat::{Avif, Bmp, Gif, Jpeg, Png, Svg, Webp};
    matches!(format, Jpeg | Png | Gif | Webp | Bmp | Svg | Avif)
}

async fn read(path: &Path) -> Result<Vec<u8>> {
    let path = path.to_owned();
    run_blocking(move || std::fs::read(path).map_err(|_| missing())).await
}

fn missing() -> Box<Error> {
    Error::new(ErrorCode::NotFound, "There is no such picture.")
}
