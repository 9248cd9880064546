//! A USB webcam through nokhwa (V4L2 on Linux, Media Foundation on Windows).
//! Decodes MJPEG, YUYV and NV12 itself ([`super::pixels`]): nokhwa's own decoding is left out of the build.

use std::time::Instant;

use image::RgbImage;
use nokhwa::NokhwaError;
use nokhwa::utils::{ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType};

use super::pixels::{self, Encoding};
use super::{Camera, CameraError};
use crate::config::CameraConfig;

/// In the order of preference: MJPEG is the only one that webcams give at full rate and size.
const FORMATS: [FrameFormat; 3] = [FrameFormat::MJPEG, FrameFormat::YUYV, FrameFormat::NV12];

pub struct Webcam {
    camera: nokhwa::Camera,
}

impl Webcam {
    pub fn open(config: &CameraConfig) -> Result<Self, CameraError> {
        let devices = nokhwa::query(ApiBackend::Auto).map_err(device_error)?;
        if devices.is_empty() {
            return Err(CameraError::NoCamera);
        }
        let wanted = config.device.to_lowercase();
        let mut matching = devices
            .into_iter()
            .filter(|device| wanted == "auto" || device.human_name().to_lowercase().contains(&wanted))
            .peekable();
        if matching.peek().is_none() {
            return Err(CameraError::NotFound(config.device.clone()));
        }
        // Drivers also list nodes that give no pictures (metadata); the first that opens is it.
        let mut last = CameraError::NoCamera;
        for device in matching {
            match Self::open_index(device.index().clone(), config) {
                Ok(webcam) => return Ok(webcam),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn open_index(index: CameraIndex, config: &CameraConfig) -> Result<Self, CameraError> {
        let any = RequestedFormat::with_formats(RequestedFormatType::None, &FORMATS);
        let mut camera = nokhwa::Camera::new(index, any).map_err(device_error)?;
        let offered = camera.compatible_camera_formats().map_err(device_error)?;
        let format = choose(&offered, config).ok_or(CameraError::NoFormat)?;
        let exactly = RequestedFormat::with_formats(RequestedFormatType::Exact(format), &FORMATS);
        camera.set_camera_requset(exactly).map_err(device_error)?;
        camera.open_stream().map_err(device_error)?;
        tracing::info!(name = camera.info().human_name(), %format, "camera opened");
        Ok(Self { camera })
    }
}

impl Camera for Webcam {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        let encoding = match self.camera.frame_format() {
            FrameFormat::MJPEG => Encoding::Mjpeg,
            FrameFormat::YUYV => Encoding::Yuyv,
            FrameFormat::NV12 => Encoding::Nv12,
            _ => return Err(CameraError::NoFormat),
        };
        let size = self.camera.resolution();
        // The driver's own buffer: `frame` would copy all of it.
        let bytes = self.camera.frame_raw().map_err(device_error)?;
        let came_at = Instant::now();
        pixels::decode(&bytes, encoding, (size.width(), size.height()), into)?;
        Ok(came_at)
    }
}

fn device_error(error: NokhwaError) -> CameraError {
    CameraError::Device(error.to_string())
}

/// The offered mode nearest to the wanted size that is fast enough, MJPEG before raw.
fn choose(offered: &[CameraFormat], config: &CameraConfig) -> Option<CameraFormat> {
    let rank = |format: FrameFormat| FORMATS.iter().position(|known| *known == format);
    offered
        .iter()
        .filter_map(|mode| rank(mode.format()).map(|rank| (mode, rank)))
        .min_by_key(|(mode, rank)| {
            let size = mode.resolution();
            let off_size = size.width().abs_diff(config.width_px) + size.height().abs_diff(config.height_px);
            let too_slow = config.fps.saturating_sub(mode.frame_rate());
            // A slow mode of the right size is worse than a fast one of the next.
            (off_size + too_slow * 40, *rank, u32::MAX - mode.frame_rate())
        })
        .map(|(mode, _)| *mode)
}

#[cfg(test)]
mod tests {
    use nokhwa::utils::Resolution;

    use super::*;

    fn mode(width: u32, height: u32, format: FrameFormat, fps: u32) -> CameraFormat {
        CameraFormat::new(Resolution::new(width, height), format, fps)
    }

    #[test]
    fn mjpeg_at_the_wanted_size_is_chosen_before_slow_raw_pictures() {
        let offered = [
            mode(640, 480, FrameFormat::YUYV, 30),
            mode(1280, 720, FrameFormat::YUYV, 10),
            mode(1280, 720, FrameFormat::MJPEG, 30),
            mode(1920, 1080, FrameFormat::MJPEG, 30),
        ];
        assert_eq!(choose(&offered, &CameraConfig::default()), Some(offered[2]));
    }

    #[test]
    fn a_camera_with_other_formats_only_is_not_chosen() {
        assert_eq!(choose(&[mode(1280, 720, FrameFormat::GRAY, 30)], &CameraConfig::default()), None);
    }
}
