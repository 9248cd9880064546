//! A USB webcam: found by name and place, opened in the mode that suits best, its pictures decoded and
//! doubted. nokhwa finds cameras on every system. On Linux the pictures come through `v4l`, the crate
//! below nokhwa, which has what nokhwa leaves out: a time-out, and how much of a buffer the picture fills.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use image::RgbImage;
use nokhwa::utils::ApiBackend;

use super::chosen::{Chosen, ChosenMode};
use super::offer::{Offer, OfferedDevice, by_size};
use super::pixels::{self, Encoding};
use super::stills::{QUICK, Use};
use super::{Camera, CameraError, Source};
use crate::config::{CameraConfig, StillSize};

mod doubt;
#[cfg(target_os = "linux")]
#[path = "v4l2.rs"]
mod driver;
#[cfg(not(target_os = "linux"))]
#[path = "portable.rs"]
mod driver;
mod mode;
// Checked by the compiler on Linux too, where nobody calls it.
#[cfg(all(test, target_os = "linux"))]
#[expect(dead_code, reason = "the other systems' driver")]
mod portable;

pub use mode::Mode;

use doubt::Repetition;

/// A webcam that was just opened gives its first picture within this time, and the next ones much sooner.
const FIRST_PICTURE: Duration = Duration::from_secs(5);

/// A camera as it is told from others: not by its number, which changes whenever one is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// As the maker named it.
    pub name: String,
    /// Where it is plugged in, such as `usb-0000:00:14.0-3`; empty where the system does not tell.
    pub bus: String,
    /// The number of the moment.
    pub index: u32,
}

impl Device {
    /// Whether the config's `[camera] device` means this one.
    fn is_meant_by(&self, wanted: &str) -> bool {
        let wanted = wanted.to_lowercase();
        let node = format!("/dev/video{}", self.index);
        wanted == "auto"
            || wanted == node
            || [&self.name, &self.bus].iter().any(|text| text.to_lowercase().contains(&wanted))
    }

    /// What staff's choice is remembered by.
    fn key(&self) -> String {
        if self.bus.is_empty() { self.name.clone() } else { self.bus.clone() }
    }

    pub fn modes(&self) -> Result<Vec<Mode>, CameraError> {
        driver::modes(self)
    }
}

/// Every connected camera that gives pictures, in the order of the sockets.
pub fn devices() -> Result<Vec<Device>, CameraError> {
    let found = nokhwa::query(ApiBackend::Auto).map_err(|error| CameraError::Device(error.to_string()))?;
    let mut forbidden = None;
    let mut devices = Vec::new();
    for info in found {
        let Ok(index) = info.index().as_index() else { continue };
        match driver::identify(&info.human_name(), index) {
            Ok(Some(device)) => devices.push(device),
            Ok(None) => {}
            Err(error) => forbidden = Some(error),
        }
    }
    // A camera that may not be opened is named only when it is the only one.
    match forbidden {
        Some(error) if devices.is_empty() => Err(error),
        _ => {
            devices.sort_by(|a, b| (&a.bus, a.index).cmp(&(&b.bus, b.index)));
            Ok(devices)
        }
    }
}

/// Those that the config means, the one that was used before first: a camera stays the booth's camera
/// under another number, then in another socket, and only then another one of its place.
pub fn meant_devices(config: &CameraConfig, before: Option<&Device>) -> Result<Vec<Device>, CameraError> {
    let devices = devices()?;
    if devices.is_empty() {
        return Err(CameraError::NoCamera);
    }
    let mut meant: Vec<Device> = devices.into_iter().filter(|device| device.is_meant_by(&config.device)).collect();
    if meant.is_empty() {
        return Err(CameraError::NotFound(config.device.clone()));
    }
    if let Some(before) = before {
        meant.sort_by_key(|device| (device.name != before.name, device.bus != before.bus));
    }
    Ok(meant)
}

/// The webcams of this machine, as the config and staff choose among them.
pub struct Webcams {
    config: CameraConfig,
    /// The one that was opened last.
    before: Mutex<Option<Device>>,
}

impl Webcams {
    pub fn new(config: CameraConfig) -> Self {
        Self { config, before: Mutex::default() }
    }

    fn before(&self) -> MutexGuard<'_, Option<Device>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Webcams {
    fn open(&self, chosen: &Chosen) -> Result<Box<dyn Camera>, CameraError> {
        let config = chosen.over(&self.config);
        // Whoever chooses another camera does not mean the old one.
        let last = self.before().clone().filter(|device| device.is_meant_by(&config.device));
        let webcam = Webcam::open(&config, last.as_ref())?;
        *self.before() = Some(webcam.device().clone());
        Ok(Box::new(webcam))
    }

