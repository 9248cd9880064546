//! Delivery in rounds: read a batch, send it, settle what the answer proves, note the rest. Nothing that is
//! kept between rounds is needed; a crash at any point means the same records are sent again.

use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::HttpUploader;
use super::backoff::BatchLimit;
use super::policy::{self, BatchAction, ItemAction, Why};
use super::wire::{BatchAnswer, Outcome, SubmissionItem};
use crate::store::{Parked, Pending, Store, StoreError};
use crate::submission::{ClockCheck, ProvenReceipt, ServerKey, Submitted};

/// How a round went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub sent: usize,
    /// Proven by a receipt, which is written by the end of the next round.
    pub acknowledged: usize,
    /// Parked: the server refuses them.
    pub rejected: usize,
    /// Parked: the server has something else.
    pub conflicts: usize,
    /// Still pending.
    pub failed: usize,
    pub pace: Pace,
}

/// What the round means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Nothing waited.
    Empty,
    /// All that was sent is settled or parked; there may be more.
    Continue,
    Wait {
        why: Why,
        /// The server's wish.
        after: Option<Duration>,
    },
    Halve {
        why: Why,
    },
    /// Staff have to look.
    Stop {
        why: Why,
    },
}

/// Takes the queue to the server. While the server works on one batch, the receipts for the one before are written
/// and the next is made ready. Receipts that are dropped unwritten cost nothing: the server answers with them again.
#[derive(Debug, Default)]
pub struct Delivery {
    ahead: Option<Batch>,
    /// What the server has proven, when there is a batch ahead.
    proven: Proven,
    /// Place in the chain behind which the next batch begins: what stands there was tried by itself and in vain, and
    /// must not hold up the others. After the last of them it is tried again.
    passed: u64,
}

/// Receipts to be written.
#[derive(Debug, Default)]
struct Proven {
    receipts: Vec<ProvenReceipt>,
    check: Option<ClockCheck>,
}

/// Submissions that are ready to be sent.
struct Batch {
    limit: BatchLimit,
    sent: Vec<Submitted>,
    /// Number of the last of them.
    last: u64,
    body: Vec<u8>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({} up to {})", self.sent.len(), self.last)
    }
}

impl Delivery {
    /// Sends the oldest pending submissions once. An error is the store's; everything about the network
    /// is in the report.
    pub fn round(
        &mut self,
        store: &Store,
        uploader: &HttpUploader,
        server: &ServerKey,
        limit: BatchLimit,
        now: Timestamp,
    ) -> Result<Report, StoreError> {
        let batch = match self.ahead.take() {
            Some(ahead) if ahead.limit == limit && ahead.still_waits(store)? => Some(ahead),
            _ => {
                self.finish(store, now)?;
                Batch::after(self.passed, store, uploader, limit)?
            }
        };
        let Some(Batch { sent, last, body, .. }) = batch else {
            self.passed = 0;
            return Ok(Report::of(0, Pace::Empty));
        };
        let (answer, meanwhile) = thread::scope(|scope| {
            let work = || {
                self.finish(store, now)?;
                Batch::after(last, store, uploader, limit)
            };
            let meanwhile = thread::Builder::new().name("next batch".into()).spawn_scoped(scope, work);
            (uploader.submit(body), meanwhile.ok().and_then(|work| work.join().ok()))
        });
        // Whatever could not be written or read is an error when its turn comes.
        let ahead = meanwhile.and_then(Result::ok).flatten();
        let mut report = Report::of(sent.len(), Pace::Continue);
        let (why, pace) = match policy::judge_batch(&answer, sent.len()) {
            BatchAction::ReadItems(answer) => {
                self.proven = settle(store, &sent, answer, server, Some(now), &mut report, |_| ())?;
                if report.failed == sent.len() {
                    self.passed = last;
                }
                self.ahead = ahead.filter(|_| report.pace == Pace::Continue);
                if self.ahead.is_none() {
                    self.finish(store, now)?;
                }
                return Ok(report);
            }
            BatchAction::Retry { why, after } => (why, Pace::Wait { why, after }),
            BatchAction::HalveBatch { why } => (why, Pace::Halve { why }),
            BatchAction::StopBatch { why } => (why, Pace::Stop { why }),
        };
        if sent.len() == 1 && why.may_be_an_items() {
            self.passed = last;
        }
        let failed: Vec<_> = sent.iter().map(|sent| (sent.submission_id, why.code())).collect();
        store.mark_failed(&failed, why.is_the_servers())?;
        report.failed = failed.len();
        report.pace = pace;
        Ok(report)
    }

    /// Writes the receipts that wait for the next round, for whoever makes no other.
    pub fn finish(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        std::mem::take(&mut self.proven).write(store, now)
    }
}

impl Proven {
    /// The store holds the receipts against its own bytes once more.
    fn write(self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        if !self.receipts.is_empty() {
            store.acknowledge(&self.receipts, self.check, now)?;
        }
        Ok(())
    }
}

