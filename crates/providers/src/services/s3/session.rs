//! Talks to the store, and learns from its answers: region, addressing, ACL, clock.

use super::address::Addressing;
use super::config::Config;
use super::connector::Connector;
use super::failure::{Failure, Refusal};
use super::refusal::{Step, into_error, is_about_acl};
use super::stranger::Expected;
use super::vendors::{Vendor, locate};
use super::wiring::{NO_BUCKET, Wiring};
use crate::http::failure::Attempt;
use crate::redact::Redactor;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    StalledStreamProtectionConfig,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use futures::future::BoxFuture;
use picferry_core::Result;
use picferry_core::provider::Learned;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// How this store wants to be spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dialect {
    region: String,
    addressing: Addressing,
    send_acl: bool,
}

/// What one attempt works with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Session {
    pub client: Client,
    pub config: Arc<Config>,
    dialect: Dialect,
    endpoint: Url,
}

/// A way out of a refusal; each is tried once.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    Region(String),
    Addressing(Addressing),
    WithoutAcl,
    /// The SDK took the store's clock from the refusal: the same request now fits.
    Again,
}

impl Way {
    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// The line to the store, shared by all operations.
pub(super) struct Line {
    pub config: Arc<Config>,
    http: reqwest::Client,
    state: Mutex<State>,
}

struct State {
    session: Session,
    learned: Learned,
}

impl Session {
    fn new(config: Arc<Config>, http: reqwest::Client, dialect: Dialect) -> Self {
        let endpoint = config.endpoint_for(&dialect.region);
        let token = config.session_token.as_ref().map(|token| token.expose().to_owned());
        let credentials = Credentials::new(
            &config.access_key_id,
            config.secret_access_key.expose(),
            token,
            None,
            "profile",
        );
        let sdk = aws_sdk_s3::config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .http_client(Connector::new(http))
            // Without the slash the SDK would join a base path and the bucket into one word.
            .endpoint_url(format!("{}/", endpoint.as_str().trim_end_matches('/')))
            .region(Region::new(dialect.region.clone()))
            .credentials_provider(credentials)
            .force_path_style(dialect.addressing != Addressing::Virtual)
            .disable_s3_express_session_auth(true)
            // By default the SDK adds checksums and chunked trailers that half of the stores refuse.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            // The queue retries; two that do so would multiply.
            .retry_config(RetryConfig::standard().with_max_attempts(1))
            // The connector notices silence; anything else would cut slow uploads.
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self { client: Client::from_conf(sdk), config, dialect, endpoint }
    }

    /// The bucket as the SDK wants it.
    pub(super) fn bucket(&self) -> &str {
        if self.config.bucket.is_empty() { NO_BUCKET } else { &self.config.bucket }
    }

    /// The access setting to send.
    pub(super) fn acl(&self) -> Option<&str> {
        (self.dialect.send_acl && !self.config.acl.is_empty()).then_some(self.config.acl.as_str())
    }

    /// What every request needs changed.
    pub(super) fn wiring(&self) -> Wiring {
        let bare_path = (self.dialect.addressing == Addressing::Domain).then(|| {
            let base = self.endpoint.path().trim_end_matches('/');
            (format!("{base}/{}", self.bucket()), base.to_owned())
        });
        let expected = if self.config.is_put_only() { Expected::Gateway } else { Expected::Store };
        Wiring { bare_path, expected, ..Wiring::default() }
    }

    /// Reads an error of the SDK.
    pub(super) fn failure<E>(&self, error: &SdkError<E, HttpResponse>, sending: bool) -> Failure
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let host = self.endpoint.host_str().unwrap_or_default().to_owned();
        let attempt = Attempt { host, proxy: self.config.http().proxy_in_use(), sending };
        Failure::from_sdk(error, &attempt, &self.redactor())
    }

    fn redactor(&self) -> Redactor {
        self.config.redactor()
    }

    /// The way out that a refusal itself shows.
    fn way_out(&self, failure: &Failure) -> Option<Way> {
        let refusal = failure.refusal()?;
        if is_about_acl(refusal, &self.config) && self.dialect.send_acl {
            return Some(Way::WithoutAcl);
        }
        self.right_addressing(refusal).or_else(|| self.right_region(refusal)).or_else(|| clock(refusal))
    }

    fn right_addressing(&self, refusal: &Refusal) -> Option<Way> {
        let wanted = match refusal.code.as_str() {
            "SecondLevelDomainForbidden" | "PathStyleDomainForbidden" | "PathStyleAccessNotAllowed" => {
                Addressing::Virtual
            }
            "VirtualHostDomainForbidden" | "VirtualHostStyleNotSupported" => Addressing::Path,
            _ => return None,
        };
        (wanted != self.dialect.addressing).then_some(Way::Addressing(wanted))
    }

