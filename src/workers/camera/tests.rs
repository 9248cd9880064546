//! Scripted drivers that do what drivers do: block for ever, fail, send half a frame, come back late.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use image::{Rgb, RgbImage};

use super::super::Stop;
use super::{Choice, Filming, Timing, keep_filming};
use crate::camera::stills::Use;
use crate::camera::{Camera, CameraError, OpenCamera};
use crate::visit::CameraTrouble;

/// Long enough for any machine; no test waits this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything of the real timing is a thousandth of it, but the signs: a busy machine may be late.
const HURRIED: Timing = Timing {
    opening: Duration::from_millis(300),
    sign: Duration::from_millis(300),
    good_picture: Duration::from_millis(50),
    still: Duration::from_secs(10),
    second: Duration::from_millis(1),
};

enum Act {
    /// One picture of this brightness.
    Picture(u8),
    /// Pictures of this brightness until the test ends.
    Pictures(u8),
    Fail(CameraError),
    /// For ever the same passing error.
    Skip(fn() -> CameraError),
    /// Until the test says so, then the picture of this brightness.
    Block(Receiver<()>, u8),
    Panic,
}

/// Each opening takes the next script; without one there is no camera.
type Scripts = Arc<Mutex<VecDeque<Result<VecDeque<Act>, CameraError>>>>;

struct Scripted {
    acts: VecDeque<Act>,
}

impl Camera for Scripted {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        let picture = |into: &mut RgbImage, brightness| {
            *into = RgbImage::from_pixel(8, 8, Rgb([brightness; 3]));
            Ok(Instant::now())
        };
        match self.acts.pop_front() {
            Some(Act::Picture(brightness)) => picture(into, brightness),
            Some(Act::Pictures(brightness)) => {
                thread::sleep(Duration::from_millis(2));
                self.acts.push_front(Act::Pictures(brightness));
                picture(into, brightness)
            }
            Some(Act::Skip(error)) => {
                thread::sleep(Duration::from_millis(2));
                self.acts.push_front(Act::Skip(error));
                Err(error())
            }
            Some(Act::Fail(error)) => Err(error),
            Some(Act::Block(until, brightness)) => {
                let _ = until.recv();
                picture(into, brightness)
            }
            Some(Act::Panic) => panic!("a driver's library"),
            None => Err(CameraError::NoCamera),
        }
    }
}

struct Bench {
    filming: Filming,
    scripts: Scripts,
    _ending: Ending,
}

impl Bench {
    fn run(scripts: Vec<Result<Vec<Act>, CameraError>>) -> Self {
        let scripts: VecDeque<_> = scripts.into_iter().map(|script| script.map(VecDeque::from)).collect();
        let scripts: Scripts = Arc::new(Mutex::new(scripts));
        let taken = scripts.clone();
        let bench = Self::with(Arc::new(move || {
            let script = taken.lock().unwrap().pop_front().unwrap_or(Err(CameraError::NoCamera));
            script.map(|acts| Box::new(Scripted { acts }) as Box<dyn Camera>)
        }));
        Self { scripts, ..bench }
    }

    fn with(open: OpenCamera) -> Self {
        let filming = Filming {
            choice: Choice::default(),
            frames: Default::default(),
            stills: Default::default(),
            health: Default::default(),
            stop: Stop::default(),
            on_picture: Arc::new(|| ()),
        };
        let (theirs, stop) = (filming.clone(), filming.stop.clone());
        let supervisor =
            thread::Builder::new().name("supervisor".to_owned()).spawn(move || keep_filming(&theirs, &open, HURRIED));
        let supervisor = supervisor.unwrap();
        Self { filming, scripts: Scripts::default(), _ending: Ending { stop, supervisor: Some(supervisor) } }
    }

    fn brightness(&self) -> Option<u8> {
        self.filming.frames.newest().map(|frame| frame.picture.get_pixel(0, 0).0[0])
    }

