//! The small words of a visit: ids, faults, consent, language.

use std::time::Instant;

/// Names one press of the shutter. Never reused while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaptureId(pub u64);

/// Names one stay on the scan screen. Never reused while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScanId(pub u64);

/// Names one question to the booth's own records or to the central server. Never reused while the
/// program runs, so that an answer reaches nobody but who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AskId(pub u64);

/// Something is wrong with the booth itself, not with the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No picture from the camera.
    Camera,
    /// The photo could not be made: library or model missing or altered.
    Studio,
    /// The queue cannot be written: disk full or database damaged.
    Storage,
}

/// Why the camera gives no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraTrouble {
    /// Not plugged in, or not the one that the config names.
    Missing,
    /// Another program has it.
    Busy,
    /// The booth's user may not open it.
    Forbidden,
    /// No picture format that the booth reads.
    NoMode,
    /// Open, and nothing comes.
    Silent,
    /// The same picture again and again.
    Frozen,
    /// The lens is covered, or it is dark.
    Black,
    /// Broken pictures only.
    Damaged,
    Other,
}

impl CameraTrouble {
    pub const ALL: [Self; 9] = [
        Self::Missing,
        Self::Busy,
        Self::Forbidden,
        Self::NoMode,
        Self::Silent,
        Self::Frozen,
        Self::Black,
        Self::Damaged,
        Self::Other,
    ];
}

/// When the student agreed, and in which language the texts were shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    pub language: Language,
    pub given_at: Instant,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}
