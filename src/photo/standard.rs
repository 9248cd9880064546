//! The photo standard 教毕指〔2017〕99号 as a profile of numbers, and the checks made against it.
//!
//! Every number is a field of [`PhotoProfile`], since schools differ; the defaults are the national
//! ones. A check never guesses: it reports what was measured and what is allowed.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Check, Finding, Geometry, Severity};

/// What one school asks of a portrait. All lengths in portrait pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PhotoProfile {
    pub name: String,
    #[schemars(range(min = 64, max = 4096))]
    pub width_px: u32,
    #[schemars(range(min = 64, max = 4096))]
    pub height_px: u32,
    #[schemars(range(min = 1))]
    pub dpi: u16,
    /// Lowest JPEG quality, 1–100.
    #[schemars(range(min = 1, max = 100))]
    pub min_quality: u8,
    /// Smallest and largest file, bytes.
    pub file_bytes: (u32, u32),
    /// RGB of the uniform background.
    pub background: [u8; 3],
    /// Others that a student may choose instead: as many as fit on the screen.
    #[schemars(length(max = 4))]
    pub other_backgrounds: Vec<[u8; 3]>,
    /// Students may not bring a picture.
    pub live_only: bool,
    pub crown_px: (f32, f32),
    pub eyes_px: (f32, f32),
    pub face_width_px: (f32, f32),
    /// How far the middle of the face may be from the middle of the picture, to either side.
    pub centre_offset_px: f32,
    /// ISO/IEC 19794-5: how far the head may tilt, degrees.
    pub roll_deg: f32,
    pub yaw_deg: f32,
    pub pitch_deg: f32,
    pub shoulders_deg: f32,
    /// How much of the head the edge of the source may take away.
    pub max_head_cut_px: f32,
    /// Least number of source pixels per portrait pixel.
    pub min_resolution: f32,
    /// Least distance of the eyes in the source, px.
    pub min_eye_distance_px: f32,
    /// Faces narrower than this share of the largest do not count: a poster far behind.
    pub min_other_face: f32,
    /// Least gap between the lids, % of the distance from the eyes to the chin.
    pub min_eye_gap: f32,
    /// Least gap between the lids as a share of the sitter's own while framing.
    pub min_eye_share: f32,
    /// Largest gap between the lips, % of the same.
    pub max_lip_gap: f32,
    /// How far the irises may be from the middle of the eyes, % of an eye's width.
    pub max_gaze: f32,
    /// Least brightness of the bright parts of the face, 0–255.
    pub min_brightness: f32,
    /// Largest share of the face that may be burnt out, %.
    pub max_burnt: f32,
    /// Widest smear of an edge, portrait px.
    pub max_blur_px: f32,
    /// The same along one axis.
    pub max_motion_px: f32,
    /// Largest difference in light between the halves of the face, %.
    pub max_uneven_light: f32,
    /// Largest distance of the skin's colour from natural ones, Lab units.
    pub max_colour_cast: f32,
    /// Largest share of the irises that may shine red, %.
    pub max_red_eye: f32,
    /// Largest share of the face that may shine, %.
    pub max_shine: f32,
    /// Largest share of the background that may differ from its colour, %.
    pub max_background_stain: f32,
    /// Largest share of the strip above the brows that hair may cover, %.
    pub max_brow_cover: f32,
    /// Least share of skin where the ears are, %.
    pub min_ear: f32,
    /// Largest white reflection around the eyes, %.
    pub max_glare: f32,
    /// Least brightness around the eyes, % of the cheeks'.
    pub min_lens_brightness: f32,
    /// Largest contrast of a bar over the nose, % of the skin's brightness.
    pub max_nose_bar: f32,
    /// Largest difference between crown and side hair, Lab units.
    pub max_headwear: f32,
    /// Least difference between clothes and background, Lab units.
    pub min_clothes_contrast: f32,
    /// What a failed check means. One that is not named here keeps its usual severity.
    #[schemars(schema_with = "one_for_each_check")]
    pub severity: BTreeMap<Check, Severity>,
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
            other_backgrounds: Vec::new(),
            live_only: false,
            crown_px: (50.0, 110.0),
            eyes_px: (200.0, 300.0),
            face_width_px: (180.0, 300.0),
            centre_offset_px: 12.0,
            roll_deg: 8.0,
            yaw_deg: 20.0,
            pitch_deg: 22.0,
            shoulders_deg: 10.0,
            max_head_cut_px: 12.0,
            min_resolution: 0.5,
            min_eye_distance_px: 20.0,
            min_other_face: 0.12,
            min_eye_gap: 2.8,
            min_eye_share: 0.5,
            max_lip_gap: 5.0,
            max_gaze: 14.0,
            min_brightness: 100.0,
            max_burnt: 10.0,
            max_blur_px: 1.5,
            max_motion_px: 1.7,
            max_uneven_light: 60.0,
            max_colour_cast: 7.0,
            max_red_eye: 25.0,
            max_shine: 6.0,
            max_background_stain: 2.5,
            max_brow_cover: 25.0,
            min_ear: 3.0,
            max_glare: 3.0,
            min_lens_brightness: 60.0,
            max_nose_bar: 21.0,
            max_headwear: 55.0,
            min_clothes_contrast: 16.0,
            severity: Check::ALL.into_iter().map(|check| (check, usual_severity(check))).collect(),
        }
    }
}

