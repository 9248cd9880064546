//! The manifest: everything that a submission states, in canonical bytes.
//!
//! Encoding: JSON with the keys of every object sorted by their bytes, no white space, and only
//! objects, arrays, strings, booleans and non-negative integers (the subset of RFC 8785 that needs
//! no rules for numbers). One value has one encoding, so a digest names a manifest.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Digest, Draft};
use crate::visit::Language;

/// Version of the fields below.
pub const SCHEMA: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: u32,
    /// UUIDv7.
    pub submission_id: Uuid,
    /// The number the student sees. Carries no personal data.
    pub order_number: String,
    pub kiosk_id: String,
    /// 1 for a kiosk's first record, then without gaps.
    pub sequence: u64,
    /// Digest of the kiosk's previous manifest; [`Digest::NONE`] for the first.
    pub previous: Digest,
    /// UTC.
    pub created_at: Timestamp,
    /// SHA-256 of the collection code's payload.
    pub code_digest: Digest,
    pub consent: ConsentRecord,
    pub picture: PictureRecord,
    pub profile: FileDigest,
    pub models: Vec<FileDigest>,
    /// Version of this program.
    pub software: String,
    /// The picture came from the demo's camera.
    pub simulated: bool,
}

/// What was agreed to: the digests name the very texts that were on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentRecord {
    pub language: Language,
    pub version: String,
    pub agreement_sha256: Digest,
    pub photo_consent_sha256: Digest,
    pub given_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureRecord {
    pub sha256: Digest,
    pub bytes: u64,
    pub width: u32,
    pub height: u32,
    pub quality: u8,
    pub background: [u8; 3],
}

/// A profile or a model, by name and content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    pub name: String,
    pub sha256: Digest,
}

impl Manifest {
    /// A draft at its place in the chain.
    pub fn new(draft: &Draft<'_>, sequence: u64, previous: Digest, created_at: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            submission_id: draft.submission_id,
            order_number: draft.submission_id.simple().to_string(),
            kiosk_id: draft.kiosk_id.to_owned(),
            sequence,
            previous,
            created_at,
            code_digest: Digest(draft.code.0),
            consent: draft.consent.clone(),
            picture: PictureRecord {
                sha256: Digest::of(draft.jpeg),
                bytes: draft.jpeg.len() as u64,
                width: draft.width,
                height: draft.height,
                quality: draft.quality,
                background: draft.background,
            },
            profile: draft.profile.clone(),
            models: draft.models.clone(),
            software: env!("CARGO_PKG_VERSION").to_owned(),
            simulated: draft.simulated,
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads manifest bytes; anything but the one canonical encoding is refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        use serde::de::Error;
        let manifest: Self = serde_json::from_slice(bytes)?;
        if manifest.to_bytes() != bytes {
            return Err(serde_json::Error::custom("not in canonical form"));
        }
        Ok(manifest)
    }
}

/// The canonical encoding of a value: `serde_json::Map` keeps its keys sorted.
pub(super) fn canonical(value: &impl Serialize) -> Vec<u8> {
    let value = serde_json::to_value(value).expect("plain data");
    serde_json::to_vec(&value).expect("plain data")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::code::CodeDigest;

    pub fn draft(jpeg: &[u8]) -> Draft<'_> {
        let digest = |text: &str| Digest::of(text.as_bytes());
        Draft {
            submission_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
            kiosk_id: "booth-1",
            code: CodeDigest([7; 32]),
            consent: ConsentRecord {
                language: Language::Chinese,
                version: "2026-11".to_owned(),
                agreement_sha256: digest("agreement"),
                photo_consent_sha256: digest("consent"),
                given_at: "2026-11-24T08:00:00Z".parse().unwrap(),
            },
            jpeg,
            width: 480,
            height: 640,
            quality: 85,
            background: [255; 3],
            profile: FileDigest { name: "national".to_owned(), sha256: digest("profile") },
            models: vec![FileDigest { name: "modnet".to_owned(), sha256: digest("model") }],
            simulated: true,
        }
    }

    #[test]
    fn the_same_manifest_has_the_same_bytes_and_sorted_keys() {
        let now = "2026-11-24T08:00:01Z".parse().unwrap();
        let manifest = Manifest::new(&draft(b"jpeg"), 1, Digest::NONE, now);
        let text = String::from_utf8(manifest.to_bytes()).unwrap();
        assert!(text.starts_with(r#"{"code_digest":"0707"#), "{text}");
        assert!(text.contains(r#""created_at":"2026-11-24T08:00:01Z""#), "{text}");
        assert!(!text.contains([' ', '\n']), "{text}");
        assert_eq!(Manifest::from_bytes(text.as_bytes()).unwrap(), manifest);
    }

    #[test]
    fn another_encoding_of_the_same_manifest_is_refused() {
        let now = "2026-11-24T08:00:01Z".parse().unwrap();
        let text = String::from_utf8(Manifest::new(&draft(b"jpeg"), 1, Digest::NONE, now).to_bytes()).unwrap();
        assert!(Manifest::from_bytes(text.replacen(',', ", ", 1).as_bytes()).is_err());
        assert!(Manifest::from_bytes(text.replacen('{', "{\"extra\":1,", 1).as_bytes()).is_err());
    }
}
