//! The 图像采集码 (image collection code): reading it from pictures, and what stands behind it.
//!
//! The format of 学信网 is not public: by default a payload is opaque and its SHA-256 is looked up in
//! the roster that the central server provides. Schools that make their own codes have two formats
//! more, see [`payload`]. A payload is never logged, stored or shown.

pub mod mint;
pub mod payload;
pub mod reader;
mod student_number;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use payload::Rejected;
pub use student_number::{MalformedNumberHash, NumberHash};

/// The text of a collection code, wiped from memory when dropped. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(Zeroizing<String>);

impl Payload {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn digest(&self) -> CodeDigest {
        CodeDigest(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.0.len())
    }
}

/// SHA-256 of a code's payload: the only trace of the code that is ever kept. As text, 64
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeDigest(pub [u8; 32]);

impl CodeDigest {
    /// Its first eight digits: what the log may say of a code.
    pub fn short(self) -> String {
        hex::encode(&self.0[..4])
    }
}

impl TryFrom<String> for CodeDigest {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl From<CodeDigest> for String {
    fn from(digest: CodeDigest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeDigest({}…)", self.short())
    }
}

/// What the confirm screen shows of a 学籍: already masked by the central server, so the booth
/// never holds a plain name or document number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// 学校名称
    pub school: String,
    /// 学历类别, e.g. 普通高等教育
    pub category: String,
    /// 层次, e.g. 本科
    pub level: String,
    /// 专业
    pub major: String,
    /// 姓名, masked as the manual shows it: 郭\*荣
    pub masked_name: String,
    /// Last four characters of the 证件号
    pub document_last4: String,
    /// 学号, hashed: with it the booth can ask for the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub student_number: Option<NumberHash>,
}

impl Enrolment {
    /// Whether both say the same, as far as both say anything: only one may know the 学号.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let numbers_agree = match (&self.student_number, &other.student_number) {
            (Some(own), Some(others)) => own == others,
            _ => true,
        };
        numbers_agree && self.texts() == other.texts()
    }

    fn texts(&self) -> [&str; 6] {
        [&self.school, &self.category, &self.level, &self.major, &self.masked_name, &self.document_last4]
    }
}

/// Nobody's data stay in memory longer than they are used.
impl Drop for Enrolment {
    fn drop(&mut self) {
        let Self { school, category, level, major, masked_name, document_last4, .. } = self;
        [school, category, level, major, masked_name, document_last4].into_iter().for_each(Zeroize::zeroize);
    }
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// One line of the roster: whose code this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterEntry {
    pub code_digest: CodeDigest,
    pub enrolment: Enrolment,
}

/// The person in the booth, as far as the booth may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    pub code: CodeDigest,
    pub enrolment: Enrolment,
}

/// Why what the camera shows cannot start a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeProblem {
    Rejected(Rejected),
    /// The central server is being asked whose it is.
    Asking,
    /// The pictures on a stick are being looked through.
    LookingAtStick,
    /// It could not be asked.
    ServerAway,
    /// More than one code in view.
    SeveralCodes,
    /// No USB stick is plugged in.
    NoStick,
    /// None of the stick's pictures shows a code.
    NoCodeOnStick,
}

impl CodeProblem {
    /// Whether the answer is still to come, and nothing is wrong.
    pub fn is_a_wait(self) -> bool {
        matches!(self, Self::Asking | Self::LookingAtStick)
    }
}
