//! The submissions: appended signed and chained, handed out oldest first, and settled only by a
//! receipt that names the stored bytes. A record's bytes are written once and never read into
//! anything that is written back.

use std::sync::PoisonError;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction};
use zeroize::Zeroizing;

use super::error::{Failure, doing};
use super::vault::{Kind, Vault};
use super::{Store, StoreError, account, checks, status};
use crate::submission::{
    ClockCheck, ClockTrust, DeviceKey, Draft, Manifest, ManifestError, Place, ProvenReceipt, Sha256Digest, Signature,
    Signed, SubmissionId, Submitted,
};

/// What leaves the booth of a submission whose picture is still there.
pub(super) const PACKED: &str = "SELECT submission_id, sequence, manifest, signature, attempts,
            record_keys.picture AS key, pictures.sealed AS sealed
     FROM submissions JOIN record_keys USING (sequence) JOIN pictures USING (sequence)";

/// Where a submission was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    pub submission_id: SubmissionId,
    /// What the student is shown.
    pub order_number: String,
    /// Place in the chain, from 1.
    pub sequence: u64,
}

/// A submission that the central server has not acknowledged, exactly as stored.
#[derive(Clone)]
pub struct Pending {
    pub submission_id: SubmissionId,
    pub sequence: u64,
    pub manifest: Vec<u8>,
    pub signature: Signature,
    pub jpeg: Zeroizing<Vec<u8>>,
    /// How often it was sent without success.
    pub attempts: u32,
    picture_sha256: Sha256Digest,
}

impl Pending {
    /// What a receipt for this must say.
    pub fn submitted(&self) -> Submitted {
        Submitted {
            submission_id: self.submission_id,
            manifest_sha256: Sha256Digest::of(&self.manifest),
            picture_sha256: self.picture_sha256,
        }
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pending({} {}, {} bytes)", self.sequence, self.submission_id, self.jpeg.len())
    }
}

/// How far a submission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    Pending,
    Acknowledged,
    Rejected,
    Conflict,
    /// The student withdrew the consent before the server had it: never sent.
    Withdrawn,
}

impl DeliveryState {
    pub const ALL: [Self; 5] = [Self::Pending, Self::Acknowledged, Self::Rejected, Self::Conflict, Self::Withdrawn];

    /// Its name in the database and in what programs read.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Acknowledged => "acknowledged",
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn from_column(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.column() == text)
    }
}

/// Why a submission waits for staff instead of being sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parked {
    /// The central server does not want it.
    Rejected,
    /// The central server has other content under the same id or place.
    Conflict,
}

/// How many submissions are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: u64,
    pub acknowledged: u64,
    pub rejected: u64,
    pub conflict: u64,
    pub withdrawn: u64,
    /// Pictures still held, whatever their state: the stored-faces counter.
    pub pictures: u64,
}

