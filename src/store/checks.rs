//! What the checks of a photo measured: sealed like the picture, erased with it.

use rusqlite::Transaction;
use zeroize::Zeroizing;

use super::error::Failure;
use super::vault::{Kind, Vault};
use super::{Store, StoreError};
use crate::submission::{CheckRecord, Draft, SubmissionId};

/// Part of the transaction that stores the submission.
pub(super) fn put(transaction: &Transaction<'_>, vault: &Vault, sequence: i64, draft: &Draft) -> Result<(), Failure> {
    if draft.checks.is_empty() {
        return Ok(());
    }
    let damaged = |_| StoreError::Damaged { doing: "saving a submission" };
    let json = Zeroizing::new(serde_json::to_vec(&draft.checks).map_err(damaged)?);
    let sealed = vault.seal(Kind::Checks, &draft.submission_id.to_string(), &json)?;
    transaction.prepare_cached("INSERT INTO checks (sequence, key, sealed) VALUES (?1, ?2, ?3)")?.execute((
        sequence,
        sealed.key,
        sealed.content,
    ))?;
    Ok(())
}

impl Store {
    /// What was measured on a submission's photo; nothing once that is erased, and of records that an earlier
    /// program saved.
    pub fn checks(&self, id: SubmissionId) -> Result<Vec<CheckRecord>, StoreError> {
        let damaged = |_| StoreError::Damaged { doing: "reading the checks of a photo" };
        let json = self.open_sealed(id, Kind::Checks)?;
        json.map_or_else(|| Ok(Vec::new()), |json| serde_json::from_slice(&json).map_err(damaged))
    }
}
