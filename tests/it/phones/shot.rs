//! A collection code on a phone's screen, as a webcam sees it: drawn from numbers and a seed, always the
//! same. Not a model of one camera, but every way to spoil a code that the field reports.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageFormat, Luma};
use szz_kiosk::code::Payload;
use szz_kiosk::code::mint::{mint, render};

/// How the code is held before the camera.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    pub seed: u64,
    /// Size of a module in the frame.
    pub px_per_module: f32,
    /// Standard deviation of the blur, in modules.
    pub blur: f32,
    /// Brightness of a lamp's reflection over one corner: 1 is as bright as a white screen.
    pub glare: f32,
    /// The phone is tilted away, degrees.
    pub tilt: f32,
    /// The phone is turned in its plane, degrees.
    pub turn: f32,
    /// Standard deviation of the sensor's noise, grey values.
    pub noise: f32,
    /// Distance of white from black, of 255.
    pub contrast: f32,
    /// Depth of the dark lines between the phone's pixels: with the camera's own they make moiré.
    pub grid: f32,
    /// White specks on a hundred modules.
    pub specks: f32,
    /// White around the code, in modules.
    pub quiet_zone: f32,
    /// Of the webcam's JPEG, 1–100.
    pub jpeg: u8,
    /// Dark mode: light modules on dark.
    pub inverted: bool,
}

impl Default for Shot {
    /// A phone held well, 15 cm before a good webcam.
    fn default() -> Self {
        Self {
            seed: 0,
            px_per_module: 4.0,
            blur: 0.25,
            glare: 0.0,
            tilt: 0.0,
            turn: 5.0,
            noise: 4.0,
            contrast: 190.0,
            grid: 0.15,
            specks: 0.0,
            quiet_zone: 4.0,
            jpeg: 80,
            inverted: false,
        }
    }
}

/// Pixels of the phone's screen across a module.
const SCREEN_PIXELS: f32 = 7.3;
/// Samples across one of the camera's pixels.
const SAMPLES: u32 = 3;
const ROOM: f32 = 70.0;

/// Letters that a code of version 10 to 20 holds at level M: ISO/IEC 18004, table 7.
const HELD: [usize; 11] = [213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666];

impl Shot {
    /// Of the version that the seed says.
    pub fn version(&self) -> u32 {
        10 + (self.seed % HELD.len() as u64) as u32
    }

    /// Too long for the version before.
    pub fn payload(&self) -> Payload {
        let held = HELD[self.version() as usize - 10] - 12;
        let tokens = (0..).flat_map(|more| mint(self.seed + 1000 * more).payload.expose().chars().collect::<Vec<_>>());
        Payload::new(tokens.take(held).collect())
    }

    /// The frame, 1280 × 720, or 1920 × 1080 for a code that does not fit.
    pub fn take(&self) -> GrayImage {
        let mut chance = Chance(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed);
        let code = render(&self.payload(), 1, 0).unwrap();
        let side = (code.width() as f32 + 2.0 * self.quiet_zone) * self.px_per_module;
        let (width, height) = if side * 1.3 < 720.0 { (1280, 720) } else { (1920, 1080) };
        let light = self.light(&Screen::new(self, code, &mut chance), width, height, &mut chance);
        let blurred = image::imageops::blur(&light, (self.blur * self.px_per_module).max(0.1));
        self.webcam(blurred, &mut chance)
    }

