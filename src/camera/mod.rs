//! Cameras: something that gives one picture after another. A real webcam and the demo's simulated
//! one are ordinary backends of the same trait. Pictures are never mirrored here.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use image::RgbImage;
use thiserror::Error;

use crate::config::CameraConfig;
use chosen::Chosen;
use offer::Offer;
use stills::Use;

pub mod chosen;
pub mod offer;
mod pixels;
pub mod replay;
pub mod simulated;
pub mod stills;
pub mod webcam;

#[derive(Debug, Error)]
pub enum CameraError {
    #[error("no camera is connected")]
    NoCamera,
    #[error("no connected camera is named like {0:?}; change [camera] device in the config")]
    NotFound(String),
    #[error("the camera offers no picture format this program reads (MJPEG, YUYV or NV12)")]
    NoFormat,
    #[error("another program uses the camera; end it")]
    Busy,
    #[error("{0} may not be opened; the booth's user has to be in the group video")]
    Forbidden(String),
    #[error("the camera sends no pictures any more")]
    Stalled,
    #[error("the camera sends the same picture again and again")]
    Frozen,
    #[error("the picture is black; is the lens covered?")]
    Black,
    #[error("the camera cannot be used: {0}")]
    Device(String),
    #[error("the camera sent a damaged picture: {0}")]
    Picture(String),
}

impl CameraError {
    /// One bad picture is skipped; anything else means opening the camera again.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Picture(_) | Self::Black)
    }
}

pub trait Camera {
    /// Waits for the next picture and leaves it in `into`: 24-bit RGB, as the lens sees it. What was in
    /// `into` is written over, its memory used again when the size is the same. After an error it
    /// holds nothing of use. Returns when the driver gave it, before it was decoded.
    fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError>;

    /// Its mode for stills, of this device, where it has one with larger pictures.
    fn still_mode(&self) -> Option<String> {
        None
    }

    /// From now on it sends pictures for this. After an error it has to be opened again.
    fn change(&mut self, _to: Use) -> Result<(), CameraError> {
        Ok(())
    }
}

/// Where pictures come from: opened again and again if need be, each time on a thread of its own.
pub trait Source: Send + Sync {
    /// With what staff chose at the booth.
    fn open(&self, chosen: &Chosen) -> Result<Box<dyn Camera>, CameraError>;

    /// What may be chosen, and what is in use now.
    fn offer(&self, _chosen: &Chosen) -> Result<Offer, CameraError> {
        Ok(Offer::default())
    }
}

/// A camera without a choice.
impl<F: Fn() -> Result<Box<dyn Camera>, CameraError> + Send + Sync> Source for F {
    fn open(&self, _chosen: &Chosen) -> Result<Box<dyn Camera>, CameraError> {
        self()
    }
}

pub type OpenCamera = Arc<dyn Source>;

/// Opens the config's webcam, and after a loss the same one again wherever it turns up.
pub fn open_webcam(config: CameraConfig) -> OpenCamera {
    Arc::new(webcam::Webcams::new(config))
}

/// A picture and when it came.
#[derive(Clone)]
pub struct Frame {
    pub picture: Arc<RgbImage>,
    pub taken_at: Instant,
}

/// The camera's pictures in turn, each used again when nobody looks at it any more: a running preview
/// allocates no frames, and the last picture of somebody who left is soon written over.
#[derive(Default)]
pub struct FramePool(VecDeque<Arc<RgbImage>>);

impl FramePool {
    /// More are in use only while somebody holds on to old frames.
    const KEPT: usize = 4;

    /// The next frame of `camera`.
    pub fn next_frame(&mut self, camera: &mut dyn Camera) -> Result<Frame, CameraError> {
        let free = self.0.iter().position(|picture| Arc::strong_count(picture) == 1);
        let mut picture = free.and_then(|index| self.0.remove(index)).unwrap_or_default();
        // Nobody else holds it, so that nothing is copied.
        let taken_at = camera.next_picture(Arc::make_mut(&mut picture));
        if self.0.len() < Self::KEPT {
            self.0.push_back(picture.clone());
        }
        taken_at.map(|taken_at| Frame { picture, taken_at })
    }
}

/// Where the camera leaves its newest frame. Older ones are dropped: nobody wants a late frame.
#[derive(Clone, Default)]
pub struct FrameSlot(Arc<(Mutex<Option<Frame>>, Condvar, AtomicU64)>);

