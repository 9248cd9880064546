//! `szz-kiosk plate`: takes the background plate, a picture of the empty booth.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use image::RgbImage;
use jiff::Timestamp;

use super::ModelArgs;
use super::exit::Exit;
use crate::camera::stills::{QUICK, Use, try_change};
use crate::camera::webcam::Webcam;
use crate::camera::{Camera, CameraError};
use crate::config;
use crate::office::Office;
use crate::operator::Action;
use crate::photo::face::FaceFinder;
use crate::photo::plate;

/// Take a picture of the empty booth, which makes the edge of hair and clothes exact.
#[derive(Debug, Args)]
pub struct PlateArgs {
    /// The booth's settings: which camera, and where the plate goes
    #[arg(long)]
    config: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    models: ModelArgs,
}

/// A camera's exposure and white balance settle within this time.
const SETTLE: Duration = Duration::from_secs(3);
/// Their mean has a quarter of one picture's noise.
const PICTURES: usize = 16;

pub fn run(args: &PlateArgs) -> Result<ExitCode> {
    let config = config::load(&args.config)?;
    let Some(path) = &config.plate else {
        bail!("the config does not say where the plate goes: set [photo] plate");
    };
    let mut faces = FaceFinder::load(&args.models.loader()?)?;
    let mut camera = Webcam::open(&config.camera, None)?;
    eprintln!("Leave the booth empty and the light as it is for students.");
    let picture = take(&mut camera, SETTLE, &mut faces)?;
    Office::open(&config)?.note_command(Timestamp::now(), Action::TakePlate.name(), "")?;
    picture.save(path).with_context(|| format!("{} cannot be written", path.display()))?;
    if args.json {
        println!("{}", serde_json::json!({ "plate": path }));
    } else {
        println!("{}: the plate is taken. Start the booth again to use it.", path.display());
    }
    Ok(Exit::Done.into())
}

/// The mean of pictures of a camera that has settled, if nobody is in it.
fn take(camera: &mut dyn Camera, settle: Duration, faces: &mut FaceFinder) -> Result<RgbImage> {
    let started = Instant::now();
    let mut mean = plate::Mean::default();
    let mut picture = RgbImage::default();
    let mut is_settled = false;
    while mean.count() < PICTURES {
        match camera.next_picture(&mut picture) {
            Ok(_) if is_settled => mean.add(&picture),
            Ok(_) if started.elapsed() >= settle => {
                is_settled = true;
                change_to_stills(camera, &picture)?;
            }
            Ok(_) => {}
            Err(error) if error.is_passing() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let picture = mean.into_picture().context("the camera gave no picture")?;
    if !faces.detect_small_too(&picture)?.is_empty() {
        bail!("somebody is in the picture: leave the booth and take the plate again. Nothing was changed");
    }
    Ok(picture)
}

/// The plate has to be as large as the photos of the booth, which changes the mode where it is quick.
fn change_to_stills(camera: &mut dyn Camera, preview: &RgbImage) -> Result<(), CameraError> {
    if camera.still_mode().is_none() {
        return Ok(());
    }
    let Some(settles_in) = try_change(camera, preview, QUICK)? else { return Ok(()) };
    camera.change(Use::Still)?;
    let started = Instant::now();
    let mut unsettled = RgbImage::default();
    while started.elapsed() < settles_in {
        match camera.next_picture(&mut unsettled) {
            Err(error) if !error.is_passing() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(all(test, feature = "demo"))]
mod tests {
    use super::*;
    use crate::camera::simulated::{Scene, SimulatedCamera, Stage};

    fn take_from(scene: Scene) -> Result<RgbImage> {
        let mut faces = FaceFinder::load(&ModelArgs::default().loader().unwrap()).unwrap();
        let stage = Stage::default();
        stage.show(scene);
        let mut camera = SimulatedCamera::open(stage, 30).unwrap();
        take(&mut camera, Duration::ZERO, &mut faces)
    }

    #[test]
    fn an_empty_booth_becomes_a_plate() {
        assert!(take_from(Scene::Empty).unwrap().width() >= 640);
    }

    #[test]
    fn a_picture_with_somebody_in_it_is_no_plate() {
        let outcome = take_from(Scene::Sitter { since: Instant::now(), moves_for: Duration::ZERO });
        assert!(outcome.unwrap_err().to_string().contains("somebody"));
    }
}