impl Batch {
    /// The oldest that wait, of those after a place in the chain.
    fn after(
        sequence: u64,
        store: &Store,
        uploader: &HttpUploader,
        limit: BatchLimit,
    ) -> Result<Option<Self>, StoreError> {
        let batch = store.pending_after(sequence, limit.count, limit.bytes)?;
        let Some(last) = batch.last().map(|pending| pending.sequence) else { return Ok(None) };
        let sent = batch.iter().map(Pending::submitted).collect();
        Ok(Some(Self { limit, sent, last, body: uploader.pack(items(store, batch)?) }))
    }

    /// A student may have withdrawn the consent since it was made ready.
    fn still_waits(&self, store: &Store) -> Result<bool, StoreError> {
        store.are_pending(self.sent.iter().map(|sent| sent.submission_id))
    }
}

impl Report {
    fn of(sent: usize, pace: Pace) -> Self {
        Self { sent, acknowledged: 0, rejected: 0, conflicts: 0, failed: 0, pace }
    }
}

/// Settles what a server's answer proves that came by another way than the network: the receipts for a
/// bundle. Answers for submissions of other booths are counted as `foreign`. Says how many are judged.
pub fn import_answer(
    store: &Store,
    answer: &BatchAnswer,
    server: &ServerKey,
    now: Timestamp,
    mut judged: impl FnMut(usize),
) -> Result<(Report, usize), StoreError> {
    let mut sent = Vec::new();
    for result in &answer.results {
        sent.extend(store.submitted(result.submission_id)?);
    }
    let foreign = answer.results.len() - sent.len();
    // Named twice is judged once, as a contradiction.
    sent.sort_by_key(|sent| sent.submission_id);
    sent.dedup_by_key(|sent| sent.submission_id);
    let mut report = Report::of(sent.len(), Pace::Continue);
    let proven = settle(store, &sent, answer, server, None, &mut report, |done| judged(foreign + done))?;
    proven.write(store, now)?;
    Ok((report, foreign))
}

/// Judges an answer, and writes what it says but for the receipts. `booth` is the booth's time when it came, if that
/// was just now, so that the server's time in it can be compared.
fn settle(
    store: &Store,
    sent: &[Submitted],
    answer: &BatchAnswer,
    server: &ServerKey,
    booth: Option<Timestamp>,
    report: &mut Report,
    mut judged: impl FnMut(usize),
) -> Result<Proven, StoreError> {
    let (mut proven, mut failed) = (Proven::default(), Vec::new());
    for (sent, number) in sent.iter().zip(1..) {
        judged(number);
        let id = sent.submission_id;
        match policy::judge_item(&answer.results, sent, server) {
            ItemAction::Acknowledge { receipt, outcome } => {
                // A duplicate's receipt is an old one.
                if let (Some(booth), Outcome::Stored) = (booth, outcome) {
                    proven.check = Some(ClockCheck { server: receipt.received_at(), booth });
                }
                proven.receipts.push(receipt);
            }
            ItemAction::RejectItem(code) => {
                store.park(id, Parked::Rejected, &code)?;
                report.rejected += 1;
            }
            ItemAction::Conflict(code) => {
                store.park(id, Parked::Conflict, &code)?;
                report.conflicts += 1;
            }
            ItemAction::Retry(why) => failed.push((id, why)),
        }
    }
    report.acknowledged = proven.receipts.len();
    if let Some((_, why)) = failed.first() {
        report.pace = Pace::Wait { why: *why, after: None };
        report.failed = failed.len();
        let failed: Vec<_> = failed.iter().map(|(id, why)| (*id, why.code())).collect();
        store.mark_failed(&failed, true)?;
    }
    Ok(proven)
}

/// The form that is sent, over the network or in a bundle.
pub fn items(store: &Store, batch: Vec<Pending>) -> Result<Vec<SubmissionItem>, StoreError> {
    batch
        .into_iter()
        .map(|pending| {
            // Manifests are UTF-8 by construction; anything else is damage.
            let manifest = String::from_utf8(pending.manifest)
                .map_err(|_| StoreError::Damaged { doing: "packing a submission" })?;
            let phone = store.find_phone(pending.submission_id)?.map(|phone| phone.as_str().to_owned());
            let picture = in_hex(&pending.jpeg)?;
            Ok(SubmissionItem { manifest, signature: pending.signature, picture, phone })
        })
        .collect()
}

/// As `hex::encode`, which pushes one character after the other and took a fifth of an upload's time.
fn in_hex(bytes: &[u8]) -> Result<String, StoreError> {
    let damaged = StoreError::Damaged { doing: "packing a picture" };
    let mut digits = vec![0; 2 * bytes.len()];
    if hex::encode_to_slice(bytes, &mut digits).is_err() {
        return Err(damaged);
    }
    String::from_utf8(digits).map_err(|_| damaged)
}
