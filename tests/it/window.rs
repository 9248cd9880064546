//! A real window on a virtual screen: every screen of a visit, painted and saved.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::{errors, json_lines, kiosk, leaks, settings};

/// Xvfb and a window manager, ended with the test.
pub struct Screen {
    display: String,
    processes: Vec<Child>,
    /// Xvfb keeps what is on the screen in a file here.
    frames: tempfile::TempDir,
}

impl Screen {
    /// `None` (and a word about it) where Xvfb or openbox is missing.
    pub fn start(size: &str) -> Option<Self> {
        // Xvfb chooses a free number itself and tells it on its standard output.
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", &format!("{size}x24")]);
        let frames = tempfile::tempdir().unwrap();
        xvfb.arg("-fbdir").arg(frames.path());
        let Ok(mut xvfb) = xvfb.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            println!("skipped: Xvfb is not installed");
            return None;
        };
        let number = first_line(&mut xvfb)?;
        let mut screen = Self { display: format!(":{}", number.trim()), processes: vec![xvfb], frames };
        // A window that opens while the window manager starts may never be shown.
        let mut manager = Command::new("openbox");
        manager.args(["--startup", "echo ready"]).env("DISPLAY", &screen.display);
        let Ok(mut manager) = manager.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            println!("skipped: openbox is not installed");
            return None;
        };
        first_line(&mut manager);
        screen.processes.push(manager);
        Some(screen)
    }

    /// Where a program opens its window.
    pub fn show<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        program.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY")
    }

    /// What is on the screen now: an XWD file, whose pixels are blue, green, red and nothing.
    fn picture(&self) -> RgbImage {
        let file = fs::read(self.frames.path().join("Xvfb_screen0")).unwrap();
        let word = |at: usize| u32::from_be_bytes(file[4 * at..4 * at + 4].try_into().unwrap()) as usize;
        let (width, height, line) = (word(4), word(5), word(12));
        let pixels = &file[word(0) + 12 * word(19)..];
        RgbImage::from_fn(width as u32, height as u32, |x, y| {
            let at = y as usize * line + 4 * x as usize;
            image::Rgb([pixels[at + 2], pixels[at + 1], pixels[at]])
        })
    }

    /// Waits for a picture that is right.
    fn wait_for(&self, what: &str, is_right: impl Fn(&RgbImage) -> bool) -> RgbImage {
        let give_up_at = Instant::now() + Duration::from_secs(60);
        loop {
            let picture = self.picture();
            if is_right(&picture) {
                return picture;
            }
            assert!(Instant::now() < give_up_at, "{what} is not shown");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

fn first_line(process: &mut Child) -> Option<String> {
    let mut line = String::new();
    BufReader::new(process.stdout.take()?).read_line(&mut line).unwrap();
    Some(line)
}

impl Drop for Screen {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

const SCREENS: [&str; 88] = [
    "00-settings",
    "00a-settings-not-toml",
    "01-welcome",
    "02-scan",
    "02a-typed-code",
    "03-get-code",
    "04-confirm",
    "05-student-number",
    "06-wrong-number",
    "07-phone",
    "08-phone-typed",
    "09-sms",
    "10-agreement",
    "11-agreement-ticked",
    "12-wechat",
    "13-tips",
    "13a-pictures",
    "13b-no-picture",
    "13c-crop",
    "13d-phone",
    "14-framing",
    "15-countdown",
    "16-developing",
    "17-review",
    "18-summary",
    "19-saving",
    "20-payment",
    "21-done",
    "22-second-visit",
    "23-personal-centre",
    "24-help",
    "25-welcome-plate",
    "25a-back-again",
    "25b-rejected",
    "25c-withdraw",
    "25d-withdrawn",
    "26-out-of-service",
    "30-staff-pin",
    "31-staff-pin-wrong",
    "32-board-camera-gone",
    "33-board-advice",
    "34-board",
    "34a-update",
    "34b-update-sure",
    "34c-board-queue-advice",
    "35-queue",
    "36-queue-older",
    "37-queue-newer",
    "38-record",
    "39-record-open",
    "39a-record-history",
    "39b-record-checks",
    "39c-record-stick",
    "39d-record-exported",
    "39e-record-again",
    "40-search",
    "41-found",
    "42-payments",
    "42a-payment",
    "42b-payment-sure",
    "43-stick",
    "44-stick-exported",
    "44a-stick-no-receipts",
    "44b-stick-receipts",
    "44c-roster",
    "44d-roster-column-missing",
    "44e-roster-columns",
    "44e1-roster-same-for-all",
    "44f-roster-read",
    "44g-roster-problems",
    "44h-roster-sure",
    "44i-roster-imported",
    "45-plate",
    "46-plate-taken",
    "47-plate-kept",
    "47a-camera",
    "47b-day",
    "47c-log",
    "47d-log-warnings",
    "47e-purge",
    "47e1-purge-sure",
    "47e2-purged",
    "47f-pins",
    "48-new-pin",
    "48a-pause",
    "49-pause",
    "50-audit",
    "51-paused",
];

/// The same student comes back, a list is turned back to its first page, a record is shown once more.
const SAME: [&[&str]; 3] = [
    &["04-confirm", "22-second-visit", "25a-back-again"],
    &["35-queue", "37-queue-newer"],
    &["38-record", "39-record-open", "39e-record-again"],
];

fn tour(size: &str, language: &str) {
    let Some(screen) = Screen::start(size) else { return };
    let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let output = kiosk()
        .args(["demo", "--tour"])
        .arg(folder.path())
        .args(["--size", size, "--language", language, "--keep"])
        .arg(kept.path())
        .env("SZZ_LOG", "trace")
        .env("DISPLAY", &screen.display)
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    leaks::scan(kept.path());
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
            // Not `assert_ne`, which would print millions of pixels.
            let is_same_page = SAME.iter().any(|same| same.contains(name) && same.contains(other_name));
            assert!(is_same_page || picture != other, "{name} and {other_name} look the same");
        }
    }
}

#[test]
fn every_screen_is_painted_in_landscape() {
    tour("1280x800", "zh");
}

#[test]
fn every_screen_is_painted_upright_in_english() {
    tour("1080x1920", "en");
}

/// Whatever the speed of the machine: everything is measured, and no frame is copied into new memory.
#[test]
fn the_preview_is_measured_and_allocates_no_frames() {
    let Some(screen) = Screen::start("800x600") else { return };
    let output = kiosk()
        .args(["demo", "--measure-preview", "2", "--size", "800x600", "--json"])
        .env("DISPLAY", &screen.display)
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let figures = &json_lines(&output)[0];
    let figure = |key: &str| figures[key].as_f64().unwrap_or_default();
    for key in ["shown_per_second", "looks_per_second", "cores", "develop_ms", "develop_ms_without_window"] {
        assert!(figure(key) > 0.0, "{key} in {figures}");
    }
    let frame_kb = f64::from(1280 * 720 * 3) / 1024.0;
    let allocated = figure("allocated_kb_per_frame");
    assert!(allocated > 0.0 && allocated < frame_kb * 0.75, "{figures}");
}

/// A window manager's empty screen has one colour.
fn is_painted(picture: &RgbImage) -> bool {
    let first = picture.get_pixel(0, 0);
    picture.pixels().filter(|pixel| *pixel != first).count() * 50 > picture.pixels().len()
}

pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_booth_whose_settings_are_wrong_says_so_and_goes_on_when_they_are_right() {
    for (size, language) in [("1920x1080", "zh-CN"), ("1080x1920", "en"), ("1920x1080", "en")] {
        let Some(screen) = Screen::start(size) else { return };
        let folder = tempfile::tempdir().unwrap();
        let file = settings(
            folder.path(),
            &[
                ("idle_s = 60", "idel_s = 60"),
                ("language = \"zh-CN\"", &format!("language = {language:?}")),
                ("id = \"campus-a-01\"", "id = \"campus a\""),
                ("fps = 30", "fps = \"30\""),
            ],
        );
        let mut booth = kiosk();
        booth.arg("run").arg("--config").arg(&file);
        let mut booth = Running(screen.show(&mut booth).spawn().unwrap());
        let page = screen.wait_for("the page", is_painted);
        if let Some(keep) = std::env::var_os("SZZ_TEST_SCREENS") {
            std::thread::sleep(Duration::from_secs(1));
            screen.picture().save(Path::new(&keep).join(format!("settings-{size}-{language}.png"))).unwrap();
        }
        settings(folder.path(), &[]);
        // There is no camera here, so the booth is out of service, in its own words.
        screen.wait_for("the booth", |now| {
            is_painted(now) && now.pixels().zip(page.pixels()).filter(|(a, b)| a != b).count() * 20 > now.pixels().len()
        });
        assert!(booth.0.try_wait().unwrap().is_none(), "the booth runs");
        let database = folder.path().join("data/kiosk.db");
        let give_up_at = Instant::now() + Duration::from_secs(60);
        while !database.is_file() {
            assert!(Instant::now() < give_up_at, "the booth opens its database");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}
