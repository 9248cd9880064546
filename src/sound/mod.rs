//! What the booth lets be heard: a short sound when something changes that the screen says in words at
//! the same moment. Nothing is told by sound alone.
//!
//! [`heard`] is what there is to hear of a state, [`cue`] which sound belongs to a change of it, [`wave`]
//! makes the sounds, `speech` says the instructions over the live picture in words, [`Player`] plays them.

mod player;
mod speech;
mod wave;

use std::time::Instant;

use crate::code::CodeProblem;
use crate::visit::{Framing, Sms, State};

pub use player::Player;

/// One sound. Each goes with words on the screen, which are named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cue {
    /// "请核对学籍信息": a code was read. Also the order number on the last screen.
    Done,
    /// A notice says what was wrong and what to do.
    Problem,
    /// The instruction over the live picture has changed to this one.
    Hint(Framing),
    /// "很好，请保持不动"
    Good,
    /// A second of the countdown.
    Tick,
    /// "正在制作照片": the shutter.
    Shutter,
    /// "您还在吗？", or the staff were called.
    Attention,
}

impl Cue {
    /// What a file for it is called, without language and ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Problem => "problem",
            Self::Good => "good",
            Self::Tick => "tick",
            Self::Shutter => "shutter",
            Self::Attention => "attention",
            Self::Hint(framing) => match framing {
                Framing::NoFace => "no-face",
                Framing::SeveralFaces => "several-faces",
                Framing::TooFar => "come-closer",
                Framing::TooNear => "move-back",
                Framing::MoveLeft => "move-left",
                Framing::MoveRight => "move-right",
                Framing::TooHigh => "sit-lower",
                Framing::TooLow => "sit-higher",
                Framing::HeadTilted => "hold-straight",
                Framing::TurnLeft => "turn-left",
                Framing::TurnRight => "turn-right",
                Framing::ChinUp => "chin-up",
                Framing::ChinDown => "chin-down",
                Framing::HairOverEars => "show-ears",
                Framing::Good => "good",
            },
        }
    }
}

/// What there is to hear of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heard {
    place: Place,
    still_there: bool,
    staff_called: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Place {
    #[default]
    Silent,
    Scan(Option<CodeProblem>),
    Confirm,
    /// Something typed, or a brought picture, is wrong.
    Wrong(u8),
    Framing(Framing),
    Countdown(u64),
    Developing,
    Review,
    /// A photo did not pass.
    Retake,
    Done,
}

pub fn heard(state: &State, still_there: bool, staff_called: bool, now: Instant) -> Heard {
    let place = match state {
        State::Scan { problem, .. } | State::CodeEntry { problem, .. } => Place::Scan(*problem),
        State::Confirm { .. } => Place::Confirm,
        State::StudentNumber { wrong: true, tries_left, .. } => Place::Wrong(*tries_left),
        State::Phone { malformed: true, .. }
        | State::SmsCode { sms: Sms::Wrong, .. }
        | State::Upload { problem: Some(_), .. } => Place::Wrong(0),
        State::Pictures { album, .. } if album.problem.is_some() => Place::Wrong(0),
        State::Crop { retake, .. } if !retake.is_empty() => Place::Retake,
        State::Framing { framing, .. } => Place::Framing(*framing),
        State::Countdown { fires_at, .. } => Place::Countdown(fires_at.saturating_duration_since(now).as_secs()),
        State::Developing { .. } => Place::Developing,
        State::Review { .. } => Place::Review,
        State::Done { .. } => Place::Done,
        _ => Place::Silent,
    };
    Heard { place, still_there, staff_called }
}

/// The sound of a change.
pub fn cue(before: Heard, after: Heard) -> Option<Cue> {
    if (after.still_there && !before.still_there) || (after.staff_called && !before.staff_called) {
        return Some(Cue::Attention);
    }
    if before.place == after.place {
        return None;
    }
    match after.place {
        Place::Scan(Some(problem)) if problem.is_a_wait() => None,
        Place::Scan(None) | Place::Silent => None,
        Place::Scan(Some(_)) | Place::Wrong(_) | Place::Retake => Some(Cue::Problem),
        // Back at the camera: the photo did not pass, or the student wants another.
        Place::Framing(_) if matches!(before.place, Place::Developing) => Some(Cue::Problem),
        Place::Framing(Framing::Good) => Some(Cue::Good),
        Place::Framing(framing) => Some(Cue::Hint(framing)),
        Place::Countdown(_) => Some(Cue::Tick),
        Place::Developing if matches!(before.place, Place::Countdown(_)) => Some(Cue::Shutter),
        Place::Developing => None,
        Place::Confirm | Place::Review | Place::Done => Some(Cue::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(place: Place) -> Heard {
        Heard { place, ..Heard::default() }
    }

    fn from(before: Place, after: Place) -> Option<Cue> {
        cue(at(before), at(after))
    }

    #[test]
    fn a_change_is_heard_once_and_silence_stays_silent() {
        assert_eq!(from(Place::Scan(None), Place::Confirm), Some(Cue::Done));
        assert_eq!(from(Place::Confirm, Place::Confirm), None);
        assert_eq!(from(Place::Confirm, Place::Silent), None);
        let framing = Place::Framing;
        assert_eq!(from(framing(Framing::TooFar), framing(Framing::ChinUp)), Some(Cue::Hint(Framing::ChinUp)));
        assert_eq!(from(framing(Framing::ChinUp), framing(Framing::Good)), Some(Cue::Good));
        assert_eq!(from(framing(Framing::Good), Place::Countdown(2)), Some(Cue::Tick));
        assert_eq!(from(Place::Countdown(2), Place::Countdown(1)), Some(Cue::Tick));
        assert_eq!(from(Place::Countdown(0), Place::Developing), Some(Cue::Shutter));
        assert_eq!(from(Place::Developing, framing(Framing::NoFace)), Some(Cue::Problem));
        assert_eq!(from(Place::Developing, Place::Review), Some(Cue::Done));
    }

    #[test]
    fn what_is_wrong_is_heard_and_what_is_only_asked_is_not() {
        let several = Place::Scan(Some(CodeProblem::SeveralCodes));
        assert_eq!(from(Place::Scan(None), several), Some(Cue::Problem));
        assert_eq!(from(Place::Scan(None), Place::Scan(Some(CodeProblem::Asking))), None);
        assert_eq!(from(Place::Wrong(2), Place::Wrong(1)), Some(Cue::Problem), "the next wrong one");
        let asked = Heard { still_there: true, ..at(Place::Confirm) };
        assert_eq!(cue(at(Place::Confirm), asked), Some(Cue::Attention));
        assert_eq!(cue(asked, asked), None);
    }
}
