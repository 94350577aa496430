//! QOI: a header, pixels, an end mark. It has no place for metadata.

use super::{Container, Header, Stripped};
use crate::bytes_reader::BytesReader;
use crate::damage;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

const END: &[u8] = b"\0\0\0\0\0\0\0\x01";

pub(super) struct Qoi;

impl Container for Qoi {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let mut reader = BytesReader::at(bytes, 4);
        match (reader.u32_be(), reader.u32_be()) {
            (Some(width), Some(height)) => Ok(Header::still(width, height)),
            _ => Err(damage::ends_early(PictureFormat::Qoi)),
        }
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        if bytes.ends_with(END) { Ok(()) } else { Err(damage::ends_early(PictureFormat::Qoi)) }
    }

    fn strip(&self, _bytes: &[u8]) -> Result<Stripped> {
        Ok(Stripped::Clean)
    }
}
