//! The central server of the demonstration: the reference implementation of docs/openapi.yaml.
//!
//! It keeps what it stores in memory, verifies every signature, digest and chain link, and signs its
//! receipts. Tests can tell it to fail or to lie about its next answers.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::post;
use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::submission::chain::{Chain, Flaw};
use crate::submission::manifest::Manifest;
use crate::submission::receipt::Receipt;
use crate::submission::signature::{PrivateKey, PublicKey};
use crate::submission::{Digest, Record};
use crate::upload::client::{Batch, BatchItem, SUBMISSIONS};
use crate::upload::policy::{BatchAnswer, ItemAnswer, RejectCode};

/// Larger requests are refused with 413.
const LARGEST_REQUEST: usize = 16 << 20;

/// What the next answer shall be instead of an honest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// 503 with Retry-After.
    Busy,
    /// 200 with a login page, as a captive portal gives it.
    LoginPage,
    /// 302 to another place.
    Redirect,
    /// 413.
    TooLarge,
    /// 401.
    Stranger,
    /// Stores everything, then answers nothing useful: 500.
    StoredButSilent,
    /// Stores everything, answers half a JSON document.
    StoredButTruncated,
    /// Receipts signed by another key.
    Forged,
    /// Receipts that name other bytes.
    OtherBytes,
    /// Receipts of the right bytes, each under its neighbour's id.
    Swapped,
    /// Leaves the last submission out.
    OneMissing,
    /// More than any client should read.
    Endless,
}

/// A running server. Dropping it stops it.
pub struct CentralServer {
    url: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    key: PrivateKey,
    token: Zeroizing<String>,
    kiosk_id: String,
    device: PublicKey,
    archive: Mutex<Archive>,
}

#[derive(Default)]
struct Archive {
    stored: HashMap<Uuid, (Digest, Receipt)>,
    chain: Chain,
    lies: VecDeque<Lie>,
    requests: u64,
}

impl CentralServer {
    /// Starts a server on a free port of this machine that knows one kiosk.
    pub fn start(kiosk_id: &str, device: PublicKey) -> Result<Self> {
        let mut random = Zeroizing::new([0; 64]);
        getrandom::fill(random.as_mut_slice()).map_err(|error| anyhow!("no random numbers: {error}"))?;
        let mut seed = Zeroizing::new([0; 32]);
        seed.copy_from_slice(&random[..32]);
        let shared = Arc::new(Shared {
            key: PrivateKey::from_bytes(&seed),
            token: Zeroizing::new(hex::encode(&random[32..])),
            kiosk_id: kiosk_id.to_owned(),
            device,
            archive: Mutex::default(),
        });
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("no port for the demo's server")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new()
            .route(SUBMISSIONS, post(receive))
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
            .with_state(shared.clone());
        let thread = thread::Builder::new().name("central server".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                tokio::select! {
                    _ = stopped => {}
                    ended = axum::serve(listener, router) => {
                        if let Err(error) = ended {
                            tracing::error!(%error, "the demo's server ended");
                        }
                    }
                }
            });
        })?;
        Ok(Self { url, shared, stop: Some(stop), thread: Some(thread) })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key that receipts are checked with.
    pub fn public_key(&self) -> PublicKey {
        self.shared.key.public()
    }

    /// What the kiosk identifies itself with.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// How many submissions are stored.
    pub fn stored(&self) -> u64 {
        self.shared.archive().stored.len() as u64
    }

    /// How many requests came in.
    pub fn requests(&self) -> u64 {
        self.shared.archive().requests
    }

    /// Queues a lie for the next request without one.
    pub fn lie(&self, lie: Lie) {
        self.shared.archive().lies.push_back(lie);
    }
}