    fn offer(&self, chosen: &Chosen) -> Result<Offer, CameraError> {
        let config = chosen.over(&self.config);
        let devices = devices()?;
        let before = self.before().clone();
        let in_use = before
            .and_then(|before| devices.iter().position(|device| device.name == before.name && device.bus == before.bus))
            .or_else(|| devices.iter().position(|device| device.is_meant_by(&config.device)));
        let mut offer = Offer {
            devices: devices
                .iter()
                .map(|device| OfferedDevice { name: device.name.clone(), key: device.key() })
                .collect(),
            in_use,
            ..Offer::default()
        };
        if let Some(device) = in_use.and_then(|index| devices.get(index)) {
            let modes = device.modes()?;
            offer.mode = mode::choose(&modes, &config).map(ChosenMode::from);
            offer.modes = by_size(modes.into_iter().map(ChosenMode::from));
            [offer.exposure, offer.white_balance, offer.focus] = driver::offered(device, &config);
        }
        Ok(offer)
    }
}

impl From<Mode> for ChosenMode {
    fn from(mode: Mode) -> Self {
        Self { width_px: mode.width, height_px: mode.height, fps: mode.fps }
    }
}

pub struct Webcam {
    /// None only while the mode changes, which a device refuses while it streams.
    stream: Option<driver::Stream>,
    mode: Mode,
    preview: Mode,
    still: Option<Mode>,
    repetition: Repetition,
    device: Device,
    config: CameraConfig,
}

impl Webcam {
    /// Opens the first meant device that can be opened.
    pub fn open(config: &CameraConfig, before: Option<&Device>) -> Result<Self, CameraError> {
        let mut first_error = None;
        for device in meant_devices(config, before)? {
            match Self::open_device(device, config) {
                Ok(webcam) => return Ok(webcam),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(first_error.unwrap_or(CameraError::NoCamera))
    }

    fn open_device(device: Device, config: &CameraConfig) -> Result<Self, CameraError> {
        let modes = device.modes()?;
        let wanted = mode::choose(&modes, config).ok_or(CameraError::NoFormat)?;
        let (stream, mode) = driver::Stream::open(&device, wanted, config, FIRST_PICTURE)?;
        tracing::info!(name = device.name, bus = device.bus, %mode, "camera opened");
        let still = match config.stills {
            StillSize::Largest => mode::largest_like(&modes, mode),
            StillSize::Preview => None,
        };
        let (stream, repetition, config) = (Some(stream), Repetition::default(), config.clone());
        Ok(Self { stream, mode, preview: mode, still, repetition, device, config })
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }
}

impl Camera for Webcam {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        let stream = self.stream.as_mut().ok_or(CameraError::Stalled)?;
        let (bytes, came_at) = stream.next_frame()?;
        self.repetition.look_at(bytes, came_at)?;
        if self.mode.encoding == Encoding::Mjpeg {
            doubt::jpeg_is_whole(bytes)?;
        }
        pixels::decode(bytes, self.mode.encoding, (self.mode.width, self.mode.height), into)?;
        doubt::is_lit(into)?;
        Ok(came_at)
    }

    fn still_mode(&self) -> Option<String> {
        let still = self.still?;
        Some(format!("{still} of {} at {}", self.device.name, self.device.bus))
    }

    fn change(&mut self, to: Use) -> Result<(), CameraError> {
        let wanted = match to {
            Use::Preview => self.preview,
            Use::Still => self.still.ok_or(CameraError::NoFormat)?,
        };
        self.stream = None;
        // Who needs longer is not wanted for stills, and as the preview it can be opened again.
        let (stream, mode) = driver::Stream::open(&self.device, wanted, &self.config, 2 * QUICK)?;
        tracing::debug!(%mode, "camera mode changed");
        (self.stream, self.mode, self.repetition) = (Some(stream), mode, Repetition::default());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str, bus: &str, index: u32) -> Device {
        Device { name: name.to_owned(), bus: bus.to_owned(), index }
    }

    #[test]
    fn a_camera_is_meant_by_name_by_socket_or_by_its_number_of_the_moment() {
        let camera = device("HD Pro Webcam C920", "usb-0000:00:14.0-3", 2);
        for wanted in ["auto", "c920", "usb-0000:00:14.0-3", "/dev/video2"] {
            assert!(camera.is_meant_by(wanted), "{wanted}");
        }
        for wanted in ["C930", "usb-0000:00:14.0-4", "/dev/video"] {
            assert!(!camera.is_meant_by(wanted), "{wanted}");
        }
    }
}
