//! How the booth is, for the dashboard.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::super::Shared;
use super::super::courier::Handle;
use crate::office::{Office, OfficeError, backups};
use crate::operator::{Certificate, Counts, Facts, PlateFacts};
use crate::platform::free_mb;
use crate::submission::ClockTrust;
use crate::upload::first_end;

/// How long the camera's pictures are counted.
const COUNTING: Duration = Duration::from_millis(500);
/// A probe writes as much as a photo does, so not with every look.
const PROBE_INTERVAL: Duration = Duration::from_secs(60);

/// What only the database knows.
struct FromStore {
    counts: Counts,
    oldest_pending: Option<Timestamp>,
    last_receipt: Option<Timestamp>,
    clock: ClockTrust,
}

/// Finds out how the booth is. Each who asks has one of their own.
pub(in crate::workers) struct FactFinder {
    shared: Shared,
    courier: Handle,
    /// When a record could last be written, and whether it could.
    probed: Option<(Instant, bool)>,
}

impl FactFinder {
    pub(in crate::workers) fn new(shared: Shared, courier: Handle) -> Self {
        Self { shared, courier, probed: None }
    }

    pub(in crate::workers) fn facts(&mut self) -> Facts {
        let fps = self.count_frames();
        let shared = &self.shared;
        let seen_at = Timestamp::now();
        let last_frame_ms = shared.frames.newest().map(|frame| frame.taken_at.elapsed().as_millis() as u64);
        let office = shared.office();
        let known = office.as_ref().ok().and_then(|office| from_store(office, seen_at).ok());
        let can_save = office.is_ok_and(|office| self.probe(&office));
        let config = &self.shared.config;
        let plate = match (&config.plate, self.shared.plate_fits.load(Ordering::Relaxed)) {
            (None, _) => PlateFacts::NotUsed,
            (Some(_), false) => PlateFacts::Wanted,
            (Some(_), true) => PlateFacts::Fits,
        };
        Facts {
            seen_at,
            fps,
            last_frame_ms,
            camera_trouble: self.shared.camera_health.get().trouble,
            models_loaded: self.shared.models_loaded.load(Ordering::Relaxed),
            free_disk_mb: free_mb(&config.data),
            queue: known.as_ref().map(|known| known.counts),
            can_save,
            oldest_pending: known.as_ref().and_then(|known| known.oldest_pending),
            has_server: config.server.is_some(),
            last_receipt: known.as_ref().and_then(|known| known.last_receipt),
            clock: known.map_or(ClockTrust::Unconfirmed, |known| known.clock),
            certificate: self.certificate(),
            plate,
            backups: backups(config, seen_at),
            version: crate::VERSION,
        }
    }

    pub(super) fn count_frames(&self) -> f32 {
        let (before, started) = (self.shared.frames.count(), Instant::now());
        thread::sleep(COUNTING);
        (self.shared.frames.count() - before) as f32 / started.elapsed().as_secs_f32()
    }

    /// The certificate that ends first: the server's as it was last shown, and those of the config.
    fn certificate(&self) -> Option<(Certificate, Timestamp)> {
        let server = self.shared.config.server.as_ref()?;
        let of_file = |path: &Option<PathBuf>| first_end(&std::fs::read(path.as_ref()?).ok()?);
        [
            (Certificate::Server, self.courier.certificate_until()),
            (Certificate::Booth, of_file(&server.access.client_certificate)),
            (Certificate::Authority, of_file(&server.access.ca_file)),
        ]
        .into_iter()
        .filter_map(|(whose, end)| Some((whose, end?)))
        .min_by_key(|(_, end)| *end)
    }

    fn probe(&mut self, office: &Office) -> bool {
        match self.probed {
            Some((at, true)) if at.elapsed() < PROBE_INTERVAL => true,
            _ => {
                let can_save = office.store.probe().is_ok();
                self.probed = Some((Instant::now(), can_save));
                can_save
            }
        }
    }
}

fn from_store(office: &Office, now: Timestamp) -> Result<FromStore, OfficeError> {
    let counts = office.store.counts()?;
    Ok(FromStore {
        counts: Counts {
            pending: counts.pending,
            received: counts.acknowledged,
            refused: counts.rejected,
            conflict: counts.conflict,
            withdrawn: counts.withdrawn,
        },
        oldest_pending: office.store.oldest_pending()?,
        last_receipt: office.store.last_receipt_at()?,
        clock: office.store.clock_trust(now)?,
    })
}