impl Drop for CentralServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn archive(&self) -> MutexGuard<'_, Archive> {
        self.archive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each submission's own answer. A wrong one does not stop the others.
    fn store(&self, items: &[BatchItem], signer: &PrivateKey) -> Vec<ItemAnswer> {
        let mut archive = self.archive();
        items.iter().filter_map(|item| self.store_one(item, &mut archive, signer)).collect()
    }

    /// `None` when the item does not even say which submission it is.
    fn store_one(&self, item: &BatchItem, archive: &mut Archive, signer: &PrivateKey) -> Option<ItemAnswer> {
        let manifest = Manifest::from_bytes(item.manifest.as_bytes()).ok()?;
        let submission_id = manifest.submission_id;
        let reject = |code| Some(ItemAnswer::Rejected { submission_id, code });
        let mut signature = [0; 64];
        let Ok(jpeg) = hex::decode(&item.picture) else { return reject(RejectCode::Malformed) };
        if hex::decode_to_slice(&item.signature, &mut signature).is_err() || manifest.kiosk_id != self.kiosk_id {
            return reject(RejectCode::Signature);
        }
        let record = Record {
            submission_id,
            sequence: manifest.sequence,
            manifest: item.manifest.as_bytes().to_vec(),
            signature,
            jpeg,
        };
        if let Some((digest, receipt)) = archive.stored.get(&submission_id) {
            return if *digest == record.digest() {
                Some(ItemAnswer::Stored { submission_id, receipt: receipt.clone() })
            } else {
                reject(RejectCode::Conflict)
            };
        }
        match archive.chain.accept(&record, self.device) {
            Ok(_) => {
                let receipt = Receipt::sign(&record, Timestamp::now(), signer);
                archive.stored.insert(submission_id, (record.digest(), receipt.clone()));
                Some(ItemAnswer::Stored { submission_id, receipt })
            }
            Err(broken) => reject(match broken.flaw {
                Flaw::Signature => RejectCode::Signature,
                Flaw::Manifest | Flaw::Picture => RejectCode::Malformed,
                Flaw::Sequence { .. } | Flaw::Link => RejectCode::Chain,
            }),
        }
    }
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let lie = {
        let mut archive = shared.archive();
        archive.requests += 1;
        archive.lies.pop_front()
    };
    let expected = format!("Bearer {}", *shared.token);
    if headers.get(header::AUTHORIZATION).is_none_or(|given| given.as_bytes() != expected.as_bytes()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(batch) = serde_json::from_slice::<Batch>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if batch.kiosk_id != shared.kiosk_id {
        return StatusCode::FORBIDDEN.into_response();
    }
    match lie {
        None => answer(shared.store(&batch.items, &shared.key)),
        Some(lie) => shared.tell(lie, &batch.items),
    }
}

fn answer(results: Vec<ItemAnswer>) -> Response {
    axum::Json(BatchAnswer { results }).into_response()
}

impl Shared {
    fn tell(&self, lie: Lie, items: &[BatchItem]) -> Response {
        match lie {
            Lie::Busy => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response(),
            Lie::LoginPage => Html("<html><title>Campus network</title>Please log in</html>").into_response(),
            Lie::Redirect => Redirect::temporary("http://127.0.0.1:1/elsewhere").into_response(),
            Lie::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Lie::Stranger => StatusCode::UNAUTHORIZED.into_response(),
            Lie::StoredButSilent => {
                self.store(items, &self.key);
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Lie::StoredButTruncated => {
                let results = self.store(items, &self.key);
                let text = serde_json::to_string(&BatchAnswer { results }).unwrap_or_default();
                text[..text.len() / 2].to_owned().into_response()
            }
            Lie::Forged => {
                let forger = PrivateKey::from_bytes(&[66; 32]);
                answer(self.claim(items, |record| Receipt::sign(record, Timestamp::now(), &forger)))
            }
            Lie::OtherBytes => answer(self.claim(items, |record| {
                let other = Record { jpeg: b"other".to_vec(), ..record.clone() };
                Receipt::sign(&other, Timestamp::now(), &self.key)
            })),
            Lie::Swapped => {
                let mut results = self.claim(items, |record| Receipt::sign(record, Timestamp::now(), &self.key));
                let ids: Vec<_> = results.iter().map(ItemAnswer::submission_id).collect();
                for (index, result) in results.iter_mut().enumerate() {
                    if let ItemAnswer::Stored { submission_id, .. } = result {
                        *submission_id = ids[(index + 1) % ids.len()];
                    }
                }
                answer(results)
            }
            Lie::OneMissing => {
                let mut results = self.store(items, &self.key);
                results.pop();
                answer(results)
            }
            Lie::Endless => "x".repeat(4 << 20).into_response(),
        }
    }

    /// Says "stored" without storing.
    fn claim(&self, items: &[BatchItem], receipt: impl Fn(&Record) -> Receipt) -> Vec<ItemAnswer> {
        items
            .iter()
            .filter_map(|item| {
                let manifest = Manifest::from_bytes(item.manifest.as_bytes()).ok()?;
                let record = Record {
                    submission_id: manifest.submission_id,
                    sequence: manifest.sequence,
                    manifest: item.manifest.as_bytes().to_vec(),
                    signature: [0; 64],
                    jpeg: hex::decode(&item.picture).ok()?,
                };
                Some(ItemAnswer::Stored { submission_id: record.submission_id, receipt: receipt(&record) })
            })
            .collect()
    }
}
