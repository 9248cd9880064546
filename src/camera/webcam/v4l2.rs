//! Webcams on Linux, through V4L2.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use v4l::buffer::{Flags as BufferFlags, Type};
use v4l::capability::Flags;
use v4l::control::{Control, Value};
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::io::mmap;
use v4l::io::traits::CaptureStream;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Format, FourCC, Timestamp};

use super::{Device, Mode};
use crate::camera::CameraError;
use crate::camera::chosen::Lock;
use crate::camera::offer::OfferedControl;
use crate::camera::pixels::Encoding;
use crate::config::{CameraConfig, Setting};

const ENCODINGS: [(&[u8; 4], Encoding); 3] =
    [(b"MJPG", Encoding::Mjpeg), (b"YUYV", Encoding::Yuyv), (b"NV12", Encoding::Nv12)];

const NEXT_PICTURE: Duration = Duration::from_secs(2);

/// Sizes to ask for where a driver gives a range instead of a list.
const COMMON_SIZES: [(u32, u32); 4] = [(640, 480), (1280, 720), (1280, 960), (1920, 1080)];

/// `None` for a node that gives no pictures: webcams have others for metadata.
pub fn identify(name: &str, index: u32) -> Result<Option<Device>, CameraError> {
    let capabilities = match open(index).and_then(|device| device.query_caps().map_err(|error| cause(&error))) {
        Ok(capabilities) => capabilities,
        Err(error @ CameraError::Forbidden(_)) => return Err(error),
        // Unplugged just now, or no camera at all.
        Err(_) => return Ok(None),
    };
    let gives_pictures = capabilities.capabilities.contains(Flags::VIDEO_CAPTURE | Flags::STREAMING);
    Ok(gives_pictures.then(|| Device { name: name.to_owned(), bus: capabilities.bus, index }))
}

fn open(index: u32) -> Result<v4l::Device, CameraError> {
    v4l::Device::new(index as usize).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => CameraError::Forbidden(format!("/dev/video{index}")),
        _ => cause(&error),
    })
}

/// What a system call's error means to staff.
fn cause(error: &io::Error) -> CameraError {
    const ENXIO: i32 = 6;
    const ENODEV: i32 = 19;
    match (error.kind(), error.raw_os_error()) {
        (ErrorKind::NotFound, _) | (_, Some(ENODEV | ENXIO)) => CameraError::NoCamera,
        (ErrorKind::ResourceBusy, _) => CameraError::Busy,
        (ErrorKind::TimedOut, _) => CameraError::Stalled,
        _ => CameraError::Device(error.to_string()),
    }
}

pub fn modes(device: &Device) -> Result<Vec<Mode>, CameraError> {
    let node = open(device.index)?;
    let mut modes = Vec::new();
    for description in node.enum_formats().map_err(|error| cause(&error))? {
        let known = ENCODINGS.iter().find(|(name, _)| FourCC::new(name) == description.fourcc);
        let Some((_, encoding)) = known else { continue };
        for (width, height) in sizes(&node, description.fourcc) {
            for fps in rates(&node, description.fourcc, width, height) {
                modes.push(Mode { encoding: *encoding, width, height, fps });
            }
        }
    }
    Ok(modes)
}

fn sizes(node: &v4l::Device, fourcc: FourCC) -> Vec<(u32, u32)> {
    let mut sizes = Vec::new();
    for size in node.enum_framesizes(fourcc).unwrap_or_default() {
        match size.size {
            FrameSizeEnum::Discrete(size) => sizes.push((size.width, size.height)),
            FrameSizeEnum::Stepwise(range) => sizes.extend(COMMON_SIZES.iter().filter(|(width, height)| {
                (range.min_width..=range.max_width).contains(width)
                    && (range.min_height..=range.max_height).contains(height)
            })),
        }
    }
    sizes
}

/// Whole pictures per second. A driver that does not tell is taken to be fast enough.
fn rates(node: &v4l::Device, fourcc: FourCC, width: u32, height: u32) -> Vec<u32> {
    const UNTOLD_FPS: u32 = 30;
    let fps = |numerator: u32, denominator: u32| (denominator + numerator / 2).checked_div(numerator).unwrap_or(0);
    let mut rates: Vec<u32> = node
        .enum_frameintervals(fourcc, width, height)
        .unwrap_or_default()
        .into_iter()
        .map(|interval| match interval.interval {
            FrameIntervalEnum::Discrete(each) => fps(each.numerator, each.denominator),
            // The shortest interval is the fastest.
            FrameIntervalEnum::Stepwise(range) => fps(range.min.numerator, range.min.denominator).min(UNTOLD_FPS),
        })
        .filter(|fps| *fps > 0)
        .collect();
    if rates.is_empty() {
        rates.push(UNTOLD_FPS);
    }
    rates
}

