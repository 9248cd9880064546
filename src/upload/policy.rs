//! From what came back to what to do, as one pure table. When in doubt a submission stays in the queue.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::submission::receipt::Receipt;

/// What came back from the server, or did not.
#[derive(Clone, Debug)]
pub enum Answer {
    /// No HTTP answer: no network, no name, no TLS, time-out, broken off.
    None,
    Http {
        status: u16,
        retry_after: Option<Duration>,
        /// The whole body, or `None` when it was longer than any answer of ours.
        body: Option<Vec<u8>>,
    },
}

/// The body of a 200.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BatchAnswer {
    pub results: Vec<ItemAnswer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ItemAnswer {
    /// Stored now, or before: the receipt is the same.
    Stored { submission_id: Uuid, receipt: Receipt },
    /// Never acceptable as it is.
    Rejected { submission_id: Uuid, code: RejectCode },
}

/// Why the server will never take a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectCode {
    /// The signature is not this kiosk's.
    Signature,
    /// Manifest or picture cannot be read, or do not belong together.
    Malformed,
    /// The record does not continue the one before.
    Chain,
    /// The same id was stored with other bytes.
    Conflict,
}

impl RejectCode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Malformed => "malformed",
            Self::Chain => "chain",
            Self::Conflict => "conflict",
        }
    }
}

impl ItemAnswer {
    pub fn submission_id(&self) -> Uuid {
        match self {
            Self::Stored { submission_id, .. } | Self::Rejected { submission_id, .. } => *submission_id,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Look at each submission's own answer.
    File(Vec<ItemAnswer>),
    /// Send half as much.
    Halve,
    /// Stop, keep everything, try again later.
    Wait { reason: &'static str, not_before: Option<Duration> },
}

/// The table.
pub fn decide(answer: Answer) -> Action {
    let wait = |reason| Action::Wait { reason, not_before: None };
    let (status, not_before, body) = match answer {
        Answer::None => return wait("no connection"),
        Answer::Http { status, retry_after, body } => (status, retry_after, body),
    };
    match status {
        // A captive portal answers 200 with its login page: only our own JSON counts.
        200 => match body.map(|body| serde_json::from_slice::<BatchAnswer>(&body)) {
            Some(Ok(answer)) => Action::File(answer.results),
            Some(Err(_)) => wait("the answer is not the server's"),
            None => wait("the answer is too long"),
        },
        201..=299 => wait("an unexpected success"),
        300..=399 => wait("redirected: something stands between"),
        401 | 403 => wait("the server does not know this kiosk"),
        404 | 405 => wait("the server has no such address"),
        413 => Action::Halve,
        429 | 503 => Action::Wait { reason: "the server is busy", not_before },
        400..=499 => wait("the server does not understand"),
        _ => Action::Wait { reason: "the server has a problem", not_before },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(status: u16, body: &str) -> Answer {
        Answer::Http { status, retry_after: Some(Duration::from_secs(7)), body: Some(body.as_bytes().to_vec()) }
    }

    #[test]
    fn no_status_but_200_ever_settles_a_submission() {
        let good = r#"{"results":[]}"#;
        assert_eq!(decide(http(200, good)), Action::File(Vec::new()));
        for status in (100..=599).filter(|status| *status != 200) {
            let action = decide(http(status, good));
            assert!(!matches!(action, Action::File(_)), "{status}: {action:?}");
            assert_eq!(matches!(action, Action::Halve), status == 413, "{status}");
        }
    }

    #[test]
    fn a_login_page_an_empty_body_and_half_an_answer_are_not_ours() {
        for body in ["<html>please log in</html>", "", "{", r#"{"results":[{"status":"stored"}]}"#, "{}", "null"] {
            assert!(matches!(decide(http(200, body)), Action::Wait { .. }), "{body}");
        }
        let endless = Answer::Http { status: 200, retry_after: None, body: None };
        assert!(matches!(decide(endless), Action::Wait { .. }));
        assert!(matches!(decide(Answer::None), Action::Wait { .. }));
    }

    #[test]
    fn only_a_busy_server_names_the_time_to_come_back() {
        for status in 400..=599 {
            if let Action::Wait { not_before, .. } = decide(http(status, "")) {
                let expected = status == 429 || status >= 500;
                assert_eq!(not_before.is_some(), expected, "{status}");
            }
        }
    }
}