/// An object with a key for each check.
fn one_for_each_check(generator: &mut SchemaGenerator) -> Schema {
    let severity = generator.subschema_for::<Severity>();
    let name = |check| serde_json::to_value(check).ok()?.as_str().map(str::to_owned);
    let checks: BTreeMap<String, &Schema> =
        Check::ALL.into_iter().filter_map(|check| Some((name(check)?, &severity))).collect();
    json_schema!({ "type": "object", "properties": checks, "additionalProperties": false })
}

/// What a profile's own numbers may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileRule {
    /// Two numbers from 0 to this, the smaller one first.
    Pair { most: u32 },
    /// No photo is within this limit.
    AllowsNothing,
}

/// No JPEG file of a face is smaller.
const LEAST_FILE: u32 = 2_000;

/// The geometric and photometric clauses block; what a human auditor judges better warns.
fn usual_severity(check: Check) -> Severity {
    match check {
        Check::FaceCount
        | Check::FaceSize
        | Check::Cropping
        | Check::HeadRoll
        | Check::HeadYaw
        | Check::HeadPitch
        | Check::EyesOpen
        | Check::UnderExposure
        | Check::OverExposure
        | Check::Sharpness
        | Check::MotionBlur
        | Check::UnevenLight
        | Check::RedEye
        | Check::Crown
        | Check::Eyes
        | Check::FaceWidth
        | Check::Centre
        | Check::Background
        | Check::FileSize => Severity::Block,
        Check::ColourCast
        | Check::MouthClosed
        | Check::Gaze
        | Check::BrowsVisible
        | Check::EarsVisible
        | Check::Glare
        | Check::TintedLenses
        | Check::Headwear
        | Check::Shine
        | Check::ShouldersCropped
        | Check::ClothesContrast
        | Check::Resolution => Severity::Warn,
        // The first for schools that forbid glasses; the other is little better than a coin toss.
        Check::Glasses | Check::ShouldersLevel => Severity::Off,
    }
}

