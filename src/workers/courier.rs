//! The courier's thread: takes the queue to the central server, now and then and whenever something was
//! stored. It posts the stored bytes unchanged; only a receipt that names their digest ends its interest.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Shared, open_store, supervise};
use crate::config::ServerConfig;
use crate::store::Store;
use crate::upload::client::HttpUploader;
use crate::upload::{Backoff, Round, upload_once};

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
        let mut round = None;
        while !shared.stop.is_set() {
            let pause = match Courier::open(&shared, &server) {
                Ok(courier) => match round.insert(courier).work(&mailbox) {
                    pause => pause,
                },
                Err(error) => {
                    tracing::error!(%error, "the courier cannot start");
                    backoff.next(None)
                }
            };
            let _ = pause;
        }
    })
}
