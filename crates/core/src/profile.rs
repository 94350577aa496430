//! A profile: one place pictures can go, with its own names, links and rules.

use crate::field::{FieldChoice, FieldKind, FieldSection, FieldSpec, Words};
use crate::images::{IMAGE_FIELD_COUNT, IMAGE_FIELDS};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The template used when a profile names none.
pub const DEFAULT_KEY_TEMPLATE: &str = "{year}/{month}/{hash:12}.{ext}";

/// The id of the built-in profile “This computer”.
pub const LOCAL_PROFILE_ID: &str = "local";

/// One configured host. Secrets are in the keychain under `id/field`; `secrets` only names which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Profile {
    /// Stable and opaque; history rows keep it.
    pub id: String,
    /// The person's name for it; unique without regard to case.
    pub name: String,
    /// The provider: `s3`.
    pub host: String,
    /// The preset that filled the fields: `r2`, `aws`, `local` …
    #[serde(default)]
    pub preset: String,
    /// The values of the fields that are no secrets; absent means the default.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The keys of the secret fields that have a value in the keychain.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// What was found out by talking to the host: `conditional_put` = `yes`|`no`, `head` = `yes`|`no` …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub learned: BTreeMap<String, String>,
    /// Keys that newer versions wrote; kept as they are.
    #[serde(flatten, default)]
    #[ts(skip)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

impl Profile {
    /// The value of a field, or the default its specification names, or the empty text.
    #[must_use]
    pub fn value<'a>(&'a self, key: &str, specs: &'a [FieldSpec]) -> &'a str {
        if let Some(value) = self.fields.get(key) {
            return value;
        }
        specs.iter().find(|spec| spec.key == key).map_or("", |spec| spec.default)
    }

    /// The keychain account of a secret field.
    #[must_use]
    pub fn secret_account(&self, key: &str) -> String {
        format!("{}/{key}", self.id)
    }
}

/// What happens when the key is taken by something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// Put `-1`, `-2` … before the extension.
    #[default]
    Rename,
    /// Replace what is there.
    Overwrite,
    /// Hand back the link of what is there, and send nothing.
    UseExisting,
    /// Let the person decide, once for each picture.
    Ask,
}

impl OnConflict {
    /// The policy of that name; the default for anything else.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "overwrite" => Self::Overwrite,
            "use_existing" => Self::UseExisting,
            "ask" => Self::Ask,
            _ => Self::Rename,
        }
    }
}

/// The fields that every host has, shown after its own.
pub const COMMON_FIELDS: &[FieldSpec] = &with_image_fields(PLACE_FIELDS);

/// Those about names, links and delivery.
const PLACE_FIELDS: [FieldSpec; 5] = [
    FieldSpec::text("key_template", Words::new("Key template", "文件名模板"))
        .kind(FieldKind::KeyTemplate)
        .default(DEFAULT_KEY_TEMPLATE)
        .section(FieldSection::Files),
    FieldSpec::text("on_conflict", Words::new("Name is taken", "文件名已存在"))
        .select(
            &[
                FieldChoice { value: "rename", label: Words::new("Add a number", "加序号") },
                FieldChoice { value: "overwrite", label: Words::new("Overwrite", "覆盖") },
                FieldChoice {
                    value: "use_existing", label: Words::new("Use the old one", "沿用旧文件")
                },
                FieldChoice { value: "ask", label: Words::new("Ask", "询问") },
            ],
            "rename",
        )
        .help(Words::new(
            "The same picture is never sent twice: its old link is used.",
            "同一张图片不会重复上传，直接沿用原来的链接。",
        ))
        .section(FieldSection::Files),
    FieldSpec::text("public_url", Words::new("Own domain", "自定义域名"))
        .kind(FieldKind::Url)
        .placeholder("https://img.example.com")
        .help(Words::new(
            "Links start with this. Leave it empty to use the address of the bucket.",
            "链接以此开头。留空则使用存储桶的地址。",
        ))
        .section(FieldSection::Links),
    FieldSpec::text("url_suffix", Words::new("Add to the end", "链接后缀"))
        .placeholder("?x-oss-process=style/web")
        .section(FieldSection::Links),
    FieldSpec::text("concurrency", Words::new("At the same time", "同时上传"))
        .kind(FieldKind::Number)
        .default("4")
        .advanced()
        .section(FieldSection::Delivery),
];

/// Puts the fields about pictures behind the others; the form sorts by section.
const fn with_image_fields(place: [FieldSpec; 5]) -> [FieldSpec; 5 + IMAGE_FIELD_COUNT] {
    let mut all = [place[0]; 5 + IMAGE_FIELD_COUNT];
    let mut index = 0;
    while index < all.len() {
        all[index] = if index < place.len() { place[index] } else { IMAGE_FIELDS[index - place.len()] };
        index += 1;
    }
    all
}
