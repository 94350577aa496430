//! What is known of the well-known stores: their host names, regions, addressing and consoles.

use super::address::Addressing;

/// A store that is recognised by its host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vendor {
    Aws,
    R2,
    B2,
    Oss,
    Cos,
    Qiniu,
    Obs,
    Spaces,
    Wasabi,
}

/// What a pasted host name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    /// Whose it is.
    pub vendor: Vendor,
    /// The host name without the bucket.
    pub host: String,
    /// The bucket in front of it.
    pub bucket: Option<String>,
    /// The region in it.
    pub region: Option<String>,
}

impl Vendor {
    /// The vendor that a preset stands for.
    pub(super) fn of_preset(preset: &str) -> Option<Self> {
        Some(match preset {
            "aws" => Self::Aws,
            "r2" => Self::R2,
            "b2" => Self::B2,
            "oss" => Self::Oss,
            "cos" => Self::Cos,
            "qiniu" => Self::Qiniu,
            "obs" => Self::Obs,
            "spaces" => Self::Spaces,
            "wasabi" => Self::Wasabi,
            _ => return None,
        })
    }

    /// Where requests for a region go; `None` where the host name needs more than a region.
    pub(super) fn endpoint(self, region: &str) -> Option<String> {
        let host = match self {
            Self::Aws if region.starts_with("cn-") => format!("s3.{region}.amazonaws.com.cn"),
            Self::Aws => format!("s3.{region}.amazonaws.com"),
            Self::B2 => format!("s3.{region}.backblazeb2.com"),
            Self::Oss => format!("s3.oss-{region}.aliyuncs.com"),
            Self::Cos => format!("cos.{region}.myqcloud.com"),
            Self::Qiniu => format!("s3.{region}.qiniucs.com"),
            Self::Obs => format!("obs.{region}.myhuaweicloud.com"),
            Self::Spaces => format!("{region}.digitaloceanspaces.com"),
            Self::Wasabi => format!("s3.{region}.wasabisys.com"),
            Self::R2 => return None,
        };
        Some(format!("https://{host}"))
    }

    /// How the bucket goes into the address unless the profile says otherwise.
    pub(super) fn addressing(self) -> Addressing {
        match self {
            Self::Aws | Self::Oss | Self::Cos | Self::Obs | Self::Spaces => Addressing::Virtual,
            Self::R2 | Self::B2 | Self::Qiniu | Self::Wasabi => Addressing::Path,
        }
    }

    /// Whether a host name that is not the vendor's own is a domain bound to one bucket.
    pub(super) fn binds_domains(self) -> bool {
        matches!(self, Self::Oss | Self::Cos)
    }

    /// What makes a PUT refuse to replace something.
    pub(super) fn no_overwrite_header(self) -> (&'static str, &'static str) {
        match self {
            Self::Oss => ("x-oss-forbid-overwrite", "true"),
            Self::Cos => ("x-cos-forbid-overwrite", "true"),
            _ => super::wiring::IF_NONE_MATCH,
        }
    }

    /// Whether the vendor is known to honour that header.
    pub(super) fn conditional_put(self) -> Option<bool> {
        match self {
            Self::Aws | Self::R2 | Self::Spaces => Some(true),
            // It answers 501 to the header.
            Self::B2 => Some(false),
            _ => None,
        }
    }
}

/// Reads a host name: vendor, bucket, region.
pub(super) fn locate(host: &str) -> Option<Located> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    aws(&host)
        .or_else(|| r2(&host))
        .or_else(|| dotted(&host, Vendor::B2, "backblazeb2.com", "s3"))
        .or_else(|| oss(&host))
        .or_else(|| dotted(&host, Vendor::Cos, "myqcloud.com", "cos"))
        .or_else(|| dotted(&host, Vendor::Obs, "myhuaweicloud.com", "obs"))
        .or_else(|| qiniu(&host))
        .or_else(|| wasabi(&host))
        .or_else(|| spaces(&host))
}

/// The labels in front of a domain.
fn labels<'a>(host: &'a str, domain: &str) -> Option<Vec<&'a str>> {
    let front = host.strip_suffix(domain)?.strip_suffix('.')?;
    Some(front.split('.').collect())
}

fn joined(labels: &[&str]) -> Option<String> {
    (!labels.is_empty()).then(|| labels.join("."))
}

/// `[bucket.]service.region.domain`
fn dotted(host: &str, vendor: Vendor, domain: &str, service: &str) -> Option<Located> {
    let labels = labels(host, domain)?;
    let at = labels.iter().rposition(|label| *label == service)?;
    let region = (at + 2 == labels.len()).then(|| labels[at + 1].to_owned())?;
    Some(Located {
        vendor,
        host: format!("{service}.{region}.{domain}"),
        bucket: joined(&labels[..at]),
        region: Some(region),
    })
}

