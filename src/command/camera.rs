//! `szz-kiosk camera`: what the connected cameras are, offer and give.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use image::RgbImage;

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
            devices.iter().for_each(|device| println!("{}", describe(device)));
        }
        CameraCommand::Formats(which) => {
            let (device, modes) = formats(&which.config()?)?;
            println!("{}", describe(&device));
            modes.iter().for_each(|mode| println!("  {mode}"));
        }
        CameraCommand::Grab { which, out } => {
            let mut webcam = Webcam::open(&which.config()?, None)?;
            let picture = grab(&mut webcam, PATIENCE)?;
            picture.save(out).with_context(|| format!("{} cannot be written", out.display()))?;
            println!("{}: {} from {}", out.display(), webcam.mode(), describe(webcam.device()));
        }
        CameraCommand::Watch { which, seconds } => watch(&which.config()?, Duration::from_secs(*seconds))?,
    }
    Ok(Exit::Done.into())
}

fn describe(device: &Device) -> String {
    format!("{} · {} · /dev/video{}", device.name, device.bus, device.index)
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
fn watch(config: &CameraConfig, length: Duration) -> Result<()> {
    const LOOK: Duration = Duration::from_millis(50);
    const STALE: Duration = Duration::from_secs(2);
    let started = Instant::now();
    let watch = CameraWatch::start(camera::open_webcam(config.clone())).context("no thread for the camera")?;
    let mut last = None;
    while started.elapsed() < length {
        let is_fresh = watch.frames().newest().is_some_and(|frame| frame.taken_at.elapsed() < STALE);
        let health = watch.health();
        let state = if is_fresh { "pictures".to_owned() } else { format!("none: {:?}", health.trouble) };
        if last.as_ref() != Some(&state) {
            println!("{:6.1} s  {state}  (threads left behind: {})", started.elapsed().as_secs_f32(), health.abandoned);
            last = Some(state);
        }
        std::thread::sleep(LOOK);
    }
    if last.as_deref() != Some("pictures") {
        bail!("the camera gives no pictures");
    }
    Ok(())
}
