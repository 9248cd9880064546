//! Faults of real file systems: said so, nothing lost in silence, and the booth goes on when they are over.

use std::path::{Path, PathBuf};
use std::process::Command;

use szz_kiosk::bundle::{self, ExportError, Rescued};
use szz_kiosk::store::StoreError;

use super::*;

/// A small file system of its own. None where mounting is not allowed.
struct SmallDisk {
    dir: tempfile::TempDir,
}

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = mount(&["-t", "tmpfs", "-o", &options, "tmpfs"], dir.path());
        if !mounted {
            println!("skipped: this machine does not let tests mount a file system");
        }
        mounted.then_some(Self { dir })
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("queue.db")
    }

    fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.path(), &store_key())
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    Command::new("mount").args(args).arg(at).output().is_ok_and(|output| output.status.success())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.dir.path()).output();
    }
}

#[test]
fn a_full_disk_keeps_what_it_has_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount("3m") else { return };
    let store = disk.open().unwrap();
    let mut saved = Vec::new();
    let error = loop {
        match store.append(&draft(saved.len()), &device(), now()) {
            Ok(appended) => saved.push(appended.submission_id),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Full | StoreError::Disk { .. }) && error.is_storage_fault(), "{error}");
    assert!(saved.len() > 20, "{}", saved.len());
    assert!(store.probe().is_err(), "the next visit is told before it starts");
    assert_eq!(store.verify(device().public(), None).unwrap(), saved.len() as u64);
    drop(store);
    assert!(mount(&["-o", "remount,size=12m"], disk.dir.path()));
    let store = disk.open().unwrap();
    store.append(&draft(1000), &device(), now()).unwrap();
    assert_eq!(store.verify(device().public(), None).unwrap(), saved.len() as u64 + 1);
}

#[test]
fn a_disk_that_became_read_only_is_said_so() {
    let Some(disk) = SmallDisk::mount("8m") else { return };
    let store = disk.open().unwrap();
    store.append(&draft(1), &device(), now()).unwrap();
    drop(store);
    assert!(mount(&["-o", "remount,ro"], disk.dir.path()));
    let error = disk.open().unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen { .. }) && error.is_storage_fault(), "{error}");
    assert!(mount(&["-o", "remount,rw"], disk.dir.path()));
    assert_eq!(disk.open().unwrap().append(&draft(2), &device(), now()).unwrap().sequence, 2);
}

#[test]
fn a_database_that_another_program_holds_is_said_so() {
    let booth = Booth::new();
    booth.save(1);
    let other = disk::raw(&booth.path());
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = booth.store.append(&draft(2), &device(), now()).unwrap_err();
    assert!(matches!(error, StoreError::Busy) && error.is_storage_fault(), "{error}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(booth.append(&draft(2)).sequence, 2);
}

/// A booth that was switched off hard: its files as they lie on the disk, log included.
fn after_a_power_cut(photos: usize) -> (tempfile::TempDir, PathBuf) {
    let booth = Booth::new();
    booth.save(photos);
    let dir = tempfile::tempdir().unwrap();
    for name in ["queue.db", "queue.db-wal", "queue.db-mark"] {
        std::fs::copy(booth.dir.path().join(name), dir.path().join(name)).unwrap();
    }
    let path = dir.path().join("queue.db");
    (dir, path)
}

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, &store_key())
}

#[test]
fn a_lost_or_damaged_log_is_noticed_and_not_taken_for_an_empty_queue() {
    let (_dir, path) = after_a_power_cut(6);
    let log = path.with_extension("db-wal");
    let sound = std::fs::read(&log).unwrap();
    let database = std::fs::read(&path).unwrap();
    type Spoil = fn(&mut Vec<u8>);
    let spoil: [Option<Spoil>; 5] = [
        // Removed altogether.
        None,
        Some(|log| log.clear()),
        Some(|log| log.truncate(log.len() - 10_000)),
        Some(|log| {
            let middle = log.len() / 2;
            log[middle] ^= 1;
        }),
        // Only the newest record is lost.
        Some(|log| {
            let last = log.len() - 100;
            log[last] ^= 1;
        }),
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        match spoil {
            None => std::fs::remove_file(&log).unwrap(),
            Some(spoil) => {
                let mut spoilt = sound.clone();
                spoil(&mut spoilt);
                std::fs::write(&log, &spoilt).unwrap();
            }
        }
        std::fs::write(&path, &database).unwrap();
        let error = open(&path).expect_err("something is missing");
        match &error {
            StoreError::RecordsMissing { found, saved: 6 } => assert!(*found < 6, "case {number}"),
            // Without its log the first page may be the empty one of a new database.
            StoreError::Truncated { .. } | StoreError::WrongKeyOrDamaged { .. } => {}
            other => panic!("case {number}: {other}"),
        }
        assert!(error.is_storage_fault());
        let looked_at = Store::open_to_read(&path, &store_key()).expect_err("looking at it finds it, too");
        assert_eq!(looked_at.to_string(), error.to_string(), "case {number}");
    }
}

#[test]
fn whoever_accepts_the_loss_goes_on_with_a_sound_chain() {
    let (_dir, path) = after_a_power_cut(6);
    let log = path.with_extension("db-wal");
    let mut bytes = std::fs::read(&log).unwrap();
    let last = bytes.len() - 100;
    bytes[last] ^= 1;
    std::fs::write(&log, bytes).unwrap();
    assert!(matches!(open(&path), Err(StoreError::RecordsMissing { found: 5, saved: 6 })));
    std::fs::remove_file(path.with_extension("db-mark")).unwrap();
    let store = open(&path).unwrap();
    assert_eq!(store.verify(device().public(), None).unwrap(), 5);
    assert_eq!(store.append(&draft(7), &device(), now()).unwrap().sequence, 6);
}

