//! What can still be read of a database of which a part is damaged, or of a copy of one: record by record, each by
//! itself. SQLCipher gives up a connection at the first page that does not prove itself, so that the next record gets
//! another one.

use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension as _;

use super::error::doing;
use super::mark::{self, Mark};
use super::queue::{PACKED, Pending, integer, pending};
use super::{LOOKING_FOR_THE_END, Store, StoreError, StoreKey, counted_records, newest_record};

/// Reads a database's waiting records and changes nothing.
pub struct Salvage<'a> {
    path: PathBuf,
    key: &'a StoreKey,
    store: Store,
    next: u64,
    newest: u64,
    unreadable: Vec<u64>,
}

impl<'a> Salvage<'a> {
    pub fn open(path: &Path, key: &'a StoreKey) -> Result<Self, StoreError> {
        // The end may be what is damaged; how many were counted says where it was, and so does the mark beside the
        // database. A copy has none.
        let mut found = Vec::new();
        for end in [newest_record, counted_records] {
            let store = Store::open_as_it_is(path, key)?;
            found.extend(end(&store.lock()));
        }
        let marked = Mark::look(path, mark::RECORDS).ok().flatten().map_or(0, |mut mark| mark.newest().unwrap_or(0));
        found.extend(Some(marked).filter(|marked| *marked > 0));
        let newest = found.into_iter().max().ok_or(StoreError::Damaged { doing: LOOKING_FOR_THE_END })?;
        let store = Store::open_as_it_is(path, key)?;
        Ok(Self { path: path.to_owned(), key, store, next: 1, newest, unreadable: Vec::new() })
    }

    /// The next at most `count` records without a receipt that can be read; none at the end.
    pub fn next_batch(&mut self, count: usize) -> Result<Vec<Pending>, StoreError> {
        let mut batch = Vec::new();
        while self.next <= self.newest && batch.len() < count {
            match self.store.waiting(self.next) {
                Ok(record) => batch.extend(record),
                Err(_) => {
                    self.unreadable.push(self.next);
                    self.store = Store::open_as_it_is(&self.path, self.key)?;
                }
            }
            self.next += 1;
        }
        Ok(batch)
    }

    /// Places in the chain of what could not be read so far, whether it waits or not.
    pub fn unreadable(&self) -> &[u64] {
        &self.unreadable
    }
}

impl Store {
    /// The record at a place in the chain with all that is sent of it, if it has no receipt and its picture is there.
    fn waiting(&self, sequence: u64) -> Result<Option<Pending>, StoreError> {
        const DOING: &str = "reading one record";
        let record = {
            let connection = self.lock();
            let mut select = connection
                .prepare_cached(&format!("{PACKED} WHERE sequence = ?1 AND receipt IS NULL AND withdrawn_at IS NULL"))
                .map_err(doing(DOING))?;
            let found = select.query_row([integer(sequence)], |row| Ok(pending(row, &self.vault))).optional();
            found.map_err(doing(DOING))?.transpose().map_err(|failure| failure.while_doing(DOING))?
        };
        if let Some(record) = &record {
            self.find_phone(record.submission_id)?;
        }
        Ok(record)
    }
}
