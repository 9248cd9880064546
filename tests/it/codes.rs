//! Codes from minting to reading: what the booth makes it reads, in every state a phone shows it.
//! The public pictures are looked for beside the project and are never part of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::imageops::{overlay, rotate90, rotate180, rotate270};
use image::{DynamicImage, GrayImage, Luma};
use szz_kiosk::code::Payload;
use szz_kiosk::code::mint::{QUIET_ZONE, mint, render};
use szz_kiosk::code::reader::{Budget, Reader, Reading};
use szz_kiosk::photo::decode::open_picture;

use crate::{errors, json_lines, kiosk, project, test_data};

/// Budgets are for a booth; a loaded test machine gets a head start.
fn unhurried() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn read(picture: &GrayImage) -> Reading {
    Reader::new().read(picture, Budget::file(unhurried()))
}

fn text(reading: &Reading) -> Option<&str> {
    match reading {
        Reading::One { payload, .. } => Some(payload.expose()),
        _ => None,
    }
}

fn minted(seed: u64, px: u32) -> (Payload, GrayImage) {
    let payload = mint(seed).payload;
    let picture = render(&payload, px, QUIET_ZONE).unwrap();
    (payload, picture)
}

fn in_frame(picture: &GrayImage, grey: u8) -> GrayImage {
    let mut frame = GrayImage::from_pixel(1280, 720, Luma([grey]));
    overlay(&mut frame, picture, 300, 40);
    frame
}

fn assert_reads(picture: &GrayImage, payload: &Payload, what: &str) {
    assert!(text(&read(picture)) == Some(payload.expose()), "{what}");
}

#[test]
fn every_minted_code_is_read_at_every_size() {
    let mut reader = Reader::new();
    for seed in 0..40 {
        for px in [2, 3, 5, 8] {
            let (payload, picture) = minted(seed, px);
            let reading = reader.read(&picture, Budget::file(unhurried()));
            assert!(text(&reading) == Some(payload.expose()), "seed {seed}, {px} px per module");
        }
    }
}

#[test]
fn a_code_is_read_whichever_way_the_phone_is_held() {
    let (payload, picture) = minted(1, 4);
    for turned in [rotate90(&picture), rotate180(&picture), rotate270(&picture)] {
        assert_reads(&turned, &payload, "turned");
    }
}

#[test]
fn a_phone_in_dark_mode_is_read() {
    for seed in 0..5 {
        let (payload, mut picture) = minted(seed, 4);
        image::imageops::invert(&mut picture);
        assert_reads(&in_frame(&picture, 20), &payload, "inverted");
    }
}

#[test]
fn a_dim_phone_screen_is_read() {
    for (seed, (black, white)) in [(30, 60), (60, 72), (100, 109), (2, 12)].into_iter().enumerate() {
        let (payload, mut picture) = minted(seed as u64, 4);
        picture.pixels_mut().for_each(|pixel| pixel.0 = [if pixel.0 == [0] { black } else { white }]);
        assert_reads(&in_frame(&picture, black), &payload, &format!("black {black}, white {white}"));
    }
}

#[test]
fn a_reflection_over_half_the_screen_does_not_hide_the_code() {
    let (payload, mut picture) = minted(3, 5);
    let width = picture.width();
    picture.enumerate_pixels_mut().for_each(|(x, _, pixel)| {
        let light = 180 * x / width;
        pixel.0 = [(u32::from(pixel.0[0]) * 75 / 255 + light) as u8];
    });
    assert_reads(&picture, &payload, "reflection");
}

#[test]
fn two_codes_in_view_are_not_guessed_between() {
    let ((_, left), (_, right)) = (minted(1, 3), minted(2, 3));
    let mut frame = GrayImage::from_pixel(900, 400, Luma([255]));
    overlay(&mut frame, &left, 10, 30);
    overlay(&mut frame, &right, 460, 50);
    assert_eq!(read(&frame), Reading::Several);
    assert_eq!(Reader::new().read(&frame, Budget::live(unhurried())), Reading::Several);
}

#[test]
fn the_same_code_twice_in_view_is_one() {
    let (payload, picture) = minted(1, 3);
    let mut frame = GrayImage::from_pixel(900, 400, Luma([255]));
    overlay(&mut frame, &picture, 10, 30);
    overlay(&mut frame, &picture, 460, 50);
    assert_reads(&frame, &payload, "the same code twice");
}

#[test]
fn a_live_code_is_read_on_every_frame_once_it_was_found() {
    let (payload, mut picture) = minted(6, 4);
    image::imageops::invert(&mut picture);
    let frame = in_frame(&picture, 30);
    let mut reader = Reader::new();
    let reads = (0..12).filter(|_| text(&reader.read(&frame, Budget::live(Instant::now()))) == Some(payload.expose()));
    assert!(reads.count() >= 6);
}

