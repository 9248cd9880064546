//! The demo's camera: an ordinary backend that shows an empty booth, a phone with a code, or a sitter
//! who moves into place, as its [`Stage`] says. It really does take time between two pictures.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use image::{GrayImage, Rgb, RgbImage, RgbaImage, imageops};

use super::chosen::{Chosen, ChosenMode, Lock};
use super::offer::{Offer, OfferedControl, OfferedDevice, by_size};
use super::{Camera, CameraError, Source};

pub const WIDTH: u32 = 1280;
pub const HEIGHT: u32 = 720;

/// What stands before the simulated camera. Clones share it: the demo sets it, the camera shows it.
#[derive(Clone, Default)]
pub struct Stage(Arc<Mutex<Scene>>);

#[derive(Clone, Default)]
pub enum Scene {
    #[default]
    Empty,
    /// A phone that shows this picture of a code, raised at this moment.
    Phone { code: Arc<GrayImage>, since: Instant, moves_for: Duration },
    /// A sitter who walked in at this moment and needs `moves_for` to be in place.
    Sitter { since: Instant, moves_for: Duration },
    /// Pulls the plug.
    Unplugged,
}

impl Stage {
    pub fn show(&self, scene: Scene) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = scene;
    }

    fn scene(&self) -> Scene {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub struct SimulatedCamera {
    stage: Stage,
    backdrop: RgbImage,
    sitter: RgbaImage,
    pace: Pace,
    started: Instant,
    /// What a longer exposure and warmer light do to red, green and blue.
    gain: [f32; 3],
}

/// The demo's cameras, which can be told what a real one can, so that the camera page can be tried. Their names say
/// what they are.
pub struct Simulation {
    pub stage: Stage,
    pub fps: u32,
}

const NAMES: [&str; 2] = ["Simulated camera A", "Simulated camera B"];
/// 100 µs and kelvin, at which the picture is as it was drawn.
const USUAL_EXPOSURE: i64 = 156;
const USUAL_KELVIN: i64 = 5000;

impl Simulation {
    fn modes(&self) -> Vec<ChosenMode> {
        let mode = |fps| ChosenMode { width_px: WIDTH, height_px: HEIGHT, fps };
        by_size([self.fps, 15, 10].map(mode).into_iter())
    }
}

impl Source for Simulation {
    fn open(&self, chosen: &Chosen) -> Result<Box<dyn Camera>, CameraError> {
        let fps = chosen.mode.map_or(self.fps, |mode| mode.fps);
        let mut camera = SimulatedCamera::open(self.stage.clone(), fps)?;
        let held = |lock, usual| match lock {
            Some(Lock::Locked(value)) => value as f32 / usual as f32,
            _ => 1.0,
        };
        let (light, warmth) =
            (held(chosen.exposure, USUAL_EXPOSURE), held(chosen.white_balance, USUAL_KELVIN).clamp(0.5, 2.0));
        camera.gain = [light * warmth.sqrt(), light, light / warmth.sqrt()];
        Ok(Box::new(camera))
    }

    fn offer(&self, chosen: &Chosen) -> Result<Offer, CameraError> {
        let key = |name: &str| name.replace(' ', "-").to_lowercase();
        let devices = NAMES.map(|name| OfferedDevice { name: name.to_owned(), key: key(name) }).to_vec();
        let in_use = devices.iter().position(|device| chosen.device.as_ref() == Some(&device.key)).unwrap_or(0);
        let control = |lock: Option<Lock>, usual: i64, (least, most, step)| {
            let lock = lock.unwrap_or(Lock::Auto);
            let now = if let Lock::Locked(value) = lock { value } else { usual };
            Some(OfferedControl { least, most, step, now, lock })
        };
        let modes = self.modes();
        Ok(Offer {
            devices,
            in_use: Some(in_use),
            mode: chosen.mode.or_else(|| modes.first().copied()),
            modes,
            exposure: control(chosen.exposure, USUAL_EXPOSURE, (50, 500, 10)),
            white_balance: control(chosen.white_balance, USUAL_KELVIN, (2800, 6500, 100)),
            // Nothing in a drawing is out of focus.
            focus: None,
        })
    }
}

/// Takes the time that a real camera takes between two pictures.
pub(super) struct Pace {
    interval: Duration,
    next_at: Instant,
}

impl Pace {
    pub(super) fn new(fps: u32) -> Self {
        Self { interval: Duration::from_secs(1) / fps.max(1), next_at: Instant::now() }
    }

    /// Until the next picture is due; returns when it came. One that nobody fetched in time is lost, as
    /// with a webcam.
    pub(super) fn wait(&mut self) -> Instant {
        thread::sleep(self.next_at.saturating_duration_since(Instant::now()));
        let came_at = Instant::now();
        self.next_at = (self.next_at + self.interval).max(came_at);
        came_at
    }
}

impl SimulatedCamera {
    pub fn open(stage: Stage, fps: u32) -> Result<Self, CameraError> {
        // NASA's portrait of Eileen Collins, public domain; see assets/demo/README.md.
        let cut_out = image::load_from_memory(include_bytes!("../../assets/demo/sitter.png"))
            .map_err(|error| CameraError::Device(error.to_string()))?
            .to_rgba8();
        let (width, height) = (cut_out.width() * 5 / 2, cut_out.height() * 5 / 2);
        let sitter = imageops::resize(&cut_out, width, height, imageops::FilterType::Lanczos3);
        Ok(Self { stage, backdrop: backdrop(), sitter, pace: Pace::new(fps), started: Instant::now(), gain: [1.0; 3] })
    }

    /// What the camera sees `seconds` after it was opened.
    pub(super) fn paint(&self, scene: &Scene, seconds: f32, frame: &mut RgbImage) {
        frame.clone_from(&self.backdrop);
        match scene {
            Scene::Empty | Scene::Unplugged => {}
            Scene::Phone { code, since, moves_for } => {
                // A hand is never quite still.
                let (dx, dy) = ((seconds * 1.3).sin() * 6.0, (seconds * 1.7).cos() * 4.0);
                paint_phone(frame, code, dx as i64, (dy + 420.0 * away(*since, *moves_for)) as i64);
            }
            Scene::Sitter { since, moves_for } => {
                let away = away(*since, *moves_for);
                let sway = (seconds * 0.9).sin() * 2.0;
                let x = (WIDTH as f32 - self.sitter.width() as f32) / 2.0 + SITTER_FROM_MIDDLE + sway - 330.0 * away;
                overlay(frame, &self.sitter, x as i64, (SITTER_TOP + 90.0 * away) as i64);
            }
        }
    }
}

/// How far from its place something still is that started to move at `since`: 1 to 0.
fn away(since: Instant, moves_for: Duration) -> f32 {
    let progress = (since.elapsed().as_secs_f32() / moves_for.as_secs_f32().max(0.001)).min(1.0);
    (1.0 - progress).powi(2)
}

/// The face is not in the middle of the cut-out.
const SITTER_FROM_MIDDLE: f32 = 12.0;
const SITTER_TOP: f32 = 40.0;

impl Camera for SimulatedCamera {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        self.pace.wait();
        match self.stage.scene() {
            Scene::Unplugged => Err(CameraError::NoCamera),
            scene => {
                self.paint(&scene, self.started.elapsed().as_secs_f32(), into);
                if self.gain != [1.0; 3] {
                    let tables =
                        self.gain.map(|gain| std::array::from_fn::<u8, 256, _>(|value| (value as f32 * gain) as u8));
                    into.pixels_mut().for_each(|pixel| {
                        pixel.0.iter_mut().zip(&tables).for_each(|(value, table)| *value = table[usize::from(*value)]);
                    });
                }
                Ok(Instant::now())
            }
        }
    }
}

