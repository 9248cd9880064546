//! The courier's thread: takes the queue to the central server, now and then and whenever something was
//! stored. It posts the stored bytes unchanged; only a receipt that names their digest ends its interest.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Shared, supervise};
use crate::config::ServerConfig;
use crate::secret_file::{self, SecretError};
use crate::store::{Store, StoreError};
use crate::submission::signature::PublicKey;
use crate::upload::client::HttpUploader;
use crate::upload::{Backoff, BatchSize, Round, upload_once};

/// Wakes the courier and tells how far it is. Cheap to clone.
#[derive(Clone)]
pub(super) struct Handle {
    bell: SyncSender<()>,
    board: Arc<Board>,
}

pub(super) struct Mailbox {
    bell: Receiver<()>,
    board: Arc<Board>,
}

#[derive(Default)]
struct Board {
    pending: AtomicU64,
    acknowledged: AtomicU64,
    last_success: Mutex<Option<Instant>>,
}

/// How far the queue is, as of the courier's last round.
#[derive(Clone, Copy, Debug, Default)]
pub struct CourierStatus {
    pub pending: u64,
    pub acknowledged: u64,
    pub last_success: Option<Instant>,
}

pub(super) fn handle() -> (Handle, Mailbox) {
    // One ring is enough: it is heard whenever the courier listens next.
    let (sender, receiver) = sync_channel(1);
    let board = Arc::new(Board::default());
    (Handle { bell: sender, board: board.clone() }, Mailbox { bell: receiver, board })
}

impl Handle {
    pub(super) fn wake(&self) {
        let _ = self.bell.try_send(());
    }

    pub(super) fn status(&self) -> CourierStatus {
        CourierStatus {
            pending: self.board.pending.load(Ordering::Relaxed),
            acknowledged: self.board.acknowledged.load(Ordering::Relaxed),
            last_success: *self.board.last_success.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

pub(super) fn start(shared: Shared, mailbox: Mailbox) -> std::io::Result<JoinHandle<()>> {
    supervise("courier", shared.clone(), None, move || {
        // Without a server submissions wait in the queue, which is no fault.
        let Some(server) = shared.config.server.clone() else { return };
        let mut backoff = Backoff::default();
        let mut courier = None;
        while !shared.stop.is_set() {
            let ready = match courier.take() {
                Some(ready) => Ok(ready),
                None => Courier::open(&shared, &server),
            };
            let pause = match ready.and_then(|mut ready| {
                let round = ready.round(&mailbox.board)?;
                courier = Some(ready);
                Ok(round)
            }) {
                Ok(Round::Progress | Round::TooLarge) => {
                    backoff.reset();
                    continue;
                }
                Ok(Round::Empty) => server.interval,
                Ok(Round::Failed { not_before }) => backoff.next(not_before, jitter()),
                Err(error) => {
                    tracing::error!(%error, "the courier cannot work");
                    backoff.next(None, jitter())
                }
            };
            mailbox.rest(pause);
        }
    })
}

#[derive(Debug, thiserror::Error)]
enum CourierError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("the server's public key in the config is no Ed25519 key")]
    ServerKey,
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

struct Courier {
    store: Store,
    uploader: HttpUploader,
    server: PublicKey,
    size: BatchSize,
}

impl Courier {
    fn open(shared: &Shared, server: &ServerConfig) -> Result<Self, CourierError> {
        let token = secret_file::read(&server.token_file)?;
        Ok(Self {
            store: Store::open_in(&shared.config.data, &shared.config.secrets)?,
            uploader: HttpUploader::new(&server.url, &shared.config.kiosk_id, token)?,
            server: PublicKey::from_bytes(&server.public_key).ok_or(CourierError::ServerKey)?,
            size: BatchSize::default(),
        })
    }

    fn round(&mut self, board: &Board) -> Result<Round, CourierError> {
        let round = upload_once(&self.store, &self.uploader, self.server, &mut self.size)?;
        let counts = self.store.counts()?;
        board.pending.store(counts.pending, Ordering::Relaxed);
        board.acknowledged.store(counts.acknowledged, Ordering::Relaxed);
        if round == Round::Progress {
            *board.last_success.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        Ok(round)
    }
}

impl Mailbox {
    /// Sleeps until somebody rings or the time is over.
    fn rest(&self, pause: Duration) {
        // Nobody can ring any more only while the program ends.
        let _ = self.bell.recv_timeout(pause);
    }
}

/// 0..=1, from the system's random numbers; without them there is no jitter.
fn jitter() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}
