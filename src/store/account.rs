//! What belongs to a submission but not into its signed record: whether it was paid, and the phone
//! number. And the newest record of a collection code, for the personal centre.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};
use zeroize::Zeroizing;

use super::error::{Failure, doing};
use super::queue::DeliveryState;
use super::vault::{Kind, Vault};
use super::{Store, StoreError};
use crate::code::CodeDigest;
use crate::submission::{Draft, Manifest, Status, SubmissionId};

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

/// Part of the transaction that stores the submission.
pub(super) fn open(transaction: &Transaction<'_>, vault: &Vault, draft: &Draft) -> Result<(), Failure> {
    let id = draft.submission_id.to_string();
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

    /// Notes that an order was paid. Returns false when nothing was due.
    pub fn mark_paid(&self, id: SubmissionId, now: Timestamp) -> Result<bool, StoreError> {
        self.write("noting a payment", |transaction| {
            let changed = transaction.execute(
                "UPDATE orders SET paid_at = ?2 WHERE submission_id = ?1 AND paid_at IS NULL",
                (id.to_string(), now.as_second()),
            )?;
            Ok(changed > 0)
        })
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
