//! The central server as the booth got to know it when it enrolled: a file in `secrets`, which `szz-kiosk enroll`
//! writes and nobody edits. What the settings say of the server wins over its address and has to agree with its key.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::secret_file::{self, SecretFileError};
use crate::submission::{EnrolAnswer, SignedEnrolAnswer};

/// Whom the booth belongs to.
#[derive(Clone, Debug)]
pub struct Pinned {
    pub url: String,
    pub bundle_key: age::x25519::Recipient,
    /// With the server's key, and which booth enrolled.
    pub answer: EnrolAnswer,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    url: String,
    enrolment: SignedEnrolAnswer,
}

impl Pinned {
    pub fn file(secrets: &Path) -> PathBuf {
        secrets.join("enrolment.json")
    }

    /// `None` before the booth has enrolled.
    pub fn load(secrets: &Path) -> Result<Option<Self>, SecretFileError> {
        let path = Self::file(secrets);
        let text = match secret_file::load_text(&path) {
            Err(SecretFileError::Missing { .. }) => return Ok(None),
            text => text?,
        };
        let pinned = serde_json::from_str(&text).ok().and_then(|kept: Kept| Self::read(kept));
        pinned.map(Some).ok_or(SecretFileError::Malformed { path, expected: "what `szz-kiosk enroll` wrote" })
    }

    /// Takes the place of whatever was there.
    pub fn keep(secrets: &Path, url: &str, enrolment: &SignedEnrolAnswer) -> Result<(), SecretFileError> {
        let path = Self::file(secrets);
        let kept = Kept { url: url.to_owned(), enrolment: enrolment.clone() };
        let text = serde_json::to_string(&kept).ok().filter(|text| text.len() <= secret_file::MAX_BYTES);
        let Some(text) = text else {
            return Err(SecretFileError::Malformed { path, expected: "an answer of a few hundred bytes" });
        };
        secret_file::replace(&path, text.as_bytes())
    }

    /// The address is not signed: it may change, and TLS vouches for it.
    fn read(kept: Kept) -> Option<Self> {
        let answer = kept.enrolment.read().ok()?;
        Some(Self { url: kept.url, bundle_key: answer.bundle_key.parse().ok()?, answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::DeviceKey;

    #[test]
    fn what_is_kept_is_read_again_and_nobody_alters_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Pinned::load(folder.path()).unwrap().is_none());
        let server = DeviceKey::from_seed(&[3; 32]);
        let answer = EnrolAnswer {
            kiosk_id: "campus-a-01".into(),
            device: DeviceKey::from_seed(&[1; 32]).public(),
            server_key: server.public(),
            bundle_key: age::x25519::Identity::generate().to_public().to_string(),
            sealed_token: "00".repeat(300),
            enrolled_at: "2026-06-01T08:00:05Z".parse().unwrap(),
        };
        let signed = answer.sign(&server).unwrap();
        Pinned::keep(folder.path(), "https://photos.example.edu.cn", &signed).unwrap();
        let pinned = Pinned::load(folder.path()).unwrap().unwrap();
        assert_eq!((pinned.url.as_str(), pinned.answer), ("https://photos.example.edu.cn", answer));

        let path = Pinned::file(folder.path());
        let text = std::fs::read_to_string(&path).unwrap();
        for altered in [text.replace("campus-a-01", "campus-a-02"), text.replace("age1", "age2"), "{}".to_owned()] {
            std::fs::write(&path, altered).unwrap();
            assert!(matches!(Pinned::load(folder.path()), Err(SecretFileError::Malformed { .. })));
        }
    }
}
