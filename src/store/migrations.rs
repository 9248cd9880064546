//! The schema, as numbered steps that only go forward: step *n* turns `user_version` *n* − 1 into *n*.
//! A step that was released is never edited; a database from a newer program is refused untouched.

mod record_keys;
mod sealed_contacts;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::{Failure, StoreError, doing};
use super::vault::Vault;

type Step = fn(&Transaction<'_>, &Vault) -> Result<(), Failure>;

/// Every released step, oldest first.
const STEPS: &[Step] = &[
    |transaction, _| Ok(transaction.execute_batch(FIRST)?),
    |transaction, _| Ok(transaction.execute_batch(ORDERS)?),
    record_keys::run,
    sealed_contacts::run,
    |transaction, _| Ok(transaction.execute_batch(WITHDRAWALS)?),
    |transaction, _| Ok(transaction.execute_batch(OPERATORS)?),
    |transaction, _| Ok(transaction.execute_batch(CHECKS)?),
    |transaction, _| Ok(transaction.execute_batch(FEES)?),
];

/// 1: the roster, the submissions and the probe.
const FIRST: &str = "
     CREATE TABLE roster (
         code_digest BLOB PRIMARY KEY NOT NULL CHECK (length(code_digest) = 32),
         enrolment   TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;

     CREATE TABLE submissions (
         sequence        INTEGER PRIMARY KEY NOT NULL CHECK (sequence >= 1),
         submission_id   TEXT NOT NULL UNIQUE,
         previous        BLOB NOT NULL CHECK (length(previous) = 32),
         manifest        BLOB NOT NULL,
         signature       BLOB NOT NULL CHECK (length(signature) = 64),
         -- NULL once the picture is erased.
         jpeg            BLOB,
         state           TEXT NOT NULL DEFAULT 'pending'
                         CHECK (state IN ('pending', 'acknowledged', 'rejected', 'conflict')),
         attempts        INTEGER NOT NULL DEFAULT 0,
         last_error      TEXT,
         -- The central server's signed receipt, exactly as it came.
         receipt           TEXT,
         receipt_signature BLOB CHECK (length(receipt_signature) = 64),
         -- Unix seconds.
         acknowledged_at INTEGER,
         CHECK ((state = 'acknowledged') = (receipt IS NOT NULL)),
         CHECK ((receipt IS NULL) = (receipt_signature IS NULL)),
         CHECK ((receipt IS NULL) = (acknowledged_at IS NULL)),
         CHECK (jpeg IS NOT NULL OR state = 'acknowledged')
     ) STRICT;
     CREATE INDEX submissions_by_state ON submissions (state, sequence);

     -- A signed record stays as it is, even when the program is wrong.
     CREATE TRIGGER a_record_is_never_changed
     BEFORE UPDATE OF sequence, submission_id, previous, manifest, signature ON submissions
     BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
     CREATE TRIGGER a_record_is_never_deleted
     BEFORE DELETE ON submissions
     BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
     CREATE TRIGGER a_picture_is_only_erased
     BEFORE UPDATE OF jpeg ON submissions WHEN new.jpeg IS NOT NULL
     BEGIN SELECT RAISE(ABORT, 'a picture is never changed'); END;
     CREATE TRIGGER a_receipt_is_kept
     BEFORE UPDATE OF state, receipt, receipt_signature, acknowledged_at ON submissions
     WHEN old.state = 'acknowledged'
     BEGIN SELECT RAISE(ABORT, 'a receipt is kept'); END;

     CREATE TABLE probe (
         id    INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
         count INTEGER NOT NULL
     ) STRICT;";

/// 2: what a student owes and how to reach them, apart from the photo.
const ORDERS: &str = "
     CREATE TABLE orders (
         submission_id TEXT PRIMARY KEY NOT NULL,
         -- Unix seconds; NULL while it is due.
         paid_at INTEGER
     ) STRICT, WITHOUT ROWID;

     CREATE TABLE contacts (
         submission_id TEXT PRIMARY KEY NOT NULL,
         phone TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;";

/// 5: which withdrawals the central server has confirmed.
const WITHDRAWALS: &str = "
     -- Unix seconds.
     ALTER TABLE submissions ADD COLUMN withdrawal_told_at INTEGER;
     CREATE INDEX withdrawals_to_tell ON submissions (sequence)
     WHERE withdrawn_at IS NOT NULL AND withdrawal_told_at IS NULL;";

/// 6: what operators did, whether the booth is paused, and what they find records by.
const OPERATORS: &str = "
     CREATE TABLE audit_log (
         sequence  INTEGER PRIMARY KEY NOT NULL CHECK (sequence >= 1),
         -- Canonical JSON.
         entry     BLOB NOT NULL,
         signature BLOB NOT NULL CHECK (length(signature) = 64)
     ) STRICT;
     CREATE TRIGGER an_audit_entry_is_never_changed BEFORE UPDATE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
     CREATE TRIGGER an_audit_entry_is_never_deleted BEFORE DELETE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'an audit entry is never deleted'); END;

     -- No row, or one while the booth is closed to students.
     CREATE TABLE pause (
         id     INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
         notice TEXT NOT NULL
     ) STRICT;

     CREATE INDEX orders_due ON orders (submission_id) WHERE paid_at IS NULL;

     -- What students are shown of the order number.
     CREATE INDEX submissions_by_shown_number ON submissions (substr(submission_id, 25));

     -- The last four digits of the 学号; erased with the identity.
     CREATE TABLE number_tails (
         sequence INTEGER PRIMARY KEY NOT NULL REFERENCES submissions (sequence),
         last4    TEXT NOT NULL CHECK (length(last4) = 4)
     ) STRICT;
     CREATE INDEX number_tails_by_last4 ON number_tails (last4, sequence);";

/// 7: what the photo's checks measured, when a record was last sent, and what is counted by the day.
const CHECKS: &str = "
     -- As JSON, sealed; erased with the picture.
     CREATE TABLE checks (
         sequence INTEGER PRIMARY KEY NOT NULL REFERENCES submissions (sequence),
         -- Wrapped.
         key    BLOB NOT NULL CHECK (length(key) = 60),
         sealed BLOB NOT NULL
     ) STRICT;
     CREATE TRIGGER checks_are_never_changed BEFORE UPDATE ON checks
     BEGIN SELECT RAISE(ABORT, 'checks are never changed'); END;
     CREATE TRIGGER checks_are_only_erased BEFORE DELETE ON checks
     WHEN (SELECT erased_at FROM submissions WHERE sequence = old.sequence) IS NULL
     BEGIN SELECT RAISE(ABORT, 'checks are only erased'); END;

     -- Unix seconds of the newest attempt that was answered.
     ALTER TABLE submissions ADD COLUMN sent_at INTEGER;

     -- What leaves no record: shots, refusals by check, faults. Nobody is named.
     CREATE TABLE day_counts (
         -- 2026-11-25, where the booth stands.
         day    TEXT NOT NULL,
         what   TEXT NOT NULL,
         number INTEGER NOT NULL,
         PRIMARY KEY (day, what)
     ) STRICT, WITHOUT ROWID;

     -- A day is found among many.
     CREATE INDEX submissions_by_receipt ON submissions (acknowledged_at) WHERE acknowledged_at IS NOT NULL;
     CREATE INDEX submissions_by_sending ON submissions (sent_at) WHERE sent_at IS NOT NULL;
     CREATE INDEX submissions_by_withdrawal ON submissions (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
     CREATE INDEX orders_by_payment ON orders (paid_at) WHERE paid_at IS NOT NULL;";

/// 8: which fees the central server knows to be paid, and orders that a newer photo has taken the place of.
const FEES: &str = "
     -- Unix seconds; NULL while the server has to be told that staff took the fee.
     ALTER TABLE orders ADD COLUMN told_at INTEGER;
     -- Whether another photo of the same student has come since, which has the order now.
     ALTER TABLE orders ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
     UPDATE orders SET paid_at = unixepoch(status ->> 'updated_at') FROM statuses
     WHERE statuses.submission_id = orders.submission_id AND paid_at IS NULL AND status ->> 'payment' = 'paid';
     -- Who took these was not kept.
     UPDATE orders SET told_at = paid_at;
     CREATE INDEX fees_to_tell ON orders (submission_id) WHERE paid_at IS NOT NULL AND told_at IS NULL;
     DROP INDEX orders_due;
     CREATE INDEX orders_due ON orders (submission_id) WHERE paid_at IS NULL AND NOT replaced;";

/// How many steps there are.
#[cfg(test)]
pub(super) const NEWEST: usize = STEPS.len();

/// A database as the program of an earlier schema left it; `use_it` is called at each version on the way.
#[cfg(test)]
pub(super) fn make(path: &std::path::Path, key: &super::StoreKey, version: usize, use_it: impl Fn(usize, &Connection)) {
    super::open_or_make(path).unwrap();
    let mut connection = super::connect(path, key, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    for (step, reached) in STEPS[..version].iter().zip(1..) {
        let transaction = connection.transaction().unwrap();
        assert!(step(&transaction, &Vault::new(key)).is_ok());
        transaction.commit().unwrap();
        connection.execute_batch(&format!("PRAGMA user_version = {reached}")).unwrap();
        use_it(reached, &connection);
    }
}

/// Refuses a schema that this program would have to change before it can read it.
pub(super) fn expect_current(connection: &Connection) -> Result<(), StoreError> {
    let known = STEPS.len() as i64;
    let found: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(doing("reading the schema's version"))?;
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(StoreError::OlderSchema { found, known }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
    }
}

/// Brings the schema up to date, each step in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection, vault: &Vault) -> Result<(), StoreError> {
    let known = STEPS.len() as i64;
    loop {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(doing("preparing the schema"))?;
        let found: i64 = transaction
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(doing("reading the schema's version"))?;
        if found > known {
            return Err(StoreError::NewerSchema { found, known });
        }
        let Some(step) = usize::try_from(found).ok().and_then(|found| STEPS.get(found)) else {
            return Ok(());
        };
        step(&transaction, vault).map_err(|failure| failure.while_doing("updating the schema"))?;
        transaction
            .execute_batch(&format!("PRAGMA user_version = {}", found + 1))
            .map_err(doing("updating the schema"))?;
        transaction.commit().map_err(doing("updating the schema"))?;
    }
}
