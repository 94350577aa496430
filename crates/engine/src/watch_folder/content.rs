//! What a file that has come to rest holds: a picture, a piece of one, or something else.

use crate::acquire::{HEAD, open_regular};
use picferry_core::Result;
use picferry_core::picture::PictureFormat;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;

/// Read at a time, and kept of the end.
const PIECE: usize = 64 * 1024;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A picture, as far as its two ends tell.
    Picture {
        /// Lowercase hexadecimal SHA-256.
        sha256: String,
    },
    /// The beginning of a picture: it may still be on its way.
    CutShort {
        /// Lowercase hexadecimal SHA-256.
        sha256: String,
    },
    /// Something else.
    Other,
}

/// Reads a file from one end to the other, a piece at a time.
///
/// # Errors
/// The system's, naming the file.
pub fn look_into(path: &Path) -> Result<Content> {
    let shown = path.display().to_string();
    let (mut file, _) = open_regular(path, &shown, u64::MAX)?;
    let unreadable = |error: std::io::Error| crate::acquire::unreadable(&shown, &error);
    let mut head = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    let Some(format) = picferry_imaging::sniff(&head) else { return Ok(Content::Other) };
    let mut hash = Sha256::new_with_prefix(&head);
    let mut length = head.len() as u64;
    let mut tail = head.clone();
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
        length += read as u64;
        tail.extend_from_slice(&piece[..read]);
        tail.drain(..tail.len().saturating_sub(PIECE));
    }
    let sha256 = hex::encode(hash.finalize());
    let whole = seems_whole(format, &head, &tail, length);
    Ok(if whole { Content::Picture { sha256 } } else { Content::CutShort { sha256 } })
}

/// Whether a file ends as its format says. Formats without a mark at their end are believed.
fn seems_whole(format: PictureFormat, head: &[u8], tail: &[u8], length: u64) -> bool {
    let size_at = |place: usize| {
        let bytes = head.get(place..place + 4)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    };
    match format {
        // Cameras put more behind the mark.
        PictureFormat::Jpeg => tail.windows(2).any(|pair| pair == [0xff, 0xd9]),
        PictureFormat::Png => tail.windows(4).any(|word| word == b"IEND"),
        PictureFormat::Gif => tail.iter().rev().find(|byte| **byte != 0) == Some(&0x3b),
        PictureFormat::Webp => size_at(4).is_none_or(|size| length >= size + 8),
        PictureFormat::Bmp => size_at(2).is_none_or(|size| length >= size),
        PictureFormat::Svg => tail.windows(6).any(|word| word.eq_ignore_ascii_case(b"</svg>")),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_core::digest::sha256_hex;

    fn content(bytes: &[u8]) -> Content {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        look_into(&path).unwrap()
    }

    #[test]
    fn a_picture_is_known_by_its_beginning_and_its_end() {
        let long = [&b"\x89PNG\r\n\x1a\n"[..], &[7; 200_000], b"\0\0\0\0IEND\xae\x42\x60\x82"].concat();
        assert_eq!(content(&long), Content::Picture { sha256: sha256_hex(&long) });
        let piece = &long[..150_000];
        assert_eq!(content(piece), Content::CutShort { sha256: sha256_hex(piece) });
        assert_eq!(content(b"Dear diary, today I saw a picture."), Content::Other);
    }

    #[test]
    fn each_format_has_its_own_end() {
        let whole: [&[u8]; 4] = [
            b"\xff\xd8\xff\xe0 pixels \xff\xd9 and a trailer",
            b"RIFF\x08\0\0\0WEBPVP8 ",
            b"GIF89a pixels ;",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>\n",
        ];
        for bytes in whole {
            assert!(matches!(content(bytes), Content::Picture { .. }), "{bytes:?}");
        }
        let cut: [&[u8]; 4] = [
            b"\xff\xd8\xff\xe0 pix",
            b"RIFF\x80\0\0\0WEBPVP8 ",
            b"GIF89a pix",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path",
        ];
        for bytes in cut {
            assert!(matches!(content(bytes), Content::CutShort { .. }), "{bytes:?}");
        }
    }
}
