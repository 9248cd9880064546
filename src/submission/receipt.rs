//! The server's receipt: a signed statement of which bytes it stored. Nothing else makes a submission
//! count as received.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::manifest::canonical;
use super::signature::{Message, PrivateKey, PublicKey};
use super::{Digest, Record};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub submission_id: Uuid,
    /// Digest of the manifest the server stored.
    pub manifest_sha256: Digest,
    /// Digest of the picture the server stored.
    pub picture_sha256: Digest,
    /// UTC.
    pub received_at: Timestamp,
    /// Ed25519 over the canonical bytes of the other fields, 128 hexadecimal digits.
    pub signature: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReceiptFlaw {
    #[error("the receipt is for another submission")]
    OtherSubmission,
    #[error("the receipt names other bytes than were sent")]
    OtherDigest,
    #[error("the receipt is not signed by the server")]
    Signature,
}

/// What is signed.
#[derive(Serialize)]
struct Statement {
    submission_id: Uuid,
    manifest_sha256: Digest,
    picture_sha256: Digest,
    received_at: Timestamp,
}

impl Receipt {
    pub fn sign(record: &Record, received_at: Timestamp, server: &PrivateKey) -> Self {
        let statement = Statement {
            submission_id: record.submission_id,
            manifest_sha256: record.digest(),
            picture_sha256: Digest::of(&record.jpeg),
            received_at,
        };
        let signature = hex::encode(server.sign(Message::Receipt, &canonical(&statement)));
        let Statement { submission_id, manifest_sha256, picture_sha256, received_at } = statement;
        Self { submission_id, manifest_sha256, picture_sha256, received_at, signature }
    }

    /// Whether this is the server's word that exactly `record` was stored.
    pub fn check(&self, record: &Record, server: PublicKey) -> Result<(), ReceiptFlaw> {
        if self.submission_id != record.submission_id {
            return Err(ReceiptFlaw::OtherSubmission);
        }
        if self.manifest_sha256 != record.digest() || self.picture_sha256 != Digest::of(&record.jpeg) {
            return Err(ReceiptFlaw::OtherDigest);
        }
        let statement = Statement {
            submission_id: self.submission_id,
            manifest_sha256: self.manifest_sha256,
            picture_sha256: self.picture_sha256,
            received_at: self.received_at,
        };
        let mut signature = [0; 64];
        let is_signed = hex::decode_to_slice(&self.signature, &mut signature).is_ok()
            && server.verifies(Message::Receipt, &canonical(&statement), &signature);
        if is_signed { Ok(()) } else { Err(ReceiptFlaw::Signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: u8) -> Record {
        Record {
            submission_id: Uuid::from_u128(u128::from(number)),
            sequence: 1,
            manifest: vec![number; 9],
            signature: [0; 64],
            jpeg: vec![number; 5],
        }
    }

    #[test]
    fn only_the_servers_word_about_these_very_bytes_counts() {
        let server = PrivateKey::from_bytes(&[5; 32]);
        let receipt = Receipt::sign(&record(1), Timestamp::UNIX_EPOCH, &server);
        assert_eq!(receipt.check(&record(1), server.public()), Ok(()));
        assert_eq!(receipt.check(&record(2), server.public()), Err(ReceiptFlaw::OtherSubmission));
        let mut other_bytes = record(1);
        other_bytes.jpeg.push(0);
        assert_eq!(receipt.check(&other_bytes, server.public()), Err(ReceiptFlaw::OtherDigest));
        let forger = PrivateKey::from_bytes(&[6; 32]);
        let forged = Receipt::sign(&record(1), Timestamp::UNIX_EPOCH, &forger);
        assert_eq!(forged.check(&record(1), server.public()), Err(ReceiptFlaw::Signature));
        let later = Receipt { received_at: Timestamp::MAX, ..receipt };
        assert_eq!(later.check(&record(1), server.public()), Err(ReceiptFlaw::Signature));
    }
}
