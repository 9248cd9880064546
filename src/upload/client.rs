//! The HTTP side of delivery: one blocking POST, TLS by rustls, no redirects, bounded times and a
//! bounded answer. It decides nothing: what came back goes to [`super::policy`] as it is.

use std::error::Error;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::tls::TlsInfo;
use zeroize::Zeroizing;

use super::certificate::valid_until;
use super::news::NewsSource;
use super::policy::{self, Answer, TransportFailure, Why};
use super::wire::{Body, MAX_ANSWER_BYTES, STATUS_PATH, SUBMISSIONS_PATH, StatusPage, SubmissionBatch, SubmissionItem};
use crate::config::{ServerAccess, ServerConfig};
use crate::secret_file::{self, SecretFileError};
use crate::submission::PublicKey;

/// Where and how to send.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// `https://host[:port][/prefix]`; plain `http` only to this machine.
    pub base_url: String,
    /// The booth's own key: the server knows it by this.
    pub device: PublicKey,
    /// A PEM file of certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Trust the certificates of `ca_file` instead of the system's.
    pub trust_only_ca: bool,
    /// A PEM file with the booth's own certificate and its private key.
    pub client_certificate: Option<PathBuf>,
    /// `http://host:port`; the environment's proxies are never used.
    pub proxy: Option<String>,
    pub connect_timeout: Duration,
    /// For the whole exchange.
    pub timeout: Duration,
}

impl ClientConfig {
    /// To a server that may not be pinned yet.
    pub fn to(
        url: &str,
        access: &ServerAccess,
        device: PublicKey,
        connect_timeout: Duration,
        timeout: Duration,
    ) -> Self {
        Self {
            base_url: url.to_owned(),
            device,
            ca_file: access.ca_file.clone(),
            trust_only_ca: access.trust_only_ca,
            client_certificate: access.client_certificate.clone(),
            proxy: access.proxy.clone(),
            connect_timeout,
            timeout,
        }
    }
}

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("the server's address is not a URL of the form https://host[:port][/prefix]")]
    BadUrl,
    #[error("the server's address is not https: photos are sent in the clear to this machine only")]
    NotHttps,
    #[error(transparent)]
    Token(#[from] SecretFileError),
    #[error("the upload token contains characters that cannot be sent")]
    BadToken,
    #[error("the CA file {} cannot be read: {cause}", path.display())]
    CaFile { path: PathBuf, cause: std::io::Error },
    #[error("the CA file {} holds no PEM certificate", path.display())]
    BadCa { path: PathBuf },
    #[error("the client certificate {cause}")]
    ClientCertificate { cause: SecretFileError },
    #[error("the client certificate {} is not PEM with a certificate and its private key", path.display())]
    BadClientCertificate { path: PathBuf },
    #[error("the proxy's address is not of the form http://host:port")]
    BadProxy,
    #[error(
        "TLS cannot be set up: {}. Install the system's certificates (the package ca-certificates), or set ca_file and trust_only_ca",
        deepest(.0)
    )]
    Tls(reqwest::Error),
}

/// What lies under the errors that only say where something failed.
fn deepest(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), deepest)
}

/// The way to the central server.
pub struct HttpUploader {
    client: Client,
    submissions: reqwest::Url,
    status: reqwest::Url,
    device: PublicKey,
    authorization: HeaderValue,
    /// Unix seconds until which the certificate is valid that the server showed last; 0 before.
    certificate_until: AtomicI64,
}

impl std::fmt::Debug for HttpUploader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpUploader({})", self.submissions)
    }
}

impl HttpUploader {
    /// As the settings say, with the token from its file. Connects to nothing yet.
    pub fn of(
        server: &ServerConfig,
        device: PublicKey,
        connect_timeout: Duration,
        timeout: Duration,
    ) -> Result<Self, ClientError> {
        let token = secret_file::load_text(&server.access.token_file)?;
        Self::new(&ClientConfig::to(&server.url, &server.access, device, connect_timeout, timeout), &token)
    }

