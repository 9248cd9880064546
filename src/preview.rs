//! What the live preview costs on this machine: a visit of nobody goes as far as the framing screen and stays
//! there, in the real window or without one, with the bytes of a real webcam's MJPEG or with the booth's camera.
//! Nothing of the booth is touched: its records, keys and roster are in a folder that is deleted.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use eframe::egui::{self, ViewportCommand};
use image::RgbImage;
use serde::Serialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, Stats};
use tempfile::TempDir;

use crate::app::Companion;
use crate::booth::Booth;
use crate::camera::chosen::Chosen;
use crate::camera::replay::{Projector, Reel, Replay, record};
use crate::camera::simulated::Scene;
use crate::camera::{Camera, CameraError, OpenCamera, Source};
use crate::code::mint::mint;
use crate::code::payload::Adapter;
use crate::config::{BackupConfig, Config, Sound};
use crate::gauge::{ms, percentile};
use crate::office::Office;
use crate::process::Stopwatch;
use crate::visit::{Event, Language, Patience, State, Steps};
use crate::workers;

/// What was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    pub source: Pictures,
    /// Or without painting anything.
    pub in_window: bool,
    pub seconds: f64,
    /// New frames painted per second; without a window, taken up.
    pub shown_per_second: f64,
    /// How old frames were when the next took their place: the oldest that anybody saw.
    pub frame_age_ms: Ages,
    /// Looks at the face per second.
    pub looks_per_second: f64,
    /// From opening the booth to its first screen being painted, and from touches to the screens that answer them;
    /// only in a window.
    pub start_ms: Option<f64>,
    pub touch_ms: Option<Ages>,
    /// Processor seconds per second: of the whole program, and of the workers, who do not paint.
    pub cores: f64,
    pub cores_outside_painting: f64,
    /// The program's own allocations per frame shown; a frame has 2.8 MB, its texture 3.7.
    pub allocations_per_frame: f64,
    pub allocated_kb_per_frame: f64,
}

/// Where the frames came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pictures {
    /// The booth's own camera.
    Camera,
    /// A recording, in a webcam's MJPEG.
    Replayed,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ages {
    pub p50: f64,
    pub p95: f64,
}

impl Ages {
    fn of(values: &[f64]) -> Self {
        Self { p50: percentile(values, 50), p95: percentile(values, 95) }
    }
}

/// What the preview should do on two cores without a GPU.
pub const LEAST_SHOWN: f64 = 25.0;
pub const OLDEST_MS: f64 = 100.0;
pub const LEAST_LOOKS: f64 = 8.0;
pub const SLOWEST_START_MS: f64 = 2000.0;
pub const SLOWEST_TOUCH_MS: f64 = 100.0;
/// In all, and outside painting.
pub const MOST_CORES: f64 = 1.7;
pub const MOST_CORES_OUTSIDE: f64 = 0.6;
/// A frame of 1280 × 720 has 2700 kB; steady pictures need no new memory for any.
pub const MOST_KB: f64 = 2000.0;

/// Until caches are warm, the camera has settled and the window has its size.
const WARM_UP: Duration = Duration::from_secs(3);
/// From the welcome screen to the framing screen, models loaded.
const ON_THE_WAY: Duration = Duration::from_secs(60);
/// A look at what has happened, without a window: twice as often as a screen is painted.
const LOOK: Duration = Duration::from_millis(8);

/// A booth of its own, its camera and the script.
pub struct Measurement {
    pub config: Arc<Config>,
    camera: OpenCamera,
    script: Script,
    done: Receiver<(Figures, Vec<f64>)>,
    time: Duration,
    _folder: TempDir,
}