/// `[bucket.]s3[.dualstack][.region].amazonaws.com`, and the old `s3-region` and website forms.
fn aws(host: &str) -> Option<Located> {
    let domain = ["amazonaws.com", "amazonaws.com.cn"].into_iter().find(|domain| host.ends_with(domain))?;
    let labels = labels(host, domain)?;
    let at = labels.iter().rposition(|label| *label == "s3" || label.starts_with("s3-"))?;
    if labels[at] == "s3-accelerate" {
        return None;
    }
    let in_label = labels[at].strip_prefix("s3-website-").or_else(|| labels[at].strip_prefix("s3-"));
    let behind = labels[at + 1..].iter().find(|label| **label != "dualstack");
    let region = match (in_label, behind) {
        (Some("website"), Some(region)) | (None, Some(region)) => (*region).to_owned(),
        (Some(region), _) => region.to_owned(),
        (None, None) => "us-east-1".to_owned(),
    };
    Some(Located {
        vendor: Vendor::Aws,
        host: format!("s3.{region}.{domain}"),
        bucket: joined(&labels[..at]),
        region: Some(region),
    })
}

/// `[bucket.]account[.eu|.fedramp].r2.cloudflarestorage.com`
fn r2(host: &str) -> Option<Located> {
    let labels = labels(host, "r2.cloudflarestorage.com")?;
    let at = labels.iter().rposition(|label| is_account(label))?;
    Some(Located {
        vendor: Vendor::R2,
        host: format!("{}.r2.cloudflarestorage.com", labels[at..].join(".")),
        bucket: joined(&labels[..at]),
        region: Some("auto".to_owned()),
    })
}

/// A Cloudflare account id.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `[bucket.][s3.]oss-region[-internal].aliyuncs.com`
fn oss(host: &str) -> Option<Located> {
    let labels = labels(host, "aliyuncs.com")?;
    let (place, front) = labels.split_last()?;
    let name = place.strip_prefix("oss-")?;
    let region = name.strip_suffix("-internal").unwrap_or(name);
    let bucket = front.strip_suffix(&["s3"]).unwrap_or(front);
    Some(Located {
        vendor: Vendor::Oss,
        host: format!("s3.{place}.aliyuncs.com"),
        bucket: joined(bucket),
        // The accelerated host name is the same everywhere.
        region: (!region.starts_with("accelerate")).then(|| region.to_owned()),
    })
}

/// `[bucket.]s3.region.qiniucs.com`, also written `s3-region`.
fn qiniu(host: &str) -> Option<Located> {
    if let Some(located) = dotted(host, Vendor::Qiniu, "qiniucs.com", "s3") {
        return Some(located);
    }
    let labels = labels(host, "qiniucs.com")?;
    let (place, front) = labels.split_last()?;
    let region = place.strip_prefix("s3-")?;
    Some(Located {
        vendor: Vendor::Qiniu,
        host: format!("{place}.qiniucs.com"),
        bucket: joined(front),
        region: Some(region.to_owned()),
    })
}

/// `[bucket.]s3[.region].wasabisys.com`
fn wasabi(host: &str) -> Option<Located> {
    if let Some(located) = dotted(host, Vendor::Wasabi, "wasabisys.com", "s3") {
        return Some(located);
    }
    let labels = labels(host, "wasabisys.com")?;
    let (service, front) = labels.split_last()?;
    (*service == "s3").then(|| Located {
        vendor: Vendor::Wasabi,
        host: "s3.wasabisys.com".to_owned(),
        bucket: joined(front),
        region: Some("us-east-1".to_owned()),
    })
}