    /// `token` is the bearer token from its secret file. Connects to nothing yet.
    pub fn new(config: &ClientConfig, token: &str) -> Result<Self, ClientError> {
        let submissions = url(&config.base_url, SUBMISSIONS_PATH)?;
        let status = url(&config.base_url, STATUS_PATH)?;
        let bearer = Zeroizing::new(format!("Bearer {token}"));
        let mut authorization = HeaderValue::from_str(&bearer).map_err(|_| ClientError::BadToken)?;
        authorization.set_sensitive(true);

        let mut builder = Client::builder()
            .user_agent(format!("{}/{}", env!("CARGO_PKG_NAME"), crate::VERSION))
            // A redirect is a captive portal, and would take the pictures along.
            .redirect(reqwest::redirect::Policy::none())
            // Only what the config says decides where pictures go, not the environment.
            .no_proxy()
            // When the server's certificate ends is for staff to know in time.
            .tls_info(true)
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout);
        if let Some(path) = &config.ca_file {
            let pem = std::fs::read(path).map_err(|cause| ClientError::CaFile { path: path.clone(), cause })?;
            let bad = || ClientError::BadCa { path: path.clone() };
            let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(|_| bad())?;
            if certificates.is_empty() {
                return Err(bad());
            }
            builder = match config.trust_only_ca {
                true => builder.tls_certs_only(certificates),
                false => builder.tls_certs_merge(certificates),
            };
        }
        if let Some(path) = &config.client_certificate {
            let pem = secret_file::load_pem(path).map_err(|cause| ClientError::ClientCertificate { cause })?;
            let identity = reqwest::Identity::from_pem(pem.as_bytes())
                .map_err(|_| ClientError::BadClientCertificate { path: path.clone() })?;
            builder = builder.identity(identity);
        }
        if let Some(proxy) = &config.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy).map_err(|_| ClientError::BadProxy)?);
        }
        let client = builder.build().map_err(ClientError::Tls)?;
        Ok(Self {
            client,
            submissions,
            status,
            device: config.device,
            authorization,
            certificate_until: AtomicI64::new(0),
        })
    }
}

impl HttpUploader {
    pub(super) fn device(&self) -> PublicKey {
        self.device
    }

    /// When the certificate ends that the server showed last; none over plain HTTP.
    pub fn certificate_until(&self) -> Option<Timestamp> {
        let seconds = self.certificate_until.load(Ordering::Relaxed);
        (seconds != 0).then(|| Timestamp::from_second(seconds).ok()).flatten()
    }

    fn note_certificate(&self, response: &Response) {
        let shown = response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
        if let Some(until) = shown.and_then(valid_until) {
            self.certificate_until.store(until.as_second(), Ordering::Relaxed);
        }
    }

    /// One JSON exchange beside the queue's; `None` for anything but a 200 of bounded size.
    pub(super) fn post(&self, path: &str, body: Vec<u8>) -> Option<Vec<u8>> {
        match self.exchange(self.at(path), body) {
            Ok((200, _, bytes)) if bytes.len() <= MAX_ANSWER_BYTES => Some(bytes),
            _ => None,
        }
    }

    /// Where something is posted, on this server.
    pub(super) fn at(&self, path: &str) -> String {
        let address = self.submissions.as_str();
        format!("{}{path}", address.strip_suffix(SUBMISSIONS_PATH).unwrap_or(address))
    }

    pub(super) fn exchange(&self, url: impl reqwest::IntoUrl, body: Vec<u8>) -> Result<RawAnswer, TransportFailure> {
        self.send(self.client.post(url).header(CONTENT_TYPE, "application/json").body(body))
    }

    /// With the token; the certificate that the server shows is noted, whatever it answers.
    fn send(&self, request: RequestBuilder) -> Result<RawAnswer, TransportFailure> {
        let response = request.header(AUTHORIZATION, self.authorization.clone()).send();
        let response = response.map_err(|error| failure(&error))?;
        self.note_certificate(&response);
        read(response)
    }

    /// What is posted for a batch.
    pub fn pack(&self, items: Vec<SubmissionItem>) -> Vec<u8> {
        let batch = SubmissionBatch::new(self.device, items);
        // Strings and integers cannot fail to serialise.
        serde_json::to_vec(&batch).unwrap_or_default()
    }

    /// Sends a batch and says what came back. Blocks, but not for ever; never follows a redirect.
    pub fn submit(&self, body: Vec<u8>) -> Answer {
        match self.exchange(self.submissions.clone(), body) {
            Ok((status, retry_after, bytes)) => Answer::Http { status, retry_after, body: Body::read(&bytes) },
            Err(failure) => Answer::Failed(failure),
        }
    }
}

impl NewsSource for HttpUploader {
    fn news(&self, after: Option<&str>) -> Result<StatusPage, Why> {
        let mut url = self.status.clone();
        url.query_pairs_mut().append_pair("device", &self.device.to_string());
        if let Some(after) = after {
            url.query_pairs_mut().append_pair("after", after);
        }
        match self.send(self.client.get(url)) {
            Ok((200, _, bytes)) => StatusPage::read(&bytes).ok_or(Why::NotOurServer),
            Ok((status, retry_after, bytes)) => {
                Err(policy::why(&Answer::Http { status, retry_after, body: Body::read(&bytes) }))
            }
            Err(failure) => Err(policy::why(&Answer::Failed(failure))),
        }
    }
}

