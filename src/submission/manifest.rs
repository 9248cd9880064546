//! The record of one submission: whose code, which picture, which consent, made by which booth.
//!
//! Written once, as [`canonical`] JSON; those exact bytes are signed, stored, sent and digested, and
//! are never written anew. It holds no name, number or code payload, only digests.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::{self, CanonicalError, MAX_INTEGER};
use super::{Algorithm, ClockTrust, Sha256Digest, SubmissionId};
use crate::visit::{Language, PaymentMode, PictureSource};

/// The version that is written. Version 1 had neither algorithm nor clock, version 2 no source of the
/// picture; both are still read.
pub const SCHEMA: u32 = 3;

/// One submission, as it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`], or an earlier one.
    pub schema: u32,
    pub submission_id: SubmissionId,
    /// [`SubmissionId::order_number`], what the student was shown.
    pub order_number: String,
    pub kiosk_id: String,
    /// Place in this booth's chain, from 1 without gaps.
    pub sequence: u64,
    /// Digest of the bytes of the record before this one; zeros for the first.
    pub previous: Sha256Digest,
    /// When the record was signed, whole seconds.
    #[serde(with = "utc_seconds")]
    pub created_at: Timestamp,
    /// How far that time can be trusted. None in version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockTrust>,
    /// How the record is signed. None in version 1, which is Ed25519.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_algorithm: Option<Algorithm>,
    /// SHA-256 of the collection code's payload.
    pub code_digest: Sha256Digest,
    pub consent: ConsentRecord,
    pub picture: PictureFacts,
    /// What is due for it; absent when nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentTerms>,
    /// How to reach the student; absent when the booth does not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactFacts>,
    /// The photo standard's profile that the picture was checked against.
    pub profile: NamedDigest,
    /// The models that made the picture.
    pub models: Vec<NamedDigest>,
    /// Version of this program.
    pub software: String,
    /// Made with the simulated camera or a synthetic roster: not a real submission.
    pub simulated: bool,
}

/// What the student agreed to, provable later from the texts themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentRecord {
    /// Language the texts were shown in.
    pub language: Language,
    /// Digest of the user agreement as shown.
    pub agreement_sha256: Sha256Digest,
    /// Digest of the separate consent to the photo and its transmission, as shown.
    pub photo_consent_sha256: Sha256Digest,
    /// Version of the texts, as the operator names it.
    pub version: String,
    #[serde(with = "utc_seconds")]
    pub given_at: Timestamp,
}

/// The picture, as far as it can be told without the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureFacts {
    /// Digest of the JPEG file.
    pub sha256: Sha256Digest,
    /// Size of the JPEG file.
    pub bytes: u64,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// JPEG quality, 1–100.
    pub quality: u8,
    /// RGB of the uniform background, as "r,g,b".
    pub background: String,
    /// Taken by the booth's camera or brought by the student. None before version 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PictureSource>,
}

/// An order that goes with the photo. Whether it was paid is told apart from the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentTerms {
    /// In 分, hundredths of a yuan.
    pub fee_fen: u32,
    pub mode: PaymentMode,
}

/// A phone number, as far as it can be told without the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactFacts {
    /// SHA-256 of submission id, colon and number.
    pub sha256: Sha256Digest,
    /// Whether an SMS code proved it.
    pub verified: bool,
}

impl ContactFacts {
    pub fn of(submission: SubmissionId, phone: &str, verified: bool) -> Self {
        let text = zeroize::Zeroizing::new(format!("{submission}:{phone}"));
        Self { sha256: Sha256Digest::of(text.as_bytes()), verified }
    }
}

/// A file that took part, and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedDigest {
    pub name: String,
    pub sha256: Sha256Digest,
}

/// Why bytes are not a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error(transparent)]
    Encoding(#[from] CanonicalError),
    #[error("the record says schema {0}, this program knows 1 to {SCHEMA}: update the program")]
    Schema(u32),
    #[error("the record contradicts itself: {0}")]
    Contradiction(&'static str),
}

impl Manifest {
    /// The bytes that are signed, stored and sent.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        self.check()?;
        Ok(canonical::to_bytes(self)?)
    }

    /// How the record is signed.
    pub fn algorithm(&self) -> Algorithm {
        self.signature_algorithm.unwrap_or_default()
    }

    /// Reads a record and refuses any but the canonical spelling.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = canonical::from_bytes(bytes)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        if !(1..=SCHEMA).contains(&self.schema) {
            return Err(ManifestError::Schema(self.schema));
        }
        let since_2 = self.schema >= 2;
        if self.clock.is_some() != since_2 || self.signature_algorithm.is_some() != since_2 {
            return Err(ManifestError::Contradiction("algorithm and clock belong to version 2 and later ones"));
        }
        if self.picture.source.is_some() != (self.schema >= 3) {
            return Err(ManifestError::Contradiction("the picture's source belongs to version 3"));
        }
        if self.order_number != self.submission_id.order_number() {
            return Err(ManifestError::Contradiction("the order number is of another submission"));
        }
        if self.sequence == 0 || self.sequence > MAX_INTEGER {
            return Err(ManifestError::Contradiction("the sequence number is out of range"));
        }
        if (self.sequence == 1) != (self.previous == Sha256Digest::ZERO) {
            return Err(ManifestError::Contradiction("only the first record has no predecessor"));
        }
        Ok(())
    }
}

