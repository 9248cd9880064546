//! Schemas of earlier programs, and what the database itself refuses.

use super::*;

#[test]
fn a_database_of_every_earlier_schema_is_brought_up_to_date_with_all_it_has() {
    let booth = booth();
    let mut first = Manifest {
        schema: 1,
        clock: None,
        signature_algorithm: None,
        ..draft(b"one").manifest(&first_place()).unwrap()
    };
    first.picture.source = None;
    let manifest = first.to_bytes().unwrap();
    let signature = booth.key.sign(crate::submission::Signed::Manifest, &manifest).0;
    let id = first.submission_id;
    let use_it = |version: usize, old: &rusqlite::Connection| match version {
        1 => {
            let sql = "INSERT INTO submissions (sequence, submission_id, previous, manifest, signature, jpeg, attempts)
                       VALUES (1, ?1, zeroblob(32), ?2, ?3, ?4, 3)";
            old.execute(sql, (id.to_string(), &manifest, signature, b"one")).unwrap();
        }
        2 => {
            old.execute("INSERT INTO orders (submission_id) VALUES (?1)", [id.to_string()]).unwrap();
            old.execute("INSERT INTO contacts VALUES (?1, '13800138000')", [id.to_string()]).unwrap();
        }
        _ => {}
    };
    for version in 1..migrations::NEWEST {
        let path = booth.dir.path().join(format!("{version}.db"));
        let key = StoreKey::from_bytes([5; 32]);
        migrations::make(&path, &key, version, use_it);
        assert!(matches!(Store::open_to_read(&path, &key), Err(StoreError::OlderSchema { .. })), "{version}");
        let store = Store::open(&path, &key).unwrap();
        let pending = store.next_batch(9, 9999).unwrap();
        assert_eq!((pending.len(), pending[0].attempts, &**pending[0].jpeg), (1, 3, &b"one"[..]), "{version}");
        assert_eq!((&pending[0].manifest, store.counts().unwrap().pictures), (&manifest, 1), "{version}");
        if version > 1 {
            assert_eq!(&**store.find_phone(id).unwrap().unwrap(), "13800138000", "{version}");
            assert!(store.mark_paid(id, now()).unwrap(), "{version}");
        }
        store.append(&draft(b"two"), &booth.key, now()).unwrap();
        assert_eq!(store.verify(booth.key.public(), None).unwrap(), 2, "{version}");
        assert_eq!(store.find_account(CodeDigest([9; 32])).unwrap().unwrap().state, DeliveryState::Pending);
        drop(store);
        assert!(Store::open_to_read(&path, &key).is_ok(), "{version}");
    }
}

fn first_place() -> crate::submission::Place {
    crate::submission::Place {
        sequence: 1,
        previous: Sha256Digest::ZERO,
        created_at: now(),
        clock: ClockTrust::Unconfirmed,
        algorithm: crate::submission::Algorithm::Ed25519,
    }
}

#[test]
fn the_database_itself_refuses_to_change_a_record() {
    let booth = booth();
    booth.append(&draft(b"one")).unwrap();
    let pending = booth.store.next_batch(1, 9999).unwrap().remove(0);
    let refused = |sql: &str| booth.store.lock().execute_batch(sql).is_err();
    assert!(refused("UPDATE submissions SET manifest = x'00'"));
    assert!(refused("UPDATE submissions SET sequence = 7"));
    assert!(refused("UPDATE submissions SET code_digest = zeroblob(32)"));
    for table in ["pictures", "identities", "record_keys", "checks"] {
        assert!(refused(&format!("UPDATE {table} SET sequence = 7")), "{table}");
        assert!(refused(&format!("DELETE FROM {table}")), "{table} not erased yet");
    }
    assert!(refused("UPDATE submissions SET erased_at = 1"), "not acknowledged yet");
    assert!(refused("DELETE FROM submissions"));
    assert!(refused("UPDATE submissions SET state = 'acknowledged'"), "without a receipt");
    booth.acknowledge(&pending);
    assert!(refused(
        "UPDATE submissions SET state = 'pending', receipt = NULL, receipt_signature = NULL, acknowledged_at = NULL"
    ));
}

#[test]
fn durability_is_set_as_promised() {
    let booth = booth();
    let connection = booth.store.lock();
    let pragma = |name: &str| -> String {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal");
    assert_eq!(pragma("synchronous"), "2");
    assert_eq!(pragma("secure_delete"), "1");
    assert_eq!(pragma("foreign_keys"), "1");
    assert_ne!(pragma("cipher_version"), "", "this is SQLCipher");
    drop(connection);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(booth.dir.path().join("queue.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
