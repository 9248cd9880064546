//! Every stored record in the chain's order, and the check that all of them are sound. Read in
//! small pages, so that a visit can be saved while a long check runs.

use jiff::Timestamp;
use rusqlite::Row;
use zeroize::Zeroizing;

use super::error::doing;
use super::queue::DeliveryState;
use super::vault::{Kind, Vault};
use super::{Store, StoreError};
use crate::submission::{
    Chain, ChainError, ChainProblem, Evidence, Manifest, Picture, PublicKey, ServerKey, Sha256Digest, Signature,
    SignedReceipt, SubmissionId, Submitted,
};

/// Records read at once: at most a few megabytes.
const PAGE: i64 = 32;
const DOING: &str = "reading the records";

/// One row, as stored and not yet checked.
pub struct StoredRecord {
    pub sequence: u64,
    /// As the column says.
    pub submission_id: String,
    /// As the column says.
    pub previous: Vec<u8>,
    pub manifest: Vec<u8>,
    pub signature: Vec<u8>,
    pub picture: StoredPicture,
    pub state: DeliveryState,
    pub attempts: u32,
    /// Code of the last failed attempt.
    pub last_error: Option<String>,
    /// None until the server acknowledged it.
    pub receipt: Option<SignedReceipt>,
    pub acknowledged_at: Option<Timestamp>,
}

/// What became of a record's picture.
#[derive(Clone)]
pub enum StoredPicture {
    Jpeg(Zeroizing<Vec<u8>>),
    Erased,
    /// It or its key is missing, or was exchanged or damaged.
    Unreadable,
}

impl StoredRecord {
    pub fn evidence(&self) -> Evidence<'_> {
        Evidence {
            manifest: &self.manifest,
            signature: &self.signature,
            picture: match &self.picture {
                StoredPicture::Jpeg(jpeg) => Picture::Jpeg(jpeg),
                StoredPicture::Erased => Picture::Erased,
                StoredPicture::Unreadable => Picture::Unreadable,
            },
        }
    }

    fn from_row(row: &Row<'_>, vault: &Vault) -> rusqlite::Result<Option<Self>> {
        let Some(state) = DeliveryState::from_column(&row.get::<_, String>("state")?) else { return Ok(None) };
        let receipt: Option<(String, Vec<u8>)> =
            row.get::<_, Option<String>>("receipt")?.zip(row.get::<_, Option<Vec<u8>>>("receipt_signature")?);
        let receipt = match receipt {
            Some((receipt, signature)) => match Signature::from_slice(&signature) {
                Ok(signature) => Some(SignedReceipt { receipt, signature }),
                Err(_) => return Ok(None),
            },
            None => None,
        };
        let acknowledged_at = row.get::<_, Option<i64>>("acknowledged_at")?;
        Ok(Some(Self {
            sequence: row.get::<_, i64>("sequence")?.unsigned_abs(),
            submission_id: row.get("submission_id")?,
            previous: row.get("previous")?,
            manifest: row.get("manifest")?,
            signature: row.get("signature")?,
            picture: stored_picture(row, vault)?,
            state,
            attempts: row.get("attempts")?,
            last_error: row.get("last_error")?,
            receipt,
            acknowledged_at: acknowledged_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        }))
    }

    /// What the chain itself cannot see: the columns beside the manifest, and the receipt.
    fn check_columns(&self, manifest: &Manifest, server: Option<&ServerKey>) -> Result<(), ChainProblem> {
        if self.sequence != manifest.sequence {
            return Err(ChainProblem::Columns("sequence"));
        }
        if self.submission_id != manifest.submission_id.to_string() {
            return Err(ChainProblem::Columns("submission_id"));
        }
        if self.previous != manifest.previous.0 {
            return Err(ChainProblem::Columns("previous"));
        }
        let acknowledged = self.state == DeliveryState::Acknowledged;
        let withdrawn = self.state == DeliveryState::Withdrawn;
        if matches!(self.picture, StoredPicture::Erased) && !acknowledged && !withdrawn {
            return Err(ChainProblem::PictureMissing);
        }
        if acknowledged != self.receipt.is_some() {
            return Err(ChainProblem::Columns("state"));
        }
        if let Some((receipt, server)) = self.receipt.as_ref().zip(server) {
            let sent = Submitted {
                submission_id: manifest.submission_id,
                manifest_sha256: Sha256Digest::of(&self.manifest),
                picture_sha256: manifest.picture.sha256,
            };
            receipt.verify(server, &sent).map_err(|_| ChainProblem::Receipt)?;
        }
        Ok(())
    }
}

