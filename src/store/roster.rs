//! The roster: which collection codes this booth serves, and what the confirm screen shows for each.
//! Replaced as a whole, so a booth never serves half of an old list and half of a new one.

use rusqlite::OptionalExtension;

use super::error::{Failure, doing};
use super::{Store, StoreError};
use crate::code::{CodeDigest, Enrolment};

impl Store {
    /// Replaces the whole roster, or on any error leaves the old one.
    pub fn replace_roster(&self, roster: &[(CodeDigest, Enrolment)]) -> Result<(), StoreError> {
        const DOING: &str = "replacing the roster";
        self.write(DOING, |transaction| {
            transaction.execute("DELETE FROM roster", [])?;
            let mut insert =
                transaction.prepare_cached("INSERT OR REPLACE INTO roster (code_digest, enrolment) VALUES (?1, ?2)")?;
            for (code, enrolment) in roster {
                let enrolment = serde_json::to_string(enrolment)
                    .map_err(|_| Failure::Ours(StoreError::Damaged { doing: DOING }))?;
                insert.execute((code.0.as_slice(), enrolment))?;
            }
            Ok(())
        })
    }

    /// What the roster knows about a code.
    pub fn find_enrolment(&self, code: CodeDigest) -> Result<Option<Enrolment>, StoreError> {
        const DOING: &str = "looking up a code";
        let found: Option<String> = self
            .lock()
            .prepare_cached("SELECT enrolment FROM roster WHERE code_digest = ?1")
            .and_then(|mut select| select.query_row([code.0.as_slice()], |row| row.get(0)).optional())
            .map_err(doing(DOING))?;
        found.map(|json| serde_json::from_str(&json).map_err(|_| StoreError::Damaged { doing: DOING })).transpose()
    }

    /// Number of codes in the roster.
    pub fn roster_size(&self) -> Result<u64, StoreError> {
        self.lock()
            .query_row("SELECT count(*) FROM roster", [], |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
            .map_err(doing("counting the roster"))
    }
}