/// A light wall, a little darker towards the corners, with the noise of a real sensor.
fn backdrop() -> RgbImage {
    let mut seed = 0x2545_f491u32;
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        let (dx, dy) = (x as f32 / WIDTH as f32 - 0.5, y as f32 / HEIGHT as f32 - 0.45);
        let light = 222.0 - 70.0 * (dx * dx + dy * dy) + (seed % 5) as f32 - 2.0;
        Rgb([light, light * 1.005, light * 1.015].map(|value| value.clamp(0.0, 255.0) as u8))
    })
}

/// A dark phone with a white page on which the code stands, held in the middle of the picture.
fn paint_phone(frame: &mut RgbImage, code: &GrayImage, dx: i64, dy: i64) {
    let (code_width, code_height) = (i64::from(code.width()), i64::from(code.height()));
    let (left, top) = ((i64::from(WIDTH) - code_width) / 2 + dx, (i64::from(HEIGHT) - code_height) / 2 + dy);
    fill(frame, (left - 26, top - 90, code_width + 52, code_height + 180), [24, 26, 30]);
    fill(frame, (left - 12, top - 60, code_width + 24, code_height + 110), [250, 250, 250]);
    for (x, y, pixel) in code.enumerate_pixels() {
        put(frame, left + i64::from(x), top + i64::from(y), [pixel.0[0].max(18); 3]);
    }
}

fn fill(frame: &mut RgbImage, (left, top, width, height): (i64, i64, i64, i64), colour: [u8; 3]) {
    (top..top + height).for_each(|y| (left..left + width).for_each(|x| put(frame, x, y, colour)));
}

fn put(frame: &mut RgbImage, x: i64, y: i64, colour: [u8; 3]) {
    if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
        && let Some(pixel) = frame.get_pixel_mut_checked(x, y)
    {
        *pixel = Rgb(colour);
    }
}

fn overlay(frame: &mut RgbImage, sitter: &RgbaImage, left: i64, top: i64) {
    let visible = |start: i64, length: u32, limit: u32| {
        let from = (-start).clamp(0, i64::from(length));
        let to = (i64::from(limit) - start).clamp(from, i64::from(length));
        from as u32..to as u32
    };
    for y in visible(top, sitter.height(), frame.height()) {
        for x in visible(left, sitter.width(), frame.width()) {
            let [r, g, b, a] = sitter.get_pixel(x, y).0;
            if a == 0 {
                continue;
            }
            let pixel = frame.get_pixel_mut((left + i64::from(x)) as u32, (top + i64::from(y)) as u32);
            let a = u16::from(a);
            let mix = |over: u8, under: u8| ((u16::from(over) * a + u16::from(under) * (255 - a) + 127) / 255) as u8;
            pixel.0 = [mix(r, pixel.0[0]), mix(g, pixel.0[1]), mix(b, pixel.0[2])];
        }
    }
}