impl Measurement {
    /// For so long, with the settings' profile, models, screen and texts; with this camera, or else with a
    /// recording. At the end photos are taken, if any are wanted, to time how long they take.
    pub fn prepare(settings: &Config, camera: Option<OpenCamera>, time: Duration, shots: usize) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("szz-kiosk-preview-").tempdir()?;
        let config = Arc::new(of_nobody(settings, folder.path(), time, shots));
        let minted = mint(0);
        Office::open(&config)?.store.replace_roster(&[(minted.payload.digest(), minted.enrolment.clone())])?;
        let (size, fps) = ((config.camera.width_px, config.camera.height_px), config.camera.fps);
        let code = Arc::new(minted.draw(MODULE_PX));
        let since = Instant::now();
        // A sitter who never comes nearer, and one who is in place.
        let (late, early) = (Duration::from_secs(3600), Duration::ZERO);
        let reels = Reels {
            phone: record(Scene::Phone { code, since, moves_for: early }, size, fps)?,
            out_of_place: record(Scene::Sitter { since, moves_for: late }, size, fps)?,
            in_place: record(Scene::Sitter { since, moves_for: early }, size, fps)?,
        };
        let projector = Projector::new(reels.out_of_place.clone());
        let is_live = Arc::new(AtomicBool::new(false));
        let source = if camera.is_some() { Pictures::Camera } else { Pictures::Replayed };
        let camera: OpenCamera =
            Arc::new(Filming { projector: projector.clone(), fps, camera, is_live: is_live.clone() });
        let (say, done) = sync_channel(1);
        let script = Script {
            source,
            in_window: true,
            time,
            shots,
            reels,
            projector,
            is_live,
            opened_at: Instant::now(),
            is_painted: false,
            start_ms: None,
            framing_since: None,
            started: None,
            touches: None,
            figures: None,
            shot_at: None,
            develop_ms: Vec::new(),
            say,
        };
        Ok(Self { config, camera, script, done, time, _folder: folder })
    }

    /// In a window that `open` opens. Also how many milliseconds each photo took.
    pub fn run_in(
        mut self,
        open: impl FnOnce(Arc<Config>, OpenCamera, Vec<Box<dyn Companion>>) -> Result<()>,
    ) -> Result<(Figures, Vec<f64>)> {
        self.script.opened_at = Instant::now();
        open(self.config.clone(), self.camera.clone(), vec![Box::new(self.script)])?;
        self.done.try_recv().context("the window was closed before everything was measured")
    }

    /// The same without painting anything.
    pub fn run_without_window(mut self) -> Result<Figures> {
        self.script.in_window = false;
        let begun = Instant::now();
        let mut booth = Booth::open(self.config.clone(), self.camera.clone(), true, Arc::new(|| ()), begun)?;
        let mut shown = None;
        while !self.script.step(&mut booth, Instant::now()) {
            if begun.elapsed() > ON_THE_WAY + WARM_UP + self.time {
                bail!("the framing screen was not reached, or not kept: {}", name(booth.state()));
            }
            booth.wait(Instant::now(), LOOK);
            let newest = booth.frames().newest().map(|frame| frame.taken_at);
            if newest != shown
                && let Some(taken_at) = newest
            {
                shown = newest;
                booth.gauge().show(taken_at, Instant::now());
            }
        }
        Ok(self.done.try_recv()?.0)
    }
}

