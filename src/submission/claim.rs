//! What a code on the screen says to the central server: "whoever scans this is the person of that
//! submission". Signed by the booth and valid for minutes only, so that a photograph of the screen
//! is worth nothing to anybody later.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::canonical::{self, CanonicalError};
use super::manifest::utc_seconds;
use super::{DeviceKey, PublicKey, Signature, Signed, SubmissionId};

/// How long a student has to scan it.
pub const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);

/// As text: base64url of the canonical JSON, a dot, base64url of the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkClaim {
    pub submission_id: SubmissionId,
    pub kiosk_id: String,
    #[serde(with = "utc_seconds")]
    pub expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    #[error("not a claim")]
    Malformed,
    #[error("not signed by this booth")]
    BadSignature,
    #[error("expired")]
    Expired,
}

impl LinkClaim {
    pub fn new(submission_id: SubmissionId, kiosk_id: &str, now: Timestamp) -> Self {
        let expires_at = now.checked_add(VALID_FOR).unwrap_or(now);
        Self { submission_id, kiosk_id: kiosk_id.to_owned(), expires_at }
    }

    pub fn sign(&self, key: &DeviceKey) -> Result<String, CanonicalError> {
        let bytes = canonical::to_bytes(self)?;
        let signature = key.sign(Signed::LinkClaim, &bytes);
        Ok(format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(bytes), BASE64_URL_SAFE_NO_PAD.encode(signature.0)))
    }

    /// What the central server does with a claim that somebody shows it.
    pub fn verify(text: &str, key: &PublicKey, now: Timestamp) -> Result<Self, ClaimError> {
        let (bytes, signature) = text.split_once('.').ok_or(ClaimError::Malformed)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(bytes).map_err(|_| ClaimError::Malformed)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| ClaimError::Malformed)?;
        let signature = Signature::from_slice(&signature).map_err(|_| ClaimError::Malformed)?;
        let claim: Self = canonical::from_bytes(&bytes).map_err(|_| ClaimError::Malformed)?;
        if !key.verifies(Signed::LinkClaim, &bytes, &signature) {
            return Err(ClaimError::BadSignature);
        }
        if now > claim.expires_at { Err(ClaimError::Expired) } else { Ok(claim) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_holds_for_its_time_and_its_booth_only() {
        let key = DeviceKey::from_seed(&[1; 32]);
        let now: Timestamp = "2026-06-01T08:00:00Z".parse().unwrap();
        let claim = LinkClaim::new(SubmissionId::new(now), "booth-1", now);
        let text = claim.sign(&key).unwrap();
        assert!(text.len() < 400, "{} characters make a dense code", text.len());
        let verify =
            |text: &str, seconds| LinkClaim::verify(text, &key.public(), now + SignedDuration::from_secs(seconds));
        assert_eq!(verify(&text, 600), Ok(claim));
        assert_eq!(verify(&text, 601), Err(ClaimError::Expired));
        let other = DeviceKey::from_seed(&[2; 32]).public();
        assert_eq!(LinkClaim::verify(&text, &other, now), Err(ClaimError::BadSignature));
        for (at, _) in text.char_indices().filter(|(_, letter)| *letter != '.') {
            let replacement = if text[at..].starts_with('A') { "B" } else { "A" };
            let changed = format!("{}{replacement}{}", &text[..at], &text[at + 1..]);
            assert!(verify(&changed, 0).is_err(), "character {at}");
        }
    }
}
