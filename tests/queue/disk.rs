//! The disk: what survives a crash, what is refused, and what nobody can read.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use szz_kiosk::store::StoreError;
use szz_kiosk::submission::ChainProblem;

use super::*;

/// The database as anyone with its key sees it.
pub fn raw(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode([5; 32]))).unwrap();
    connection.busy_timeout(Duration::from_secs(2)).unwrap();
    // Whoever tampers asks for no consistency.
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    connection
}

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, &store_key())
}

/// Everything in the folder, by name.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Refused, said so, and not a byte of any file changed.
#[track_caller]
fn refused(path: &Path, key: &StoreKey) -> StoreError {
    let before = files(path.parent().unwrap());
    let error = Store::open(path, key).expect_err("must not open");
    assert_eq!(files(path.parent().unwrap()), before, "{error}");
    error
}

#[test]
fn a_wrong_key_is_said_so_and_changes_nothing() {
    let booth = Booth::new();
    booth.save(3);
    let path = booth.path();
    let Booth { dir: _dir, store } = booth;
    drop(store);
    let error = refused(&path, &StoreKey::from_bytes([6; 32]));
    assert!(matches!(error, StoreError::WrongKeyOrDamaged { .. }), "{error}");
    assert!(error.to_string().contains("wrong key"));
    assert_eq!(open(&path).unwrap().counts().unwrap().pending, 3, "the right key still opens it");
}

#[test]
fn damage_is_said_so_and_changes_nothing() {
    let booth = Booth::new();
    booth.save(3);
    let path = booth.path();
    let Booth { dir: _dir, store } = booth;
    drop(store);
    let sound = std::fs::read(&path).unwrap();

    let mut first_page = sound.clone();
    first_page[2000] ^= 1;
    std::fs::write(&path, &first_page).unwrap();
    assert!(matches!(refused(&path, &store_key()), StoreError::WrongKeyOrDamaged { .. }));

    for cut in [1, 4095, 4097, sound.len() - 1] {
        std::fs::write(&path, &sound[..cut]).unwrap();
        let error = refused(&path, &store_key());
        assert!(matches!(error, StoreError::Truncated { .. }), "cut to {cut}: {error}");
    }

    std::fs::write(&path, b"SQLite format 3\0 and so on").unwrap();
    assert!(matches!(refused(&path, &store_key()), StoreError::NotEncrypted { .. }));

    std::fs::write(&path, b"").unwrap();
    std::fs::write(path.with_extension("db-wal"), b"a log that lost its database").unwrap();
    assert!(matches!(refused(&path, &store_key()), StoreError::Truncated { .. }));
    std::fs::remove_file(path.with_extension("db-wal")).unwrap();

    // A later page: the database opens, and the damage is found before anything is believed.
    let mut later_page = sound.clone();
    for page in 8..sound.len() / 4096 {
        later_page[page * 4096 + 100] ^= 1;
    }
    std::fs::write(&path, &later_page).unwrap();
    let outcome = open(&path).and_then(|store| store.verify(device().public(), None));
    assert!(matches!(outcome, Err(StoreError::Damaged { .. } | StoreError::Disk { .. })), "{outcome:?}");

    std::fs::write(&path, &sound).unwrap();
    assert_eq!(open(&path).unwrap().verify(device().public(), None).unwrap(), 3);
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let booth = Booth::new();
    booth.save(1);
    let path = booth.path();
    let Booth { dir: _dir, store } = booth;
    drop(store);
    raw(&path).execute_batch("PRAGMA user_version = 99").unwrap();
    let error = refused(&path, &store_key());
    assert!(matches!(error, StoreError::NewerSchema { found: 99, .. }), "{error}");
}

