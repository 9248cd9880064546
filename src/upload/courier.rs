//! One round of delivery: read a batch, send it, settle what the answer proves, note the rest. Keeps
//! nothing between rounds; a crash at any point means the same records are sent again.

use std::time::Duration;

use jiff::Timestamp;

use super::backoff::BatchLimit;
use super::policy::{self, Answer, BatchAction, ItemAction, Why};
use super::wire::{BatchAnswer, ItemResult, Outcome, SubmissionItem};
use crate::store::{Parked, Pending, Store, StoreError};
use crate::submission::{ClockCheck, ServerKey, Submitted};

/// Sends a batch and says what came back. Blocks, but not for ever; never follows a redirect.
pub trait Uploader {
    fn submit(&self, items: Vec<SubmissionItem>) -> Answer;
}

/// How a round went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub sent: usize,
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

/// Sends the oldest pending submissions once. An error is the store's; everything about the network
/// is in the report.
pub fn upload_once(
    store: &Store,
    uploader: &dyn Uploader,
    server: &ServerKey,
    limit: BatchLimit,
    now: Timestamp,
) -> Result<Report, StoreError> {
    let batch = store.next_batch(limit.count, limit.bytes)?;
    let sent: Vec<_> = batch.iter().map(Pending::submitted).collect();
    let mut report =
        Report { sent: sent.len(), acknowledged: 0, rejected: 0, conflicts: 0, failed: 0, pace: Pace::Continue };
    if batch.is_empty() {
        report.pace = Pace::Empty;
        return Ok(report);
    }
    let answer = uploader.submit(items(store, batch)?);
    let (why, pace) = match policy::judge_batch(&answer, sent.len()) {
        BatchAction::ReadItems(answer) => {
            settle(store, &sent, &answer.results, server, now, &mut report, |_| ())?;
            if let Some(time) = server_time(&answer.results, server) {
                store.note_clock(ClockCheck { server: time, booth: now })?;
            }
            return Ok(report);
        }
        BatchAction::Retry { why, after } => (why, Pace::Wait { why, after }),
        BatchAction::HalveBatch { why } => (why, Pace::Halve { why }),
        BatchAction::StopBatch { why } => (why, Pace::Stop { why }),
    };
    let failed: Vec<_> = sent.iter().map(|sent| (sent.submission_id, why.code())).collect();
    store.mark_failed(&failed)?;
    report.failed = failed.len();
    report.pace = pace;
    Ok(report)
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
    let mut report =
        Report { sent: sent.len(), acknowledged: 0, rejected: 0, conflicts: 0, failed: 0, pace: Pace::Continue };
    settle(store, &sent, &answer.results, server, now, &mut report, |done| judged(foreign + done))?;
    Ok((report, foreign))
}

fn settle(
    store: &Store,
    sent: &[Submitted],
    results: &[ItemResult],
    server: &ServerKey,
    now: Timestamp,
    report: &mut Report,
    mut judged: impl FnMut(usize),
) -> Result<(), StoreError> {
    let (mut receipts, mut failed) = (Vec::new(), Vec::new());
    for (sent, number) in sent.iter().zip(1..) {
        judged(number);
        let id = sent.submission_id;
        match policy::judge_item(results, sent, server) {
            ItemAction::Acknowledge(receipt) => receipts.push((id, receipt)),
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
    if !receipts.is_empty() {
        // The store verifies the receipts again, against its own bytes.
        store.acknowledge(&receipts, server, now)?;
        report.acknowledged = receipts.len();
    }
    if let Some((_, why)) = failed.first() {
        report.pace = Pace::Wait { why: *why, after: None };
        report.failed = failed.len();
        let failed: Vec<_> = failed.iter().map(|(id, why)| (*id, why.code())).collect();
        store.mark_failed(&failed)?;
    }
    Ok(())
}

/// The server's clock, by a receipt that it made just now: a duplicate's is older.
fn server_time(results: &[ItemResult], server: &ServerKey) -> Option<Timestamp> {
    let fresh = results.iter().filter(|result| result.outcome == Outcome::Stored);
    fresh.filter_map(|result| result.receipt.as_ref()?.received_at(server)).next()
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

/// As `hex::encode`, which is ten times as slow: it pushes one character after the other.
fn in_hex(bytes: &[u8]) -> Result<String, StoreError> {
    let damaged = StoreError::Damaged { doing: "packing a picture" };
    let mut digits = vec![0; 2 * bytes.len()];
    if hex::encode_to_slice(bytes, &mut digits).is_err() {
        return Err(damaged);
    }
    String::from_utf8(digits).map_err(|_| damaged)
}
