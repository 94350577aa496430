//! What a key template can fill in, and how each value is made.

use super::slug::slug;
use super::template::NameContext;
use crate::clock::Random;
use crate::error::Result;
use crate::field::Words;
use crate::template::{Placeholder, bad_argument, unknown_placeholder};

/// `{hash}` without a number: as many characters as the default template uses.
const DEFAULT_HASH_LENGTH: usize = 12;

/// `{random}` without a number.
const DEFAULT_RANDOM_LENGTH: usize = 6;

/// As many characters as a SHA-256 has.
const MAX_LENGTH: usize = 64;

/// From this many characters of a digest on, different pictures practically never meet.
const CONTENT_ADDRESS_LENGTH: usize = 8;

/// Stands in for a name that is empty or nothing but separators.
const NAMELESS: &str = "picture";

/// What the form offers to insert, with its help, in the order it is shown.
pub const PLACEHOLDERS: &[(&str, Words)] = &[
    ("{year}", Words::new("Year, four digits", "年，四位")),
    ("{month}", Words::new("Month, 01–12", "月，01–12")),
    ("{day}", Words::new("Day of the month, 01–31", "日，01–31")),
    ("{hour}", Words::new("Hour, 00–23", "时，00–23")),
    ("{minute}", Words::new("Minute, 00–59", "分，00–59")),
    ("{second}", Words::new("Second, 00–59", "秒，00–59")),
    ("{ms}", Words::new("Millisecond, 000–999", "毫秒，000–999")),
    ("{timestamp}", Words::new("Seconds since 1970", "Unix时间戳（秒）")),
    ("{name}", Words::new("File name without extension", "文件名，不含扩展名")),
    (
        "{name:slug}",
        Words::new(
            "File name for addresses: lowercase, hyphens, Chinese as pinyin",
            "适合网址的文件名：小写、连字符、中文转拼音",
        ),
    ),
    ("{ext}", Words::new("Extension of the real format", "真实格式的扩展名")),
    (
        "{hash:12}",
        Words::new("The first characters of the SHA-256 of the picture, 1–64", "图片SHA-256的前若干位，1–64"),
    ),
    ("{md5}", Words::new("MD5 of the picture, 32 characters", "图片的MD5，32位")),
    ("{sha1}", Words::new("SHA-1 of the picture, 40 characters", "图片的SHA-1，40位")),
    ("{sha256}", Words::new("SHA-256 of the picture, 64 characters", "图片的SHA-256，64位")),
    ("{uuid}", Words::new("A random UUID", "随机UUID")),
    ("{random:6}", Words::new("Random letters and digits, 1–64", "随机字母与数字，1–64位")),
    ("{width}", Words::new("Width in pixels; 0 if it has none", "宽度（像素），未知时为0")),
    ("{height}", Words::new("Height in pixels; 0 if it has none", "高度（像素），未知时为0")),
    ("{folder}", Words::new("The subfolder inside a dropped folder", "拖入的文件夹中的子文件夹")),
];

/// The placeholders as the error message lists them.
const KNOWN: &[&str] = &[
    "{year}",
    "{month}",
    "{day}",
    "{hour}",
    "{minute}",
    "{second}",
    "{ms}",
    "{timestamp}",
    "{name}",
    "{name:slug}",
    "{ext}",
    "{hash:N}",
    "{md5}",
    "{sha1}",
    "{sha256}",
    "{uuid}",
    "{random:N}",
    "{width}",
    "{height}",
    "{folder}",
];

/// A placeholder understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Timestamp,
    Name,
    NameSlug,
    Extension,
    Hash(usize),
    Md5,
    Sha1,
    Sha256,
    Uuid,
    Random(usize),
    Width,
    Height,
    Folder,
}

