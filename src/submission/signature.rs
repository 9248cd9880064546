//! Ed25519 signatures (RFC 8032): the booth signs manifests, the server signs receipts. Each kind of
//! message has its own prefix, so that one can never be passed off as the other.

use std::fmt;
use std::path::Path;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::secret_file::{self, SecretError};

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    Manifest,
    Receipt,
}

impl Message {
    fn framed(self, bytes: &[u8]) -> Vec<u8> {
        let prefix: &[u8] = match self {
            Self::Manifest => b"szz-manifest-v1\n",
            Self::Receipt => b"szz-receipt-v1\n",
        };
        [prefix, bytes].concat()
    }
}

/// A private key. Wiped from memory when dropped, never printed.
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// The key in `folder`, made at the first call.
    pub fn load_or_create(folder: &Path) -> Result<Self, SecretError> {
        let bytes = secret_file::load_or_create_key(&folder.join("device.key"))?;
        Ok(Self(SigningKey::from_bytes(&bytes)))
    }

    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub fn sign(&self, kind: Message, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(&kind.framed(bytes)).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// `None` when the bytes are no point of the curve.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes).ok().map(Self)
    }

    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Strict verification: no weak keys, no second signature for the same message.
    pub fn verifies(self, kind: Message, bytes: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(&kind.framed(bytes), &Signature::from_bytes(signature)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_bytes_and_its_kind_only() {
        let key = PrivateKey::from_bytes(&[1; 32]);
        let signature = key.sign(Message::Manifest, b"bytes");
        assert!(key.public().verifies(Message::Manifest, b"bytes", &signature));
        assert!(!key.public().verifies(Message::Manifest, b"Bytes", &signature));
        assert!(!key.public().verifies(Message::Receipt, b"bytes", &signature));
        assert!(!PrivateKey::from_bytes(&[2; 32]).public().verifies(Message::Manifest, b"bytes", &signature));
    }
}
