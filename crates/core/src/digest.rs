//! The digests that names, dedupe and signatures use.

use bytes::Bytes;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::sync::OnceLock;

/// Lowercase hexadecimal digests of the same bytes. Every picture needs its SHA-256; the others are
/// computed when somebody asks for the first time, which takes as long as reading all bytes once more.
#[derive(Debug, Clone)]
pub struct Digests {
    bytes: Bytes,
    sha256: String,
    md5: OnceLock<String>,
    sha1: OnceLock<String>,
}

impl Digests {
    /// The digests of bytes in memory.
    #[must_use]
    pub fn of(bytes: Bytes) -> Self {
        let sha256 = sha256_hex(&bytes);
        Self::with_sha256(bytes, sha256)
    }

    /// The digests of bytes whose SHA-256 is known already.
    #[must_use]
    pub fn with_sha256(bytes: Bytes, sha256: String) -> Self {
        Self { bytes, sha256, md5: OnceLock::new(), sha1: OnceLock::new() }
    }

    /// SHA-256, 64 characters. Dedupe, thumbnails and S3 signatures rest on it.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// MD5, 32 characters. For names and ETags, not for security.
    #[must_use]
    pub fn md5(&self) -> &str {
        self.md5.get_or_init(|| hex::encode(Md5::digest(&self.bytes)))
    }

    /// SHA-1, 40 characters. For names, not for security.
    #[must_use]
    pub fn sha1(&self) -> &str {
        self.sha1.get_or_init(|| hex::encode(Sha1::digest(&self.bytes)))
    }
}

/// Lowercase hexadecimal SHA-256 alone.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_that_everybody_else_computes() {
        let digests = Digests::of(Bytes::from_static(b"picture"));
        // The answers of md5sum, sha1sum and sha256sum.
        assert_eq!(digests.md5(), "5456fc54c74a297ce994998c2873b370");
        assert_eq!(digests.sha1(), "0e66b49d04a43c19bcb2e13a53aff5d174f610fc");
        assert_eq!(digests.sha256(), "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97");
        let known = Digests::with_sha256(Bytes::from_static(b"picture"), digests.sha256().to_owned());
        assert_eq!(known.md5(), digests.md5());
    }
}