fn stored_picture(row: &Row<'_>, vault: &Vault) -> rusqlite::Result<StoredPicture> {
    let (key, sealed): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get("key")?, row.get("sealed")?);
    if row.get::<_, Option<i64>>("erased_at")?.is_some() && key.is_none() && sealed.is_none() {
        return Ok(StoredPicture::Erased);
    }
    // As it was sealed; whether the column says the same is asked later.
    let id = match Manifest::from_bytes(&row.get::<_, Vec<u8>>("manifest")?) {
        Ok(manifest) => manifest.submission_id.to_string(),
        Err(_) => row.get("submission_id")?,
    };
    let picture = key.zip(sealed).and_then(|(key, sealed)| vault.open(Kind::Picture, &id, &key, &sealed));
    Ok(picture.map_or(StoredPicture::Unreadable, StoredPicture::Jpeg))
}

impl std::fmt::Debug for StoredRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredRecord({} {}, {:?})", self.sequence, self.submission_id, self.state)
    }
}

impl Store {
    /// Every record, oldest first. After an error the iteration ends.
    pub fn records(&self) -> Records<'_> {
        Records { store: self, page: Vec::new().into_iter(), last: 0, ended: false }
    }

    /// Checks every record: signature, link, number, picture, columns, and, if the server's key is
    /// given, receipts. Returns how many are sound, or the first that is not.
    pub fn verify(&self, device: PublicKey, server: Option<&ServerKey>) -> Result<u64, StoreError> {
        let audit = self.audit(device, server, |_| ())?;
        match audit.problems.into_iter().next() {
            None => Ok(audit.records),
            Some(problem) => Err(problem.into()),
        }
    }

    /// As [`Self::verify`], but names everything that is wrong, and says how many records it has seen.
    pub fn audit(
        &self,
        device: PublicKey,
        server: Option<&ServerKey>,
        mut seen: impl FnMut(u64),
    ) -> Result<Audit, StoreError> {
        let mut chain = Chain::new(device);
        let mut audit = Audit::default();
        for record in self.records() {
            let record = record?;
            audit.records += 1;
            seen(audit.records);
            let place = chain.len() + 1;
            match chain.step(&record.evidence()) {
                Ok(manifest) => {
                    let submission_id = Some(manifest.submission_id);
                    if let Err(problem) = record.check_columns(&manifest, server) {
                        audit.problems.push(ChainError { place, submission_id, problem });
                    }
                }
                Err(error) => {
                    audit.problems.push(error);
                    chain.step_over(&record.evidence());
                }
            }
        }
        Ok(audit)
    }

    /// One record as it is stored.
    pub fn find_record(&self, id: SubmissionId) -> Result<Option<StoredRecord>, StoreError> {
        let connection = self.lock();
        let mut select = connection
            .prepare_cached(
                "SELECT submissions.*, record_keys.picture AS key, pictures.sealed AS sealed FROM submissions
                 LEFT JOIN record_keys USING (sequence) LEFT JOIN pictures USING (sequence)
                 WHERE submission_id = ?1",
            )
            .map_err(doing(DOING))?;
        let mut rows = select.query([id.to_string()]).map_err(doing(DOING))?;
        let Some(row) = rows.next().map_err(doing(DOING))? else { return Ok(None) };
        let record = StoredRecord::from_row(row, &self.vault).map_err(doing(DOING))?;
        record.ok_or(StoreError::Damaged { doing: DOING }).map(Some)
    }

    fn records_after(&self, sequence: u64) -> Result<Vec<StoredRecord>, StoreError> {
        let connection = self.lock();
        let mut select = connection
            .prepare_cached(
                "SELECT submissions.*, record_keys.picture AS key, pictures.sealed AS sealed FROM submissions
                 LEFT JOIN record_keys USING (sequence) LEFT JOIN pictures USING (sequence)
                 WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            )
            .map_err(doing(DOING))?;
        let after = i64::try_from(sequence).unwrap_or(i64::MAX);
        let mut rows = select.query([after, PAGE]).map_err(doing(DOING))?;
        let mut page = Vec::new();
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            let record = StoredRecord::from_row(row, &self.vault).map_err(doing(DOING))?;
            page.push(record.ok_or(StoreError::Damaged { doing: DOING })?);
        }
        Ok(page)
    }
}

/// What [`Store::audit`] found.
#[derive(Debug, Default)]
pub struct Audit {
    pub records: u64,
    /// Along the chain.
    pub problems: Vec<ChainError>,
}

/// See [`Store::records`].
#[derive(Debug)]
pub struct Records<'a> {
    store: &'a Store,
    page: std::vec::IntoIter<StoredRecord>,
    last: u64,
    ended: bool,
}

impl Iterator for Records<'_> {
    type Item = Result<StoredRecord, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        if self.page.as_slice().is_empty() {
            match self.store.records_after(self.last) {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        let record = self.page.next();
        match &record {
            Some(record) => self.last = record.sequence,
            None => self.ended = true,
        }
        record.map(Ok)
    }
}
