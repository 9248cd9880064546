//! The courier's thread: takes the queue to the central server, now and then and whenever something was
//! stored. It posts the stored bytes unchanged; only a receipt that names their digest ends its interest.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::back_room::FactFinder;
use super::housekeeping::Housekeeping;
use super::{Shared, Stop, supervise};
use crate::config::ServerConfig;
use crate::office::{Office, OfficeError};
use crate::store::StoreError;
use crate::upload::{Backoff, BatchLimit, ClientError, Delivery, HttpUploader, Pace, Report, Rhythm, fetch_news, tell};

/// Wakes the courier and tells how far it is. Cheap to clone.
#[derive(Clone)]
pub(super) struct Handle {
    bell: SyncSender<()>,
    acknowledged: Arc<AtomicU64>,
    /// Unix seconds until which the server's certificate is valid; 0 while it is not known.
    certificate: Arc<AtomicI64>,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For a whole batch.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(super) struct Mailbox {
    bell: Receiver<()>,
    acknowledged: Arc<AtomicU64>,
    certificate: Arc<AtomicI64>,
}

pub(super) fn handle() -> (Handle, Mailbox) {
    // One ring is enough: it is heard whenever the courier listens next.
    let (sender, receiver) = sync_channel(1);
    let (acknowledged, certificate) = (Arc::<AtomicU64>::default(), Arc::<AtomicI64>::default());
    let handle = Handle { bell: sender, acknowledged: acknowledged.clone(), certificate: certificate.clone() };
    (handle, Mailbox { bell: receiver, acknowledged, certificate })
}

impl Handle {
    pub(super) fn wake(&self) {
        let _ = self.bell.try_send(());
    }

