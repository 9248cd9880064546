//! What operators did: appended, signed by the booth's key and chained like the submissions, never changed
//! and never deleted. It names roles, actions and submissions; nobody's name, no code, no PIN.

use std::sync::PoisonError;

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::error::{Failure, doing};
use super::{Store, StoreError};
use crate::submission::{DeviceKey, PublicKey, Sha256Digest, Signature, Signed, canonical};

/// One thing that was done. Its canonical JSON is what is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// From 1, without gaps.
    pub sequence: u64,
    /// Digest of the entry before; zeros for the first.
    pub previous: Sha256Digest,
    #[serde(with = "crate::submission::utc_seconds")]
    pub at: Timestamp,
    /// `staff`, `supervisor`, `nobody` for whoever knows no PIN, or `command_line` for whoever has the machine.
    pub actor: String,
    /// Such as `export`.
    pub action: String,
    /// What it was done to: a submission's id, a role; empty where there is nothing to say.
    pub subject: String,
}

/// What to append.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    pub actor: &'a str,
    pub action: &'a str,
    pub subject: &'a str,
}

/// Why the audit log is not sound.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {place} of the audit log is not sound: {problem}")]
pub struct AuditError {
    pub place: u64,
    pub problem: &'static str,
}

/// An entry's bytes and their signature.
type Stored = (Vec<u8>, Vec<u8>);

/// Entries read at once.
const PAGE: u32 = 256;
const READING: &str = "reading the audit log";

impl Store {
    /// Appends one entry.
    pub fn note_action(&self, key: &DeviceKey, at: Timestamp, noted: Noted<'_>) -> Result<(), StoreError> {
        const DOING: &str = "writing the audit log";
        let sequence = self.write(DOING, |transaction| {
            let newest: Option<(u64, Vec<u8>)> = transaction
                .prepare_cached("SELECT sequence, entry FROM audit_log ORDER BY sequence DESC LIMIT 1")?
                .query_row([], |row| row.try_into())
                .optional()?;
            let (sequence, previous) =
                newest.map_or((1, Sha256Digest::ZERO), |(sequence, entry)| (sequence + 1, Sha256Digest::of(&entry)));
            let entry = AuditEntry {
                sequence,
                previous,
                at: Timestamp::from_second(at.as_second()).unwrap_or(at),
                actor: noted.actor.to_owned(),
                action: noted.action.to_owned(),
                subject: noted.subject.to_owned(),
            };
            let bytes = canonical::to_bytes(&entry).map_err(|_| Failure::Ours(StoreError::Damaged { doing: DOING }))?;
            let signature = key.sign(Signed::Audit, &bytes);
            transaction
                .prepare_cached("INSERT INTO audit_log (sequence, entry, signature) VALUES (?1, ?2, ?3)")?
                .execute((sequence, bytes, signature.0.as_slice()))?;
            Ok(sequence)
        })?;
        self.set_audit_mark(sequence);
        Ok(())
    }

    /// At most `count` entries before a place, newest first.
    pub fn audit_entries(&self, before: Option<u64>, count: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let connection = self.lock();
        let mut select = connection
            .prepare_cached("SELECT entry FROM audit_log WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2")
            .map_err(doing(READING))?;
        let before = before.map_or(i64::MAX, |sequence| i64::try_from(sequence).unwrap_or(i64::MAX));
        let rows = select.query_map((before, count), |row| row.get::<_, Vec<u8>>(0)).map_err(doing(READING))?;
        rows.map(|bytes| {
            let bytes = bytes.map_err(doing(READING))?;
            canonical::from_bytes(&bytes).map_err(|_| StoreError::Damaged { doing: READING })
        })
        .collect()
    }

    /// Checks every entry: signature, number, link, and that the newest are there. Returns how many there
    /// are, or the first that is wrong.
    pub fn verify_audit_log(&self, device: PublicKey) -> Result<Result<u64, AuditError>, StoreError> {
        // Before the entries: a booth that runs moves the mark on after them.
        let marked = self.audit_mark();
        let (mut last, mut previous) = (0, Sha256Digest::ZERO);
        loop {
            let page = self.audit_after(last)?;
            if page.is_empty() {
                break;
            }
            for (bytes, signature) in page {
                let wrong = |problem| Ok(Err(AuditError { place: last + 1, problem }));
                let signature = Signature::from_slice(&signature);
                if !signature.is_ok_and(|signature| device.verifies(Signed::Audit, &bytes, &signature)) {
                    return wrong("it was not signed by this booth's key, or was altered");
                }
                let Ok(entry) = canonical::from_bytes::<AuditEntry>(&bytes) else {
                    return wrong("it cannot be read");
                };
                if entry.sequence != last + 1 || entry.previous != previous {
                    return wrong("an entry before it is missing");
                }
                (last, previous) = (entry.sequence, Sha256Digest::of(&bytes));
            }
        }
        if last < marked {
            return Ok(Err(AuditError { place: last + 1, problem: "it and what came after it are missing" }));
        }
        Ok(Ok(last))
    }

