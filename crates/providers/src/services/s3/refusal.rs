//! One table from what a store says to our codes, with the sentence, the hint and the field.

use super::config::Config;
use super::failure::{Failure, Refusal};
use super::stranger;
use crate::local_store::{DISK_FULL, DISK_READ_ONLY};
use picferry_core::{Error, ErrorCode};

/// What was under way, for the details.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    /// `put`, `head`, `delete` …
    pub name: &'static str,
    /// The key, if it is about one.
    pub key: &'a str,
}

/// One row: the service codes and statuses that mean the same, and what the person reads.
struct Rule {
    codes: &'static [&'static str],
    /// Counts where no code is known.
    statuses: &'static [u16],
    code: ErrorCode,
    message: &'static str,
    hint: &'static str,
    field: &'static str,
    temporary: bool,
}

const fn rule(codes: &'static [&'static str], statuses: &'static [u16], code: ErrorCode) -> Rule {
    Rule { codes, statuses, code, message: "", hint: "", field: "", temporary: false }
}

impl Rule {
    const fn says(mut self, message: &'static str, hint: &'static str) -> Self {
        self.message = message;
        self.hint = hint;
        self
    }

    const fn field(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    const fn temporary(mut self) -> Self {
        self.temporary = true;
        self
    }
}

/// Refusals that other rules would hide, found by more than their code.
const CLOCK: Rule = rule(&["RequestTimeTooSkewed", "RequestExpired"], &[], ErrorCode::ClockSkew).says(
    "The clock of this computer is wrong, so the signature was refused.",
    "Set the date and time of this computer automatically, then try again.",
);
const PUBLIC_ENDPOINT: Rule = rule(&["PublicEndpointForbidden"], &[], ErrorCode::PublicEndpointForbidden)
    .says(
        "Aliyun refuses new accounts the public endpoint of buckets in mainland China.",
        "Bind your own domain to the bucket and enter that domain as the endpoint.",
    )
    .field("endpoint");
const QUOTA: Rule = rule(
    &[
        "QuotaExceeded",
        "StorageQuotaExceeded",
        "XMinioStorageFull",
        "StorageFull",
        "InsufficientStorage",
        "UserDisable",
        "AccountProblem",
        "InsufficientBalance",
    ],
    &[507],
    ErrorCode::QuotaExceeded,
)
.says(
    "The store takes nothing more: a limit of the account is reached.",
    "Look at the account's storage, its caps and its balance in the store's console.",
);
const ACL: Rule = rule(&["AccessControlListNotSupported"], &[], ErrorCode::HostRefused)
    .says(
        "The store does not take an access setting for each object.",
        "Choose “As the bucket says”, and make the bucket itself public.",
    )
    .field("acl");

/// All others. The first row that fits counts; codes are tried in all rows before statuses.
const RULES: &[Rule] = &[
    CLOCK,
    PUBLIC_ENDPOINT,
    rule(&[DISK_FULL], &[], ErrorCode::DiskFull)
        .says("The disk of this computer is full.", "Free some space and try again. Nothing was lost."),
    rule(&[DISK_READ_ONLY], &[], ErrorCode::ReadOnly).says(
        "The folder of the built-in store cannot be written.",
        "Make it writable; “picferry doctor --paths” shows where it is.",
    ),
    QUOTA,
    ACL,
    rule(
        &[
            "InvalidAccessKeyId",
            "InvalidAccessKeyId.NotFound",
            "InvalidAccessKeyId.Inactive",
            "NoSuchAccessKey",
        ],
        &[],
        ErrorCode::AuthFailed,
    )
    .says("The store does not know this access key ID.", "Copy the key ID again from the store's console.")
    .field("access_key_id"),
    rule(&["SignatureDoesNotMatch", "InvalidSecretKey"], &[], ErrorCode::AuthFailed)
        .says(
            "The secret access key does not belong to this key ID.",
            "Copy the secret again; if it is no longer shown, make a new key.",
        )
        .field("secret_access_key"),
    rule(
        &[
            "InvalidToken",
            "ExpiredToken",
            "TokenRefreshRequired",
            "InvalidSecurityToken",
            "SecurityTokenExpired",
        ],
        &[],
        ErrorCode::AuthFailed,
    )
    .says("The session token is not valid any more.", "Enter fresh temporary keys.")
    .field("session_token"),
    rule(&["Unauthorized", "MissingSecurityHeader"], &[401], ErrorCode::AuthFailed)
        .says("The store did not accept these keys.", "Copy both keys again from the store's console.")
        .field("access_key_id"),
    rule(
        &["SecondLevelDomainForbidden", "PathStyleDomainForbidden", "PathStyleAccessNotAllowed"],
        &[],
        ErrorCode::WrongAddressing,
    )
    .says("The store wants the bucket in another part of the address.", "Change “Address of the bucket”.")
    .field("path_style"),
    rule(
        &[
            "AuthorizationHeaderMalformed",
            "PermanentRedirect",
            "TemporaryRedirect",
            "InvalidRegionName",
            "IllegalLocationConstraintException",
            "InvalidRegion",
        ],
        &[301, 307],
        ErrorCode::WrongRegion,
    )
    .says(
        "{region} is not the region of this bucket.",
        "Enter the region that the store's console shows for the bucket.",
    )
    .field("region"),
    rule(&["NoSuchBucket", "InvalidBucketName"], &[], ErrorCode::BucketNotFound)
        .says(
            "There is no bucket called {bucket} here.",
            "Check the name of the bucket, and that the endpoint is that of its region.",
        )
        .field("bucket"),
    rule(&["NoSuchKey", "NotFound", "NoSuchVersion", "NoSuchUpload"], &[404], ErrorCode::ObjectNotFound)
        .says("The object is not there.", ""),
    rule(
        &["EntityTooLarge", "MaxMessageLengthExceeded", "RequestEntityTooLarge"],
        &[413],
        ErrorCode::TooLarge,
    )
    .says(
        "The picture is larger than the store takes.",
        "Make it smaller, or raise the limit of the server in front of the store.",
    ),
    rule(
        &[
            "SlowDown",
            "TooManyRequests",
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "QpsLimitExceeded",
            "TotalQpsLimitExceeded",
        ],
        &[429],
        ErrorCode::RateLimited,
    )
    .says(
        "The store asks to go slower.",
        "It passes: try again in a moment. Fewer uploads at the same time help.",
    )
    .field("concurrency")
    .temporary(),
    rule(
        &[
            "InternalError",
            "ServiceUnavailable",
            "RequestTimeout",
            "OperationAborted",
            "ConditionalRequestConflict",
            "IncompleteBody",
            "ServerBusy",
        ],
        &[408, 500, 502, 503, 504],
        ErrorCode::Network,
    )
    .says("The store has trouble at the moment.", "This often passes: try again in a moment.")
    .temporary(),
    rule(&["BadDigest", "XAmzContentSHA256Mismatch", "InvalidDigest"], &[], ErrorCode::Network)
        .says("The picture arrived damaged and was refused.", "This often passes: try again in a moment.")
        .temporary(),
    rule(
        &["PreconditionFailed", "FileAlreadyExists", "ObjectAlreadyExists"],
        &[409, 412],
        ErrorCode::KeyExists,
    )
    .says("Something with this name is there already.", ""),
    rule(&["InvalidStorageClass"], &[], ErrorCode::HostRefused)
        .says("The store has no storage class {storage_class}.", "Leave the storage class empty.")
        .field("storage_class"),
    rule(&["KeyTooLongError", "InvalidURI", "InvalidObjectName"], &[], ErrorCode::InvalidTemplate)
        .says("The store does not take this file name.", "Use a shorter or simpler key template.")
        .field("key_template"),
    rule(&["NotImplemented", "MethodNotAllowed"], &[405, 501], ErrorCode::Unsupported)
        .says("The store cannot do this.", ""),
    rule(
        &["AccessDenied", "AllAccessDisabled", "AccessForbidden", "Forbidden"],
        &[403],
        ErrorCode::AccessDenied,
    )
    .says(
        "These keys may not do this in the bucket {bucket}.",
        "Give the key permission to read, write and delete objects of this bucket.",
    )
    .field("access_key_id"),
];

/// The error that a failure becomes.
pub(super) fn into_error(failure: Failure, step: Step<'_>, config: &Config) -> Box<Error> {
    let redactor = config.redactor();
    let mut error = match failure {
        Failure::Refused(refusal) => other_key(details(sentence(&refusal, config), &refusal), config),
        Failure::NoAnswer(error) => no_answer(error, config),
        Failure::Ready(error) => error,
    };
    let about =
        if step.key.is_empty() { step.name.to_owned() } else { format!("{} {}", step.name, step.key) };
    error.details.insert(0, format!("{about} at {}", crate::redact::url(config.endpoint.as_str())));
    error.details = error.details.iter().map(|detail| redactor.clean(detail)).collect();
    error.message = redactor.clean(&error.message);
    error
}

/// Nobody answers: for the built-in store that has one reason, and the endpoint is not it.
fn no_answer(mut error: Box<Error>, config: &Config) -> Box<Error> {
    if config.preset == "local" && error.field.as_deref() == Some("endpoint") {
        error.message = "The built-in store of this computer is not running.".to_owned();
        error.hint = Some("Open Picferry, or run “picferry serve”.".to_owned());
        error.field = None;
    }
    error
}

/// The built-in store has its keys from Picferry itself: nobody can have mistyped them.
fn other_key(mut error: Box<Error>, config: &Config) -> Box<Error> {
    if config.preset == "local" && error.code == ErrorCode::AuthFailed {
        error.message = "Another Picferry serves the built-in store with a key of its own.".to_owned();
        error.hint = Some("End it (the window, or “picferry serve”) and try again.".to_owned());
        error.field = None;
    }
    error
}

/// Whether a refusal is about the access setting that was sent with an object.
pub(super) fn is_about_acl(refusal: &Refusal, config: &Config) -> bool {
    if config.acl.is_empty() {
        return false;
    }
    let text = refusal.message.to_lowercase();
    refusal.is(ACL.codes)
        || matches!(refusal.status, 400 | 501) && (text.contains("x-amz-acl") || text.contains("canned acl"))
}

fn details(mut error: Box<Error>, refusal: &Refusal) -> Box<Error> {
    error = error.param("status", refusal.status).detail(format!("HTTP {}", refusal.status));
    let lines = [
        ("service code", refusal.code.as_str()),
        ("service message", &refusal.message),
        ("EC", refusal.ec.as_deref().unwrap_or_default()),
        ("see", refusal.recommended.as_deref().unwrap_or_default()),
        ("request id", &refusal.request_id),
        ("answer", &refusal.excerpt),
    ];
    for (name, value) in lines {
        if !value.is_empty() {
            error = error.detail(format!("{name}: {value}"));
        }
    }
    if !refusal.code.is_empty() {
        error = error.param("service_code", &refusal.code);
    }
    error
}

fn sentence(refusal: &Refusal, config: &Config) -> Box<Error> {
    if refusal.is_of_stranger() {
        return stranger::error(refusal, config);
    }
    let rule = special(refusal, config)
        .or_else(|| RULES.iter().find(|rule| refusal.is(rule.codes)))
        .or_else(|| RULES.iter().find(|rule| rule.statuses.contains(&refusal.status)));
    match rule {
        Some(rule) => apply(rule, refusal, config),
        None if refusal.status >= 500 => {
            Error::new(ErrorCode::Network, "The store has trouble at the moment.")
                .hint("This often passes: try again in a moment.")
                .temporary()
        }
        None => quoted(refusal, config),
    }
}

/// What a code alone does not tell.
fn special(refusal: &Refusal, config: &Config) -> Option<&'static Rule> {
    // A HEAD has no body, so the clock is all there is to go by.
    if refusal.clocks_differ && refusal.status == 403 && refusal.code.is_empty() {
        return Some(&CLOCK);
    }
    if refusal.ec.as_deref() == Some("0048-00000401") {
        return Some(&PUBLIC_ENDPOINT);
    }
    if refusal.message.to_lowercase().contains("cap exceeded") {
        return Some(&QUOTA);
    }
    is_about_acl(refusal, config).then_some(&ACL)
}

