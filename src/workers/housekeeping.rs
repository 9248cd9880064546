//! What the courier's thread does between two rounds, whether there is a server or not: erase what may be
//! kept no longer, and back the database up every night. Neither holds up the queue when it fails.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::Config;
use crate::store::{Store, StoreError};

/// Between two looks.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug, Default)]
pub(super) struct Housekeeping {
    last: Option<Timestamp>,
}

impl Housekeeping {
    pub(super) fn look_after(&mut self, store: &Store, config: &Config, now: Timestamp) {
        if self.last.is_some_and(|last| now.duration_since(last).abs() < PAUSE) {
            return;
        }
        self.last = Some(now);
        match erase(store, config, now) {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "pictures were erased after the retention time"),
            Err(error) => tracing::error!(%error, "pictures could not be erased"),
        }
        let Some(folder) = &config.backup.folder else { return };
        if Store::backup_is_due(folder, &now.to_zoned_datetime(TimeZone::system())) {
            match store.backup(folder, config.backup.keep, now, |_, _| ()) {
                Ok(_) => tracing::info!("the database was backed up"),
                Err(error) => tracing::error!(%error, "the database could not be backed up"),
            }
        }
    }
}

fn erase(store: &Store, config: &Config, now: Timestamp) -> Result<u64, StoreError> {
    let Some(days) = config.retention_days else { return Ok(0) };
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    store.erase_expired(before, now)
}
