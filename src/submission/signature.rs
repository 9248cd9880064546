//! Signatures: the booth signs manifests, the central server receipts, an issuer sealed codes.
//!
//! Two algorithms, Ed25519 (RFC 8032) and SM2 with SM3 (GB/T 32918.2, GB/T 32905); both have signatures of
//! 64 bytes. A key belongs to one of them for good, and a record names it.
//!
//! Every signature covers a prefix that says what it is for, so one can never pass as the other.
//! A private key is never printed, and is wiped from memory when dropped.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sm2::dsa::signature::Verifier;
use zeroize::Zeroizing;

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
    /// One segment of a bundle.
    Bundle,
    /// One entry of the operators' audit log.
    Audit,
    Withdrawal,
    /// Staff took a fee.
    FeeTaken,
    /// A booth's introduction to the central server, and the server's answer.
    EnrolRequest,
    EnrolAnswer,
}

impl Signed {
    /// Put before the signed bytes.
    pub const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Manifest => b"szz-manifest-v1\n",
            Self::Receipt => b"szz-receipt-v1\n",
            Self::LinkClaim => b"szz-link-claim-v1\n",
            Self::Code => b"szz-code-v1\n",
            Self::Bundle => b"szz-bundle-v1\n",
            Self::Audit => b"szz-audit-v1\n",
            Self::Withdrawal => b"szz-withdrawal-v1\n",
            Self::FeeTaken => b"szz-fee-taken-v1\n",
            Self::EnrolRequest => b"szz-enrol-request-v1\n",
            Self::EnrolAnswer => b"szz-enrol-answer-v1\n",
        }
    }

    fn message(self, bytes: &[u8]) -> Vec<u8> {
        [self.prefix(), bytes].concat()
    }
}

/// How something is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Algorithm {
    #[default]
    #[serde(rename = "ed25519")]
    Ed25519,
    #[serde(rename = "sm2-sm3")]
    Sm2,
}

/// The signer's identifier that GB/T 35276 prescribes where none is agreed.
const SM2_SIGNER: &str = "1234567812345678";

/// A private key: the booth's own, the server's in the demo, the issuer's where codes are sealed.
pub struct DeviceKey(PrivateKey);

enum PrivateKey {
    Ed25519(SigningKey),
    Sm2(sm2::SecretKey),
}

impl DeviceKey {
    /// Reads the key from its owner-only file.
    pub fn load(path: &Path, algorithm: Algorithm) -> Result<Self, SecretFileError> {
        Self::read(algorithm, secret_file::load_key(path)?, path)
    }

    /// Makes a new key and its owner-only file; fails if the file exists.
    pub fn create(path: &Path, algorithm: Algorithm) -> Result<Self, SecretFileError> {
        Self::read(algorithm, secret_file::create_key(path)?, path)
    }

    fn read(algorithm: Algorithm, seed: Zeroizing<[u8; 32]>, path: &Path) -> Result<Self, SecretFileError> {
        // One seed in 2³² is no SM2 key.
        let expected = "a key of this algorithm";
        Self::from_seed_as(algorithm, &seed).ok_or(SecretFileError::Malformed { path: path.to_owned(), expected })
    }

    /// For tests and the demo's server: an Ed25519 key that is nowhere on disk.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(PrivateKey::Ed25519(SigningKey::from_bytes(seed)))
    }

    /// None if the bytes are no key of this algorithm.
    pub fn from_seed_as(algorithm: Algorithm, seed: &[u8; 32]) -> Option<Self> {
        match algorithm {
            Algorithm::Ed25519 => Some(Self::from_seed(seed)),
            Algorithm::Sm2 => {
                let key = sm2::SecretKey::from_slice(seed).ok()?;
                // The one scalar that is a key but cannot sign, n - 1, is found here.
                sm2_signer(&key)?;
                Some(Self(PrivateKey::Sm2(key)))
            }
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        self.public().algorithm()
    }

    pub fn public(&self) -> PublicKey {
        match &self.0 {
            PrivateKey::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
            PrivateKey::Sm2(key) => PublicKey::Sm2(key.public_key()),
        }
    }

    pub fn sign(&self, what: Signed, bytes: &[u8]) -> Signature {
        let message = what.message(bytes);
        Signature(match &self.0 {
            PrivateKey::Ed25519(key) => key.sign(&message).to_bytes(),
            PrivateKey::Sm2(key) => sm2_sign(key, &message),
        })
    }
}

fn sm2_signer(key: &sm2::SecretKey) -> Option<sm2::dsa::SigningKey> {
    sm2::dsa::SigningKey::new(SM2_SIGNER, key).ok()
}

/// Deterministic, as in RFC 6979. A signature of zeros, which nobody accepts, stands for the failure that
/// [`DeviceKey::from_seed_as`] has ruled out.
fn sm2_sign(key: &sm2::SecretKey, message: &[u8]) -> [u8; 64] {
    sm2_signer(key).and_then(|key| key.try_sign(message).ok()).map_or([0; 64], |signature| signature.to_bytes().into())
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey(public {})", self.public())
    }
}

/// A public key in lower-case hex: 64 digits for Ed25519, 66 for SM2 (the compressed point).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    Ed25519(VerifyingKey),
    Sm2(sm2::PublicKey),
}

/// The central server's public key, pinned by the config.
pub type ServerKey = PublicKey;

