//! What the fake does wrong, or otherwise than most.

use std::time::Duration;

/// How the bucket must stand in the address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Addressing {
    /// Either way.
    #[default]
    Any,
    /// In the host name, refused as Aliyun does.
    VirtualAsOss,
    /// In the host name, refused as Tencent does.
    VirtualAsCos,
    /// The server has no buckets: the path is the key.
    Bare,
}

/// What `If-None-Match: *` does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Conditional {
    /// 412 when the key is taken.
    #[default]
    Honoured,
    /// Nothing.
    Ignored,
    /// 501, whatever the key.
    Refused,
    /// The header is refused with 501; Aliyun's own is honoured with 409.
    OssHeader,
}

/// Trouble that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stumble {
    /// 503 SlowDown.
    SlowDown,
    /// 429.
    TooManyRequests,
    /// 500.
    InternalError,
    /// The connection is cut in the middle of an upload.
    CutConnection,
}

/// How a wrong region is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WrongRegion {
    /// 400 with the right one in the body.
    #[default]
    Malformed,
    /// 301 with the right one in a header.
    Redirect,
}

/// What DeleteObjects does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeleteMany {
    /// Works; Content-MD5 is demanded.
    #[default]
    Works,
    /// 501.
    NotImplemented,
    /// 405.
    NotAllowed,
    /// 200 with a page that is no XML.
    Page,
}

/// What the server does beyond being strict. All of it can be changed while it runs.
#[derive(Debug, Clone, Default)]
pub struct Flaws {
    /// The next so many requests get 503 SlowDown.
    pub slow_down: u32,
    /// The next so many requests get 429.
    pub too_many: u32,
    /// The next so many requests get 500.
    pub internal_error: u32,
    /// The next so many HEAD requests get 503 without a word.
    pub no_head: u32,
    /// The next so many uploads are cut off, after 100,000 bytes or at their end.
    pub cut: u32,
    /// Requests signed for another region are refused.
    pub region: Option<String>,
    /// How.
    pub wrong_region: WrongRegion,
    /// How the bucket must stand in the address.
    pub addressing: Addressing,
    /// PUT and GET work, everything else gets 405; a PUT is answered with `ok`.
    pub put_only: bool,
    /// What conditional PUTs do.
    pub conditional: Conditional,
    /// Any `x-amz-acl` is refused as R2 does.
    pub refuse_acl: bool,
    /// What deleting many does.
    pub delete_many: DeleteMany,
    /// Every answer waits so long.
    pub delay: Duration,
    /// Every answer waits for another while, at most so many milliseconds; the same whiles in each run.
    pub random_delay: u64,
    /// No answer is given until this is switched off again.
    pub hold: bool,
    /// Bodies are read in pieces with such pauses.
    pub slow_body: Duration,
    /// The server's clock is so many seconds ahead.
    pub clock_ahead: i64,
    /// UploadPart of this number gets 500.
    pub broken_part: Option<u32>,
    /// Anonymous readers get 403.
    pub private: bool,
    /// Listing is forbidden to these keys.
    pub no_list: bool,
    /// Reading is forbidden to these keys.
    pub no_read: bool,
    /// Deleting is forbidden to these keys.
    pub no_delete: bool,
    /// Anonymous reads come with a forced download, as on default domains of Aliyun.
    pub force_download: bool,
    /// The next request gets exactly this: status, body.
    pub answer_once: Option<(u16, String)>,
    /// Objects are stored with so many bytes too many, as servers do that keep the chunk framing.
    pub corrupt: usize,
}
