//! The camera page: what the driver offers, what its pictures are like, and what staff choose.

use std::sync::Arc;

use image::RgbImage;

use super::BackRoom;
use crate::camera::chosen;
use crate::operator::{Answer, CameraChange, CameraChoice, CameraControl, Lock, Look};

impl BackRoom {
    pub(super) fn see_camera(&self) -> Answer {
        let chosen = self.shared.camera_choice.get();
        match self.hands.camera.offer(&chosen) {
            Ok(offer) => Answer::Camera(Arc::new(CameraChoice { offer, is_chosen: !chosen.is_empty() })),
            Err(error) => {
                tracing::warn!(%error, "what the camera offers is not known");
                Answer::CameraFailed
            }
        }
    }

    pub(super) fn look_at_picture(&self) -> Answer {
        let fps = self.facts.count_frames();
        let Some(frame) = self.shared.frames.newest() else { return Answer::Look(Arc::default()) };
        let age_ms = Some(frame.taken_at.elapsed().as_millis() as u64);
        Answer::Look(Arc::new(Look { fps, age_ms, ..look(&frame.picture) }))
    }

    /// Kept before it is used: what is seen after a restart is what was seen before.
    pub(super) fn change_camera(&self, change: CameraChange) -> Answer {
        let mut chosen = self.shared.camera_choice.get();
        match change {
            CameraChange::Device(key) => {
                // Another camera has other modes and other values.
                chosen = chosen::Chosen { device: Some(key), ..chosen::Chosen::default() };
            }
            CameraChange::Mode(mode) => chosen.mode = Some(mode),
            CameraChange::Hold(CameraControl::Exposure, lock) => chosen.exposure = Some(lock),
            CameraChange::Hold(CameraControl::WhiteBalance, lock) => chosen.white_balance = Some(lock),
            CameraChange::Hold(CameraControl::Focus, lock) => chosen.focus = Some(lock),
            CameraChange::Forget => chosen = chosen::Chosen::default(),
        }
        if let Err(error) = chosen.save(&chosen::file(&self.shared.config.data)) {
            tracing::error!(%error, "the choice of camera was not kept");
            return Answer::CameraFailed;
        }
        self.shared.camera_choice.set(chosen);
        self.see_camera()
    }
}

/// What the audit log says was chosen.
pub(super) fn subject(change: &CameraChange) -> String {
    let held = |name: &str, lock: &Lock| match lock {
        Lock::Auto => format!("{name} auto"),
        Lock::Locked(value) => format!("{name} {value}"),
    };
    match change {
        CameraChange::Device(key) => key.clone(),
        CameraChange::Mode(mode) => format!("{} × {}, {} fps", mode.width_px, mode.height_px, mode.fps),
        CameraChange::Hold(CameraControl::Exposure, lock) => held("exposure", lock),
        CameraChange::Hold(CameraControl::WhiteBalance, lock) => held("white_balance", lock),
        CameraChange::Hold(CameraControl::Focus, lock) => held("focus", lock),
        CameraChange::Forget => "kiosk.toml".to_owned(),
    }
}

/// Of some ten thousand pixels all over the picture.
fn look(picture: &RgbImage) -> Look {
    // A prime number of pixels apart, so that no column is looked at only.
    const APART: usize = 97;
    const WHITE: u32 = 250;
    let (mut counts, mut white, mut all) = ([0_u32; Look::COLUMNS], 0_u32, 0_u32);
    for pixel in picture.pixels().step_by(APART) {
        let [red, green, blue] = pixel.0.map(u32::from);
        let luma = (299 * red + 587 * green + 114 * blue) / 1000;
        counts[luma as usize * Look::COLUMNS / 256] += 1;
        white += u32::from(luma >= WHITE);
        all += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    Look {
        size_px: picture.dimensions(),
        histogram: counts.map(|count| count as f32 / most as f32),
        burnt_out: white as f32 / all.max(1) as f32,
        ..Look::default()
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn a_histogram_says_how_bright_a_picture_is() {
        let grey = look(&RgbImage::from_pixel(640, 480, Rgb([100; 3])));
        assert_eq!((grey.histogram[100 / 8], grey.burnt_out, grey.size_px), (1.0, 0.0, (640, 480)));
        assert!(grey.histogram.iter().filter(|share| **share > 0.0).count() == 1);
        let half = look(&RgbImage::from_fn(640, 480, |_, y| Rgb([if y < 240 { 255 } else { 0 }; 3])));
        assert!((half.burnt_out - 0.5).abs() < 0.01 && half.histogram[0] > 0.9 && half.histogram[31] > 0.9);
        assert_eq!(look(&RgbImage::new(0, 0)).burnt_out, 0.0);
    }
}