impl Store {
    /// Signs a draft, links it to the newest record and stores it with its picture, all in one
    /// transaction; when this returns, the submission survives a power cut.
    ///
    /// The same draft again returns where it was put the first time; another draft under the same
    /// id is [`StoreError::OtherContent`].
    pub fn append(&self, draft: &Draft, key: &DeviceKey, now: Timestamp) -> Result<Appended, StoreError> {
        let appended = self.write("saving a submission", |transaction| {
            if let Some(stored) = stored_manifest(transaction, draft.submission_id)? {
                let stored = Manifest::from_bytes(&stored)?;
                if draft.manifest(&place_of(&stored))? != stored {
                    return Err(Failure::Ours(StoreError::OtherContent(draft.submission_id)));
                }
                return Ok(appended(stored));
            }
            let manifest = draft.manifest(&next_place(transaction, key, now)?)?;
            let bytes = manifest.to_bytes()?;
            let signature = key.sign(Signed::Manifest, &bytes);
            transaction
                .prepare_cached(
                    "INSERT INTO submissions (sequence, submission_id, previous, manifest, signature, code_digest)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute((
                    integer(manifest.sequence),
                    manifest.submission_id.to_string(),
                    manifest.previous.0.as_slice(),
                    bytes,
                    signature.0.as_slice(),
                    manifest.code_digest.0.as_slice(),
                ))?;
            put_into_vault(transaction, &self.vault, &manifest, draft)?;
            account::open(transaction, &self.vault, draft)?;
            Ok(appended(manifest))
        })?;
        self.set_mark(appended.sequence);
        Ok(appended)
    }

    /// What was saved is saved, mark or not.
    fn set_mark(&self, newest: u64) {
        if let Some(mark) = &self.mark {
            let mut mark = mark.lock().unwrap_or_else(PoisonError::into_inner);
            if mark.newest().is_ok_and(|known| known < newest)
                && let Err(error) = mark.set(newest)
            {
                tracing::warn!(%error, "the mark beside the database cannot be written");
            }
        }
    }

    /// The oldest submissions that wait for the server, in the chain's order: at most `max_count`,
    /// and together at most `max_bytes` of manifests and pictures, but at least one if any waits.
    pub fn next_batch(&self, max_count: usize, max_bytes: usize) -> Result<Vec<Pending>, StoreError> {
        self.pending_after(0, max_count, max_bytes)
    }

    /// As [`Self::next_batch`], of those after a place in the chain.
    pub fn pending_after(&self, sequence: u64, max_count: usize, max_bytes: usize) -> Result<Vec<Pending>, StoreError> {
        const DOING: &str = "reading the queue";
        let connection = self.lock();
        let mut select = connection
            .prepare_cached(&format!("{PACKED} WHERE state = 'pending' AND sequence > ?1 ORDER BY sequence LIMIT ?2"))
            .map_err(doing(DOING))?;
        let mut rows = select.query([integer(sequence), integer(max_count as u64)]).map_err(doing(DOING))?;
        let (mut batch, mut bytes) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            let pending = pending(row, &self.vault).map_err(|failure| failure.while_doing(DOING))?;
            bytes = bytes.saturating_add(pending.manifest.len()).saturating_add(pending.jpeg.len());
            if bytes > max_bytes && !batch.is_empty() {
                break;
            }
            batch.push(pending);
        }
        Ok(batch)
    }

    /// One submission, whatever became of it; none once its picture is erased.
    pub fn packed(&self, id: SubmissionId) -> Result<Option<Pending>, StoreError> {
        const DOING: &str = "reading a submission";
        let connection = self.lock();
        let mut select =
            connection.prepare_cached(&format!("{PACKED} WHERE submission_id = ?1")).map_err(doing(DOING))?;
        let mut rows = select.query([id.to_string()]).map_err(doing(DOING))?;
        let row = rows.next().map_err(doing(DOING))?;
        row.map(|row| pending(row, &self.vault).map_err(|failure| failure.while_doing(DOING))).transpose()
    }

    /// Settles submissions, all or none, if each receipt is for exactly the stored bytes, and remembers the
    /// server's time beside the booth's if it is known. Returns how many were not settled before.
    pub fn acknowledge(
        &self,
        receipts: &[ProvenReceipt],
        clock: Option<ClockCheck>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.write("settling submissions", |transaction| {
            let mut update = transaction.prepare_cached(
                "UPDATE submissions SET state = 'acknowledged', receipt = ?2, receipt_signature = ?3,
                        acknowledged_at = ?4, sent_at = ?4, last_error = NULL
                 WHERE submission_id = ?1 AND state <> 'acknowledged'",
            )?;
            let mut settled = 0;
            for receipt in receipts {
                let (id, signed) = (receipt.sent().submission_id, receipt.signed());
                let stored = stored_manifest(transaction, id)?.ok_or(StoreError::Unknown(id))?;
                if submitted(&stored)? != *receipt.sent() {
                    return Err(Failure::Ours(StoreError::OtherContent(id)));
                }
                let signature = signed.signature.0.as_slice();
                settled += update.execute((id.to_string(), &signed.receipt, signature, now.as_second()))? as u64;
            }
            status::note_receipt(transaction, now)?;
            if let Some(clock) = clock {
                status::note_clock(transaction, clock)?;
            }
            Ok(settled)
        })
    }

    /// Whether all of these wait for the server.
    pub fn are_pending(&self, ids: impl IntoIterator<Item = SubmissionId>) -> Result<bool, StoreError> {
        const DOING: &str = "looking up submissions";
        let connection = self.lock();
        let mut select = connection
            .prepare_cached("SELECT 1 FROM submissions WHERE submission_id = ?1 AND state = 'pending'")
            .map_err(doing(DOING))?;
        for id in ids {
            if !select.exists([id.to_string()]).map_err(doing(DOING))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a receipt for a stored submission must say.
    pub fn submitted(&self, id: SubmissionId) -> Result<Option<Submitted>, StoreError> {
        let stored = stored_manifest(&self.lock(), id).map_err(doing("looking up a submission"))?;
        Ok(stored.map(|bytes| submitted(&bytes)).transpose()?)
    }

    /// Counts a failed attempt, `answered` by the server or not, and keeps its code for the operator; the submissions
    /// stay pending.
    pub fn mark_failed(&self, failed: &[(SubmissionId, &str)], answered: bool) -> Result<(), StoreError> {
        self.write("noting a failed upload", |transaction| {
            let mut update = transaction.prepare_cached(
                "UPDATE submissions SET attempts = attempts + 1, last_error = ?2, sent_at = iif(?3, unixepoch(), sent_at)
                 WHERE submission_id = ?1 AND state = 'pending'",
            )?;
            for (id, code) in failed {
                update.execute((id.to_string(), code, answered))?;
            }
            Ok(())
        })
    }

    /// Takes a submission out of the queue until staff have looked at it. Nothing is deleted.
    pub fn park(&self, id: SubmissionId, parked: Parked, code: &str) -> Result<(), StoreError> {
        let state = match parked {
            Parked::Rejected => DeliveryState::Rejected,
            Parked::Conflict => DeliveryState::Conflict,
        };
        self.write("parking a submission", |transaction| {
            transaction.execute(
                "UPDATE submissions SET state = ?2, attempts = attempts + 1, last_error = ?3, sent_at = unixepoch()
                 WHERE submission_id = ?1 AND state = 'pending'",
                (id.to_string(), state.column(), code),
            )?;
            Ok(())
        })
    }

    /// Puts a parked submission back into the queue, unchanged. Returns whether it was parked.
    pub fn requeue(&self, id: SubmissionId) -> Result<bool, StoreError> {
        self.write("queueing a submission again", |transaction| {
            let changed = transaction.execute(
                "UPDATE submissions SET state = 'pending' WHERE submission_id = ?1 AND state IN ('rejected', 'conflict')",
                [id.to_string()],
            )?;
            Ok(changed > 0)
        })
    }

    pub fn counts(&self) -> Result<Counts, StoreError> {
        const DOING: &str = "counting the queue";
        let connection = self.lock();
        let mut select =
            connection.prepare_cached("SELECT state, number, pictures FROM tally").map_err(doing(DOING))?;
        let mut rows = select.query([]).map_err(doing(DOING))?;
        let mut counts = Counts::default();
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            let (state, number, pictures): (String, i64, i64) = row.try_into().map_err(doing(DOING))?;
            let number = number.unsigned_abs();
            match DeliveryState::from_column(&state).ok_or(StoreError::Damaged { doing: DOING })? {
                DeliveryState::Pending => counts.pending = number,
                DeliveryState::Acknowledged => counts.acknowledged = number,
                DeliveryState::Rejected => counts.rejected = number,
                DeliveryState::Conflict => counts.conflict = number,
                DeliveryState::Withdrawn => counts.withdrawn = number,
            }
            counts.pictures += pictures.unsigned_abs();
        }
        Ok(counts)
    }
}

