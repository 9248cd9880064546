//! What a portrait costs, stage by stage, beside the bare run of MODNet at 512 × 672 that no
//! portrait can do without: `cargo bench --profile dev --bench photo -- [ROUNDS]`.
//!
//! Both are run in turn in one process on the same threads, so a busy machine slows both alike and
//! the ratios hold where the milliseconds do not.

use std::path::Path;
use std::time::Instant;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{ImageBuffer, Luma, Rgb, RgbImage};
use ort::session::Session;
use ort::value::TensorRef;
use szz_kiosk::photo::decode::decode_picture;
use szz_kiosk::photo::develop::{Developer, Timings};
use szz_kiosk::photo::runtime::{ModelLoader, inference_threads};
use szz_kiosk::photo::standard::PhotoProfile;

const USUAL_ROUNDS: usize = 15;
const MODNET_SIZE: (usize, usize) = (512, 672);

type Stage = (&'static str, fn(&Timings) -> f64);
const STAGES: [Stage; 8] = [
    ("decode", |timings| timings.decode),
    ("detect", |timings| timings.detect),
    ("mesh", |timings| timings.mesh),
    ("matting", |timings| timings.matting),
    ("foreground", |timings| timings.foreground),
    ("compose", |timings| timings.compose),
    ("encode", |timings| timings.encode),
    ("whole", |timings| timings.decode + timings.total),
];

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(USUAL_ROUNDS);
    let threads = inference_threads();

    let started = Instant::now();
    let loader = ModelLoader::new(None, None, threads).expect("the library and the models");
    let library_ms = ms_since(started);
    let mut developer = Developer::load(&loader).expect("the models");
    let load_ms = ms_since(started);
    let after_load = peak_megabytes();

    let (file, plate) = scene(&mut developer);
    let profile = PhotoProfile::default();
    let mut portrait = |plate: Option<&RgbImage>| {
        let started = Instant::now();
        let still = decode_picture(&file).expect("the still is a JPEG");
        let decode = ms_since(started);
        let developed = developer.develop(&still, plate, &profile).expect("the still develops");
        assert!(developed.portrait.is_some(), "no face found in the still");
        assert_eq!(developed.misfit, None, "the plate fits");
        Timings { decode, ..developed.timings }
    };
    portrait(None);
    let peak = peak_megabytes();

    let mut bare = BareModel::load(&loader);
    bare.run();
    let mut runs: Vec<(f64, Timings, Timings)> = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        runs.push((bare.run(), portrait(None), portrait(Some(&plate))));
    }

    println!("{rounds} rounds in turn, {threads} threads, a still of 1920 × 1080 ({} KB)", file.len() / 1000);
    println!("library checked and opened in {library_ms:.0} ms, with the models in {load_ms:.0} ms");
    println!("peak memory: {after_load} MB after loading, {peak} MB after the first portrait\n");
    println!("{:<24}{:>9}{:>9}{:>9}", "", "median ms", "least ms", "ratio");
    let bare_runs = runs.iter().map(|(bare, ..)| *bare).collect();
    print_row("bare MODNet", bare_runs, vec![1.0]);
    let row = |name: &str, of: &dyn Fn(&(f64, Timings, Timings)) -> f64| {
        let ratios = runs.iter().map(|run| of(run) / run.0).collect();
        print_row(name, runs.iter().map(of).collect(), ratios);
    };
    for (name, of) in STAGES {
        row(name, &|(_, timings, _)| of(timings));
    }
    for (name, of) in STAGES.into_iter().filter(|(name, _)| matches!(*name, "foreground" | "whole")) {
        row(&format!("{name} with a plate"), &|(.., timings)| of(timings));
    }
}

fn print_row(name: &str, mut times: Vec<f64>, mut ratios: Vec<f64>) {
    let least = times.iter().copied().fold(f64::INFINITY, f64::min);
    println!("{name:<24}{:>9.1}{least:>9.1}{:>9.3}", median(&mut times), median(&mut ratios));
}

/// MODNet alone, on an input that is already there.
struct BareModel {
    session: Session,
    input: Vec<f32>,
}

impl BareModel {
    fn load(loader: &ModelLoader) -> Self {
        let (width, height) = MODNET_SIZE;
        let input = (0..3 * width * height).map(|at| (at % 255) as f32 / 127.5 - 1.0).collect();
        Self { session: loader.load("modnet").expect("MODNet"), input }
    }

    /// Milliseconds of one run.
    fn run(&mut self) -> f64 {
        let (width, height) = MODNET_SIZE;
        let started = Instant::now();
        let input = TensorRef::from_array_view(([1, 3, height, width], self.input.as_slice())).expect("the shape");
        let outputs = self.session.run(ort::inputs!["input" => input]).expect("a matte");
        assert!(outputs.contains_key("output"));
        ms_since(started)
    }
}

/// The fixture's person before a booth's wall as a camera of 1920 × 1080 would see it, as the camera's
/// JPEG, and the wall alone.
fn scene(developer: &mut Developer) -> (Vec<u8>, RgbImage) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/astronaut.jpg");
    let person = image::open(fixture).expect("the fixture").into_rgb8();
    let person = developer.cut_out(&person, None).expect("a matte");
    let wall = RgbImage::from_fn(1920, 1080, |x, y| {
        let shade = (190.0 - (x as f32 - 960.0).hypot(y as f32 - 400.0) * 0.03) as u8;
        Rgb([shade, shade - 2, shade - 8].map(|value| value + ((x * 7 + y * 13) % 5) as u8))
    });
    // Room above the head, since the matting model would be shown less where the frame ends.
    const ABOVE: usize = 70;
    let framed = |x: u32, y: u32| (y as usize).checked_sub(ABOVE).map(|y| y * person.colours.width + x as usize);
    let alpha = ImageBuffer::<Luma<f32>, _>::from_fn(512, 288, |x, y| {
        Luma([framed(x, y).map_or(0.0, |index| person.matte.alpha[index])])
    });
    let colours = ImageBuffer::<Rgb<f32>, _>::from_fn(512, 288, |x, y| {
        Rgb(framed(x, y).map_or([0.0; 3], |index| person.colours.pixels[index].map(|value| value / 255.0)))
    });
    let alpha = imageops::resize(&alpha, 1920, 1080, FilterType::Triangle);
    let colours = imageops::resize(&colours, 1920, 1080, FilterType::Triangle);
    let still = RgbImage::from_fn(1920, 1080, |x, y| {
        let (part, colour, behind) = (alpha.get_pixel(x, y).0[0], colours.get_pixel(x, y).0, wall.get_pixel(x, y).0);
        Rgb([0, 1, 2].map(|n| (part * colour[n] * 255.0 + (1.0 - part) * f32::from(behind[n])) as u8))
    });
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 92).encode_image(&still).expect("a JPEG");
    (file, wall)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn ms_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}

/// The most memory this process had at once; zero where the system does not say.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() / 1024
}
