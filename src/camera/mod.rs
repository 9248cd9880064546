//! Cameras: something that gives one picture after another. A real webcam and the demo's simulated
//! one are ordinary backends of the same trait. Pictures are never mirrored here.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use image::RgbImage;
use thiserror::Error;

#[cfg(feature = "demo")]
pub mod simulated;
pub mod webcam;

#[derive(Debug, Error)]
pub enum CameraError {
    #[error("no camera is connected")]
    NoCamera,
    #[error("no connected camera is named like {0:?}; change [camera] device in the config")]
    NotFound(String),
    #[error("the camera offers no picture format this program reads (MJPEG, YUYV or NV12)")]
    NoFormat,
    #[error("the camera cannot be used: {0}")]
    Device(String),
    #[error("the camera sent a damaged picture: {0}")]
    Picture(String),
}

impl CameraError {
    /// One bad picture is skipped; anything else means opening the camera again.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Picture(_))
    }
}

pub trait Camera {
    /// Waits for the next picture: 24-bit RGB, as the lens sees it.
    fn next_picture(&mut self) -> Result<RgbImage, CameraError>;
}

/// Opens the camera, again and again if need be.
pub type OpenCamera = Box<dyn FnMut() -> Result<Box<dyn Camera>, CameraError> + Send>;

/// A picture and when it came.
#[derive(Clone)]
pub struct Frame {
    pub picture: Arc<RgbImage>,
    pub taken_at: Instant,
}

/// Where the camera leaves its newest frame. Older ones are dropped: nobody wants a late frame.
#[derive(Clone, Default)]
pub struct FrameSlot(Arc<(Mutex<Option<Frame>>, Condvar)>);

impl FrameSlot {
    pub fn put(&self, frame: Frame) {
        let (slot, arrived) = &*self.0;
        // The old frame is freed after the lock.
        let _old = lock(slot).replace(frame);
        arrived.notify_all();
    }

    pub fn newest(&self) -> Option<Frame> {
        lock(&self.0.0).clone()
    }

    /// The first frame taken after `moment`, or `None` when none comes within `patience`.
    pub fn newer_than(&self, moment: Instant, patience: Duration) -> Option<Frame> {
        let (slot, arrived) = &*self.0;
        let is_old = |frame: &mut Option<Frame>| frame.as_ref().is_none_or(|frame| frame.taken_at <= moment);
        let (frame, _) =
            arrived.wait_timeout_while(lock(slot), patience, is_old).unwrap_or_else(PoisonError::into_inner);
        frame.clone().filter(|frame| frame.taken_at > moment)
    }
}

/// A panic while holding the lock leaves a whole frame or none: both are fine to go on with.
fn lock(slot: &Mutex<Option<Frame>>) -> MutexGuard<'_, Option<Frame>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
