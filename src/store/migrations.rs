//! The database's schema as numbered steps, forward only. A step that has shipped never changes.

use rusqlite::Connection;

use super::StoreError;

const STEPS: [&str; 1] = ["
CREATE TABLE roster (
    code_digest BLOB PRIMARY KEY CHECK (length(code_digest) = 32),
    enrolment   TEXT NOT NULL
) STRICT;

CREATE TABLE submissions (
    sequence        INTEGER PRIMARY KEY,
    submission_id   TEXT NOT NULL UNIQUE,
    order_number    TEXT NOT NULL UNIQUE,
    manifest        BLOB NOT NULL,
    manifest_sha256 BLOB NOT NULL UNIQUE CHECK (length(manifest_sha256) = 32),
    previous_sha256 BLOB NOT NULL UNIQUE CHECK (length(previous_sha256) = 32),
    signature       BLOB NOT NULL CHECK (length(signature) = 64),
    jpeg            BLOB NOT NULL,
    state           TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'acknowledged', 'rejected')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    last_answer     TEXT,
    receipt         TEXT
) STRICT;

CREATE INDEX submissions_by_state ON submissions (state, sequence);

-- What was signed never changes, whoever asks.
CREATE TRIGGER submissions_are_immutable
BEFORE UPDATE OF sequence, submission_id, order_number, manifest, manifest_sha256, previous_sha256, signature, jpeg
ON submissions
BEGIN SELECT RAISE(ABORT, 'a signed submission never changes'); END;

CREATE TRIGGER submissions_are_kept
BEFORE DELETE ON submissions WHEN old.state <> 'acknowledged'
BEGIN SELECT RAISE(ABORT, 'a submission is kept until the server has it'); END;

CREATE TRIGGER a_receipt_is_final
BEFORE UPDATE OF state ON submissions WHEN old.state = 'acknowledged' AND new.state <> 'acknowledged'
BEGIN SELECT RAISE(ABORT, 'an acknowledged submission stays acknowledged'); END;
"];

/// Brings the database to the newest schema, one transaction a step.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let newest = STEPS.len() as u32;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > newest {
        return Err(StoreError::NewerSchema { found, newest });
    }
    for (step, sql) in STEPS.iter().enumerate().skip(found as usize) {
        // Immediate, since two workers may open a new database at the same moment.
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let now: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if now as usize == step {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", step as u32 + 1)?;
        }
        transaction.commit()?;
    }
    Ok(())
}