pub struct Stream {
    frames: mmap::Stream<'static>,
    has_begun: bool,
}

impl Stream {
    /// The mode that comes back is what the driver made of the wanted one. The first picture has to come within
    /// `patience`.
    pub fn open(
        device: &Device,
        wanted: Mode,
        config: &CameraConfig,
        patience: Duration,
    ) -> Result<(Self, Mode), CameraError> {
        let node = open(device.index)?;
        let fourcc = ENCODINGS.iter().find(|(_, encoding)| *encoding == wanted.encoding).map(|(name, _)| name);
        let fourcc = FourCC::new(fourcc.ok_or(CameraError::NoFormat)?);
        let format = Capture::set_format(&node, &Format::new(wanted.width, wanted.height, fourcc));
        let format = format.map_err(|error| cause(&error))?;
        if format.fourcc != fourcc {
            return Err(CameraError::NoFormat);
        }
        // Some drivers have one rate and refuse to be told.
        if let Err(error) = Capture::set_params(&node, &Parameters::with_fps(wanted.fps)) {
            tracing::debug!(%error, "the camera keeps its own rate");
        }
        set_controls(&node, config);
        let mut frames = mmap::Stream::with_buffers(&node, Type::VideoCapture, 4).map_err(|error| cause(&error))?;
        frames.set_timeout(patience);
        let mode = Mode { width: format.width, height: format.height, ..wanted };
        Ok((Self { frames, has_begun: false }, mode))
    }

    /// Exactly the bytes that the camera sent, and when the driver had them. After an error the stream is of no more
    /// use, but for a damaged picture.
    pub fn next_frame(&mut self) -> Result<(&[u8], Instant), CameraError> {
        if self.has_begun {
            self.frames.set_timeout(NEXT_PICTURE);
        }
        let (buffer, meta) = self.frames.next().map_err(|error| cause(&error))?;
        self.has_begun = true;
        if meta.flags.contains(BufferFlags::ERROR) {
            return Err(CameraError::Picture("the driver says so".to_owned()));
        }
        let waited = if meta.flags.contains(BufferFlags::TIMESTAMP_MONOTONIC) {
            let now = clock_gettime(ClockId::Monotonic);
            let now = Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32);
            waited(now, meta.timestamp)
        } else {
            Duration::ZERO
        };
        let bytes = buffer.get(..meta.bytesused as usize);
        let bytes = bytes.ok_or_else(|| CameraError::Picture("longer than its buffer".to_owned()))?;
        Ok((bytes, Instant::now().checked_sub(waited).unwrap_or_else(Instant::now)))
    }
}

/// How long a picture lay in its buffer, both times by the monotonic clock.
fn waited(now: Duration, stamp: Timestamp) -> Duration {
    /// A queue of buffers holds no more; a stamp that says so is not of this clock.
    const LONGEST: Duration = Duration::from_secs(1);
    let stamp = Duration::from_secs(stamp.sec.unsigned_abs()) + Duration::from_micros(stamp.usec.unsigned_abs());
    now.checked_sub(stamp).filter(|waited| *waited <= LONGEST).unwrap_or_default()
}

// linux/v4l2-controls.h
const AUTO_WHITE_BALANCE: u32 = 0x0098_090c;
const POWER_LINE_FREQUENCY: u32 = 0x0098_0918;
const WHITE_BALANCE_TEMPERATURE: u32 = 0x0098_091a;
const EXPOSURE_AUTO: u32 = 0x009a_0901;
const EXPOSURE_ABSOLUTE: u32 = 0x009a_0902;
const EXPOSURE_AUTO_PRIORITY: u32 = 0x009a_0903;
const FOCUS_ABSOLUTE: u32 = 0x009a_090a;
const FOCUS_AUTO: u32 = 0x009a_090c;
const EXPOSURE_MANUAL: i64 = 1;
/// The camera chooses the time, the aperture stays: what webcams call automatic.
const EXPOSURE_APERTURE_PRIORITY: i64 = 3;