impl PhotoProfile {
    /// SHA-256 of all its numbers: which rules a portrait was made by.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(serde_json::to_vec(self).expect("plain data")).into()
    }

    /// Everything wrong with the profile's own numbers, by key.
    pub fn problems(&self) -> Vec<(&'static str, ProfileRule)> {
        let file_bytes = (self.file_bytes.0 as f32, self.file_bytes.1 as f32);
        let pairs = [
            ("crown_px", self.crown_px, self.height_px),
            ("eyes_px", self.eyes_px, self.height_px),
            ("face_width_px", self.face_width_px, self.width_px),
            ("file_bytes", file_bytes, 10_000_000),
        ];
        let pairs = pairs.into_iter().filter_map(|(key, (low, high), most)| {
            let is_sound = low >= 0.0 && low < high && high <= most as f32;
            (!is_sound).then_some((key, ProfileRule::Pair { most }))
        });
        let mut problems: Vec<_> = pairs.collect();
        let contradictions =
            [("crown_px", self.crown_px.0 >= self.eyes_px.1), ("file_bytes", self.file_bytes.1 < LEAST_FILE)];
        let limits = Check::ALL.into_iter().map(|check| {
            let (key, (low, high)) = self.limit(check);
            (key, low.is_nan() || high.is_nan() || low > high)
        });
        for (key, allows_nothing) in contradictions.into_iter().chain(limits) {
            if allows_nothing && problems.iter().all(|(named, _)| *named != key) {
                problems.push((key, ProfileRule::AllowsNothing));
            }
        }
        problems
    }

    /// What a student may choose from, the usual one first.
    pub fn backgrounds(&self) -> Vec<[u8; 3]> {
        let others = self.other_backgrounds.iter().filter(|other| **other != self.background);
        std::iter::once(&self.background).chain(others).copied().collect()
    }

    /// A measured value beside what this profile allows and what it means to fail.
    pub fn finding(&self, check: Check, measured: f32) -> Finding {
        Finding { check, measured, allowed: self.allowed(check), severity: self.severity_of(check) }
    }

    /// What a failure of this check means.
    pub fn severity_of(&self, check: Check) -> Severity {
        self.severity.get(&check).copied().unwrap_or_else(|| usual_severity(check))
    }

    fn allowed(&self, check: Check) -> (f32, f32) {
        self.limit(check).1
    }

    /// What a check allows, and by which key of the profile.
    fn limit(&self, check: Check) -> (&'static str, (f32, f32)) {
        let either_side = |limit: f32| (-limit, limit);
        let at_least = |limit: f32| (limit, f32::INFINITY);
        let at_most = |limit: f32| (0.0, limit);
        match check {
            Check::FaceCount => ("severity.face_count", (1.0, 1.0)),
            Check::FaceSize => ("min_eye_distance_px", at_least(self.min_eye_distance_px)),
            Check::Cropping => ("max_head_cut_px", at_most(self.max_head_cut_px)),
            // A sliver is lost in the rounding.
            Check::ShouldersCropped => ("severity.shoulders_cropped", at_most(2.0)),
            Check::HeadRoll => ("roll_deg", either_side(self.roll_deg)),
            Check::HeadYaw => ("yaw_deg", either_side(self.yaw_deg)),
            Check::HeadPitch => ("pitch_deg", either_side(self.pitch_deg)),
            Check::EyesOpen => ("min_eye_gap", at_least(self.min_eye_gap)),
            Check::UnderExposure => ("min_brightness", at_least(self.min_brightness)),
            Check::OverExposure => ("max_burnt", at_most(self.max_burnt)),
            Check::Sharpness => ("max_blur_px", at_most(self.max_blur_px)),
            Check::MotionBlur => ("max_motion_px", at_most(self.max_motion_px)),
            Check::UnevenLight => ("max_uneven_light", at_most(self.max_uneven_light)),
            Check::ColourCast => ("max_colour_cast", at_most(self.max_colour_cast)),
            Check::RedEye => ("max_red_eye", at_most(self.max_red_eye)),
            Check::Crown => ("crown_px", self.crown_px),
            Check::Eyes => ("eyes_px", self.eyes_px),
            Check::FaceWidth => ("face_width_px", self.face_width_px),
            Check::Centre => ("centre_offset_px", either_side(self.centre_offset_px)),
            Check::Background => ("max_background_stain", at_most(self.max_background_stain)),
            Check::FileSize => ("file_bytes", (self.file_bytes.0 as f32, self.file_bytes.1 as f32)),
            Check::MouthClosed => ("max_lip_gap", at_most(self.max_lip_gap)),
            Check::Gaze => ("max_gaze", either_side(self.max_gaze)),
            Check::BrowsVisible => ("max_brow_cover", at_most(self.max_brow_cover)),
            Check::EarsVisible => ("min_ear", at_least(self.min_ear)),
            Check::Glare => ("max_glare", at_most(self.max_glare)),
            Check::TintedLenses => ("min_lens_brightness", at_least(self.min_lens_brightness)),
            Check::Glasses => ("max_nose_bar", at_most(self.max_nose_bar)),
            Check::Headwear => ("max_headwear", at_most(self.max_headwear)),
            Check::Shine => ("max_shine", at_most(self.max_shine)),
            Check::ShouldersLevel => ("shoulders_deg", either_side(self.shoulders_deg)),
            Check::ClothesContrast => ("min_clothes_contrast", at_least(self.min_clothes_contrast)),
            Check::Resolution => ("min_resolution", at_least(self.min_resolution)),
        }
    }

    pub fn check_geometry(&self, geometry: &Geometry) -> [Finding; 4] {
        [
            self.finding(Check::Crown, geometry.crown_px),
            self.finding(Check::Eyes, geometry.eyes_px),
            self.finding(Check::FaceWidth, geometry.face_width_px),
            self.finding(Check::Centre, geometry.centre_offset_px),
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
    fn a_profile_without_a_severity_keeps_the_usual_one_and_an_unknown_check_is_named() {
        let text = "name = \"x\"\n[severity]\nglasses = \"block\"\nhead_roll = \"off\"\n";
        let profile: PhotoProfile = toml::from_str(text).unwrap();
        assert_eq!(profile.finding(Check::Glasses, 50.0).severity, Severity::Block);
        assert_eq!(profile.finding(Check::HeadRoll, 50.0).severity, Severity::Off);
        assert_eq!(profile.finding(Check::MouthClosed, 50.0).severity, Severity::Warn);
        let error = toml::from_str::<PhotoProfile>("[severity]\nglases = \"block\"").unwrap_err().to_string();
        assert!(error.contains("glases"), "{error}");
    }

    #[test]
    fn a_limit_that_allows_nothing_is_a_problem() {
        let profile = PhotoProfile { max_lip_gap: -1.0, ..PhotoProfile::default() };
        assert_eq!(profile.problems(), [("max_lip_gap", ProfileRule::AllowsNothing)]);
        let profile = PhotoProfile { file_bytes: (40_000, 30_000), ..PhotoProfile::default() };
        assert_eq!(profile.problems(), [("file_bytes", ProfileRule::Pair { most: 10_000_000 })]);
        let profile = PhotoProfile { file_bytes: (0, 10), ..PhotoProfile::default() };
        assert_eq!(profile.problems(), [("file_bytes", ProfileRule::AllowsNothing)]);
        let profile = PhotoProfile { crown_px: (300.0, 400.0), eyes_px: (200.0, 300.0), ..PhotoProfile::default() };
        assert_eq!(profile.problems(), [("crown_px", ProfileRule::AllowsNothing)]);
    }

    #[test]
    fn what_cannot_be_measured_neither_blocks_nor_warns() {
        let profile = PhotoProfile::default();
        for check in Check::ALL {
            let finding = profile.finding(check, f32::NAN);
            assert!(finding.passed() && !finding.blocks() && !finding.warns(), "{check:?}");
        }
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
