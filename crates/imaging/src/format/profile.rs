//! Colour profiles, as far as anybody can use them.

use bytes::Bytes;

/// Real profiles stay below this, also those with large tables. A larger one is left out, as a broken
/// one is: a file of 1.5 MB can hold one of 1.5 GB.
pub(crate) const LARGEST_PROFILE: usize = 4 * 1024 * 1024;

/// A copy of a profile that lies open in a file; `None` for one that is empty or too large.
pub(crate) fn usable(profile: &[u8]) -> Option<Bytes> {
    (1..=LARGEST_PROFILE).contains(&profile.len()).then(|| Bytes::copy_from_slice(profile))
}

/// A profile that is packed in a file, by zlib; nothing beyond the largest is ever unpacked.
pub(crate) fn unpacked(packed: &[u8]) -> Option<Bytes> {
    let profile = fdeflate::decompress_to_vec_bounded(packed, LARGEST_PROFILE + 1).ok()?;
    (1..=LARGEST_PROFILE).contains(&profile.len()).then(|| profile.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_of_a_usual_size_is_taken_whole_and_a_huge_one_left_out() {
        let pack = |length: usize| fdeflate::compress_to_vec(&vec![7; length]);
        assert_eq!(unpacked(&pack(3000)).unwrap(), vec![7; 3000]);
        assert!(unpacked(&pack(LARGEST_PROFILE)).is_some());
        assert_eq!(unpacked(&pack(LARGEST_PROFILE + 1)), None);
        assert_eq!(unpacked(&pack(0)), None);
        assert_eq!(unpacked(b"no zlib"), None);
        assert_eq!(usable(&[7; 3]).as_deref(), Some(&[7; 3][..]));
        assert_eq!(usable(&[]), None);
        assert_eq!(usable(&vec![7; LARGEST_PROFILE + 1]), None);
    }
}
