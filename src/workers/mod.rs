//! Six named threads that do what takes time: camera, analysis, studio, courier, clerk, operator.
//!
//! They know nothing of the window. What happened goes into one bounded channel of visit events;
//! frames are not events, they live in a newest-wins slot. A panic in a worker becomes a fault and a
//! restart, never the end of the program.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use image::RgbImage;

use crate::camera::chosen::{self, Chosen};
use crate::camera::stills::Stills;
use crate::camera::{FrameSlot, OpenCamera};
use crate::config::Config;
use crate::office::{Office, OfficeError};
use crate::operator;
use crate::photo::checks::EyeHabit;
use crate::photo::runtime::{ModelError, ModelLoader};
use crate::report::Counted;
use crate::stick;
use crate::visit::{AskId, Effect, Event, Fault, Watch};

use tally::Tally;

mod album;
mod analysis;
mod back_room;
mod camera;
mod clerk;
mod courier;
mod desk;
mod health;
mod housekeeping;
mod studio;
mod tally;

pub use camera::{CameraHealth, CameraWatch};

/// What the workers' threads are called, those of the models included: these carry the name of the
/// worker that runs them.
pub const THREADS: [&str; 9] = [
    "camera",
    "camera-driver",
    "analysis",
    "studio",
    "courier",
    "clerk",
    "operator",
    "health",
    crate::phone_page::THREAD,
];

/// Events that may wait before a worker has to.
const EVENTS: usize = 64;

/// Where workers say what happened. `wake` makes the window look.
#[derive(Clone)]
pub struct EventSender {
    events: SyncSender<Event>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl EventSender {
    /// For what must arrive. Waits when the window is behind.
    fn send(&self, event: Event) {
        // The receiver is gone only while the program ends.
        let _ = self.events.send(event);
        (self.wake)();
    }

    /// For what the next one replaces.
    fn offer(&self, event: Event) {
        let _ = self.events.try_send(event);
        (self.wake)();
    }
}

/// Tells every worker to stop, and lets them sleep until then.
#[derive(Clone, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    pub fn is_set(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Sleeps, but not past the stop.
    fn sleep(&self, time: Duration) {
        let set = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.0.1.wait_timeout_while(set, time, |set| !*set);
    }
}

/// What analysis looks for, set by the visit and read by the thread.
#[derive(Clone, Default)]
struct WatchCell(Arc<Mutex<Watch>>);

