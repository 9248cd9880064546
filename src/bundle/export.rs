//! Writes the queue into a bundle file: goes on where an earlier export stopped, and reads all of it back
//! from the medium before it is called done. The queue itself does not change: only receipts settle.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use age::x25519;
use jiff::Timestamp;

use super::segment::{BundleError, Problem, Segments, seal};
use crate::platform::{forget_cache, no_links};
use crate::store::{Pending, Salvage, Store, StoreError, StoreKey};
use crate::submission::canonical::CanonicalError;
use crate::submission::{DeviceKey, SubmissionId};
use crate::upload::wire::SubmissionBatch;
use crate::upload::{BatchLimit, items, signed};

/// Statements in one segment, a few hundred bytes each.
const STATEMENTS: usize = 10_000;
/// What one segment holds: as much as an unplugged stick may cost.
const SEGMENT: BatchLimit = BatchLimit { count: 100, bytes: 4 << 20 };

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{} cannot be {doing}: {cause}", path.display())]
    Io { path: PathBuf, doing: &'static str, cause: io::Error },
    #[error("{} is not a bundle and is not overwritten: choose another name", path.display())]
    NotABundle { path: PathBuf },
    #[error("{} is the bundle of another booth and is left as it is: choose another name", path.display())]
    OtherBooth { path: PathBuf },
    #[error("what was written to {} reads back differently, so the stick cannot be trusted: use another one. Nothing was lost: {cause}", path.display())]
    ReadBack { path: PathBuf, cause: BundleError },
    #[error("what was written to {} reads back incomplete, so the stick cannot be trusted: use another one. Nothing was lost", path.display())]
    Incomplete { path: PathBuf },
    #[error("a record cannot be packed: {0}")]
    Packing(#[from] CanonicalError),
}

/// What a bundle file holds after an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Records that were in the file before.
    pub found: usize,
    /// Records that were added.
    pub added: usize,
    /// Size of the file.
    pub bytes: u64,
}

/// What a booth's bundle is called on a stick.
pub fn file_name(kiosk_id: &str) -> String {
    format!("szz-{kiosk_id}.bundle")
}

/// Adds every waiting submission that the file does not hold yet, and what the server has to be told of others; `said`
/// hears how many submissions it holds.
pub fn export(
    store: &Store,
    key: &DeviceKey,
    kiosk_id: &str,
    recipient: &x25519::Recipient,
    path: &Path,
    now: Timestamp,
    said: impl Fn(usize),
) -> Result<Exported, ExportError> {
    let booth = Booth { store, key, kiosk_id, recipient };
    let mut after = 0;
    let next = || {
        let batch = store.pending_after(after, SEGMENT.count, SEGMENT.bytes)?;
        after = batch.last().map_or(after, |last| last.sequence);
        Ok(batch)
    };
    booth.add(path, now, said, next, booth.statements()?)
}

/// What could be saved of a damaged database.
#[derive(Debug)]
pub struct Rescued {
    pub exported: Exported,
    /// Places in the chain of the records that cannot be read.
    pub unreadable: Vec<u64>,
    /// Whether the withdrawals and fees that the server has to be told could be read.
    pub has_statements: bool,
}

/// Adds every record without a receipt that can still be read of a database, which may be damaged, or a copy from a
/// backup, and what the server has to be told of withdrawals and fees.
pub fn rescue(
    database: &Path,
    store_key: &StoreKey,
    key: &DeviceKey,
    kiosk_id: &str,
    recipient: &x25519::Recipient,
    path: &Path,
    now: Timestamp,
) -> Result<Rescued, ExportError> {
    let mut salvage = Salvage::open(database, store_key)?;
    // Each of a connection that has met no damage.
    let (told, store) = (Store::open_as_it_is(database, store_key)?, Store::open_as_it_is(database, store_key)?);
    let statements = Booth { store: &told, key, kiosk_id, recipient }.statements();
    let has_statements = statements.is_ok();
    let booth = Booth { store: &store, key, kiosk_id, recipient };
    let next = || salvage.next_batch(SEGMENT.count);
    let exported = booth.add(path, now, |_| (), next, statements.unwrap_or_default())?;
    Ok(Rescued { exported, unreadable: salvage.unreadable().to_vec(), has_statements })
}

/// What one record's file is called on a stick: by the number that its student has.
pub fn record_file_name(kiosk_id: &str, id: SubmissionId) -> String {
    let number = id.order_number();
    format!("szz-{kiosk_id}-{}.bundle", &number[number.len().saturating_sub(12)..])
}

/// One submission in a file of its own, whatever became of it: for a server that lost it, or a question.
pub fn export_record(
    store: &Store,
    key: &DeviceKey,
    kiosk_id: &str,
    recipient: &x25519::Recipient,
    path: &Path,
    now: Timestamp,
    id: SubmissionId,
) -> Result<Exported, ExportError> {
    let mut record = Some(store.packed(id)?.ok_or(StoreError::Unknown(id))?);
    let booth = Booth { store, key, kiosk_id, recipient };
    booth.add(path, now, |_| (), || Ok(record.take().into_iter().collect()), Vec::new())
}

