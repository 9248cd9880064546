//! Tells the central server what the booth states about submissions that were made before, until it confirms: which
//! students withdrew their consent, and which fees staff took.

use jiff::Timestamp;
use serde::Serialize;

use super::client::HttpUploader;
use super::live::NotReachable;
use super::wire::{FEES_PATH, SCHEMA, StatementAnswer, StatementBatch, WITHDRAWALS_PATH};
use crate::store::{Store, StoreError};
use crate::submission::{DeviceKey, SignedStatement, Statement, SubmissionId};

const BATCH: usize = 100;

/// How many the server has confirmed just now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub withdrawals: usize,
    pub fees: usize,
}

/// Tells what was not confirmed yet. Without the server everything is told again later; an error is the store's.
pub fn tell(store: &Store, uploader: &HttpUploader, booth: &DeviceKey, now: Timestamp) -> Result<Told, StoreError> {
    let post = |path, batch: &StatementBatch| uploader.tell(path, batch);
    Ok(Told {
        withdrawals: tell_all(
            booth,
            || store.withdrawals_to_tell(BATCH),
            |batch| post(WITHDRAWALS_PATH, batch),
            |ids| store.withdrawals_told(ids, now),
        )?,
        fees: tell_all(
            booth,
            || store.fees_to_tell(BATCH),
            |batch| post(FEES_PATH, batch),
            |ids| store.fees_told(ids, now),
        )?,
    })
}

fn tell_all<S: Statement>(
    booth: &DeviceKey,
    next: impl Fn() -> Result<Vec<S>, StoreError>,
    post: impl Fn(&StatementBatch) -> Result<Vec<SubmissionId>, NotReachable>,
    note: impl Fn(&[SubmissionId]) -> Result<usize, StoreError>,
) -> Result<usize, StoreError> {
    let mut told = 0;
    loop {
        let statements = next()?;
        if statements.is_empty() {
            return Ok(told);
        }
        let batch = StatementBatch { schema: SCHEMA, device: booth.public(), statements: signed(&statements, booth)? };
        let Ok(mut confirmed) = post(&batch) else { return Ok(told) };
        // Only what was asked: an answer about something else is nobody's.
        confirmed.retain(|id| statements.iter().any(|statement| statement.submission_id() == *id));
        let new = note(&confirmed)?;
        told += new;
        if new == 0 {
            return Ok(told);
        }
    }
}

/// Signs each of them.
pub fn signed<S: Statement>(statements: &[S], booth: &DeviceKey) -> Result<Vec<SignedStatement>, StoreError> {
    let sign = |statement| SignedStatement::sign(statement, booth);
    let damaged = |_| StoreError::Damaged { doing: "signing what the server is told" };
    statements.iter().map(|statement| sign(statement).map_err(damaged)).collect()
}

impl HttpUploader {
    fn tell(&self, path: &str, batch: &impl Serialize) -> Result<Vec<SubmissionId>, NotReachable> {
        let answer: StatementAnswer = self.ask(path, batch)?;
        if answer.schema == SCHEMA { Ok(answer.confirmed) } else { Err(NotReachable) }
    }
}
