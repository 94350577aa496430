//! The one error type: a stable code for programs, words for people.
//!
//! A code exists only where somebody acts on it: the UI's table (words, action), the CLI's exit
//! code, the retry rule. Text never decides anything.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What went wrong, in the form programs act on. Written as `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the documentation; the words live in the UI's table")]
pub enum ErrorCode {
    // the picture
    FileNotFound,
    FileUnreadable,
    NotAFile,
    EmptyFile,
    NotAPicture,
    DamagedPicture,
    TooManyPixels,
    FileTooLarge,
    SourceGone,
    UrlInvalid,
    UrlRefused,
    ClipboardEmpty,
    ClipboardTimeout,
    // the host
    AuthFailed,
    AccessDenied,
    BucketNotFound,
    ObjectNotFound,
    WrongRegion,
    WrongAddressing,
    PublicEndpointForbidden,
    ClockSkew,
    TooLarge,
    QuotaExceeded,
    RateLimited,
    Network,
    TlsFailed,
    KeyExists,
    Unsupported,
    HostRefused,
    // this computer
    ProfileNotFound,
    ProfileExists,
    InvalidField,
    InvalidTemplate,
    SecretMissing,
    KeychainUnavailable,
    KeychainLocked,
    SettingsDamaged,
    SettingsNewer,
    DatabaseDamaged,
    DatabaseNewer,
    DatabaseBusy,
    DiskFull,
    ReadOnly,
    PortTaken,
    HotkeyTaken,
    OriginRefused,
    NotFound,
    Cancelled,
    Internal,
}

impl ErrorCode {
    /// The `snake_case` name, as in JSON and in TypeScript.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// A failure with everything that a person, a script or a bug report needs. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Error {
    /// What programs act on.
    pub code: ErrorCode,
    /// One English sentence that says what happened and why.
    pub message: String,
    /// What to do about it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hint: Option<String>,
    /// The profile field at fault: the form puts the focus there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
    /// Whether trying again by itself may help.
    #[serde(default)]
    pub retryable: bool,
    /// Values that translated sentences insert: `bucket`, `region`, `file`, `limit` …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// The redacted chain below it, outermost first: step, service code, HTTP status, request id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// A result with Picferry's error. The error is boxed: results stay small on the good path.
pub type Result<T, E = Box<Error>> = std::result::Result<T, E>;

impl Error {
    /// An error of this code with its sentence; permanent unless [`Error::temporary`] says otherwise.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            code,
            message: message.into(),
            hint: None,
            field: None,
            retryable: false,
            params: BTreeMap::new(),
            details: Vec::new(),
        })
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hint = Some(hint.into());
        self
    }

    /// Names the profile field at fault.
    #[must_use]
    pub fn field(mut self: Box<Self>, field: impl Into<String>) -> Box<Self> {
        self.field = Some(field.into());
        self
    }

    /// Marks the failure as one that may pass by itself.
    #[must_use]
    pub fn temporary(mut self: Box<Self>) -> Box<Self> {
        self.retryable = true;
        self
    }

    /// Adds a value for translated sentences.
    #[must_use]
    pub fn param(mut self: Box<Self>, name: &str, value: impl fmt::Display) -> Box<Self> {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds a line of the redacted chain.
    #[must_use]
    pub fn detail(mut self: Box<Self>, detail: impl fmt::Display) -> Box<Self> {
        self.details.push(detail.to_string());
        self
    }

    /// An error of the local disk, told apart by its kind: full, read-only, missing, forbidden.
    #[must_use]
    pub fn from_io(what: &str, error: &std::io::Error) -> Box<Self> {
        use std::io::ErrorKind;
        let (code, why, hint) = match error.kind() {
            ErrorKind::NotFound => (ErrorCode::FileNotFound, "it does not exist", None),
            ErrorKind::PermissionDenied => (
                ErrorCode::FileUnreadable,
                "this account may not access it",
                Some("Change its permissions, or choose another place."),
            ),
            ErrorKind::ReadOnlyFilesystem => (
                ErrorCode::ReadOnly,
                "the disk is read-only",
                Some("Make the folder writable, or set PICFERRY_HOME to one that is."),
            ),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
                ErrorCode::DiskFull,
                "the disk is full",
                Some("Free some space and try again. Nothing was lost."),
            ),
            ErrorKind::IsADirectory => (ErrorCode::NotAFile, "it is a folder", None),
            _ => (ErrorCode::FileUnreadable, "the system refused", None),
        };
        let mut built = Self::new(code, format!("{what}: {why}.")).detail(error);
        built.hint = hint.map(str::to_owned);
        built
    }

    /// The text of “Copy details”: code, sentence, hint and chain, one a line.
    #[must_use]
    pub fn report(&self) -> String {
        let mut lines = vec![format!("{}: {}", self.code.name(), self.message)];
        lines.extend(self.hint.iter().map(|hint| format!("hint: {hint}")));
        lines.extend(self.field.iter().map(|field| format!("field: {field}")));
        lines.extend(self.details.iter().map(|detail| format!("- {detail}")));
        lines.join("\n")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
