//! One driver thread: opens the camera and films until that fails, giving signs of life all the while.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Filming, Timing, trouble};
use crate::camera::stills::{Use, try_change};
use crate::camera::{Camera, CameraError, Frame, FramePool, OpenCamera};

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
    let mut desk = StillDesk::of(camera);
    loop {
        desk.serve(filming, camera)?;
        let outcome = pool.next_frame(camera);
        let is_wanted = match outcome {
            Ok(frame) => {
                desk.note(filming, link, camera, &frame, timing.still)?;
                last_good = Instant::now();
                link.give_sign(|| {
                    desk.put(filming, frame);
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

/// Where one camera changes between its modes.
struct StillDesk {
    /// None of a camera that has one mode only.
    mode: Option<String>,
    /// While it films stills.
    since: Option<Instant>,
    /// Pictures since it was opened.
    pictures: u32,
}

impl StillDesk {
    /// With so many pictures a camera has found its exposure.
    const SETTLED: u32 = 30;

    fn of(camera: &dyn Camera) -> Self {
        Self { mode: camera.still_mode(), since: None, pictures: 0 }
    }

    /// Changes the mode when somebody asks for stills, and back when nobody does any more.
    fn serve(&mut self, filming: &Filming, camera: &mut dyn Camera) -> Result<(), CameraError> {
        let Some(mode) = &self.mode else { return Ok(()) };
        let (to, since) = match (filming.stills.are_wanted(Instant::now()), self.since) {
            (true, None) => (Use::Still, Some(Instant::now())),
            (false, Some(_)) => (Use::Preview, None),
            _ => return Ok(()),
        };
        self.since = since;
        camera.change(to).inspect_err(|_| filming.stills.judge(mode, None))
    }

    /// Tries the change once, when the camera films as it will go on filming.
    fn note(
        &mut self,
        filming: &Filming,
        link: &Link,
        camera: &mut dyn Camera,
        frame: &Frame,
        quick: Duration,
    ) -> Result<(), CameraError> {
        let Some(mode) = &self.mode else { return Ok(()) };
        self.pictures = self.pictures.saturating_add(1);
        if self.pictures == Self::SETTLED && self.since.is_none() && filming.stills.begin_trial(mode) {
            link.give_sign(|| ());
            let settles_in = try_change(camera, &frame.picture, quick)?;
            filming.stills.judge(mode, settles_in);
        }
        Ok(())
    }

    /// Stills are not for the preview, and those before the exposure has settled for nobody.
    fn put(&self, filming: &Filming, frame: Frame) {
        match self.since {
            None => filming.frames.put(frame),
            Some(since) if filming.stills.settles_in().is_some_and(|settles_in| since.elapsed() >= settles_in) => {
                filming.stills.put(frame);
            }
            Some(_) => {}
        }
    }
}