/// RFC 3339 in UTC with whole seconds, the one spelling of a time in records.
pub(crate) mod utc_seconds {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = Timestamp::from_second(time.as_second()).map_err(ser::Error::custom)?;
        serializer.collect_str(&whole)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn example() -> Manifest {
        let submission_id: SubmissionId = "019e8244-7800-7000-8000-000000000001".parse().unwrap();
        Manifest {
            schema: SCHEMA,
            submission_id,
            order_number: submission_id.order_number(),
            kiosk_id: "booth-1".into(),
            sequence: 1,
            previous: Sha256Digest::ZERO,
            created_at: "2026-06-01T08:00:00.75Z".parse().unwrap(),
            clock: Some(ClockTrust::Unconfirmed),
            signature_algorithm: Some(Algorithm::Ed25519),
            code_digest: Sha256Digest::of(b"code"),
            consent: ConsentRecord {
                language: Language::Chinese,
                agreement_sha256: Sha256Digest::of(b"agreement"),
                photo_consent_sha256: Sha256Digest::of(b"photo consent"),
                version: "2026-06".into(),
                given_at: "2026-06-01T07:59:00Z".parse().unwrap(),
            },
            picture: PictureFacts {
                sha256: Sha256Digest::of(b"jpeg"),
                bytes: 4,
                width: 480,
                height: 640,
                quality: 85,
                background: "67,142,219".into(),
                source: Some(PictureSource::Camera),
            },
            payment: None,
            contact: None,
            profile: NamedDigest { name: "graduation".into(), sha256: Sha256Digest::of(b"profile") },
            models: vec![NamedDigest { name: "matting".into(), sha256: Sha256Digest::of(b"model") }],
            software: "0.1.0".into(),
            simulated: true,
        }
    }

    /// A change of this text is a change of the format that the central server verifies.
    #[test]
    fn the_bytes_are_these_and_no_others() {
        let expected = concat!(
            r#"{"clock":"unconfirmed","code_digest":"5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b","#,
            r#""consent":{"agreement_sha256":"AGREEMENT","given_at":"2026-06-01T07:59:00Z","language":"zh-CN","#,
            r#""photo_consent_sha256":"PHOTO","version":"2026-06"},"#,
            r#""created_at":"2026-06-01T08:00:00Z","kiosk_id":"booth-1","#,
            r#""models":[{"name":"matting","sha256":"MODEL"}],"order_number":"019e8244780070008000000000000001","#,
            r#""picture":{"background":"67,142,219","bytes":4,"height":640,"quality":85,"sha256":"JPEG","source":"camera","width":480},"#,
            r#""previous":"0000000000000000000000000000000000000000000000000000000000000000","#,
            r#""profile":{"name":"graduation","sha256":"PROFILE"},"schema":3,"sequence":1,"signature_algorithm":"ed25519","simulated":true,"#,
            r#""software":"0.1.0","submission_id":"019e8244-7800-7000-8000-000000000001"}"#,
        );
        let hex_of = |bytes: &[u8]| Sha256Digest::of(bytes).to_string();
        let expected = expected
            .replace("AGREEMENT", &hex_of(b"agreement"))
            .replace("PHOTO", &hex_of(b"photo consent"))
            .replace("MODEL", &hex_of(b"model"))
            .replace("JPEG", &hex_of(b"jpeg"))
            .replace("PROFILE", &hex_of(b"profile"));
        assert_eq!(String::from_utf8(example().to_bytes().unwrap()).unwrap(), expected);
    }

    #[test]
    fn reading_gives_back_what_was_written_to_the_second() {
        let bytes = example().to_bytes().unwrap();
        let read = Manifest::from_bytes(&bytes).unwrap();
        assert_eq!(read.created_at, "2026-06-01T08:00:00Z".parse().unwrap());
        assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn a_record_that_contradicts_itself_has_no_bytes() {
        let changes: [fn(&mut Manifest); 12] = [
            |m| m.schema = 0,
            |m| m.schema = 1,
            |m| m.schema = 2,
            |m| m.schema = 4,
            |m| m.picture.source = None,
            |m| m.clock = None,
            |m| m.signature_algorithm = None,
            |m| m.order_number = "19219639005".into(),
            |m| m.sequence = 0,
            |m| m.sequence = 2,
            |m| m.sequence = u64::MAX,
            |m| m.previous = Sha256Digest([1; 32]),
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut manifest = example();
            change(&mut manifest);
            assert!(manifest.to_bytes().is_err(), "change {index}");
        }
    }

    #[test]
    fn records_of_earlier_versions_are_still_read() {
        let mut second = Manifest { schema: 2, ..example() };
        second.picture.source = None;
        let first = Manifest { schema: 1, clock: None, signature_algorithm: None, ..second.clone() };
        for earlier in [&first, &second] {
            let bytes = earlier.to_bytes().unwrap();
            assert_eq!(Manifest::from_bytes(&bytes).unwrap().to_bytes().unwrap(), bytes);
        }
        assert_eq!(first.algorithm(), Algorithm::Ed25519);
    }

    #[test]
    fn fractions_of_a_second_are_not_canonical() {
        let bytes = String::from_utf8(example().to_bytes().unwrap()).unwrap().replace("08:00:00Z", "08:00:00.5Z");
        assert!(Manifest::from_bytes(bytes.as_bytes()).is_err());
    }
}
