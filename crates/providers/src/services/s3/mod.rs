//! S3 and everything that speaks it.

mod address;
mod config;
mod connector;
mod delete;
mod failure;
mod fields;
mod multipart;
mod presets;
mod probe;
mod public_read;
mod put;
mod refusal;
pub(crate) mod repair;
mod session;
mod stranger;
mod vendors;
mod wiring;

use crate::services::Service;
use async_trait::async_trait;
use config::Config;
use picferry_core::Result;
use picferry_core::encode::join_url;
use picferry_core::field::Words;
use picferry_core::provider::{
    Capabilities, Learned, ObjectInfo, ProgressFn, Provider, ProviderConfig, ProviderDefinition, PutObject,
    Receipt, TestReport,
};
use session::Line;
use std::sync::Arc;

/// S3 as data.
static DEFINITION: ProviderDefinition = ProviderDefinition {
    id: "s3",
    name: Words::new("S3", "S3"),
    about: Words::new(
        "Buckets of Amazon, Cloudflare, Backblaze, Aliyun, Tencent and many more, and your own server.",
        "亚马逊、Cloudflare、Backblaze、阿里云、腾讯云等众多存储桶，以及自建服务器。",
    ),
    homepage: "",
    capabilities: Capabilities { delete: true, overwrite: true, conditional_put: true, head: true },
    fields: fields::FIELDS,
    presets: presets::PRESETS,
};

/// What the list of services names.
pub(super) static SERVICE: Service =
    Service { definition: &DEFINITION, build, repair: repair::repair, check: repair::check };

/// A profile's store, ready to use.
struct S3 {
    line: Line,
}

fn build(given: &ProviderConfig) -> Result<Arc<dyn Provider>> {
    Ok(Arc::new(S3 { line: Line::new(Config::read(given)?)? }))
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("S3").field("config", &self.line.config).finish_non_exhaustive()
    }
}

#[async_trait]
impl Provider for S3 {
    async fn put(&self, object: PutObject, progress: ProgressFn) -> Result<Receipt> {
        Box::pin(put::put(&self.line, object, progress)).await
    }

    async fn head(&self, key: &str) -> Result<Option<ObjectInfo>> {
        put::head(&self.line, key).await
    }

    async fn delete(&self, receipts: &[Receipt]) -> Vec<Result<()>> {
        delete::delete(&self.line, receipts).await
    }

    fn store(&self) -> String {
        self.line.config.store()
    }

    fn public_url(&self, key: &str) -> String {
        join_url(&self.line.link_base(), key) + &self.line.config.url_suffix
    }

    async fn test(&self, probe: &str) -> TestReport {
        Box::pin(probe::test(&self.line, probe)).await
    }

    fn learned(&self) -> Learned {
        self.line.learned()
    }
}
