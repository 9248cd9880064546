//! What belongs to a submission but not into its signed record: whether it was paid, which the server is told when
//! staff took the fee, and the phone number. And the newest record of a collection code, for the personal centre.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};
use zeroize::Zeroizing;

use super::error::{Failure, doing};
use super::queue::{DeliveryState, integer};
use super::vault::{Kind, Vault};
use super::{Store, StoreError};
use crate::code::CodeDigest;
use crate::submission::{Draft, FeeTaken, Manifest, Status, SubmissionId};

/// The newest submission of a code.
pub struct Account {
    pub manifest: Manifest,
    pub state: DeliveryState,
    /// Code of what the central server refused, while it is parked.
    pub refusal: Option<String>,
    pub acknowledged_at: Option<Timestamp>,
    /// The server's last word, if any came. [`Store::statuses_as_of`] says how old it may be.
    pub status: Option<Status>,
    /// Gone once it is erased.
    pub jpeg: Option<Zeroizing<Vec<u8>>>,
    pub paid: bool,
}

/// `told_at` is when the server knew it, if it does.
pub(super) fn paid(
    transaction: &Transaction<'_>,
    id: SubmissionId,
    paid_at: Timestamp,
    told_at: Option<Timestamp>,
) -> Result<bool, Failure> {
    let changed = transaction
        .prepare_cached("UPDATE orders SET paid_at = ?2, told_at = ?3 WHERE submission_id = ?1 AND paid_at IS NULL")?
        .execute((id.to_string(), paid_at.as_second(), told_at.map(Timestamp::as_second)))?;
    Ok(changed > 0)
}

/// Part of the transaction that stores the submission.
pub(super) fn open(transaction: &Transaction<'_>, vault: &Vault, draft: &Draft) -> Result<(), Failure> {
    let id = draft.submission_id.to_string();
    transaction
        .prepare_cached(
            "UPDATE orders SET replaced = 1 WHERE paid_at IS NULL AND submission_id IN
             (SELECT submission_id FROM submissions WHERE code_digest = ?1 AND submission_id <> ?2)",
        )?
        .execute((draft.code.0.as_slice(), &id))?;
    if draft.payment.is_some() {
        transaction.prepare_cached("INSERT INTO orders (submission_id) VALUES (?1)")?.execute([&id])?;
    }
    if let Some(contact) = &draft.contact {
        let phone = vault.seal(Kind::Contact, &id, contact.phone.expose().as_bytes())?;
        transaction
            .prepare_cached("INSERT INTO contacts (submission_id, key, sealed) VALUES (?1, ?2, ?3)")?
            .execute((&id, phone.key, phone.content))?;
    }
    Ok(())
}

impl Store {
    /// The newest submission made with this code; one that was withdrawn is nobody's.
    pub fn find_account(&self, code: CodeDigest) -> Result<Option<Account>, StoreError> {
        const DOING: &str = "looking up an earlier photo";
        const DAMAGED: StoreError = StoreError::Damaged { doing: DOING };
        type Row = (Vec<u8>, String, Option<String>, Option<i64>, bool, Option<String>);
        let found: Option<Row> = self
            .lock()
            .prepare_cached(
                "SELECT manifest, state, last_error, acknowledged_at, paid_at IS NOT NULL, status
                 FROM submissions LEFT JOIN orders USING (submission_id) LEFT JOIN statuses USING (submission_id)
                 WHERE code_digest = ?1 AND withdrawn_at IS NULL ORDER BY sequence DESC LIMIT 1",
            )
            .and_then(|mut select| select.query_row([code.0.as_slice()], |row| row.try_into()).optional())
            .map_err(doing(DOING))?;
        let Some((manifest, state, last_error, acknowledged_at, paid, status)) = found else { return Ok(None) };
        let manifest = Manifest::from_bytes(&manifest).map_err(|_| DAMAGED)?;
        let state = DeliveryState::from_column(&state).ok_or(DAMAGED)?;
        let parked = matches!(state, DeliveryState::Rejected | DeliveryState::Conflict);
        Ok(Some(Account {
            jpeg: self.picture(manifest.submission_id)?,
            manifest,
            state,
            refusal: if parked { last_error } else { None },
            acknowledged_at: acknowledged_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
            status: status.map(|json| serde_json::from_str(&json).map_err(|_| DAMAGED)).transpose()?,
            paid,
        }))
    }

    /// Notes that the server says that an order was paid. Returns false when nothing was due.
    pub fn mark_paid(&self, id: SubmissionId, now: Timestamp) -> Result<bool, StoreError> {
        self.write("noting a payment", |transaction| paid(transaction, id, now, Some(now)))
    }

    /// Notes that staff took the fee, which the server is told. Returns false when nothing was due.
    pub fn take_fee(&self, id: SubmissionId, now: Timestamp) -> Result<bool, StoreError> {
        self.write("noting a payment", |transaction| paid(transaction, id, now, None))
    }

    /// Fees that staff took and that the server has not confirmed, oldest submission first.
    pub fn fees_to_tell(&self, max_count: usize) -> Result<Vec<FeeTaken>, StoreError> {
        const DOING: &str = "looking for fees";
        const DAMAGED: StoreError = StoreError::Damaged { doing: DOING };
        let connection = self.lock();
        let mut select = connection
            .prepare_cached(
                "SELECT manifest, paid_at FROM orders INDEXED BY fees_to_tell
                 CROSS JOIN submissions USING (submission_id)
                 WHERE paid_at IS NOT NULL AND told_at IS NULL ORDER BY orders.submission_id LIMIT ?1",
            )
            .map_err(doing(DOING))?;
        let mut rows = select.query([integer(max_count as u64)]).map_err(doing(DOING))?;
        let mut fees = Vec::new();
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            let (manifest, paid_at): (Vec<u8>, i64) = row.try_into().map_err(doing(DOING))?;
            let manifest = Manifest::from_bytes(&manifest).map_err(|_| DAMAGED)?;
            fees.push(FeeTaken {
                submission_id: manifest.submission_id,
                taken_at: Timestamp::from_second(paid_at).map_err(|_| DAMAGED)?,
                fee_fen: manifest.payment.map_or(0, |terms| terms.fee_fen),
            });
        }
        Ok(fees)
    }

    /// Notes that the server has confirmed these fees; returns how many are new.
    pub fn fees_told(&self, ids: &[SubmissionId], now: Timestamp) -> Result<usize, StoreError> {
        let sql = "UPDATE orders SET told_at = ?2 WHERE submission_id = ?1 AND paid_at IS NOT NULL AND told_at IS NULL";
        self.note_each("noting fees", sql, ids, now)
    }

    /// The phone number of a submission's student.
    pub fn find_phone(&self, id: SubmissionId) -> Result<Option<Zeroizing<String>>, StoreError> {
        let phone = self.open_sealed(id, Kind::Contact)?;
        let damaged = |_| StoreError::Damaged { doing: "reading a phone number" };
        phone
            .map(|phone| std::str::from_utf8(&phone).map(|text| Zeroizing::new(text.to_owned())).map_err(damaged))
            .transpose()
    }
}