impl WatchCell {
    fn set(&self, watch: Watch) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = watch;
    }

    fn get(&self) -> Watch {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What every worker needs.
#[derive(Clone)]
struct Shared {
    config: Arc<Config>,
    frames: FrameSlot,
    stills: Stills,
    camera_health: camera::HealthCell,
    camera_choice: camera::Choice,
    /// Of the sitter who is framed now; the photo is held against it.
    eye_habit: Arc<Mutex<EyeHabit>>,
    events: EventSender,
    stop: Stop,
    watch: WatchCell,
    looks: Arc<AtomicU64>,
    office: Arc<Mutex<Option<Arc<Office>>>>,
    /// Whether photos can be developed.
    models_loaded: Arc<AtomicBool>,
    plate_fits: Arc<AtomicBool>,
    tally: Tally,
    /// Whether submissions say that they are simulated.
    simulated: bool,
}

impl Shared {
    fn eye_habit(&self) -> MutexGuard<'_, EyeHabit> {
        self.eye_habit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database and the key, opened by whoever asks first.
    fn office(&self) -> Result<Arc<Office>, OfficeError> {
        let mut office = self.office.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(office) = &*office {
            return Ok(office.clone());
        }
        Ok(office.insert(Arc::new(Office::open(&self.config)?)).clone())
    }

    /// The USB sticks that are there now.
    fn sticks(&self) -> Vec<PathBuf> {
        stick::mounted(&self.config.usb_folders, self.simulated)
    }

    /// `count` pictures to make a photo of, soon after `moment`: larger than the preview's where the camera changes its
    /// mode quickly. Fewer when it stops for `patience`.
    fn shots(&self, count: usize, moment: Instant, patience: Duration) -> Vec<Arc<RgbImage>> {
        let stills = self.stills.take(count, patience);
        if stills.is_empty() { self.frames.burst(count, moment, patience) } else { stills }
    }

    fn loader(&self, threads: usize) -> Result<ModelLoader, ModelError> {
        ModelLoader::new(self.config.onnxruntime.as_deref(), self.config.models.as_deref(), threads)
    }
}

/// The running threads. Dropping it stops and joins them.
pub struct Workers {
    shared: Shared,
    events: Receiver<Event>,
    studio: SyncSender<studio::Job>,
    courier: courier::Handle,
    clerk: SyncSender<clerk::Job>,
    back_room: SyncSender<back_room::Request>,
    answers: Receiver<operator::Event>,
    unwanted: back_room::Unwanted,
    /// Whether operator mode shows the live picture.
    previews: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    camera_is_stale: bool,
    started: Instant,
    probed_at: Option<Instant>,
}

/// Without a frame for this long the camera counts as dead: nokhwa's read may block for ever.
const STALE: Duration = Duration::from_secs(2);
/// The first frame may take longer: the driver is opened first.
const FIRST_FRAME: Duration = Duration::from_secs(6);
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// Nobody begins a visit whose photo could not be saved; writing more often would wear the disk.
const IDLE_PROBE_INTERVAL: Duration = Duration::from_secs(60);

impl Workers {
    /// Starts the threads. `now` is when the camera's first frame starts to be waited for.
    pub fn start(
        config: Arc<Config>,
        open_camera: OpenCamera,
        simulated: bool,
        wake: Arc<dyn Fn() + Send + Sync>,
        now: Instant,
    ) -> std::io::Result<Self> {
        let (sender, events) = sync_channel(EVENTS);
        let shared = Shared {
            config,
            frames: FrameSlot::default(),
            stills: Stills::default(),
            camera_health: camera::HealthCell::default(),
            camera_choice: camera::Choice::default(),
            eye_habit: Arc::default(),
            events: EventSender { events: sender, wake },
            stop: Stop::default(),
            watch: WatchCell::default(),
            looks: Arc::default(),
            office: Arc::default(),
            models_loaded: Arc::default(),
            plate_fits: Arc::new(AtomicBool::new(true)),
            tally: Tally::default(),
            simulated,
        };
        match Chosen::load(&chosen::file(&shared.config.data)) {
            Ok(chosen) if chosen.is_empty() => {}
            Ok(chosen) => {
                tracing::info!("the camera is used as it was chosen in operator mode");
                shared.camera_choice.set(chosen);
            }
            Err(error) => tracing::error!(%error, "the choice of camera is not known; the config holds"),
        }
        let (studio, jobs) = sync_channel(4);
        let (courier, mailbox) = courier::handle();
        let (clerk, questions) = sync_channel(8);
        let (back_room, requests) = sync_channel(8);
        let (answered, answers) = sync_channel(EVENTS);
        let answered = back_room::AnswerSender { events: answered, wake: shared.events.wake.clone() };
        let previews = Arc::new(AtomicBool::new(false));
        let (watch, waking, previewing) = (shared.watch.clone(), shared.events.wake.clone(), previews.clone());
        let filming = camera::Filming {
            choice: shared.camera_choice.clone(),
            frames: shared.frames.clone(),
            stills: shared.stills.clone(),
            health: shared.camera_health.clone(),
            stop: shared.stop.clone(),
            on_picture: Arc::new(move || {
                // Only while somebody looks at the preview: painting costs a core without a GPU.
                if watch.get() != Watch::Nothing || previewing.load(Ordering::Relaxed) {
                    waking();
                }
            }),
        };
        let unwanted = back_room::Unwanted::default();
        let hands = back_room::Hands {
            studio: studio.clone(),
            courier: courier.clone(),
            camera: open_camera.clone(),
            unwanted: unwanted.clone(),
        };
        let mut threads = vec![
            camera::start(filming, open_camera.clone())?,
            analysis::start(shared.clone())?,
            studio::start(shared.clone(), jobs, courier.clone())?,
            courier::start(shared.clone(), mailbox, courier.clone())?,
            clerk::start(shared.clone(), questions)?,
            back_room::start(shared.clone(), requests, answered, hands)?,
        ];
        if let Some(address) = shared.config.health {
            threads.push(health::start(shared.clone(), courier.clone(), address)?);
        }
        Ok(Self {
            shared,
            events,
            studio,
            courier,
            clerk,
            back_room,
            answers,
            unwanted,
            previews,
            threads,
            camera_is_stale: false,
            started: now,
            // The studio looks by itself when it starts.
            probed_at: Some(now),
        })
    }

    pub fn frames(&self) -> &FrameSlot {
        &self.shared.frames
    }

    pub fn camera_health(&self) -> CameraHealth {
        self.shared.camera_health.get()
    }

    /// Whether every thread runs, and the camera's drivers have not used up theirs.
    pub fn is_sound(&self) -> bool {
        !self.threads.iter().any(JoinHandle::is_finished) && !self.camera_health().is_exhausted
    }

    /// The next thing that happened, without waiting.
    pub fn next_event(&mut self, now: Instant) -> Option<Event> {
        self.camera_event(now).or_else(|| self.events.try_recv().ok())
    }

    /// As [`Self::next_event`], but waits for one.
    pub fn wait_for_event(&mut self, now: Instant, patience: Duration) -> Option<Event> {
        self.camera_event(now).or_else(|| self.events.recv_timeout(patience).ok())
    }

    /// Judged from outside the camera's thread, which may be stuck in the driver.
    fn camera_event(&mut self, now: Instant) -> Option<Event> {
        let frame_at = self.shared.frames.newest().map(|frame| frame.taken_at);
        let stale = match frame_at.max(self.shared.stills.last_at()) {
            Some(taken_at) => now.saturating_duration_since(taken_at) > STALE,
            None => now.saturating_duration_since(self.started) > FIRST_FRAME,
        };
        if stale == self.camera_is_stale {
            return None;
        }
        self.camera_is_stale = stale;
        if stale {
            tracing::warn!("no frame from the camera");
            self.shared.tally.count(Counted::Fault(Fault::Camera));
        }
        Some(if stale { Event::FaultRaised(Fault::Camera) } else { Event::FaultCleared(Fault::Camera) })
    }

    /// The shutter will be pressed at this moment, or will not be: the camera gets ready for it.
    pub fn expect_shutter(&self, at: Option<Instant>) {
        self.shared.stills.expect_shutter(at);
    }

    /// Does what the visit asked for. Never waits.
    pub fn carry_out(&mut self, effect: Effect, now: Instant) {
        let job = match effect {
            Effect::Watch(watch) => return self.shared.watch.set(watch),
            Effect::Shoot(capture) => studio::Job::Shoot { capture, shot_at: now },
            Effect::Develop { capture, brought } => studio::Job::Develop { capture, brought },
            Effect::Recolour { capture, portrait, background } => {
                studio::Job::Recolour { capture, portrait, background }
            }
            Effect::Browse(browse) => studio::Job::Browse(browse),
            Effect::OpenPicture { ask, index } => studio::Job::OpenPicture { ask, index },
            Effect::Save { capture, sitter, portrait, payment } => {
                studio::Job::Save(Box::new(studio::Saving { capture, sitter, portrait, payment }))
            }
            Effect::ReadCode { scan, payload } => studio::Job::ReadCode { scan, payload },
            Effect::ReadStick { scan } => studio::Job::ReadStick { scan },
            Effect::LookUp { ask, code } => studio::Job::LookUp { ask, code },
            Effect::MakeClaim { ask } => studio::Job::MakeClaim { ask },
            Effect::Withdraw { ask, submission } => studio::Job::Withdraw { ask, submission },
            Effect::MarkPaid { order_number } => studio::Job::MarkPaid { order_number },
            Effect::ResolveCode { scan, payload } => {
                return self.hand_to_clerk(clerk::Job::ResolveCode { scan, payload });
            }
            Effect::SendSms { ask, phone } => return self.hand_to_clerk(clerk::Job::SendSms { ask, phone }),
            Effect::CheckSms { ask, phone, code } => {
                return self.hand_to_clerk(clerk::Job::CheckSms { ask, phone, code });
            }
            Effect::Enquire(enquiry) => return self.hand_to_clerk(clerk::Job::Enquire(enquiry)),
            Effect::LogWrongNumber { code } => {
                self.shared.tally.count(Counted::WrongNumber);
                tracing::warn!(code = code.short(), "three wrong student numbers ended a visit");
                return;
            }
            Effect::CallStaff => {
                self.shared.tally.count(Counted::StaffCalled);
                tracing::warn!("a student calls the staff");
                return;
            }
        };
        self.hand_to_studio(job);
    }

    /// The next thing that operator mode is told, without waiting.
    pub fn next_answer(&mut self) -> Option<operator::Event> {
        self.answers.try_recv().ok()
    }

    /// Does what operator mode asked for. Never waits.
    pub fn ask_back_room(&self, ask: AskId, role: Option<operator::Role>, order: operator::Order) {
        // A full queue means that a stick or the database hangs: operator mode goes on waiting, and locks.
        if self.back_room.try_send(back_room::Request { ask, role, order }).is_err() {
            tracing::warn!("the operator's thread does not take orders");
        }
    }

    /// What takes long and was asked for in operator mode is left off as soon as it can be.
    pub fn stop_back_room(&self, ask: AskId) {
        self.unwanted.set(ask);
    }

    /// Whether operator mode shows the live picture.
    pub fn show_preview(&self, shows: bool) {
        self.previews.store(shows, Ordering::Relaxed);
    }

    /// While nobody is served: asks the studio now and then whether photos can be made and saved, more often
    /// while they cannot.
    pub fn probe(&mut self, now: Instant, is_out_of_service: bool) {
        let interval = if is_out_of_service { PROBE_INTERVAL } else { IDLE_PROBE_INTERVAL };
        if self.probed_at.is_none_or(|at| now.saturating_duration_since(at) >= interval) {
            self.probed_at = Some(now);
            self.hand_to_studio(studio::Job::Probe);
        }
    }

    /// How often analysis has looked at a frame.
    pub fn looks(&self) -> u64 {
        self.shared.looks.load(Ordering::Relaxed)
    }

    /// Submissions with a receipt, as of the courier's last round.
    pub fn acknowledged(&self) -> u64 {
        self.courier.acknowledged()
    }

    fn hand_to_clerk(&self, job: clerk::Job) {
        // A full queue means that the network hangs: the student can skip what waits for it.
        if self.clerk.try_send(job).is_err() {
            tracing::warn!("the clerk does not take questions");
        }
    }

    fn hand_to_studio(&self, job: studio::Job) {
        // A full queue means the studio hangs: the visit's own deadline ends that.
        if self.studio.try_send(job).is_err() {
            tracing::error!("the studio does not take jobs");
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.shared.stop.set();
        self.courier.wake();
        // Nobody may stay blocked on a full channel.
        while self.events.try_recv().is_ok() || self.answers.try_recv().is_ok() {}
        for thread in self.threads.drain(..) {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            // A camera driver that never returns must not keep the program alive.
            let patience = Instant::now() + Duration::from_secs(2);
            while !thread.is_finished() && Instant::now() < patience {
                while self.events.try_recv().is_ok() || self.answers.try_recv().is_ok() {}
                thread::sleep(Duration::from_millis(5));
            }
            if thread.is_finished() {
                let _ = thread.join();
            } else {
                tracing::warn!(name, "left a thread behind that does not end");
            }
        }
    }
}

/// As [`keep_running`], each panic being a fault of the booth.
fn supervise(
    name: &'static str,
    shared: Shared,
    fault: Option<Fault>,
    work: impl FnMut() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    let (stop, raise) = (shared.stop.clone(), move || {
        if let Some(fault) = fault {
            shared.events.send(Event::FaultRaised(fault));
        }
    });
    keep_running(name, stop, raise, work)
}

/// Runs `work` on a named thread until it returns, and again after a panic.
fn keep_running(
    name: &'static str,
    stop: Stop,
    on_panic: impl Fn() + Send + 'static,
    mut work: impl FnMut() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let mut pause = Duration::from_millis(200);
        loop {
            if catch_unwind(AssertUnwindSafe(&mut work)).is_ok() || stop.is_set() {
                return;
            }
            tracing::error!(name, "worker failed and starts again");
            on_panic();
            stop.sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(20));
        }
    })
}
