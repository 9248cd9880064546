//! Step 3: pictures and identities move into tables of their own, each under a key of its own that can be
//! erased; records can be found by their code's digest; counts cost nothing; what the central server
//! says about records, its clock and the courier's progress are kept.

use rusqlite::Transaction;

use crate::store::error::Failure;
use crate::store::vault::{Kind, Vault};
use crate::submission::Manifest;

pub(super) fn run(transaction: &Transaction<'_>, vault: &Vault) -> Result<(), Failure> {
    transaction.execute_batch(TABLES)?;
    move_records(transaction, vault)?;
    transaction.execute_batch(RULES)?;
    Ok(())
}

const TABLES: &str = "
    DROP TRIGGER a_record_is_never_changed;
    DROP TRIGGER a_record_is_never_deleted;
    DROP TRIGGER a_picture_is_only_erased;
    DROP TRIGGER a_receipt_is_kept;
    DROP INDEX submissions_by_state;
    ALTER TABLE submissions RENAME TO submissions_1;

    CREATE TABLE submissions (
        sequence        INTEGER PRIMARY KEY NOT NULL CHECK (sequence >= 1),
        submission_id   TEXT NOT NULL UNIQUE,
        previous        BLOB NOT NULL CHECK (length(previous) = 32),
        manifest        BLOB NOT NULL,
        signature       BLOB NOT NULL CHECK (length(signature) = 64),
        code_digest     BLOB NOT NULL CHECK (length(code_digest) = 32),
        state           TEXT NOT NULL DEFAULT 'pending'
                        CHECK (state IN ('pending', 'acknowledged', 'rejected', 'conflict', 'withdrawn')),
        attempts        INTEGER NOT NULL DEFAULT 0,
        last_error      TEXT,
        -- The central server's signed receipt, exactly as it came.
        receipt           TEXT,
        receipt_signature BLOB CHECK (length(receipt_signature) = 64),
        -- Unix seconds, like every time here.
        acknowledged_at INTEGER,
        -- When the student withdrew the consent.
        withdrawn_at    INTEGER,
        -- When picture and identity were erased.
        erased_at       INTEGER,
        CHECK ((state = 'acknowledged') = (receipt IS NOT NULL)),
        CHECK ((receipt IS NULL) = (receipt_signature IS NULL)),
        CHECK ((receipt IS NULL) = (acknowledged_at IS NULL)),
        CHECK (state <> 'withdrawn' OR withdrawn_at IS NOT NULL),
        CHECK (erased_at IS NULL OR state = 'acknowledged' OR withdrawn_at IS NOT NULL)
    ) STRICT;

    -- Per record: the keys of its picture and its identity, wrapped.
    CREATE TABLE record_keys (
        sequence INTEGER PRIMARY KEY NOT NULL REFERENCES submissions (sequence),
        picture  BLOB NOT NULL CHECK (length(picture) = 60),
        identity BLOB CHECK (length(identity) = 60)
    ) STRICT;
    CREATE TABLE pictures (
        sequence INTEGER PRIMARY KEY NOT NULL REFERENCES submissions (sequence),
        sealed   BLOB NOT NULL
    ) STRICT;
    CREATE TABLE identities (
        sequence INTEGER PRIMARY KEY NOT NULL REFERENCES submissions (sequence),
        sealed   BLOB NOT NULL
    ) STRICT;

    -- What was erased, when and why: stays when all else of a picture is gone.
    CREATE TABLE deletions (
        id             INTEGER PRIMARY KEY NOT NULL,
        submission_id  TEXT NOT NULL,
        picture_sha256 BLOB NOT NULL CHECK (length(picture_sha256) = 32),
        erased_at      INTEGER NOT NULL,
        reason         TEXT NOT NULL CHECK (reason IN ('retention', 'withdrawn'))
    ) STRICT;

    -- What the central server says became of a submission, as JSON.
    CREATE TABLE statuses (
        submission_id TEXT PRIMARY KEY NOT NULL,
        status        TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- One row: how far the exchange with the central server has come.
    CREATE TABLE progress (
        id              INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
        last_receipt_at INTEGER,
        -- The server's time of a receipt and the booth's when it came.
        clock_server_at INTEGER,
        clock_booth_at  INTEGER,
        status_cursor   TEXT,
        status_at       INTEGER
    ) STRICT;
    INSERT INTO progress (id) VALUES (1);

    -- Room that a record would need, for a moment.
    ALTER TABLE probe ADD COLUMN room BLOB;

    -- Counting 50,000 rows takes longer than a screen should wait.
    CREATE TABLE tally (
        state    TEXT PRIMARY KEY NOT NULL,
        number   INTEGER NOT NULL DEFAULT 0,
        pictures INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    INSERT INTO tally (state) VALUES ('pending'), ('acknowledged'), ('rejected'), ('conflict'), ('withdrawn');
    CREATE TRIGGER a_record_is_counted AFTER INSERT ON submissions
    BEGIN
        UPDATE tally SET number = number + 1, pictures = pictures + (new.erased_at IS NULL) WHERE state = new.state;
    END;
    CREATE TRIGGER a_record_is_counted_again AFTER UPDATE OF state, erased_at ON submissions
    BEGIN
        UPDATE tally SET number = number - 1, pictures = pictures - (old.erased_at IS NULL) WHERE state = old.state;
        UPDATE tally SET number = number + 1, pictures = pictures + (new.erased_at IS NULL) WHERE state = new.state;
    END;";

const RULES: &str = "
    DROP TABLE submissions_1;
    CREATE INDEX submissions_by_state ON submissions (state, sequence);
    CREATE INDEX submissions_by_code ON submissions (code_digest, sequence);

    -- A signed record stays as it is, even when the program is wrong.
    CREATE TRIGGER a_record_is_never_changed
    BEFORE UPDATE OF sequence, submission_id, previous, manifest, signature, code_digest ON submissions
    BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
    CREATE TRIGGER a_record_is_never_deleted BEFORE DELETE ON submissions
    BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
    CREATE TRIGGER a_receipt_is_kept
    BEFORE UPDATE OF state, receipt, receipt_signature, acknowledged_at ON submissions
    WHEN old.state = 'acknowledged'
    BEGIN SELECT RAISE(ABORT, 'a receipt is kept'); END;
    CREATE TRIGGER a_picture_is_never_changed BEFORE UPDATE ON pictures
    BEGIN SELECT RAISE(ABORT, 'a picture is never changed'); END;
    CREATE TRIGGER an_identity_is_never_changed BEFORE UPDATE ON identities
    BEGIN SELECT RAISE(ABORT, 'an identity is never changed'); END;
    CREATE TRIGGER a_key_is_never_changed BEFORE UPDATE ON record_keys
    BEGIN SELECT RAISE(ABORT, 'a key is never changed'); END;
    CREATE TRIGGER a_picture_is_only_erased BEFORE DELETE ON pictures
    WHEN (SELECT erased_at FROM submissions WHERE sequence = old.sequence) IS NULL
    BEGIN SELECT RAISE(ABORT, 'a picture is only erased'); END;
    CREATE TRIGGER an_identity_is_only_erased BEFORE DELETE ON identities
    WHEN (SELECT erased_at FROM submissions WHERE sequence = old.sequence) IS NULL
    BEGIN SELECT RAISE(ABORT, 'an identity is only erased'); END;
    CREATE TRIGGER a_key_is_only_erased BEFORE DELETE ON record_keys
    WHEN (SELECT erased_at FROM submissions WHERE sequence = old.sequence) IS NULL
    BEGIN SELECT RAISE(ABORT, 'a key is only erased'); END;
    CREATE TRIGGER a_deletion_stays_logged BEFORE UPDATE ON deletions
    BEGIN SELECT RAISE(ABORT, 'a deletion stays logged'); END;
    CREATE TRIGGER the_deletion_log_is_kept BEFORE DELETE ON deletions
    BEGIN SELECT RAISE(ABORT, 'the deletion log is kept'); END;";

fn move_records(transaction: &Transaction<'_>, vault: &Vault) -> Result<(), Failure> {
    let mut rows = transaction.prepare("SELECT sequence, submission_id, manifest, jpeg FROM submissions_1")?;
    let mut rows = rows.query([])?;
    let mut insert = transaction.prepare(
        "INSERT INTO submissions
         SELECT sequence, submission_id, previous, manifest, signature, ?2, state, attempts, last_error, receipt,
                receipt_signature, acknowledged_at, NULL, CASE WHEN jpeg IS NULL THEN acknowledged_at END
         FROM submissions_1 WHERE sequence = ?1",
    )?;
    while let Some(row) = rows.next()? {
        let (sequence, id, manifest, jpeg): (i64, String, Vec<u8>, Option<Vec<u8>>) = row.try_into()?;
        insert.execute((sequence, Manifest::from_bytes(&manifest)?.code_digest.0.as_slice()))?;
        let Some(jpeg) = jpeg else { continue };
        let sealed = vault.seal(Kind::Picture, &id, &jpeg)?;
        transaction.execute("INSERT INTO record_keys (sequence, picture) VALUES (?1, ?2)", (sequence, sealed.key))?;
        transaction.execute("INSERT INTO pictures (sequence, sealed) VALUES (?1, ?2)", (sequence, sealed.content))?;
    }
    Ok(())
}
