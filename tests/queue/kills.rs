//! kill −9 at random moments of a booth that saves and uploads at once. `SZZ_TEST_KILLS=200` kills more.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use szz_kiosk::submission::Manifest;

use super::*;

const USUAL_KILLS: u64 = 12;

/// Not a test of its own: the booth that the next test kills.
#[test]
fn child_that_saves_and_uploads_until_it_is_killed() {
    let Some(path) = std::env::var_os("SZZ_TEST_BOOTH") else { return };
    let url = std::env::var("SZZ_TEST_SERVER").unwrap();
    let first: usize = std::env::var("SZZ_TEST_FIRST").unwrap().parse().unwrap();
    let store = Store::open(Path::new(&path), &store_key()).unwrap();
    let server_key = DeviceKey::from_seed(&[4; 32]).public();
    std::thread::scope(|scope| {
        let store = &store;
        let courier = move || {
            let uploader = HttpUploader::new(&client(&url), TOKEN).unwrap();
            let limit = BatchLimit { count: 5, ..BatchLimit::default() };
            let mut delivery = Delivery::default();
            loop {
                delivery.round(store, &uploader, &server_key, limit, now()).unwrap();
            }
        };
        std::thread::Builder::new().name("courier".into()).spawn_scoped(scope, courier).unwrap();
        for number in first.. {
            let appended = store.append(&draft(number), &device(), now()).unwrap();
            println!("saved {} {number}", appended.submission_id);
        }
    });
}

fn start(booth: &Path, server: &DemoServer, first: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kills::child_that_saves_and_uploads_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env("SZZ_TEST_BOOTH", booth)
        .env("SZZ_TEST_SERVER", server.base_url())
        .env("SZZ_TEST_FIRST", first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_at_any_moment_nothing_is_lost_doubled_or_broken() {
    let kills = std::env::var("SZZ_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL_KILLS);
    let dir = tempfile::tempdir().unwrap();
    let (path, server) = (dir.path().join("queue.db"), server());
    let mut promised: HashSet<String> = HashSet::new();
    let (mut last, mut saving, mut acknowledged) = (0, 0, 0);
    for round in 0..kills {
        // Numbers never come twice, so a photo that is there twice would show.
        let mut child = start(&path, &server, last + 1000);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // One in four while it begins, however slow the machine is; the others while it saves and uploads.
        let begun = if round % 4 > 0 { lines.find(|line| line.contains("saved ")) } else { None };
        saving += usize::from(begun.is_some());
        std::thread::sleep(Duration::from_millis(dice(round) % 250));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in begun.into_iter().chain(lines) {
            let said = line.split_once("saved ").and_then(|(_, said)| said.split_once(' '));
            // The last line may be cut off.
            if let Some((id, Ok(number))) = said.map(|(id, number)| (id, number.parse::<usize>())) {
                promised.insert(id.to_owned());
                last = last.max(number);
            }
        }
        last += 1000;
        acknowledged = check(&path, &server, &promised, round);
    }
    let booth = Booth { store: Store::open(&path, &store_key()).unwrap(), dir };
    while booth.counts().pending > 0 {
        booth.upload(&server);
    }
    let stored = server.stored();
    let records: Vec<_> = booth.store.records().map(|record| record.unwrap().submission_id).collect();
    assert_eq!(stored.len(), records.len());
    assert_eq!(saving as u64, kills - kills.div_ceil(4), "the booth did not save");
    assert!(promised.len() >= saving && acknowledged > 0, "{} promised, {acknowledged} acknowledged", promised.len());
    println!("{kills} kills, {} photos promised, {} stored and acknowledged, 0 lost", promised.len(), records.len());
}

/// After every restart: the chain is whole, no promise is broken, nothing is there twice, and what is
/// acknowledged is at the server as it is here. Returns how many are.
fn check(path: &Path, server: &DemoServer, promised: &HashSet<String>, round: u64) -> u64 {
    let store = Store::open(path, &store_key()).unwrap();
    store.verify(device().public(), Some(&server.public_key())).unwrap();
    let (mut ids, mut pictures) = (HashSet::new(), HashSet::new());
    for record in store.records().map(Result::unwrap) {
        let manifest = Manifest::from_bytes(&record.manifest).unwrap();
        assert!(ids.insert(record.submission_id.clone()) && pictures.insert(manifest.picture.sha256), "round {round}");
        if record.receipt.is_some() {
            let (at_server, picture) = server.content(manifest.submission_id).unwrap();
            assert_eq!(at_server, record.manifest, "round {round}");
            assert_eq!(Sha256Digest::of(&picture), manifest.picture.sha256, "round {round}");
        }
    }
    let lost: Vec<_> = promised.difference(&ids).collect();
    assert!(lost.is_empty(), "round {round}: {lost:?}");
    store.counts().unwrap().acknowledged
}

/// Moments that differ from kill to kill and not from run to run.
fn dice(round: u64) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(round)
}
