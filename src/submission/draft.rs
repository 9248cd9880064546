//! What a finished visit knows about its submission, before it has a place in the chain. Lives only
//! until it is saved; the picture is wiped from memory when it is dropped.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::manifest::{ManifestError, SCHEMA};
use super::{
    Algorithm, ClockTrust, ConsentRecord, ContactFacts, Manifest, NamedDigest, PaymentTerms, PictureFacts,
    Sha256Digest, SubmissionId,
};
use crate::code::{CodeDigest, Enrolment};
use crate::photo::{Check, Finding, Severity};
use crate::visit::{Contact, PictureSource, Typed};

/// A submission that is not signed yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made once per accepted capture: saving the same draft twice stores it once.
    pub submission_id: SubmissionId,
    pub kiosk_id: String,
    pub code: CodeDigest,
    /// Whose photo it is. Kept at the booth, never part of the record.
    pub identity: Identity,
    pub consent: ConsentRecord,
    pub portrait: PortraitFile,
    /// Nothing is due without.
    pub payment: Option<PaymentTerms>,
    pub contact: Option<Contact>,
    /// The last four digits of the 学号, for staff to find it by. Kept like the identity.
    pub number_tail: Option<Typed>,
    /// What was measured on the photo. Kept like the picture.
    pub checks: Vec<CheckRecord>,
    pub profile: NamedDigest,
    pub models: Vec<NamedDigest>,
    pub software: String,
    pub simulated: bool,
}

/// What the booth knows about the person beyond the record: encrypted at rest, erased with the picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub enrolment: Enrolment,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// One check of a photo as it is kept: what was measured, what was allowed then, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRecord {
    pub check: Check,
    /// None when the picture had nothing to measure it on.
    pub measured: Option<f32>,
    /// None where there is no limit.
    pub least: Option<f32>,
    pub most: Option<f32>,
    pub severity: Severity,
    pub passed: bool,
}

impl From<&Finding> for CheckRecord {
    fn from(finding: &Finding) -> Self {
        let number = |value: f32| value.is_finite().then_some(value);
        Self {
            check: finding.check,
            measured: number(finding.measured),
            least: number(finding.allowed.0),
            most: number(finding.allowed.1),
            severity: finding.severity,
            passed: finding.passed(),
        }
    }
}

impl From<&CheckRecord> for Finding {
    fn from(record: &CheckRecord) -> Self {
        Self {
            check: record.check,
            measured: record.measured.unwrap_or(f32::NAN),
            allowed: (record.least.unwrap_or(f32::NEG_INFINITY), record.most.unwrap_or(f32::INFINITY)),
            severity: record.severity,
        }
    }
}

/// A place in a booth's chain, and how and when a record was put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub sequence: u64,
    pub previous: Sha256Digest,
    pub created_at: Timestamp,
    pub clock: ClockTrust,
    pub algorithm: Algorithm,
}

/// The JPEG file and what is said about it.
#[derive(Clone)]
pub struct PortraitFile {
    pub jpeg: Zeroizing<Vec<u8>>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// JPEG quality, 1–100.
    pub quality: u8,
    /// RGB of the uniform background.
    pub background: [u8; 3],
    pub source: PictureSource,
}

impl fmt::Debug for PortraitFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortraitFile({} bytes)", self.jpeg.len())
    }
}

impl PortraitFile {
    pub fn facts(&self) -> PictureFacts {
        let [r, g, b] = self.background;
        PictureFacts {
            sha256: Sha256Digest::of(&self.jpeg),
            bytes: self.jpeg.len() as u64,
            width: self.width,
            height: self.height,
            quality: self.quality,
            background: format!("{r},{g},{b}"),
            source: Some(self.source),
        }
    }
}

impl Draft {
    /// The record of this draft at a place in the chain.
    pub fn manifest(&self, place: &Place) -> Result<Manifest, ManifestError> {
        Ok(Manifest {
            schema: SCHEMA,
            submission_id: self.submission_id,
            order_number: self.submission_id.order_number(),
            kiosk_id: self.kiosk_id.clone(),
            sequence: place.sequence,
            previous: place.previous,
            created_at: whole_seconds(place.created_at)?,
            clock: Some(place.clock),
            signature_algorithm: Some(place.algorithm),
            code_digest: self.code.into(),
            consent: ConsentRecord { given_at: whole_seconds(self.consent.given_at)?, ..self.consent.clone() },
            picture: self.portrait.facts(),
            payment: self.payment,
            contact: self
                .contact
                .as_ref()
                .map(|contact| ContactFacts::of(self.submission_id, contact.phone.expose(), contact.verified)),
            profile: self.profile.clone(),
            models: self.models.clone(),
            software: self.software.clone(),
            simulated: self.simulated,
        })
    }
}

fn whole_seconds(time: Timestamp) -> Result<Timestamp, ManifestError> {
    Timestamp::from_second(time.as_second()).map_err(|_| ManifestError::Contradiction("the clock is out of range"))
}