/// Nothing of a student is in a state's name.
fn name(state: &State) -> String {
    let text = format!("{state:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

/// A booth without a past, a server, sounds or sticks, which takes its time.
fn of_nobody(settings: &Config, folder: &Path, time: Duration, shots: usize) -> Config {
    let patience = Patience {
        idle: ON_THE_WAY + WARM_UP + time,
        // Whoever sits there is not photographed unless photos are wanted.
        steady: if shots > 0 { Duration::from_millis(100) } else { Duration::from_secs(24 * 3600) },
        countdown: Duration::from_millis(300),
        ..Patience::default()
    };
    Config {
        data: folder.join("data"),
        secrets: folder.join("secrets"),
        code: Adapter::Opaque,
        server: None,
        backup: BackupConfig { folder: None, ..settings.backup.clone() },
        patience,
        // Nobody types here: the way to the camera has the steps that every visit has.
        steps: Steps::default(),
        plate: None,
        sound: Sound { volume: 0, ..settings.sound.clone() },
        usb_folders: Vec::new(),
        phone_page: None,
        health: None,
        ..settings.clone()
    }
}

/// A code as large in the picture as a phone held at 15 cm shows it.
const MODULE_PX: u32 = 6;

struct Reels {
    phone: Reel,
    out_of_place: Reel,
    in_place: Reel,
}

/// The recording, until the camera's own pictures are wanted.
struct Filming {
    projector: Projector,
    fps: u32,
    camera: Option<OpenCamera>,
    is_live: Arc<AtomicBool>,
}

impl Source for Filming {
    fn open(&self, chosen: &Chosen) -> Result<Box<dyn Camera>, CameraError> {
        let replay = Replay::open(self.projector.clone(), self.fps);
        let Some(camera) = &self.camera else { return Ok(Box::new(replay)) };
        Ok(Box::new(Either { replay, camera: camera.open(chosen)?, is_live: self.is_live.clone() }))
    }
}

struct Either {
    replay: Replay,
    camera: Box<dyn Camera>,
    is_live: Arc<AtomicBool>,
}

impl Camera for Either {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        let camera: &mut dyn Camera =
            if self.is_live.load(Ordering::Relaxed) { self.camera.as_mut() } else { &mut self.replay };
        camera.next_picture(into)
    }
}

/// Goes to the framing screen, stays there while it measures, then takes photos if any are wanted.
struct Script {
    source: Pictures,
    in_window: bool,
    time: Duration,
    shots: usize,
    reels: Reels,
    projector: Projector,
    is_live: Arc<AtomicBool>,
    opened_at: Instant,
    is_painted: bool,
    start_ms: Option<f64>,
    framing_since: Option<Instant>,
    started: Option<Start>,
    touches: Option<Touches>,
    figures: Option<Figures>,
    shot_at: Option<Instant>,
    develop_ms: Vec<f64>,
    say: SyncSender<(Figures, Vec<f64>)>,
}

/// The counters when measuring began.
struct Start {
    at: Instant,
    looks: u64,
    processor: Stopwatch,
    allocated: Stats,
}

impl Start {
    fn now(booth: &mut Booth) -> Self {
        booth.gauge().reset();
        Self {
            at: Instant::now(),
            looks: booth.looks(),
            processor: Stopwatch::start(&workers::THREADS),
            allocated: INSTRUMENTED_SYSTEM.stats(),
        }
    }

    fn figures(&self, booth: &mut Booth, source: Pictures, in_window: bool) -> Figures {
        let seconds = self.at.elapsed().as_secs_f64();
        let (all, workers) = self.processor.seconds();
        let allocated = INSTRUMENTED_SYSTEM.stats() - self.allocated;
        let looks = booth.looks() - self.looks;
        let gauge = booth.gauge();
        let age = |percent| gauge.age(percent).map(ms).unwrap_or_default();
        let shown = gauge.shown().max(1) as f64;
        Figures {
            source,
            in_window,
            seconds,
            shown_per_second: gauge.shown() as f64 / seconds,
            frame_age_ms: Ages { p50: age(50), p95: age(95) },
            looks_per_second: looks as f64 / seconds,
            start_ms: None,
            touch_ms: None,
            cores: all / seconds,
            cores_outside_painting: workers / seconds,
            allocations_per_frame: allocated.allocations as f64 / shown,
            allocated_kb_per_frame: allocated.bytes_allocated as f64 / 1024.0 / shown,
        }
    }
}

/// Touches from outside, as the window's system sends them: at any moment, whatever the window does.
struct Touches {
    sent: Receiver<Instant>,
    are_sent: bool,
    /// They came while a frame was painted already.
    waiting: Vec<Instant>,
    /// The frame that answers them is not on the screen yet.
    answered: Vec<Instant>,
    ms: Vec<f64>,
}

impl Touches {
    const NUMBER: usize = 40;
    /// No divisor of the camera's time, so that every moment of a frame has its touch.
    const APART: Duration = Duration::from_millis(71);

    fn send(context: &egui::Context) -> Self {
        let (touch, sent) = sync_channel(Self::NUMBER);
        let context = context.clone();
        let hand = move || {
            for _ in 0..Self::NUMBER {
                std::thread::sleep(Self::APART);
                if touch.send(Instant::now()).is_err() {
                    break;
                }
                context.request_repaint();
            }
        };
        if let Err(error) = std::thread::Builder::new().name("hand".to_owned()).spawn(hand) {
            tracing::error!(%error, "touches cannot be measured");
        }
        Self::from(sent)
    }

    /// A frame begins: the one before is on the screen. Whether another one has to follow.
    fn frame(&mut self, began: Instant) -> bool {
        self.ms.extend(self.answered.drain(..).map(|touched_at| ms(began.saturating_duration_since(touched_at))));
        loop {
            match self.sent.try_recv() {
                Ok(touched_at) => self.waiting.push(touched_at),
                Err(nothing) => {
                    self.are_sent = nothing == TryRecvError::Disconnected;
                    break;
                }
            }
        }
        self.answered.extend(self.waiting.extract_if(.., |touched_at| *touched_at <= began));
        !self.answered.is_empty() || !self.waiting.is_empty()
    }

    fn is_done(&self) -> bool {
        self.are_sent && self.waiting.is_empty() && self.answered.is_empty()
    }
}

impl From<Receiver<Instant>> for Touches {
    fn from(sent: Receiver<Instant>) -> Self {
        Self { sent, are_sent: false, waiting: Vec::new(), answered: Vec::new(), ms: Vec::new() }
    }
}

impl Companion for Script {
    fn follow(&mut self, booth: &mut Booth, _language: &mut Language, context: &egui::Context, now: Instant) {
        // With the second frame the first one is on the screen.
        if std::mem::replace(&mut self.is_painted, true) {
            self.start_ms.get_or_insert_with(|| ms(now.saturating_duration_since(self.opened_at)));
        }
        if self.figures.is_some() {
            let touches = self.touches.get_or_insert_with(|| Touches::send(context));
            if touches.frame(now) {
                context.request_repaint();
            }
        }
        if self.step(booth, now) {
            context.send_viewport_cmd(ViewportCommand::Close);
        }
    }
}

impl Script {
    /// Whether everything is measured and said.
    fn step(&mut self, booth: &mut Booth, now: Instant) -> bool {
        match booth.state() {
            State::Welcome => booth.send(Event::Start, now),
            State::Scan { .. } => self.projector.play(&self.reels.phone),
            State::Confirm { .. } => booth.send(Event::ConfirmStudent, now),
            State::Agreement { .. } => {
                booth.send(Event::TickAgreement(true), now);
                booth.send(Event::TickPhotoConsent(true), now);
                booth.send(Event::Agree(Language::Chinese), now);
            }
            State::Framing { .. } => return self.frame(booth, now),
            State::Countdown { .. } => self.shot_at = booth.deadline(),
            State::Review { .. } => {
                self.develop_ms.extend(self.shot_at.take().map(|shot_at| ms(now.saturating_duration_since(shot_at))));
                if self.develop_ms.len() >= self.shots {
                    return self.say();
                }
                booth.send(Event::Retake, now);
            }
            _ => {}
        }
        false
    }

    fn frame(&mut self, booth: &mut Booth, now: Instant) -> bool {
        if self.figures.is_some() {
            if self.in_window && !self.touches.as_ref().is_some_and(Touches::is_done) {
                return false;
            }
            self.projector.play(&self.reels.in_place);
            return self.shots == 0 && self.say();
        }
        self.projector.play(&self.reels.out_of_place);
        self.is_live.store(true, Ordering::Relaxed);
        let since = *self.framing_since.get_or_insert(now);
        match &self.started {
            None if now >= since + WARM_UP => self.started = Some(Start::now(booth)),
            Some(start) if now >= start.at + self.time => {
                self.figures = Some(start.figures(booth, self.source, self.in_window));
            }
            _ => {}
        }
        false
    }

    fn say(&mut self) -> bool {
        let Some(mut figures) = self.figures.take() else { return false };
        figures.start_ms = self.start_ms;
        figures.touch_ms =
            self.touches.take().filter(|touches| !touches.ms.is_empty()).map(|touches| Ages::of(&touches.ms));
        let _ = self.say.send((figures, std::mem::take(&mut self.develop_ms)));
        true
    }
}

/// The middle one of what was measured; 0 of nothing.
pub fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn settings() -> Config {
        config::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/kiosk.toml")).unwrap()
    }

    #[test]
    fn a_touch_is_answered_when_the_frame_that_knew_of_it_is_on_the_screen() {
        let (touch, sent) = sync_channel(2);
        let mut touches = Touches::from(sent);
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        assert!(!touches.frame(at(0)));
        // One before a frame begins, one while it is painted.
        touch.send(at(20)).unwrap();
        touch.send(at(35)).unwrap();
        assert!(touches.frame(at(30)) && touches.ms.is_empty());
        assert!(touches.frame(at(60)) && touches.ms == [40.0]);
        assert!(!touches.is_done());
        drop(touch);
        assert!(!touches.frame(at(90)) && touches.ms == [40.0, 55.0]);
        assert!(touches.is_done());
    }

    #[test]
    fn a_measurement_has_nothing_of_the_booth() {
        let settings = Config { plate: Some("plate.png".into()), ..settings() };
        let measured = of_nobody(&settings, Path::new("/elsewhere"), Duration::from_secs(1), 0);
        assert!(measured.data.starts_with("/elsewhere") && measured.secrets.starts_with("/elsewhere"));
        assert!(measured.server.is_none() && measured.health.is_none() && measured.plate.is_none());
        assert!(measured.backup.folder.is_none() && measured.sound.volume == 0);
    }

    /// Through the real workers, with another camera than the recording.
    #[test]
    fn the_cameras_own_pictures_are_measured_once_the_screen_is_reached() {
        let slow: OpenCamera = Arc::new(|| -> Result<Box<dyn Camera>, CameraError> {
            let reel = record(Scene::Empty, (640, 480), 10)?;
            Ok(Box::new(Replay::open(Projector::new(reel), 10)))
        });
        let measurement = Measurement::prepare(&settings(), Some(slow), Duration::from_secs(2), 0).unwrap();
        let figures = measurement.run_without_window().unwrap();
        assert_eq!((figures.source, figures.in_window), (Pictures::Camera, false));
        assert!((1.0..=15.0).contains(&figures.shown_per_second), "ten a second, not thirty: {figures:?}");
        assert!(figures.frame_age_ms.p95 >= figures.frame_age_ms.p50 && figures.frame_age_ms.p50 > 80.0, "{figures:?}");
        // Ticks are told rounded down.
        let (all, outside) = (figures.cores + 0.05, figures.cores_outside_painting);
        assert!(outside > 0.0 && all >= outside, "{figures:?}");
    }
}
