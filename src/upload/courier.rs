//! One round of delivery: read a batch, send it, settle what the answer proves, note the rest. Keeps
//! nothing between rounds; a crash at any point means the same records are sent again.

use std::time::Duration;

use jiff::Timestamp;

use super::backoff::BatchLimit;
use super::policy::{self, Answer, BatchAction, ItemAction, Why};
use super::wire::SubmissionItem;
use crate::store::{Parked, Pending, Store, StoreError};
use crate::submission::ServerKey;

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
    let mut report =
        Report { sent: batch.len(), acknowledged: 0, rejected: 0, conflicts: 0, failed: 0, pace: Pace::Continue };
    if batch.is_empty() {
        report.pace = Pace::Empty;
        return Ok(report);
    }
    let answer = uploader.submit(items(store, &batch)?);
    let (why, pace) = match policy::judge_batch(&answer, batch.len()) {
        BatchAction::ReadItems(answer) => {
            settle(store, &batch, &answer.results, server, now, &mut report)?;
            return Ok(report);
        }
        BatchAction::Retry { why, after } => (why, Pace::Wait { why, after }),
        BatchAction::HalveBatch { why } => (why, Pace::Halve { why }),
        BatchAction::StopBatch { why } => (why, Pace::Stop { why }),
    };
    let failed: Vec<_> = batch.iter().map(|pending| (pending.submission_id, why.code())).collect();
    store.mark_failed(&failed)?;
    report.failed = failed.len();
    report.pace = pace;
    Ok(report)
}

fn settle(
    store: &Store,
    batch: &[Pending],
    results: &[super::wire::ItemResult],
    server: &ServerKey,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut failed = Vec::new();
    for pending in batch {
        let id = pending.submission_id;
        match policy::judge_item(results, &pending.submitted(), server) {
            ItemAction::Acknowledge(receipt) => {
                // The store verifies the receipt again, against its own bytes.
                store.acknowledge(id, &receipt, server, now)?;
                report.acknowledged += 1;
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
    if let Some((_, why)) = failed.first() {
        report.pace = Pace::Wait { why: *why, after: None };
        report.failed = failed.len();
        let failed: Vec<_> = failed.iter().map(|(id, why)| (*id, why.code())).collect();
        store.mark_failed(&failed)?;
    }
    Ok(())
}

fn items(store: &Store, batch: &[Pending]) -> Result<Vec<SubmissionItem>, StoreError> {
    batch
        .iter()
        .map(|pending| {
            // Manifests are UTF-8 by construction; anything else is damage.
            let manifest = String::from_utf8(pending.manifest.clone())
                .map_err(|_| StoreError::Damaged { doing: "packing a submission" })?;
            let phone = store.find_phone(pending.submission_id)?.map(|phone| phone.as_str().to_owned());
            let picture = hex::encode(&*pending.jpeg);
            Ok(SubmissionItem { manifest, signature: pending.signature, picture, phone })
        })
        .collect()
}
