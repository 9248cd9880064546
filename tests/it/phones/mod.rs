//! Codes on phone screens, good and bad ones. No clock decides here: the reader may take its time.
//!
//! `cargo test --test it -- --ignored where_reading_breaks` measures the tables of
//! docs/collection-code.md again and writes them there. It takes minutes.

mod shot;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use shot::Shot;
use szz_kiosk::code::mint::render;
use szz_kiosk::code::reader::{Budget, Reader, Reading};

use crate::project;

#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    wrong: usize,
    shots: usize,
}

/// Shows every phone as one frame of a live picture, on two threads.
fn tally(shots: &[Shot]) -> Tally {
    let halves: Vec<_> = shots.chunks(shots.len().div_ceil(2).max(1)).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = halves.into_iter().map(|half| scope.spawn(|| tally_half(half))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).fold(Tally::default(), |sum, half| Tally {
            right: sum.right + half.right,
            wrong: sum.wrong + half.wrong,
            shots: sum.shots + half.shots,
        })
    })
}

fn tally_half(shots: &[Shot]) -> Tally {
    let mut tally = Tally { shots: shots.len(), ..Tally::default() };
    for shot in shots {
        // A head start, so that every look gets its turn on this frame whatever else the machine does.
        let budget = Budget::live(Instant::now() + Duration::from_secs(60));
        match Reader::new().read(&shot.take(), budget) {
            Reading::One { payload, .. } if payload == shot.payload() => tally.right += 1,
            Reading::Nothing => {}
            _ => tally.wrong += 1,
        }
    }
    tally
}

/// What a person would call readable, each fault for itself and several at once.
fn readable() -> Vec<Shot> {
    let good = Shot::default();
    let kinds = [
        good,
        Shot { px_per_module: 3.0, ..good },
        Shot { px_per_module: 5.0, turn: 20.0, ..good },
        Shot { px_per_module: 8.0, blur: 0.4, ..good },
        Shot { blur: 0.4, ..good },
        Shot { glare: 0.3, ..good },
        Shot { tilt: 25.0, ..good },
        Shot { turn: 45.0, ..good },
        Shot { turn: 190.0, ..good },
        Shot { noise: 12.0, ..good },
        Shot { contrast: 60.0, ..good },
        Shot { contrast: 30.0, noise: 2.0, ..good },
        Shot { grid: 0.6, ..good },
        Shot { px_per_module: 3.6, grid: 0.4, ..good },
        Shot { specks: 1.0, ..good },
        Shot { quiet_zone: 1.0, ..good },
        Shot { jpeg: 40, ..good },
        Shot { inverted: true, ..good },
        Shot { inverted: true, contrast: 100.0, quiet_zone: 2.0, turn: -15.0, ..good },
        Shot { px_per_module: 5.0, tilt: 15.0, turn: 12.0, glare: 0.2, noise: 8.0, specks: 0.5, jpeg: 60, ..good },
    ];
    let number = kinds.len() as u64;
    (0..3 * number).map(|seed| Shot { seed, ..kinds[(seed % number) as usize] }).collect()
}

#[test]
fn phones_that_a_person_would_call_readable_are_read() {
    let shots = readable();
    let sum = tally(&shots);
    println!("{} of {} read right, {} wrong", sum.right, sum.shots, sum.wrong);
    assert_eq!(sum.wrong, 0);
    if sum.right * 10 < sum.shots * 9 {
        let missed: Vec<_> = shots.iter().filter(|shot| tally_half(&[**shot]).right == 0).collect();
        panic!("{} of {} read; not read: {missed:#?}", sum.right, sum.shots);
    }
}

#[test]
fn the_phones_show_codes_of_versions_10_to_20() {
    for shot in readable() {
        let modules = render(&shot.payload(), 1, 0).unwrap().width();
        assert_eq!((modules - 17) / 4, shot.version());
    }
    let versions: BTreeSet<_> = readable().iter().map(Shot::version).collect();
    assert!(versions.into_iter().eq(10..=20));
}