    /// What falls on the sensor.
    fn light(&self, screen: &Screen, width: u32, height: u32, chance: &mut Chance) -> GrayImage {
        // Off the middle and off the pixels' grid.
        let (x0, y0) = (width as f32 / 2.0 + chance.within(9.0), height as f32 / 2.0 + chance.within(9.0));
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let (depth, squeeze) = self.tilt.to_radians().sin_cos();
        // Seen from five sides of the code away.
        let distance = 5.0 * screen.modules * self.px_per_module;
        GrayImage::from_fn(width, height, |x, y| {
            let mut sum = 0.0;
            for sample in 0..SAMPLES * SAMPLES {
                let part = |n: u32| (n as f32 + 0.5) / SAMPLES as f32;
                let (x, y) = (x as f32 + part(sample % SAMPLES) - x0, y as f32 + part(sample / SAMPLES) - y0);
                // The ray through this point meets the tilted plane.
                let v = y / (squeeze - y * depth / distance);
                let u = x * (1.0 + v * depth / distance);
                let (u, v) = (u * cos + v * sin, v * cos - u * sin);
                sum += screen.at(u / self.px_per_module, v / self.px_per_module);
            }
            Luma([(sum / (SAMPLES * SAMPLES) as f32).clamp(0.0, 255.0) as u8])
        })
    }

    fn webcam(&self, mut frame: GrayImage, chance: &mut Chance) -> GrayImage {
        frame.pixels_mut().for_each(|pixel| {
            let noisy = f32::from(pixel.0[0]) + self.noise * chance.normal();
            pixel.0 = [noisy.round().clamp(0.0, 255.0) as u8];
        });
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, self.jpeg).encode_image(&frame).unwrap();
        image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap().into_luma8()
    }
}

/// The phone's screen in modules, the middle of the code at 0, 0.
struct Screen {
    code: GrayImage,
    modules: f32,
    shot: Shot,
    /// Modules under a speck, row by row.
    specks: Vec<bool>,
    lamp: (f32, f32),
}

impl Screen {
    fn new(shot: &Shot, code: GrayImage, chance: &mut Chance) -> Self {
        let modules = code.width() as f32;
        let half = modules / 2.0;
        let specks = (0..code.len()).map(|_| chance.unit() * 100.0 < shot.specks).collect();
        let lamp = (half * 0.5 + chance.within(half * 0.3), half * 0.5 + chance.within(half * 0.3));
        Self { code, modules, shot: *shot, specks, lamp }
    }

    fn at(&self, u: f32, v: f32) -> f32 {
        let edge = self.modules / 2.0;
        let outside = u.abs().max(v.abs()) - edge;
        if outside > self.shot.quiet_zone {
            return ROOM;
        }
        let (is_white, is_speck) = if outside >= 0.0 {
            (true, false)
        } else {
            let last = self.code.width() as usize - 1;
            let (x, y) = (((u + edge) as usize).min(last), ((v + edge) as usize).min(last));
            let module = y * self.code.width() as usize + x;
            (self.code.as_raw()[module] == 255, self.specks[module])
        };
        let lit = is_white != self.shot.inverted || is_speck;
        let black = (ROOM - self.shot.contrast / 8.0).max(10.0);
        let screen = if lit { self.shot.contrast * self.lines(u) * self.lines(v) } else { 0.0 };
        black + screen + self.reflection(u, v)
    }

    /// The dark lines between the screen's pixels.
    fn lines(&self, at: f32) -> f32 {
        let phase = (at * SCREEN_PIXELS * std::f32::consts::TAU).cos();
        1.0 - self.shot.grid * (0.5 + 0.5 * phase)
    }

    fn reflection(&self, u: f32, v: f32) -> f32 {
        let far = (u - self.lamp.0).hypot(v - self.lamp.1) / (self.modules * 0.25);
        self.shot.glare * 190.0 * (-far * far / 2.0).exp()
    }
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u32 << 24) as f32
    }

    /// Evenly between -reach and reach.
    fn within(&mut self, reach: f32) -> f32 {
        (self.unit() * 2.0 - 1.0) * reach
    }

    /// Nearly normal, with standard deviation 1: the sum of twelve.
    fn normal(&mut self) -> f32 {
        let bits = (self.next(), self.next(), self.next());
        let part = |word: u64, at: u32| ((word >> (16 * at)) & 0xffff) as f32 / 65536.0;
        [bits.0, bits.1, bits.2].into_iter().map(|word| (0..4).map(|at| part(word, at)).sum::<f32>()).sum::<f32>() - 6.0
    }
}