    /// The region that the refusal names. Only the region is believed, never an address: keys go
    /// nowhere but to the endpoint of the profile or to the same vendor's.
    fn right_region(&self, refusal: &Refusal) -> Option<Way> {
        let wrong = [
            "AuthorizationHeaderMalformed",
            "PermanentRedirect",
            "TemporaryRedirect",
            "InvalidRegionName",
            "IllegalLocationConstraintException",
            "InvalidRegion",
            "AccessDenied",
            "",
        ];
        if !refusal.is(&wrong) || !matches!(refusal.status, 301 | 307 | 400 | 403) {
            return None;
        }
        let by_endpoint = || {
            let located = locate(refusal.endpoint.as_deref()?)?;
            (Some(located.vendor) == self.config.vendor()).then_some(located.region)?
        };
        let only_auto = || {
            let r2 = self.config.vendor() == Some(Vendor::R2) && refusal.code == "InvalidRegionName";
            r2.then(|| "auto".to_owned())
        };
        let right = refusal.region.clone().or_else(by_endpoint).or_else(only_auto)?;
        (right != self.dialect.region).then_some(Way::Region(right))
    }
}

/// Whether a refusal shows that the store understood the request itself.
fn is_understood(failure: &Failure) -> bool {
    failure.is_missing_object() || failure.has_status(&[409, 412])
}

/// A refused clock: the SDK has read the store's from the answer.
fn clock(refusal: &Refusal) -> Option<Way> {
    let skewed = refusal.is(&["RequestTimeTooSkewed"])
        || refusal.clocks_differ && refusal.status == 403 && refusal.is(&["SignatureDoesNotMatch", ""]);
    skewed.then_some(Way::Again)
}

impl Line {
    /// A line to the store of a profile.
    pub(super) fn new(config: Config) -> Result<Self> {
        let config = Arc::new(config);
        let http = crate::http::client(&config.http())?;
        let dialect = Dialect {
            region: config.region.clone(),
            addressing: config.addressing,
            send_acl: !config.acl.is_empty(),
        };
        let session = Session::new(Arc::clone(&config), http.clone(), dialect);
        Ok(Self { config, http, state: Mutex::new(State { session, learned: Learned::default() }) })
    }

    /// The session as it is now.
    pub(super) fn session(&self) -> Session {
        self.lock().session.clone()
    }

    /// The address of readers, by what is known now.
    pub(super) fn link_base(&self) -> String {
        let session = self.session();
        self.config.link_base(&session.endpoint, session.dialect.addressing)
    }

    /// Remembers a fact for the profile.
    pub(super) fn learn(&self, fact: &str, value: &str) {
        self.lock().learned.facts.insert(fact.to_owned(), value.to_owned());
    }

    /// A fact: learned just now, or earlier.
    pub(super) fn fact(&self, fact: &str) -> Option<String> {
        let now = self.lock().learned.facts.get(fact).cloned();
        now.or_else(|| self.config.learned(fact).map(str::to_owned))
    }

    /// All that was learned.
    pub(super) fn learned(&self) -> Learned {
        self.lock().learned.clone()
    }

    /// Runs an operation. When the refusal itself says what is wrong, it is run once more that
    /// way; what then works is kept and offered to the person.
    pub(super) async fn run<'a, T>(
        &self,
        operation: impl Fn(Session) -> BoxFuture<'a, std::result::Result<T, Failure>> + Send + Sync,
    ) -> std::result::Result<T, Failure> {
        let mut session = self.session();
        let mut ways: Vec<Way> = Vec::new();
        loop {
            let failure = match operation(session.clone()).await {
                Ok(value) => {
                    self.keep(session, &ways);
                    return Ok(value);
                }
                Err(failure) => failure,
            };
            let way = session.way_out(&failure).filter(|way| !ways.iter().any(|tried| tried.is_like(way)));
            let Some(way) = way else {
                if is_understood(&failure) {
                    self.keep(session, &ways);
                }
                return Err(failure);
            };
            session = self.changed(&session, &way);
            ways.push(way);
        }
    }

    /// Like [`Line::run`], with our error.
    pub(super) async fn call<'a, T>(
        &self,
        step: Step<'_>,
        operation: impl Fn(Session) -> BoxFuture<'a, std::result::Result<T, Failure>> + Send + Sync,
    ) -> Result<T> {
        self.run(operation).await.map_err(|failure| into_error(failure, step, &self.config))
    }

    fn changed(&self, session: &Session, way: &Way) -> Session {
        let mut dialect = session.dialect.clone();
        match way {
            Way::Region(region) => dialect.region.clone_from(region),
            Way::Addressing(addressing) => dialect.addressing = *addressing,
            Way::WithoutAcl => dialect.send_acl = false,
            // The client itself holds the clock.
            Way::Again => return session.clone(),
        }
        Session::new(Arc::clone(&self.config), self.http.clone(), dialect)
    }

    fn keep(&self, session: Session, ways: &[Way]) {
        if ways.is_empty() {
            return;
        }
        let mut state = self.lock();
        for way in ways {
            let corrections = &mut state.learned.corrections;
            match way {
                Way::Region(region) => {
                    corrections.insert("region".into(), region.clone());
                    if !self.config.endpoint_follows_region && session.endpoint != self.config.endpoint {
                        let endpoint = session.endpoint.as_str().trim_end_matches('/').to_owned();
                        corrections.insert("endpoint".into(), endpoint);
                    }
                }
                Way::Addressing(addressing) => {
                    corrections.insert("path_style".into(), addressing.name().into());
                }
                Way::WithoutAcl => {
                    corrections.insert("acl".into(), String::new());
                }
                Way::Again => {}
            }
        }
        state.session = session;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing that holds this lock can leave it half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