#[test]
fn a_dim_phone_is_found_within_a_few_frames() {
    let (payload, mut picture) = minted(7, 5);
    picture.pixels_mut().for_each(|pixel| pixel.0 = [if pixel.0 == [0] { 40 } else { 52 }]);
    let frame = in_frame(&picture, 200);
    let mut reader = Reader::new();
    let reads = (0..20).filter(|_| text(&reader.read(&frame, Budget::live(unhurried()))) == Some(payload.expose()));
    assert!(reads.count() >= 10);
}

/// A place that only looks like a code does not hide one that is somewhere else.
#[test]
fn a_code_beside_corner_marks_without_one_is_found_within_three_frames() {
    let (payload, code) = minted(6, 3);
    let (_, mut marks) = minted(7, 3);
    let width = marks.width();
    let between = marks.enumerate_pixels_mut().filter(|(x, ..)| (width / 4..width * 3 / 4).contains(x));
    between.for_each(|(_, _, pixel)| pixel.0 = [255]);
    let without = in_frame(&marks, 90);
    let mut with = without.clone();
    overlay(&mut with, &code, i64::from(without.width() - code.width()) - 8, 8);
    for before in 1..6 {
        let mut reader = Reader::new();
        for _ in 0..before {
            assert_eq!(reader.read(&without, Budget::live(unhurried())), Reading::Nothing);
        }
        let mut reads = (0..3).map(|_| reader.read(&with, Budget::live(unhurried())));
        assert!(reads.any(|reading| text(&reading) == Some(payload.expose())), "after {before} frames");
    }
}

/// The camera's mode can change between two frames.
#[test]
fn a_frame_smaller_than_the_one_before_is_read() {
    let (payload, picture) = minted(7, 5);
    let mut large = GrayImage::from_pixel(1280, 720, Luma([200]));
    overlay(&mut large, &picture, 700, 300);
    let small = GrayImage::from_pixel(320, 240, Luma([200]));
    let mut reader = Reader::new();
    let mut read = |frame| reader.read(frame, Budget::live(unhurried()));
    assert_eq!(text(&read(&large)), Some(payload.expose()));
    assert_eq!(read(&small), Reading::Nothing);
    assert_eq!(text(&read(&large)), Some(payload.expose()));
}

#[test]
fn no_picture_makes_the_reader_stumble() {
    let mut reader = Reader::new();
    let budget = || Budget::file(Instant::now());
    for (width, height) in [(0, 0), (1, 1), (3, 2000), (39, 41), (640, 1)] {
        let noise = GrayImage::from_fn(width, height, |x, y| Luma([((x * 7919) ^ (y * 104_729)) as u8]));
        assert_eq!(reader.read(&noise, budget()), Reading::Nothing);
    }
    let finder = |x: u32, y: u32| {
        let (x, y) = (x / 2 % 9, y / 2 % 9);
        let ring = x.abs_diff(4).max(y.abs_diff(4));
        Luma([if ring == 2 || ring == 4 { 255 } else { 0 }])
    };
    let wall = GrayImage::from_fn(1280, 720, finder);
    assert_eq!(reader.read(&wall, Budget::live(Instant::now())), Reading::Nothing);
}

#[test]
fn a_payload_of_control_characters_comes_out_as_it_went_in() {
    let payload = Payload::new("a\u{0}\u{1b}[2Jb\u{7f}\r\n".to_owned());
    let picture = render(&payload, 6, QUIET_ZONE).unwrap();
    assert_reads(&picture, &payload, "control characters");
}

#[test]
fn a_payload_is_not_shown_by_debug() {
    let (_, picture) = minted(1, 4);
    assert!(!format!("{:?}", read(&picture)).contains("SZZ-DEMO"));
}

#[test]
fn what_mint_code_writes_scan_reads() {
    let folder = tempfile::tempdir().unwrap();
    let minted = kiosk().args(["mint-code", "--seed", "11", "--out"]).arg(folder.path()).output().unwrap();
    assert!(minted.status.success(), "{}", errors(&minted));
    assert!(String::from_utf8_lossy(&minted.stdout).contains("SYNTHETIC"));
    let scanned = kiosk().args(["scan", "--json"]).arg(folder.path().join("collection-code.png")).output().unwrap();
    assert!(scanned.status.success());
    let report = &json_lines(&scanned)[0];
    let payload = std::fs::read_to_string(folder.path().join("payload.txt")).unwrap();
    assert_eq!(report["text"], payload);
    assert_eq!(report["decoder"], "rxing");
    assert!(report["ms"].is_number() && report.get("error").is_none());
    assert!(!errors(&scanned).contains("SZZ-DEMO"), "a payload is not logged");
}