fn failure(error: &reqwest::Error) -> TransportFailure {
    match error {
        error if is_tls(error) => TransportFailure::Untrusted,
        error if error.is_connect() => TransportFailure::Unreachable,
        error if error.is_timeout() => TransportFailure::TimedOut,
        _ => TransportFailure::CutOff,
    }
}

/// Whether TLS is what failed, somewhere below.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    // An I/O error does not count what it carries as its source.
    let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || carried.is_some_and(|error| is_tls(error)) || error.source().is_some_and(is_tls)
}

/// Status, the server's wish to wait, and at most one byte more than an answer may have.
type RawAnswer = (u16, Option<Duration>, Vec<u8>);

fn read(response: Response) -> Result<RawAnswer, TransportFailure> {
    let status = response.status().as_u16();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| retry_after(text, Timestamp::now()));
    let mut bytes = Vec::new();
    // One byte more than allowed, so that too much is noticed and the rest is never read.
    match response.take(MAX_ANSWER_BYTES as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) => Ok((status, retry_after, bytes)),
        Err(error) => {
            let timed_out = error.kind() == std::io::ErrorKind::TimedOut
                || error
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
                    .is_some_and(|e| e.is_timeout());
            Err(if timed_out { TransportFailure::TimedOut } else { TransportFailure::CutOff })
        }
    }
}

/// Retry-After is a number of seconds or a date.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

fn url(base: &str, path: &str) -> Result<reqwest::Url, ClientError> {
    let joined = format!("{}{path}", base.trim_end_matches('/'));
    let url = reqwest::Url::parse(&joined).map_err(|_| ClientError::BadUrl)?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let host = url.host_str().unwrap_or_default();
    if !plain || host.is_empty() {
        return Err(ClientError::BadUrl);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if matches!(host, "127.0.0.1" | "[::1]" | "localhost") => Ok(url),
        "http" => Err(ClientError::NotHttps),
        _ => Err(ClientError::BadUrl),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_go_in_the_clear_to_this_machine_only() {
        let url = |base| url(base, SUBMISSIONS_PATH).map(|url| url.to_string());
        assert_eq!(url("https://photo.example.edu/api/").unwrap(), "https://photo.example.edu/api/v1/submissions");
        assert_eq!(url("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080/v1/submissions");
        for base in ["http://photo.example.edu", "http://127.0.0.1.example.edu", "http://localhost.example.edu"] {
            assert!(matches!(url(base), Err(ClientError::NotHttps)), "{base}");
        }
        for base in ["", "photo.example.edu", "ftp://a/", "https://user@a/", "https://a/?x=", "https://a/#b"] {
            assert!(matches!(url(base), Err(ClientError::BadUrl)), "{base}");
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2026-06-01T08:00:00Z".parse().unwrap();
        let read = |text| retry_after(text, now);
        assert_eq!(read("120"), Some(Duration::from_secs(120)));
        assert_eq!(read(" 0 "), Some(Duration::ZERO));
        assert_eq!(read("Mon, 01 Jun 2026 08:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(read("Mon, 01 Jun 2026 07:00:00 GMT"), Some(Duration::ZERO), "a date in the past");
        assert_eq!(read("-5"), None);
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn the_token_is_not_shown() {
        let config = ClientConfig {
            base_url: "https://photo.example.edu".into(),
            device: crate::submission::DeviceKey::from_seed(&[1; 32]).public(),
            ca_file: None,
            trust_only_ca: false,
            client_certificate: None,
            proxy: None,
            connect_timeout: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
        };
        let uploader = HttpUploader::new(&config, "secret-token").unwrap();
        assert!(!format!("{uploader:?} {:?}", uploader.authorization).contains("secret-token"));
        assert!(matches!(HttpUploader::new(&config, "line\nbreak"), Err(ClientError::BadToken)));
        let missing = ClientConfig { ca_file: Some("/nonexistent.pem".into()), ..config.clone() };
        assert!(matches!(HttpUploader::new(&missing, "t"), Err(ClientError::CaFile { .. })));
        let missing = ClientConfig { client_certificate: Some("/nonexistent.pem".into()), ..config.clone() };
        assert!(matches!(HttpUploader::new(&missing, "t"), Err(ClientError::ClientCertificate { .. })));
        let odd = ClientConfig { proxy: Some("no proxy".into()), ..config };
        assert!(matches!(HttpUploader::new(&odd, "t"), Err(ClientError::BadProxy)));
    }
}
