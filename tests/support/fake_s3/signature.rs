//! SigV4 computed from what is on the wire, without the SDK.

use super::Seen;
use super::answers::Answer;
use sha2::{Digest as _, Sha256};

/// What a good signature says.
pub(super) struct Signed {
    /// The region it was made for.
    pub region: String,
    /// `x-amz-date`, as `20260101T000000Z`.
    pub time: String,
}

/// Checks a request; `None` when it carries no signature.
pub(super) fn check(
    seen: &Seen,
    body: &[u8],
    access_key: &str,
    secret: &str,
) -> Result<Option<Signed>, Answer> {
    let Some(authorization) = seen.header("authorization") else {
        return Ok(None);
    };
    let malformed =
        || Answer::error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256 ").ok_or_else(malformed)?;
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
            .ok_or_else(malformed)
    };
    let scope: Vec<&str> = field("Credential")?.split('/').collect();
    let [key, date, region, "s3", "aws4_request"] = scope.as_slice() else {
        return Err(malformed());
    };
    if *key != access_key {
        let message = "The AWS Access Key Id you provided does not exist in our records.";
        return Err(Answer::error(403, "InvalidAccessKeyId", message));
    }
    check_payload(seen, body)?;
    let time = seen.header("x-amz-date").ok_or_else(malformed)?;
    let canonical = canonical_request(seen, field("SignedHeaders")?)?;
    let scope = format!("{date}/{region}/s3/aws4_request");
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex::encode(Sha256::digest(canonical.as_bytes())));
    let mut signing_key = hmac(format!("AWS4{secret}").as_bytes(), date.as_bytes());
    for part in [*region, "s3", "aws4_request"] {
        signing_key = hmac(&signing_key, part.as_bytes());
    }
    let expected = hex::encode(hmac(&signing_key, to_sign.as_bytes()));
    if expected != field("Signature")? {
        let message = "The request signature we calculated does not match the signature you provided. \
            Check your key and signing method.";
        return Err(Answer::error(403, "SignatureDoesNotMatch", message));
    }
    Ok(Some(Signed { region: (*region).to_owned(), time: time.to_owned() }))
}

/// The payload hash must be that of the very body: no unsigned payload, no chunks.
fn check_payload(seen: &Seen, body: &[u8]) -> Result<(), Answer> {
    let said = seen.header("x-amz-content-sha256").unwrap_or_default();
    if said.starts_with("STREAMING-") {
        let message = format!("Aws MultiChunkedEncoding {said} is not supported.");
        return Err(Answer::error(501, "NotImplemented", &message));
    }
    if said != hex::encode(Sha256::digest(body)) {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(Answer::error(400, "XAmzContentSHA256Mismatch", message));
    }
    Ok(())
}

fn canonical_request(seen: &Seen, signed_headers: &str) -> Result<String, Answer> {
    let mut headers = String::new();
    let mut names: Vec<&str> = signed_headers.split(';').collect();
    names.sort_unstable();
    for name in &names {
        let value = seen.header(name).unwrap_or_default();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        headers.push_str(&format!("{name}:{value}\n"));
    }
    // Everything that S3 itself acts on must be covered.
    let uncovered = seen.headers.iter().find(|(name, _)| {
        (name == "host" || name == "content-md5" || name.starts_with("x-amz-"))
            && !names.contains(&name.as_str())
    });
    if let Some((name, _)) = uncovered {
        let message = format!("There were headers present in the request which were not signed: {name}");
        return Err(Answer::error(403, "AccessDenied", &message));
    }
    let mut query: Vec<String> = decoded_query(&seen.query)
        .into_iter()
        .map(|(name, value)| format!("{}={}", encoded(&name, false), encoded(&value, false)))
        .collect();
    query.sort_unstable();
    Ok(format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        seen.method,
        encoded(&decoded(&seen.path), true),
        query.join("&"),
        names.join(";"),
        seen.header("x-amz-content-sha256").unwrap_or_default(),
    ))
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

/// RFC 3986: unreserved characters stay, and `/` in a path.
fn encoded(text: &str, path: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let stays = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || path && byte == b'/';
        if stays {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Percent-decoding; `+` stays a plus, as in a path.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let value = escape.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The pairs of a query, decoded, in their order.
pub(super) fn decoded_query(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the documentation of SigV4 for S3 (GET of an object with a range).
    #[test]
    fn the_example_of_the_documentation_comes_out() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
            SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
            Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        let headers = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", empty),
            ("x-amz-date", "20130524T000000Z"),
            ("authorization", authorization),
        ];
        let seen = Seen {
            method: "GET".into(),
            path: "/test.txt".into(),
            query: String::new(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: 0,
            broken: false,
        };
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let signed = check(&seen, b"", "AKIAIOSFODNN7EXAMPLE", secret);
        assert_eq!(signed.ok().flatten().map(|signed| signed.region).as_deref(), Some("us-east-1"));
        assert!(check(&seen, b"", "AKIAIOSFODNN7EXAMPLE", "another").is_err());
    }
}