/// A booth's settings with keys in its `secrets`, for codes of one kind.
fn booth_for(kind: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let secrets = folder.path().join("secrets");
    let keys = kiosk().args(["mint-code", "--make-keys"]).arg(&secrets).output().unwrap();
    assert!(keys.status.success(), "{}", errors(&keys));
    let section = format!("kind = {kind:?}\nschool_code = \"99999\"");
    let settings = std::fs::read_to_string(project().join("kiosk-config/kiosk.toml"))
        .unwrap()
        .replace("kind = \"opaque\"", &section)
        .replace("folder = \"agreements\"", &format!("folder = {:?}", project().join("kiosk-config/agreements")));
    let path = folder.path().join("kiosk.toml");
    std::fs::write(&path, settings).unwrap();
    (folder, path)
}

/// Mints a code with these arguments and lets a booth scan its picture.
#[test]
fn what_is_minted_is_told_in_json_without_the_code_itself() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let made = kiosk().args(["mint-code", "--json", "--make-keys"]).arg(&keys).output().unwrap();
    let said = &json_lines(&made)[0];
    assert_eq!(said["for_booths"].as_array().unwrap().len(), 2);
    let minted = kiosk().args(["mint-code", "--json", "--out"]).arg(folder.path()).output().unwrap();
    let said = &json_lines(&minted)[0];
    for part in ["picture", "payload", "roster_entry"] {
        assert!(Path::new(said[part].as_str().unwrap()).is_file(), "{part}");
    }
    let payload = std::fs::read_to_string(said["payload"].as_str().unwrap()).unwrap();
    assert!(!String::from_utf8_lossy(&minted.stdout).contains(payload.trim()));
    let both = kiosk().args(["mint-code", "--seed", "2", "--make-keys"]).arg(&keys).output().unwrap();
    assert!(errors(&both).contains("cannot be used with"), "{}", errors(&both));
}

fn mint_and_scan(folder: &Path, settings: &Path, arguments: &[&str]) -> serde_json::Value {
    let secrets = settings.with_file_name("secrets");
    let minted =
        kiosk().args(["mint-code", "--out"]).arg(folder).arg("--keys").arg(secrets).args(arguments).output().unwrap();
    assert!(minted.status.success(), "{}", errors(&minted));
    let picture = folder.join("collection-code.png");
    let scanned = kiosk().args(["scan", "--json", "--config"]).arg(settings).arg(picture).output().unwrap();
    assert!(scanned.status.success(), "{}", errors(&scanned));
    let report = json_lines(&scanned).remove(0);
    let payload = std::fs::read_to_string(folder.join("payload.txt")).unwrap();
    assert_eq!(report["text"], payload, "the text changed between minting and reading");
    let entry: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("roster-entry.json")).unwrap()).unwrap();
    assert!(entry["code_digest"].as_str().unwrap().starts_with(report["digest"].as_str().unwrap()));
    assert!(!errors(&scanned).contains(&payload), "a payload is not logged");
    report
}

#[test]
fn every_kind_of_code_goes_from_mint_code_over_its_picture_to_the_booth() {
    for (kind, verdict) in [
        ("opaque", "accepted if the roster has it"),
        ("online", "accepted if the roster or the server has it"),
        ("plain", "accepted if the roster has it"),
        ("sealed", "accepted"),
    ] {
        let (folder, settings) = booth_for(kind);
        for seed in ["1", "2", "3", "4", "5", "6"] {
            let report = mint_and_scan(folder.path(), &settings, &["--kind", kind, "--seed", seed]);
            assert_eq!(report["verdict"], verdict, "{kind}, seed {seed}");
        }
    }
}

#[test]
fn a_booth_refuses_codes_of_another_school_time_kind_or_issuer() {
    for kind in ["plain", "sealed"] {
        let (folder, settings) = booth_for(kind);
        let verdict = |arguments: &[&str]| mint_and_scan(folder.path(), &settings, arguments)["verdict"].clone();
        let past = ["--kind", kind, "--from", "2020-06-01T00:00:00+08:00", "--days", "1"];
        assert_eq!(verdict(&past), "rejected: expired");
        let future = ["--kind", kind, "--from", "2999-06-01T00:00:00+08:00"];
        assert_eq!(verdict(&future), "rejected: not valid yet");
        assert_eq!(verdict(&["--kind", kind, "--school-code", "10001"]), "rejected: for another school");
        let other = if kind == "plain" { "sealed" } else { "plain" };
        let reason = "rejected: a code of another kind than this booth is set up for";
        assert_eq!(verdict(&["--kind", other]), reason);
    }
    let ((_one, settings), (other, other_settings)) = (booth_for("sealed"), booth_for("sealed"));
    mint_and_scan(other.path(), &other_settings, &["--kind", "sealed"]);
    let picture = other.path().join("collection-code.png");
    let scanned = kiosk().args(["scan", "--json", "--config"]).arg(settings).arg(picture).output().unwrap();
    assert_eq!(json_lines(&scanned)[0]["verdict"], "rejected: made with keys that this booth does not have");
}

