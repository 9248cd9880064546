//! The camera's supervisor: lets a driver thread film, and lets another one begin when it fails. A driver
//! may block for ever, so that it is judged from outside: one that gives no sign is left behind and
//! counted, and whatever it brings later is not looked at.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Shared, supervise};
use crate::camera::{CameraError, OpenCamera};
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

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
struct Timing {
    /// For the driver to open the camera and give the first sign of life.
    opening: Duration,
    /// For each next sign.
    sign: Duration,
    /// For a good picture among damaged ones.
    good_picture: Duration,
    /// One second of the pauses between two attempts.
    second: Duration,
}

const TIMING: Timing = Timing {
    opening: Duration::from_secs(10),
    sign: Duration::from_secs(4),
    good_picture: Duration::from_secs(6),
    second: Duration::from_secs(1),
};

/// So many threads may hang in drivers; with more, the booth waits for one to come back.
const MOST_ABANDONED: usize = 16;

pub(super) fn start(shared: Shared, open: OpenCamera) -> std::io::Result<JoinHandle<()>> {
    supervise("camera", shared.clone(), None, move || keep_filming(&shared, &open, TIMING))
}

fn keep_filming(shared: &Shared, open: &OpenCamera, timing: Timing) {
    let mut backoff = Backoff::default();
    let mut abandoned: Vec<JoinHandle<()>> = Vec::new();
    while !shared.stop.is_set() {
        abandoned.retain(|thread| !thread.is_finished());
        let started = Instant::now();
        let trouble = if abandoned.len() < MOST_ABANDONED {
            film_once(shared, open, timing, &mut abandoned)
        } else {
            Some(CameraTrouble::Silent)
        };
        let Some(trouble) = trouble else { return };
        shared.camera_health.set_trouble(Some(trouble));
        shared.stop.sleep(backoff.pause(trouble, started.elapsed(), timing.second));
    }
}

/// From opening to the end of one driver; `None` when the program ends.
fn film_once(
    shared: &Shared,
    open: &OpenCamera,
    timing: Timing,
    abandoned: &mut Vec<JoinHandle<()>>,
) -> Option<CameraTrouble> {
    let driver = match Driver::start(shared.clone(), open.clone(), timing) {
        Ok(driver) => driver,
        Err(error) => {
            tracing::error!(%error, "no thread for the camera");
            return Some(CameraTrouble::Other);
        }
    };
    match driver.wait() {
        Ending::Stopped => None,
        Ending::Failed(error) => {
            tracing::warn!(%error, "no camera");
            Some(trouble(&error))
        }
        Ending::Stuck(thread) => {
            abandoned.push(thread);
            let count = {
                let mut health = shared.camera_health.lock();
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