fn submitted(stored: &[u8]) -> Result<Submitted, ManifestError> {
    let manifest = Manifest::from_bytes(stored)?;
    Ok(Submitted {
        submission_id: manifest.submission_id,
        manifest_sha256: Sha256Digest::of(stored),
        picture_sha256: manifest.picture.sha256,
    })
}

fn appended(manifest: Manifest) -> Appended {
    Appended { submission_id: manifest.submission_id, order_number: manifest.order_number, sequence: manifest.sequence }
}

fn stored_manifest(connection: &Connection, id: SubmissionId) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT manifest FROM submissions WHERE submission_id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()
}

fn place_of(manifest: &Manifest) -> Place {
    Place {
        sequence: manifest.sequence,
        previous: manifest.previous,
        created_at: manifest.created_at,
        clock: manifest.clock.unwrap_or(ClockTrust::Unconfirmed),
        algorithm: manifest.algorithm(),
    }
}

/// Encrypts what must be erasable one day.
fn put_into_vault(
    transaction: &Transaction<'_>,
    vault: &Vault,
    manifest: &Manifest,
    draft: &Draft,
) -> Result<(), Failure> {
    const DAMAGED: StoreError = StoreError::Damaged { doing: "saving a submission" };
    let id = manifest.submission_id.to_string();
    let identity = Zeroizing::new(serde_json::to_vec(&draft.identity).map_err(|_| DAMAGED)?);
    let picture = vault.seal(Kind::Picture, &id, &draft.portrait.jpeg)?;
    let identity = vault.seal(Kind::Identity, &id, &identity)?;
    let sequence = integer(manifest.sequence);
    transaction
        .prepare_cached("INSERT INTO record_keys (sequence, picture, identity) VALUES (?1, ?2, ?3)")?
        .execute((sequence, picture.key, identity.key))?;
    transaction
        .prepare_cached("INSERT INTO pictures (sequence, sealed) VALUES (?1, ?2)")?
        .execute((sequence, picture.content))?;
    transaction
        .prepare_cached("INSERT INTO identities (sequence, sealed) VALUES (?1, ?2)")?
        .execute((sequence, identity.content))?;
    checks::put(transaction, vault, sequence, draft)?;
    if let Some(tail) = &draft.number_tail {
        transaction
            .prepare_cached("INSERT INTO number_tails (sequence, last4) VALUES (?1, ?2)")?
            .execute((sequence, tail.as_str()))?;
    }
    Ok(())
}

