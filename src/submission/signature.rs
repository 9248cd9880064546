//! Ed25519 signatures: the booth signs manifests, the central server receipts, an issuer sealed codes.
//!
//! Every signature covers a prefix that says what it is for, so one can never pass as the other.
//! A private key is never printed, and is wiped from memory when dropped.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};

use super::MalformedHex;
use super::digest::{decode_lower_hex, serde_as_text};
use crate::secret_file::{self, SecretFileError};

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    Manifest,
    Receipt,
    /// A code on the screen that links a submission with WeChat.
    LinkClaim,
    /// A sealed collection code.
    Code,
}

impl Signed {
    /// Put before the signed bytes.
    pub const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Manifest => b"szz-manifest-v1\n",
            Self::Receipt => b"szz-receipt-v1\n",
            Self::LinkClaim => b"szz-link-claim-v1\n",
            Self::Code => b"szz-code-v1\n",
        }
    }

    fn message(self, bytes: &[u8]) -> Vec<u8> {
        [self.prefix(), bytes].concat()
    }
}

/// A private key: the booth's own, the server's in the demo, the issuer's where codes are sealed.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// Reads the key from its owner-only file.
    pub fn load(path: &Path) -> Result<Self, SecretFileError> {
        Ok(Self(SigningKey::from_bytes(&*secret_file::load_key(path)?)))
    }

    /// Makes a new key and its owner-only file; fails if the file exists.
    pub fn create(path: &Path) -> Result<Self, SecretFileError> {
        Ok(Self(SigningKey::from_bytes(&*secret_file::create_key(path)?)))
    }

    /// For tests and the demo's server: a key that is nowhere on disk.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub fn sign(&self, what: Signed, bytes: &[u8]) -> Signature {
        Signature(self.0.sign(&what.message(bytes)).to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey(public {})", self.public())
    }
}

/// An Ed25519 public key, written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// The central server's public key, pinned by the config.
pub type ServerKey = PublicKey;

impl PublicKey {
    /// Fails on bytes that are no point of the curve.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, MalformedHex> {
        VerifyingKey::from_bytes(bytes).map(Self).map_err(|_| MalformedHex("an Ed25519 public key"))
    }

    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Whether this key made the signature, for this purpose, over exactly these bytes.
    pub fn verifies(&self, what: Signed, bytes: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(&what.message(bytes), &signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.to_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = MalformedHex;

    fn from_str(text: &str) -> Result<Self, MalformedHex> {
        let bytes = decode_lower_hex(text).ok_or(MalformedHex("an Ed25519 public key of 64 lower-case hex digits"))?;
        Self::from_bytes(&bytes)
    }
}

/// An Ed25519 signature, written as 128 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    pub fn from_slice(bytes: &[u8]) -> Result<Self, MalformedHex> {
        bytes.try_into().map(Self).map_err(|_| MalformedHex("an Ed25519 signature of 64 bytes"))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}…)", hex::encode(&self.0[..4]))
    }
}

impl FromStr for Signature {
    type Err = MalformedHex;

    fn from_str(text: &str) -> Result<Self, MalformedHex> {
        decode_lower_hex(text).map(Self).ok_or(MalformedHex("an Ed25519 signature of 128 lower-case hex digits"))
    }
}

serde_as_text!(PublicKey, Signature);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_purpose_its_bytes_and_its_key_only() {
        let key = DeviceKey::from_seed(&[7; 32]);
        let signature = key.sign(Signed::Manifest, b"record");
        assert!(key.public().verifies(Signed::Manifest, b"record", &signature));
        assert!(!key.public().verifies(Signed::Receipt, b"record", &signature));
        assert!(!key.public().verifies(Signed::Manifest, b"record ", &signature));
        assert!(!DeviceKey::from_seed(&[8; 32]).public().verifies(Signed::Manifest, b"record", &signature));
        let mut forged = signature;
        forged.0[0] ^= 1;
        assert!(!key.public().verifies(Signed::Manifest, b"record", &forged));
    }

    #[test]
    fn the_key_of_a_file_is_the_same_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("device.key");
        let created = DeviceKey::create(&path).unwrap();
        assert_eq!(DeviceKey::load(&path).unwrap().public(), created.public());
    }

    #[test]
    fn debug_shows_the_public_half_only() {
        let key = DeviceKey::from_seed(&[7; 32]);
        let shown = format!("{key:?}");
        assert!(shown.contains(&key.public().to_string()));
        assert!(!shown.contains(&hex::encode([7; 32])));
    }

    #[test]
    fn keys_and_signatures_are_read_back_from_their_text() {
        let key = DeviceKey::from_seed(&[7; 32]);
        let signature = key.sign(Signed::Receipt, b"x");
        assert_eq!(key.public().to_string().parse(), Ok(key.public()));
        assert_eq!(signature.to_string().parse(), Ok(signature));
        assert!("00".parse::<PublicKey>().is_err());
        assert!(signature.to_string().to_uppercase().parse::<Signature>().is_err());
    }
}