#[test]
fn a_full_disk_is_said_so_and_loses_nothing() {
    let booth = Booth::new();
    let ids = booth.save(2);
    booth.store.limit_pages(1).unwrap();
    let mut large = draft(7);
    large.portrait.jpeg = Zeroizing::new(vec![7; 300_000]);
    let error = booth.store.append(&large, &device(), now()).unwrap_err();
    assert!(matches!(error, StoreError::Full), "{error}");
    booth.expect_sound(2);
    // Room again: the same draft takes the next place.
    let booth = booth.restart();
    assert_eq!(booth.append(&large).sequence, 3);
    booth.expect_sound(3);
    assert_eq!(booth.store.next_batch(1, 1).unwrap()[0].submission_id, ids[0]);
}

#[test]
fn a_transaction_that_was_never_committed_never_happened() {
    let booth = Booth::new();
    booth.save(2);
    let other = raw(&booth.path());
    other
        .execute_batch(
            "BEGIN IMMEDIATE;
             INSERT INTO submissions (sequence, submission_id, previous, manifest, signature, code_digest)
             VALUES (3, 'half', zeroblob(32), x'7b7d', zeroblob(64), zeroblob(32));
             INSERT INTO pictures (sequence, sealed) VALUES (3, zeroblob(100000));",
        )
        .unwrap();
    // The power fails here: what is on the disk now is all there is.
    let after = tempfile::tempdir().unwrap();
    for (name, content) in files(booth.dir.path()) {
        if !name.ends_with("-shm") {
            std::fs::write(after.path().join(name), content).unwrap();
        }
    }
    let store = open(&after.path().join("queue.db")).unwrap();
    assert_eq!(store.verify(device().public(), None).unwrap(), 2);
    assert_eq!(store.append(&draft(3), &device(), now()).unwrap().sequence, 3);
    drop(other);
    booth.expect_sound(2);
}

/// Not a test of its own: the process that the next test kills.
#[test]
fn child_that_saves_until_it_is_killed() {
    let Some(path) = std::env::var_os("SZZ_TEST_SAVE_FOR_EVER") else { return };
    let store = open(Path::new(&path)).unwrap();
    for number in 0.. {
        let appended = store.append(&draft(number), &device(), now()).unwrap();
        println!("saved {}", appended.submission_id);
    }
}

#[test]
fn a_killed_process_loses_nothing_that_it_said_was_saved() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("queue.db");
    let mut promised = Vec::new();
    for round in 1..=4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "disk::child_that_saves_until_it_is_killed", "--nocapture", "--test-threads=1"])
            .env("SZZ_TEST_SAVE_FOR_EVER", &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        while seen < 7 * round {
            let line = lines.next().expect("the child lives until it is killed").unwrap();
            if let Some((_, id)) = line.split_once("saved ") {
                promised.push(id.to_owned());
                seen += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Said before it died, but not read yet.
        promised.extend(lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("saved ").map(str::to_owned)));
        promised.retain(|id| id.len() == 36);

        let store = open(&path).unwrap();
        let count = store.verify(device().public(), None).unwrap();
        let stored: Vec<_> = store.records().map(|record| record.unwrap().submission_id).collect();
        let lost: Vec<_> = promised.iter().filter(|id| !stored.contains(id)).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
        assert!(count as usize <= promised.len() + round, "at most one unannounced save per kill");
    }
}

#[test]
fn two_threads_save_into_one_chain() {
    let booth = Booth::new();
    std::thread::scope(|scope| {
        for part in 0..4 {
            let booth = &booth;
            std::thread::Builder::new()
                .name(format!("saver-{part}"))
                .spawn_scoped(scope, move || {
                    for number in 0..10 {
                        booth.append(&draft(part * 100 + number));
                    }
                })
                .unwrap();
        }
    });
    booth.expect_sound(40);
}

