//! A real window on a virtual screen: every screen of a visit, painted and saved.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{errors, kiosk};

/// Xvfb and a window manager, ended with the test.
struct Screen {
    number: u32,
    processes: Vec<Child>,
}

impl Screen {
    /// `None` (and a word about it) where Xvfb or openbox is missing.
    fn start(number: u32, size: &str) -> Option<Self> {
        let display = format!(":{number}");
        let quietly = |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok();
        let Some(xvfb) = quietly(Command::new("Xvfb").args([&display, "-screen", "0", &format!("{size}x24")])) else {
            println!("skipped: Xvfb is not installed");
            return None;
        };
        let mut screen = Self { number, processes: vec![xvfb] };
        let socket = format!("/tmp/.X11-unix/X{number}");
        let started = Instant::now();
        while !std::path::Path::new(&socket).exists() && started.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(50));
        }
        let Some(manager) = quietly(Command::new("openbox").env("DISPLAY", &display)) else {
            println!("skipped: openbox is not installed");
            return None;
        };
        screen.processes.push(manager);
        Some(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

const SCREENS: [&str; 12] = [
    "01-welcome",
    "02-scan",
    "03-confirm",
    "04-agreement",
    "05-agreement-ticked",
    "06-framing",
    "07-countdown",
    "08-developing",
    "09-review",
    "10-saving",
    "11-done",
    "12-out-of-service",
];

fn tour(number: u32, size: &str, language: &str) {
    let Some(screen) = Screen::start(number, size) else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = kiosk()
        .args(["demo", "--tour"])
        .arg(folder.path())
        .args(["--size", size, "--language", language])
        .env("DISPLAY", format!(":{}", screen.number))
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let mut pictures = Vec::new();
    for name in SCREENS {
        let picture = image::open(folder.path().join(name).with_extension("png")).unwrap().to_rgb8();
        assert_eq!(format!("{}x{}", picture.width(), picture.height()), size, "{name}");
        let first = picture.get_pixel(0, 0);
        let different = picture.pixels().filter(|pixel| *pixel != first).count();
        assert!(different * 50 > picture.pixels().len(), "{name} is nearly empty");
        pictures.push((name, picture));
    }
    for (index, (name, picture)) in pictures.iter().enumerate() {
        for (other_name, other) in &pictures[index + 1..] {
            assert_ne!(picture, other, "{name} and {other_name} look the same");
        }
    }
}

#[test]
fn every_screen_of_a_visit_is_painted_in_landscape() {
    tour(71, "1280x800", "zh");
}

#[test]
fn every_screen_of_a_visit_is_painted_upright_in_english() {
    tour(72, "1080x1920", "en");
}
