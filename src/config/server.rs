//! `[server]`: where submissions go, and whom to believe.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pinned::Pinned;
use super::problem::{Problems, Rule};
use crate::submission::ServerKey;

/// The central server. Without it submissions wait in the queue. `szz-kiosk enroll` finds out what to believe.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawServer {
    #[schemars(regex(pattern = "^(https://|http://127\\.0\\.0\\.1)"))]
    url: Option<String>,
    /// What receipts are checked with: 64 hexadecimal digits. Not needed once the booth has enrolled.
    public_key: Option<String>,
    /// A file in `secrets` with the token that the server gave this booth.
    token_file: PathBuf,
    /// Seconds between two looks at the queue.
    #[schemars(range(min = 1))]
    interval_s: u64,
    /// Seconds between two heartbeats, which tell the server how the booth is; 0 sends none.
    heartbeat_s: u64,
    /// http://host:port. Proxies that the environment names are ignored.
    #[schemars(regex(pattern = "^https?://"))]
    proxy: Option<String>,
    /// PEM certificates that vouch for the server.
    ca_file: Option<PathBuf>,
    /// Trust these certificates instead of the system's, not beside them.
    trust_only_ca: bool,
    /// A file in `secrets`: the booth's own certificate with its private key, PEM.
    client_certificate_file: Option<PathBuf>,
    /// The server's age key, for bundles on a USB stick. Not needed once the booth has enrolled.
    bundle_key: Option<String>,
}

impl Default for RawServer {
    fn default() -> Self {
        Self {
            url: None,
            public_key: None,
            token_file: "server.token".into(),
            interval_s: 30,
            heartbeat_s: 300,
            proxy: None,
            ca_file: None,
            trust_only_ca: false,
            client_certificate_file: None,
            bundle_key: None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct ServerConfig {
    pub url: String,
    /// Public key that receipts are checked with.
    pub public_key: ServerKey,
    pub interval: Duration,
    /// Between two heartbeats; `None` sends none.
    pub heartbeat: Option<Duration>,
    /// The server's public age key: whom bundles are encrypted for.
    pub bundle_key: Option<age::x25519::Recipient>,
    pub access: ServerAccess,
}

/// How the server is spoken to: what a booth can know before it has enrolled.
#[derive(Clone, Debug, Default)]
pub struct ServerAccess {
    /// The settings' own word, which is not needed once the booth has enrolled.
    pub url: Option<String>,
    pub public_key: Option<ServerKey>,
    /// Holds the bearer token.
    pub token_file: PathBuf,
    /// `http://host:port`. The environment's proxies are never used.
    pub proxy: Option<String>,
    /// PEM certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Trust `ca_file` alone, not the system's certificates.
    pub trust_only_ca: bool,
    /// PEM of the booth's own certificate and key.
    pub client_certificate: Option<PathBuf>,
}

/// Both as far as the settings say. There is no [`ServerConfig`] without a server, or when something is wrong with it.
pub(super) fn check(
    raw: RawServer,
    pinned: Option<&Pinned>,
    folder: &Path,
    secrets: &Path,
    problems: &mut Problems<'_>,
) -> (ServerAccess, Option<ServerConfig>) {
    let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://127.0.0.1");
    if raw.url.as_deref().is_some_and(|url| !is_web(url)) {
        problems.add("server.url", Rule::HttpsUrl);
    }
    if raw.trust_only_ca && raw.ca_file.is_none() {
        problems.add("server.trust_only_ca", Rule::NeedsKey("server.ca_file"));
    }
    if raw.proxy.as_ref().is_some_and(|proxy| !proxy.starts_with("http://") && !proxy.starts_with("https://")) {
        problems.add("server.proxy", Rule::ProxyUrl);
    }
    let bundle_key = raw.bundle_key.and_then(|key| parsed(&key, "server.bundle_key", Rule::AgeKey, problems));
    let has_key = raw.public_key.is_some();
    let public_key = raw.public_key.and_then(|key| parsed(&key, "server.public_key", Rule::ServerKey, problems));
    let access = ServerAccess {
        url: raw.url,
        public_key,
        token_file: secrets.join(raw.token_file),
        proxy: raw.proxy,
        ca_file: raw.ca_file.map(|path| folder.join(path)),
        trust_only_ca: raw.trust_only_ca,
        client_certificate: raw.client_certificate_file.map(|path| secrets.join(path)),
    };
    let pinned_key = pinned.map(|pinned| pinned.answer.server_key);
    if let (Some(said), Some(pinned)) = (public_key, pinned_key)
        && said != pinned
    {
        problems.add("server.public_key", Rule::OtherServer);
    }
    let url = access.url.clone().or_else(|| pinned.map(|pinned| pinned.url.clone()));
    let server = match (url, public_key.or(pinned_key)) {
        (Some(url), Some(public_key)) => Some(ServerConfig {
            url,
            public_key,
            interval: Duration::from_secs(raw.interval_s),
            heartbeat: (raw.heartbeat_s > 0).then(|| Duration::from_secs(raw.heartbeat_s)),
            bundle_key: bundle_key.or_else(|| pinned.map(|pinned| pinned.bundle_key.clone())),
            access: access.clone(),
        }),
        (Some(_), None) if !has_key && !problems.has("server.public_key") => {
            problems.add("server.url", Rule::NotEnrolled);
            None
        }
        (None, Some(_)) if !problems.has("server.url") => {
            problems.add("server.public_key", Rule::NeedsKey("server.url"));
            None
        }
        _ => None,
    };
    (access, server)
}

fn parsed<T: std::str::FromStr>(text: &str, key: &str, rule: Rule, problems: &mut Problems<'_>) -> Option<T> {
    let parsed = text.parse().ok();
    if parsed.is_none() {
        problems.add(key, rule);
    }
    parsed
}
