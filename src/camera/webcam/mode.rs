//! Modes of a webcam, and which one the booth takes.

use std::fmt;

use crate::camera::pixels::Encoding;
use crate::config::CameraConfig;

/// One way a webcam can send pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    pub encoding: Encoding,
    pub width: u32,
    pub height: u32,
    pub fps: u32,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} {} at {} fps", self.width, self.height, self.encoding.name(), self.fps)
    }
}

/// Fast enough for a preview that follows the sitter.
const FLUID_FPS: u32 = 25;

/// The offered mode nearest to the wanted size that is fast enough, MJPEG before raw.
pub fn choose(offered: &[Mode], config: &CameraConfig) -> Option<Mode> {
    let enough = config.fps.min(FLUID_FPS);
    let cost = |mode: &&Mode| {
        let off_size = mode.width.abs_diff(config.width_px) + mode.height.abs_diff(config.height_px);
        // A slow mode of the right size is worse than a fast one of the next.
        let too_slow = enough.saturating_sub(mode.fps) * 40;
        (off_size + too_slow, rank(mode.encoding), mode.fps.abs_diff(config.fps))
    };
    offered.iter().min_by_key(cost).copied()
}

/// No side of a still needs to be longer: a portrait has 480 × 640 pixels.
const MOST: (u32, u32) = (1920, 1080);

/// The largest mode for stills in which the camera sees what it sees in `preview`, if it is larger than that.
pub fn largest_like(offered: &[Mode], preview: Mode) -> Option<Mode> {
    /// Three stills within a second.
    const LEAST_FPS: u32 = 5;
    // Another shape is another part of the sensor, and a sitter who was in the middle is not.
    let has_its_shape = |mode: &Mode| mode.width * preview.height == mode.height * preview.width;
    offered
        .iter()
        .filter(|mode| mode.width > preview.width && mode.width <= MOST.0 && mode.height <= MOST.1)
        .filter(|mode| mode.fps >= LEAST_FPS && has_its_shape(mode))
        .max_by_key(|mode| (mode.width, mode.fps, std::cmp::Reverse(rank(mode.encoding))))
        .copied()
}

/// MJPEG before raw: it is the only one that webcams give at full rate and size.
fn rank(encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Mjpeg => 0,
        Encoding::Yuyv => 1,
        Encoding::Nv12 => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(width: u32, height: u32, encoding: Encoding, fps: u32) -> Mode {
        Mode { encoding, width, height, fps }
    }

    #[test]
    fn mjpeg_at_the_wanted_size_is_chosen_before_slow_raw_pictures() {
        let offered = [
            mode(640, 480, Encoding::Yuyv, 30),
            mode(1280, 720, Encoding::Yuyv, 10),
            mode(1280, 720, Encoding::Mjpeg, 30),
            mode(1280, 720, Encoding::Mjpeg, 60),
            mode(1920, 1080, Encoding::Mjpeg, 30),
        ];
        assert_eq!(choose(&offered, &CameraConfig::default()), Some(offered[2]));
    }

    #[test]
    fn a_fast_small_mode_is_chosen_before_a_slow_one_of_the_right_size() {
        let offered = [mode(1280, 720, Encoding::Yuyv, 5), mode(800, 600, Encoding::Yuyv, 30)];
        assert_eq!(choose(&offered, &CameraConfig::default()), Some(offered[1]));
    }

    #[test]
    fn twenty_five_pictures_a_second_are_as_good_as_thirty() {
        let offered = [mode(1280, 720, Encoding::Mjpeg, 25), mode(1280, 960, Encoding::Mjpeg, 30)];
        assert_eq!(choose(&offered, &CameraConfig::default()), Some(offered[0]));
    }

    #[test]
    fn stills_are_as_large_as_the_camera_films_what_the_preview_shows() {
        let preview = mode(1280, 720, Encoding::Mjpeg, 30);
        let offered = [
            preview,
            mode(1920, 1080, Encoding::Yuyv, 5),
            mode(1920, 1080, Encoding::Mjpeg, 30),
            mode(1600, 1200, Encoding::Mjpeg, 30),
            mode(3840, 2160, Encoding::Mjpeg, 30),
            mode(1600, 900, Encoding::Mjpeg, 30),
        ];
        assert_eq!(largest_like(&offered, preview), Some(offered[2]));
        assert_eq!(largest_like(&offered, offered[2]), None, "it is the largest already");
        assert_eq!(largest_like(&[preview, mode(1920, 1080, Encoding::Yuyv, 2)], preview), None, "two a second");
    }

    #[test]
    fn a_camera_without_a_known_encoding_has_no_mode() {
        assert_eq!(choose(&[], &CameraConfig::default()), None);
    }
}
