//! The queue: submissions in the order they were signed, and what became of each.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::submission::chain::{BrokenRecord, Chain, Flaw};
use crate::submission::manifest::Manifest;
use crate::submission::receipt::Receipt;
use crate::submission::signature::{Message, PrivateKey, PublicKey};
use crate::submission::{Digest, Draft, Record};

/// Where a saved submission stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    pub sequence: u64,
    pub order_number: String,
}

/// How many submissions are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: u64,
    pub acknowledged: u64,
    pub rejected: u64,
}

const RECORD: &str = "submission_id, sequence, manifest, signature, jpeg";

impl Store {
    /// Signs a draft at the end of the chain and stores it, in one transaction: afterwards it is there
    /// whole, or not at all. A draft whose id is stored already changes nothing.
    pub fn append(&self, draft: &Draft<'_>, key: &PrivateKey, now: Timestamp) -> Result<Appended, StoreError> {
        let transaction = self.immediate()?;
        let known = transaction
            .query_row(
                "SELECT sequence, order_number FROM submissions WHERE submission_id = ?1",
                [draft.submission_id.to_string()],
                |row| Ok(Appended { sequence: row.get(0)?, order_number: row.get(1)? }),
            )
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        let last: Option<(u64, [u8; 32])> = transaction
            .query_row("SELECT sequence, manifest_sha256 FROM submissions ORDER BY sequence DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (sequence, previous) = last.map_or((1, Digest::NONE), |(sequence, digest)| (sequence + 1, Digest(digest)));
        let manifest = Manifest::new(draft, sequence, previous, now);
        let bytes = manifest.to_bytes();
        let signature = key.sign(Message::Manifest, &bytes);
        transaction.execute(
            "INSERT INTO submissions (sequence, submission_id, order_number, manifest, manifest_sha256, previous_sha256, \
             signature, jpeg) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                sequence,
                draft.submission_id.to_string(),
                manifest.order_number,
                bytes,
                Digest::of(&bytes).0.as_slice(),
                previous.0.as_slice(),
                signature.as_slice(),
                draft.jpeg,
            ],
        )?;
        transaction.commit()?;
        Ok(Appended { sequence, order_number: manifest.order_number })
    }

    /// The oldest submissions without a receipt: at most `count`, and of pictures at most `bytes`, but
    /// always one if there is any.
    pub fn next_batch(&self, count: usize, bytes: usize) -> Result<Vec<Record>, StoreError> {
        let sql = format!("SELECT {RECORD} FROM submissions WHERE state = 'pending' ORDER BY sequence LIMIT ?1");
        let mut query = self.connection.prepare_cached(&sql)?;
        let mut rows = query.query([count as i64])?;
        let mut batch = Vec::new();
        let mut size = 0;
        while let Some(row) = rows.next()? {
            let record = record(row)?;
            size += record.manifest.len() + record.jpeg.len();
            if size > bytes && !batch.is_empty() {
                break;
            }
            batch.push(record);
        }
        Ok(batch)
    }

    /// Marks a submission as received. The receipt must have been checked against the record.
    pub fn acknowledge(&self, record: &Record, receipt: &Receipt) -> Result<(), StoreError> {
        let text = serde_json::to_string(receipt).expect("plain data");
        self.connection.execute(
            "UPDATE submissions SET state = 'acknowledged', receipt = ?3, last_answer = NULL \
             WHERE submission_id = ?1 AND manifest_sha256 = ?2 AND state <> 'acknowledged'",
            params![record.submission_id.to_string(), record.digest().0.as_slice(), text],
        )?;
        Ok(())
    }

    /// Notes that an attempt did not end with a receipt. The submission stays in the queue.
    pub fn note_attempt(&self, record: &Record, answer: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE submissions SET attempts = attempts + 1, last_answer = ?2 WHERE submission_id = ?1",
            params![record.submission_id.to_string(), answer],
        )?;
        Ok(())
    }

    /// The server will never take this one as it is: staff have to look at it. It is kept.
    pub fn reject(&self, record: &Record, reason: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE submissions SET state = 'rejected', attempts = attempts + 1, last_answer = ?2 \
             WHERE submission_id = ?1 AND state = 'pending'",
            params![record.submission_id.to_string(), reason],
        )?;
        Ok(())
    }

    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        let mut query = self.connection.prepare_cached("SELECT state, count(*) FROM submissions GROUP BY state")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(1)?;
            match row.get_ref(0)?.as_str().unwrap_or_default() {
                "pending" => counts.pending = number,
                "acknowledged" => counts.acknowledged = number,
                _ => counts.rejected += number,
            }
        }
        Ok(counts)
    }

    /// Checks every signature, digest and link. Returns how many records there are.
    pub fn verify(&self, key: PublicKey) -> Result<u64, StoreError> {
        let mut query = self.connection.prepare(&format!("SELECT {RECORD} FROM submissions ORDER BY sequence"))?;
        let mut rows = query.query([])?;
        let mut chain = Chain::default();
        let mut records = 0;
        while let Some(row) = rows.next()? {
            chain.accept(&record(row)?, key)?;
            records += 1;
        }
        Ok(records)
    }
}

fn record(row: &Row<'_>) -> Result<Record, StoreError> {
    let sequence = row.get(1)?;
    let id: String = row.get(0)?;
    let submission_id =
        id.parse().map_err(|_| StoreError::Unreadable(BrokenRecord { sequence, flaw: Flaw::Manifest }))?;
    Ok(Record { submission_id, sequence, manifest: row.get(2)?, signature: row.get(3)?, jpeg: row.get(4)? })
}
