//! What a finished visit knows about its submission, before it has a place in the chain. Lives only
//! until it is saved; the picture is wiped from memory when it is dropped.

use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::manifest::{ManifestError, SCHEMA};
use super::{
    ConsentRecord, ContactFacts, Manifest, NamedDigest, PaymentTerms, PictureFacts, Sha256Digest, SubmissionId,
};
use crate::code::CodeDigest;
use crate::visit::Contact;

/// A submission that is not signed yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made once per accepted capture: saving the same draft twice stores it once.
    pub submission_id: SubmissionId,
    pub kiosk_id: String,
    pub code: CodeDigest,
    pub consent: ConsentRecord,
    pub portrait: PortraitFile,
    /// Nothing is due without.
    pub payment: Option<PaymentTerms>,
    pub contact: Option<Contact>,
    pub profile: NamedDigest,
    pub models: Vec<NamedDigest>,
    pub software: String,
    pub simulated: bool,
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
        }
    }
}

impl Draft {
    /// The record of this draft at a place in the chain.
    pub fn manifest(
        &self,
        sequence: u64,
        previous: Sha256Digest,
        created_at: Timestamp,
    ) -> Result<Manifest, ManifestError> {
        Ok(Manifest {
            schema: SCHEMA,
            submission_id: self.submission_id,
            order_number: self.submission_id.order_number(),
            kiosk_id: self.kiosk_id.clone(),
            sequence,
            previous,
            created_at: whole_seconds(created_at)?,
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
