//! The central server's proof that it stores a submission. Only this ends a submission's wait in the
//! queue; an HTTP status never does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::{self, CanonicalError};
use super::{DeviceKey, ServerKey, Sha256Digest, Signature, Signed, SubmissionId};

/// What the server says it stores. Canonical JSON, like a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub submission_id: SubmissionId,
    /// Digest of the manifest's bytes as the server stored them.
    pub stored_sha256: Sha256Digest,
    /// Digest of the picture as the server stored it.
    pub picture_sha256: Sha256Digest,
    /// When the server stored it, whole seconds.
    #[serde(with = "super::manifest::utc_seconds")]
    pub received_at: Timestamp,
}

/// A receipt's exact bytes and the server's signature over them: what is sent and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// Canonical JSON of a [`Receipt`].
    pub receipt: String,
    pub signature: Signature,
}

/// What the booth knows about something it sent, to hold a receipt against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub submission_id: SubmissionId,
    pub manifest_sha256: Sha256Digest,
    pub picture_sha256: Sha256Digest,
}

/// A receipt that is the server's and names exactly what was sent. Only [`SignedReceipt::verify`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenReceipt {
    signed: SignedReceipt,
    sent: Submitted,
    received_at: Timestamp,
}

impl ProvenReceipt {
    pub fn signed(&self) -> &SignedReceipt {
        &self.signed
    }

    /// What the server stores.
    pub fn sent(&self) -> &Submitted {
        &self.sent
    }

    /// When the server stored it, by its own clock.
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    #[error("the receipt is not signed by the central server's pinned key: check the server key in the configuration")]
    Forged,
    #[error("the receipt cannot be read: {0}")]
    Encoding(#[from] CanonicalError),
    #[error("the receipt is for another submission")]
    OtherSubmission,
    #[error("the receipt names other bytes than the booth stored")]
    OtherManifest,
    #[error("the receipt names another picture than the booth stored")]
    OtherPicture,
}

impl Receipt {
    /// Signs a receipt, as the central server does.
    pub fn sign(&self, server: &DeviceKey) -> Result<SignedReceipt, CanonicalError> {
        let bytes = canonical::to_bytes(self)?;
        let signature = server.sign(Signed::Receipt, &bytes);
        let receipt = String::from_utf8(bytes).map_err(|_| CanonicalError::NotCanonical)?;
        Ok(SignedReceipt { receipt, signature })
    }
}

impl SignedReceipt {
    /// Whether it is a receipt of the server's, for whatever it may be.
    pub fn is_from(&self, server: &ServerKey) -> bool {
        server.verifies(Signed::Receipt, self.receipt.as_bytes(), &self.signature)
            && canonical::from_bytes::<Receipt>(self.receipt.as_bytes()).is_ok()
    }

    /// Checks that the server stores exactly what was sent.
    pub fn verify(&self, server: &ServerKey, sent: &Submitted) -> Result<ProvenReceipt, ReceiptError> {
        if !server.verifies(Signed::Receipt, self.receipt.as_bytes(), &self.signature) {
            return Err(ReceiptError::Forged);
        }
        let receipt: Receipt = canonical::from_bytes(self.receipt.as_bytes())?;
        if receipt.submission_id != sent.submission_id {
            return Err(ReceiptError::OtherSubmission);
        }
        if receipt.stored_sha256 != sent.manifest_sha256 {
            return Err(ReceiptError::OtherManifest);
        }
        if receipt.picture_sha256 != sent.picture_sha256 {
            return Err(ReceiptError::OtherPicture);
        }
        Ok(ProvenReceipt { signed: self.clone(), sent: *sent, received_at: receipt.received_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            submission_id: "019e8244-7800-7000-8000-000000000001".parse().unwrap(),
            stored_sha256: Sha256Digest::of(b"manifest"),
            picture_sha256: Sha256Digest::of(b"jpeg"),
            received_at: "2026-06-01T08:00:05Z".parse().unwrap(),
        }
    }

    fn sent() -> Submitted {
        Submitted {
            submission_id: "019e8244-7800-7000-8000-000000000001".parse().unwrap(),
            manifest_sha256: Sha256Digest::of(b"manifest"),
            picture_sha256: Sha256Digest::of(b"jpeg"),
        }
    }

    #[test]
    fn only_the_servers_word_about_exactly_what_was_sent_counts() {
        let server = DeviceKey::from_seed(&[1; 32]);
        let check = |receipt: Receipt| receipt.sign(&server).unwrap().verify(&server.public(), &sent()).map(|_| ());
        assert_eq!(check(receipt()), Ok(()));
        let other = "019e8244-7800-7000-8000-000000000002".parse().unwrap();
        assert_eq!(check(Receipt { submission_id: other, ..receipt() }), Err(ReceiptError::OtherSubmission));
        assert_eq!(check(Receipt { stored_sha256: Sha256Digest::ZERO, ..receipt() }), Err(ReceiptError::OtherManifest));
        assert_eq!(check(Receipt { picture_sha256: Sha256Digest::ZERO, ..receipt() }), Err(ReceiptError::OtherPicture));
    }

    #[test]
    fn a_receipt_signed_by_anyone_else_or_altered_is_forged() {
        let server = DeviceKey::from_seed(&[1; 32]);
        let booth = DeviceKey::from_seed(&[2; 32]);
        let verify = |signed: &SignedReceipt| signed.verify(&server.public(), &sent());
        assert_eq!(verify(&receipt().sign(&booth).unwrap()), Err(ReceiptError::Forged));
        let mut altered = receipt().sign(&server).unwrap();
        altered.receipt = altered.receipt.replace("08:00:05", "08:00:06");
        assert_eq!(verify(&altered), Err(ReceiptError::Forged));
        // A manifest's signature over the same bytes is not a receipt's.
        let bytes = receipt().sign(&server).unwrap().receipt;
        let signature = server.sign(Signed::Manifest, bytes.as_bytes());
        assert_eq!(verify(&SignedReceipt { receipt: bytes, signature }), Err(ReceiptError::Forged));
    }

    #[test]
    fn signed_bytes_that_are_no_receipt_are_refused() {
        let server = DeviceKey::from_seed(&[1; 32]);
        for text in ["{}", "", "<html>", r#"{"submission_id": 1}"#] {
            let signature = server.sign(Signed::Receipt, text.as_bytes());
            let signed = SignedReceipt { receipt: text.into(), signature };
            assert!(matches!(signed.verify(&server.public(), &sent()), Err(ReceiptError::Encoding(_))), "{text}");
        }
    }
}
