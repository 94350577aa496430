//! The configuration of one S3 profile, read strictly: an unknown field is refused.

use super::address::{Addressing, bucket_url};
use super::presets;
use super::vendors::{Vendor, locate};
use crate::http::HttpOptions;
use crate::redact::Redactor;
use picferry_core::profile::{COMMON_FIELDS, DEFAULT_KEY_TEMPLATE, Profile};
use picferry_core::provider::ProviderConfig;
use picferry_core::secret::Secret;
use picferry_core::{Error, ErrorCode, Result};
use serde::Deserialize;
use std::path::PathBuf;
use url::Url;

/// The plain fields as they are stored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Fields {
    endpoint: String,
    region: String,
    bucket: String,
    access_key_id: String,
    path_style: String,
    acl: String,
    cache_control: String,
    storage_class: String,
    proxy: String,
    ca_file: String,
    insecure: String,
}

/// Everything the client needs, checked. Secrets print as `•••`.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub preset: String,
    pub endpoint: Url,
    /// The endpoint was made from the region, and changes with it.
    pub endpoint_follows_region: bool,
    pub region: String,
    /// Empty for a gateway without buckets.
    pub bucket: String,
    pub addressing: Addressing,
    pub access_key_id: String,
    pub secret_access_key: Secret,
    pub session_token: Option<Secret>,
    /// Empty for none.
    pub acl: String,
    pub cache_control: String,
    pub storage_class: String,
    pub proxy: String,
    pub ca_file: Option<PathBuf>,
    pub insecure: bool,
    pub public_url: String,
    pub url_suffix: String,
    /// The folder that the template begins with, for the probe: a key may be limited to it.
    pub folder: String,
    /// What earlier talks with the host taught.
    pub learned: std::collections::BTreeMap<String, String>,
}

impl Config {
    /// Reads a profile and its secrets.
    pub(super) fn read(given: &ProviderConfig) -> Result<Self> {
        let fields = fields(&given.profile)?;
        let endpoint_follows_region = fields.endpoint.is_empty();
        let endpoint = endpoint(&given.profile.preset, &fields)?;
        let preset = given.profile.preset.clone();
        if fields.bucket.is_empty() && preset != "gateway" && fields.path_style != "domain" {
            return Err(missing("bucket", "The bucket is missing."));
        }
        if fields.access_key_id.is_empty() {
            return Err(missing("access_key_id", "The access key ID is missing."));
        }
        let secret = |key: &str| given.secrets.get(key).filter(|secret| !secret.is_empty()).cloned();
        let secret_access_key = secret("secret_access_key").ok_or_else(|| {
            Error::new(ErrorCode::SecretMissing, "The secret access key is missing.")
                .hint("Enter it again in the host's settings.")
                .field("secret_access_key")
        })?;
        let common = |key: &str| given.profile.value(key, COMMON_FIELDS).to_owned();
        let addressing = Addressing::from_name(&fields.path_style)
            .unwrap_or_else(|| Addressing::choose(&preset, &endpoint, &fields.bucket));
        Ok(Self {
            region: region(&preset, &fields.region, &endpoint),
            endpoint,
            endpoint_follows_region,
            bucket: fields.bucket,
            addressing,
            access_key_id: fields.access_key_id,
            secret_access_key,
            session_token: secret("session_token"),
            acl: fields.acl,
            cache_control: fields.cache_control,
            storage_class: fields.storage_class,
            proxy: if fields.proxy.is_empty() { given.proxy.clone() } else { fields.proxy },
            ca_file: (!fields.ca_file.is_empty()).then(|| fields.ca_file.into()),
            insecure: fields.insecure == "true",
            public_url: common("public_url").trim_end_matches('/').to_owned(),
            url_suffix: common("url_suffix"),
            folder: literal_folder(&common("key_template")),
            learned: given.profile.learned.clone(),
            preset,
        })
    }

    /// How the store is reached.
    pub(super) fn http(&self) -> HttpOptions {
        HttpOptions {
            target: self.endpoint.clone(),
            proxy: self.proxy.clone(),
            ca_file: self.ca_file.clone(),
            insecure: self.insecure,
            redirects: 0,
        }
    }

    /// Blanks this profile's secrets in any text.
    pub(super) fn redactor(&self) -> Redactor {
        Redactor::new(std::iter::once(&self.secret_access_key).chain(&self.session_token))
    }

