//! What to do with an answer, as a table: status, kind of body, receipt, transport failure → action.
//! Pure. Only a receipt that holds leads to [`ItemAction::Acknowledge`]; whatever is not understood
//! is sent again later.

use std::time::Duration;

use super::wire::{BatchAnswer, Body, ItemResult, Outcome};
use crate::submission::{ProvenReceipt, ReceiptError, ServerKey, Submitted};

/// What came back for a batch.
#[derive(Clone, Debug)]
pub enum Answer {
    Http {
        status: u16,
        /// The server's wish, as a time from now.
        retry_after: Option<Duration>,
        body: Body,
    },
    Failed(TransportFailure),
}

/// No whole answer came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportFailure {
    /// No connection: cable, DNS, server down.
    Unreachable,
    /// Somebody answered, whose certificate is not trusted; or who does not trust the booth's.
    Untrusted,
    TimedOut,
    /// The connection ended in the middle of the request or the answer.
    CutOff,
}

/// Why something is not settled. The codes are stored and shown to the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    Unreachable,
    /// TLS failed: a captive portal, the wrong CA file, an expired certificate, a clock that is wrong.
    Untrusted,
    TimedOut,
    CutOff,
    /// Somebody else answered: a captive portal, a proxy, a wrong address.
    NotOurServer,
    Redirected,
    ServerBusy,
    ServerError,
    NotAuthorised,
    WrongAddress,
    TooLarge,
    /// The server does not understand this program.
    Refused,
    /// The answer does not mention the item.
    NoReceipt,
    /// The answer mentions the item twice.
    Contradiction,
    /// The receipt is not signed by the pinned key.
    ForgedReceipt,
    /// The receipt is for something else.
    WrongReceipt,
    UnknownOutcome,
}

impl Why {
    /// Whether it may be for one item that a batch failed, and not for the server or the way to it.
    pub const fn may_be_an_items(self) -> bool {
        matches!(self, Self::TimedOut | Self::CutOff | Self::ServerError | Self::TooLarge | Self::Refused)
    }

    /// Whether the server said so, and not somebody on the way to it or nobody at all.
    pub const fn is_the_servers(self) -> bool {
        !matches!(
            self,
            Self::Unreachable | Self::Untrusted | Self::TimedOut | Self::CutOff | Self::NotOurServer | Self::Redirected
        )
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::TimedOut => "timed_out",
            Self::CutOff => "cut_off",
            Self::NotOurServer => "not_our_server",
            Self::Redirected => "redirected",
            Self::ServerBusy => "server_busy",
            Self::ServerError => "server_error",
            Self::NotAuthorised => "not_authorised",
            Self::WrongAddress => "wrong_address",
            Self::TooLarge => "too_large",
            Self::Refused => "refused",
            Self::NoReceipt => "no_receipt",
            Self::Contradiction => "contradiction",
            Self::ForgedReceipt => "forged_receipt",
            Self::WrongReceipt => "wrong_receipt",
            Self::UnknownOutcome => "unknown_outcome",
        }
    }
}

/// What to do with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchAction<'a> {
    /// Every item has its own answer: see [`judge_item`].
    ReadItems(&'a BatchAnswer),
    /// It may pass: send the same again after the back-off.
    Retry { why: Why, after: Option<Duration> },
    /// It may be the size: send half of it after the back-off.
    HalveBatch { why: Why },
    /// It will not pass by itself: tell staff and try again at the slowest pace.
    StopBatch { why: Why },
}

/// What to do with one item of an answered batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemAction {
    /// The receipt was verified against what was sent.
    Acknowledge {
        receipt: ProvenReceipt,
        /// Whether the server had it before.
        outcome: Outcome,
    },
    Retry(Why),
    /// Parked for staff, with the server's code.
    RejectItem(String),
    /// Parked for staff, with the server's code.
    Conflict(String),
}

