//! A submission of a synthetic student without a visit, for whoever needs a queue that is not empty.

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::code::mint::mint;
use crate::submission::{ConsentRecord, Draft, Identity, NamedDigest, PortraitFile, Sha256Digest, SubmissionId};
use crate::visit::{Language, PictureSource};

/// The student of this seed, with a picture that may be any bytes.
pub fn draft(seed: u64, jpeg: Vec<u8>, now: Timestamp) -> Draft {
    let minted = mint(seed);
    let digest = |name: &str| NamedDigest { name: name.to_owned(), sha256: Sha256Digest::of(name.as_bytes()) };
    Draft {
        submission_id: SubmissionId::new(now),
        kiosk_id: "booth-1".to_owned(),
        code: minted.payload.digest(),
        identity: Identity { enrolment: minted.enrolment },
        consent: ConsentRecord {
            language: Language::Chinese,
            agreement_sha256: Sha256Digest::of(b"agreement"),
            photo_consent_sha256: Sha256Digest::of(b"photo consent"),
            version: "2026-06".to_owned(),
            given_at: now,
        },
        portrait: PortraitFile {
            jpeg: Zeroizing::new(jpeg),
            width: 480,
            height: 640,
            quality: 85,
            background: [67, 142, 219],
            source: PictureSource::Camera,
        },
        payment: None,
        contact: None,
        number_tail: None,
        checks: Vec::new(),
        profile: digest("national"),
        models: vec![digest("matting"), digest("detector"), digest("mesh")],
        software: "0.1.0".to_owned(),
        simulated: true,
    }
}
