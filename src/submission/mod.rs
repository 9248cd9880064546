//! A submission: what the booth promises about one photo, in bytes that never change once signed.
//!
//! [`manifest`] makes the bytes, [`signature`] signs them, [`chain`] checks a run of them, and a
//! [`receipt`] is the server's signed answer. Knows no database, network or thread.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::code::CodeDigest;
use manifest::{ConsentRecord, FileDigest};

pub mod chain;
pub mod manifest;
pub mod receipt;
pub mod signature;

/// A SHA-256 digest; 64 hexadecimal digits as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Stands where a chain begins.
    pub const NONE: Self = Self([0; 32]);

    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", hex::encode(&self.0[..4]))
    }
}

impl FromStr for Digest {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// What the visit knows of a submission before it has a place in the queue.
#[derive(Clone)]
pub struct Draft<'a> {
    /// Chosen by whoever saves; saving the same id again changes nothing.
    pub submission_id: Uuid,
    pub kiosk_id: &'a str,
    pub code: CodeDigest,
    pub consent: ConsentRecord,
    pub jpeg: &'a [u8],
    pub width: u32,
    pub height: u32,
    /// JPEG quality, 1–100.
    pub quality: u8,
    pub background: [u8; 3],
    pub profile: FileDigest,
    pub models: Vec<FileDigest>,
    /// The picture came from the demo's camera.
    pub simulated: bool,
}

/// One signed record, as stored and as posted: the same bytes for ever.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    pub submission_id: Uuid,
    pub sequence: u64,
    pub manifest: Vec<u8>,
    pub signature: [u8; 64],
    pub jpeg: Vec<u8>,
}

impl Record {
    pub fn digest(&self) -> Digest {
        Digest::of(&self.manifest)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record(#{}, {})", self.sequence, self.submission_id)
    }
}
