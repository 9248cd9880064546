//! What a photo is checked for, and what came of each check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One clause of the standard that the booth can measure, the most useful to hear about first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Faces in the picture.
    FaceCount,
    /// Distance of the eyes in the source, px: below the limit there is no face to judge.
    FaceSize,
    /// How much of the head the edge of the source takes away, portrait px.
    Cropping,
    /// Tilt of the line through the eyes, degrees; positive when the eye at the right is lower.
    HeadRoll,
    /// Turn to the side, degrees; positive when the nose points to the right of the picture.
    HeadYaw,
    /// Nod, degrees; positive is up.
    HeadPitch,
    /// Gap between the lids of the eye that is less open, % of the distance from the eyes to the chin.
    EyesOpen,
    /// Brightness of the bright parts of the face, 0–255.
    UnderExposure,
    /// Share of the face that is burnt out, %.
    OverExposure,
    /// How wide an edge in the face is smeared, portrait px.
    Sharpness,
    /// The same along one axis only, as when somebody moves.
    MotionBlur,
    /// Difference in light between the two halves of the face, %.
    UnevenLight,
    /// How far the colour of the skin is from what any skin has in white light, Lab units.
    ColourCast,
    /// Share of the irises that shines red, %.
    RedEye,
    /// Top of the hair to the top edge, px.
    Crown,
    /// Eyes to the top edge, px.
    Eyes,
    /// Cheek to cheek, px.
    FaceWidth,
    /// Middle of the face to the middle of the picture, px.
    Centre,
    /// Share of the background that is not of its colour, %.
    Background,
    /// JPEG size, bytes.
    FileSize,
    /// Gap between the lips, % of the distance from the eyes to the chin.
    MouthClosed,
    /// How far the irises are from the middle of the eyes, % of an eye's width.
    Gaze,
    /// Share of the strip above the brows that hair covers, %.
    BrowsVisible,
    /// Skin seen where the ear that is less visible should be, %.
    EarsVisible,
    /// Share of the surroundings of the eyes that is white with reflection, %.
    Glare,
    /// Brightness around the eyes, % of that of the cheeks.
    TintedLenses,
    /// Contrast of a bar over the bridge of the nose, % of the skin's brightness.
    Glasses,
    /// How different in colour the crown is from the hair beside the face, Lab units.
    Headwear,
    /// Share of the face that shines, %.
    Shine,
    /// Tilt of the line over the shoulders, degrees.
    ShouldersLevel,
    /// Portrait pixels along which the source cuts off shoulders or body.
    ShouldersCropped,
    /// Difference in colour between the edge of the clothes and the background, Lab units.
    ClothesContrast,
    /// Source pixels per portrait pixel: below the limit the portrait invents pixels.
    Resolution,
}

impl Check {
    pub const ALL: [Self; 33] = [
        Self::FaceCount,
        Self::FaceSize,
        Self::Cropping,
        Self::HeadRoll,
        Self::HeadYaw,
        Self::HeadPitch,
        Self::EyesOpen,
        Self::UnderExposure,
        Self::OverExposure,
        Self::Sharpness,
        Self::MotionBlur,
        Self::UnevenLight,
        Self::ColourCast,
        Self::RedEye,
        Self::Crown,
        Self::Eyes,
        Self::FaceWidth,
        Self::Centre,
        Self::Background,
        Self::FileSize,
        Self::MouthClosed,
        Self::Gaze,
        Self::BrowsVisible,
        Self::EarsVisible,
        Self::Glare,
        Self::TintedLenses,
        Self::Glasses,
        Self::Headwear,
        Self::Shine,
        Self::ShouldersLevel,
        Self::ShouldersCropped,
        Self::ClothesContrast,
        Self::Resolution,
    ];
}

/// What a failed check means for the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The photo has to be taken again.
    Block,
    /// The student is told and decides.
    Warn,
    /// Measured only.
    Off,
}

/// All checks of a photo in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    /// May be submitted, with something to be said about it.
    Warn,
    Retake,
}

/// What a check measured and what the profile allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    pub check: Check,
    /// Not a number when the picture has nothing to measure it on.
    pub measured: f32,
    /// Lowest and highest allowed value.
    pub allowed: (f32, f32),
    pub severity: Severity,
}

impl Finding {
    /// What cannot be measured is no reason to refuse a photo.
    pub fn passed(&self) -> bool {
        self.measured.is_nan() || (self.allowed.0..=self.allowed.1).contains(&self.measured)
    }

    pub fn blocks(&self) -> bool {
        !self.passed() && self.severity == Severity::Block
    }

    pub fn warns(&self) -> bool {
        !self.passed() && self.severity == Severity::Warn
    }
}

/// A failed check that the student can do something about.
pub type RetakeReason = Finding;
