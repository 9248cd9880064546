//! The queue on disk: one SQLCipher database with the roster and every submission, picture included.
//! Pictures and identities are encrypted once more inside it, each under a key that can be erased.
//!
//! What [`Store::append`] returned survives a power cut. A record is never changed or deleted, only
//! its delivery state is; a database that cannot be opened is left exactly as it was found.
//! Nothing here is logged, and no error quotes a row.
//!
//! One [`Store`] may be shared by several threads: each call holds the connection for a few
//! milliseconds, and [`Store::verify`] lets others in between its pages.

mod account;
mod audit_log;
mod backup;
mod checks;
mod day;
mod erasure;
mod error;
mod mark;
mod migrations;
mod queue;
mod queue_page;
mod records;
mod roster;
mod salvage;
mod status;
mod vault;

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

pub use account::Account;
pub use audit_log::{AuditEntry, AuditError, Noted};
pub use erasure::Deletion;
pub use error::StoreError;
use error::doing;
use mark::Mark;
pub use queue::{Appended, Counts, DeliveryState, Parked, Pending};
pub use queue_page::{PageKey, QueueFilter, QueueRow};
pub use records::{Audit, Records, StoredPicture, StoredRecord};
pub use roster::RosterChanges;
pub use salvage::Salvage;
use vault::Vault;

use crate::platform::owner_only;
use crate::secret_file::{self, SecretFileError};
use crate::submission::SubmissionId;

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
    key: StoreKey,
    vault: Vault,
    /// None where the database is only looked at.
    mark: Option<Mutex<Mark>>,
    /// None where there is none to be looked at.
    audit_mark: Option<Mutex<Mark>>,
}

impl Store {
    /// Opens the database, or makes it when there is none, and brings its schema up to date.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        examine(path, open_or_make(path)?)?;
        let mut connection = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let mark = Some(Mutex::new(expect_all(&connection, path)?));
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
        let vault = Vault::new(key);
        migrations::migrate(&mut connection, &vault)?;
        let audit_mark = Mark::open(path, mark::AUDIT)
            .map_err(|cause| StoreError::CannotOpen { path: mark::path_of(path, mark::AUDIT), cause })?;
        let audit_mark = Some(Mutex::new(audit_mark));
        let key = StoreKey(key.0.clone());
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned(), key, vault, mark, audit_mark })
    }

    /// Opens a database to look at it, which changes nothing: for copies and for a booth that runs. One that ends
    /// before what was saved into it is refused here, too.
    pub fn open_to_read(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        let look = |ending| {
            Mark::look(path, ending)
                .map_err(|cause| StoreError::CannotOpen { path: mark::path_of(path, ending), cause })
        };
        // Before the database: a booth that runs moves the mark on after it.
        let saved = look(mark::RECORDS)?.map_or(0, |mut mark| mark.newest().unwrap_or(0));
        Ok(Self { audit_mark: look(mark::AUDIT)?.map(Mutex::new), ..Self::look(path, key, saved)? })
    }

    /// The same, whatever is missing at its end.
    pub(crate) fn open_as_it_is(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        Self::look(path, key, 0)
    }

    /// Refuses a database that ends before the record `saved`.
    fn look(path: &Path, key: &StoreKey, saved: u64) -> Result<Self, StoreError> {
        let cannot_open = |cause| StoreError::CannotOpen { path: path.to_owned(), cause };
        examine(path, OpenOptions::new().read(true).open(path).map_err(cannot_open)?)?;
        let connection = connect(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if saved > 0 {
            newest_of(&connection, saved)?;
        }
        migrations::expect_current(&connection)?;
        let (vault, key) = (Vault::new(key), StoreKey(key.0.clone()));
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned(), key, vault, mark: None, audit_mark: None })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs a statement for each of these submissions, `?1`, with the time, `?2`: all or none. Returns how many rows
    /// changed.
    fn note_each(
        &self,
        doing: &'static str,
        sql: &str,
        ids: &[SubmissionId],
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.write(doing, |transaction| {
            let mut update = transaction.prepare_cached(sql)?;
            let mut changed = 0;
            for id in ids {
                changed += update.execute((id.to_string(), now.as_second()))?;
            }
            Ok(changed)
        })
    }

    /// Proves that a record can be written, by writing as much and forgetting it. Use it before a visit
    /// starts rather than after the photo is taken.
    pub fn probe(&self) -> Result<(), StoreError> {
        const DOING: &str = "probing the database";
        self.write(DOING, |transaction| {
            transaction.execute(
                "INSERT INTO probe (id, count, room) VALUES (1, 1, zeroblob(100000))
                 ON CONFLICT (id) DO UPDATE SET count = count + 1, room = excluded.room",
                [],
            )?;
            Ok(())
        })?;
        self.write(DOING, |transaction| {
            transaction.execute("UPDATE probe SET room = NULL", [])?;
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

const LOOKING_FOR_THE_END: &str = "looking for the newest record";

/// A connection that has proved that the key fits.
fn connect(path: &Path, key: &StoreKey, access: OpenFlags) -> Result<Connection, StoreError> {
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(doing("opening the database"))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(doing("opening the database"))?;
    // SQLCipher would write to standard error what is reported here as an error.
    connection.execute_batch("PRAGMA cipher_log_level = NONE").map_err(doing("opening the database"))?;
    connection.execute_batch(&key.pragma()).map_err(doing("setting the key"))?;
    // The key is first used here.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(|error| {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::WrongKeyOrDamaged { path: path.to_owned() },
            _ => doing("reading the database for the first time")(error),
        }
    })?;
    Ok(connection)
}

/// Refuses a database that ends before what was saved into it.
fn expect_all(connection: &Connection, path: &Path) -> Result<Mark, StoreError> {
    let cannot_open = |cause| StoreError::CannotOpen { path: mark::path_of(path, mark::RECORDS), cause };
    let mut mark = Mark::open(path, mark::RECORDS).map_err(cannot_open)?;
    let saved = mark.newest().map_err(cannot_open)?;
    let found = newest_of(connection, saved).inspect_err(|error| {
        if matches!(error, StoreError::RecordsMissing { .. }) {
            // The log stays as it is: somebody may still make sense of it.
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    })?;
    if found != saved {
        mark.set(found).map_err(cannot_open)?;
    }
    Ok(mark)
}

/// Number of the newest record, unless it is before the one that was `saved`.
fn newest_of(connection: &Connection, saved: u64) -> Result<u64, StoreError> {
    let found = newest_record(connection).map_err(doing(LOOKING_FOR_THE_END))?;
    if found < saved { Err(StoreError::RecordsMissing { found, saved }) } else { Ok(found) }
}

/// Number of the newest record; 0 in an empty database and in one that is still to be made.
fn newest_record(connection: &Connection) -> rusqlite::Result<u64> {
    let has_table: bool =
        connection.query_row("SELECT count(*) FROM sqlite_master WHERE name = 'submissions'", [], |row| row.get(0))?;
    if !has_table {
        return Ok(0);
    }
    connection.query_row("SELECT coalesce(max(sequence), 0) FROM submissions", [], |row| row.get(0))
}

/// The same number as it was counted while records were saved.
fn counted_records(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT sum(number) FROM tally", [], |row| row.get(0))
}

/// The file, readable by its owner only where it is new.
fn open_or_make(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    owner_only(&mut options).open(path).map_err(|cause| StoreError::CannotOpen { path: path.to_owned(), cause })
}

/// Looks at the file before SQLite does.
fn examine(path: &Path, mut file: File) -> Result<(), StoreError> {
    let cannot_open = |cause| StoreError::CannotOpen { path: path.to_owned(), cause };
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
