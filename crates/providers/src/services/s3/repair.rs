//! Repairs of what people paste: console pages, bucket addresses, `s3://` names, regions.

use super::presets;
use super::vendors::{Located, Vendor, is_account, locate};
use crate::repair::{invalid, value};
use crate::services::{Fields, Secrets};
use picferry_core::Error;
use picferry_core::provider::Repair;
use url::Url;

/// What was done to which field.
struct Repairs<'a> {
    fields: &'a mut Fields,
    done: Vec<Repair>,
}

impl Repairs<'_> {
    fn set(&mut self, field: &str, value: impl Into<String>, what: &str) {
        let value = value.into();
        if super::repair::value(self.fields, field) == value {
            return;
        }
        self.fields.insert(field.to_owned(), value.clone());
        self.done.push(Repair { field: field.to_owned(), value, what: what.to_owned() });
    }

    fn get(&self, field: &str) -> String {
        value(self.fields, field).to_owned()
    }
}

/// Repairs the fields of S3.
pub(crate) fn repair(fields: &mut Fields, _: &mut Secrets, preset: &str) -> Vec<Repair> {
    let mut repairs = Repairs { fields, done: Vec::new() };
    translate_path_style(&mut repairs);
    bucket_from_names(&mut repairs);
    console_page(&mut repairs);
    if preset != "gateway" {
        endpoint_parts(&mut repairs);
    }
    region_prefix(&mut repairs, preset);
    repairs.done
}

/// Other programs say yes or no. The same said in our words is no repair worth telling.
fn translate_path_style(repairs: &mut Repairs<'_>) {
    let translated = match repairs.get("path_style").to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => "path",
        "false" | "no" | "off" | "0" => "virtual",
        _ => return,
    };
    repairs.fields.insert("path_style".to_owned(), translated.to_owned());
}

/// `s3://bucket/folder`, `arn:aws:s3:::bucket`, or a whole address where the bucket's name belongs.
fn bucket_from_names(repairs: &mut Repairs<'_>) {
    for field in ["bucket", "endpoint"] {
        let text = repairs.get(field);
        let named = text.strip_prefix("s3://").or_else(|| text.strip_prefix("arn:aws:s3:::"));
        if let Some(named) = named {
            let bucket = named.split('/').next().unwrap_or_default().to_owned();
            if field == "endpoint" {
                repairs.set("endpoint", "", "bucket_removed_from_endpoint");
            }
            repairs.set("bucket", bucket, "bucket_found");
        }
    }
    let text = repairs.get("bucket");
    if text.starts_with("https://") || text.starts_with("http://") {
        if repairs.get("endpoint").is_empty() {
            repairs.set("endpoint", text.clone(), "bucket_found");
        }
        let page = |url: &Url| read_console(url).and_then(|page| page.bucket);
        let bucket =
            Url::parse(&text).ok().and_then(|url| bucket_in(&url).or_else(|| page(&url))).unwrap_or_default();
        repairs.set("bucket", bucket, "bucket_found");
    } else if text.contains('/') {
        let bucket = text.split('/').find(|part| !part.is_empty()).unwrap_or_default().to_owned();
        repairs.set("bucket", bucket, "path_removed");
    }
}

/// The bucket that an address of a well-known store names.
fn bucket_in(url: &Url) -> Option<String> {
    let located = locate(url.host_str()?)?;
    located.bucket.or_else(|| first_segment(url))
}

fn first_segment(url: &Url) -> Option<String> {
    let segment = url.path_segments()?.find(|segment| !segment.is_empty())?;
    Some(percent_decoded(segment))
}

