//! One driver thread: opens the camera and films until that fails, giving signs of life all the while.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Filming, Timing, trouble};
use crate::camera::{Camera, CameraError, FramePool, OpenCamera};

/// What the driver thread tells its supervisor, and the other way round.
#[derive(Default)]
struct Signs {
    last: Option<Instant>,
    ended: Option<CameraError>,
    /// It let go of the camera because staff chose something else.
    is_changed: bool,
    is_abandoned: bool,
}

#[derive(Clone, Default)]
struct Link(Arc<(Mutex<Signs>, Condvar)>);

impl Link {
    fn lock(&self) -> MutexGuard<'_, Signs> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the driver lives; `false` when nobody listens any more. `act` is done while they do.
    fn give_sign(&self, act: impl FnOnce()) -> bool {
        let mut signs = self.lock();
        if signs.is_abandoned {
            return false;
        }
        signs.last = Some(Instant::now());
        act();
        true
    }

    fn change(&self) {
        self.lock().is_changed = true;
        self.0.1.notify_all();
    }

    fn end(&self, error: CameraError) {
        self.lock().ended = Some(error);
        self.0.1.notify_all();
    }
}

pub(super) struct Driver {
    link: Link,
    thread: JoinHandle<()>,
    filming: Filming,
    timing: Timing,
}

pub(super) enum Ending {
    /// The program ends.
    Stopped,
    /// Staff chose something else.
    Changed,
    Failed(CameraError),
    Stuck(JoinHandle<()>),
}

impl Driver {
    pub(super) fn start(filming: Filming, open: OpenCamera, timing: Timing) -> std::io::Result<Self> {
        let link = Link::default();
        let (inside, theirs) = (link.clone(), filming.clone());
        let thread = thread::Builder::new().name("camera-driver".to_owned()).spawn(move || {
            let number = theirs.choice.number();
            let work = || {
                let mut camera = open.open(&theirs.choice.get())?;
                film(&theirs, &inside, camera.as_mut(), number, timing)
            };
            let error = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(Ok(())) => return inside.change(),
                Ok(Err(error)) => error,
                Err(_) => CameraError::Device("its driver's library panicked".to_owned()),
            };
            inside.end(error);
        })?;
        Ok(Self { link, thread, filming, timing })
    }

    /// Until the driver ends, gives no sign for too long, or the program ends.
    pub(super) fn wait(self) -> Ending {
        /// A program that ends does not wait longer for its supervisor.
        const LOOK: Duration = Duration::from_millis(100);
        let started = Instant::now();
        let mut signs = self.link.lock();
        loop {
            if let Some(error) = signs.ended.take() {
                return Ending::Failed(error);
            }
            if self.filming.stop.is_set() {
                signs.is_abandoned = true;
                return Ending::Stopped;
            }
            if signs.is_changed {
                return Ending::Changed;
            }
            let patience = if signs.last.is_some() { self.timing.sign } else { self.timing.opening };
            if signs.last.unwrap_or(started).elapsed() > patience {
                signs.is_abandoned = true;
                drop(signs);
                return Ending::Stuck(self.thread);
            }
            let changed = &self.link.0.1;
            signs = changed.wait_timeout(signs, LOOK.min(patience)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Until the camera fails or nobody wants its pictures any more, or those of another choice.
fn film(
    filming: &Filming,
    link: &Link,
    camera: &mut dyn Camera,
    number: u64,
    timing: Timing,
) -> Result<(), CameraError> {
    let mut pool = FramePool::default();
    let mut last_good = Instant::now();
    loop {
        let outcome = pool.next_frame(camera);
        let is_wanted = match outcome {
            Ok(frame) => {
                last_good = Instant::now();
                link.give_sign(|| {
                    filming.frames.put(frame);
                    filming.health.set_trouble(None);
                })
            }
            Err(error) if error.is_passing() => {
                tracing::debug!(%error, "one picture skipped");
                // A covered lens is not mended by opening the camera again.
                let is_black = matches!(error, CameraError::Black);
                if !is_black && last_good.elapsed() > timing.good_picture {
                    return Err(error);
                }
                link.give_sign(|| filming.health.set_trouble(Some(trouble(&error))))
            }
            Err(error) => return Err(error),
        };
        if !is_wanted || filming.stop.is_set() || filming.choice.number() != number {
            return Ok(());
        }
        (filming.on_picture)();
    }
}