/// One after the other: the automatic is switched off before a value holds.
fn controls(config: &CameraConfig) -> Vec<(&'static str, u32, i64)> {
    let mut controls = Vec::new();
    match config.power_line_hz {
        50 => controls.push(("power_line_hz", POWER_LINE_FREQUENCY, 1)),
        60 => controls.push(("power_line_hz", POWER_LINE_FREQUENCY, 2)),
        _ => controls.push(("power_line_hz", POWER_LINE_FREQUENCY, 0)),
    }
    match config.exposure {
        Setting::Auto => {
            controls.push(("exposure", EXPOSURE_AUTO, EXPOSURE_APERTURE_PRIORITY));
            // A dark room makes the picture dark, not slow.
            controls.push(("exposure", EXPOSURE_AUTO_PRIORITY, 0));
        }
        Setting::Fixed(time) => {
            controls.push(("exposure", EXPOSURE_AUTO, EXPOSURE_MANUAL));
            controls.push(("exposure", EXPOSURE_ABSOLUTE, time));
        }
    }
    match config.white_balance {
        Setting::Auto => controls.push(("white_balance", AUTO_WHITE_BALANCE, 1)),
        Setting::Fixed(kelvin) => {
            controls.push(("white_balance", AUTO_WHITE_BALANCE, 0));
            controls.push(("white_balance", WHITE_BALANCE_TEMPERATURE, kelvin));
        }
    }
    match config.focus {
        Setting::Auto => controls.push(("focus", FOCUS_AUTO, 1)),
        Setting::Fixed(distance) => {
            controls.push(("focus", FOCUS_AUTO, 0));
            controls.push(("focus", FOCUS_ABSOLUTE, distance));
        }
    }
    controls
}

/// Exposure, white balance and focus, where the driver has them.
pub fn offered(device: &Device, config: &CameraConfig) -> [Option<OfferedControl>; 3] {
    let wanted = [
        (EXPOSURE_ABSOLUTE, config.exposure),
        (WHITE_BALANCE_TEMPERATURE, config.white_balance),
        (FOCUS_ABSOLUTE, config.focus),
    ];
    let Ok(node) = open(device.index) else { return [None; 3] };
    let known = node.query_controls().unwrap_or_default();
    wanted.map(|(id, setting)| {
        let control = known.iter().find(|control| control.id == id)?;
        let now = match node.control(id).ok()?.value {
            Value::Integer(value) => value,
            _ => return None,
        };
        let lock = match setting {
            Setting::Auto => Lock::Auto,
            Setting::Fixed(value) => Lock::Locked(value),
        };
        let step = i64::try_from(control.step).unwrap_or(1).max(1);
        Some(OfferedControl { least: control.minimum, most: control.maximum, step, now, lock })
    })
}

fn set_controls(node: &v4l::Device, config: &CameraConfig) {
    for (name, id, value) in controls(config) {
        let outcome = node.set_control(Control { id, value: Value::Integer(value) });
        match outcome {
            Ok(()) => tracing::debug!(name, value, "camera control set"),
            // Not offered, or switched off by another control.
            Err(error) => tracing::debug!(name, value, %error, "camera control not set"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_error_has_its_cause() {
        let named = |code| cause(&io::Error::from_raw_os_error(code));
        assert!(matches!(named(19), CameraError::NoCamera), "ENODEV: unplugged while it filmed");
        assert!(matches!(named(2), CameraError::NoCamera), "ENOENT: the node is gone");
        assert!(matches!(named(16), CameraError::Busy), "EBUSY");
        assert!(matches!(named(5), CameraError::Device(_)), "EIO");
        assert!(matches!(cause(&ErrorKind::TimedOut.into()), CameraError::Stalled));
    }

    #[test]
    fn a_picture_is_as_old_as_its_driver_says_unless_that_cannot_be() {
        let stamp = |sec, usec| Timestamp { sec, usec };
        let now = Duration::from_millis(7_120);
        assert_eq!(waited(now, stamp(7, 20_000)), Duration::from_millis(100));
        assert_eq!(waited(now, stamp(7, 130_000)), Duration::ZERO, "of the future");
        assert_eq!(waited(now, stamp(1, 0)), Duration::ZERO, "of another clock");
    }

    #[test]
    fn a_fixed_value_follows_the_automatic_being_switched_off() {
        let config = CameraConfig { white_balance: Setting::Fixed(5000), ..CameraConfig::default() };
        let set: Vec<_> = controls(&config).into_iter().map(|(_, id, value)| (id, value)).collect();
        let off = set.iter().position(|step| *step == (AUTO_WHITE_BALANCE, 0)).unwrap();
        let value = set.iter().position(|step| *step == (WHITE_BALANCE_TEMPERATURE, 5000)).unwrap();
        assert!(off < value && set.contains(&(POWER_LINE_FREQUENCY, 1)));
    }
}