fn percent_decoded(text: &str) -> String {
    // A bucket's name is plain text; `+` and escapes come from a copied query.
    url::form_urlencoded::parse(format!("v={text}").as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

/// What a page of a vendor's console says.
#[derive(Debug, Default, PartialEq, Eq)]
struct ConsolePage {
    endpoint: Option<String>,
    bucket: Option<String>,
    region: Option<String>,
}

fn console_page(repairs: &mut Repairs<'_>) {
    let Some(page) = Url::parse(&repairs.get("endpoint")).ok().and_then(|url| read_console(&url)) else {
        return;
    };
    let Some(endpoint) = page.endpoint else {
        return;
    };
    repairs.set("endpoint", endpoint, "console_url");
    if let Some(bucket) = page.bucket {
        repairs.set("bucket", bucket, "bucket_found");
    }
    if let Some(region) = page.region {
        repairs.set("region", region, "region_found");
    }
}

/// Reads the address of a console page; `None` for anything else.
fn read_console(url: &Url) -> Option<ConsolePage> {
    let host = url.host_str()?;
    let segments: Vec<String> =
        url.path_segments()?.filter(|part| !part.is_empty()).map(percent_decoded).collect();
    let query =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let after = |name: &str| {
        let at = segments.iter().position(|segment| segment == name)?;
        segments.get(at + 1).cloned()
    };
    let made = |vendor: Vendor, region: Option<String>, bucket: Option<String>| ConsolePage {
        endpoint: region.as_deref().and_then(|region| vendor.endpoint(region)),
        bucket,
        region,
    };
    if host == "console.aws.amazon.com" || host.ends_with(".console.aws.amazon.com") {
        let in_host =
            host.split('.').next().filter(|label| label.matches('-').count() >= 2).map(str::to_owned);
        let bucket = after("buckets").or_else(|| after("object").or_else(|| query("bucket")));
        return Some(made(Vendor::Aws, query("region").or(in_host), bucket));
    }
    if host == "dash.cloudflare.com" {
        let account = segments.iter().find(|segment| is_account(segment));
        let jurisdiction = after("r2").filter(|name| matches!(name.as_str(), "eu" | "fedramp"));
        let place = jurisdiction.map_or_else(String::new, |name| format!(".{name}"));
        let endpoint = account.map(|account| format!("https://{account}{place}.r2.cloudflarestorage.com"));
        return Some(ConsolePage { endpoint, bucket: after("buckets"), region: Some("auto".into()) });
    }
    if host == "oss.console.aliyun.com" || host == "oss.console.alibabacloud.com" {
        let region = after("bucket").and_then(|place| place.strip_prefix("oss-").map(str::to_owned));
        let bucket = segments
            .iter()
            .position(|segment| segment == "bucket")
            .and_then(|at| segments.get(at + 2).cloned());
        return Some(made(Vendor::Oss, region, bucket));
    }
    if host == "console.cloud.tencent.com" || host == "console.tencentcloud.com" {
        return Some(made(Vendor::Cos, query("region"), query("bucket")));
    }
    // It names neither the bucket nor the endpoint.
    (host == "secure.backblaze.com").then(ConsolePage::default)
}

/// Takes bucket and region out of the endpoint of a well-known store.
fn endpoint_parts(repairs: &mut Repairs<'_>) {
    let Ok(url) = Url::parse(&repairs.get("endpoint")) else {
        return;
    };
    let Some(host) = url.host_str() else {
        return;
    };
    match locate(host) {
        Some(located) => known_endpoint(repairs, &url, &located),
        None => unknown_endpoint(repairs, &url),
    }
}

fn known_endpoint(repairs: &mut Repairs<'_>, url: &Url, located: &Located) {
    let in_path = first_segment(url);
    let bucket = located.bucket.clone().or_else(|| in_path.clone());
    let what = if located.bucket.is_some() || in_path.is_some() {
        "bucket_removed_from_endpoint"
    } else {
        "path_removed"
    };
    let changed = located.host != host_of(url) || in_path.is_some() || url.query().is_some();
    if changed {
        repairs.set("endpoint", format!("{}://{}", url.scheme(), located.host), what);
    }
    if let Some(bucket) = bucket
        && (repairs.get("bucket").is_empty() || located.bucket.is_some())
    {
        repairs.set("bucket", bucket, "bucket_found");
    }
    if let Some(region) = &located.region {
        let given = repairs.get("region");
        // These two take other names for their region as well.
        let tolerant = matches!(located.vendor, Vendor::R2 | Vendor::Spaces);
        if given.is_empty() || given != *region && !tolerant {
            repairs.set("region", region.clone(), "region_found");
        }
    }
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// On an own server only a single path segment can be the bucket; an own domain is left alone.
fn unknown_endpoint(repairs: &mut Repairs<'_>, url: &Url) {
    let segments: Vec<&str> =
        url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let given = repairs.get("bucket");
    let (bare, bucket) = match segments.as_slice() {
        [] => return,
        [rest @ .., last] if *last == given => (rest.join("/"), given),
        [only] if given.is_empty() => (String::new(), (*only).to_owned()),
        _ => return,
    };
    let mut endpoint = url.clone();
    endpoint.set_path(&bare);
    endpoint.set_query(None);
    repairs.set("endpoint", endpoint.as_str().trim_end_matches('/'), "bucket_removed_from_endpoint");
    repairs.set("bucket", bucket, "bucket_found");
}

/// The console of OSS writes regions with its own name in front.
fn region_prefix(repairs: &mut Repairs<'_>, preset: &str) {
    let region = repairs.get("region");
    if preset == "oss"
        && let Some(bare) = region.strip_prefix("oss-")
    {
        repairs.set("region", bare, "region_found");
    }
}

/// Checks what is particular to S3.
pub(crate) fn check(fields: &Fields, preset: &str) -> Vec<Error> {
    let mut errors = Vec::new();
    errors.extend(check_endpoint(value(fields, "endpoint")));
    errors.extend(check_bucket(value(fields, "bucket"), preset));
    errors.extend(check_key_id(value(fields, "access_key_id"), preset));
    errors.extend(check_proxy(value(fields, "proxy")));
    if !preset.is_empty() && presets::preset(preset).is_none() {
        errors.push(invalid("preset", "unknown", format!("There is no preset called {preset}.")));
    }
    errors
}

fn check_endpoint(endpoint: &str) -> Option<Error> {
    let url = Url::parse(endpoint).ok()?;
    if read_console(&url).is_some() {
        let message = "This is a page of the store's console, not the address that uploads go to.";
        let mut error = invalid("endpoint", "console_url", message);
        error.hint = Some("The console shows the endpoint on the page of the bucket.".into());
        return Some(error);
    }
    url.query().is_some().then(|| invalid("endpoint", "not_a_url", "An endpoint has no question mark."))
}

fn check_bucket(bucket: &str, preset: &str) -> Option<Error> {
    if bucket.is_empty() {
        return None;
    }
    let odd = |character: char| {
        character.is_whitespace() || character.is_control() || "/\\:?#@%".contains(character)
    };
    if bucket.chars().any(odd) || bucket.len() > 255 || matches!(bucket, "." | "..") {
        return Some(invalid("bucket", "bucket_name", "This is no name of a bucket."));
    }
    // Old buckets and own servers know other names; the strict rules are those of the big stores.
    let strict = Vendor::of_preset(preset).is_some();
    let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    let allowed = bucket.chars().all(|character| plain(character) || matches!(character, '-' | '.'));
    let ends = bucket.starts_with(plain) && bucket.ends_with(plain);
    if strict && !((3..=63).contains(&bucket.len()) && allowed && ends) {
        let message = "A bucket's name has 3 to 63 lowercase letters, digits and hyphens.";
        return Some(invalid("bucket", "bucket_name", message));
    }
    let appid = bucket
        .rsplit_once('-')
        .is_some_and(|(_, id)| id.len() >= 6 && id.bytes().all(|byte| byte.is_ascii_digit()));
    if preset == "cos" && !appid {
        let message = "The bucket's name ends with the APPID, like pictures-1250000000.";
        return Some(invalid("bucket", "bucket_without_appid", message));
    }
    None
}

/// The master key of B2 has a short id and does not work with S3.
fn check_key_id(id: &str, preset: &str) -> Option<Error> {
    let master = id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (preset == "b2" && master).then(|| {
        let mut error = invalid("access_key_id", "master_key", "The master key does not work here.");
        error.hint = Some("Make an application key for this bucket and enter its keyID.".into());
        error
    })
}

fn check_proxy(proxy: &str) -> Option<Error> {
    let known = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    let fits = matches!(proxy, "" | "none" | "system")
        || Url::parse(proxy).is_ok_and(|url| known.contains(&url.scheme()) && url.has_host());
    (!fits).then(|| *crate::http::bad_proxy())
}

#[cfg(test)]
#[path = "repair_tests.rs"]
mod tests;
