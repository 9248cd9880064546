//! PINs: kept as Argon2id in an owner-only file. After five wrong tries nobody gets in for a while, and
//! each further try costs more; that is written down before a PIN is looked at, so that neither a restart
//! nor a pulled plug gives another try.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{PinState, Role};
use crate::secret_file::{self, SecretFileError};

/// Digits of a PIN.
pub const SHORTEST: usize = 6;
pub const LONGEST: usize = 12;
/// Wrong tries that cost nothing.
const FREE_TRIES: u32 = 5;
/// After the fifth wrong try; doubled by each further one.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(60);
const LONGEST_DELAY: SignedDuration = SignedDuration::from_secs(3600);
/// Argon2id: OWASP's first choice for little memory, 19 MiB and two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

#[derive(Debug, thiserror::Error)]
pub enum PinsError {
    #[error(transparent)]
    File(#[from] SecretFileError),
    #[error("a PIN has {SHORTEST} to {LONGEST} digits, and not all of them the same")]
    Unfit,
    #[error("both roles would have the same PIN: choose another one")]
    Taken,
}

/// The file with the PINs and the count of wrong tries.
pub struct Pins {
    path: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    staff: Option<Hash>,
    supervisor: Option<Hash>,
    /// Wrong tries since the last right one.
    #[serde(default)]
    failures: u32,
    failed_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hash {
    salt: String,
    argon2id: String,
}

impl Pins {
    /// The file need not exist yet.
    pub fn in_folder(secrets: &Path) -> Self {
        Self { path: secrets.join("operators.pin") }
    }

    /// Whether somebody has a PIN.
    pub fn is_set(&self, role: Role) -> Result<bool, PinsError> {
        Ok(self.read()?.hash(role).is_some())
    }

    /// Whether this could be the role's PIN.
    pub fn check(&self, role: Role, pin: &str) -> Result<(), PinsError> {
        self.read_for(role, pin).map(|_| ())
    }

    /// Sets a role's PIN and forgives wrong tries.
    pub fn set(&self, role: Role, pin: &str) -> Result<(), PinsError> {
        let mut content = self.read_for(role, pin)?;
        *content.slot(role) = Some(Hash::new(pin)?);
        (content.failures, content.failed_at) = (0, None);
        self.write(&content)
    }

    /// What is kept, if this can be the role's PIN.
    fn read_for(&self, role: Role, pin: &str) -> Result<Content, PinsError> {
        if !is_fit(pin) {
            return Err(PinsError::Unfit);
        }
        let content = self.read()?;
        let others = Role::ALL.into_iter().filter(|other| *other != role);
        if others.filter_map(|other| content.hash(other)).any(|hash| hash.is_of(pin)) {
            return Err(PinsError::Taken);
        }
        Ok(content)
    }

    /// Whose PIN this is, or why nobody gets in. An error is a file that cannot be read or written.
    pub fn unlock(&self, pin: &str, now: Timestamp) -> Result<Result<Role, PinState>, PinsError> {
        let mut content = self.read()?;
        if content.staff.is_none() && content.supervisor.is_none() {
            return Ok(Err(PinState::NoPin));
        }
        if let Some(until) = content.locked_until().filter(|until| now < *until) {
            return Ok(Err(PinState::LockedOut { until }));
        }
        // Counted first: a plug pulled now does not give the try back.
        content.failures = content.failures.saturating_add(1);
        content.failed_at = Some(now);
        self.write(&content)?;
        let role = Role::ALL.into_iter().find(|role| content.hash(*role).is_some_and(|hash| hash.is_of(pin)));
        let Some(role) = role else {
            return Ok(Err(match content.locked_until() {
                Some(until) => PinState::LockedOut { until },
                None => PinState::Wrong { tries_left: FREE_TRIES - content.failures },
            }));
        };
        (content.failures, content.failed_at) = (0, None);
        self.write(&content)?;
        Ok(Ok(role))
    }

    fn read(&self) -> Result<Content, PinsError> {
        let text = match secret_file::load_text(&self.path) {
            Err(SecretFileError::Missing { .. }) => return Ok(Content::default()),
            loaded => loaded?,
        };
        serde_json::from_str(&text)
            .map_err(|_| SecretFileError::Malformed { path: self.path.clone(), expected: "the operators' PINs" }.into())
    }

    fn write(&self, content: &Content) -> Result<(), PinsError> {
        let text = serde_json::to_string(content).expect("plain data");
        Ok(secret_file::replace(&self.path, text.as_bytes())?)
    }
}

impl Content {
    fn slot(&mut self, role: Role) -> &mut Option<Hash> {
        match role {
            Role::Staff => &mut self.staff,
            Role::Supervisor => &mut self.supervisor,
        }
    }

    fn hash(&self, role: Role) -> Option<&Hash> {
        match role {
            Role::Staff => self.staff.as_ref(),
            Role::Supervisor => self.supervisor.as_ref(),
        }
    }

