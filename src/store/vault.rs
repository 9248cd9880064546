//! Encryption inside the encrypted database: each record's picture, identity, phone number and checks have a random
//! key of their own, wrapped by a key per kind that is derived from the store's. Without its key a picture is
//! gone, wherever a copy of its bytes may still lie: erasing 60 bytes erases it.

use aes_gcm::aead::{self, Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::Failure;
use super::{StoreError, StoreKey};

const NONCE: usize = 12;

type Key = Zeroizing<[u8; 32]>;

/// What is encrypted. Each has a wrapping key, a table and associated data of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Picture,
    Identity,
    /// The phone number.
    Contact,
    /// What the photo's checks measured.
    Checks,
}

/// A content and its key, both encrypted with AES-256-GCM: nonce, ciphertext, tag.
pub(super) struct Sealed {
    pub(super) key: Vec<u8>,
    pub(super) content: Vec<u8>,
}

/// The wrapping keys.
pub(super) struct Vault {
    pictures: Key,
    identities: Key,
    contacts: Key,
    checks: Key,
}

impl Vault {
    pub(super) fn new(key: &StoreKey) -> Self {
        Self {
            pictures: derive(key, b"szz-picture-keys-v1\n"),
            identities: derive(key, b"szz-identity-keys-v1\n"),
            contacts: derive(key, b"szz-contact-keys-v1\n"),
            checks: derive(key, b"szz-check-keys-v1\n"),
        }
    }

    /// Encrypts under a new key. `id` ties it to its submission.
    pub(super) fn seal(&self, kind: Kind, id: &str, content: &[u8]) -> Result<Sealed, Failure> {
        let mut key = Key::default();
        fill(&mut *key)?;
        let aad = aad(kind, id);
        Ok(Sealed { content: encrypt(&key, &aad, content)?, key: encrypt(self.wrapping(kind), &aad, &*key)? })
    }

    /// None if key and content are not this submission's, or were altered.
    pub(super) fn open(&self, kind: Kind, id: &str, key: &[u8], content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let aad = aad(kind, id);
        let unwrapped = decrypt(self.wrapping(kind), &aad, key)?;
        let key = Zeroizing::new(<[u8; 32]>::try_from(unwrapped.as_slice()).ok()?);
        decrypt(&key, &aad, content)
    }

    fn wrapping(&self, kind: Kind) -> &Key {
        match kind {
            Kind::Picture => &self.pictures,
            Kind::Identity => &self.identities,
            Kind::Contact => &self.contacts,
            Kind::Checks => &self.checks,
        }
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// One hash is enough to derive from a key that is random in all its bits.
fn derive(key: &StoreKey, label: &[u8]) -> Key {
    let mut hash = Sha256::new();
    hash.update(label);
    hash.update(*key.0);
    Zeroizing::new(hash.finalize().into())
}

fn aad(kind: Kind, id: &str) -> Vec<u8> {
    let kind = match kind {
        Kind::Picture => "picture ",
        Kind::Identity => "identity ",
        Kind::Contact => "contact ",
        Kind::Checks => "checks ",
    };
    [kind, id].concat().into_bytes()
}

fn encrypt(key: &Key, aad: &[u8], content: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut nonce = [0; NONCE];
    fill(&mut nonce)?;
    let secret = aead::Payload { msg: content, aad };
    let sealed = Aes256Gcm::new((&**key).into()).encrypt(&Nonce::from(nonce), secret);
    // Only contents beyond 64 GB fail.
    let sealed = sealed.map_err(|_| Failure::Ours(StoreError::Full))?;
    Ok([&nonce[..], &sealed].concat())
}

fn decrypt(key: &Key, aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, msg) = sealed.split_at_checked(NONCE)?;
    let nonce = Nonce::try_from(nonce).ok()?;
    Aes256Gcm::new((&**key).into()).decrypt(&nonce, aead::Payload { msg, aad }).ok().map(Zeroizing::new)
}

fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|_| Failure::Ours(StoreError::NoRandomness))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_kind_and_submission_open_it() {
        let vault = Vault::new(&StoreKey::from_bytes([1; 32]));
        let Ok(sealed) = vault.seal(Kind::Picture, "a", b"picture") else { panic!("sealing") };
        let Ok(other) = vault.seal(Kind::Picture, "a", b"picture") else { panic!("sealing") };
        let open = |vault: &Vault, kind, id, key: &[u8], content: &[u8]| vault.open(kind, id, key, content);
        let (key, content) = (&sealed.key[..], &sealed.content[..]);
        assert_eq!(&**open(&vault, Kind::Picture, "a", key, content).unwrap(), b"picture");
        assert_ne!(other.content, sealed.content);
        assert!(open(&vault, Kind::Identity, "a", key, content).is_none());
        assert!(open(&vault, Kind::Picture, "b", key, content).is_none());
        assert!(open(&vault, Kind::Picture, "a", &other.key, content).is_none());
        assert!(open(&Vault::new(&StoreKey::from_bytes([2; 32])), Kind::Picture, "a", key, content).is_none());
        for at in 0..content.len() {
            let mut altered = sealed.content.clone();
            altered[at] ^= 1;
            assert!(open(&vault, Kind::Picture, "a", key, &altered).is_none(), "byte {at}");
        }
        assert!(open(&vault, Kind::Picture, "a", b"", b"").is_none());
        assert_eq!(sealed.key.len(), 60, "as the schema says");
    }
}