impl PublicKey {
    /// Fails on bytes that are no point of the algorithm's curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MalformedHex> {
        let key = match bytes.len() {
            32 => bytes.try_into().ok().and_then(|bytes| VerifyingKey::from_bytes(bytes).ok()).map(Self::Ed25519),
            33 => sm2::PublicKey::from_sec1_bytes(bytes).ok().map(Self::Sm2),
            _ => None,
        };
        key.ok_or(MalformedHex("an Ed25519 or SM2 public key of 64 or 66 lower-case hex digits"))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.to_bytes().to_vec(),
            Self::Sm2(key) => sm2::CompressedPoint::from(key).to_vec(),
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Whether this key made the signature, for this purpose, over exactly these bytes.
    pub fn verifies(&self, what: Signed, bytes: &[u8], signature: &Signature) -> bool {
        let message = what.message(bytes);
        match self {
            Self::Ed25519(key) => {
                key.verify_strict(&message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
            }
            Self::Sm2(key) => sm2::dsa::VerifyingKey::new(SM2_SIGNER, *key)
                .and_then(|key| key.verify(&message, &sm2::dsa::Signature::from_bytes(&signature.0.into())?))
                .is_ok(),
        }
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
        if text.contains(|c: char| c.is_ascii_uppercase()) {
            return Err(MalformedHex("a public key in lower-case hex digits"));
        }
        Self::from_bytes(&hex::decode(text).unwrap_or_default())
    }
}

/// A signature, written as 128 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    pub fn from_slice(bytes: &[u8]) -> Result<Self, MalformedHex> {
        bytes.try_into().map(Self).map_err(|_| MalformedHex("a signature of 64 bytes"))
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
        decode_lower_hex(text).map(Self).ok_or(MalformedHex("a signature of 128 lower-case hex digits"))
    }
}

serde_as_text!(PublicKey, Signature);

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(algorithm: Algorithm, byte: u8) -> DeviceKey {
        DeviceKey::from_seed_as(algorithm, &[byte; 32]).unwrap()
    }

    fn holds_for_its_purpose_its_bytes_and_its_key_only(algorithm: Algorithm) {
        let key = key_of(algorithm, 7);
        let signature = key.sign(Signed::Manifest, b"record");
        assert!(key.public().verifies(Signed::Manifest, b"record", &signature));
        assert!(!key.public().verifies(Signed::Receipt, b"record", &signature));
        assert!(!key.public().verifies(Signed::Manifest, b"record ", &signature));
        assert!(!key_of(algorithm, 8).public().verifies(Signed::Manifest, b"record", &signature));
        for bit in [0, 255, 256, 511] {
            let mut forged = signature;
            forged.0[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.public().verifies(Signed::Manifest, b"record", &forged), "bit {bit}");
        }
        assert!(!key.public().verifies(Signed::Manifest, b"record", &Signature([0; 64])));
        let other = if algorithm == Algorithm::Sm2 { Algorithm::Ed25519 } else { Algorithm::Sm2 };
        assert!(!key_of(other, 7).public().verifies(Signed::Manifest, b"record", &signature));
    }

    #[test]
    fn a_signature_holds_for_its_purpose_its_bytes_and_its_key_only() {
        holds_for_its_purpose_its_bytes_and_its_key_only(Algorithm::Ed25519);
        holds_for_its_purpose_its_bytes_and_its_key_only(Algorithm::Sm2);
    }

    /// Made by OpenSSL: `pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678`.
    #[test]
    fn sm2_is_what_openssl_makes_of_it() {
        let public: PublicKey = "02df07dc0b31591dfb63ec895516e5bb4ad05a09c2feba6d496ce523f7303fffcd".parse().unwrap();
        let signature: Signature = "3bd5c777158f5add8cabf4e9b6a40358671429491bfd6afa668f09da2b90a813d9a7402327f9347bf58c6094674d6b562691b0f87ededc81a90b2fb5f372fa0a".parse().unwrap();
        assert!(public.verifies(Signed::Manifest, b"record", &signature));
        assert_eq!(key_of(Algorithm::Sm2, 7).public(), public);
    }

    #[test]
    fn not_every_seed_is_an_sm2_key() {
        assert!(DeviceKey::from_seed_as(Algorithm::Sm2, &[0; 32]).is_none());
        assert!(DeviceKey::from_seed_as(Algorithm::Sm2, &[0xff; 32]).is_none());
    }

    #[test]
    fn the_key_of_a_file_is_the_same_after_a_restart() {
        for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("device.key");
            let created = DeviceKey::create(&path, algorithm).unwrap();
            assert_eq!(DeviceKey::load(&path, algorithm).unwrap().public(), created.public());
        }
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
        for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
            let key = key_of(algorithm, 7);
            assert_eq!(key.public().to_string().parse(), Ok(key.public()));
            assert_eq!((key.algorithm(), key.public().algorithm()), (algorithm, algorithm));
            assert!(key.public().to_string().to_uppercase().parse::<PublicKey>().is_err());
        }
        let signature = key_of(Algorithm::Sm2, 7).sign(Signed::Receipt, b"x");
        assert_eq!(signature.to_string().parse(), Ok(signature));
        assert!("00".parse::<PublicKey>().is_err());
        assert!(signature.to_string().to_uppercase().parse::<Signature>().is_err());
    }
}