#[test]
fn a_payment_code_is_named() {
    let (folder, settings) = booth_for("opaque");
    let picture = folder.path().join("payment.png");
    let payload = Payload::new("wxp://f2f0Zm9yIHRlc3RzIG9ubHk".to_owned());
    render(&payload, 6, QUIET_ZONE).unwrap().save(&picture).unwrap();
    let scanned = kiosk().args(["scan", "--json", "--config"]).arg(settings).arg(picture).output().unwrap();
    assert_eq!(
        json_lines(&scanned)[0]["verdict"],
        "rejected unless the roster has it: a WeChat code, not a collection code"
    );
}

#[test]
fn scan_goes_on_after_a_file_that_is_no_picture() {
    let folder = tempfile::tempdir().unwrap();
    let (text, blank) = (folder.path().join("text.png"), folder.path().join("blank.png"));
    std::fs::write(&text, "not a picture").unwrap();
    GrayImage::from_pixel(200, 200, Luma([255])).save(&blank).unwrap();
    let scanned = kiosk().args(["scan", "--json"]).args([&text, &blank]).output().unwrap();
    assert_eq!(scanned.status.code(), Some(1));
    let reports = json_lines(&scanned);
    assert!(reports[0]["error"].as_str().unwrap().contains("JPEG or PNG"));
    assert!(reports[0]["text"].is_null());
    assert!(reports[1]["text"].is_null() && reports[1].get("error").is_none());
    let blank_only = kiosk().arg("scan").arg(&blank).output().unwrap();
    assert_eq!(blank_only.status.code(), Some(1), "nothing to read is not \"done\"");
}

fn luma(path: &Path) -> GrayImage {
    DynamicImage::ImageRgb8(open_picture(path).unwrap()).into_luma8()
}

/// File and expected text of every picture of a set.
fn set(folder: &Path, name: &str) -> Vec<(String, String)> {
    let manifest = std::fs::read_to_string(folder.join("manifest.csv")).unwrap();
    let mut rows = csv_rows(&manifest).into_iter();
    let header = rows.next().unwrap();
    let column = |wanted: &str| header.iter().position(|name| name == wanted).unwrap();
    let (file, qr_set, expected) = (column("file"), column("qr_set"), column("qr_expected"));
    rows.filter(|row| row[qr_set] == name).map(|row| (row[file].clone(), row[expected].clone())).collect()
}

fn csv_rows(csv: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut letters) = (false, csv.chars().peekable());
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => row.last_mut().unwrap().extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            letter => row.last_mut().unwrap().push(letter),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    total: usize,
}

fn score(folder: &Path, name: &str, turns: usize, reader: &mut Reader) -> Score {
    let mut score = Score::default();
    let started = Instant::now();
    for (file, expected) in set(folder, name) {
        let upright = luma(&folder.join(&file));
        for turn in 0..turns {
            let picture = match turn {
                0 => upright.clone(),
                1 => rotate90(&upright),
                2 => rotate180(&upright),
                _ => rotate270(&upright),
            };
            score.total += 1;
            let reading = reader.read(&picture, Budget::file(unhurried()));
            match text(&reading) {
                Some(text) if text == expected => score.right += 1,
                Some(_) => {
                    println!("{file} turned {turn}: another text than expected");
                    score.wrong += 1;
                }
                None if reading == Reading::Several => println!("{file} turned {turn}: several"),
                None => println!("{file} turned {turn}: not read"),
            }
        }
    }
    let mean_ms = started.elapsed().as_secs_f64() * 1000.0 / score.total.max(1) as f64;
    println!("{name}: {} of {} right, {} wrong, {mean_ms:.1} ms each", score.right, score.total, score.wrong);
    score
}

#[test]
fn public_pictures_of_codes_are_read() {
    let Some(folder) = test_data() else { return };
    let mut reader = Reader::new();
    let mut sum = Score::default();
    for number in 1..=6 {
        let score = score(&folder, &format!("zxing-qrcode-{number}"), 4, &mut reader);
        sum.right += score.right;
        sum.wrong += score.wrong;
        sum.total += score.total;
    }
    println!("public set: {} of {} right", sum.right, sum.total);
    assert!(sum.total > 0);
    assert!(sum.right * 100 >= sum.total * 95, "{} of {}", sum.right, sum.total);
    assert_eq!(sum.wrong, 0);
}

#[test]
fn simulated_phone_screens_are_read() {
    let Some(folder) = test_data() else { return };
    let score = score(&folder, "simulated-phone", 1, &mut Reader::new());
    assert!(score.right >= 14, "{} of {}", score.right, score.total);
    assert_eq!(score.wrong, 0);
}