/// Whose records are written, and for whom.
struct Booth<'a> {
    store: &'a Store,
    key: &'a DeviceKey,
    kiosk_id: &'a str,
    recipient: &'a x25519::Recipient,
}

impl Booth<'_> {
    /// What the server has not confirmed over the network. No file confirms it, so each export has all of it.
    fn statements(&self) -> Result<Vec<SubmissionBatch>, StoreError> {
        let device = self.key.public();
        let withdrawals = signed(&self.store.withdrawals_to_tell(usize::MAX)?, self.key)?;
        let fees = signed(&self.store.fees_to_tell(usize::MAX)?, self.key)?;
        let none = || SubmissionBatch::new(device, Vec::new());
        let withdrawals =
            withdrawals.chunks(STATEMENTS).map(|some| SubmissionBatch { withdrawals: some.to_vec(), ..none() });
        let fees = fees.chunks(STATEMENTS).map(|some| SubmissionBatch { fees: some.to_vec(), ..none() });
        Ok(withdrawals.chain(fees).collect())
    }

    /// Adds what the file does not hold yet, batch by batch until there is none.
    fn add(
        &self,
        path: &Path,
        now: Timestamp,
        said: impl Fn(usize),
        mut next: impl FnMut() -> Result<Vec<Pending>, StoreError>,
        statements: Vec<SubmissionBatch>,
    ) -> Result<Exported, ExportError> {
        let failed = |doing| move |cause| ExportError::Io { path: path.to_owned(), doing, cause };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = no_links(&mut options).open(path).map_err(failed("opened"))?;
        let (mut inside, sound_bytes) = examine(&file, path, self.key)?;
        let found = inside.len();
        file.set_len(sound_bytes).map_err(failed("written"))?;
        file.seek(SeekFrom::End(0)).map_err(failed("written"))?;
        let mut write = |batch: &SubmissionBatch, sequences| {
            let segment = seal(batch, sequences, self.kiosk_id, self.key, self.recipient, now)?;
            file.write_all(&segment).and_then(|()| file.sync_data()).map_err(failed("written"))
        };
        loop {
            let mut batch = next()?;
            if batch.is_empty() {
                break;
            }
            batch.retain(|pending| !inside.contains(&pending.sequence));
            if batch.is_empty() {
                continue;
            }
            let sequences: Vec<_> = batch.iter().map(|pending| pending.sequence).collect();
            inside.extend(&sequences);
            let batch = SubmissionBatch::new(self.key.public(), items(self.store, batch)?);
            write(&batch, sequences)?;
            said(inside.len());
        }
        for batch in statements {
            write(&batch, Vec::new())?;
        }
        file.sync_all().map_err(failed("written"))?;
        forget_cache(&file);
        drop(file);

        let (read_back, bytes) =
            check_file(path).map_err(|cause| ExportError::ReadBack { path: path.to_owned(), cause })?;
        if read_back != inside {
            return Err(ExportError::Incomplete { path: path.to_owned() });
        }
        Ok(Exported { found, added: inside.len() - found, bytes })
    }
}

/// Reads a whole bundle and checks every seal; returns the records' places and the size.
pub fn check_file(path: &Path) -> Result<(BTreeSet<u64>, u64), BundleError> {
    let unreadable = |cause| BundleError { segment: 1, offset: 0, problem: Problem::Io(cause) };
    let mut segments = Segments::new(BufReader::new(File::open(path).map_err(unreadable)?));
    let mut inside = BTreeSet::new();
    for segment in &mut segments {
        inside.extend(segment?.seal.sequences);
    }
    Ok((inside, segments.sound_bytes()))
}

/// What an earlier export left: the records in its sound segments, and where those end. What follows is
/// the segment that was being written; its records are still in the queue.
fn examine(file: &File, path: &Path, key: &DeviceKey) -> Result<(BTreeSet<u64>, u64), ExportError> {
    let mut segments = Segments::new(BufReader::new(file));
    let mut inside = BTreeSet::new();
    while let Some(segment) = segments.next() {
        match segment {
            Ok(segment) if segment.seal.device == key.public() => inside.extend(segment.seal.sequences),
            Ok(_) => return Err(ExportError::OtherBooth { path: path.to_owned() }),
            Err(error) if matches!(error.problem, Problem::CutOff) => break,
            Err(error) if segments.sound_bytes() > 0 && !matches!(error.problem, Problem::Io(_)) => break,
            Err(_) => return Err(ExportError::NotABundle { path: path.to_owned() }),
        }
    }
    Ok((inside, segments.sound_bytes()))
}