    /// A clock that was set back does not open the lock: the time counts from the last try.
    fn locked_until(&self) -> Option<Timestamp> {
        let beyond = self.failures.checked_sub(FREE_TRIES)?;
        let delay = FIRST_DELAY.checked_mul(1 << beyond.min(16)).unwrap_or(LONGEST_DELAY).min(LONGEST_DELAY);
        self.failed_at?.checked_add(delay).ok()
    }
}

impl Hash {
    fn new(pin: &str) -> Result<Self, PinsError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| SecretFileError::NoRandomness)?;
        Ok(Self { salt: hex::encode(salt), argon2id: hex::encode(*argon2id(pin, &salt)) })
    }

    fn is_of(&self, pin: &str) -> bool {
        let Ok(salt) = hex::decode(&self.salt) else { return false };
        // A salt of another length is none of ours.
        salt.len() == 16 && hex::encode(*argon2id(pin, &salt)) == self.argon2id
    }
}

fn argon2id(pin: &str, salt: &[u8]) -> Zeroizing<[u8; 32]> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).expect("these parameters are in range");
    let mut hash = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, hash.as_mut())
        .expect("a PIN and a salt of 16 bytes can be hashed");
    hash
}

pub(super) fn is_fit(pin: &str) -> bool {
    let digits = pin.as_bytes();
    (SHORTEST..=LONGEST).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && digits.iter().any(|digit| *digit != digits[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAFF: &str = "135790";
    const SUPERVISOR: &str = "246801";
    const WRONG: &str = "000001";

    fn pins() -> (tempfile::TempDir, Pins) {
        let folder = tempfile::tempdir().unwrap();
        let pins = Pins::in_folder(folder.path());
        pins.set(Role::Staff, STAFF).unwrap();
        pins.set(Role::Supervisor, SUPERVISOR).unwrap();
        (folder, pins)
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + seconds).unwrap()
    }

    #[test]
    fn each_pin_opens_its_role() {
        let (_folder, pins) = pins();
        assert_eq!(pins.unlock(STAFF, at(0)).unwrap(), Ok(Role::Staff));
        assert_eq!(pins.unlock(SUPERVISOR, at(1)).unwrap(), Ok(Role::Supervisor));
        let text = secret_file::load_text(&pins.path).unwrap();
        assert!(!text.contains(STAFF) && !text.contains(SUPERVISOR), "a PIN is in the file");
    }

    #[test]
    fn five_wrong_tries_lock_everybody_out_and_a_restart_does_not_help() {
        let (folder, pins) = pins();
        for left in (1..5).rev() {
            assert_eq!(pins.unlock(WRONG, at(0)).unwrap(), Err(PinState::Wrong { tries_left: left }));
        }
        let locked = Ok(Err(PinState::LockedOut { until: at(60) }));
        assert_eq!(pins.unlock(WRONG, at(0)).map_err(drop), locked);
        let restarted = Pins::in_folder(folder.path());
        assert_eq!(restarted.unlock(STAFF, at(59)).map_err(drop), locked, "the right PIN waits too");
        assert_eq!(restarted.unlock(STAFF, at(-86_400)).map_err(drop), locked, "nor does a clock set back help");
        assert_eq!(restarted.unlock(STAFF, at(60)).unwrap(), Ok(Role::Staff));
        let anew = restarted.unlock(WRONG, at(61)).unwrap();
        assert_eq!(anew, Err(PinState::Wrong { tries_left: 4 }), "counted anew");
    }

    #[test]
    fn each_further_wrong_try_costs_twice_as_much_up_to_an_hour() {
        let (_folder, pins) = pins();
        let mut now = 0;
        let mut delays = Vec::new();
        while delays.len() < 9 {
            match pins.unlock(WRONG, at(now)).unwrap() {
                Err(PinState::LockedOut { until }) => {
                    delays.push(until.as_second() - at(now).as_second());
                    now = until.as_second() - at(0).as_second();
                }
                other => assert!(matches!(other, Err(PinState::Wrong { .. })), "{other:?}"),
            }
        }
        assert_eq!(delays, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    }

    #[test]
    fn unfit_pins_are_not_taken() {
        let (_folder, pins) = pins();
        for pin in ["", "12345", "1234567890123", "12345a", "１２３４５６", "111111"] {
            assert!(matches!(pins.set(Role::Staff, pin), Err(PinsError::Unfit)), "{pin}");
        }
        assert!(matches!(pins.set(Role::Staff, SUPERVISOR), Err(PinsError::Taken)));
        assert_eq!(pins.unlock(STAFF, at(0)).unwrap(), Ok(Role::Staff), "the old one still holds");
    }

    #[test]
    fn without_a_pin_nobody_gets_in_and_a_damaged_file_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let pins = Pins::in_folder(folder.path());
        assert!(!pins.is_set(Role::Staff).unwrap());
        assert_eq!(pins.unlock(STAFF, at(0)).unwrap(), Err(PinState::NoPin));
        secret_file::create(&pins.path, b"{}x").unwrap();
        assert!(matches!(pins.unlock(STAFF, at(0)), Err(PinsError::File(_))));
    }
}