impl FrameSlot {
    pub fn put(&self, frame: Frame) {
        let (slot, arrived, count) = &*self.0;
        // The old frame is freed after the lock.
        let _old = lock(slot).replace(frame);
        count.fetch_add(1, Ordering::Relaxed);
        arrived.notify_all();
    }

    pub fn clear(&self) {
        let _old = lock(&self.0.0).take();
    }

    /// How many frames have come.
    pub fn count(&self) -> u64 {
        self.0.2.load(Ordering::Relaxed)
    }

    pub fn newest(&self) -> Option<Frame> {
        lock(&self.0.0).clone()
    }

    /// The first frame taken after `moment`, or `None` when none comes within `patience`.
    pub fn newer_than(&self, moment: Instant, patience: Duration) -> Option<Frame> {
        let (slot, arrived, _) = &*self.0;
        let is_old = |frame: &mut Option<Frame>| frame.as_ref().is_none_or(|frame| frame.taken_at <= moment);
        let (frame, _) =
            arrived.wait_timeout_while(lock(slot), patience, is_old).unwrap_or_else(PoisonError::into_inner);
        frame.clone().filter(|frame| frame.taken_at > moment)
    }

    /// The next `count` pictures after `moment`; fewer when the camera stops for `patience`.
    pub fn burst(&self, count: usize, moment: Instant, patience: Duration) -> Vec<Arc<RgbImage>> {
        let mut last = moment;
        let next = || {
            let frame = self.newer_than(last, patience)?;
            last = frame.taken_at;
            Some(frame.picture)
        };
        std::iter::from_fn(next).take(count).collect()
    }
}

/// A panic while holding the lock leaves a whole value or the one before, such as a frame or none: both are fine to go
/// on with.
fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Each picture holds the next value; `None` is a camera that was pulled out.
    struct Counting(Option<u8>);

    impl Camera for Counting {
        fn next_picture(&mut self, into: &mut RgbImage) -> Result<Instant, CameraError> {
            let value = self.0.as_mut().ok_or(CameraError::NoCamera)?;
            *value += 1;
            if into.is_empty() {
                *into = RgbImage::new(4, 3);
            }
            into.fill(*value);
            Ok(Instant::now())
        }
    }

    #[test]
    fn frames_are_used_again_but_never_one_that_somebody_holds() {
        let (mut pool, mut camera) = (FramePool::default(), Counting(Some(0)));
        let held = pool.next_frame(&mut camera).unwrap().picture;
        let places: HashSet<_> = (0..40).map(|_| pool.next_frame(&mut camera).unwrap().picture.as_ptr()).collect();
        assert_eq!((places.len(), places.contains(&held.as_ptr()), held.as_raw()[0]), (1, false, 1));
    }

    #[test]
    fn holding_many_frames_costs_memory_and_nothing_else() {
        let (mut pool, mut camera) = (FramePool::default(), Counting(Some(0)));
        let held: Vec<_> = (0..20).map(|_| pool.next_frame(&mut camera).unwrap().picture).collect();
        assert!(held.iter().zip(1..).all(|(picture, value)| picture.as_raw()[0] == value));
        assert!(pool.0.len() <= FramePool::KEPT);
    }

    #[test]
    fn a_burst_is_what_comes_after_the_shutter_and_ends_with_the_camera() {
        let (slot, start) = (FrameSlot::default(), Instant::now());
        let frame = move |ms| Frame { picture: Arc::default(), taken_at: start + Duration::from_millis(ms) };
        slot.put(frame(5));
        assert_eq!(slot.burst(3, start + Duration::from_millis(5), Duration::ZERO).len(), 0);
        slot.put(frame(10));
        assert_eq!(slot.burst(3, start + Duration::from_millis(5), Duration::ZERO).len(), 1);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                for ms in 11..200 {
                    slot.put(frame(ms));
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
            assert_eq!(slot.burst(3, start, Duration::from_secs(5)).len(), 3);
        });
    }

    #[test]
    fn a_camera_that_fails_gives_no_frame_and_loses_no_memory() {
        let mut pool = FramePool::default();
        let place = pool.next_frame(&mut Counting(Some(0))).unwrap().picture.as_ptr();
        assert!(pool.next_frame(&mut Counting(None)).is_err());
        assert_eq!(pool.next_frame(&mut Counting(Some(0))).unwrap().picture.as_ptr(), place);
    }
}