/// `[bucket.]region[.cdn].digitaloceanspaces.com`
fn spaces(host: &str) -> Option<Located> {
    let mut labels = labels(host, "digitaloceanspaces.com")?;
    if labels.last() == Some(&"cdn") {
        labels.pop();
    }
    let (region, front) = labels.split_last()?;
    Some(Located {
        vendor: Vendor::Spaces,
        host: format!("{region}.digitaloceanspaces.com"),
        bucket: joined(front),
        region: Some((*region).to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(host: &str) -> (Vendor, String, Option<String>, Option<String>) {
        let located = locate(host).unwrap();
        (located.vendor, located.host, located.bucket, located.region)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn the_vendors_host_names_are_read() {
        let account = "0123456789abcdef0123456789abcdef";
        let cases = [
            (
                "s3.eu-central-1.amazonaws.com",
                Vendor::Aws,
                "s3.eu-central-1.amazonaws.com",
                None,
                "eu-central-1",
            ),
            (
                "my.pics.s3.eu-west-3.amazonaws.com",
                Vendor::Aws,
                "s3.eu-west-3.amazonaws.com",
                some("my.pics"),
                "eu-west-3",
            ),
            ("pics.s3.amazonaws.com", Vendor::Aws, "s3.us-east-1.amazonaws.com", some("pics"), "us-east-1"),
            (
                "pics.s3-us-west-2.amazonaws.com",
                Vendor::Aws,
                "s3.us-west-2.amazonaws.com",
                some("pics"),
                "us-west-2",
            ),
            (
                "pics.s3-website.eu-central-1.amazonaws.com",
                Vendor::Aws,
                "s3.eu-central-1.amazonaws.com",
                some("pics"),
                "eu-central-1",
            ),
            (
                "s3.dualstack.us-east-2.amazonaws.com",
                Vendor::Aws,
                "s3.us-east-2.amazonaws.com",
                None,
                "us-east-2",
            ),
            (
                "s3.cn-north-1.amazonaws.com.cn",
                Vendor::Aws,
                "s3.cn-north-1.amazonaws.com.cn",
                None,
                "cn-north-1",
            ),
            (
                "pics.s3.us-west-004.backblazeb2.com",
                Vendor::B2,
                "s3.us-west-004.backblazeb2.com",
                some("pics"),
                "us-west-004",
            ),
            (
                "pics.oss-cn-hongkong.aliyuncs.com",
                Vendor::Oss,
                "s3.oss-cn-hongkong.aliyuncs.com",
                some("pics"),
                "cn-hongkong",
            ),
            (
                "s3.oss-cn-hangzhou-internal.aliyuncs.com",
                Vendor::Oss,
                "s3.oss-cn-hangzhou-internal.aliyuncs.com",
                None,
                "cn-hangzhou",
            ),
            (
                "pics-1250000000.cos.ap-guangzhou.myqcloud.com",
                Vendor::Cos,
                "cos.ap-guangzhou.myqcloud.com",
                some("pics-1250000000"),
                "ap-guangzhou",
            ),
            (
                "pics.obs.cn-north-4.myhuaweicloud.com",
                Vendor::Obs,
                "obs.cn-north-4.myhuaweicloud.com",
                some("pics"),
                "cn-north-4",
            ),
            ("s3.cn-east-1.qiniucs.com", Vendor::Qiniu, "s3.cn-east-1.qiniucs.com", None, "cn-east-1"),
            (
                "pics.s3-cn-south-1.qiniucs.com",
                Vendor::Qiniu,
                "s3-cn-south-1.qiniucs.com",
                some("pics"),
                "cn-south-1",
            ),
            (
                "pics.nyc3.cdn.digitaloceanspaces.com",
                Vendor::Spaces,
                "nyc3.digitaloceanspaces.com",
                some("pics"),
                "nyc3",
            ),
            ("s3.wasabisys.com", Vendor::Wasabi, "s3.wasabisys.com", None, "us-east-1"),
            (
                "pics.s3.eu-central-1.wasabisys.com",
                Vendor::Wasabi,
                "s3.eu-central-1.wasabisys.com",
                some("pics"),
                "eu-central-1",
            ),
        ];
        for (host, vendor, endpoint, bucket, region) in cases {
            assert_eq!(found(host), (vendor, endpoint.to_owned(), bucket, some(region)), "{host}");
        }
        let r2 = found(&format!("pics.{account}.eu.r2.cloudflarestorage.com"));
        assert_eq!(
            r2,
            (Vendor::R2, format!("{account}.eu.r2.cloudflarestorage.com"), some("pics"), some("auto"))
        );
    }

    #[test]
    fn an_own_domain_is_nobodys() {
        for host in ["img.example.com", "minio.home.arpa", "127.0.0.1", "aliyuncs.com", "notamazonaws.com"] {
            assert_eq!(locate(host), None, "{host}");
        }
    }

    #[test]
    fn an_endpoint_made_from_a_region_is_read_back_as_that_region() {
        for vendor in [
            Vendor::Aws,
            Vendor::B2,
            Vendor::Oss,
            Vendor::Cos,
            Vendor::Qiniu,
            Vendor::Obs,
            Vendor::Spaces,
            Vendor::Wasabi,
        ] {
            let endpoint = vendor.endpoint("xx-test-1").unwrap();
            let located = locate(endpoint.trim_start_matches("https://")).unwrap();
            assert_eq!(
                (located.vendor, located.region.as_deref()),
                (vendor, Some("xx-test-1")),
                "{endpoint}"
            );
            assert_eq!(format!("https://{}", located.host), endpoint);
        }
    }
}
