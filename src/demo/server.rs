//! The reference central server: `docs/central-api.yaml` over HTTP on this machine, on a thread of its
//! own that ends when [`DemoServer`] is dropped. It can be told to lie, for tests. Not for real use:
//! nothing is kept, and there is no TLS.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::desk;
use super::desk::Reviewer;
use super::ledger::Ledger;
use super::live::{self, Live, Phones};
use super::registry::{self, Registry};
use crate::code::{CodeDigest, Enrolment};
use crate::submission::{DeviceKey, PublicKey, Receipt, ServerKey, Sha256Digest, Status, SubmissionId};
use crate::upload::heartbeat::Heartbeat;
use crate::upload::wire::{
    BUNDLES_PATH, BatchAnswer, FEES_PATH, ItemResult, Outcome, Problem, SCHEMA, STATUS_PATH, SUBMISSIONS_PATH,
    SubmissionBatch, SubmissionItem, WITHDRAWALS_PATH,
};

/// Larger requests are answered with 413.
const MAX_REQUEST_BYTES: usize = 16 << 20;
const MAX_BUNDLE_BYTES: usize = 256 << 20;

/// One answer that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is stored; this status with our own problem body.
    Status { status: u16, retry_after_s: Option<u64> },
    /// Nothing is stored; a captive portal's page with this status.
    Portal { status: u16 },
    /// Nothing is stored; 302 to a login page.
    Redirect,
    /// Nothing is stored; 200 without a body.
    Empty,
    /// Stored, but the answer is lost: 503 instead. What a crash between send and receipt looks like.
    StoreThenFail,
    /// Stored, but only half of the JSON comes back.
    CutAnswer,
    /// Stored, but with more than the booth may read.
    OversizedAnswer,
    /// Receipts signed by another key.
    ForgedReceipts,
    /// Each item gets the receipt of its neighbour.
    SwappedReceipts,
    /// Receipts that name other manifest bytes, signed.
    WrongManifestDigest,
    /// Receipts that name another picture, signed.
    WrongPictureDigest,
    /// This item, counted from 0, is missing from the results.
    DropResult(usize),
    /// Every item is named twice.
    DoubledResults,
    /// "stored" without any receipt.
    NoReceipts,
    /// Nothing is stored; every item is refused with this reason.
    RejectAll(&'static str),
}

pub(super) struct Shared {
    pub(super) ledger: Ledger,
    /// Opens bundles.
    pub(super) bundle_key: age::x25519::Identity,
    pub(super) live: Live,
    pub(super) registry: Registry,
    pub(super) token: Zeroizing<String>,
    script: VecDeque<Fault>,
    /// At which submission the server breaks, and with which status.
    breaks_at: Option<(SubmissionId, u16)>,
    pub(super) requests: u64,
}

pub(super) type Books = Arc<Mutex<Shared>>;

