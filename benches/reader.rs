//! What the code reader costs a live frame of 1280 × 720: `cargo bench --profile dev --bench reader -- [ROUNDS]`.
//! Once without a code (every look in its turn), once with one, once with one that is too blurred to be
//! read, and once with what costs most: the corner marks of hundreds of codes, and no code.

use std::path::Path;
use std::time::Instant;

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};
use szz_kiosk::code::mint::{QUIET_ZONE, mint, render};
use szz_kiosk::code::reader::{Budget, Reader, Reading};
use szz_kiosk::gauge::{ms, percentile};

const USUAL_ROUNDS: usize = 200;
const FRAME: (u32, u32) = (1280, 720);

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(USUAL_ROUNDS);
    let code = code();
    measure("no code", &scene(None), rounds, false);
    measure("a code", &scene(Some(&code)), rounds, true);
    measure("a code too blurred", &scene(Some(&imageops::blur(&code, 5.0))), rounds, false);
    measure("a wall of corner marks", &wall(), rounds, false);
}

/// A person in front of a textured wall.
fn scene(phone: Option<&GrayImage>) -> GrayImage {
    let portrait = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/astronaut.jpg");
    let portrait = image::open(portrait).expect("the portrait of the tests").into_luma8();
    let mut frame =
        GrayImage::from_fn(FRAME.0, FRAME.1, |x, y| Luma([(150 + (x * 7 + y * 13) % 31 + (x / 40 % 2) * 20) as u8]));
    imageops::overlay(&mut frame, &imageops::resize(&portrait, FRAME.1, FRAME.1, FilterType::Triangle), 280, 0);
    if let Some(phone) = phone {
        imageops::overlay(&mut frame, phone, 700, 300);
    }
    frame
}

/// Corner marks side by side, three pixels a module.
fn wall() -> GrayImage {
    GrayImage::from_fn(FRAME.0, FRAME.1, |x, y| {
        let from_middle = |at: u32| (at / 3 % 9).abs_diff(4);
        let ring = from_middle(x).max(from_middle(y));
        Luma([if matches!(ring, 2 | 4) { 255 } else { 0 }])
    })
}

/// Four pixels a module, on a phone's white.
fn code() -> GrayImage {
    render(&mint(1).payload, 4, QUIET_ZONE).expect("a code")
}

fn measure(what: &str, frame: &GrayImage, rounds: usize, is_read: bool) {
    let mut reader = Reader::new();
    let times: Vec<f64> = (0..rounds)
        .map(|_| {
            let started = Instant::now();
            let reading = reader.read(frame, Budget::live(started));
            assert_eq!(matches!(reading, Reading::One { .. }), is_read, "{what}");
            ms(started.elapsed())
        })
        .collect();
    let mean = times.iter().sum::<f64>() / rounds as f64;
    println!("{what}: {mean:.1} ms (p95 {:.1}, worst {:.1})", percentile(&times, 95), percentile(&times, 100));
}