fn apply(rule: &Rule, refusal: &Refusal, config: &Config) -> Box<Error> {
    let fill = |text: &str| {
        text.replace("{bucket}", &config.bucket)
            .replace("{region}", &config.region)
            .replace("{storage_class}", &config.storage_class)
    };
    let mut error = Error::new(rule.code, fill(rule.message));
    if !rule.hint.is_empty() {
        error = error.hint(rule.hint);
    }
    if !rule.field.is_empty() {
        error = error.field(rule.field);
    }
    if rule.temporary {
        error = error.temporary();
    }
    if let (ErrorCode::WrongRegion, Some(right)) = (rule.code, &refusal.region)
        && *right != config.region
    {
        error.message = format!("The bucket is not in {} but in {right}.", config.region);
        error = error.param("expected", right);
    }
    error.param("bucket", &config.bucket).param("region", &config.region)
}

/// A refusal that nobody foresaw: the store's own words.
fn quoted(refusal: &Refusal, config: &Config) -> Box<Error> {
    let host = config.endpoint.host_str().unwrap_or_default();
    let said = if refusal.message.is_empty() { &refusal.code } else { &refusal.message };
    let message = if said.is_empty() {
        format!("{host} refused with status {}.", refusal.status)
    } else {
        format!("{host} refused: {}.", said.trim_end_matches('.'))
    };
    Error::new(ErrorCode::HostRefused, message).param("host", host)
}
