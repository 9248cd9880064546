//! A USB webcam through nokhwa (V4L2 on Linux, Media Foundation on Windows).
//! Decodes MJPEG, YUYV and NV12 itself, since nokhwa's own decoding is left out of the build.

use std::io::Cursor;

use image::RgbImage;
use nokhwa::NokhwaError;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

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
    fn next_picture(&mut self) -> Result<RgbImage, CameraError> {
        let buffer = self.camera.frame().map_err(device_error)?;
        decode(buffer.buffer(), buffer.resolution(), buffer.source_frame_format())
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

/// One frame as the driver gave it, to RGB.
fn decode(bytes: &[u8], size: Resolution, format: FrameFormat) -> Result<RgbImage, CameraError> {
    let (width, height) = (size.width(), size.height());
    let pixels = match format {
        FrameFormat::MJPEG => {
            let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
            let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
            let pixels = decoder.decode().map_err(|error| CameraError::Picture(error.to_string()))?;
            let (width, height) = decoder
                .dimensions()
                .and_then(|(width, height)| Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?)))
                .ok_or_else(|| CameraError::Picture("no size in its header".to_owned()))?;
            return RgbImage::from_raw(width, height, pixels)
                .ok_or_else(|| CameraError::Picture("not in colour".to_owned()));
        }
        FrameFormat::YUYV => yuyv_to_rgb(bytes, width, height),
        FrameFormat::NV12 => nv12_to_rgb(bytes, width, height),
        _ => return Err(CameraError::NoFormat),
    };
    pixels
        .and_then(|pixels| RgbImage::from_raw(width, height, pixels))
        .ok_or_else(|| CameraError::Picture(format!("{} bytes are too few for {width} × {height}", bytes.len())))
}

fn yuyv_to_rgb(bytes: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let pairs = (width as usize / 2) * height as usize;
    let data = bytes.get(..pairs * 4)?;
    Some(
        data.chunks_exact(4)
            .flat_map(|yuyv| [rgb(yuyv[0], yuyv[1], yuyv[3]), rgb(yuyv[2], yuyv[1], yuyv[3])])
            .flatten()
            .collect(),
    )
}

fn nv12_to_rgb(bytes: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let (width, height) = (width as usize, height as usize);
    let luma = bytes.get(..width * height)?;
    let chroma = bytes.get(width * height..width * height * 3 / 2)?;
    let mut pixels = Vec::with_capacity(width * height * 3);
    for (index, y) in luma.iter().enumerate() {
        let (column, row) = (index % width, index / width);
        let uv = row / 2 * width + column / 2 * 2;
        pixels.extend(rgb(*y, *chroma.get(uv)?, *chroma.get(uv + 1)?));
    }
    Some(pixels)
}

/// BT.601, limited range: what webcams send.
fn rgb(y: u8, u: u8, v: u8) -> [u8; 3] {
    let (y, u, v) = (1.164 * (f32::from(y) - 16.0), f32::from(u) - 128.0, f32::from(v) - 128.0);
    [y + 1.596 * v, y - 0.392 * u - 0.813 * v, y + 2.017 * u].map(|value| value.round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn half_a_frame_is_a_damaged_picture_not_a_crash() {
        let size = Resolution::new(64, 48);
        for format in FORMATS {
            let error = decode(&[128; 100], size, format).unwrap_err();
            assert!(error.is_passing(), "{format:?}: {error}");
        }
    }

    #[test]
    fn grey_and_red_survive_both_raw_formats() {
        let size = Resolution::new(4, 2);
        let yuyv = decode(&[81, 90, 81, 240].repeat(4), size, FrameFormat::YUYV).unwrap();
        let nv12 = decode(&[[81u8; 8].as_slice(), &[90, 240].repeat(2)].concat(), size, FrameFormat::NV12).unwrap();
        for picture in [yuyv, nv12] {
            let [r, g, b] = picture.get_pixel(3, 1).0;
            assert!(r > 250 && g < 5 && b < 5, "{r} {g} {b}");
        }
    }
}
