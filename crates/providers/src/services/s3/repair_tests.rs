//! What people really paste, and what becomes of it.

use super::*;
use crate::repair;
use picferry_core::secret::Secret;

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";

/// Repairs a form; gives the values that are not empty and what was done.
fn repaired(preset: &str, given: &[(&str, &str)]) -> (Vec<(String, String)>, Vec<String>) {
    let mut fields: Fields =
        given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let done = repair::repair("s3", &mut fields, &mut Secrets::new(), preset);
    let values = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    (values, done.into_iter().map(|repair| format!("{} {}", repair.field, repair.what)).collect())
}

fn values(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> =
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    pairs.sort();
    pairs
}

#[test]
fn a_bucket_inside_the_endpoint_is_taken_out() {
    let account_path = format!("https://{ACCOUNT}.r2.cloudflarestorage.com/pics");
    let account = format!("https://{ACCOUNT}.r2.cloudflarestorage.com");
    let cases = [
        (
            "aws",
            "https://pics.s3.eu-central-1.amazonaws.com/",
            "https://s3.eu-central-1.amazonaws.com",
            "eu-central-1",
        ),
        (
            "aws",
            "https://s3.eu-central-1.amazonaws.com/pics/2026/a.png",
            "https://s3.eu-central-1.amazonaws.com",
            "eu-central-1",
        ),
        ("r2", &account_path, &account, "auto"),
        (
            "b2",
            "pics.s3.us-west-004.backblazeb2.com",
            "https://s3.us-west-004.backblazeb2.com",
            "us-west-004",
        ),
        (
            "oss",
            "https://pics.oss-cn-hongkong.aliyuncs.com",
            "https://s3.oss-cn-hongkong.aliyuncs.com",
            "cn-hongkong",
        ),
        ("qiniu", "https://pics.s3.cn-east-1.qiniucs.com", "https://s3.cn-east-1.qiniucs.com", "cn-east-1"),
        (
            "obs",
            "https://pics.obs.cn-north-4.myhuaweicloud.com",
            "https://obs.cn-north-4.myhuaweicloud.com",
            "cn-north-4",
        ),
        ("spaces", "https://pics.nyc3.digitaloceanspaces.com", "https://nyc3.digitaloceanspaces.com", "nyc3"),
        (
            "wasabi",
            "https://s3.eu-central-1.wasabisys.com/pics",
            "https://s3.eu-central-1.wasabisys.com",
            "eu-central-1",
        ),
    ];
    for (preset, pasted, endpoint, region) in cases {
        let (found, done) = repaired(preset, &[("endpoint", pasted)]);
        let expected = values(&[("endpoint", endpoint), ("bucket", "pics"), ("region", region)]);
        assert_eq!(found, expected, "{pasted}");
        assert!(done.contains(&"endpoint bucket_removed_from_endpoint".to_owned()), "{pasted}: {done:?}");
        assert!(done.contains(&"bucket bucket_found".to_owned()), "{pasted}: {done:?}");
    }
}

#[test]
fn console_pages_are_recognised() {
    let r2 = format!("https://dash.cloudflare.com/{ACCOUNT}/r2/default/buckets/pics");
    let r2_eu = format!("https://dash.cloudflare.com/{ACCOUNT}/r2/eu/buckets/pics/settings");
    let (account, account_eu) = (
        format!("https://{ACCOUNT}.r2.cloudflarestorage.com"),
        format!("https://{ACCOUNT}.eu.r2.cloudflarestorage.com"),
    );
    let cases = [
        (
            "https://eu-west-3.console.aws.amazon.com/s3/buckets/pics?region=eu-west-1&tab=objects",
            "https://s3.eu-west-1.amazonaws.com",
            "pics",
            "eu-west-1",
        ),
        (
            "https://us-east-1.console.aws.amazon.com/s3/buckets/pics",
            "https://s3.us-east-1.amazonaws.com",
            "pics",
            "us-east-1",
        ),
        (
            "https://oss.console.aliyun.com/bucket/oss-cn-hangzhou/pics/object",
            "https://s3.oss-cn-hangzhou.aliyuncs.com",
            "pics",
            "cn-hangzhou",
        ),
        (
            "https://console.cloud.tencent.com/cos/bucket?bucket=pics-1250000000&region=ap-guangzhou",
            "https://cos.ap-guangzhou.myqcloud.com",
            "pics-1250000000",
            "ap-guangzhou",
        ),
        (&r2, &account, "pics", "auto"),
        (&r2_eu, &account_eu, "pics", "auto"),
    ];
    for (page, endpoint, bucket, region) in cases {
        let (found, done) = repaired("generic", &[("endpoint", page)]);
        assert_eq!(
            found,
            values(&[("endpoint", endpoint), ("bucket", bucket), ("region", region)]),
            "{page}"
        );
        assert!(done.contains(&"endpoint console_url".to_owned()), "{page}: {done:?}");
    }
}

