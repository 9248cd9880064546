//! Tells the central server which students withdrew their consent, until it says that it has erased what it had.

use jiff::Timestamp;

use super::client::HttpUploader;
use super::live::NotReachable;
use super::wire::{SCHEMA, WITHDRAWALS_PATH, WithdrawalAnswer, WithdrawalBatch};
use crate::store::{Store, StoreError};
use crate::submission::{DeviceKey, SubmissionId};

const BATCH: usize = 100;

/// Tells what was not told yet and returns how many the server has confirmed. Without the server everything is told
/// again later; an error is the store's.
pub fn tell_withdrawals(
    store: &Store,
    uploader: &HttpUploader,
    booth: &DeviceKey,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut told = 0;
    loop {
        let withdrawals = store.withdrawals_to_tell(BATCH)?;
        if withdrawals.is_empty() {
            return Ok(told);
        }
        let signed = withdrawals.iter().map(|withdrawal| withdrawal.sign(booth)).collect::<Result<_, _>>();
        let signed = signed.map_err(|_| StoreError::Damaged { doing: "telling withdrawals" })?;
        let batch = WithdrawalBatch { schema: SCHEMA, device: booth.public(), withdrawals: signed };
        let Ok(mut erased) = uploader.withdraw(&batch) else { return Ok(told) };
        // Only what was asked: an answer about something else is nobody's.
        erased.retain(|id| withdrawals.iter().any(|withdrawal| withdrawal.submission_id == *id));
        let confirmed = store.withdrawals_told(&erased, now)?;
        told += confirmed;
        if confirmed == 0 {
            return Ok(told);
        }
    }
}

impl HttpUploader {
    fn withdraw(&self, batch: &WithdrawalBatch) -> Result<Vec<SubmissionId>, NotReachable> {
        let answer: WithdrawalAnswer = self.ask(WITHDRAWALS_PATH, batch)?;
        if answer.schema == SCHEMA { Ok(answer.erased) } else { Err(NotReachable) }
    }
}
