//! The queue on disk: one SQLCipher database with the roster and every submission, picture included.
//!
//! What [`Store::append`] returned survives a power cut. A record is never changed or deleted, only
//! its delivery state is; a database that cannot be opened is left exactly as it was found.
//! Nothing here is logged, and no error quotes a row.
//!
//! One [`Store`] may be shared by several threads: each call holds the connection for a few
//! milliseconds, and [`Store::verify`] lets others in between its pages.

mod account;
mod error;
mod migrations;
mod queue;
mod records;
mod roster;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

pub use account::Account;
pub use error::StoreError;
use error::doing;
pub use queue::{Appended, Counts, DeliveryState, Parked, Pending};
pub use records::{Records, StoredRecord};

use crate::secret_file::{self, SecretFileError};

/// How long a call waits for another process to let go of the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The database's 256-bit key. Kept in an owner-only file outside the config and the database's
/// folder backups; whoever loses it loses the queue.
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// Reads the key from its owner-only file.
    pub fn load(path: &Path) -> Result<Self, SecretFileError> {
        secret_file::load_key(path).map(Self)
    }

    /// Makes a new key and its owner-only file; fails if the file exists.
    pub fn create(path: &Path) -> Result<Self, SecretFileError> {
        secret_file::create_key(path).map(Self)
    }

    /// For tests and the demo: a key that is nowhere on disk.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A raw key costs nothing at opening; a passphrase would cost 150 ms.
    fn pragma(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex::encode(*self.0));
        // Room for all of it at once: a growing string would leave copies behind.
        let mut pragma = Zeroizing::new(String::with_capacity(96));
        pragma.push_str("PRAGMA key = \"x'");
        pragma.push_str(&digits);
        pragma.push_str("'\";");
        pragma
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(…)")
    }
}

/// The open database.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
    path: PathBuf,
}

impl Store {
    /// Opens the database, or makes it when there is none, and brings its schema up to date.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        examine(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(doing("opening the database"))?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(doing("opening the database"))?;
        connection.execute_batch(&key.pragma()).map_err(doing("setting the key"))?;
        // The key is first used here.
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(|error| {
            match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::NotADatabase) => StoreError::WrongKeyOrDamaged { path: path.to_owned() },
                _ => doing("reading the database for the first time")(error),
            }
        })?;
        // FULL, because WAL with NORMAL may lose the last commits at a power cut.
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA secure_delete = ON;
                 PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY;",
            )
            .map_err(doing("setting up the database"))?;
        migrations::migrate(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Proves that the database can be written, by writing. Use it before a visit starts rather
    /// than after the photo is taken.
    pub fn probe(&self) -> Result<(), StoreError> {
        self.write("probing the database", |transaction| {
            transaction.execute(
                "INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1",
                [],
            )?;
            Ok(())
        })
    }

    /// Limits the database to this many pages of 4,096 bytes, until it is opened again, so that the
    /// queue reports [`StoreError::Full`] while the disk still has room for logs.
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.lock()
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .map_err(doing("limiting the database"))
    }

    /// A panic of another thread has rolled its transaction back while it unwound, so the
    /// connection is as good as before.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One immediate transaction: all of it happens or nothing does.
    fn write<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, error::Failure>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(doing(what))?;
        let result = work(&transaction).map_err(|failure| failure.while_doing(what))?;
        transaction.commit().map_err(doing(what))?;
        Ok(result)
    }
}

/// Looks at the file before SQLite does, and makes it readable by its owner only.
fn examine(path: &Path) -> Result<(), StoreError> {
    let cannot_open = |cause| StoreError::CannotOpen { path: path.to_owned(), cause };
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(cannot_open)?;
    let length = file.metadata().map_err(cannot_open)?.len();

    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    // SQLite would delete a log that has lost its database.
    if length == 0 && Path::new(&log).metadata().is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Truncated { path: path.to_owned() });
    }
    let mut header = [0; 16];
    if length >= 16 {
        std::io::Read::read_exact(&mut file, &mut header).map_err(cannot_open)?;
    }
    if &header == b"SQLite format 3\0" {
        return Err(StoreError::NotEncrypted { path: path.to_owned() });
    }
    // Whole pages only; the smallest database has one.
    if length % 4096 != 0 {
        return Err(StoreError::Truncated { path: path.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
