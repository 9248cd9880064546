//! The picture: from a still to a portrait that meets the standard (教毕指〔2017〕99号).
//!
//! Allowed are cropping, scaling and replacing the background. Nothing here mirrors, rotates,
//! smooths or otherwise changes the person; a tilted head is a retake, not a fix.

pub mod band;
pub mod burst;
pub mod checks;
pub mod colours;
pub mod crop;
pub mod cut_out;
pub mod decode;
pub mod develop;
pub mod face;
mod finding;
pub mod foreground;
pub mod framing;
pub mod guides;
pub mod import;
pub mod jpeg;
pub mod layers;
pub mod mask;
pub mod matting;
pub mod plate;
pub mod raster;
pub mod runtime;
pub mod standard;

use std::ops::Deref;
use std::sync::Arc;

use image::RgbImage;
use serde::Serialize;
use zeroize::{Zeroize, Zeroizing};

pub use finding::{Check, Finding, RetakeReason, Severity, Verdict};
pub use framing::Framing;
pub use guides::Lines;
pub use layers::Layers;

/// A finished portrait, ready for review and submission.
pub struct Portrait {
    /// Baseline JPEG, 24-bit sRGB, 300 dpi.
    pub jpeg: Zeroizing<Vec<u8>>,
    /// The same picture decoded, for the screen.
    pub pixels: Wiped,
    /// The same part of the still with its own background, for comparison on the screen only.
    pub before: Wiped,
    /// JPEG quality, 1–100.
    pub quality: u8,
    /// RGB of the uniform background.
    pub background: [u8; 3],
    pub geometry: Geometry,
    /// Every check that was made, passed or not.
    pub findings: Vec<Finding>,
    /// With them the background can be changed.
    pub layers: Option<Arc<Layers>>,
}

/// Where the face is in the portrait, in portrait pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Geometry {
    /// Top of the hair to the top edge.
    pub crown_px: f32,
    /// Middle between the eyes to the top edge.
    pub eyes_px: f32,
    /// Cheek to cheek.
    pub face_width_px: f32,
    /// Middle of the face minus middle of the picture; positive is right.
    pub centre_offset_px: f32,
}

impl std::fmt::Debug for Portrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Portrait({} bytes)", self.jpeg.len())
    }
}

/// A picture of somebody: overwritten in memory when it is dropped, never printed.
#[derive(Clone, Default)]
pub struct Wiped(pub RgbImage);

impl Deref for Wiped {
    type Target = RgbImage;

    fn deref(&self) -> &RgbImage {
        &self.0
    }
}

impl std::fmt::Debug for Wiped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wiped({} × {})", self.0.width(), self.0.height())
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.as_flat_samples_mut().samples.zeroize();
    }
}
