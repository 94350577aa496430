//! The digests that names, dedupe and signatures use, computed in one pass.

use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Lowercase hexadecimal digests of the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// MD5, 32 characters. For names and ETags, not for security.
    pub md5: String,
    /// SHA-1, 40 characters. For names, not for security.
    pub sha1: String,
    /// SHA-256, 64 characters. Dedupe, thumbnails and S3 signatures rest on it.
    pub sha256: String,
}

/// Computes the digests piece by piece, for files that do not fit in memory.
#[derive(Default)]
pub struct Hasher {
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.md5.update(piece);
        self.sha1.update(piece);
        self.sha256.update(piece);
    }

    /// The digests of all pieces taken.
    #[must_use]
    pub fn finish(self) -> Digests {
        Digests {
            md5: hex::encode(self.md5.finalize()),
            sha1: hex::encode(self.sha1.finalize()),
            sha256: hex::encode(self.sha256.finalize()),
        }
    }
}

impl Digests {
    /// The digests of bytes in memory.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The digests of bytes whose SHA-256 is known already.
    #[must_use]
    pub fn with_sha256(bytes: &[u8], sha256: String) -> Self {
        let (mut md5, mut sha1) = (Md5::new(), Sha1::new());
        md5.update(bytes);
        sha1.update(bytes);
        Self { md5: hex::encode(md5.finalize()), sha1: hex::encode(sha1.finalize()), sha256 }
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
    fn digests_with_a_known_part_are_those_of_the_whole() {
        let whole = Digests::of(b"picture");
        assert_eq!(Digests::with_sha256(b"picture", sha256_hex(b"picture")), whole);
        // md5sum's own answer.
        assert_eq!(whole.md5, "5456fc54c74a297ce994998c2873b370");
    }
}