    fn audit_after(&self, sequence: u64) -> Result<Vec<Stored>, StoreError> {
        let connection = self.lock();
        let mut select = connection
            .prepare_cached("SELECT entry, signature FROM audit_log WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")
            .map_err(doing(READING))?;
        let rows = select.query_map((sequence, PAGE), |row| row.try_into()).map_err(doing(READING))?;
        rows.collect::<Result<_, _>>().map_err(doing(READING))
    }

    /// How far the log had come; 0 where that is not known.
    fn audit_mark(&self) -> u64 {
        let Some(mark) = &self.audit_mark else { return 0 };
        mark.lock().unwrap_or_else(PoisonError::into_inner).newest().unwrap_or(0)
    }

    /// What was logged is logged, mark or not.
    fn set_audit_mark(&self, newest: u64) {
        if newest > self.audit_mark()
            && let Some(mark) = &self.audit_mark
            && let Err(error) = mark.lock().unwrap_or_else(PoisonError::into_inner).set(newest)
        {
            tracing::warn!(%error, "the audit log's mark beside the database cannot be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreKey;

    fn booth() -> (tempfile::TempDir, Store, DeviceKey) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kiosk.db"), &StoreKey::from_bytes([1; 32])).unwrap();
        let key = DeviceKey::from_seed(&[2; 32]);
        for (number, action) in ["unlock", "pause", "resume"].into_iter().enumerate() {
            let at = Timestamp::from_second(1_780_000_000 + number as i64).unwrap();
            store.note_action(&key, at, Noted { actor: "staff", action, subject: "" }).unwrap();
        }
        (folder, store, key)
    }

    #[test]
    fn what_was_done_is_read_back_newest_first_page_by_page() {
        let (_folder, store, key) = booth();
        let actions = |before, count| -> Vec<String> {
            store.audit_entries(before, count).unwrap().into_iter().map(|entry| entry.action).collect()
        };
        assert_eq!(actions(None, 2), ["resume", "pause"]);
        assert_eq!(actions(Some(2), 2), ["unlock"]);
        assert_eq!(store.verify_audit_log(key.public()).unwrap(), Ok(3));
    }

    #[test]
    fn the_database_itself_refuses_changes() {
        let (_folder, store, _) = booth();
        for statement in
            ["UPDATE audit_log SET entry = x'00' WHERE sequence = 2", "DELETE FROM audit_log WHERE sequence = 3"]
        {
            let error = store.lock().execute_batch(statement).unwrap_err().to_string();
            assert!(error.contains("audit entry"), "{statement}: {error}");
        }
    }

    #[test]
    fn an_entry_that_was_altered_removed_or_forged_is_found() {
        const ALTERED: &str = "it was not signed by this booth's key, or was altered";
        let entry = "CAST(replace(CAST(entry AS TEXT), 'pause', 'purge') AS BLOB)";
        for (statement, place, problem) in [
            (format!("UPDATE audit_log SET entry = {entry} WHERE sequence = 2"), 2, ALTERED),
            ("DELETE FROM audit_log WHERE sequence = 2".to_owned(), 2, "an entry before it is missing"),
            ("DELETE FROM audit_log WHERE sequence = 1".to_owned(), 1, "an entry before it is missing"),
            ("DELETE FROM audit_log WHERE sequence = 3".to_owned(), 3, "it and what came after it are missing"),
            ("DELETE FROM audit_log".to_owned(), 1, "it and what came after it are missing"),
        ] {
            let (folder, store, key) = booth();
            let triggers =
                "DROP TRIGGER an_audit_entry_is_never_changed; DROP TRIGGER an_audit_entry_is_never_deleted;";
            store.lock().execute_batch(&format!("{triggers} {statement}")).unwrap();
            assert_eq!(
                store.verify_audit_log(key.public()).unwrap(),
                Err(AuditError { place, problem }),
                "{statement}"
            );
            drop(store);
            let again = Store::open(&folder.path().join("kiosk.db"), &StoreKey::from_bytes([1; 32])).unwrap();
            assert!(again.verify_audit_log(key.public()).unwrap().is_err(), "a restart forgets it: {statement}");
        }
        let (_folder, store, _) = booth();
        let stranger = DeviceKey::from_seed(&[3; 32]).public();
        assert_eq!(store.verify_audit_log(stranger).unwrap(), Err(AuditError { place: 1, problem: ALTERED }));
    }
}
