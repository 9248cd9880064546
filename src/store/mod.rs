//! The booth's memory: one SQLite database, encrypted at rest by SQLCipher, its key outside the config.
//!
//! A submission is one row, written in one transaction with `synchronous = FULL`, and from then on
//! immutable: only its delivery state changes, and only towards a receipt. A damaged database is
//! never deleted or overwritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, params};
use thiserror::Error;

use crate::code::{CodeDigest, Enrolment};
use crate::secret_file::{self, SecretError};
use crate::submission::chain::BrokenRecord;

mod migrations;
mod submissions;

pub use submissions::{Appended, Counts};

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the data folder {path} cannot be made: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(
        "the database cannot be read: it is damaged, or store.key is not its key. It was left as it is; restore the right key or a backup"
    )]
    DamagedOrWrongKey,
    #[error(
        "the database is from a newer version of this program (schema {found}, this one knows {newest}): install that version"
    )]
    NewerSchema { found: u32, newest: u32 },
    #[error("the disk is full: free some space, nothing was lost")]
    DiskFull,
    #[error("the database cannot be written: check the owner and the mount of the data folder")]
    ReadOnly,
    #[error("a stored record cannot be read: {0}")]
    Unreadable(#[from] BrokenRecord),
    #[error("the database answered: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::DamagedOrWrongKey,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::ReadOnly,
            _ => Self::Sqlite(error),
        }
    }
}

/// How long one connection waits for another's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// The database's file name in the data folder.
pub const DATABASE: &str = "kiosk.db";

/// One connection. Every worker that needs one opens its own.
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Opens the database in `data`, made at the first call, with the key in `secrets`.
    pub fn open_in(data: &Path, secrets: &Path) -> Result<Self, StoreError> {
        let key_file = secrets.join("store.key");
        let database = data.join(DATABASE);
        // A new key can never open an old database, and would hide that the right one is missing.
        if database.exists() && !key_file.exists() {
            return Err(StoreError::DamagedOrWrongKey);
        }
        let key = secret_file::load_or_create_key(&key_file)?;
        make_private_folder(data)?;
        Self::open(&database, &key)
    }

    /// Opens a database with its raw 256-bit key: no key derivation, since the key is random.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        let pragma =
            zeroize::Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", *zeroize::Zeroizing::new(hex::encode(key))));
        connection.execute_batch(&pragma)?;
        // The first read tells whether the key is right.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;",
        )?;
        migrations::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    /// Proves that the database can be written, without leaving anything.
    pub fn probe(&self) -> Result<(), StoreError> {
        let transaction = self.immediate()?;
        transaction.execute("CREATE TABLE probe (x)", [])?;
        transaction.rollback()?;
        Ok(())
    }

    /// Replaces the roster as a whole.
    pub fn replace_roster(&self, roster: &[(CodeDigest, Enrolment)]) -> Result<(), StoreError> {
        let transaction = self.immediate()?;
        transaction.execute("DELETE FROM roster", [])?;
        {
            let mut insert =
                transaction.prepare("INSERT OR REPLACE INTO roster (code_digest, enrolment) VALUES (?1, ?2)")?;
            for (code, enrolment) in roster {
                let text = serde_json::to_string(enrolment).expect("plain data");
                insert.execute(params![code.0.as_slice(), text])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Who a code belongs to, as far as the roster says.
    pub fn find_enrolment(&self, code: CodeDigest) -> Result<Option<Enrolment>, StoreError> {
        let text: Option<String> = self
            .connection
            .prepare_cached("SELECT enrolment FROM roster WHERE code_digest = ?1")?
            .query_row([code.0.as_slice()], |row| row.get(0))
            .optional()?;
        // Written by this program into an authenticated file: anything else is damage.
        text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::DamagedOrWrongKey)).transpose()
    }

    fn immediate(&self) -> Result<rusqlite::Transaction<'_>, StoreError> {
        // The borrow rules cannot be used here, since readers share the connection; no method nests.
        Ok(rusqlite::Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?)
    }
}

fn make_private_folder(path: &Path) -> Result<(), StoreError> {
    let problem = |source| StoreError::Folder { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(problem)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(problem)?;
    }
    Ok(())
}
