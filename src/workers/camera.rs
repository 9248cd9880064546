//! The camera's supervisor: lets a driver thread film, and lets another one begin when it fails. A driver
//! may block for ever, so that it is judged from outside: one that gives no sign is left behind and
//! counted, and whatever it brings later is not looked at.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Stop, keep_running};
use crate::camera::chosen::Chosen;
use crate::camera::stills::{self, Stills};
use crate::camera::{CameraError, FrameSlot, OpenCamera};
use crate::visit::CameraTrouble;

mod backoff;
mod driver;
#[cfg(test)]
mod tests;

use backoff::Backoff;
use driver::{Driver, Ending};

/// How the camera is, for the screen and the log.
#[derive(Clone, Debug, Default)]
pub struct CameraHealth {
    /// Why there is no picture; `None` while there are some.
    pub trouble: Option<CameraTrouble>,
    /// Driver threads that never answered.
    pub abandoned: u32,
    /// So many of them hang that no other is started: only a new process helps.
    pub is_exhausted: bool,
}

#[derive(Clone, Default)]
pub(super) struct HealthCell(Arc<Mutex<CameraHealth>>);

impl HealthCell {
    pub(super) fn get(&self) -> CameraHealth {
        self.lock().clone()
    }

    fn set_trouble(&self, trouble: Option<CameraTrouble>) {
        self.lock().trouble = trouble;
    }

    fn lock(&self) -> MutexGuard<'_, CameraHealth> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What staff chose, and how often: who films with an earlier choice begins anew.
#[derive(Clone, Default)]
pub(super) struct Choice(Arc<Mutex<(u64, Chosen)>>);

impl Choice {
    pub(super) fn get(&self) -> Chosen {
        self.lock().1.clone()
    }

    pub(super) fn set(&self, chosen: Chosen) {
        let mut choice = self.lock();
        *choice = (choice.0 + 1, chosen);
    }

    fn number(&self) -> u64 {
        self.lock().0
    }

    fn lock(&self) -> MutexGuard<'_, (u64, Chosen)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the camera's threads share with the rest.
#[derive(Clone)]
pub(super) struct Filming {
    pub(super) choice: Choice,
    pub(super) frames: FrameSlot,
    pub(super) stills: Stills,
    pub(super) health: HealthCell,
    pub(super) stop: Stop,
    /// Called after each picture.
    pub(super) on_picture: Arc<dyn Fn() + Send + Sync>,
}

/// The camera's threads without the rest of the booth. Dropping it stops them.
pub struct CameraWatch {
    filming: Filming,
    supervisor: Option<JoinHandle<()>>,
}

impl CameraWatch {
    pub fn start(open: OpenCamera) -> std::io::Result<Self> {
        let filming = Filming {
            choice: Choice::default(),
            frames: FrameSlot::default(),
            stills: Stills::default(),
            health: HealthCell::default(),
            stop: Stop::default(),
            on_picture: Arc::new(|| ()),
        };
        let supervisor = Some(start(filming.clone(), open)?);
        Ok(Self { filming, supervisor })
    }

    pub fn frames(&self) -> &FrameSlot {
        &self.filming.frames
    }

    pub fn health(&self) -> CameraHealth {
        self.filming.health.get()
    }
}

impl Drop for CameraWatch {
    fn drop(&mut self) {
        self.filming.stop.set();
        if let Some(supervisor) = self.supervisor.take() {
            // It never blocks in a driver.
            let _ = supervisor.join();
        }
    }
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
struct Timing {
    /// For the driver to open the camera and give the first sign of life.
    opening: Duration,
    /// For each next sign.
    sign: Duration,
    /// For a good picture among damaged ones.
    good_picture: Duration,
    /// For the first still after a change of mode; with a camera that needs longer the mode is not changed.
    still: Duration,
    /// One second of the pauses between two attempts.
    second: Duration,
}

const TIMING: Timing = Timing {
    opening: Duration::from_secs(10),
    sign: Duration::from_secs(4),
    good_picture: Duration::from_secs(6),
    still: stills::QUICK,
    second: Duration::from_secs(1),
};

/// So many threads may hang in drivers; with more, the booth waits for one to come back.
const MOST_ABANDONED: usize = 16;

pub(super) fn start(filming: Filming, open: OpenCamera) -> std::io::Result<JoinHandle<()>> {
    keep_running("camera", filming.stop.clone(), || (), move || keep_filming(&filming, &open, TIMING))
}

fn keep_filming(filming: &Filming, open: &OpenCamera, timing: Timing) {
    let mut backoff = Backoff::default();
    let mut abandoned: Vec<JoinHandle<()>> = Vec::new();
    while !filming.stop.is_set() {
        abandoned.retain(|thread| !thread.is_finished());
        let started = Instant::now();
        let is_exhausted = abandoned.len() >= MOST_ABANDONED;
        filming.health.lock().is_exhausted = is_exhausted;
        let chosen = filming.choice.number();
        let trouble =
            if is_exhausted { Some(CameraTrouble::Silent) } else { film_once(filming, open, timing, &mut abandoned) };
        let Some(trouble) = trouble else {
            // The program ends, or staff chose something else.
            continue;
        };
        if filming.choice.number() != chosen {
            continue;
        }
        filming.health.set_trouble(Some(trouble));
        filming.stop.sleep(backoff.pause(trouble, started.elapsed(), timing.second));
    }
}

/// From opening to the end of one driver; `None` when the program ends, or when staff chose something else.
fn film_once(
    filming: &Filming,
    open: &OpenCamera,
    timing: Timing,
    abandoned: &mut Vec<JoinHandle<()>>,
) -> Option<CameraTrouble> {
    let driver = match Driver::start(filming.clone(), open.clone(), timing) {
        Ok(driver) => driver,
        Err(error) => {
            tracing::error!(%error, "no thread for the camera");
            return Some(CameraTrouble::Other);
        }
    };
    match driver.wait() {
        Ending::Stopped | Ending::Changed => None,
        Ending::Failed(error) => {
            tracing::warn!(%error, "no camera");
            Some(trouble(&error))
        }
        Ending::Stuck(thread) => {
            abandoned.push(thread);
            let count = {
                let mut health = filming.health.lock();
                health.abandoned += 1;
                health.abandoned
            };
            tracing::warn!(abandoned = count, "the camera's driver does not answer; its thread is left behind");
            Some(CameraTrouble::Silent)
        }
    }
}

fn trouble(error: &CameraError) -> CameraTrouble {
    match error {
        CameraError::NoCamera | CameraError::NotFound(_) => CameraTrouble::Missing,
        CameraError::Busy => CameraTrouble::Busy,
        CameraError::Forbidden(_) => CameraTrouble::Forbidden,
        CameraError::NoFormat => CameraTrouble::NoMode,
        CameraError::Stalled => CameraTrouble::Silent,
        CameraError::Frozen => CameraTrouble::Frozen,
        CameraError::Black => CameraTrouble::Black,
        CameraError::Picture(_) => CameraTrouble::Damaged,
        CameraError::Device(_) => CameraTrouble::Other,
    }
}
