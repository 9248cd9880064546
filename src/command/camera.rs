//! `szz-kiosk camera`: what the connected cameras are, offer and give.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use image::RgbImage;
use serde_json::{Value, json};

use super::exit::Exit;
use crate::camera::webcam::{self, Device, Mode, Webcam};
use crate::camera::{self, Camera, CameraError};
use crate::config::{self, CameraConfig};
use crate::workers::CameraWatch;

/// See which cameras are connected, what they offer and what they give.
#[derive(Debug, Args)]
pub struct CameraArgs {
    #[command(subcommand)]
    command: CameraCommand,
    /// Answer in JSON on one line; watch: one object for each change
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum CameraCommand {
    /// Every connected camera: name, socket, node
    List,
    /// The modes that a camera offers
    Formats(Which),
    /// Save one picture
    Grab {
        #[command(flatten)]
        which: Which,
        /// PNG or JPEG
        #[arg(long, value_name = "FILE", default_value = "camera.png")]
        out: PathBuf,
    },
    /// Film as the booth does and say when pictures come and stop
    Watch {
        #[command(flatten)]
        which: Which,
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
}

#[derive(Debug, Args)]
struct Which {
    /// Part of its name or of its socket's [default: the config's, or the first]
    #[arg(long)]
    device: Option<String>,
    /// The booth's settings
    #[arg(long)]
    config: Option<PathBuf>,
}

impl Which {
    fn config(&self) -> Result<CameraConfig> {
        let mut camera = match &self.config {
            Some(path) => config::load(path)?.camera,
            None => CameraConfig::default(),
        };
        camera.device = self.device.clone().unwrap_or(camera.device);
        Ok(camera)
    }
}

pub fn run(args: &CameraArgs) -> Result<ExitCode> {
    match &args.command {
        CameraCommand::List => {
            let devices = webcam::devices()?;
            if devices.is_empty() {
                return Err(CameraError::NoCamera.into());
            }
            if args.json {
                println!("{}", json!({ "cameras": devices.iter().map(facts).collect::<Vec<_>>() }));
            } else {
                devices.iter().for_each(|device| println!("{}", describe(device)));
            }
        }
        CameraCommand::Formats(which) => {
            let (device, modes) = formats(&which.config()?)?;
            if args.json {
                let modes: Vec<_> = modes.iter().copied().map(mode_facts).collect();
                println!("{}", json!({ "camera": facts(&device), "modes": modes }));
            } else {
                println!("{}", describe(&device));
                modes.iter().for_each(|mode| println!("  {mode}"));
            }
        }
        CameraCommand::Grab { which, out } => {
            let mut webcam = Webcam::open(&which.config()?, None)?;
            let picture = grab(&mut webcam, PATIENCE)?;
            picture.save(out).with_context(|| format!("{} cannot be written", out.display()))?;
            if args.json {
                let (mode, camera) = (mode_facts(webcam.mode()), facts(webcam.device()));
                println!("{}", json!({ "picture": out, "mode": mode, "camera": camera }));
            } else {
                println!("{}: {} from {}", out.display(), webcam.mode(), describe(webcam.device()));
            }
        }
        CameraCommand::Watch { which, seconds } => watch(&which.config()?, Duration::from_secs(*seconds), args.json)?,
    }
    Ok(Exit::Done.into())
}

fn describe(device: &Device) -> String {
    format!("{} · {} · /dev/video{}", device.name, device.bus, device.index)
}

fn facts(device: &Device) -> Value {
    json!({ "name": device.name, "bus": device.bus, "node": format!("/dev/video{}", device.index) })
}

fn mode_facts(mode: Mode) -> Value {
    json!({ "encoding": mode.encoding.name(), "width": mode.width, "height": mode.height, "fps": mode.fps })
}

/// The first meant camera and its modes.
pub fn formats(config: &CameraConfig) -> Result<(Device, Vec<Mode>), CameraError> {
    let device = webcam::meant_devices(config, None)?.into_iter().next().ok_or(CameraError::NoCamera)?;
    let modes = device.modes()?;
    if modes.is_empty() { Err(CameraError::NoFormat) } else { Ok((device, modes)) }
}

/// A camera that was just opened may first send damaged or black pictures.
const PATIENCE: Duration = Duration::from_secs(5);

/// The first good picture.
pub fn grab(camera: &mut dyn Camera, patience: Duration) -> Result<RgbImage, CameraError> {
    let started = Instant::now();
    let mut picture = RgbImage::default();
    loop {
        match camera.next_picture(&mut picture) {
            Ok(_) => return Ok(picture),
            Err(error) if error.is_passing() && started.elapsed() < patience => {}
            Err(error) => return Err(error),
        }
    }
}

/// One line for each change, with the seconds since the start.
fn watch(config: &CameraConfig, length: Duration, as_json: bool) -> Result<()> {
    const LOOK: Duration = Duration::from_millis(50);
    const STALE: Duration = Duration::from_secs(2);
    let started = Instant::now();
    let watch = CameraWatch::start(camera::open_webcam(config.clone())).context("no thread for the camera")?;
    let mut last = None;
    while started.elapsed() < length {
        let is_fresh = watch.frames().newest().is_some_and(|frame| frame.taken_at.elapsed() < STALE);
        let health = watch.health();
        let state = if is_fresh { Ok(()) } else { Err(health.trouble) };
        if last != Some(state) {
            let (seconds, left) = (started.elapsed().as_secs_f32(), health.abandoned);
            let trouble = json!(state.err().flatten());
            if as_json {
                let seconds = (f64::from(seconds) * 10.0).round() / 10.0;
                let said =
                    json!({ "seconds": seconds, "pictures": is_fresh, "trouble": trouble, "threads_left": left });
                println!("{said}");
            } else {
                let cause = trouble.as_str().map(|trouble| format!(": {trouble}")).unwrap_or_default();
                let said = if is_fresh { "pictures".to_owned() } else { format!("none{cause}") };
                println!("{seconds:6.1} s  {said}  (threads left behind: {left})");
            }
            last = Some(state);
        }
        std::thread::sleep(LOOK);
    }
    if last != Some(Ok(())) {
        bail!("the camera gives no pictures");
    }
    Ok(())
}
