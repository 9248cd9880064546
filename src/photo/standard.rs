//! The photo standard 教毕指〔2017〕99号 as a profile of numbers, and the checks made against it.
//!
//! Every number is a field of [`PhotoProfile`], since schools differ; the defaults are the national
//! ones. A check never guesses: it reports what was measured and what is allowed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Check, Finding, Geometry};

/// What one school asks of a portrait. All lengths in portrait pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PhotoProfile {
    pub name: String,
    pub width_px: u32,
    pub height_px: u32,
    pub dpi: u16,
    /// Lowest JPEG quality, 1–100.
    pub min_quality: u8,
    /// Smallest and largest file, bytes.
    pub file_bytes: (u32, u32),
    /// RGB of the uniform background.
    pub background: [u8; 3],
    pub crown_px: (f32, f32),
    pub eyes_px: (f32, f32),
    pub face_width_px: (f32, f32),
    /// How far the middle of the face may be from the middle of the picture, to either side.
    pub centre_offset_px: f32,
    /// ISO/IEC 19794-5: how far the head may tilt, degrees.
    pub roll_deg: f32,
    /// Least number of source pixels per portrait pixel.
    pub min_resolution: f32,
}

impl Default for PhotoProfile {
    fn default() -> Self {
        Self {
            name: "national".to_owned(),
            width_px: 480,
            height_px: 640,
            dpi: 300,
            min_quality: 60,
            file_bytes: (30_720, 40_000),
            background: [255, 255, 255],
            crown_px: (50.0, 110.0),
            eyes_px: (200.0, 300.0),
            face_width_px: (180.0, 300.0),
            centre_offset_px: 12.0,
            roll_deg: 8.0,
            min_resolution: 0.5,
        }
    }
}

impl PhotoProfile {
    /// SHA-256 of all its numbers: which rules a portrait was made by.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(serde_json::to_vec(self).expect("plain data")).into()
    }

    /// Everything wrong with the profile's own numbers, in words for IT.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut range = |key: &str, (low, high): (f32, f32), limit: u32| {
            if !(low >= 0.0 && low < high && high <= limit as f32) {
                problems
                    .push(format!("{key} = [{low}, {high}]: the first number must be smaller, both within 0–{limit}"));
            }
        };
        range("crown_px", self.crown_px, self.height_px);
        range("eyes_px", self.eyes_px, self.height_px);
        range("face_width_px", self.face_width_px, self.width_px);
        range("file_bytes", (self.file_bytes.0 as f32, self.file_bytes.1 as f32), 10_000_000);
        if !(64..=4096).contains(&self.width_px) || !(64..=4096).contains(&self.height_px) {
            problems.push(format!(
                "width_px × height_px = {} × {}: both must be within 64–4096",
                self.width_px, self.height_px
            ));
        }
        if !(1..=100).contains(&self.min_quality) {
            problems.push(format!("min_quality = {}: must be within 1–100", self.min_quality));
        }
        problems
    }

    pub fn check_faces(&self, faces: usize) -> Finding {
        Finding { check: Check::FaceCount, measured: faces as f32, allowed: (1.0, 1.0) }
    }

    pub fn check_roll(&self, roll_deg: f32) -> Finding {
        Finding { check: Check::HeadRoll, measured: roll_deg, allowed: (-self.roll_deg, self.roll_deg) }
    }

    /// Source pixels per portrait pixel.
    pub fn check_resolution(&self, measured: f32) -> Finding {
        Finding { check: Check::Resolution, measured, allowed: (self.min_resolution, f32::INFINITY) }
    }

    /// Portrait pixels of the person that the still does not show.
    pub fn check_cropping(&self, missing_px: f32) -> Finding {
        Finding { check: Check::Cropping, measured: missing_px, allowed: (0.0, 2.0) }
    }

    pub fn check_file_size(&self, bytes: usize) -> Finding {
        Finding {
            check: Check::FileSize,
            measured: bytes as f32,
            allowed: (self.file_bytes.0 as f32, self.file_bytes.1 as f32),
        }
    }

    pub fn check_geometry(&self, geometry: &Geometry) -> [Finding; 4] {
        let finding = |check, measured, allowed| Finding { check, measured, allowed };
        [
            finding(Check::Crown, geometry.crown_px, self.crown_px),
            finding(Check::Eyes, geometry.eyes_px, self.eyes_px),
            finding(Check::FaceWidth, geometry.face_width_px, self.face_width_px),
            finding(Check::Centre, geometry.centre_offset_px, (-self.centre_offset_px, self.centre_offset_px)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_national_profile_is_sound() {
        assert!(PhotoProfile::default().problems().is_empty());
    }

    #[test]
    fn both_ends_of_a_range_are_allowed_and_one_step_beyond_is_not() {
        let profile = PhotoProfile::default();
        let geometry = Geometry { crown_px: 50.0, eyes_px: 300.0, face_width_px: 180.0, centre_offset_px: -12.0 };
        assert!(profile.check_geometry(&geometry).iter().all(Finding::passed));
        let geometry = Geometry { crown_px: 49.9, eyes_px: 300.1, face_width_px: 179.9, centre_offset_px: 12.1 };
        assert!(!profile.check_geometry(&geometry).iter().any(Finding::passed));
    }
}
