//! What is plugged in or runs on the processor: camera, models, screen, sound.

use std::env;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::{Rgb, RgbImage};

use super::Check;
use crate::camera::stills::{QUICK, try_change};
use crate::camera::webcam::Webcam;
use crate::camera::{self, Camera as _};
use crate::command::camera::formats;
use crate::config::{CameraConfig, Config, StillSize};
use crate::operator::lights::{GOOD_FPS, LEAST_FPS};
use crate::photo::face::FaceFinder;
use crate::photo::matting::Matting;
use crate::photo::runtime::{ModelError, ModelLoader, inference_threads};
use crate::visit::CameraTrouble;
use crate::workers::CameraWatch;

/// How long the camera's pictures are counted, and how long the first one is waited for.
const COUNTING: Duration = Duration::from_secs(3);
const FIRST_PICTURE: Duration = Duration::from_secs(8);
/// A student waits so long without wondering.
const GOOD_RUN: Duration = Duration::from_millis(1500);

/// Which camera it is, and what it really gives, filmed as the booth films; and whether that can be used, however little
/// it is.
pub fn camera(config: &Config) -> (Vec<Check>, bool) {
    let (device, modes) = match formats(&config.camera) {
        Ok(found) => found,
        Err(error) => {
            let advice = "plug the camera in, or see `szz-kiosk camera list` for its name";
            return (vec![Check::wrong("camera", error.to_string(), advice)], false);
        }
    };
    let offered = Check::well("camera", format!("{}, {} modes", device.name, modes.len()));
    // Before the pictures are counted, which a change of mode would interrupt.
    let stills = stills(&config.camera);
    let of_the_preview = CameraConfig { stills: StillSize::Preview, ..config.camera.clone() };
    let watch = match CameraWatch::start(camera::open_webcam(of_the_preview)) {
        Ok(watch) => watch,
        Err(error) => {
            return (vec![offered, Check::wrong("pictures", error.to_string(), "start the machine again")], false);
        }
    };
    let started = Instant::now();
    while watch.frames().count() == 0 && started.elapsed() < FIRST_PICTURE {
        if watch.health().trouble == Some(CameraTrouble::Busy) {
            let advice = "stop the booth (systemctl stop szz-kiosk) or the other program to have it measured";
            let pictures = Check::warning("pictures", "the camera is in use, perhaps by the booth", advice);
            return (vec![offered, pictures], false);
        }
        sleep(Duration::from_millis(50));
    }
    let (before, started) = (watch.frames().count(), Instant::now());
    sleep(COUNTING);
    let fps = (watch.frames().count() - before) as f32 / started.elapsed().as_secs_f32();
    let (pictures, can_be_used) = pictures(fps, watch.health().trouble);
    let mut checks = vec![offered, pictures];
    checks.extend(stills);
    (checks, can_be_used)
}

/// What photos are cut out of; nothing of a camera that cannot be opened.
fn stills(config: &CameraConfig) -> Option<Check> {
    const NAME: &str = "stills";
    const SETTLED: usize = 30;
    let mut webcam = Webcam::open(config, None).ok()?;
    let Some(mode) = webcam.still_mode() else {
        return Some(Check::well(NAME, format!("the preview's pictures, {}", webcam.mode())));
    };
    let mut preview = RgbImage::default();
    let started = Instant::now();
    for _ in 0..SETTLED {
        match webcam.next_picture(&mut preview) {
            Err(error) if !error.is_passing() => return None,
            _ if started.elapsed() > FIRST_PICTURE => return None,
            _ => {}
        }
    }
    Some(match try_change(&mut webcam, &preview, QUICK) {
        Ok(Some(settles_in)) => Check::well(NAME, format!("{mode}, good after {} ms", settles_in.as_millis())),
        Ok(None) => Check::well(NAME, format!("the preview's pictures, since the change to {mode} is too slow")),
        Err(error) => Check::warning(
            NAME,
            format!("the preview's pictures, since the change to {mode} fails: {error}"),
            "set [camera] stills = \"preview\", so that the camera is not asked for it at each start",
        ),
    })
}

fn pictures(fps: f32, trouble: Option<CameraTrouble>) -> (Check, bool) {
    let found = format!("{fps:.1} a second");
    let check = match trouble {
        Some(trouble) => Check::wrong(
            "pictures",
            format!("none that can be used ({trouble:?})"),
            "see \"What the screen says\" in OPERATING.md for this camera trouble",
        ),
        None if fps >= GOOD_FPS => Check::well("pictures", found),
        None if fps >= LEAST_FPS => {
            Check::warning("pictures", found, "give the booth more light, or another mode, socket or camera")
        }
        None => Check::wrong("pictures", found, "use another socket, cable or camera: the preview stands still"),
    };
    (check, trouble.is_none())
}

/// Library and models by digest, and the slowest of them on a picture.
pub fn models(config: &Config) -> Check {
    match time_a_run(config) {
        Ok(took) => {
            let found =
                format!("library and models are those of the release; cutting out takes {} ms", took.as_millis());
            if took <= GOOD_RUN {
                Check::well("models", found)
            } else {
                Check::warning("models", found, "students wait: use a faster machine, or end what else runs on it")
            }
        }
        // The error says what to do.
        Err(error) => Check::wrong("models", error.to_string(), "no photo can be made until this is put right"),
    }
}