    fn wait(&self, what: &str, reached: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !reached(self) {
            assert!(Instant::now() < deadline, "waited for: {what}; {:?}", self.filming.health.get());
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn trouble(&self) -> Option<CameraTrouble> {
        self.filming.health.get().trouble
    }
}

/// Stops the supervisor with the test.
struct Ending {
    stop: Stop,
    supervisor: Option<thread::JoinHandle<()>>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.stop.set();
        let _ = self.supervisor.take().unwrap().join();
    }
}

fn gate() -> (SyncSender<()>, Receiver<()>) {
    sync_channel(1)
}

#[test]
fn a_driver_that_blocks_for_ever_is_replaced_and_counted() {
    let (_never, gate) = gate();
    let bench = Bench::run(vec![Ok(vec![Act::Picture(50), Act::Block(gate, 99)]), Ok(vec![Act::Pictures(200)])]);
    bench.wait("the second driver's picture", |bench| bench.brightness() == Some(200));
    assert_eq!(bench.filming.health.get().abandoned, 1);
    assert_eq!(bench.trouble(), None);
}

#[test]
fn an_opening_that_blocks_for_ever_is_replaced_too() {
    let (never, until) = gate();
    let blocked = Mutex::new(Some(until));
    let bench = Bench::with(Arc::new(move || {
        let until = blocked.lock().unwrap().take();
        if let Some(until) = until {
            let _ = until.recv();
        }
        Ok(Box::new(Scripted { acts: VecDeque::from([Act::Pictures(120)]) }) as Box<dyn Camera>)
    }));
    bench.wait("a picture", |bench| bench.brightness() == Some(120));
    assert_eq!(bench.filming.health.get().abandoned, 1);
    drop(never);
}

#[test]
fn what_an_abandoned_driver_brings_later_is_not_looked_at() {
    let (open_gate, gate) = gate();
    let bench = Bench::run(vec![
        Ok(vec![Act::Picture(50), Act::Block(gate, 99), Act::Pictures(99)]),
        Ok(vec![Act::Pictures(200)]),
    ]);
    bench.wait("the second driver's picture", |bench| bench.brightness() == Some(200));
    open_gate.send(()).unwrap();
    for _ in 0..50 {
        assert_eq!(bench.brightness(), Some(200));
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_camera_that_was_pulled_out_films_again_when_it_is_back() {
    let bench = Bench::run(vec![
        Ok(vec![Act::Picture(50), Act::Fail(CameraError::NoCamera)]),
        Err(CameraError::NoCamera),
        Err(CameraError::NoCamera),
        Ok(vec![Act::Pictures(200)]),
    ]);
    bench.wait("the picture after the loss", |bench| bench.brightness() == Some(200));
    assert_eq!(bench.trouble(), None);
    assert_eq!(bench.filming.health.get().abandoned, 0);
}

#[test]
fn damaged_pictures_are_skipped_and_a_camera_that_sends_nothing_else_is_opened_again() {
    let half: fn() -> CameraError = || CameraError::Picture("half".to_owned());
    let bench = Bench::run(vec![Ok(vec![Act::Picture(50), Act::Skip(half)]), Ok(vec![Act::Pictures(200)])]);
    bench.wait("the picture after the damaged ones", |bench| bench.brightness() == Some(200));
}

#[test]
fn a_black_picture_is_named_and_never_shown_and_the_camera_stays_open() {
    let bench = Bench::run(vec![Ok(vec![Act::Picture(50), Act::Skip(|| CameraError::Black)]), Ok(Vec::new())]);
    bench.wait("the cause", |bench| bench.trouble() == Some(CameraTrouble::Black));
    thread::sleep(HURRIED.good_picture * 3);
    assert_eq!((bench.brightness(), bench.trouble()), (Some(50), Some(CameraTrouble::Black)));
    assert_eq!(bench.scripts.lock().unwrap().len(), 1, "it was not opened again");
}

#[test]
fn each_cause_is_named_while_it_lasts() {
    let causes: [(fn() -> CameraError, CameraTrouble); 6] = [
        (|| CameraError::NoCamera, CameraTrouble::Missing),
        (|| CameraError::Busy, CameraTrouble::Busy),
        (|| CameraError::Forbidden("/dev/video0".to_owned()), CameraTrouble::Forbidden),
        (|| CameraError::NoFormat, CameraTrouble::NoMode),
        (|| CameraError::Frozen, CameraTrouble::Frozen),
        (|| CameraError::Stalled, CameraTrouble::Silent),
    ];
    for (error, expected) in causes {
        let bench = Bench::run((0..1000).map(|_| Err(error())).collect());
        bench.wait("the cause", |bench| bench.trouble() == Some(expected));
    }
}

#[test]
fn a_panic_in_the_drivers_library_is_a_failure_like_others() {
    let bench = Bench::run(vec![Ok(vec![Act::Picture(50), Act::Panic]), Ok(vec![Act::Pictures(200)])]);
    bench.wait("the picture after the panic", |bench| bench.brightness() == Some(200));
}

/// Has a larger mode for stills, into which it may never come.
struct TwoModes {
    using: Use,
    blocks: Option<Receiver<()>>,
}

impl Camera for TwoModes {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        thread::sleep(Duration::from_millis(2));
        let side = if self.using == Use::Still { 12 } else { 8 };
        *into = RgbImage::from_pixel(side, side, Rgb([140; 3]));
        Ok(Instant::now())
    }

    fn still_mode(&self) -> Option<String> {
        Some("12 × 12".to_owned())
    }

    fn change(&mut self, to: Use) -> Result<(), CameraError> {
        if let Some(gate) = &self.blocks {
            let _ = gate.recv();
        }
        self.using = to;
        Ok(())
    }
}

#[test]
fn stills_are_larger_and_the_preview_goes_on_as_it_was() {
    let bench = Bench::with(Arc::new(|| {
        let camera: Box<dyn Camera> = Box::new(TwoModes { using: Use::Preview, blocks: None });
        Ok(camera)
    }));
    let filming = &bench.filming;
    bench.wait("the trial of the change", |_| filming.stills.settles_in().is_some());
    for _ in 0..2 {
        let stills = filming.stills.take(3, PATIENCE);
        assert_eq!(stills.iter().map(|still| still.width()).collect::<Vec<_>>(), [12; 3]);
        let seen = filming.frames.count();
        bench.wait("the preview", |_| filming.frames.count() > seen + 3);
        assert_eq!(filming.frames.newest().unwrap().picture.width(), 8);
    }
    assert_eq!(filming.health.get().abandoned, 0);
}

#[test]
fn a_camera_that_hangs_over_the_change_is_never_asked_for_it_again() {
    let (_never, gate) = gate();
    let gates = Mutex::new(Some(gate));
    let bench = Bench::with(Arc::new(move || {
        let camera = TwoModes { using: Use::Preview, blocks: gates.lock().unwrap().take() };
        Ok(Box::new(camera) as Box<dyn Camera>)
    }));
    bench.wait("the thread that hangs", |bench| bench.filming.health.get().abandoned == 1);
    let seen = bench.filming.frames.count();
    bench.wait("pictures, longer than a trial would wait", |bench| bench.filming.frames.count() > seen + 60);
    assert!(bench.filming.stills.take(3, PATIENCE).is_empty());
    assert_eq!(bench.filming.health.get().abandoned, 1);
}