impl Field {
    /// Understands a placeholder as written.
    pub(super) fn parse(written: Placeholder<'_>) -> Result<Self> {
        let field = match written.name {
            "hash" => return Ok(Self::Hash(length(written, DEFAULT_HASH_LENGTH)?)),
            "random" => return Ok(Self::Random(length(written, DEFAULT_RANDOM_LENGTH)?)),
            "name" => {
                return match written.argument {
                    None => Ok(Self::Name),
                    Some("slug") => Ok(Self::NameSlug),
                    Some(_) => Err(bad_argument(written, "{name} or {name:slug}")),
                };
            }
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "minute" => Self::Minute,
            "second" => Self::Second,
            "ms" => Self::Millisecond,
            "timestamp" => Self::Timestamp,
            "ext" => Self::Extension,
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "uuid" => Self::Uuid,
            "width" => Self::Width,
            "height" => Self::Height,
            "folder" => Self::Folder,
            _ => return Err(unknown_placeholder(written, KNOWN)),
        };
        match written.argument {
            None => Ok(field),
            Some(_) => Err(bad_argument(written, &format!("{{{}}}", written.name))),
        }
    }

    /// Whether different pictures give different values, and the same picture always the same.
    pub(super) fn is_content_address(self) -> bool {
        match self {
            Self::Hash(length) => length >= CONTENT_ADDRESS_LENGTH,
            Self::Md5 | Self::Sha1 | Self::Sha256 => true,
            _ => false,
        }
    }

    /// The value for one picture.
    pub(super) fn value(self, context: &NameContext<'_>) -> String {
        let now = context.now;
        match self {
            Self::Year => format!("{:04}", now.year()),
            Self::Month => format!("{:02}", now.month()),
            Self::Day => format!("{:02}", now.day()),
            Self::Hour => format!("{:02}", now.hour()),
            Self::Minute => format!("{:02}", now.minute()),
            Self::Second => format!("{:02}", now.second()),
            Self::Millisecond => format!("{:03}", now.millisecond()),
            Self::Timestamp => now.timestamp().as_second().to_string(),
            Self::Name => one_segment(context.name),
            Self::NameSlug => {
                Some(slug(context.name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| NAMELESS.into())
            }
            Self::Extension => one_segment_or_empty(context.extension.trim_start_matches('.')).to_lowercase(),
            Self::Hash(length) => prefix(context.digests.sha256(), length),
            Self::Md5 => context.digests.md5().to_owned(),
            Self::Sha1 => context.digests.sha1().to_owned(),
            Self::Sha256 => context.digests.sha256().to_owned(),
            Self::Uuid => uuid(context.random),
            Self::Random(length) => random_text(context.random, length),
            Self::Width => context.width.unwrap_or(0).to_string(),
            Self::Height => context.height.unwrap_or(0).to_string(),
            Self::Folder => context.folder.to_owned(),
        }
    }
}

/// The number after the colon.
fn length(written: Placeholder<'_>, default: usize) -> Result<usize> {
    let Some(argument) = written.argument else { return Ok(default) };
    let number = Some(argument).filter(|argument| argument.bytes().all(|byte| byte.is_ascii_digit()));
    number
        .and_then(|argument| argument.parse().ok())
        .filter(|length| (1..=MAX_LENGTH).contains(length))
        .ok_or_else(|| {
            bad_argument(written, &format!("{{{}:N}} with N from 1 to {MAX_LENGTH}", written.name))
        })
}

/// A name is never a path: its separators become hyphens.
fn one_segment(name: &str) -> String {
    let segment = one_segment_or_empty(name);
    let is_nameless =
        segment.chars().all(|character| character == '-' || character == '.' || character.is_whitespace());
    if is_nameless { NAMELESS.to_owned() } else { segment }
}

fn one_segment_or_empty(text: &str) -> String {
    text.trim().replace(['/', '\\'], "-")
}

fn prefix(digest: &str, length: usize) -> String {
    digest.chars().take(length).collect()
}

/// Base 36, lowercase. Eight bytes a character make the bias immeasurable without a loop that
/// an unlucky source of bytes could keep running.
fn random_text(random: &dyn Random, length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..length)
        .map(|_| {
            let mut bytes = [0; 8];
            random.fill(&mut bytes);
            char::from(ALPHABET[(u64::from_le_bytes(bytes) % 36) as usize])
        })
        .collect()
}

/// Version 4, variant 1.
fn uuid(random: &dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}
