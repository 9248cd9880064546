//! Webcams on other systems, through nokhwa (Media Foundation on Windows). Not tried on real devices:
//! nokhwa has no time-out, so that only the camera's supervisor notices a driver that blocks.

use std::time::{Duration, Instant};

use nokhwa::NokhwaError;
use nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};

use super::{Device, Mode};
use crate::camera::CameraError;
use crate::camera::offer::OfferedControl;
use crate::camera::pixels::Encoding;
use crate::config::CameraConfig;

const FORMATS: [FrameFormat; 3] = [FrameFormat::MJPEG, FrameFormat::YUYV, FrameFormat::NV12];

#[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
pub fn identify(name: &str, index: u32) -> Result<Option<Device>, CameraError> {
    Ok(Some(Device { name: name.to_owned(), bus: String::new(), index }))
}

pub fn modes(device: &Device) -> Result<Vec<Mode>, CameraError> {
    let mut camera = open(device, RequestedFormatType::None)?;
    let offered = camera.compatible_camera_formats().map_err(device_error)?;
    Ok(offered
        .into_iter()
        .filter_map(|format| {
            let size = format.resolution();
            let encoding = encoding(format.format())?;
            Some(Mode { encoding, width: size.width(), height: size.height(), fps: format.frame_rate() })
        })
        .collect())
}

fn open(device: &Device, request: RequestedFormatType) -> Result<nokhwa::Camera, CameraError> {
    let request = RequestedFormat::with_formats(request, &FORMATS);
    nokhwa::Camera::new(CameraIndex::Index(device.index), request).map_err(device_error)
}

fn encoding(format: FrameFormat) -> Option<Encoding> {
    match format {
        FrameFormat::MJPEG => Some(Encoding::Mjpeg),
        FrameFormat::YUYV => Some(Encoding::Yuyv),
        FrameFormat::NV12 => Some(Encoding::Nv12),
        _ => None,
    }
}

fn device_error(error: NokhwaError) -> CameraError {
    CameraError::Device(error.to_string())
}

pub struct Stream {
    camera: nokhwa::Camera,
    frame: Vec<u8>,
}

impl Stream {
    /// This way there is no time-out: the camera's supervisor has one.
    pub fn open(
        device: &Device,
        wanted: Mode,
        _config: &CameraConfig,
        _patience: Duration,
    ) -> Result<(Self, Mode), CameraError> {
        let format = match wanted.encoding {
            Encoding::Mjpeg => FrameFormat::MJPEG,
            Encoding::Yuyv => FrameFormat::YUYV,
            Encoding::Nv12 => FrameFormat::NV12,
        };
        let format = CameraFormat::new(Resolution::new(wanted.width, wanted.height), format, wanted.fps);
        let mut camera = open(device, RequestedFormatType::Exact(format))?;
        camera.open_stream().map_err(device_error)?;
        Ok((Self { camera, frame: Vec::new() }, wanted))
    }

    pub fn next_frame(&mut self) -> Result<(&[u8], Instant), CameraError> {
        let frame = self.camera.frame_raw().map_err(device_error)?;
        self.frame.clear();
        self.frame.extend_from_slice(&frame);
        Ok((&self.frame, Instant::now()))
    }
}

/// Other systems leave exposure, white balance and focus to the camera.
pub fn offered(_device: &Device, _config: &CameraConfig) -> [Option<OfferedControl>; 3] {
    [None; 3]
}
