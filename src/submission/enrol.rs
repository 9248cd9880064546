//! How booth and central server come to know each other's keys: the booth introduces itself, the server answers.
//! Either may travel as a file, where the booth has no network.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::{self, CanonicalError};
use super::{DeviceKey, PublicKey, ServerKey, Signature, Signed};

/// A booth that wants to submit. Canonical JSON, like a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    pub kiosk_id: String,
    /// The key that will sign its submissions, and signs this.
    pub device: PublicKey,
    /// The booth's age key (`age1…`) that the token in the answer is encrypted for.
    pub answer_key: String,
    /// Version of the program.
    pub software: String,
    /// Whole seconds, by the booth's clock.
    #[serde(with = "super::utc_seconds")]
    pub requested_at: Timestamp,
}

/// A request's exact bytes and the booth's signature over them, which proves that it holds the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedEnrolRequest {
    /// Canonical JSON of an [`EnrolRequest`].
    pub request: String,
    pub signature: Signature,
}

/// What the server gives a booth that it takes. Canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolAnswer {
    pub kiosk_id: String,
    pub device: PublicKey,
    /// Signs receipts, and this.
    pub server_key: ServerKey,
    /// The server's age key (`age1…`), for bundles on a stick.
    pub bundle_key: String,
    /// The bearer token for everything else: an age file for `answer_key`, in lower-case hex.
    pub sealed_token: String,
    /// Whole seconds, by the server's clock.
    #[serde(with = "super::utc_seconds")]
    pub enrolled_at: Timestamp,
}

/// An answer's exact bytes and the server's signature over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedEnrolAnswer {
    /// Canonical JSON of an [`EnrolAnswer`].
    pub answer: String,
    pub signature: Signature,
}

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolAnswerError {
    #[error("it cannot be read: {0}")]
    Encoding(#[from] CanonicalError),
    #[error("it is not signed by the key that it names: it was damaged or altered on its way")]
    Forged,
    #[error("it is for another booth or another key of this booth")]
    OtherBooth,
}

impl EnrolRequest {
    pub fn sign(&self, booth: &DeviceKey) -> Result<SignedEnrolRequest, CanonicalError> {
        let bytes = canonical::to_bytes(self)?;
        let signature = booth.sign(Signed::EnrolRequest, &bytes);
        let request = String::from_utf8(bytes).map_err(|_| CanonicalError::NotCanonical)?;
        Ok(SignedEnrolRequest { request, signature })
    }
}

impl SignedEnrolRequest {
    /// What it says, if the key that it names says it.
    pub fn verify(&self) -> Option<EnrolRequest> {
        let request: EnrolRequest = canonical::from_bytes(self.request.as_bytes()).ok()?;
        let is_signed = request.device.verifies(Signed::EnrolRequest, self.request.as_bytes(), &self.signature);
        is_signed.then_some(request)
    }
}

impl EnrolAnswer {
    /// As the central server does.
    pub fn sign(&self, server: &DeviceKey) -> Result<SignedEnrolAnswer, CanonicalError> {
        let bytes = canonical::to_bytes(self)?;
        let signature = server.sign(Signed::EnrolAnswer, &bytes);
        let answer = String::from_utf8(bytes).map_err(|_| CanonicalError::NotCanonical)?;
        Ok(SignedEnrolAnswer { answer, signature })
    }
}

impl SignedEnrolAnswer {
    /// What it says to this booth.
    pub fn verify(&self, kiosk_id: &str, device: &PublicKey) -> Result<EnrolAnswer, EnrolAnswerError> {
        let answer = self.read()?;
        if answer.kiosk_id != kiosk_id || answer.device != *device {
            return Err(EnrolAnswerError::OtherBooth);
        }
        Ok(answer)
    }

    /// What it says, to whichever booth, if the key that it names says it. Whether that key is the server's, it cannot
    /// say by itself.
    pub fn read(&self) -> Result<EnrolAnswer, EnrolAnswerError> {
        let answer: EnrolAnswer = canonical::from_bytes(self.answer.as_bytes())?;
        let is_signed = answer.server_key.verifies(Signed::EnrolAnswer, self.answer.as_bytes(), &self.signature);
        if is_signed { Ok(answer) } else { Err(EnrolAnswerError::Forged) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_proves_that_the_booth_holds_its_key() {
        let booth = DeviceKey::from_seed(&[1; 32]);
        let request = EnrolRequest {
            kiosk_id: "campus-a-01".into(),
            device: booth.public(),
            answer_key: "age1".into(),
            software: "0.1.0".into(),
            requested_at: "2026-06-01T08:00:05Z".parse().unwrap(),
        };
        let signed = request.sign(&booth).unwrap();
        assert_eq!(signed.verify(), Some(request.clone()));
        assert_eq!(request.sign(&DeviceKey::from_seed(&[2; 32])).unwrap().verify(), None, "of a key it does not hold");
        let altered = SignedEnrolRequest { request: signed.request.replace("a-01", "a-02"), ..signed };
        assert_eq!(altered.verify(), None);
    }

    #[test]
    fn an_answer_is_for_one_booth_and_one_key_and_nobody_alters_it() {
        let (booth, server) = (DeviceKey::from_seed(&[1; 32]), DeviceKey::from_seed(&[3; 32]));
        let answer = EnrolAnswer {
            kiosk_id: "campus-a-01".into(),
            device: booth.public(),
            server_key: server.public(),
            bundle_key: "age1".into(),
            sealed_token: "00".into(),
            enrolled_at: "2026-06-01T08:00:05Z".parse().unwrap(),
        };
        let signed = answer.sign(&server).unwrap();
        assert_eq!(signed.verify("campus-a-01", &booth.public()), Ok(answer.clone()));
        assert_eq!(signed.verify("campus-a-02", &booth.public()), Err(EnrolAnswerError::OtherBooth));
        assert_eq!(signed.verify("campus-a-01", &server.public()), Err(EnrolAnswerError::OtherBooth));
        let others = answer.sign(&booth).unwrap();
        assert_eq!(others.verify("campus-a-01", &booth.public()), Err(EnrolAnswerError::Forged));
        let altered = SignedEnrolAnswer { answer: signed.answer.replace("age1", "age2"), ..signed };
        assert_eq!(altered.verify("campus-a-01", &booth.public()), Err(EnrolAnswerError::Forged));
        let none = SignedEnrolAnswer { answer: "{}".into(), ..altered };
        assert!(matches!(none.verify("campus-a-01", &booth.public()), Err(EnrolAnswerError::Encoding(_))));
    }
}
