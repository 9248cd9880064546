//! Erasing pictures and identities: after the retention time, or because a student withdrew the consent.
//! The signed record stays, since the chain needs it and it names nobody; so does a line in the log.

use jiff::Timestamp;
use rusqlite::Transaction;

use super::error::{Failure, doing};
use super::queue::integer;
use super::{Store, StoreError};
use crate::submission::{Manifest, Receipt, Sha256Digest, SubmissionId, Withdrawal};

/// Erased in one transaction: a visit that saves meanwhile waits for no more than this.
const PAGE: i64 = 200;

/// One line of the deletion log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    pub submission_id: String,
    pub picture_sha256: Sha256Digest,
    pub erased_at: Timestamp,
    /// "retention" or "withdrawn".
    pub reason: String,
}

impl Store {
    /// Erases pictures and identities of submissions that were acknowledged before this time, by a receipt
    /// that names the picture; returns how many. Nothing else is ever erased by age.
    pub fn erase_expired(&self, acknowledged_before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let (mut erased, mut after) = (0, 0);
        loop {
            let page = self.expired_after(after, acknowledged_before)?;
            let Some(last) = page.last().map(|record| record.sequence) else { break };
            after = last;
            erased += self.write("erasing pictures", |transaction| {
                let mut erased = 0;
                for record in page.iter().filter(|record| record.receipt_names_picture()) {
                    erase(transaction, record.sequence, &record.manifest, "retention", now)?;
                    erased += 1;
                }
                Ok(erased)
            })?;
        }
        if erased > 0 {
            self.checkpoint()?;
        }
        Ok(erased)
    }

    /// How many photos [`Self::erase_expired`] would look at.
    pub fn expired(&self, acknowledged_before: Timestamp) -> Result<u64, StoreError> {
        self.lock()
            .prepare_cached(
                "SELECT count(*) FROM submissions
                 WHERE state = 'acknowledged' AND acknowledged_at < ?1 AND erased_at IS NULL",
            )
            .and_then(|mut select| select.query_row([acknowledged_before.as_second()], |row| row.get(0)))
            .map_err(doing("counting expired pictures"))
    }

    /// The student withdraws the consent: pictures and identity of this submission, and of every other one made with
    /// its code, are erased at once, and what the server does not have yet is never sent. Returns whether the server
    /// has one of them and must be told.
    pub fn withdraw(&self, id: SubmissionId, now: Timestamp) -> Result<bool, StoreError> {
        type Row = (i64, Vec<u8>, bool, bool);
        let known_to_server = self.write("withdrawing a submission", |transaction| {
            let found: Vec<Row> = transaction
                .prepare_cached(
                    "SELECT sequence, manifest, receipt IS NOT NULL, erased_at IS NOT NULL FROM submissions
                     WHERE code_digest = (SELECT code_digest FROM submissions WHERE submission_id = ?1)
                       AND (withdrawn_at IS NULL OR submission_id = ?1)",
                )?
                .query_map([id.to_string()], |row| row.try_into())?
                .collect::<Result<_, _>>()?;
            if found.is_empty() {
                return Err(StoreError::Unknown(id).into());
            }
            let mut known_to_server = false;
            for (sequence, manifest, acknowledged, erased) in found {
                let state = if acknowledged { "withdrawn_at = ?2" } else { "withdrawn_at = ?2, state = 'withdrawn'" };
                transaction.execute(
                    &format!("UPDATE submissions SET {state} WHERE sequence = ?1 AND withdrawn_at IS NULL"),
                    [sequence, now.as_second()],
                )?;
                if !erased {
                    erase(transaction, sequence, &manifest, "withdrawn", now)?;
                }
                known_to_server |= acknowledged;
            }
            Ok(known_to_server)
        })?;
        self.checkpoint()?;
        Ok(known_to_server)
    }