fn time_a_run(config: &Config) -> Result<Duration, ModelError> {
    let loader = ModelLoader::new(config.onnxruntime.as_deref(), config.models.as_deref(), inference_threads())?;
    FaceFinder::load(&loader)?;
    let mut matting = Matting::load(&loader)?;
    let picture = RgbImage::from_fn(512, 672, |x, y| Rgb([(x / 2) as u8, (y / 3) as u8, 128]));
    // The first run makes room for the others.
    matting.matte(&picture)?;
    let started = Instant::now();
    matting.matte(&picture)?;
    Ok(started.elapsed())
}

/// Where the window would go, and how large the screen says it is.
pub fn screen(config: &Config) -> Check {
    let server = match (env::var_os("WAYLAND_DISPLAY"), env::var_os("DISPLAY")) {
        (Some(_), _) => "Wayland",
        (None, Some(_)) => "X11",
        (None, None) => "no display server here, as over ssh",
    };
    let told = connected_screen_mm();
    match (config.screen.size_mm, told) {
        (Some([width, height]), Some((w, h))) if !alike(width, w) || !alike(height, h) => Check::warning(
            "screen",
            format!("{server}; it says {w} × {h} mm, the settings {width} × {height} mm"),
            "measure the picture and set [screen] size_mm, so that buttons are large enough for a finger",
        ),
        (Some([width, height]), _) => Check::well("screen", format!("{server}; {width} × {height} mm")),
        (None, Some((w, h))) => Check::well("screen", format!("{server}; it says {w} × {h} mm")),
        (None, None) => Check::off("screen", format!("{server}; its size is not known: [screen] size_mm")),
    }
}

fn alike(set: f32, told: u32) -> bool {
    (set - told as f32).abs() <= 0.1 * set
}

/// By the EDID of the first screen that is connected.
fn connected_screen_mm() -> Option<(u32, u32)> {
    let outputs = std::fs::read_dir("/sys/class/drm").ok()?;
    outputs.flatten().find_map(|output| screen_mm(&std::fs::read(output.path().join("edid")).ok()?))
}

/// Width and height of the picture, from the first detailed timing.
fn screen_mm(edid: &[u8]) -> Option<(u32, u32)> {
    const TIMING: usize = 54;
    let [low_width, low_height, high] = *edid.get(TIMING + 12..TIMING + 15)? else { return None };
    let is_edid = edid.starts_with(&[0, 255, 255, 255, 255, 255, 255, 0]);
    let millimetres = |high: u8, low: u8| u32::from(high) << 8 | u32::from(low);
    let size = (millimetres(high >> 4, low_width), millimetres(high & 15, low_height));
    (is_edid && size.0 > 0 && size.1 > 0).then_some(size)
}

pub fn sound(config: &Config) -> Check {
    if config.sound.volume == 0 {
        return Check::off("sound", "muted: [sound] volume = 0");
    }
    let listed = Command::new("aplay").arg("-l").stdin(Stdio::null()).stderr(Stdio::null()).output();
    match listed {
        Err(_) => {
            Check::warning("sound", "aplay cannot be started", "install alsa-utils, or mute by [sound] volume = 0")
        }
        Ok(said) if String::from_utf8_lossy(&said.stdout).contains("card ") => {
            let speech = match config.sound.speech {
                false => "instructions are not spoken: [sound] speech = false",
                true if starts("espeak-ng") => "instructions are spoken",
                true => "instructions are not spoken: espeak-ng is not installed",
            };
            Check::well("sound", format!("aplay, with a sound card; {speech}"))
        }
        Ok(_) => Check::warning(
            "sound",
            "aplay finds no sound card",
            "plug in a loudspeaker, or let the user into the group audio, or mute by [sound] volume = 0",
        ),
    }
}

fn starts(program: &str) -> bool {
    let mut version = Command::new(program);
    version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    #[test]
    fn few_pictures_are_a_warning_and_hardly_any_are_wrong() {
        assert_eq!(pictures(29.9, None).0.mark, Mark::Well);
        assert!(pictures(2.0, None).1 && !pictures(2.0, Some(CameraTrouble::Black)).1);
        assert_eq!(pictures(12.0, None).0.mark, Mark::Warning);
        assert_eq!(pictures(2.0, None).0.mark, Mark::Wrong);
        assert_eq!(pictures(30.0, Some(CameraTrouble::Black)).0.mark, Mark::Wrong);
    }

    #[test]
    fn a_screen_tells_its_size() {
        let mut edid = vec![0; 128];
        edid[..8].copy_from_slice(&[0, 255, 255, 255, 255, 255, 255, 0]);
        edid[66..69].copy_from_slice(&[0xDC, 0x0C, 0x11]);
        assert_eq!(screen_mm(&edid), Some((476, 268)));
        assert_eq!(screen_mm(&edid[..60]), None);
        edid[1] = 0;
        assert_eq!(screen_mm(&edid), None, "no EDID, whatever it has at that place");
        assert_eq!(screen_mm(&[0; 128]), None);
    }
}
