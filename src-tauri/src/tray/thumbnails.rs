//! The latest pictures in small, for the menu: made once from the thumbnails of the history.

use image::ImageFormat;
use image::imageops::FilterType;
use picferry_core::upload::Upload;
use picferry_engine::Engine;
use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

/// Width and height of a picture in the menu, in pixels: twice what desktops show.
const EDGE: u32 = 32;

/// Pictures of the menu by the names of their thumbnails.
#[derive(Debug, Default)]
pub struct Thumbnails {
    made: HashMap<String, Arc<[u8]>>,
}

impl Thumbnails {
    /// The pictures of these rows as PNG, in their order. What is not among them is forgotten.
    pub async fn of(&mut self, engine: &Engine, uploads: &[Upload]) -> Vec<Option<Arc<[u8]>>> {
        let mut made = HashMap::with_capacity(uploads.len());
        let mut icons = Vec::with_capacity(uploads.len());
        for upload in uploads {
            let icon = match &upload.thumbnail {
                Some(name) => match self.made.get(name) {
                    Some(icon) => Some(Arc::clone(icon)),
                    None => make(engine, name).await,
                },
                None => None,
            };
            if let (Some(name), Some(icon)) = (&upload.thumbnail, &icon) {
                made.insert(name.clone(), Arc::clone(icon));
            }
            icons.push(icon);
        }
        self.made = made;
        icons
    }
}

/// A menu without one picture is as good: whatever goes wrong is no error.
async fn make(engine: &Engine, name: &str) -> Option<Arc<[u8]>> {
    let webp = engine.thumbnail(name).await.ok()?;
    tokio::task::spawn_blocking(move || small_png(&webp)).await.ok()?
}

/// The middle of a thumbnail as a small square PNG.
fn small_png(webp: &[u8]) -> Option<Arc<[u8]>> {
    let picture = image::load_from_memory_with_format(webp, ImageFormat::WebP).ok()?;
    let small = picture.resize_to_fill(EDGE, EDGE, FilterType::Triangle);
    let mut png = Cursor::new(Vec::new());
    small.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_imaging::{Limits, sample_picture, thumbnail};

    #[test]
    fn a_picture_of_the_menu_is_a_small_square() {
        let made = thumbnail(sample_picture(), &Limits::default()).unwrap().unwrap();
        let png = small_png(&made.bytes).unwrap();
        let picture = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap();
        assert_eq!((picture.width(), picture.height()), (EDGE, EDGE));
        assert!(png.len() < 8000, "a menu of ten stays small: {}", png.len());
    }

    #[test]
    fn what_is_no_picture_is_left_out() {
        assert!(small_png(b"no picture").is_none());
    }
}
