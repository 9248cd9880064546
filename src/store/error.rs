//! What can go wrong with the database, as far as the booth or its operator can do something else
//! about it. Carries codes, never SQLite's own text, which may quote statements.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::submission::{ChainError, ManifestError, SubmissionId};

/// Why the queue cannot be read or written. While one of the first group lasts, no photo can be
/// taken: see [`StoreError::is_storage_fault`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full: free space or export the queue, nothing that was saved is lost")]
    Full,
    #[error("the database cannot be written, only read: check the disk and the file's owner")]
    ReadOnly,
    #[error("the disk reports an error while {doing} (SQLite {code}): back the queue up and replace the disk")]
    Disk { doing: &'static str, code: i32 },
    #[error(
        "the database is damaged (found while {doing}): keep the file; `szz-kiosk queue rescue` writes what can still be read onto a stick"
    )]
    Damaged { doing: &'static str },
    #[error("another program holds the database: is a second booth running?")]
    Busy,
    #[error("the database {} cannot be opened: {cause}", path.display())]
    CannotOpen { path: PathBuf, cause: std::io::Error },
    #[error("the database {} does not open: wrong key file, or the first page is damaged. It was not changed", path.display())]
    WrongKeyOrDamaged { path: PathBuf },
    #[error("the database {} is cut off: restore it from a backup. It was not changed", path.display())]
    Truncated { path: PathBuf },
    #[error("the database {} is not encrypted, so it is not this booth's. It was not changed", path.display())]
    NotEncrypted { path: PathBuf },
    #[error(
        "the database was written by a newer program (schema {found}, this program knows {known}): update the program. It was not changed"
    )]
    NewerSchema { found: i64, known: i64 },
    #[error(
        "the database was written by an older program (schema {found}, this program writes {known}): start the booth once to bring it up to date, or use the older program. It was not changed"
    )]
    OlderSchema { found: i64, known: i64 },
    #[error(
        "the database ends at record {found}, but record {saved} was saved: its -wal file was lost or damaged, or an older copy was put in its place. Nothing was changed. Bring the newest files back; if they are gone for good, `szz-kiosk queue rescue` writes the rest onto a stick, and the booth begins anew under another name"
    )]
    RecordsMissing { found: u64, saved: u64 },
    #[error("the system gives no random numbers, so nothing can be encrypted: call the technician")]
    NoRandomness,
    #[error("SQLite error {code} while {doing}: call the technician")]
    Database { doing: &'static str, code: i32 },

    #[error(
        "the newest record was signed with another device key: restore the key file, or start a new database for the new key"
    )]
    OtherDeviceKey,
    #[error("submission {0} is stored already, with other content")]
    OtherContent(SubmissionId),
    #[error("submission {0} is not in the database")]
    Unknown(SubmissionId),
    #[error("submission {0} was withdrawn by the student")]
    Withdrawn(SubmissionId),
    #[error("the backup in {} cannot be made: {cause}", folder.display())]
    Backup { folder: PathBuf, cause: std::io::Error },
    #[error("the backup in {} was written but does not hold what the database holds: it was removed", folder.display())]
    BackupDiffers { folder: PathBuf },
    #[error("the record cannot be written: {0}")]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl StoreError {
    /// Whether the disk or the database itself is at fault, rather than what was asked of it.
    pub fn is_storage_fault(&self) -> bool {
        !matches!(
            self,
            Self::OtherContent(_)
                | Self::Unknown(_)
                | Self::Withdrawn(_)
                | Self::Manifest(_)
                | Self::Chain(_)
                | Self::Backup { .. }
                | Self::BackupDiffers { .. }
        )
    }
}

/// Inside a transaction: SQLite's error, or one of ours.
pub(super) enum Failure {
    Sqlite(rusqlite::Error),
    Ours(StoreError),
}

impl Failure {
    pub(super) fn while_doing(self, what: &'static str) -> StoreError {
        match self {
            Self::Sqlite(error) => doing(what)(error),
            Self::Ours(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl<E: Into<StoreError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Ours(error.into())
    }
}

/// Turns SQLite's error into ours.
pub(super) fn doing(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |error| match error.sqlite_error() {
        Some(cause) => match cause.code {
            ErrorCode::DiskFull => StoreError::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
            ErrorCode::SystemIoFailure => StoreError::Disk { doing, code: cause.extended_code },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged { doing },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            _ => StoreError::Database { doing, code: cause.extended_code },
        },
        // A column of another type, a value out of range: rows that this program did not write.
        None => StoreError::Damaged { doing },
    }
}
