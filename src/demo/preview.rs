//! `demo --measure-preview SECONDS`: what the live preview costs on this machine, in the real window,
//! with the bytes of a real webcam's MJPEG; then what it costs the photo.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use eframe::egui::{self, ViewportCommand};
use serde::Serialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, Stats};

use super::headless::{self, ms, percentile};
use super::process::processor_seconds;
use super::{Demo, MODULE_PX};
use crate::app::Companion;
use crate::booth::Booth;
use crate::camera::replay::{Projector, Reel, Replay, record};
use crate::camera::simulated::Scene;
use crate::camera::{Camera, CameraError, OpenCamera};
use crate::config::Config;
use crate::visit::{Event, Language, Patience, State, Steps};
use crate::workers;

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub seconds: f64,
    /// New frames painted per second.
    pub shown_per_second: f64,
    /// How old frames were when the next took their place: the oldest that anybody saw.
    pub frame_age_ms: Ages,
    /// Looks at the face per second.
    pub looks_per_second: f64,
    /// Processor seconds per second: of the whole program, and of the workers, who do not paint.
    pub cores: f64,
    pub cores_outside_painting: f64,
    /// The program's own allocations per frame shown; a frame has 2.8 MB, its texture 3.7.
    pub allocations_per_frame: f64,
    pub allocated_kb_per_frame: f64,
    /// Shutter to review in the window and without one, median.
    pub develop_ms: f64,
    pub develop_ms_without_window: f64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Ages {
    pub p50: f64,
    pub p95: f64,
}

/// Until caches are warm and the window has its size.
const WARM_UP: Duration = Duration::from_secs(3);
const SHOTS: usize = 9;

/// The demo's booth, its camera and the script, ready for a window.
pub struct Measurement {
    pub demo: Demo,
    projector: Projector,
    script: Script,
    figures: Receiver<Figures>,
}

impl Measurement {
    pub fn prepare(time: Duration) -> Result<Self> {
        let mut demo = Demo::set_up(1)?;
        let patience = Patience {
            idle: WARM_UP + time + Duration::from_secs(60),
            steady: Duration::from_millis(100),
            countdown: Duration::from_millis(300),
            ..Patience::default()
        };
        // Nobody types here: the way to the camera has the steps that every visit has.
        demo.config = Arc::new(Config { patience, steps: Steps::default(), ..demo.config.as_ref().clone() });
        let fps = demo.config.camera.fps;
        let code = Arc::new(demo.students[0].draw(MODULE_PX));
        let since = Instant::now();
        // A sitter who never comes nearer, and one who is in place.
        let (late, early) = (Duration::from_secs(3600), Duration::ZERO);
        let reels = Reels {
            phone: record(Scene::Phone { code, since, moves_for: early }, fps)?,
            out_of_place: record(Scene::Sitter { since, moves_for: late }, fps)?,
            in_place: record(Scene::Sitter { since, moves_for: early }, fps)?,
        };
        let projector = Projector::new(reels.out_of_place.clone());
        let (done, figures) = sync_channel(1);
        let script = Script {
            time,
            reels,
            projector: projector.clone(),
            framing_since: None,
            started: None,
            figures: None,
            shot_at: None,
            develop_ms: Vec::new(),
            done,
        };
        Ok(Self { demo, projector, script, figures })
    }

    pub fn open_camera(&self) -> OpenCamera {
        let (projector, fps) = (self.projector.clone(), self.demo.config.camera.fps);
        Arc::new(move || -> Result<Box<dyn Camera>, CameraError> { Ok(Box::new(Replay::open(projector.clone(), fps))) })
    }

    /// Runs the script in a window that `open` opens, and the same shots without a window.
    pub fn run(self, open: impl FnOnce(&Demo, OpenCamera, Vec<Box<dyn Companion>>) -> Result<()>) -> Result<Figures> {
        let camera = self.open_camera();
        open(&self.demo, camera, vec![Box::new(self.script)])?;
        let figures = self.figures.try_recv().context("the window was closed before everything was measured")?;
        let without = headless::run(&headless::Script { visits: SHOTS as u64, ..headless::Script::default() }, |_| ())?;
        Ok(Figures { develop_ms_without_window: without.shutter_to_review_ms.p50, ..figures })
    }
}

