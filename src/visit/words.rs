//! The words of a visit: its states, what it is told, what it asks for, how long it waits.
//! Data only; what follows from what is the machine's business.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::code::{CodeProblem, Student};
use crate::photo::{Framing, Portrait, RetakeReason};

/// Names one press of the shutter. Never reused while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaptureId(pub u64);

/// Names one stay on the scan screen. Never reused while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScanId(pub u64);

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

/// Where the visit stands. What belongs to the student lives in the variant and nowhere else.
#[derive(Clone, Debug)]
pub enum State {
    Welcome,
    Scan {
        scan: ScanId,
        problem: Option<CodeProblem>,
    },
    Confirm {
        student: Student,
    },
    Agreement {
        student: Student,
        agreement_ticked: bool,
        photo_consent_ticked: bool,
    },
    Framing {
        sitter: Sitter,
        framing: Framing,
        /// Since when everything has been right.
        good_since: Option<Instant>,
        /// Why the last picture was not good enough.
        retake: Vec<RetakeReason>,
    },
    Countdown {
        sitter: Sitter,
        fires_at: Instant,
        /// Since when the sitter has been out of place.
        bad_since: Option<Instant>,
    },
    Developing {
        sitter: Sitter,
        capture: CaptureId,
    },
    Review {
        sitter: Sitter,
        capture: CaptureId,
        portrait: Arc<Portrait>,
    },
    Saving {
        sitter: Sitter,
        capture: CaptureId,
        portrait: Arc<Portrait>,
    },
    Done {
        order_number: String,
    },
    OutOfService {
        fault: Fault,
    },
}

/// A student who agreed and may be photographed.
#[derive(Clone, Debug)]
pub struct Sitter {
    pub student: Student,
    pub consent: Consent,
}

/// What a visit is told. The first group comes from the student, the second from the workers.
#[derive(Clone, Debug)]
pub enum Event {
    Start,
    Cancel,
    /// "This is me" on the confirm screen.
    ConfirmStudent,
    TickAgreement(bool),
    TickPhotoConsent(bool),
    /// "Next" on the agreement, which was shown in this language.
    Agree(Language),
    ShootNow,
    Retake,
    Accept,
    /// The student asked for more time or touched something without another meaning.
    Touch,

    CodeRead {
        scan: ScanId,
        student: Student,
    },
    CodeRefused {
        scan: ScanId,
        problem: CodeProblem,
    },
    FramingSeen(Framing),
    Developed {
        capture: CaptureId,
        outcome: Outcome,
    },
    Saved {
        capture: CaptureId,
        order_number: String,
    },
    SaveFailed {
        capture: CaptureId,
    },
    FaultRaised(Fault),
    FaultCleared(Fault),
    /// Whether the background plate fitted the last still. One that does not only costs exactness.
    PlateJudged {
        fits: bool,
    },
    /// Time has passed: a deadline may be due.
    Tick,
}

/// What became of a shutter press.
#[derive(Clone, Debug)]
pub enum Outcome {
    Portrait(Arc<Portrait>),
    Retake(Vec<RetakeReason>),
}

/// What a visit asks of the workers.
#[derive(Clone, Debug)]
pub enum Effect {
    /// What analysis should look for in the live picture from now on.
    Watch(Watch),
    /// Take a still and develop it.
    Shoot(CaptureId),
    /// Sign and store. Emitted at most once per capture.
    Save { capture: CaptureId, sitter: Sitter, portrait: Arc<Portrait> },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watch {
    #[default]
    Nothing,
    Codes(ScanId),
    Face,
}

/// How long each state waits, from the config.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Scan, Confirm, Agreement, Framing and Review: silence of this length ends the visit.
    pub idle: Duration,
    /// How long everything must be right before the countdown starts.
    pub steady: Duration,
    pub countdown: Duration,
    /// How long the sitter may be out of place before the countdown stops.
    pub wobble: Duration,
    pub developing: Duration,
    pub saving: Duration,
    pub done: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(60),
            steady: Duration::from_millis(800),
            countdown: Duration::from_secs(3),
            wobble: Duration::from_millis(600),
            developing: Duration::from_secs(20),
            saving: Duration::from_secs(15),
            done: Duration::from_secs(15),
        }
    }
}

impl Event {
    pub(super) fn is_from_student(&self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Cancel
                | Self::ConfirmStudent
                | Self::TickAgreement(_)
                | Self::TickPhotoConsent(_)
                | Self::Agree(_)
                | Self::ShootNow
                | Self::Retake
                | Self::Accept
                | Self::Touch
        )
    }
}
