//! Taking the queue to the central server.
//!
//! Format: one HTTP POST of JSON per batch, as docs/openapi.yaml describes it; manifests and pictures
//! travel as the stored bytes, unchanged. Order: oldest first. Promise: a submission counts as
//! received only when a receipt signed by the server names its very bytes; everything else (a
//! redirect, a login page, silence, a lie) leaves it in the queue, and sending it again does no harm.

use std::time::Duration;

use crate::store::{Store, StoreError};
use crate::submission::Record;
use crate::submission::receipt::Receipt;
use crate::submission::signature::PublicKey;

pub mod client;
pub mod policy;

use policy::{Action, Answer, ItemAnswer};

/// Takes a batch to a server and reports what came back, whatever that was.
pub trait Uploader {
    fn post(&self, batch: &[Record]) -> Answer;
}

/// How large a batch may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSize {
    pub count: usize,
    pub bytes: usize,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self { count: 16, bytes: 2_000_000 }
    }
}

impl BatchSize {
    fn halved(self) -> Self {
        Self { count: (self.count / 2).max(1), bytes: (self.bytes / 2).max(1) }
    }
}

/// What one round of uploading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Nothing is waiting.
    Empty,
    /// At least one receipt; more may be waiting.
    Progress,
    /// The server asks for smaller batches.
    TooLarge,
    /// Nothing got through. Try again later, not before the given time if there is one.
    Failed { not_before: Option<Duration> },
}

/// Posts the next batch and files the answers. `size` shrinks when the server asks for it.
pub fn upload_once(
    store: &Store,
    uploader: &dyn Uploader,
    server: PublicKey,
    size: &mut BatchSize,
) -> Result<Round, StoreError> {
    let batch = store.next_batch(size.count, size.bytes)?;
    if batch.is_empty() {
        return Ok(Round::Empty);
    }
    match policy::decide(uploader.post(&batch)) {
        Action::File(answers) => file(store, server, &batch, &answers),
        Action::Halve if batch.len() > 1 => {
            *size = size.halved();
            Ok(Round::TooLarge)
        }
        Action::Halve => {
            // One submission alone is too large for this server: more of the same would not help.
            store.reject(&batch[0], "too large for the server")?;
            Ok(Round::Progress)
        }
        Action::Wait { reason, not_before } => {
            tracing::warn!(reason, waiting = batch.len(), "upload failed");
            for record in &batch {
                store.note_attempt(record, reason)?;
            }
            Ok(Round::Failed { not_before })
        }
    }
}

/// An answer per submission; a submission without one stays in the queue.
fn file(store: &Store, server: PublicKey, batch: &[Record], answers: &[ItemAnswer]) -> Result<Round, StoreError> {
    let mut settled = 0;
    for record in batch {
        let answer = answers.iter().find(|answer| answer.submission_id() == record.submission_id);
        match answer {
            Some(ItemAnswer::Stored { receipt, .. }) if is_good(receipt, record, server) => {
                store.acknowledge(record, receipt)?;
                settled += 1;
            }
            Some(ItemAnswer::Rejected { code, .. }) => {
                tracing::warn!(sequence = record.sequence, "the server rejects a submission");
                store.reject(record, code.as_str())?;
                settled += 1;
            }
            Some(ItemAnswer::Stored { .. }) => store.note_attempt(record, "receipt not valid")?,
            None => store.note_attempt(record, "no receipt")?,
        }
    }
    Ok(if settled > 0 { Round::Progress } else { Round::Failed { not_before: None } })
}

fn is_good(receipt: &Receipt, record: &Record, server: PublicKey) -> bool {
    receipt
        .check(record, server)
        .inspect_err(|flaw| tracing::warn!(%flaw, sequence = record.sequence, "a receipt is not valid"))
        .is_ok()
}

/// Ever longer pauses after failures, with jitter so that thirty booths do not call at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backoff {
    failures: u32,
}

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Backoff {
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The pause after one more failure; `jitter` is 0..=1.
    pub fn next(&mut self, not_before: Option<Duration>, jitter: f64) -> Duration {
        let doubled = FIRST_PAUSE * 2u32.pow(self.failures.min(10));
        self.failures += 1;
        let pause = doubled.min(LONGEST_PAUSE).mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
        pause.max(not_before.unwrap_or_default().min(LONGEST_PAUSE * 12))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_the_servers_wish_is_honoured() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..12).map(|_| backoff.next(None, 1.0).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]);
        assert_eq!(backoff.next(Some(Duration::from_secs(900)), 0.0).as_secs(), 900);
        backoff.reset();
        assert_eq!(backoff.next(None, 0.0).as_secs(), 1);
    }
}
