//! `sealed`: claims that only booths of the issuer can read and only the issuer can write.
//!
//! `SZZ-SEALED-1.` and, in base64url without padding:
//!
//! ```text
//!  0   8  which keys: the first bytes of SHA-256(issuer's public key)
//!  8  12  nonce
//! 20   n  claims as JSON, encrypted with AES-256-GCM; bytes 0–20 are the associated data
//! 20+n 16 its tag
//! 36+n 64 the issuer's Ed25519 signature of "szz-code-v1\n" and everything before it
//! ```

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aes_gcm::aead::{self, Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Claims, Kind, Rejected, Terms};
use crate::code::{Enrolment, Payload};
use crate::secret_file::{self, SecretFileError};
use crate::submission::{DeviceKey, PublicKey, Signature, Signed};

/// Opens the claims: issuer and booths.
pub const CIPHER_FILE: &str = "code-cipher.key";
/// Checks signatures: booths.
pub const ISSUER_PUBLIC_FILE: &str = "code-issuer.pub";
/// Makes signatures: the issuer alone.
pub const ISSUER_PRIVATE_FILE: &str = "code-issuer.key";

const KEY_ID: usize = 8;
const NONCE: usize = 12;
const HEAD: usize = KEY_ID + NONCE;
const TAG: usize = 16;
const SIGNATURE: usize = 64;

/// What a booth needs to read sealed codes.
#[derive(Clone)]
pub struct BoothKeys {
    cipher: Arc<Zeroizing<[u8; 32]>>,
    issuer: PublicKey,
}

/// What makes sealed codes. Never on a booth.
pub struct IssuerKeys {
    booth: BoothKeys,
    signing: DeviceKey,
}

impl BoothKeys {
    /// Reads both owner-only files.
    pub fn load(cipher: &Path, issuer: &Path) -> Result<Self, SecretFileError> {
        let public = secret_file::load_key(issuer)?;
        let not_a_key = |_| SecretFileError::Malformed { path: issuer.to_owned(), expected: "an Ed25519 public key" };
        Ok(Self {
            issuer: PublicKey::from_bytes(&public).map_err(not_a_key)?,
            cipher: Arc::new(secret_file::load_key(cipher)?),
        })
    }

    fn id(&self) -> [u8; KEY_ID] {
        let digest: [u8; 32] = Sha256::digest(self.issuer.to_bytes()).into();
        std::array::from_fn(|at| digest[at])
    }

    fn aes(&self) -> Aes256Gcm {
        Aes256Gcm::new((&**self.cipher).into())
    }
}

impl fmt::Debug for BoothKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BoothKeys(issuer {})", self.issuer)
    }
}

/// Why a code cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the system gives no random numbers, so no code can be sealed")]
    NoRandomness,
    #[error("the claims are too long to be encrypted")]
    TooLong,
}

impl IssuerKeys {
    /// Makes all three files in a folder; an existing one is an error and stays.
    pub fn create(folder: &Path) -> Result<Self, SecretFileError> {
        let signing = DeviceKey::create(&folder.join(ISSUER_PRIVATE_FILE))?;
        let public = format!("{}\n", signing.public());
        secret_file::create(&folder.join(ISSUER_PUBLIC_FILE), public.as_bytes())?;
        let cipher = Arc::new(secret_file::create_key(&folder.join(CIPHER_FILE))?);
        Ok(Self { booth: BoothKeys { cipher, issuer: signing.public() }, signing })
    }

    /// Reads what [`Self::create`] wrote.
    pub fn load(folder: &Path) -> Result<Self, SecretFileError> {
        let signing = DeviceKey::load(&folder.join(ISSUER_PRIVATE_FILE))?;
        let cipher = Arc::new(secret_file::load_key(&folder.join(CIPHER_FILE))?);
        Ok(Self { booth: BoothKeys { cipher, issuer: signing.public() }, signing })
    }

    /// Another text each time: the nonce is random and never used twice.
    pub fn seal(&self, claims: &Claims) -> Result<Payload, SealError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        self.seal_with(nonce, claims)
    }

    pub(super) fn seal_with(&self, nonce: [u8; NONCE], claims: &Claims) -> Result<Payload, SealError> {
        let json = Zeroizing::new(claims.to_json());
        let mut sealed = [&self.booth.id()[..], &nonce].concat();
        let secret = aead::Payload { msg: json.as_bytes(), aad: &sealed };
        let encrypted = self.booth.aes().encrypt(&Nonce::from(nonce), secret).map_err(|_| SealError::TooLong)?;
        sealed.extend(encrypted);
        sealed.extend(self.signing.sign(Signed::Code, &sealed).0);
        Ok(Payload::new(format!("{}1.{}", Kind::Sealed.mark(), URL_SAFE_NO_PAD.encode(sealed))))
    }

    #[cfg(test)]
    pub(super) fn for_tests(cipher: u8, signing: u8) -> Self {
        let signing = DeviceKey::from_seed(&[signing; 32]);
        let cipher = Arc::new(Zeroizing::new([cipher; 32]));
        Self { booth: BoothKeys { cipher, issuer: signing.public() }, signing }
    }

    #[cfg(test)]
    pub(super) fn booth(&self) -> BoothKeys {
        self.booth.clone()
    }
}

pub(super) fn decode(text: &str, terms: &Terms, keys: &[BoothKeys], now: Timestamp) -> Result<Enrolment, Rejected> {
    let body = Kind::Sealed.body(text)?;
    let sealed = URL_SAFE_NO_PAD.decode(body).map_err(|_| Rejected::Unreadable)?;
    Claims::from_json(&open(&sealed, keys)?)?.check(terms, now)
}

/// The signature first: nothing unsigned is decrypted.
fn open(sealed: &[u8], keys: &[BoothKeys]) -> Result<Zeroizing<Vec<u8>>, Rejected> {
    let signed_length = sealed.len().checked_sub(SIGNATURE).ok_or(Rejected::Unreadable)?;
    let (signed, signature) = sealed.split_at(signed_length);
    if signed.len() < HEAD + TAG {
        return Err(Rejected::Unreadable);
    }
    let (head, encrypted) = signed.split_at(HEAD);
    let (id, nonce) = head.split_at(KEY_ID);
    // More than one where only the cipher key was changed: the id is the issuer's.
    let named: Vec<_> = keys.iter().filter(|keys| keys.id() == id).collect();
    let issuer = named.first().ok_or(Rejected::WrongKey)?.issuer;
    let signature = Signature::from_slice(signature).map_err(|_| Rejected::Unreadable)?;
    if !issuer.verifies(Signed::Code, signed, &signature) {
        return Err(Rejected::BadSignature);
    }
    let nonce = Nonce::try_from(nonce).map_err(|_| Rejected::Unreadable)?;
    let decrypt = |keys: &BoothKeys| keys.aes().decrypt(&nonce, aead::Payload { msg: encrypted, aad: head }).ok();
    // The issuer vouches for these bytes, so it is the booth's cipher keys that do not fit.
    named.into_iter().find_map(decrypt).map(Zeroizing::new).ok_or(Rejected::WrongKey)
}
