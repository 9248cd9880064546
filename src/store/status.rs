//! What the central server says about submissions, and how old that news is.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};
use zeroize::Zeroizing;

use super::account::paid;
use super::error::{Failure, doing};
use super::vault::Kind;
use super::{Store, StoreError};
use crate::submission::{ClockCheck, ClockTrust, Identity, Manifest, Payment, StatusUpdate, SubmissionId};

impl Store {
    /// A stored picture; none once it is erased.
    pub fn picture(&self, id: SubmissionId) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.open_sealed(id, Kind::Picture)
    }

    /// Whose submission it is; none once that is erased.
    pub fn identity(&self, id: SubmissionId) -> Result<Option<Identity>, StoreError> {
        let json = self.open_sealed(id, Kind::Identity)?;
        let damaged = |_| StoreError::Damaged { doing: "reading an identity" };
        json.map(|json| serde_json::from_slice(&json).map_err(damaged)).transpose()
    }

    pub(super) fn open_sealed(&self, id: SubmissionId, kind: Kind) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        const DOING: &str = "opening what is sealed";
        let sql = match kind {
            Kind::Picture => {
                "SELECT record_keys.picture, sealed FROM submissions JOIN record_keys USING (sequence)
                 JOIN pictures USING (sequence) WHERE submission_id = ?1"
            }
            Kind::Identity => {
                "SELECT record_keys.identity, sealed FROM submissions JOIN record_keys USING (sequence)
                 JOIN identities USING (sequence) WHERE submission_id = ?1"
            }
            Kind::Contact => "SELECT key, sealed FROM contacts WHERE submission_id = ?1",
            Kind::Checks => "SELECT key, sealed FROM submissions JOIN checks USING (sequence) WHERE submission_id = ?1",
        };
        let id = id.to_string();
        let found: Option<(Vec<u8>, Vec<u8>)> = self
            .lock()
            .prepare_cached(sql)
            .and_then(|mut select| select.query_row([&id], |row| row.try_into()).optional())
            .map_err(doing(DOING))?;
        let open = |(key, sealed): (Vec<u8>, Vec<u8>)| {
            self.vault.open(kind, &id, &key, &sealed).ok_or(StoreError::Damaged { doing: DOING })
        };
        found.map(open).transpose()
    }

    /// Takes in a page of the server's news and the cursor after it, together. Submissions of another
    /// booth are ignored.
    pub fn apply_statuses(&self, updates: &[StatusUpdate], cursor: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write("storing the server's news", |transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO statuses (submission_id, status)
                 SELECT submission_id, ?2 FROM submissions WHERE submission_id = ?1
                 ON CONFLICT (submission_id) DO UPDATE SET status = excluded.status",
            )?;
            for update in updates {
                let status = serde_json::to_string(&update.status)
                    .map_err(|_| StoreError::Damaged { doing: "storing the server's news" })?;
                insert.execute((update.submission_id.to_string(), status))?;
                if update.status.payment == Payment::Paid {
                    paid(transaction, update.submission_id, update.status.updated_at, Some(now))?;
                }
            }
            transaction.execute("UPDATE progress SET status_cursor = ?1, status_at = ?2", (cursor, now.as_second()))?;
            Ok(())
        })
    }

    /// Where the next page of the server's news starts; none before the first.
    pub fn status_cursor(&self) -> Result<Option<String>, StoreError> {
        self.progress("status_cursor")
    }

    /// When the server's news was last complete: how old every status shown may be.
    pub fn statuses_as_of(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.progress("status_at")?.and_then(|seconds: i64| Timestamp::from_second(seconds).ok()))
    }

    /// When the last receipt came, by the booth's clock.
    pub fn last_receipt_at(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.progress("last_receipt_at")?.and_then(|seconds: i64| Timestamp::from_second(seconds).ok()))
    }

    /// How far the clock can be trusted now.
    pub fn clock_trust(&self, now: Timestamp) -> Result<ClockTrust, StoreError> {
        self.write("comparing the clock", |transaction| Ok(ClockTrust::judge(now, None, clock_check(transaction)?)))
    }

    /// When the oldest submission that still waits was made.
    pub fn oldest_pending(&self) -> Result<Option<Timestamp>, StoreError> {
        const DOING: &str = "looking for the oldest submission";
        let manifest: Option<Vec<u8>> = self
            .lock()
            .prepare_cached("SELECT manifest FROM submissions WHERE state = 'pending' ORDER BY sequence LIMIT 1")
            .and_then(|mut select| select.query_row([], |row| row.get(0)).optional())
            .map_err(doing(DOING))?;
        Ok(manifest.map(|bytes| Manifest::from_bytes(&bytes)).transpose()?.map(|manifest| manifest.created_at))
    }

    fn progress<T: rusqlite::types::FromSql>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.lock()
            .query_row(&format!("SELECT {column} FROM progress"), [], |row| row.get(0))
            .map_err(doing("reading the courier's progress"))
    }
}

pub(super) fn note_receipt(transaction: &Transaction<'_>, now: Timestamp) -> Result<(), Failure> {
    transaction.prepare_cached("UPDATE progress SET last_receipt_at = ?1")?.execute([now.as_second()])?;
    Ok(())
}

/// Remembers the server's time of a receipt beside the booth's.
pub(super) fn note_clock(transaction: &Transaction<'_>, check: ClockCheck) -> Result<(), Failure> {
    transaction
        .prepare_cached("UPDATE progress SET clock_server_at = ?1, clock_booth_at = ?2")?
        .execute([check.server.as_second(), check.booth.as_second()])?;
    Ok(())
}

pub(super) fn clock_check(transaction: &Transaction<'_>) -> Result<Option<ClockCheck>, Failure> {
    let (server, booth): (Option<i64>, Option<i64>) = transaction
        .prepare_cached("SELECT clock_server_at, clock_booth_at FROM progress")?
        .query_row([], |row| row.try_into())?;
    let times = server.zip(booth).and_then(|(server, booth)| {
        Some(ClockCheck { server: Timestamp::from_second(server).ok()?, booth: Timestamp::from_second(booth).ok()? })
    });
    Ok(times)
}
