//! What a booth states about a submission after it was made, signed. The central server is told until it confirms.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::canonical::{self, CanonicalError};
use super::{DeviceKey, PublicKey, Signature, Signed, SubmissionId};

/// Canonical JSON, like a manifest.
pub trait Statement: Serialize + DeserializeOwned {
    const SIGNED: Signed;

    fn submission_id(&self) -> SubmissionId;
}

/// The student withdrew the consent: the server erases what it has of the submission and takes nothing of it any more,
/// however late a bundle arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    pub submission_id: SubmissionId,
    /// When the student withdrew, whole seconds.
    #[serde(with = "super::utc_seconds")]
    pub withdrawn_at: Timestamp,
}

/// Staff took the fee at the booth, in cash or as a voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeTaken {
    pub submission_id: SubmissionId,
    /// Whole seconds.
    #[serde(with = "super::utc_seconds")]
    pub taken_at: Timestamp,
    /// In 分, hundredths of a yuan.
    pub fee_fen: u32,
}

impl Statement for Withdrawal {
    const SIGNED: Signed = Signed::Withdrawal;

    fn submission_id(&self) -> SubmissionId {
        self.submission_id
    }
}

impl Statement for FeeTaken {
    const SIGNED: Signed = Signed::FeeTaken;

    fn submission_id(&self) -> SubmissionId {
        self.submission_id
    }
}

/// A statement's exact bytes and the booth's signature over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedStatement {
    /// Canonical JSON of a [`Statement`].
    pub statement: String,
    pub signature: Signature,
}

impl SignedStatement {
    pub fn sign<S: Statement>(statement: &S, booth: &DeviceKey) -> Result<Self, CanonicalError> {
        let bytes = canonical::to_bytes(statement)?;
        let signature = booth.sign(S::SIGNED, &bytes);
        let statement = String::from_utf8(bytes).map_err(|_| CanonicalError::NotCanonical)?;
        Ok(Self { statement, signature })
    }

    /// What it says, if this booth says it.
    pub fn verify<S: Statement>(&self, booth: &PublicKey) -> Option<S> {
        let ours = booth.verifies(S::SIGNED, self.statement.as_bytes(), &self.signature);
        canonical::from_bytes(self.statement.as_bytes()).ok().filter(|_| ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_booths_own_word_counts_and_only_as_what_it_is() {
        let booth = DeviceKey::from_seed(&[1; 32]);
        let withdrawal = Withdrawal {
            submission_id: "019e8244-7800-7000-8000-000000000001".parse().unwrap(),
            withdrawn_at: "2026-06-01T08:00:05Z".parse().unwrap(),
        };
        let signed = SignedStatement::sign(&withdrawal, &booth).unwrap();
        assert_eq!(signed.verify::<Withdrawal>(&booth.public()), Some(withdrawal));
        assert_eq!(signed.verify::<FeeTaken>(&booth.public()), None);
        assert_eq!(signed.verify::<Withdrawal>(&DeviceKey::from_seed(&[2; 32]).public()), None);
        let altered = SignedStatement { statement: signed.statement.replace("08:00:05", "08:00:06"), ..signed };
        assert_eq!(altered.verify::<Withdrawal>(&booth.public()), None);
        let nothing = SignedStatement { signature: booth.sign(Signed::Withdrawal, b"{}"), statement: "{}".into() };
        assert_eq!(nothing.verify::<Withdrawal>(&booth.public()), None);
    }
}
