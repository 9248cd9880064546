//! kill −9 at random moments of whole visits, with uploads going on beside them. `SZZ_TEST_KILLS=200` kills more.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use jiff::Timestamp;

use super::*;
use crate::camera::simulated::{Simulation, Stage};
use crate::demo::{Cue, DemoServer, Stays, enrol, way_to};
use crate::submission::{Manifest, Sha256Digest};
use crate::upload::{BatchLimit, Delivery, HttpUploader};

const USUAL_KILLS: u64 = 6;
/// Nobody comes twice: whoever has a photo would be shown it.
const STUDENTS_PER_KILL: u64 = 8;

fn kills() -> u64 {
    std::env::var("SZZ_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL_KILLS)
}

/// Not a test of its own: the booth that the next test kills. Says who comes and who was shown an order number.
#[test]
fn child_whose_students_come_one_after_another_until_it_is_killed() {
    let Some(folder) = std::env::var_os("SZZ_TEST_BOOTH") else { return };
    let of = |name| std::env::var(name).unwrap();
    let first: u64 = of("SZZ_TEST_FIRST").parse().unwrap();
    let mut config = Demo::settings(Path::new(&folder)).unwrap();
    config.server = Some(way_to(of("SZZ_TEST_SERVER"), of("SZZ_TEST_SERVER_KEY").parse().unwrap(), &config));
    config.patience = Patience { steady: STEADY, countdown: COUNTDOWN, ..Patience::default() };
    let (stage, config) = (Stage::default(), Arc::new(config));
    let camera = Arc::new(Simulation { stage: stage.clone(), fps: config.camera.fps });
    let director = Director {
        stage,
        stays: Stays::default(),
        students: enrol(first + STUDENTS_PER_KILL),
        visits: first as usize,
        pace: Pace::HURRIED,
        shown: Cue::Nobody,
        cued_at: None,
    };
    let mut student = Student::at(config, camera, director, STEP).unwrap();
    for number in first..first + STUDENTS_PER_KILL {
        println!("comes {number}");
        student.sit().unwrap();
        student.submit().unwrap();
        match student.booth.state() {
            State::Payment { order, .. } | State::Done { order } => println!("shown {}", order.number),
            state => panic!("no order number in {state:?}"),
        }
        student.pay_and_leave().unwrap();
    }
    println!("nobody is left");
}

fn start(folder: &Path, server: &DemoServer, first: u64) -> Child {
    const NAME: &str = "child_whose_students_come_one_after_another_until_it_is_killed";
    let test = format!("{}::{NAME}", module_path!().split_once("::").unwrap().1);
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &test, "--nocapture", "--test-threads=1"])
        .env("SZZ_TEST_BOOTH", folder)
        .env("SZZ_TEST_SERVER", server.base_url())
        .env("SZZ_TEST_SERVER_KEY", server.public_key().to_string())
        .env("SZZ_TEST_FIRST", first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn visits_killed_at_any_moment_lose_no_photo_that_was_promised() {
    let folder = tempfile::tempdir().unwrap();
    let kills = kills();
    let demo = Demo::set_up_in(Some(folder.path()), kills * STUDENTS_PER_KILL).unwrap();
    demo.server.phones(Phones::After(1));
    let mut shown = HashSet::new();
    let (mut first, mut cut_short, mut acknowledged) = (0, 0, 0);
    for round in 0..kills {
        let mut child = start(folder.path(), &demo.server, first);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // One in four while it starts, one after a photo was saved, however slow the machine is; the others at any
        // moment of two visits.
        let awaited = [None, Some("shown "), Some("comes "), Some("comes ")][round as usize % 4];
        let mut said = Vec::new();
        while awaited.is_some_and(|word| said.last().is_none_or(|line: &String| !line.contains(word))) {
            said.push(lines.next().expect("the booth goes on"));
        }
        std::thread::sleep(Duration::from_millis(dice(round) % 4_000));
        child.kill().unwrap();
        child.wait().unwrap();
        said.extend(lines);
        let told = |word: &str| -> Vec<String> {
            said.iter().filter_map(|line| Some(line.split_once(word)?.1.to_owned())).collect()
        };
        let (came, now_shown) = (told("comes "), told("shown "));
        first += came.len() as u64;
        cut_short += came.len() - now_shown.len();
        shown.extend(now_shown);
        acknowledged = check(&demo, &shown, cut_short, round);
    }

    // A booth that nobody kills; what it leaves is sent afterwards.
    let mut child = start(folder.path(), &demo.server, first);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    shown.extend(lines.filter_map(|line| Some(line.split_once("shown ")?.1.to_owned())));
    assert!(child.wait().unwrap().success());
    check(&demo, &shown, cut_short, kills);
    let (office, server) = (Office::open(&demo.config).unwrap(), demo.config.server.as_ref().unwrap());
    let uploader = HttpUploader::of(server, office.key.public(), STEP, STEP).unwrap();
    let mut delivery = Delivery::default();
    while office.store.counts().unwrap().pending > 0 {
        delivery.round(&office.store, &uploader, &server.public_key, BatchLimit::default(), Timestamp::now()).unwrap();
    }
    assert_eq!(demo.server.stored().len(), office.store.records().count());
    assert!(acknowledged > 0 && cut_short > 0, "{acknowledged} acknowledged, {cut_short} visits cut short");
    println!("{kills} kills, {} photos promised, {cut_short} visits cut short, 0 lost", shown.len());
}

/// After every restart: the chain is whole, every order number that a student saw is there once, of the visits that
/// were cut short each left one record or none, and what is acknowledged is at the server as it is here.
fn check(demo: &Demo, shown: &HashSet<String>, cut_short: usize, round: u64) -> u64 {
    let office = Office::open(&demo.config).unwrap();
    let store = &office.store;
    store.verify(office.key.public(), Some(&demo.server.public_key())).unwrap();
    let (mut orders, mut codes) = (HashSet::new(), HashSet::new());
    for record in store.records().map(Result::unwrap) {
        let manifest = Manifest::from_bytes(&record.manifest).unwrap();
        assert!(orders.insert(manifest.submission_id.order_number()), "round {round}: an order twice");
        assert!(codes.insert(manifest.code_digest), "round {round}: a student twice");
        if record.receipt.is_some() {
            let (at_server, picture) = demo.server.content(manifest.submission_id).unwrap();
            assert_eq!(at_server, record.manifest, "round {round}");
            assert_eq!(Sha256Digest::of(&picture), manifest.picture.sha256, "round {round}");
        }
    }
    let lost: Vec<_> = shown.difference(&orders).collect();
    assert!(lost.is_empty(), "round {round}: {lost:?}");
    assert!(orders.len() <= shown.len() + cut_short, "round {round}: {} records", orders.len());
    store.counts().unwrap().acknowledged
}

/// Moments that differ from kill to kill and not from run to run.
fn dice(round: u64) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(round)
}