#[test]
fn a_log_that_is_whole_is_recovered() {
    let (_dir, path) = after_a_power_cut(6);
    assert_eq!(open(&path).unwrap().verify(device().public(), None).unwrap(), 6);
}

#[test]
fn a_clock_that_goes_back_a_year_stops_nothing_and_is_recorded() {
    use szz_kiosk::submission::{ClockTrust, Manifest};
    let (booth, server) = (Booth::new(), server());
    booth.save(1);
    let last_year = now() - jiff::Span::new().hours(8760);
    booth.store.append(&draft(2), &device(), last_year).unwrap();
    assert_eq!(booth.upload(&server).acknowledged, 2);
    let record = booth.store.records().last().unwrap().unwrap();
    assert_eq!(Manifest::from_bytes(&record.manifest).unwrap().clock, Some(ClockTrust::Doubtful));
    // Nothing is erased by a clock that is wrong the other way until the days have passed by it.
    assert_eq!(booth.store.erase_expired(last_year, last_year).unwrap(), 0);
}

fn rescue(database: &Path, to: &Path, server: &DemoServer) -> Result<Rescued, ExportError> {
    bundle::rescue(database, &store_key(), &device(), KIOSK, &server.bundle_key(), to, now())
}

/// A page in the middle, of which one bit is another one now.
#[test]
fn what_can_be_read_of_a_damaged_database_is_rescued_onto_a_stick() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(60);
    booth.upload(&server);
    let sent = server.stored();
    assert_eq!(sent.len(), 20);
    let Booth { dir, store } = booth;
    drop(store);
    let path = dir.path().join("queue.db");
    let sound = std::fs::read(&path).unwrap();
    let mut damaged = sound.clone();
    let pages = damaged.len() / 4096;
    for page in [pages / 2, pages * 3 / 4] {
        damaged[page * 4096 + 100] ^= 1;
    }
    std::fs::write(&path, &damaged).unwrap();
    let rescue = |path: &Path, to: &Path| {
        let rescued = rescue(path, to, &server).unwrap();
        assert!(rescued.has_statements);
        (rescued.exported, rescued.unreadable)
    };
    let stick = stick::Stick::new();
    let (done, unreadable) = rescue(&path, &stick.file());
    assert!((1..=8).contains(&unreadable.len()), "{unreadable:?}");
    let waiting: Vec<u64> = unreadable.iter().copied().filter(|sequence| *sequence > 20).collect();
    assert_eq!(done.added, 40 - waiting.len(), "{unreadable:?}");
    assert_eq!(std::fs::read(&path).unwrap(), damaged, "it is left as it is");
    stick.carry(&server);
    assert_eq!(server.stored().len(), 60 - waiting.len());

    // The rest is in last night's copy.
    let copy = dir.path().join("copy.db");
    std::fs::write(&copy, &sound).unwrap();
    let (done, unreadable) = rescue(&copy, &stick.file());
    assert_eq!((done.added, unreadable.len()), (waiting.len(), 0));
    stick.carry(&server);
    let (mut stored, mut ids) = (server.stored(), ids);
    stored.sort();
    ids.sort();
    assert!(stored == ids, "each is there once");
}

/// The end of a copy without a mark is known by what was counted; where that is lost too, nothing is called healthy.
#[test]
fn a_damaged_end_is_no_empty_queue() {
    let (booth, server) = (Booth::new(), server());
    booth.save(30);
    let Booth { dir, store } = booth;
    drop(store);
    let sound = std::fs::read(dir.path().join("queue.db")).unwrap();
    let path = dir.path().join("copy.db");
    let mut outcomes = Vec::new();
    for page in 1..sound.len() / 4096 {
        let mut damaged = sound.clone();
        damaged[page * 4096 + 100] ^= 1;
        std::fs::write(&path, damaged).unwrap();
        let stick = stick::Stick::new();
        outcomes.push(match rescue(&path, &stick.file(), &server) {
            Ok(rescued) => {
                let (added, unreadable) = (rescued.exported.added, rescued.unreadable.len());
                assert_eq!(added + unreadable, 30, "page {page}: {added} and {unreadable}");
                true
            }
            Err(_) => false,
        });
    }
    let rescued = outcomes.iter().filter(|rescued| **rescued).count();
    assert!(rescued > outcomes.len() * 3 / 4, "{rescued} of {}", outcomes.len());
}

/// The copy of last night does not know what the student said since; the server is told first by what the damaged
/// database still holds.
#[test]
fn a_rescue_takes_withdrawals_along() {
    let (booth, server) = (Booth::new(), server());
    let ids = booth.save(3);
    let backups = booth.dir.path().join("backups");
    let copy = booth.store.backup(&backups, 1, now(), |_, _| ()).unwrap();
    booth.store.withdraw(ids[1], now()).unwrap();
    let stick = stick::Stick::new();
    for database in [booth.store.path(), &copy] {
        rescue(database, &stick.file(), &server).unwrap();
    }
    stick.carry(&server);
    assert_eq!(server.stored(), [ids[0], ids[2]]);
}
