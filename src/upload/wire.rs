//! The JSON that booth and central server exchange, as `docs/central-api.yaml` describes it. Answers may
//! gain fields that this program ignores; requests may not.

use serde::{Deserialize, Serialize};

use crate::submission::{PublicKey, Signature, SignedReceipt, SignedStatement, StatusUpdate, SubmissionId};

/// Where batches are posted.
pub const SUBMISSIONS_PATH: &str = "/v1/submissions";
/// Where a bundle from a stick is posted, as it is. The answer is the receipt file for the booth.
pub const BUNDLES_PATH: &str = "/v1/bundles";
/// Where news of submissions is fetched.
pub const STATUS_PATH: &str = "/v1/status";
/// Where withdrawals are told.
pub const WITHDRAWALS_PATH: &str = "/v1/withdrawals";
/// Where the server hears of fees that staff took.
pub const FEES_PATH: &str = "/v1/fees";
/// The only version of these bodies so far.
pub const SCHEMA: u32 = 1;
/// Longest cursor.
pub const MAX_CURSOR: usize = 200;
/// Larger answers are not read: ours have a few hundred bytes per item.
pub const MAX_ANSWER_BYTES: usize = 1 << 20;

/// The body of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmissionBatch {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The key that signed the items. A chain belongs to a key: a booth with a new database takes a
    /// new key and starts at 1 again.
    pub device: PublicKey,
    /// In the chain's order.
    pub submissions: Vec<SubmissionItem>,
    /// In a bundle: what a booth with a network tells at [`WITHDRAWALS_PATH`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawals: Vec<SignedStatement>,
    /// In a bundle: what a booth with a network tells at [`FEES_PATH`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<SignedStatement>,
}

impl SubmissionBatch {
    pub fn new(device: PublicKey, submissions: Vec<SubmissionItem>) -> Self {
        Self { schema: SCHEMA, device, submissions, withdrawals: Vec::new(), fees: Vec::new() }
    }
}

/// One record, exactly as stored.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmissionItem {
    /// The manifest's bytes, which are UTF-8, as a string. Unescaped they are what is signed.
    pub manifest: String,
    pub signature: Signature,
    /// The JPEG file in lower-case hex.
    pub picture: String,
    /// The number that the manifest's `contact` is the digest of; missing when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl std::fmt::Debug for SubmissionItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SubmissionItem({} + {} bytes)", self.manifest.len(), self.picture.len() / 2)
    }
}

/// The body of a 200 answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchAnswer {
    /// [`SCHEMA`].
    pub schema: u32,
    /// One per item; what is missing was not received.
    pub results: Vec<ItemResult>,
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemResult {
    pub submission_id: SubmissionId,
    pub outcome: Outcome,
    /// With `stored` and `duplicate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<SignedReceipt>,
    /// With `rejected` and `conflict`: a code for staff, lower-case letters, digits and `_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Received and stored just now.
    Stored,
    /// Stored before, with these very bytes; the receipt is the first one.
    Duplicate,
    /// Something else is stored under this id or at this place of the chain.
    Conflict,
    /// Not wanted, for the reason given; sending it again does not help.
    Rejected,
    /// A word of a newer server.
    #[serde(other)]
    Unknown,
}

/// A page of news: what became of the submissions of one booth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusPage {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Oldest change first; one submission may come again later.
    pub updates: Vec<StatusUpdate>,
    /// What to ask for next. Opaque, at most 200 characters.
    pub cursor: String,
    /// Whether there is more right now.
    pub more: bool,
}

impl StatusPage {
    /// None if it is somebody else's.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_ANSWER_BYTES {
            return None;
        }
        let page: Self = serde_json::from_slice(bytes).ok()?;
        (page.schema == SCHEMA && page.cursor.len() <= MAX_CURSOR).then_some(page)
    }
}

/// Statements of one kind.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementBatch {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The key that signed them.
    pub device: PublicKey,
    pub statements: Vec<SignedStatement>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct StatementAnswer {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What the server has acted upon: it has nothing of what was withdrawn any more and never takes it again; what was
    /// paid is paid in its books. What is missing is told again.
    pub confirmed: Vec<SubmissionId>,
}

/// The body of every other answer of the server itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What is wrong with the request as a whole, as a code.
    pub problem: String,
}

