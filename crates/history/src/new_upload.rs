//! What is known of an upload before it has a row.

use picferry_core::job::Origin;
use picferry_core::picture::PictureFormat;
use picferry_core::provider::Receipt;
use picferry_core::upload::Upload;

/// An upload that has no row yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// The job that made it; recorded once.
    pub job_id: String,
    /// When it was stored, Unix milliseconds.
    pub created_at: i64,
    /// The profile it went to.
    pub profile_id: String,
    /// That profile's name.
    pub profile_name: String,
    /// The provider: `s3`.
    pub host: String,
    /// The object key.
    pub key: String,
    /// The reader's address, encoded.
    pub url: String,
    /// The file name as the person knows it.
    pub name: String,
    /// What was sent.
    pub format: PictureFormat,
    /// Pixels across, orientation applied.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// More than one frame.
    pub animated: bool,
    /// Size of the source.
    pub bytes_in: u64,
    /// Size of what was sent.
    pub bytes_out: u64,
    /// How much it looks like its source, 0 to 100, where that was measured.
    pub score: Option<u8>,
    /// Lowercase hexadecimal SHA-256 of what was sent.
    pub sha256: String,
    /// Lowercase hexadecimal SHA-256 of the source.
    pub source_sha256: String,
    /// Alt text.
    pub alt: String,
    /// The person's note.
    pub note: String,
    /// The thumbnail's name; `None` where none could be made.
    pub thumbnail: Option<String>,
    /// Which door it came in by.
    pub origin: Origin,
    /// Where the source was; `None` for bytes.
    pub source_path: Option<String>,
    /// What the host needs to find it again.
    pub receipt: Receipt,
}

impl NewUpload {
    /// The upload under the id of its row.
    #[must_use]
    pub fn with_id(self, id: i64) -> Upload {
        Upload {
            id,
            job_id: self.job_id,
            created_at: self.created_at,
            profile_id: self.profile_id,
            profile_name: self.profile_name,
            host: self.host,
            key: self.key,
            url: self.url,
            name: self.name,
            format: self.format,
            width: self.width,
            height: self.height,
            animated: self.animated,
            bytes_in: self.bytes_in,
            bytes_out: self.bytes_out,
            sha256: self.sha256,
            source_sha256: self.source_sha256,
            score: self.score,
            alt: self.alt,
            note: self.note,
            thumbnail: self.thumbnail,
            origin: self.origin,
            source_path: self.source_path,
            receipt: self.receipt,
        }
    }
}
