//! A camera that plays recorded MJPEG frames: the very bytes a webcam sends, at a webcam's pace,
//! through a webcam's decoder. For measuring.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::pixels::{self, Encoding};
use super::simulated::{Pace, Scene, SimulatedCamera, Stage};
use super::{Camera, CameraError};

/// JPEG frames, played again and again.
pub type Reel = Arc<[Vec<u8>]>;

/// Films a scene with the simulated camera, without waiting: one second of it, in a camera's own size.
pub fn record(scene: Scene, (width, height): (u32, u32), fps: u32) -> Result<Reel, CameraError> {
    let camera = SimulatedCamera::open(Stage::default(), fps)?;
    let mut picture = RgbImage::default();
    (0..fps)
        .map(|index| {
            camera.paint(&scene, index as f32 / fps as f32, &mut picture);
            if picture.dimensions() != (width, height) {
                let painted = DynamicImage::from(std::mem::take(&mut picture));
                picture = painted.resize_to_fill(width, height, FilterType::Triangle).into_rgb8();
            }
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, 85);
            // As most webcams do.
            encoder.set_sampling_factor(SamplingFactor::R_4_2_2);
            let (width, height) = (picture.width() as u16, picture.height() as u16);
            encoder
                .encode(&picture, width, height, ColorType::Rgb)
                .map_err(|error| CameraError::Picture(error.to_string()))?;
            Ok(bytes)
        })
        .collect()
}

/// Chooses the reel. Clones share it: one side plays, the other shows.
#[derive(Clone)]
pub struct Projector(Arc<Mutex<Reel>>);

impl Projector {
    pub fn new(reel: Reel) -> Self {
        Self(Arc::new(Mutex::new(reel)))
    }

    pub fn play(&self, reel: &Reel) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = reel.clone();
    }

    fn reel(&self) -> Reel {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub struct Replay {
    projector: Projector,
    pace: Pace,
    index: usize,
}

impl Replay {
    pub fn open(projector: Projector, fps: u32) -> Self {
        Self { projector, pace: Pace::new(fps), index: 0 }
    }
}

impl Camera for Replay {
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
        let came_at = self.pace.wait();
        let reel = self.projector.reel();
        self.index = (self.index + 1) % reel.len().max(1);
        let bytes = reel.get(self.index).ok_or(CameraError::NoCamera)?;
        pixels::decode(bytes, Encoding::Mjpeg, (0, 0), into)?;
        Ok(came_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filmed_is_shown_again_and_again() {
        let reel = record(Scene::Empty, (1920, 1080), 3).unwrap();
        let projector = Projector::new(reel);
        let mut camera = Replay::open(projector.clone(), 1000);
        let mut picture = RgbImage::default();
        for _ in 0..7 {
            camera.next_picture(&mut picture).unwrap();
            assert_eq!(picture.dimensions(), (1920, 1080));
        }
        assert!(picture.get_pixel(960, 540).0[0] > 200, "the wall is light");
        projector.play(&Reel::default());
        assert!(camera.next_picture(&mut picture).is_err());
    }
}
