//! The picture: from a still to a portrait that meets the standard (教毕指〔2017〕99号).
//!
//! Allowed are cropping, scaling and replacing the background. Nothing here mirrors, rotates,
//! smooths or otherwise changes the person; a tilted head is a retake, not a fix.

pub mod crop;
pub mod decode;
pub mod develop;
pub mod face;
pub mod foreground;
pub mod framing;
pub mod jpeg;
pub mod matting;
pub mod plate;
pub mod raster;
pub mod runtime;
pub mod standard;

use image::RgbImage;
use serde::Serialize;
use zeroize::{Zeroize, Zeroizing};

pub use framing::Framing;

/// A finished portrait, ready for review and submission.
pub struct Portrait {
    /// Baseline JPEG, 24-bit sRGB, 300 dpi.
    pub jpeg: Zeroizing<Vec<u8>>,
    /// The same picture decoded, for the screen.
    pub pixels: RgbImage,
    /// JPEG quality, 1–100.
    pub quality: u8,
    /// RGB of the uniform background.
    pub background: [u8; 3],
    pub geometry: Geometry,
    /// Every check that was made, passed or not.
    pub findings: Vec<Finding>,
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

/// One clause of the standard that the booth can measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Faces in the picture.
    FaceCount,
    /// Source pixels per portrait pixel: below the limit the portrait would invent pixels.
    Resolution,
    /// Top of the hair to the top edge, px.
    Crown,
    /// Eyes to the top edge, px.
    Eyes,
    /// Cheek to cheek, px.
    FaceWidth,
    /// Middle of the face to the middle of the picture, px.
    Centre,
    /// Tilt of the line through the eyes, degrees.
    HeadRoll,
    /// The person reaches the bottom edge, and the frame does not cut off the head.
    Cropping,
    /// JPEG size, bytes.
    FileSize,
}

/// What a check measured and what the profile allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    pub check: Check,
    pub measured: f32,
    /// Lowest and highest allowed value.
    pub allowed: (f32, f32),
}

impl Finding {
    pub fn passed(&self) -> bool {
        (self.allowed.0..=self.allowed.1).contains(&self.measured)
    }
}

/// A failed check that the student can do something about.
pub type RetakeReason = Finding;

impl std::fmt::Debug for Portrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Portrait({} bytes)", self.jpeg.len())
    }
}

impl Drop for Portrait {
    fn drop(&mut self) {
        self.pixels.as_flat_samples_mut().samples.zeroize();
    }
}
