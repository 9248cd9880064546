//! How a booth enrols: it makes its keys, introduces itself to the central server and pins the key in the answer.
//! The same bytes go over the network or on a stick, and the token in the answer is for this booth's eyes only.

use std::fs;
use std::path::PathBuf;

use age::secrecy::ExposeSecret;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::config::{Config, Pinned};
use crate::office::{Office, OfficeError};
use crate::secret_file::{self, SecretFileError};
use crate::store::StoreError;
use crate::submission::canonical::CanonicalError;
use crate::submission::{EnrolAnswerError, EnrolRequest, ServerKey, SignedEnrolAnswer, SignedEnrolRequest};

/// Longest token, characters.
const MAX_TOKEN: usize = 512;

/// Why a booth has not enrolled. Nothing is pinned then, and an earlier enrolment still holds.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error(transparent)]
    Secret(#[from] SecretFileError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Encoding(#[from] CanonicalError),
    #[error("the answer cannot be used: {0}")]
    Answer(#[from] EnrolAnswerError),
    #[error("the answer's key for bundles is no age key: the central server has to be set right")]
    BundleKey,
    #[error(
        "the answer is signed by the key {found}, not by the expected {expected}: \
         this may not be the central server; ask the people who run it"
    )]
    OtherServer { expected: Box<ServerKey>, found: Box<ServerKey> },
    #[error("this booth has enrolled with another server before (key {pinned}): --replace takes the new one instead")]
    Enrolled { pinned: Box<ServerKey> },
    #[error(
        "the token in the answer is not for the request that this booth wrote last: \
         hand in a new request and take the answer to that"
    )]
    OtherRequest,
}

/// A token is for the key in this file, from the request until its answer has come.
fn answer_key_file(config: &Config) -> PathBuf {
    config.secrets.join("enrolment.age")
}

/// The request to send, or to carry to the central server. A booth that has no keys yet makes them.
pub fn introduce(config: &Config, office: &Office, now: Timestamp) -> Result<SignedEnrolRequest, EnrolError> {
    let path = answer_key_file(config);
    let key = match read_answer_key(config) {
        Err(EnrolError::Secret(SecretFileError::Missing { .. })) => {
            let key = age::x25519::Identity::generate();
            secret_file::create(&path, key.to_string().expose_secret().as_bytes())?;
            key
        }
        key => key?,
    };
    let request = EnrolRequest {
        kiosk_id: config.kiosk_id.clone(),
        device: office.key.public(),
        answer_key: key.to_public().to_string(),
        software: crate::VERSION.to_owned(),
        requested_at: now,
    };
    Ok(request.sign(&office.key)?)
}

/// Pins what the server at `url` answered. `expected` is its key, where somebody has told it; without it whoever
/// brought the answer has to be trusted: TLS, for one that came over the network.
pub fn accept(
    config: &Config,
    office: &Office,
    url: &str,
    signed: &SignedEnrolAnswer,
    expected: Option<ServerKey>,
    replace: bool,
    now: Timestamp,
) -> Result<ServerKey, EnrolError> {
    let answer = signed.verify(&config.kiosk_id, &office.key.public())?;
    let found = answer.server_key;
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        return Err(EnrolError::OtherServer { expected: expected.into(), found: found.into() });
    }
    answer.bundle_key.parse::<age::x25519::Recipient>().map_err(|_| EnrolError::BundleKey)?;
    let token = open_token(&answer.sealed_token, &read_answer_key(config)?).ok_or(EnrolError::OtherRequest)?;
    match Pinned::load(&config.secrets) {
        Ok(Some(pinned)) if pinned.answer.server_key != found && !replace => {
            return Err(EnrolError::Enrolled { pinned: pinned.answer.server_key.into() });
        }
        // A damaged file is replaced on purpose only.
        Err(error) if !replace => return Err(error.into()),
        _ => {}
    }
    office.note_command(now, "enrol", &found.to_string())?;
    // In this order a program that dies in between can simply be started again.
    secret_file::replace(&config.server_access.token_file, token.as_bytes())?;
    Pinned::keep(&config.secrets, url, signed)?;
    let path = answer_key_file(config);
    fs::remove_file(&path).map_err(|cause| SecretFileError::Io { path, doing: "removed", cause })?;
    Ok(found)
}

fn read_answer_key(config: &Config) -> Result<age::x25519::Identity, EnrolError> {
    let path = answer_key_file(config);
    let text = secret_file::load_text(&path)?;
    let malformed = |_| SecretFileError::Malformed { path, expected: "an age key: remove it and begin again" };
    Ok(text.parse().map_err(malformed)?)
}

/// What the central server puts into its answer.
#[cfg(any(test, feature = "demo"))]
pub fn seal_token(token: &str, answer_key: &str) -> Option<String> {
    let recipient: age::x25519::Recipient = answer_key.parse().ok()?;
    age::encrypt(&recipient, token.as_bytes()).ok().map(hex::encode)
}

fn open_token(sealed: &str, key: &age::x25519::Identity) -> Option<Zeroizing<String>> {
    let opened = Zeroizing::new(age::decrypt(key, &hex::decode(sealed).ok()?).ok()?);
    let token = Zeroizing::new(std::str::from_utf8(&opened).ok()?.to_owned());
    let is_token = (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_token.then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_key_and_one_line() {
        let key = age::x25519::Identity::generate();
        let recipient = key.to_public().to_string();
        let opened = |token: &str| open_token(&seal_token(token, &recipient).unwrap(), &key);
        assert_eq!(opened("token-1").unwrap().as_str(), "token-1");
        for none in ["", "two lines\n", "a b", &"x".repeat(MAX_TOKEN + 1)] {
            assert!(opened(none).is_none(), "{none:?}");
        }
        let sealed = seal_token("token-1", &recipient).unwrap();
        assert!(open_token(&sealed, &age::x25519::Identity::generate()).is_none());
        assert!(open_token("no hex", &key).is_none());
        assert!(seal_token("token-1", "age1nonsense").is_none());
    }
}
