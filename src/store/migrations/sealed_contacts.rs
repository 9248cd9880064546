//! Step 4: phone numbers are encrypted under keys of their own, like pictures and identities.

use rusqlite::Transaction;
use zeroize::Zeroizing;

use crate::store::error::Failure;
use crate::store::vault::{Kind, Vault};

pub(super) fn run(transaction: &Transaction<'_>, vault: &Vault) -> Result<(), Failure> {
    transaction.execute_batch(
        "ALTER TABLE contacts RENAME TO contacts_2;
         CREATE TABLE contacts (
             submission_id TEXT PRIMARY KEY NOT NULL,
             -- Wrapped.
             key    BLOB NOT NULL CHECK (length(key) = 60),
             sealed BLOB NOT NULL
         ) STRICT, WITHOUT ROWID;",
    )?;
    let mut rows = transaction.prepare("SELECT submission_id, phone FROM contacts_2")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (id, phone): (String, String) = row.try_into()?;
        let phone = vault.seal(Kind::Contact, &id, Zeroizing::new(phone).as_bytes())?;
        transaction.execute(
            "INSERT INTO contacts (submission_id, key, sealed) VALUES (?1, ?2, ?3)",
            (id, phone.key, phone.content),
        )?;
    }
    transaction.execute_batch("DROP TABLE contacts_2")?;
    Ok(())
}
