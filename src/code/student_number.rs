//! The 学号, which the booth knows only as a salted, slow hash: from the roster or from the code.
//!
//! Student numbers have few digits, so a plain digest could be searched in seconds. Argon2id makes
//! each guess cost what a check costs here, about ten milliseconds.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// Argon2id's memory in KiB and passes: OWASP's smallest setting, halved for a booth's processor.
const MEMORY_KIB: u32 = 9 * 1024;
const PASSES: u32 = 2;

/// Argon2id of a 学号. Written as salt and hash in hexadecimal digits, with a colon between them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumberHash {
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a salted hash: 32 hexadecimal digits of salt, a colon and 64 of hash")]
pub struct MalformedNumberHash;

impl NumberHash {
    /// Letters count as capitals.
    pub fn of(number: &str, salt: [u8; SALT_BYTES]) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, 1, Some(HASH_BYTES)).expect("these parameters are in range");
        let capitals = Zeroizing::new(number.to_ascii_uppercase());
        let mut hash = [0; HASH_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(capitals.as_bytes(), &salt, &mut hash)
            .expect("any text up to 4 GB can be hashed");
        Self { salt, hash }
    }

    pub fn matches(&self, number: &str) -> bool {
        Self::of(number, self.salt) == *self
    }
}

impl fmt::Debug for NumberHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberHash(…)")
    }
}

impl From<NumberHash> for String {
    fn from(hash: NumberHash) -> Self {
        format!("{}:{}", hex::encode(hash.salt), hex::encode(hash.hash))
    }
}

impl TryFrom<String> for NumberHash {
    type Error = MalformedNumberHash;

    fn try_from(text: String) -> Result<Self, MalformedNumberHash> {
        let (salt, hash) = text.split_once(':').ok_or(MalformedNumberHash)?;
        let mut number = Self { salt: [0; SALT_BYTES], hash: [0; HASH_BYTES] };
        hex::decode_to_slice(salt, &mut number.salt).map_err(|_| MalformedNumberHash)?;
        hex::decode_to_slice(hash, &mut number.hash).map_err(|_| MalformedNumberHash)?;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_itself_matches() {
        let hash = NumberHash::of("2026001A", [7; SALT_BYTES]);
        assert!(hash.matches("2026001A") && hash.matches("2026001a"));
        for other in ["", "2026001", "2026001B", "2026001A0", " 2026001A"] {
            assert!(!hash.matches(other), "{other:?}");
        }
        assert_ne!(hash, NumberHash::of("2026001A", [8; SALT_BYTES]), "the salt counts");
    }

    #[test]
    fn it_is_written_and_read_and_not_printed() {
        let hash = NumberHash::of("19219639005", [7; SALT_BYTES]);
        let text = String::from(hash.clone());
        assert_eq!(NumberHash::try_from(text.clone()), Ok(hash.clone()));
        assert_eq!(format!("{hash:?}"), "NumberHash(…)");
        for wrong in ["", ":", &text[1..], &text.replace(':', ""), &format!("{text}00"), &text.replace('0', "g")] {
            assert_eq!(NumberHash::try_from(wrong.to_owned()), Err(MalformedNumberHash), "{wrong}");
        }
    }
}