    /// Whose store it is, by its host name first.
    pub(super) fn vendor(&self) -> Option<Vendor> {
        let by_host = self.endpoint.host_str().and_then(locate).map(|located| located.vendor);
        by_host.or_else(|| Vendor::of_preset(&self.preset))
    }

    /// Whether the store takes PUTs alone.
    pub(super) fn is_put_only(&self) -> bool {
        self.preset == "gateway" || self.learned("head") == Some("no") && self.learned("delete") == Some("no")
    }

    /// A fact of the profile.
    pub(super) fn learned(&self, fact: &str) -> Option<&str> {
        self.learned.get(fact).map(String::as_str)
    }

    /// The store and the bucket, for people and for telling two apart. The built-in store is the same
    /// at every port.
    pub(super) fn store(&self) -> String {
        if self.preset == "local" {
            return "this computer".to_owned();
        }
        let host = self.endpoint.host_str().unwrap_or_default();
        let port = self.endpoint.port().map_or_else(String::new, |port| format!(":{port}"));
        format!("{host}{port}/{}", self.bucket)
    }

    /// The store's endpoint for a region: itself, unless it contains one.
    pub(super) fn endpoint_for(&self, region: &str) -> Url {
        let located = self.endpoint.host_str().and_then(locate);
        let names_other = located.as_ref().is_some_and(|located| located.region.as_deref() != Some(region));
        if !names_other && !self.endpoint_follows_region {
            return self.endpoint.clone();
        }
        let vendor = located.map(|located| located.vendor).or_else(|| Vendor::of_preset(&self.preset));
        let made = vendor.and_then(|vendor| vendor.endpoint(region)).and_then(|text| Url::parse(&text).ok());
        made.unwrap_or_else(|| self.endpoint.clone())
    }

    /// The start of links: the person's own domain, or the address of the bucket.
    pub(super) fn link_base(&self, endpoint: &Url, addressing: Addressing) -> String {
        if self.public_url.is_empty() {
            bucket_url(endpoint, &self.bucket, addressing)
        } else {
            self.public_url.clone()
        }
    }
}

/// The profile's own fields; the common ones are read where they are needed.
fn fields(profile: &Profile) -> Result<Fields> {
    let own = profile.fields.iter().filter(|(key, _)| !COMMON_FIELDS.iter().any(|spec| spec.key == **key));
    let values: serde_json::Map<String, serde_json::Value> =
        own.map(|(key, value)| (key.clone(), serde_json::Value::from(value.trim()))).collect();
    for key in values.keys() {
        if !super::fields::FIELDS.iter().any(|spec| spec.key == key) {
            return Err(Error::new(ErrorCode::InvalidField, format!("S3 has no field called {key}."))
                .hint("Check its spelling; the reference lists all fields.")
                .field(key)
                .param("reason", "unknown"));
        }
    }
    let mut fields: Fields = serde_json::from_value(values.into())
        .map_err(|error| Error::new(ErrorCode::InvalidField, "The profile cannot be read.").detail(error))?;
    // What the preset fills in counts even if the form never stored it.
    for (key, value) in presets::preset(&profile.preset).map_or(&[][..], |preset| preset.values) {
        let slot = match *key {
            "endpoint" => &mut fields.endpoint,
            "region" => &mut fields.region,
            "bucket" => &mut fields.bucket,
            "path_style" => &mut fields.path_style,
            _ => continue,
        };
        if slot.is_empty() && !profile.fields.contains_key(*key) {
            (*value).clone_into(slot);
        }
    }
    Ok(fields)
}

fn endpoint(preset: &str, fields: &Fields) -> Result<Url> {
    let text = if fields.endpoint.is_empty() {
        // Amazon takes requests for any region there, and names the right one in its answer.
        let default_region = if preset == "aws" { "us-east-1" } else { "" };
        let region = if fields.region.is_empty() { default_region } else { &fields.region };
        let made = Vendor::of_preset(preset).filter(|_| !region.is_empty());
        made.and_then(|vendor| vendor.endpoint(region))
            .ok_or_else(|| missing("endpoint", "The endpoint is missing."))?
    } else {
        fields.endpoint.clone()
    };
    let refuse = || {
        Error::new(ErrorCode::InvalidField, "The endpoint is no web address.")
            .hint("Write it like https://s3.example.com, without the bucket.")
            .field("endpoint")
            .param("reason", "not_a_url")
    };
    let url = Url::parse(&text).map_err(|_| refuse())?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || url.query().is_some() {
        return Err(refuse());
    }
    Ok(url)
}

