//! What signs and stores: the database and the booth's own key, opened together and only once.
//! Makes new keys for a new booth only: beside an existing database a missing key is an error.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::Config;
use crate::operator::Backups;
use crate::platform::{close_to_others, is_root_elsewhere, make_owners_folder};
use crate::secret_file::SecretFileError;
use crate::store::{Noted, Store, StoreError, StoreKey};
use crate::submission::DeviceKey;

mod roster;

pub use roster::{
    ForeseenChanges, RosterImportError, Step, foresee_roster, import_roster, roster_digest, roster_subject,
};

#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error(
        "{} is another user's, who could not read what root makes in it: run this as that user (`sudo -u szz-kiosk …`). Nothing was changed", path.display()
    )]
    NotYours { path: PathBuf },
    #[error("the folder {} cannot be made: {cause}", path.display())]
    Folder { path: PathBuf, cause: std::io::Error },
    #[error(transparent)]
    Secret(#[from] SecretFileError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug)]
pub struct Office {
    pub store: Store,
    pub key: DeviceKey,
}

impl Office {
    /// That of a booth which has started before; `None` leaves everything as it is.
    pub fn open_existing(config: &Config) -> Result<Option<Self>, OfficeError> {
        if config.database().exists() { Self::open(config).map(Some) } else { Ok(None) }
    }

    /// Makes a new booth's folders, keys and database.
    pub fn open(config: &Config) -> Result<Self, OfficeError> {
        if is_root_elsewhere(&config.data) {
            return Err(OfficeError::NotYours { path: config.data.clone() });
        }
        let database = config.database();
        let is_new_booth = !database.exists();
        make_private_folder(&config.data)?;
        make_private_folder(&config.secrets)?;
        let store_key = config.secrets.join("store.key");
        let device_key = config.device_key_file();
        let store_key = match StoreKey::load(&store_key) {
            Err(SecretFileError::Missing { .. }) if is_new_booth => StoreKey::create(&store_key)?,
            loaded => loaded?,
        };
        let key = match DeviceKey::load(&device_key, config.signature) {
            Err(SecretFileError::Missing { .. }) if is_new_booth => DeviceKey::create(&device_key, config.signature)?,
            loaded => loaded?,
        };
        Ok(Self { store: Store::open(&database, &store_key)?, key })
    }

    /// A line in the action log for what whoever has the machine does, written before it is done.
    pub fn note_command(&self, at: Timestamp, action: &str, subject: &str) -> Result<(), StoreError> {
        self.store.note_action(&self.key, at, Noted { actor: "command_line", action, subject })
    }
}

/// The database for looking only, beside a booth that runs; `None` where nothing was ever stored.
pub fn open_to_read(config: &Config) -> Result<Option<Store>, OfficeError> {
    let database = config.database();
    if !database.exists() {
        return Ok(None);
    }
    Ok(Some(Store::open_to_read(&database, &StoreKey::load(&config.secrets.join("store.key"))?)?))
}

/// How old the newest copy of the database is.
pub fn backups(config: &Config, now: Timestamp) -> Backups {
    let Some(folder) = &config.backup.folder else { return Backups::Off };
    Store::newest_backup(folder, now).map_or(Backups::NoneYet, Backups::Newest)
}

fn make_private_folder(path: &Path) -> Result<(), OfficeError> {
    let problem = |cause| OfficeError::Folder { path: path.to_owned(), cause };
    make_owners_folder(path).and_then(|()| close_to_others(path)).map_err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::submission::Algorithm;

    fn config(folder: &Path) -> Config {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/kiosk.toml");
        Config { data: folder.join("data"), secrets: folder.join("secrets"), ..config::load(&example).unwrap() }
    }

    #[test]
    fn a_new_booth_makes_its_keys_and_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let public = Office::open(&config).unwrap().key.public();
        assert_eq!(Office::open(&config).unwrap().key.public(), public);
    }

    #[test]
    fn an_sm2_booth_has_a_key_of_its_own_from_its_first_day() {
        let folder = tempfile::tempdir().unwrap();
        let sm2 = Config { signature: Algorithm::Sm2, ..config(folder.path()) };
        assert_eq!(Office::open(&sm2).unwrap().key.algorithm(), Algorithm::Sm2);
        // A booth that has records cannot change over.
        let error = Office::open(&config(folder.path())).unwrap_err();
        assert!(matches!(error, OfficeError::Secret(SecretFileError::Missing { .. })), "{error}");
    }

    #[test]
    fn a_lost_key_is_an_error_and_not_replaced() {
        for name in ["store.key", "device.key"] {
            let folder = tempfile::tempdir().unwrap();
            let config = config(folder.path());
            drop(Office::open(&config).unwrap());
            std::fs::remove_file(config.secrets.join(name)).unwrap();
            let error = Office::open(&config).unwrap_err();
            assert!(matches!(error, OfficeError::Secret(SecretFileError::Missing { .. })), "{name}: {error}");
            assert!(!config.secrets.join(name).exists(), "{name} was replaced");
        }
    }
}