#[test]
fn a_console_page_that_says_nothing_is_named_beside_the_field() {
    let page = "https://secure.backblaze.com/b2_buckets.htm";
    let (found, _) = repaired("b2", &[("endpoint", page)]);
    let fields: Fields = found.into_iter().collect();
    let errors = repair::check("s3", "b2", &fields, &|_| true);
    let error = errors.iter().find(|error| error.field.as_deref() == Some("endpoint")).unwrap();
    assert_eq!(error.params["reason"], "console_url");
}

#[test]
fn stray_characters_disappear() {
    let given = [
        ("endpoint", " https://s3.example.com\r\n"),
        ("bucket", "\u{200b}pictures\u{feff} "),
        ("access_key_id", "AKIA\u{00a0}123\n"),
        ("url_suffix", " ?v=1 "),
    ];
    let (found, done) = repaired("generic", &given);
    let expected = [
        ("endpoint", "https://s3.example.com"),
        ("bucket", "pictures"),
        ("access_key_id", "AKIA123"),
        ("url_suffix", "?v=1"),
    ];
    assert_eq!(found, values(&expected));
    assert_eq!(done.len(), 4, "{done:?}");
}

#[test]
fn a_secret_is_trimmed_and_never_told() {
    let mut secrets = Secrets::from([("secret_access_key".to_owned(), Secret::new(" top-secret\r\n"))]);
    let done = repair::repair("s3", &mut Fields::new(), &mut secrets, "generic");
    assert_eq!(secrets["secret_access_key"].expose(), "top-secret");
    assert_eq!((done[0].field.as_str(), done[0].value.as_str()), ("secret_access_key", "•••"));
}

#[test]
fn the_scheme_fits_the_server() {
    let scheme =
        |endpoint: &str| repaired("minio", &[("endpoint", endpoint), ("bucket", "b")]).0[1].1.clone();
    assert_eq!(scheme("192.168.1.10:9000"), "http://192.168.1.10:9000");
    assert_eq!(scheme("localhost:9000"), "http://localhost:9000");
    assert_eq!(scheme("minio.example.com"), "https://minio.example.com");
}

#[test]
fn a_bucket_may_be_given_in_other_words() {
    for pasted in [
        "s3://pictures/2026/",
        "arn:aws:s3:::pictures",
        "/pictures/",
        "https://pictures.s3.eu-west-3.amazonaws.com",
        "https://eu-west-3.console.aws.amazon.com/s3/buckets/pictures?region=eu-west-3",
    ] {
        let (found, _) = repaired("aws", &[("region", "eu-west-3"), ("bucket", pasted)]);
        assert!(found.contains(&("bucket".to_owned(), "pictures".to_owned())), "{pasted}: {found:?}");
    }
}

#[test]
fn the_region_of_the_host_name_counts() {
    let endpoint = ("endpoint", "https://s3.us-west-004.backblazeb2.com");
    let (found, done) = repaired("b2", &[endpoint, ("region", "us-east-1")]);
    assert!(found.contains(&("region".to_owned(), "us-west-004".to_owned())));
    assert_eq!(done, ["region region_found"]);
    assert_eq!(repaired("oss", &[("region", "oss-cn-hangzhou")]).0, values(&[("region", "cn-hangzhou")]));
}

#[test]
fn own_servers_and_own_domains_are_left_alone() {
    for (preset, endpoint, bucket) in [
        ("oss", "https://img.example.com", "img"),
        ("generic", "https://example.com/storage/s3", "pics"),
        ("gateway", "https://up.example.com/pics", ""),
    ] {
        let (found, done) = repaired(preset, &[("endpoint", endpoint), ("bucket", bucket)]);
        assert!(found.contains(&("endpoint".to_owned(), endpoint.to_owned())), "{found:?}");
        assert!(done.is_empty(), "{done:?}");
    }
    let (found, _) = repaired("minio", &[("endpoint", "http://127.0.0.1:9000/pics/")]);
    assert_eq!(found, values(&[("endpoint", "http://127.0.0.1:9000"), ("bucket", "pics")]));
}

#[test]
fn the_yes_and_no_of_other_programs_are_understood() {
    let said = |value: &str| repaired("generic", &[("path_style", value)]);
    assert_eq!(said("true"), (values(&[("path_style", "path")]), Vec::new()));
    assert_eq!(said("No"), (values(&[("path_style", "virtual")]), Vec::new()));
    assert_eq!(said("auto").0, values(&[("path_style", "auto")]));
}

#[test]
fn a_second_repair_finds_nothing_to_do() {
    let pasted =
        [("endpoint", "pics.oss-cn-hongkong.aliyuncs.com/a/b.png "), ("bucket", ""), ("path_style", "false")];
    let (found, _) = repaired("oss", &pasted);
    let again: Vec<(&str, &str)> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let (same, done) = repaired("oss", &again);
    assert_eq!(same, found);
    assert!(done.is_empty(), "{done:?}");
}

