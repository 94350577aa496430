//! Where the bucket goes in an address, and the address that readers use.

use super::vendors::{Vendor, locate};
use picferry_core::encode::join_url;
use url::Url;

/// Where the bucket is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addressing {
    /// `https://endpoint/bucket/key`
    Path,
    /// `https://bucket.endpoint/key`
    Virtual,
    /// `https://endpoint/key`: a domain bound to one bucket, or a gateway without buckets.
    Domain,
}

impl Addressing {
    /// The value of the field.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Virtual => "virtual",
            Self::Domain => "domain",
        }
    }

    /// What the field says; `None` for `auto`. The yes and no of other programs are understood.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "path" | "true" => Some(Self::Path),
            "virtual" | "false" => Some(Self::Virtual),
            "domain" => Some(Self::Domain),
            _ => None,
        }
    }

    /// The addressing that fits an endpoint and a bucket best.
    pub(super) fn choose(preset: &str, endpoint: &Url, bucket: &str) -> Self {
        if bucket.is_empty() {
            return Self::Domain;
        }
        let vendor = endpoint.host_str().and_then(locate).map(|located| located.vendor);
        let chosen = match (vendor, Vendor::of_preset(preset)) {
            (Some(vendor), _) => vendor.addressing(),
            (None, Some(preset)) if preset.binds_domains() && endpoint.domain().is_some() => Self::Domain,
            (None, _) => Self::Path,
        };
        // A wildcard certificate covers one label: a dot in the bucket's name would break it.
        if chosen == Self::Virtual && bucket.contains('.') && endpoint.scheme() == "https" {
            return Self::Path;
        }
        chosen
    }
}

/// The address of a bucket as readers see it, without a slash at the end.
pub(super) fn bucket_url(endpoint: &Url, bucket: &str, addressing: Addressing) -> String {
    let mut readable = endpoint.clone();
    // The S3 face of OSS has a host name of its own; its links use the ordinary one.
    if let Some(located) = endpoint.host_str().and_then(locate)
        && located.vendor == Vendor::Oss
    {
        let host = located.host.trim_start_matches("s3.").to_owned();
        // A host name made of a host name is one.
        let _ = readable.set_host(Some(&host));
    }
    let root = readable.as_str().trim_end_matches('/').to_owned();
    match addressing {
        Addressing::Path => join_url(&root, bucket),
        Addressing::Domain => root,
        Addressing::Virtual => match root.split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://{bucket}.{rest}"),
            None => root,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_addressing_fits_the_store() {
        let cases = [
            ("aws", "https://s3.eu-central-1.amazonaws.com", "pics", Addressing::Virtual),
            ("aws", "https://s3.eu-central-1.amazonaws.com", "my.pics", Addressing::Path),
            ("generic", "https://s3.oss-cn-hangzhou.aliyuncs.com", "pics", Addressing::Virtual),
            ("oss", "https://img.example.com", "pics", Addressing::Domain),
            ("cos", "https://img.example.com", "pics-125", Addressing::Domain),
            ("oss", "http://127.0.0.1:9000", "pics", Addressing::Path),
            ("minio", "http://127.0.0.1:9000", "pics", Addressing::Path),
            ("generic", "https://minio.example.com", "pics", Addressing::Path),
            ("gateway", "https://up.example.com", "", Addressing::Domain),
        ];
        for (preset, endpoint, bucket, expected) in cases {
            assert_eq!(Addressing::choose(preset, &url(endpoint), bucket), expected, "{preset} {endpoint}");
        }
    }

    #[test]
    fn readers_get_the_address_that_the_addressing_makes() {
        let endpoint = url("https://s3.eu-central-1.amazonaws.com");
        let shown = |addressing| bucket_url(&endpoint, "pics", addressing);
        assert_eq!(shown(Addressing::Path), "https://s3.eu-central-1.amazonaws.com/pics");
        assert_eq!(shown(Addressing::Virtual), "https://pics.s3.eu-central-1.amazonaws.com");
        let oss = url("https://s3.oss-cn-hongkong.aliyuncs.com");
        assert_eq!(
            bucket_url(&oss, "pics", Addressing::Virtual),
            "https://pics.oss-cn-hongkong.aliyuncs.com"
        );
        let own = url("https://img.example.com/");
        assert_eq!(bucket_url(&own, "pics", Addressing::Domain), "https://img.example.com");
    }
}