    /// Submissions with a receipt, as of the courier's last round.
    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Until when the server's certificate is valid, as it was last shown.
    pub(super) fn certificate_until(&self) -> Option<Timestamp> {
        let seconds = self.certificate.load(Ordering::Relaxed);
        (seconds != 0).then(|| Timestamp::from_second(seconds).ok()).flatten()
    }
}

pub(super) fn start(shared: Shared, mailbox: Mailbox, handle: Handle) -> std::io::Result<JoinHandle<()>> {
    supervise("courier", shared.clone(), None, move || {
        let server = shared.config.server.clone();
        let rhythm = Rhythm { idle: server.as_ref().map_or(IDLE, |server| server.interval), ..Rhythm::default() };
        let mut backoff = Backoff::new(rhythm, getrandom::u64().unwrap_or_default());
        let mut housekeeping = Housekeeping::default();
        let mut courier: Option<Courier> = None;
        let mut pulse = Pulse::new(FactFinder::new(shared.clone(), handle.clone()));
        while !shared.stop.is_set() {
            if let Ok(office) = shared.office() {
                housekeeping.look_after(&office.store, &shared.config, Timestamp::now());
            }
            // Without a server submissions wait in the queue, which is no fault.
            let Some(server) = &server else {
                mailbox.rest(IDLE, Duration::ZERO, &shared.stop);
                continue;
            };
            let (pause, at_least) = match round(&mut courier, &shared, server, &mailbox.acknowledged, backoff.batch()) {
                Ok(report) => {
                    let knows_itself = shared.frames.newest().is_some() || pulse.begun.elapsed() > AWAKE;
                    if let Some(courier) = courier.as_ref().filter(|_| is_online(report.pace) && knows_itself) {
                        pulse.beat(&courier.uploader, &shared.config.kiosk_id, server.heartbeat);
                    }
                    (backoff.wait_after(&report), backoff.wish(&report))
                }
                Err(error) => {
                    tracing::error!(%error, "the courier cannot work");
                    (backoff.wait_after_error(), Duration::ZERO)
                }
            };
            if let Some(until) = courier.as_ref().and_then(|courier| courier.uploader.certificate_until()) {
                mailbox.certificate.store(until.as_second(), Ordering::Relaxed);
            }
            mailbox.rest(pause, at_least, &shared.stop);
        }
        if let Some(courier) = &mut courier
            && let Err(error) = courier.delivery.finish(&courier.office.store, Timestamp::now())
        {
            tracing::error!(%error, "receipts could not be written: they will be asked for again");
        }
    })
}

/// A camera that has given no picture by now is a fact for the first heartbeat; before, it is still waking.
const AWAKE: Duration = Duration::from_secs(30);

/// Between two looks at the clock without a server.
const IDLE: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
enum CourierError {
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Client(#[from] ClientError),
}

struct Courier {
    office: Arc<Office>,
    uploader: HttpUploader,
    delivery: Delivery,
}

impl Courier {
    fn open(shared: &Shared, server: &ServerConfig) -> Result<Self, CourierError> {
        let office = shared.office()?;
        let uploader = HttpUploader::of(server, office.key.public(), CONNECT_TIMEOUT, TIMEOUT)?;
        Ok(Self { uploader, office, delivery: Delivery::default() })
    }
}

/// One attempt. What could not be opened is tried again the next time.
fn round(
    courier: &mut Option<Courier>,
    shared: &Shared,
    server: &ServerConfig,
    acknowledged: &AtomicU64,
    limit: BatchLimit,
) -> Result<Report, CourierError> {
    let courier = match courier {
        Some(courier) => courier,
        None => courier.insert(Courier::open(shared, server)?),
    };
    let store = &courier.office.store;
    let report = courier.delivery.round(store, &courier.uploader, &server.public_key, limit, Timestamp::now())?;
    let counts = store.counts()?;
    acknowledged.store(counts.acknowledged, Ordering::Relaxed);
    if report.acknowledged > 0 {
        tracing::info!(acknowledged = report.acknowledged, pending = counts.pending, "uploaded");
    }
    if matches!(report.pace, Pace::Empty | Pace::Continue) {
        let told = tell(store, &courier.uploader, &courier.office.key, Timestamp::now())?;
        if told.withdrawals > 0 {
            tracing::info!(told = told.withdrawals, "the server has erased what students withdrew");
        }
        if told.fees > 0 {
            tracing::info!(told = told.fees, "the server has noted fees that staff took");
        }
    }
    if report.pace == Pace::Empty {
        let news = fetch_news(store, &courier.uploader, Timestamp::now())?;
        if let Some(why) = news.stopped_by {
            tracing::debug!(why = why.code(), "no news from the server");
        }
    }
    Ok(report)
}

/// Whether the server answered at all; it may have said anything.
fn is_online(pace: Pace) -> bool {
    match pace {
        Pace::Empty | Pace::Continue => true,
        Pace::Wait { why, .. } | Pace::Halve { why } | Pace::Stop { why } => why.is_the_servers(),
    }
}

/// Tells the server now and then how the booth is.
struct Pulse {
    finder: FactFinder,
    begun: Instant,
    due: Instant,
}

impl Pulse {
    fn new(finder: FactFinder) -> Self {
        let now = Instant::now();
        Self { finder, begun: now, due: now }
    }

    fn beat(&mut self, uploader: &HttpUploader, kiosk_id: &str, every: Option<Duration>) {
        let Some(every) = every.filter(|_| Instant::now() >= self.due) else { return };
        self.due = Instant::now() + every;
        if uploader.beat(kiosk_id, &self.finder.facts()).is_err() {
            tracing::debug!("the server took no heartbeat");
        }
    }
}

impl Mailbox {
    /// Sleeps until somebody rings or the time is over. A photo that is saved does not make a server that asked for
    /// `at_least` less busy; the end of the program does not wait for it.
    fn rest(&self, pause: Duration, at_least: Duration, stop: &Stop) {
        let begun = Instant::now();
        // Nobody can ring any more only while the program ends.
        while self.bell.recv_timeout(pause.saturating_sub(begun.elapsed())) == Ok(())
            && begun.elapsed() < at_least
            && !stop.is_set()
        {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_ends_a_rest_but_not_before_the_servers_wish() {
        let (handle, mailbox) = handle();
        let rested = |at_least, stop: &Stop| {
            handle.wake();
            let begun = Instant::now();
            mailbox.rest(Duration::from_secs(3600), at_least, stop);
            begun.elapsed()
        };
        let (go_on, stop) = (Stop::default(), Stop::default());
        rested(Duration::ZERO, &go_on);
        stop.set();
        rested(Duration::from_secs(3600), &stop);
        let wish = Duration::from_millis(300);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..8 {
                    std::thread::sleep(Duration::from_millis(100));
                    handle.wake();
                }
            });
            assert!(rested(wish, &go_on) >= wish);
        });
    }
}
