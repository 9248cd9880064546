//! Names of things: a SHA-256 digest names bytes, a submission id names one submission. Both are
//! written the same way everywhere: lower-case hex, and a hyphenated UUIDv7.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::code::CodeDigest;

/// A SHA-256 digest, written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256Digest(pub [u8; 32]);

/// Text that should name a digest, key, signature or submission and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {0}")]
pub struct MalformedHex(pub &'static str);

impl Sha256Digest {
    /// Stands before the first record of a chain.
    pub const ZERO: Self = Self([0; 32]);

    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl From<CodeDigest> for Sha256Digest {
    fn from(code: CodeDigest) -> Self {
        Self(code.0)
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Digest({}…)", hex::encode(&self.0[..4]))
    }
}

impl FromStr for Sha256Digest {
    type Err = MalformedHex;

    fn from_str(text: &str) -> Result<Self, MalformedHex> {
        decode_lower_hex(text).map(Self).ok_or(MalformedHex("a SHA-256 digest of 64 lower-case hex digits"))
    }
}

/// Exactly `N` bytes in lower-case hex: one spelling only, so that bytes can be compared.
pub(super) fn decode_lower_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.contains(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// Names one submission: a UUIDv7, so ids sort by time. Made once per accepted capture and never
/// from personal data.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubmissionId(Uuid);

impl SubmissionId {
    pub fn new(now: jiff::Timestamp) -> Self {
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Self(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds)))
    }

    /// The id that a student was shown.
    pub fn from_order_number(text: &str) -> Result<Self, MalformedHex> {
        let id = Uuid::try_parse(text).map(Self).map_err(|_| MalformedHex("an order number"))?;
        if id.order_number() == text { Ok(id) } else { Err(MalformedHex("an order number")) }
    }

    /// What the student is shown: the same id as 32 hex digits.
    pub fn order_number(&self) -> String {
        self.0.simple().to_string()
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

impl fmt::Debug for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubmissionId({self})")
    }
}

impl FromStr for SubmissionId {
    type Err = MalformedHex;

    fn from_str(text: &str) -> Result<Self, MalformedHex> {
        let id = Uuid::try_parse(text).map_err(|_| MalformedHex("a UUIDv7"))?;
        let known_spelling = id.hyphenated().to_string() == text;
        if id.get_version_num() == 7 && known_spelling { Ok(Self(id)) } else { Err(MalformedHex("a UUIDv7")) }
    }
}

/// Written as its `Display`, read through its `FromStr`.
macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize<'de>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
pub(super) use serde_as_text;

serde_as_text!(Sha256Digest, SubmissionId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_spelling() {
        let digest = Sha256Digest::of(b"abc");
        let text = digest.to_string();
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(text.parse(), Ok(digest));
        for wrong in [&text.to_uppercase(), &text[1..], "", &format!("{text}00"), &text.replace('b', "g")] {
            assert!(wrong.parse::<Sha256Digest>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn submission_ids_are_v7_sort_by_time_and_have_one_spelling() {
        let early = SubmissionId::new("2026-06-01T08:00:00Z".parse().unwrap());
        let late = SubmissionId::new("2026-06-01T08:00:01Z".parse().unwrap());
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(early.to_string().parse(), Ok(early));
        assert_eq!(early.order_number(), early.to_string().replace('-', ""));
        for wrong in [early.order_number(), early.to_string().to_uppercase(), Uuid::nil().to_string()] {
            assert!(wrong.parse::<SubmissionId>().is_err(), "{wrong}");
        }
    }
}