/// A running server. Dropping it stops the server and waits for its thread.
pub struct DemoServer {
    shared: Books,
    address: SocketAddr,
    public_key: ServerKey,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl DemoServer {
    /// Listens on a free port of 127.0.0.1. `key` signs receipts, `token` is the booths' bearer token.
    pub fn start(key: DeviceKey, token: &str) -> std::io::Result<Self> {
        let public_key = key.public();
        let shared = Arc::new(Mutex::new(Shared {
            ledger: Ledger::new(key),
            bundle_key: age::x25519::Identity::generate(),
            live: Live::default(),
            registry: Registry::default(),
            token: Zeroizing::new(token.to_owned()),
            script: VecDeque::new(),
            breaks_at: None,
            requests: 0,
        }));
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _guard = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let router = Router::new()
            .route(SUBMISSIONS_PATH, post(submissions))
            .route(STATUS_PATH, get(desk::status))
            .route(WITHDRAWALS_PATH, post(desk::withdrawals))
            .route(FEES_PATH, post(desk::fees))
            .merge(live::routes())
            .merge(registry::routes())
            .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
            .route(BUNDLES_PATH, post(desk::bundles).layer(DefaultBodyLimit::max(MAX_BUNDLE_BYTES)))
            .with_state(shared.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("demo-server".to_owned()).spawn(move || {
            runtime.spawn(async move { axum::serve(listener, router).await });
            // Either told to stop, or the handle is gone.
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        })?;
        Ok(Self { shared, address, public_key, stop: Some(stop), thread: Some(thread) })
    }

    /// Lets a booth's key submit for a kiosk. Registering it twice changes nothing.
    pub fn register(&self, kiosk_id: &str, device: PublicKey) {
        lock(&self.shared).ledger.register(kiosk_id, device);
    }

    /// A one-time token, with which one booth may enrol.
    pub fn invite(&self, token: &str) {
        lock(&self.shared).registry.invite(token);
    }

    /// The last sign of life of a booth.
    pub fn heartbeat(&self, kiosk_id: &str) -> Option<Heartbeat> {
        lock(&self.shared).registry.heartbeat(kiosk_id).cloned()
    }

    /// Tells the server whose an `online` code is.
    pub fn enrol(&self, code: CodeDigest, enrolment: Enrolment) {
        lock(&self.shared).live.enrol(code, enrolment);
    }

    /// From now on pictures are checked and not kept: a long run measures the booth, not its server.
    pub fn keep_no_pictures(&self) {
        lock(&self.shared).ledger.keep_no_pictures();
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The key to pin.
    pub fn public_key(&self) -> ServerKey {
        self.public_key
    }

    /// Whom bundles are encrypted for.
    pub fn bundle_key(&self) -> age::x25519::Recipient {
        lock(&self.shared).bundle_key.to_public()
    }

    /// What the authority decides about a submission; the booth hears of it with the next news.
    pub fn decide(&self, id: SubmissionId, status: Status) {
        lock(&self.shared).ledger.decide(id, status);
    }

    /// Somebody who reviews what arrives.
    pub fn reviewer(&self) -> Reviewer {
        Reviewer(self.shared.clone())
    }

    /// Queues a fault; each spoils one request, in this order.
    pub fn script(&self, fault: Fault) {
        lock(&self.shared).script.push_back(fault);
    }

    /// From now on the server breaks with this status whenever this submission is among those that it is given.
    pub fn break_at(&self, id: SubmissionId, status: Option<u16>) {
        lock(&self.shared).breaks_at = status.map(|status| (id, status));
    }

    /// What is stored, in order of arrival.
    pub fn stored(&self) -> Vec<SubmissionId> {
        lock(&self.shared).ledger.ids().to_vec()
    }

    /// Numbers of a booth's records that never arrived, below its newest.
    pub fn missing(&self, device: &PublicKey) -> Vec<u64> {
        lock(&self.shared).ledger.missing(device)
    }

    /// Manifest and picture as stored.
    pub fn content(&self, id: SubmissionId) -> Option<(Vec<u8>, Vec<u8>)> {
        lock(&self.shared).ledger.stored(id).map(|stored| (stored.manifest.clone(), stored.picture.clone()))
    }

    /// What students do on their phones, by themselves or told by a test.
    pub fn phones(&self, phones: Phones) {
        lock(&self.shared).live.phones = phones;
    }

    /// Requests so far, spoiled ones included.
    pub fn requests(&self) -> u64 {
        lock(&self.shared).requests
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for DemoServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DemoServer({})", self.address)
    }
}

pub(super) fn lock(shared: &Books) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn submissions(State(shared): State<Books>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let mut shared = lock(&shared);
    shared.requests += 1;
    let fault = shared.script.pop_front();
    if let Some(response) = fault.as_ref().and_then(without_storing) {
        return response;
    }
    let Ok(body) = body else { return problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large") };
    if !is_authorised(&shared, &headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorised");
    }
    let batch: SubmissionBatch = match serde_json::from_slice(&body) {
        Ok(batch) => batch,
        Err(_) => return problem(StatusCode::BAD_REQUEST, "malformed"),
    };
    if batch.schema != SCHEMA {
        return problem(StatusCode::BAD_REQUEST, "malformed");
    }
    if !shared.ledger.knows(&batch.device) {
        return problem(StatusCode::FORBIDDEN, "unknown_device");
    }
    if let Some((id, status)) = shared.breaks_at {
        let claimed = |item: &SubmissionItem| super::ledger::claimed_id(item.manifest.as_bytes());
        if batch.submissions.iter().any(|item| claimed(item) == Some(id)) {
            return problem(status_code(status), "fault");
        }
    }
    if let Some(Fault::RejectAll(reason)) = fault {
        return json(StatusCode::OK, &BatchAnswer { schema: SCHEMA, results: refuse(&batch, reason) });
    }
    let mut results = Vec::new();
    for item in &batch.submissions {
        match shared.ledger.receive(&batch.device, item, Timestamp::now()) {
            Some(result) => results.push(result),
            None => return problem(StatusCode::BAD_REQUEST, "malformed"),
        }
    }
    if let Some(fault) = &fault {
        spoil(&mut results, fault, shared.ledger.key());
    }
    shared.ledger.hear(&batch);
    let answer = BatchAnswer { schema: SCHEMA, results };
    match fault {
        Some(Fault::StoreThenFail) => problem(StatusCode::SERVICE_UNAVAILABLE, "busy"),
        Some(Fault::CutAnswer) => {
            let mut text = serde_json::to_vec(&answer).unwrap_or_default();
            text.truncate(text.len() / 2);
            (StatusCode::OK, text).into_response()
        }
        _ => json(StatusCode::OK, &answer),
    }
}

pub(super) fn is_authorised(shared: &Shared, headers: &HeaderMap) -> bool {
    let expected = Zeroizing::new(format!("Bearer {}", *shared.token));
    headers.get(header::AUTHORIZATION).map(header::HeaderValue::as_bytes) == Some(expected.as_bytes())
}

/// Faults that do not look at the request.
fn without_storing(fault: &Fault) -> Option<Response> {
    const PAGE: &str = "<!DOCTYPE html><html><title>校园网登录</title><form action=/login></form></html>";
    match fault {
        Fault::Status { status, retry_after_s } => {
            let mut response = problem(status_code(*status), "busy");
            if let Some(seconds) = retry_after_s {
                response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
            }
            Some(response)
        }
        Fault::Portal { status } => {
            Some((status_code(*status), [(header::CONTENT_TYPE, "text/html")], PAGE).into_response())
        }
        Fault::Redirect => Some((StatusCode::FOUND, [(header::LOCATION, "/login")], PAGE).into_response()),
        Fault::Empty => Some(StatusCode::OK.into_response()),
        _ => None,
    }
}

/// Faults that change what was said about stored items.
fn spoil(results: &mut Vec<ItemResult>, fault: &Fault, server: &DeviceKey) {
    match fault {
        Fault::ForgedReceipts => resign(results, &DeviceKey::from_seed(&[0xf0; 32]), |_| {}),
        Fault::WrongManifestDigest => resign(results, server, |receipt| receipt.stored_sha256 = Sha256Digest::ZERO),
        Fault::WrongPictureDigest => resign(results, server, |receipt| receipt.picture_sha256 = Sha256Digest::ZERO),
        Fault::SwappedReceipts => {
            let mut receipts: Vec<_> = results.iter().map(|result| result.receipt.clone()).collect();
            receipts.rotate_left(1);
            for (result, receipt) in results.iter_mut().zip(receipts) {
                result.receipt = receipt;
            }
        }
        Fault::DropResult(index) if *index < results.len() => {
            results.remove(*index);
        }
        Fault::DoubledResults => results.extend(results.clone()),
        Fault::NoReceipts => results.iter_mut().for_each(|result| result.receipt = None),
        Fault::OversizedAnswer => {
            let padding = Some("x".repeat(crate::upload::wire::MAX_ANSWER_BYTES));
            results.iter_mut().for_each(|result| result.reason = padding.clone());
        }
        _ => {}
    }
}

fn resign(results: &mut [ItemResult], key: &DeviceKey, change: impl Fn(&mut Receipt)) {
    for result in results {
        let receipt = result.receipt.as_ref().and_then(|signed| serde_json::from_str(&signed.receipt).ok());
        result.receipt = receipt.and_then(|mut receipt: Receipt| {
            change(&mut receipt);
            receipt.sign(key).ok()
        });
    }
}

fn refuse(batch: &SubmissionBatch, reason: &str) -> Vec<ItemResult> {
    let ids = batch.submissions.iter().filter_map(|item| super::ledger::claimed_id(item.manifest.as_bytes()));
    ids.map(|submission_id| ItemResult {
        submission_id,
        outcome: Outcome::Rejected,
        receipt: None,
        reason: Some(reason.to_owned()),
    })
    .collect()
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) fn problem(status: StatusCode, problem: &str) -> Response {
    json(status, &Problem { schema: SCHEMA, problem: problem.to_owned() })
}

pub(super) fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