#[test]
fn a_form_is_checked_field_by_field() {
    let given = [
        ("endpoint", "ftp://example.com"),
        ("bucket", "My Bucket"),
        ("path_style", "sideways"),
        ("insecure", "perhaps"),
        ("concurrency", "0"),
        ("proxy", "nonsense"),
        ("colour", "blue"),
    ];
    let fields: Fields = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let errors = repair::check("s3", "generic", &fields, &|_| false);
    let mut found: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| (error.field.as_deref().unwrap_or_default(), error.params["reason"].as_str()))
        .collect();
    found.sort_unstable();
    let expected = [
        ("access_key_id", "missing"),
        ("bucket", "bucket_name"),
        ("colour", "unknown"),
        ("concurrency", "not_a_number"),
        ("endpoint", "not_a_url"),
        ("insecure", "not_a_choice"),
        ("path_style", "not_a_choice"),
        ("proxy", "not_a_proxy"),
        ("secret_access_key", "missing"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn vendors_rules_are_known() {
    let reason = |preset: &str, given: &[(&str, &str)]| {
        let fields: Fields =
            given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let errors = check(&fields, preset);
        errors.first().map(|error| error.params["reason"].clone()).unwrap_or_default()
    };
    assert_eq!(reason("cos", &[("bucket", "pictures")]), "bucket_without_appid");
    assert_eq!(reason("cos", &[("bucket", "pictures-1250000000")]), "");
    assert_eq!(reason("b2", &[("access_key_id", "a1b2c3d4e5f6")]), "master_key");
    assert_eq!(
        reason("aws", &[("bucket", "pics")]),
        "",
        "its region is us-east-1 until Amazon names another"
    );
    assert_eq!(reason("generic", &[("bucket", "..")]), "bucket_name");
    assert_eq!(reason("aws", &[("region", "eu-west-3"), ("bucket", "Pics")]), "bucket_name");
    assert_eq!(reason("minio", &[("bucket", "My_Pics")]), "");
}

#[test]
fn a_complete_form_has_nothing_to_complain_about() {
    let given = [("endpoint", "https://s3.example.com"), ("bucket", "pictures"), ("access_key_id", "me")];
    let fields: Fields = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(repair::check("s3", "generic", &fields, &|_| true), []);
    let amazon = [("region", "eu-west-3"), ("bucket", "pictures"), ("access_key_id", "AKIA")];
    let fields: Fields = amazon.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(repair::check("s3", "aws", &fields, &|_| true), [], "Amazon needs no endpoint");
}

mod anything {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of addresses, glued together as a slip of the hand would.
    fn pasted() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "https://",
            "http://",
            "s3://",
            "arn:aws:s3:::",
            "pics",
            "my.pics",
            ".",
            "/",
            "//",
            ":",
            "?",
            "#",
            "@",
            "%2F",
            "s3.eu-west-3.amazonaws.com",
            "s3.amazonaws.com",
            "oss-cn-hangzhou.aliyuncs.com",
            "cos.ap-guangzhou.myqcloud.com",
            "0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com",
            "s3.us-west-004.backblazeb2.com",
            "console.aws.amazon.com/s3/buckets/pics",
            "dash.cloudflare.com",
            "oss.console.aliyun.com/bucket/oss-cn-hangzhou/pics",
            "console.cloud.tencent.com/cos/bucket?bucket=pics-1250000000&region=ap-guangzhou",
            "127.0.0.1:9000",
            "[::1]",
            "nyc3.digitaloceanspaces.com",
            "s3.wasabisys.com",
            " ",
            "\u{200b}",
            "截图",
            "true",
        ]);
        prop::collection::vec(prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => "\\PC{0,8}"], 0..6)
            .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn is_repaired_once_and_for_all(
            endpoint in pasted(),
            bucket in pasted(),
            region in pasted(),
            preset in prop::sample::select(vec!["aws", "r2", "b2", "oss", "cos", "minio", "gateway", "generic", ""]),
        ) {
            let given = [("endpoint", endpoint), ("bucket", bucket), ("region", region)];
            let mut fields: Fields = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            repair::repair("s3", &mut fields, &mut Secrets::new(), preset);
            let first = fields.clone();
            let again = repair::repair("s3", &mut fields, &mut Secrets::new(), preset);
            prop_assert_eq!(&fields, &first, "{:?}", again);
            prop_assert!(again.is_empty(), "{:?}", again);
            // And whatever is left is either usable or named beside its field.
            let errors = repair::check("s3", preset, &fields, &|_| true);
            prop_assert!(errors.iter().all(|error| error.field.is_some()));
        }
    }
}