struct Reels {
    phone: Reel,
    out_of_place: Reel,
    in_place: Reel,
}

/// Goes to the framing screen, stays there out of place while it measures, then takes photos.
struct Script {
    time: Duration,
    reels: Reels,
    projector: Projector,
    framing_since: Option<Instant>,
    started: Option<Start>,
    figures: Option<Figures>,
    shot_at: Option<Instant>,
    develop_ms: Vec<f64>,
    done: SyncSender<Figures>,
}

/// The counters when measuring began.
struct Start {
    at: Instant,
    looks: u64,
    cores: (f64, f64),
    allocated: Stats,
}

impl Start {
    fn now(booth: &mut Booth) -> Self {
        booth.gauge().reset();
        Self {
            at: Instant::now(),
            looks: booth.looks(),
            cores: processor_seconds(&workers::THREADS),
            allocated: INSTRUMENTED_SYSTEM.stats(),
        }
    }

    fn figures(&self, booth: &mut Booth) -> Figures {
        let seconds = self.at.elapsed().as_secs_f64();
        let (all, workers) = processor_seconds(&workers::THREADS);
        let allocated = INSTRUMENTED_SYSTEM.stats() - self.allocated;
        let looks = booth.looks() - self.looks;
        let gauge = booth.gauge();
        let age = |percent| gauge.age(percent).map(ms).unwrap_or_default();
        let shown = gauge.shown().max(1) as f64;
        Figures {
            seconds,
            shown_per_second: shown / seconds,
            frame_age_ms: Ages { p50: age(50), p95: age(95) },
            looks_per_second: looks as f64 / seconds,
            cores: (all - self.cores.0) / seconds,
            cores_outside_painting: (workers - self.cores.1) / seconds,
            allocations_per_frame: allocated.allocations as f64 / shown,
            allocated_kb_per_frame: allocated.bytes_allocated as f64 / 1024.0 / shown,
            develop_ms: 0.0,
            develop_ms_without_window: 0.0,
        }
    }
}

impl Companion for Script {
    fn follow(&mut self, booth: &mut Booth, _language: &mut Language, context: &egui::Context, now: Instant) {
        match booth.state() {
            State::Welcome => booth.send(Event::Start, now),
            State::Scan { .. } => self.projector.play(&self.reels.phone),
            State::Confirm { .. } => booth.send(Event::ConfirmStudent, now),
            State::Agreement { .. } => {
                booth.send(Event::TickAgreement(true), now);
                booth.send(Event::TickPhotoConsent(true), now);
                booth.send(Event::Agree(Language::Chinese), now);
            }
            State::Framing { .. } => self.frame(booth, now),
            State::Countdown { .. } => self.shot_at = booth.deadline(),
            State::Review { .. } => {
                self.develop_ms.extend(self.shot_at.take().map(|shot_at| ms(now.saturating_duration_since(shot_at))));
                if self.develop_ms.len() < SHOTS {
                    booth.send(Event::Retake, now);
                } else if let Some(figures) = self.figures.take() {
                    let develop_ms = percentile(&self.develop_ms, 50);
                    let _ = self.done.send(Figures { develop_ms, ..figures });
                    context.send_viewport_cmd(ViewportCommand::Close);
                }
            }
            _ => {}
        }
    }
}

impl Script {
    fn frame(&mut self, booth: &mut Booth, now: Instant) {
        if self.figures.is_some() {
            return self.projector.play(&self.reels.in_place);
        }
        self.projector.play(&self.reels.out_of_place);
        let since = *self.framing_since.get_or_insert(now);
        match &self.started {
            None if now >= since + WARM_UP => self.started = Some(Start::now(booth)),
            Some(start) if now >= start.at + self.time => self.figures = Some(start.figures(booth)),
            _ => {}
        }
    }
}