/// Where the next record goes. Refuses to continue a chain that another key signed: the
/// whole chain would no longer verify.
fn next_place(transaction: &Transaction<'_>, key: &DeviceKey, now: Timestamp) -> Result<Place, Failure> {
    let newest: Option<(i64, Vec<u8>, Vec<u8>)> = transaction
        .prepare_cached("SELECT sequence, manifest, signature FROM submissions ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| row.try_into())
        .optional()?;
    let check = status::clock_check(transaction)?;
    let Some((sequence, manifest, signature)) = newest else {
        return Ok(Place {
            sequence: 1,
            previous: Sha256Digest::ZERO,
            created_at: now,
            clock: ClockTrust::judge(now, None, check),
            algorithm: key.algorithm(),
        });
    };
    let signed = Signature::from_slice(&signature)
        .is_ok_and(|signature| key.public().verifies(Signed::Manifest, &manifest, &signature));
    if !signed {
        return Err(Failure::Ours(StoreError::OtherDeviceKey));
    }
    let newest = Manifest::from_bytes(&manifest)?;
    Ok(Place {
        sequence: sequence.unsigned_abs() + 1,
        previous: Sha256Digest::of(&manifest),
        created_at: now,
        clock: ClockTrust::judge(now, Some(newest.created_at), check),
        algorithm: key.algorithm(),
    })
}

pub(super) fn pending(row: &rusqlite::Row<'_>, vault: &Vault) -> Result<Pending, Failure> {
    const DAMAGED: StoreError = StoreError::Damaged { doing: "reading the queue" };
    let manifest: Vec<u8> = row.get("manifest")?;
    let id: String = row.get("submission_id")?;
    let (key, sealed): (Vec<u8>, Vec<u8>) = (row.get("key")?, row.get("sealed")?);
    Ok(Pending {
        submission_id: id.parse().map_err(|_| DAMAGED)?,
        sequence: row.get::<_, i64>("sequence")?.unsigned_abs(),
        picture_sha256: Manifest::from_bytes(&manifest)?.picture.sha256,
        manifest,
        signature: Signature::from_slice(&row.get::<_, Vec<u8>>("signature")?).map_err(|_| DAMAGED)?,
        jpeg: vault.open(Kind::Picture, &id, &key, &sealed).ok_or(DAMAGED)?,
        attempts: row.get("attempts")?,
    })
}

/// SQLite's integers are signed; sequence numbers stay far below the limit.
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