/// Judges a whole answer to a batch of `sent` items.
pub fn judge_batch(answer: &Answer, sent: usize) -> BatchAction<'_> {
    use BatchAction::{HalveBatch, ReadItems, Retry, StopBatch};
    let halve_or = |why, otherwise| if sent > 1 { HalveBatch { why } } else { otherwise };
    let (status, after, body) = match answer {
        Answer::Http { status, retry_after, body } => (*status, *retry_after, body),
        Answer::Failed(TransportFailure::Unreachable) => return Retry { why: Why::Unreachable, after: None },
        Answer::Failed(TransportFailure::Untrusted) => return Retry { why: Why::Untrusted, after: None },
        // On a slow line a large batch would time out for ever.
        Answer::Failed(TransportFailure::TimedOut) => {
            return halve_or(Why::TimedOut, Retry { why: Why::TimedOut, after: None });
        }
        Answer::Failed(TransportFailure::CutOff) => {
            return halve_or(Why::CutOff, Retry { why: Why::CutOff, after: None });
        }
    };
    let ours = !matches!(body, Body::Foreign);
    match status {
        // 202: taken, and already proven by receipts.
        200..=202 => match body {
            Body::Results(answer) => ReadItems(answer),
            _ => Retry { why: Why::NotOurServer, after },
        },
        300..=399 => Retry { why: Why::Redirected, after },
        408 => halve_or(Why::TimedOut, Retry { why: Why::TimedOut, after }),
        // Proxies say 413 too, with pages of their own.
        413 => halve_or(Why::TooLarge, StopBatch { why: Why::TooLarge }),
        429 => Retry { why: Why::ServerBusy, after },
        // Portals say 4xx as well: only our own server's word stops the queue.
        401 | 403 if ours => StopBatch { why: Why::NotAuthorised },
        404 | 405 | 410 => StopBatch { why: Why::WrongAddress },
        // It may be one item that the server cannot bear: 409 and 422 among them.
        400..=499 if ours => halve_or(Why::Refused, StopBatch { why: Why::Refused }),
        503 => Retry { why: Why::ServerBusy, after },
        // "Network authentication required": a portal that is honest.
        511 => Retry { why: Why::NotOurServer, after },
        // One item may be what breaks the server: the others should not wait for it.
        500..=599 => halve_or(Why::ServerError, Retry { why: Why::ServerError, after }),
        _ => Retry { why: Why::NotOurServer, after },
    }
}

/// Judges what an answer says about one item that was sent.
pub fn judge_item(results: &[ItemResult], sent: &Submitted, server: &ServerKey) -> ItemAction {
    let mut mentioned = results.iter().filter(|result| result.submission_id == sent.submission_id);
    let Some(result) = mentioned.next() else { return ItemAction::Retry(Why::NoReceipt) };
    if mentioned.next().is_some() {
        return ItemAction::Retry(Why::Contradiction);
    }
    match result.outcome {
        Outcome::Stored | Outcome::Duplicate => match &result.receipt {
            None => ItemAction::Retry(Why::NoReceipt),
            Some(receipt) => match receipt.verify(server, sent) {
                Ok(receipt) => ItemAction::Acknowledge { receipt, outcome: result.outcome },
                Err(ReceiptError::Forged) => ItemAction::Retry(Why::ForgedReceipt),
                Err(_) => ItemAction::Retry(Why::WrongReceipt),
            },
        },
        Outcome::Conflict => ItemAction::Conflict(reason(result)),
        Outcome::Rejected => ItemAction::RejectItem(reason(result)),
        Outcome::Unknown => ItemAction::Retry(Why::UnknownOutcome),
    }
}

/// Why an answer is not the one that was hoped for.
pub fn why(answer: &Answer) -> Why {
    match judge_batch(answer, 1) {
        BatchAction::ReadItems(_) => Why::NotOurServer,
        BatchAction::Retry { why, .. } | BatchAction::HalveBatch { why } | BatchAction::StopBatch { why } => why,
    }
}

fn reason(result: &ItemResult) -> String {
    code(result.reason.as_deref().unwrap_or_default())
}