/// What an answer's body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Results(BatchAnswer),
    Problem(Problem),
    /// Somebody else's: a captive portal's page, a proxy's error, nothing, too much.
    Foreign,
}

impl Body {
    /// Recognises a body by its content; a Content-Type can lie.
    pub fn read(bytes: &[u8]) -> Self {
        if bytes.len() > MAX_ANSWER_BYTES { Self::Foreign } else { Self::read_file(bytes) }
    }

    /// As [`Self::read`], without its limit: a receipt file answers for a whole bundle.
    pub fn read_file(bytes: &[u8]) -> Self {
        match serde_json::from_slice::<BatchAnswer>(bytes) {
            Ok(answer) if answer.schema == SCHEMA => return Self::Results(answer),
            _ => {}
        }
        match serde_json::from_slice::<Problem>(bytes) {
            Ok(problem) if problem.schema == SCHEMA => Self::Problem(problem),
            _ => Self::Foreign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_json_is_ours() {
        assert!(matches!(Body::read(br#"{"schema":1,"results":[]}"#), Body::Results(_)));
        assert!(matches!(Body::read(br#"{"schema":1,"results":[],"new":true}"#), Body::Results(_)));
        assert!(matches!(Body::read(br#"{"schema":1,"problem":"malformed"}"#), Body::Problem(_)));
        let oversized = format!(r#"{{"schema":1,"results":[],"x":"{}"}}"#, "x".repeat(MAX_ANSWER_BYTES));
        for foreign in [
            "",
            "{}",
            "[]",
            "null",
            "<!DOCTYPE html><title>校园网登录</title>",
            r#"{"schema":2,"results":[]}"#,
            r#"{"results":[]}"#,
            r#"{"schema":1,"results":[]"#,
            r#"{"schema":1,"results":[{"outcome":"stored"}]}"#,
            r#"{"code":0,"msg":"ok"}"#,
            &oversized,
        ] {
            assert_eq!(Body::read(foreign.as_bytes()), Body::Foreign, "{:.60}", foreign);
        }
    }

    #[test]
    fn a_word_of_a_newer_server_is_read() {
        let body = r#"{"schema":1,"results":[{"submission_id":"019e8244-7800-7000-8000-000000000001","outcome":"quarantined"}]}"#;
        let Body::Results(answer) = Body::read(body.as_bytes()) else { panic!("not ours") };
        assert_eq!(answer.results[0].outcome, Outcome::Unknown);
    }

    /// The document and the program say the same words.
    #[test]
    fn the_api_document_names_what_is_sent() {
        let document = include_str!("../../docs/central-api.yaml");
        let defines = |name: &str| document.lines().any(|line| line.trim() == format!("{name}:"));
        for path in [SUBMISSIONS_PATH, BUNDLES_PATH, STATUS_PATH, WITHDRAWALS_PATH, FEES_PATH] {
            assert!(defines(path), "{path}");
        }
        for schema in [
            "SubmissionBatch",
            "SubmissionItem",
            "Manifest",
            "BatchAnswer",
            "ItemResult",
            "SignedReceipt",
            "Receipt",
            "Problem",
            "StatementBatch",
            "SignedStatement",
            "Withdrawal",
            "FeeTaken",
            "StatementAnswer",
        ] {
            assert!(defines(schema), "schema {schema}");
        }
        for field in [
            "device",
            "submissions",
            "manifest",
            "signature",
            "picture",
            "results",
            "submission_id",
            "outcome",
            "receipt",
            "reason",
            "problem",
            "stored_sha256",
            "picture_sha256",
            "received_at",
            "withdrawals",
            "fees",
            "statements",
            "statement",
            "withdrawn_at",
            "taken_at",
            "fee_fen",
            "confirmed",
        ] {
            assert!(defines(field), "field {field}");
        }
        for outcome in [Outcome::Stored, Outcome::Duplicate, Outcome::Conflict, Outcome::Rejected] {
            let word = serde_json::to_value(outcome).unwrap();
            let line = format!("- {}", word.as_str().unwrap());
            assert!(document.lines().any(|candidate| candidate.trim() == line), "outcome {line}");
        }
        for status in ["200", "400", "401", "403", "413", "429", "503"] {
            assert!(defines(&format!("\"{status}\"")), "status {status}");
        }
    }
}
