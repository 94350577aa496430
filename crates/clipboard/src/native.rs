//! The clipboard of Windows and macOS: files, the original on a page, a bitmap, or the
//! address of a picture.

use super::html::pictures_in_html;
use super::text::{empty, pictures_in_text};
use super::{Reading, timed_out, unreadable};
use arboard::{Clipboard, ImageData};
use bytes::Bytes;
use image::{ImageFormat, RgbaImage};
use picferry_core::Result;
use picferry_core::job::Source;
use std::io::Cursor;

/// The pictures on the clipboard; a bitmap is named `stem` with its extension.
///
/// # Errors
/// `clipboard_empty`, saying what there is instead; `clipboard_timeout`.
pub fn read(reading: &Reading, stem: &str) -> Result<Vec<Source>> {
    let mut clipboard = Clipboard::new().map_err(unreadable)?;
    if let Ok(files) = clipboard.get().file_list()
        && !files.is_empty()
    {
        let sources = files.iter().map(|file| Source::Path { path: file.to_string_lossy().into_owned() });
        return Ok(sources.collect());
    }
    reading.moved();
    if let Ok(html) = clipboard.get().html() {
        let pictures = pictures_in_html(html.as_bytes(), stem);
        if !pictures.is_empty() {
            return Ok(pictures);
        }
    }
    if let Ok(bitmap) = clipboard.get_image() {
        reading.moved();
        let bytes = Bytes::from(png(bitmap)?);
        return Ok(vec![Source::Bytes { name: format!("{stem}.png"), bytes }]);
    }
    if reading.is_given_up() {
        return Err(timed_out());
    }
    match clipboard.get_text() {
        Ok(text) => pictures_in_text(&text),
        Err(_) => Err(empty()),
    }
}

/// The bitmap as a PNG: nothing of it is lost.
fn png(bitmap: ImageData<'_>) -> Result<Vec<u8>> {
    let (Ok(width), Ok(height)) = (u32::try_from(bitmap.width), u32::try_from(bitmap.height)) else {
        return Err(unreadable("the bitmap is too large"));
    };
    let picture = RgbaImage::from_raw(width, height, bitmap.bytes.into_owned())
        .ok_or_else(|| unreadable("the bitmap is shorter than it says"))?;
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(unreadable)?;
    Ok(bytes.into_inner())
}
