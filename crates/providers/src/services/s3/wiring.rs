//! What is changed on each request before it is signed, and why stores need it.

use super::connector::Progress;
use super::stranger::{self, Expected};
use aws_runtime::auth::PayloadSigningOverride;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

/// The standard header that makes a PUT refuse to replace something.
pub(super) const IF_NONE_MATCH: (&str, &str) = ("if-none-match", "*");

/// The bucket's name where the profile has none: the SDK demands one, the address never shows it.
pub(super) const NO_BUCKET: &str = "bucket";

/// The changes to one request. They all happen before signing, so the signature covers them.
#[derive(Debug, Clone, Default)]
pub(super) struct Wiring {
    /// The path to remove: `/base/bucket`, leaving `/base`.
    pub bare_path: Option<(String, String)>,
    /// The SHA-256 of a body that is not in memory, or was hashed already.
    pub payload_sha256: Option<String>,
    /// One header to add.
    pub header: Option<(&'static str, &'static str)>,
    /// Where to count.
    pub progress: Option<Progress>,
    /// What a success may be answered with.
    pub expected: Expected,
    /// Send Content-MD5 in place of the SDK's checksum, as DeleteObjects of older stores demands.
    pub content_md5: bool,
}

impl Wiring {
    /// Counts the bytes of the body.
    pub(super) fn progress(mut self, progress: Progress) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Signs this payload hash. Without it a body from a file would go out unsigned, and gateways
    /// that recompute the hash would refuse it.
    pub(super) fn payload(mut self, sha256: &str) -> Self {
        self.payload_sha256 = (sha256.len() == 64).then(|| sha256.to_owned());
        self
    }

    /// Adds a header, if there is one to add.
    pub(super) fn header(mut self, header: Option<(&'static str, &'static str)>) -> Self {
        self.header = header;
        self
    }

    /// Reads a picture, or what is known of it.
    pub(super) fn reading(mut self) -> Self {
        self.expected = Expected::Picture;
        self
    }

    /// Sends Content-MD5.
    pub(super) fn content_md5(mut self) -> Self {
        self.content_md5 = true;
        self
    }

    fn rewrite_address(&self, request: &mut HttpRequest) -> Result<(), BoxError> {
        // The SDK names the operation in the query. Gateways that sign a fixed query would refuse it.
        let mut address = without_operation_name(request.uri());
        if let Some((from, to)) = &self.bare_path {
            address = replace_path(&address, from, to);
        }
        request.set_uri(address)?;
        Ok(())
    }
}

#[dyn_dispatch_hint]
impl Intercept for Wiring {
    fn name(&self) -> &'static str {
        "Wiring"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        self.rewrite_address(request)?;
        if let Some((name, value)) = self.header {
            request.headers_mut().insert(name, value);
        }
        if let Some(sha256) = &self.payload_sha256 {
            let signed = PayloadSigningOverride::Precomputed(sha256.clone());
            config.interceptor_state().store_put(signed);
        }
        if let Some(progress) = &self.progress {
            request.add_extension(progress.clone());
        }
        if self.content_md5 {
            replace_checksum(request);
        }
        Ok(())
    }

    /// The SDK takes any “200 OK” to a PUT or DELETE for done, also that of a login page.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        if !answer.status().is_success() {
            return Ok(());
        }
        stranger::in_success(answer, self.expected).map_or(Ok(()), |what| Err(what.into()))
    }
}

/// Takes `x-id=Operation` out of the query.
fn without_operation_name(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("x-id=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// Replaces the beginning of the path.
fn replace_path(address: &str, from: &str, to: &str) -> String {
    let start = address.find("://").map_or(0, |at| at + 3);
    let path_at = address[start..].find(['/', '?']).map_or(address.len(), |at| start + at);
    let (origin, path) = address.split_at(path_at);
    let rest = match path.strip_prefix(from) {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => rest,
        _ => return address.to_owned(),
    };
    let slash = if rest.starts_with('/') { "" } else { "/" };
    format!("{origin}{}{slash}{rest}", to.trim_end_matches('/'))
}

/// The SDK puts a CRC on DeleteObjects whatever it is told; older stores demand an MD5 there and
/// refuse what they do not know.
fn replace_checksum(request: &mut HttpRequest) {
    let Some(digest) = request.body().bytes().map(Md5::digest) else {
        return;
    };
    let checksums: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.starts_with("x-amz-checksum-") || name == "x-amz-sdk-checksum-algorithm")
        .collect();
    for name in checksums {
        request.headers_mut().remove(name);
    }
    request.headers_mut().insert("content-md5", STANDARD.encode(digest));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operation_leaves_the_query_and_nothing_else_does() {
        assert_eq!(
            without_operation_name("https://a/b/k%3Fx-id=1.png?x-id=PutObject"),
            "https://a/b/k%3Fx-id=1.png"
        );
        assert_eq!(without_operation_name("https://a/b?delete&x-id=DeleteObjects"), "https://a/b?delete");
        assert_eq!(
            without_operation_name("https://a/b?list-type=2&prefix=x"),
            "https://a/b?list-type=2&prefix=x"
        );
    }

    #[test]
    fn a_domain_bound_to_a_bucket_is_called_without_its_name() {
        assert_eq!(
            replace_path("https://img.example/pics/a/b.png", "/pics", ""),
            "https://img.example/a/b.png"
        );
        assert_eq!(
            replace_path("https://img.example/pics?delete", "/pics", ""),
            "https://img.example/?delete"
        );
        assert_eq!(
            replace_path("https://img.example/s3/pics/a.png", "/s3/pics", "/s3"),
            "https://img.example/s3/a.png"
        );
        assert_eq!(
            replace_path("https://img.example/pics2/a.png", "/pics", ""),
            "https://img.example/pics2/a.png"
        );
    }
}
