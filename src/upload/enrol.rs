//! A booth's introduction to the central server: one POST with a one-time token, before there is any other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::client::HttpUploader;
use super::policy::TransportFailure;
use super::wire::{Body, SCHEMA};
use crate::submission::{SignedEnrolAnswer, SignedEnrolRequest};

/// Where booths introduce themselves.
pub const ENROLMENTS_PATH: &str = "/v1/enrolments";

/// What is posted, or carried on a stick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentRequest {
    /// [`SCHEMA`].
    pub schema: u32,
    pub enrolment: SignedEnrolRequest,
}

/// What the server answers. It says nothing secret: the token in it is encrypted for the booth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentAnswer {
    /// [`SCHEMA`].
    pub schema: u32,
    pub enrolment: SignedEnrolAnswer,
}

impl EnrolmentAnswer {
    /// `None` if it is something else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|answer: &Self| answer.schema == SCHEMA)
    }
}

/// Why the server did not take the booth.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error("the central server cannot be reached: check cable, wireless network, proxy and address")]
    Unreachable,
    #[error(
        "the certificate of the central server is not trusted: give [server] ca_file, set the clock, \
         or leave the network that asks for a login first"
    )]
    Untrusted,
    #[error("the central server did not answer to the end; the same token may be used again")]
    CutOff,
    #[error("the central server does not take the one-time token: it is wrong, used by another booth, or too old")]
    Token,
    #[error("another key is registered for this booth's name: choose another [kiosk] id, or have the old key removed")]
    NameTaken,
    #[error("the central server is busy{}", wait.map(|wait| format!(": try again in {} s", wait.as_secs())).unwrap_or_default())]
    Busy { wait: Option<Duration> },
    #[error("the central server cannot read the request ({problem}): one of the two programs is too old")]
    Refused { problem: String },
    #[error(
        "what answers is not the central server (status {status}): check the address, and whether the network asks for a login first"
    )]
    NotTheServer { status: u16 },
}

impl HttpUploader {
    /// Introduces the booth; the uploader's token is the one-time token. Harmless to repeat.
    pub fn enrol(&self, request: &SignedEnrolRequest) -> Result<SignedEnrolAnswer, NotTaken> {
        let request = EnrolmentRequest { schema: SCHEMA, enrolment: request.clone() };
        // Strings and integers cannot fail to serialise.
        let body = serde_json::to_vec(&request).unwrap_or_default();
        match self.exchange(self.at(ENROLMENTS_PATH), body) {
            Ok((status, wait, bytes)) => judge(status, wait, &bytes),
            Err(TransportFailure::Unreachable) => Err(NotTaken::Unreachable),
            Err(TransportFailure::Untrusted) => Err(NotTaken::Untrusted),
            Err(TransportFailure::TimedOut | TransportFailure::CutOff) => Err(NotTaken::CutOff),
        }
    }
}

fn judge(status: u16, wait: Option<Duration>, bytes: &[u8]) -> Result<SignedEnrolAnswer, NotTaken> {
    if let (200, Some(answer)) = (status, EnrolmentAnswer::read(bytes)) {
        return Ok(answer.enrolment);
    }
    // A login page may have any status: only the server's own words count.
    let Body::Problem(problem) = Body::read(bytes) else { return Err(NotTaken::NotTheServer { status }) };
    Err(match (status, problem.problem.as_str()) {
        (401 | 403, _) => NotTaken::Token,
        (409, _) => NotTaken::NameTaken,
        (429 | 500..=599, _) => NotTaken::Busy { wait },
        (_, problem) => NotTaken::Refused { problem: super::policy::code(problem) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_document_has_the_path_and_the_word() {
        let document = include_str!("../../docs/central-api.yaml");
        assert!(document.contains(&format!("\n  {ENROLMENTS_PATH}:\n")) && document.contains("- name_taken\n"));
    }

    #[test]
    fn only_the_servers_own_words_say_why() {
        let problem = |word: &str| format!(r#"{{"schema":1,"problem":"{word}"}}"#);
        let judged = |status, body: &str| judge(status, Some(Duration::from_secs(9)), body.as_bytes()).unwrap_err();
        assert_eq!(judged(401, &problem("unauthorised")), NotTaken::Token);
        assert_eq!(judged(409, &problem("name_taken")), NotTaken::NameTaken);
        assert_eq!(judged(503, &problem("busy")), NotTaken::Busy { wait: Some(Duration::from_secs(9)) });
        assert_eq!(judged(400, &problem("malformed")), NotTaken::Refused { problem: "malformed".into() });
        for status in [200, 302, 401, 404, 409, 503] {
            for body in ["", "<html>login</html>", "{}", r#"{"schema":2,"enrolment":{"answer":"","signature":""}}"#] {
                assert_eq!(judged(status, body), NotTaken::NotTheServer { status }, "{body}");
            }
        }
        // A word is told, a text is not.
        let odd = judged(400, &problem("<script>alert(1)</script> 1234567890"));
        assert!(!odd.to_string().contains('<'), "{odd}");
    }
}