/// The region to sign with: the profile's, the one in the host name, or the one nearly every server takes.
fn region(preset: &str, given: &str, endpoint: &Url) -> String {
    if !given.is_empty() {
        return given.to_owned();
    }
    let in_host = endpoint.host_str().and_then(locate).and_then(|located| located.region);
    in_host.unwrap_or_else(|| match preset {
        "r2" | "gateway" => "auto".to_owned(),
        "garage" => "garage".to_owned(),
        _ => "us-east-1".to_owned(),
    })
}

/// The folders that a template names without placeholders: `blog/{year}/…` → `blog/`.
fn literal_folder(template: &str) -> String {
    let template = if template.is_empty() { DEFAULT_KEY_TEMPLATE } else { template };
    let literal = template.split('{').next().unwrap_or_default().trim_start_matches('/');
    match literal.rfind('/') {
        Some(end) => literal[..=end].to_owned(),
        None => String::new(),
    }
}

fn missing(field: &str, message: &str) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, message).field(field).param("reason", "missing")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn given(preset: &str, fields: &[(&str, &str)]) -> ProviderConfig {
        let fields: BTreeMap<String, String> =
            fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let profile = Profile {
            id: "p".into(),
            name: "Pictures".into(),
            host: "s3".into(),
            preset: preset.into(),
            fields,
            secrets: vec!["secret_access_key".into()],
            learned: BTreeMap::new(),
            unknown: BTreeMap::new(),
        };
        let secrets = BTreeMap::from([("secret_access_key".to_owned(), Secret::new("sh-very-private"))]);
        ProviderConfig { profile, secrets, proxy: "system".into() }
    }

    #[test]
    fn a_misspelt_field_is_refused_by_name() {
        let given = given("generic", &[("endpoint", "https://a.example"), ("bukket", "x")]);
        let error = Config::read(&given).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("bukket")));
    }

    #[test]
    fn amazon_needs_no_endpoint() {
        let unnamed = given("aws", &[("bucket", "pics"), ("access_key_id", "AKIA")]);
        let config = Config::read(&unnamed).unwrap();
        assert_eq!(
            (config.region.as_str(), config.endpoint.as_str()),
            ("us-east-1", "https://s3.us-east-1.amazonaws.com/")
        );
        let given = given("aws", &[("region", "eu-west-3"), ("bucket", "pics"), ("access_key_id", "AKIA")]);
        let config = Config::read(&given).unwrap();
        assert_eq!(config.endpoint.as_str(), "https://s3.eu-west-3.amazonaws.com/");
        assert_eq!(config.addressing, Addressing::Virtual);
        assert_eq!(config.endpoint_for("eu-west-1").as_str(), "https://s3.eu-west-1.amazonaws.com/");
    }

    #[test]
    fn the_region_is_read_from_the_endpoint() {
        let endpoint = ("endpoint", "https://s3.us-west-004.backblazeb2.com");
        let given = given("b2", &[endpoint, ("bucket", "pics"), ("access_key_id", "004")]);
        assert_eq!(Config::read(&given).unwrap().region, "us-west-004");
    }

    #[test]
    fn an_own_server_keeps_its_endpoint_whatever_the_region() {
        let endpoint = ("endpoint", "https://minio.example.com/storage");
        let given = given("minio", &[endpoint, ("bucket", "pics"), ("access_key_id", "me")]);
        let config = Config::read(&given).unwrap();
        assert_eq!(config.endpoint_for("eu-1"), config.endpoint);
    }

    #[test]
    fn a_missing_secret_is_said_so() {
        let mut given =
            given("generic", &[("endpoint", "https://a.example"), ("bucket", "b"), ("access_key_id", "me")]);
        given.secrets.clear();
        let error = Config::read(&given).unwrap_err();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (ErrorCode::SecretMissing, Some("secret_access_key"))
        );
    }

    #[test]
    fn the_secret_never_prints() {
        let given =
            given("generic", &[("endpoint", "https://a.example"), ("bucket", "b"), ("access_key_id", "me")]);
        let printed = format!("{:?}", Config::read(&given).unwrap());
        assert!(!printed.contains("sh-very-private"), "{printed}");
        assert!(printed.contains("•••"), "{printed}");
    }

    #[test]
    fn the_probe_stays_in_the_folder_of_the_template() {
        assert_eq!(literal_folder("blog/img/{year}/{hash:12}.{ext}"), "blog/img/");
        assert_eq!(literal_folder(""), "");
        assert_eq!(literal_folder("pic-{hash:8}.{ext}"), "");
    }
}