/// Tampers with the second of four records, as someone with the key could, and sees it named.
#[track_caller]
fn tamper(sql: &str, place: u64, expected: fn(&ChainProblem) -> bool) {
    let booth = Booth::new();
    booth.save(4);
    let connection = raw(&booth.path());
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(connection.execute_batch(sql).is_err(), "the triggers forbid: {sql}");
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    connection.execute_batch(sql).unwrap();
    match booth.store.verify(device().public(), None) {
        Err(StoreError::Chain(error)) => {
            assert_eq!(error.place, place, "{sql}: {error}");
            assert!(expected(&error.problem), "{sql}: {error}");
        }
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn a_tampered_row_is_named() {
    use ChainProblem as P;
    for exchanged in [
        "UPDATE pictures SET sealed = x'ffd8ffd9' WHERE sequence = 2",
        "UPDATE pictures SET sealed = (SELECT sealed FROM pictures WHERE sequence = 3) WHERE sequence = 2",
        "UPDATE record_keys SET picture = (SELECT picture FROM record_keys WHERE sequence = 3) WHERE sequence = 2",
        "DELETE FROM pictures WHERE sequence = 2",
        "DELETE FROM record_keys WHERE sequence = 2",
    ] {
        tamper(exchanged, 2, |p| matches!(p, P::PictureUnreadable));
    }
    tamper(
        "UPDATE submissions SET manifest = CAST(replace(CAST(manifest AS TEXT), '2026-06', '2027-06') AS BLOB)
         WHERE sequence = 2",
        2,
        |p| matches!(p, P::Signature),
    );
    tamper("UPDATE submissions SET signature = zeroblob(64) WHERE sequence = 2", 2, |p| matches!(p, P::Signature));
    tamper("UPDATE submissions SET previous = zeroblob(32) WHERE sequence = 2", 2, |p| {
        matches!(p, P::Columns("previous"))
    });
    tamper("UPDATE submissions SET submission_id = 'x' WHERE sequence = 2", 2, |p| {
        matches!(p, P::Columns("submission_id"))
    });
    // Its picture is kept under the number that it had.
    tamper("UPDATE submissions SET sequence = 9 WHERE sequence = 4", 4, |p| matches!(p, P::PictureUnreadable));
    tamper("DELETE FROM submissions WHERE sequence = 2", 2, |p| matches!(p, P::Sequence { found: 3 }));
}

#[test]
fn a_made_up_receipt_is_found() {
    let booth = Booth::new();
    booth.save(2);
    raw(&booth.path())
        .execute_batch(
            "UPDATE submissions SET state = 'acknowledged', receipt = '{}', receipt_signature = zeroblob(64),
                    acknowledged_at = 0 WHERE sequence = 2",
        )
        .unwrap();
    booth.expect_sound(2);
    let server = DeviceKey::from_seed(&[4; 32]).public();
    match booth.store.verify(device().public(), Some(&server)) {
        Err(StoreError::Chain(error)) => assert_eq!((error.place, error.problem), (2, ChainProblem::Receipt)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_on_the_disk_can_be_read_without_the_key() {
    let booth = Booth::new();
    let enrolment = enrolment();
    let code = CodeDigest(Sha256Digest::of(b"the code").0);
    booth.store.replace_roster(&[(code, enrolment.clone())]).unwrap();
    booth.save(3);
    assert_eq!(booth.store.find_enrolment(code).unwrap(), Some(enrolment));

    let check = |dir: &Path| {
        let files = files(dir);
        assert!(files.iter().map(|(_, content)| content.len()).sum::<usize>() > 20_000, "there is something to find");
        for (name, content) in files {
            for secret in [
                "SQLite format 3".as_bytes(),
                "郭*荣".as_bytes(),
                "理工大学".as_bytes(),
                b"PLAINMAJOR",
                b"submission_id",
                b"PICTURE 1",
                &[0xff, 0xd8, 0xff, 0xe0, b'P'],
                &code.0,
            ] {
                assert!(!contains(&content, secret), "{name} holds {:?}", String::from_utf8_lossy(secret));
            }
        }
    };
    // While the log is still there, and after it was merged.
    check(booth.dir.path());
    let booth = booth.restart();
    check(booth.dir.path());
}
