//! The roster: which collection codes this booth serves, and what the confirm screen shows for each.
//! Changed in one transaction, so a booth never serves half of an old list and half of a new one.

use std::collections::{HashMap, HashSet};

use rusqlite::OptionalExtension;
use zeroize::Zeroizing;

use super::error::{Failure, doing};
use super::{Store, StoreError};
use crate::code::{CodeDigest, Enrolment};

/// What an import did to the roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RosterChanges {
    pub added: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub removed: usize,
}

impl Store {
    /// Adds the students and updates those that are known; with `replace` whoever is not among them is
    /// removed. All of it happens or nothing. The caller's order is changed to the table's own, which is written
    /// several times as fast.
    pub fn update_roster(
        &self,
        roster: &mut [(CodeDigest, Enrolment)],
        replace: bool,
    ) -> Result<RosterChanges, StoreError> {
        const DOING: &str = "updating the roster";
        roster.sort_unstable_by_key(|(code, _)| *code);
        self.write(DOING, |transaction| {
            let mut changes = RosterChanges::default();
            let mut find = transaction.prepare("SELECT enrolment FROM roster WHERE code_digest = ?1")?;
            let mut put =
                transaction.prepare("INSERT OR REPLACE INTO roster (code_digest, enrolment) VALUES (?1, ?2)")?;
            for (code, enrolment) in roster.iter() {
                let json = Zeroizing::new(
                    serde_json::to_string(enrolment)
                        .map_err(|_| Failure::Ours(StoreError::Damaged { doing: DOING }))?,
                );
                let code = code.0.as_slice();
                let old: Option<String> = find.query_row([code], |row| row.get(0)).optional()?;
                match old.map(Zeroizing::new) {
                    Some(old) if old == json => changes.unchanged += 1,
                    old => {
                        put.execute((code, json.as_str()))?;
                        *(if old.is_some() { &mut changes.updated } else { &mut changes.added }) += 1;
                    }
                }
            }
            if replace {
                let stay: HashSet<[u8; 32]> = roster.iter().map(|(code, _)| code.0).collect();
                let known: Vec<[u8; 32]> = transaction
                    .prepare("SELECT code_digest FROM roster")?
                    .query_map([], |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?;
                let mut remove = transaction.prepare("DELETE FROM roster WHERE code_digest = ?1")?;
                for code in known.iter().filter(|code| !stay.contains(*code)) {
                    changes.removed += remove.execute([code.as_slice()])?;
                }
            }
            Ok(changes)
        })
    }

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

    /// The most frequent schools, categories, levels and majors: of a sample, since a roster is large.
    pub fn roster_values(&self) -> Result<[Vec<String>; 4], StoreError> {
        const DOING: &str = "looking through the roster";
        const SAMPLE: u32 = 4000;
        let connection = self.lock();
        // Digests have no order, so the first ones are any.
        let mut select = connection
            .prepare_cached("SELECT enrolment FROM roster ORDER BY code_digest LIMIT ?1")
            .map_err(doing(DOING))?;
        let rows = select.query_map([SAMPLE], |row| row.get::<_, String>(0)).map_err(doing(DOING))?;
        let mut counts: [HashMap<String, usize>; 4] = Default::default();
        for json in rows {
            let enrolment: Enrolment =
                serde_json::from_str(&json.map_err(doing(DOING))?).map_err(|_| StoreError::Damaged { doing: DOING })?;
            let values = [&enrolment.school, &enrolment.category, &enrolment.level, &enrolment.major];
            for (count, value) in counts.iter_mut().zip(values) {
                *count.entry(value.clone()).or_default() += 1;
            }
        }
        Ok(counts.map(|count| {
            let mut values: Vec<_> = count.into_iter().collect();
            values.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
            values.into_iter().map(|(value, _)| value).collect()
        }))
    }

    /// Number of codes in the roster.
    pub fn roster_size(&self) -> Result<u64, StoreError> {
        self.lock()
            .query_row("SELECT count(*) FROM roster", [], |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
            .map_err(doing("counting the roster"))
    }
}