    /// Withdrawals that the server has not confirmed, oldest submission first. It is told of all of them: a bundle may
    /// have taken the submission along, and an upload's answer may have been lost.
    pub fn withdrawals_to_tell(&self, max_count: usize) -> Result<Vec<Withdrawal>, StoreError> {
        const DOING: &str = "looking for withdrawals";
        let connection = self.lock();
        let mut select = connection
            .prepare_cached(
                "SELECT submission_id, withdrawn_at FROM submissions
                 WHERE withdrawn_at IS NOT NULL AND withdrawal_told_at IS NULL ORDER BY sequence LIMIT ?1",
            )
            .map_err(doing(DOING))?;
        let mut rows = select.query([integer(max_count as u64)]).map_err(doing(DOING))?;
        let mut withdrawals = Vec::new();
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            let (id, withdrawn_at): (String, i64) = row.try_into().map_err(doing(DOING))?;
            let damaged = StoreError::Damaged { doing: DOING };
            let (Ok(submission_id), Ok(withdrawn_at)) = (id.parse(), Timestamp::from_second(withdrawn_at)) else {
                return Err(damaged);
            };
            withdrawals.push(Withdrawal { submission_id, withdrawn_at });
        }
        Ok(withdrawals)
    }

    /// Notes that the server has confirmed these withdrawals; returns how many are new.
    pub fn withdrawals_told(&self, ids: &[SubmissionId], now: Timestamp) -> Result<usize, StoreError> {
        let sql = "UPDATE submissions SET withdrawal_told_at = ?2
                   WHERE submission_id = ?1 AND withdrawn_at IS NOT NULL AND withdrawal_told_at IS NULL";
        self.note_each("noting withdrawals", sql, ids, now)
    }

    /// What was erased, oldest first.
    pub fn deletions(&self) -> Result<Vec<Deletion>, StoreError> {
        const DOING: &str = "reading the deletion log";
        let connection = self.lock();
        let mut select = connection
            .prepare("SELECT submission_id, picture_sha256, erased_at, reason FROM deletions ORDER BY id")
            .map_err(doing(DOING))?;
        let mut rows = select.query([]).map_err(doing(DOING))?;
        let mut log = Vec::new();
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            let (submission_id, digest, erased_at, reason): (String, [u8; 32], i64, String) =
                row.try_into().map_err(doing(DOING))?;
            let erased_at = Timestamp::from_second(erased_at).map_err(|_| StoreError::Damaged { doing: DOING })?;
            log.push(Deletion { submission_id, picture_sha256: Sha256Digest(digest), erased_at, reason });
        }
        Ok(log)
    }

    fn expired_after(&self, sequence: i64, before: Timestamp) -> Result<Vec<Expired>, StoreError> {
        const DOING: &str = "looking for expired pictures";
        let connection = self.lock();
        let mut select = connection
            .prepare_cached(
                "SELECT sequence, manifest, receipt FROM submissions
                 WHERE state = 'acknowledged' AND sequence > ?1 AND acknowledged_at < ?2 AND erased_at IS NULL
                 ORDER BY sequence LIMIT ?3",
            )
            .map_err(doing(DOING))?;
        let rows = select.query_map([sequence, before.as_second(), PAGE], |row| {
            Ok(Expired { sequence: row.get(0)?, manifest: row.get(1)?, receipt: row.get(2)? })
        });
        rows.and_then(Iterator::collect).map_err(doing(DOING))
    }

    /// Empties the log, which still holds the erased keys.
    fn checkpoint(&self) -> Result<(), StoreError> {
        self.lock()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(doing("emptying the database's log"))
    }
}

struct Expired {
    sequence: i64,
    manifest: Vec<u8>,
    receipt: String,
}

impl Expired {
    /// The receipt was verified when it came; this asks once more before the only copy is erased.
    fn receipt_names_picture(&self) -> bool {
        let receipt: Result<Receipt, _> = serde_json::from_str(&self.receipt);
        let manifest = Manifest::from_bytes(&self.manifest);
        matches!((receipt, manifest), (Ok(receipt), Ok(manifest)) if receipt.picture_sha256 == manifest.picture.sha256)
    }
}

fn erase(
    transaction: &Transaction<'_>,
    sequence: i64,
    manifest: &[u8],
    reason: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let manifest = Manifest::from_bytes(manifest)?;
    transaction
        .prepare_cached("UPDATE submissions SET erased_at = ?2 WHERE sequence = ?1")?
        .execute([sequence, now.as_second()])?;
    for table in ["record_keys", "pictures", "identities", "number_tails", "checks"] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE sequence = ?1"))?.execute([sequence])?;
    }
    let id = manifest.submission_id.to_string();
    transaction.prepare_cached("DELETE FROM contacts WHERE submission_id = ?1")?.execute([&id])?;
    transaction
        .prepare_cached(
            "INSERT INTO deletions (submission_id, picture_sha256, erased_at, reason) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((id, manifest.picture.sha256.0.as_slice(), now.as_second(), reason))?;
    Ok(())
}