/// The server's code, if it is one: free text is neither stored nor shown.
pub fn code(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_code = (1..=64).contains(&text.len()) && text.chars().all(allowed);
    if is_code { text.to_owned() } else { "unspecified".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::{DeviceKey, Receipt, Sha256Digest, SignedReceipt};
    use crate::upload::wire::Problem;

    fn results() -> Body {
        Body::Results(BatchAnswer { schema: 1, results: Vec::new() })
    }

    fn problem() -> Body {
        Body::Problem(Problem { schema: 1, problem: "code".into() })
    }

    /// The action as a word, so that the table below reads as one.
    fn action(status: u16, body: Body, sent: usize) -> String {
        match judge_batch(&Answer::Http { status, retry_after: None, body }, sent) {
            BatchAction::ReadItems(_) => "read".into(),
            BatchAction::Retry { why, .. } => format!("retry {}", why.code()),
            BatchAction::HalveBatch { why } => format!("halve {}", why.code()),
            BatchAction::StopBatch { why } => format!("stop {}", why.code()),
        }
    }

    #[test]
    fn every_status_with_every_body_has_its_action() {
        for status in 0..=1000_u16 {
            // With results / a problem / a foreign body, two items sent; then the same with one.
            let expected: [&str; 6] = match status {
                200..=202 => [
                    "read",
                    "retry not_our_server",
                    "retry not_our_server",
                    "read",
                    "retry not_our_server",
                    "retry not_our_server",
                ],
                300..=399 => ["retry redirected"; 6],
                408 => [
                    "halve timed_out",
                    "halve timed_out",
                    "halve timed_out",
                    "retry timed_out",
                    "retry timed_out",
                    "retry timed_out",
                ],
                413 => [
                    "halve too_large",
                    "halve too_large",
                    "halve too_large",
                    "stop too_large",
                    "stop too_large",
                    "stop too_large",
                ],
                404 | 405 | 410 => ["stop wrong_address"; 6],
                401 | 403 => [
                    "stop not_authorised",
                    "stop not_authorised",
                    "retry not_our_server",
                    "stop not_authorised",
                    "stop not_authorised",
                    "retry not_our_server",
                ],
                429 | 503 => ["retry server_busy"; 6],
                400..=499 => [
                    "halve refused",
                    "halve refused",
                    "retry not_our_server",
                    "stop refused",
                    "stop refused",
                    "retry not_our_server",
                ],
                511 => ["retry not_our_server"; 6],
                500..=599 => [
                    "halve server_error",
                    "halve server_error",
                    "halve server_error",
                    "retry server_error",
                    "retry server_error",
                    "retry server_error",
                ],
                _ => ["retry not_our_server"; 6],
            };
            let bodies = [results(), problem(), Body::Foreign];
            let actual: Vec<_> =
                [2, 1].into_iter().flat_map(|sent| bodies.clone().map(|body| action(status, body, sent))).collect();
            assert_eq!(actual, expected, "status {status}");
        }
    }

    #[test]
    fn transport_failures_are_retried_and_slow_lines_get_smaller_batches() {
        use TransportFailure::{CutOff, TimedOut, Unreachable, Untrusted};
        let judge = |failure, sent| match judge_batch(&Answer::Failed(failure), sent) {
            BatchAction::Retry { why, after: None } => format!("retry {}", why.code()),
            BatchAction::HalveBatch { why } => format!("halve {}", why.code()),
            other => format!("{other:?}"),
        };
        assert_eq!(judge(Unreachable, 9), "retry unreachable");
        assert_eq!(judge(Untrusted, 9), "retry untrusted");
        assert_eq!([judge(TimedOut, 9), judge(TimedOut, 1)], ["halve timed_out", "retry timed_out"]);
        assert_eq!([judge(CutOff, 9), judge(CutOff, 1)], ["halve cut_off", "retry cut_off"]);
    }

    #[test]
    fn the_servers_wish_to_wait_is_passed_on() {
        for status in [429, 503] {
            let answer = Answer::Http { status, retry_after: Some(Duration::from_secs(90)), body: problem() };
            assert_eq!(
                judge_batch(&answer, 5),
                BatchAction::Retry { why: Why::ServerBusy, after: Some(Duration::from_secs(90)) }
            );
        }
    }

    fn sent() -> Submitted {
        Submitted {
            submission_id: "019e8244-7800-7000-8000-000000000001".parse().unwrap(),
            manifest_sha256: Sha256Digest::of(b"manifest"),
            picture_sha256: Sha256Digest::of(b"jpeg"),
        }
    }

    fn server() -> DeviceKey {
        DeviceKey::from_seed(&[1; 32])
    }

    fn receipt() -> Receipt {
        Receipt {
            submission_id: sent().submission_id,
            stored_sha256: sent().manifest_sha256,
            picture_sha256: sent().picture_sha256,
            received_at: "2026-06-01T08:00:00Z".parse().unwrap(),
        }
    }

    fn result(outcome: Outcome, receipt: Option<SignedReceipt>) -> ItemResult {
        ItemResult { submission_id: sent().submission_id, outcome, receipt, reason: Some("some_code".into()) }
    }

    #[track_caller]
    fn check(results: &[ItemResult], expected: ItemAction) {
        assert_eq!(judge_item(results, &sent(), &server().public()), expected);
    }

    #[test]
    fn only_a_receipt_that_holds_acknowledges() {
        use Outcome::{Conflict, Duplicate, Rejected, Stored, Unknown};
        let good = receipt().sign(&server()).unwrap();
        let proven = good.verify(&server().public(), &sent()).unwrap();
        let acknowledge = |outcome| ItemAction::Acknowledge { receipt: proven.clone(), outcome };
        let other_id = "019e8244-7800-7000-8000-000000000002".parse().unwrap();
        for outcome in [Stored, Duplicate] {
            check(&[result(outcome, Some(good.clone()))], acknowledge(outcome));
            check(&[result(outcome, None)], ItemAction::Retry(Why::NoReceipt));
            let forged = receipt().sign(&DeviceKey::from_seed(&[2; 32])).unwrap();
            check(&[result(outcome, Some(forged))], ItemAction::Retry(Why::ForgedReceipt));
            for wrong in [
                Receipt { submission_id: other_id, ..receipt() },
                Receipt { stored_sha256: Sha256Digest::ZERO, ..receipt() },
                Receipt { picture_sha256: Sha256Digest::ZERO, ..receipt() },
            ] {
                let wrong = wrong.sign(&server()).unwrap();
                check(&[result(outcome, Some(wrong))], ItemAction::Retry(Why::WrongReceipt));
            }
        }
        // A receipt beside another outcome is not looked at.
        check(&[result(Rejected, Some(good.clone()))], ItemAction::RejectItem("some_code".into()));
        check(&[result(Conflict, Some(good.clone()))], ItemAction::Conflict("some_code".into()));
        check(&[result(Unknown, Some(good.clone()))], ItemAction::Retry(Why::UnknownOutcome));
        // Not mentioned, mentioned under another id, mentioned twice.
        check(&[], ItemAction::Retry(Why::NoReceipt));
        let stranger = ItemResult { submission_id: other_id, ..result(Stored, Some(good.clone())) };
        check(std::slice::from_ref(&stranger), ItemAction::Retry(Why::NoReceipt));
        check(&[stranger, result(Stored, Some(good.clone()))], acknowledge(Stored));
        let twice = [result(Stored, Some(good)), result(Rejected, None)];
        check(&twice, ItemAction::Retry(Why::Contradiction));
    }

    #[test]
    fn free_text_from_the_server_is_not_kept() {
        for text in ["", "张三 has no photo", "UPPER", &"x".repeat(65), "a\nb"] {
            let result = ItemResult { reason: Some(text.to_owned()), ..result(Outcome::Rejected, None) };
            check(&[result], ItemAction::RejectItem("unspecified".into()));
        }
    }
}