#[test]
fn a_phone_far_out_of_focus_is_nothing_rather_than_something_else() {
    let shots: Vec<_> = (0..SHOTS).map(|seed| Shot { seed, blur: 1.0, ..Shot::default() }).collect();
    let sum = tally(&shots);
    assert_eq!((sum.right, sum.wrong), (0, 0), "the generator does not blur, or the reader invents");
}

/// One of each version.
const SHOTS: u64 = 11;

/// Of so many codes each: how many are read with this change of a good shot.
fn row(name: &str, values: &[f32], change: impl Fn(&mut Shot, f32), wrong: &mut usize) -> String {
    let mut line = format!("| {name} |");
    for &value in values {
        let shots: Vec<_> = (0..SHOTS)
            .map(|seed| {
                let mut shot = Shot { seed, ..Shot::default() };
                change(&mut shot, value);
                shot
            })
            .collect();
        let sum = tally(&shots);
        *wrong += sum.wrong;
        let _ = write!(line, " {value}: {} % |", sum.right as u64 * 100 / SHOTS);
    }
    line + "\n"
}

fn tables() -> String {
    let mut wrong = 0;
    let mut text = String::from("| px per module | blur, modules | | | | | |\n|---|---|---|---|---|---|---|\n");
    for px in [2.0, 2.5, 3.0, 4.0, 6.0, 8.0] {
        let blur = |shot: &mut Shot, blur: f32| (shot.px_per_module, shot.blur) = (px, blur);
        text += &row(&format!("{px}"), &[0.2, 0.3, 0.4, 0.5, 0.6, 0.7], blur, &mut wrong);
    }
    text += "\n| of a good shot (4 px, blur 0.25) changed | | | | | |\n|---|---|---|---|---|---|\n";
    let wrong = &mut wrong;
    text += &row("glare, of a white screen", &[0.2, 0.4, 0.6, 0.8, 1.0], |s, v| s.glare = v, wrong);
    text += &row("tilt, degrees", &[15.0, 25.0, 35.0, 45.0, 55.0], |s, v| s.tilt = v, wrong);
    text += &row("turn, degrees", &[0.0, 15.0, 30.0, 45.0, 170.0], |s, v| s.turn = v, wrong);
    text += &row("noise, grey values", &[5.0, 10.0, 20.0, 30.0, 40.0], |s, v| s.noise = v, wrong);
    text += &row("contrast, grey values", &[100.0, 50.0, 30.0, 20.0, 10.0], |s, v| s.contrast = v, wrong);
    text += &row("pixel grid and moiré, depth", &[0.2, 0.4, 0.6, 0.8, 1.0], |s, v| s.grid = v, wrong);
    text += &row("specks on 100 modules", &[0.5, 1.0, 2.0, 4.0, 8.0], |s, v| s.specks = v, wrong);
    text += &row("quiet zone, modules", &[4.0, 2.0, 1.0, 0.5, 0.0], |s, v| s.quiet_zone = v, wrong);
    text += &row("JPEG quality", &[80.0, 60.0, 40.0, 25.0, 15.0], |s, v| s.jpeg = v as u8, wrong);
    let dark_mode = |s: &mut Shot, px| (s.inverted, s.px_per_module) = (true, px);
    text += &row("dark mode, px per module", &[2.5, 3.0, 4.0, 6.0, 8.0], dark_mode, wrong);
    format!("{text}\nRead wrong: {wrong}.\n")
}

#[test]
#[ignore = "takes minutes and writes into docs/collection-code.md"]
fn where_reading_breaks() {
    const BEGIN: &str = "<!-- written by `cargo test --test it -- --ignored where_reading_breaks` -->\n";
    const END: &str = "<!-- end of the tables -->";
    let path = project().join("docs/collection-code.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).expect("the place of the tables");
    let (_, after) = rest.split_once(END).expect("the end of the tables");
    std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", tables())).unwrap();
}
