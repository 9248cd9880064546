//! A student's withdrawal of the consent, as the central server is told it: the server erases what it has of the
//! submission and takes nothing of it any more, however late a bundle arrives.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::{self, CanonicalError};
use super::{DeviceKey, PublicKey, Signature, Signed, SubmissionId};

/// Canonical JSON, like a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    pub submission_id: SubmissionId,
    /// When the student withdrew, whole seconds.
    #[serde(with = "super::utc_seconds")]
    pub withdrawn_at: Timestamp,
}

/// A withdrawal's exact bytes and the booth's signature over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedWithdrawal {
    /// Canonical JSON of a [`Withdrawal`].
    pub withdrawal: String,
    pub signature: Signature,
}

impl Withdrawal {
    pub fn sign(&self, booth: &DeviceKey) -> Result<SignedWithdrawal, CanonicalError> {
        let bytes = canonical::to_bytes(self)?;
        let signature = booth.sign(Signed::Withdrawal, &bytes);
        let withdrawal = String::from_utf8(bytes).map_err(|_| CanonicalError::NotCanonical)?;
        Ok(SignedWithdrawal { withdrawal, signature })
    }
}

impl SignedWithdrawal {
    /// What it says, if this booth says it.
    pub fn verify(&self, booth: &PublicKey) -> Option<Withdrawal> {
        let ours = booth.verifies(Signed::Withdrawal, self.withdrawal.as_bytes(), &self.signature);
        canonical::from_bytes(self.withdrawal.as_bytes()).ok().filter(|_| ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_booths_own_word_counts() {
        let booth = DeviceKey::from_seed(&[1; 32]);
        let withdrawal = Withdrawal {
            submission_id: "019e8244-7800-7000-8000-000000000001".parse().unwrap(),
            withdrawn_at: "2026-06-01T08:00:05Z".parse().unwrap(),
        };
        let signed = withdrawal.sign(&booth).unwrap();
        assert_eq!(signed.verify(&booth.public()), Some(withdrawal));
        assert_eq!(signed.verify(&DeviceKey::from_seed(&[2; 32]).public()), None);
        let altered = SignedWithdrawal { withdrawal: signed.withdrawal.replace("08:00:05", "08:00:06"), ..signed };
        assert_eq!(altered.verify(&booth.public()), None);
        let no_withdrawal =
            SignedWithdrawal { signature: booth.sign(Signed::Withdrawal, b"{}"), withdrawal: "{}".into() };
        assert_eq!(no_withdrawal.verify(&booth.public()), None);
    }
}
