//! Live framing: how the sitter stands in the preview, as one instruction at a time.

use std::time::{Duration, Instant};

use image::RgbImage;

use super::Check;
use super::checks::{over_an_ear, pose};
use super::crop::Head;
use super::face::Face;
use super::finding::Severity;
use super::standard::PhotoProfile;

/// What the sitter should change, or that nothing needs changing. Left and right are the sitter's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    NoFace,
    SeveralFaces,
    TooFar,
    TooNear,
    MoveLeft,
    MoveRight,
    TooHigh,
    TooLow,
    HeadTilted,
    TurnLeft,
    TurnRight,
    ChinUp,
    ChinDown,
    /// A hint: it does not hold up the photo for long.
    HairOverEars,
    Good,
}

impl Framing {
    pub const ALL: [Self; 15] = [
        Self::NoFace,
        Self::SeveralFaces,
        Self::TooFar,
        Self::TooNear,
        Self::MoveLeft,
        Self::MoveRight,
        Self::TooHigh,
        Self::TooLow,
        Self::HeadTilted,
        Self::TurnLeft,
        Self::TurnRight,
        Self::ChinUp,
        Self::ChinDown,
        Self::HairOverEars,
        Self::Good,
    ];
}

/// Says one thing at a time, and says it steadily: something new only when it has been seen for a
/// moment, so that no instruction flickers.
#[derive(Debug)]
pub struct Coach {
    said: Framing,
    /// What is seen instead, and since when.
    other: Option<(Framing, Instant)>,
    /// Since when this sitter has been told what may not be so.
    hinted_since: Option<Instant>,
}

/// A look that blurs or a blink of the detector is shorter; nobody reads faster.
const MOMENT: Duration = Duration::from_millis(250);
/// Enough to tuck hair away. One in seven whose ears show is taken for one whose hair is over them: nobody is kept.
const HINT: Duration = Duration::from_secs(4);

impl Default for Coach {
    fn default() -> Self {
        Self { said: Framing::NoFace, other: None, hinted_since: None }
    }
}

impl Coach {
    /// What was said last.
    pub fn said(&self) -> Framing {
        self.said
    }

    /// What to say now that `seen` was seen. That all is well is said at once: the shutter waits in any case.
    pub fn say(&mut self, seen: Framing, now: Instant) -> Framing {
        let is_over = self.hinted_since.is_some_and(|since| now.saturating_duration_since(since) >= HINT);
        let seen = if seen == Framing::HairOverEars && is_over { Framing::Good } else { seen };
        if seen == self.said {
            self.other = None;
            return seen;
        }
        let since = match self.other {
            Some((other, since)) if other == seen => since,
            _ => now,
        };
        self.other = Some((seen, since));
        if seen == Framing::Good || now.saturating_duration_since(since) >= MOMENT {
            self.said = seen;
            self.other = None;
            if seen == Framing::HairOverEars {
                self.hinted_since.get_or_insert(now);
            }
        }
        self.said
    }
}

/// Judges one frame. `faces` is how many the detector saw, `face` the mesh of a single one. What was
/// `said` last has to be mended by a little more than what it was said for.
///
/// The portrait is cut out later, so what counts is that the cut will lie inside the frame: a face
/// of width w needs 1.6 w below the eyes and about 1.1 w above them.
pub fn judge(faces: usize, face: Option<&Face>, frame: (u32, u32), profile: &PhotoProfile, said: Framing) -> Framing {
    let face = match (faces, face) {
        (2.., _) => return Framing::SeveralFaces,
        (1, Some(face)) => face,
        _ => return Framing::NoFace,
    };
    let (frame_width, frame_height) = (frame.0 as f32, frame.1 as f32);
    let width = face.width();
    let from_middle = face.centre().x - frame_width / 2.0;
    let crown_y = Head::guess(face).crown_y;
    let portrait_scale = (profile.face_width_px.0 + profile.face_width_px.1) / 2.0 / width;
    let below_eyes = (profile.height_px as f32 - (profile.eyes_px.0 + profile.eyes_px.1) / 2.0) / portrait_scale;

    let pose = pose::of(face);
    let stricter = |fault: Framing| if said == fault { frame_height * 0.012 } else { 0.0 };
    let at_most = |limit_deg: f32, fault: Framing| limit_deg * if said == fault { 0.7 } else { 0.8 };

    // Place before pose: who moves turns their head.
    if width < frame_height * 0.24 + stricter(Framing::TooFar) {
        Framing::TooFar
    } else if width > frame_height * 0.40 - stricter(Framing::TooNear) {
        Framing::TooNear
    } else if from_middle < -frame_height * 0.08 + stricter(Framing::MoveLeft) {
        Framing::MoveLeft
    } else if from_middle > frame_height * 0.08 - stricter(Framing::MoveRight) {
        Framing::MoveRight
    } else if crown_y < frame_height * 0.03 + stricter(Framing::TooHigh) {
        Framing::TooHigh
    } else if face.eyes.y + below_eyes > frame_height * 1.03 - stricter(Framing::TooLow) {
        Framing::TooLow
    } else if face.roll_deg.abs() > at_most(profile.roll_deg, Framing::HeadTilted) {
        Framing::HeadTilted
    } else if pose.yaw_deg > at_most(profile.yaw_deg, Framing::TurnRight) {
        // The nose points to the right of the unmirrored picture: the sitter's left.
        Framing::TurnRight
    } else if pose.yaw_deg < -at_most(profile.yaw_deg, Framing::TurnLeft) {
        Framing::TurnLeft
    } else if pose.pitch_deg > at_most(profile.pitch_deg, Framing::ChinDown) {
        Framing::ChinDown
    } else if pose.pitch_deg < -at_most(profile.pitch_deg, Framing::ChinUp) {
        Framing::ChinUp
    } else {
        Framing::Good
    }
}

/// What is left to say of a sitter who is well framed.
pub fn finish(frame: &RgbImage, face: &Face, profile: &PhotoProfile) -> Framing {
    let is_wanted = profile.severity_of(Check::EarsVisible) != Severity::Off;
    if is_wanted && over_an_ear(frame, face) { Framing::HairOverEars } else { Framing::Good }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::face::Point;

    fn face(x: f32, eyes_y: f32, width: f32, roll_deg: f32) -> Face {
        let point = |x, y| Point { x, y };
        Face {
            eyes: point(x, eyes_y),
            roll_deg,
            chin: point(x, eyes_y + width * 0.8),
            cheeks: [point(x - width / 2.0, eyes_y), point(x + width / 2.0, eyes_y)],
            ..Face::default()
        }
    }

    #[test]
    fn each_fault_of_place_gets_its_own_instruction() {
        let profile = PhotoProfile::default();
        let judge = |face: Face| judge(1, Some(&face), (1280, 720), &profile, Framing::NoFace);
        assert_eq!(judge(face(640.0, 300.0, 220.0, 0.0)), Framing::Good);
        assert_eq!(judge(face(640.0, 300.0, 120.0, 0.0)), Framing::TooFar);
        assert_eq!(judge(face(640.0, 300.0, 320.0, 0.0)), Framing::TooNear);
        // A face at the left of the unmirrored frame belongs to a sitter who must go to their left.
        assert_eq!(judge(face(540.0, 300.0, 220.0, 0.0)), Framing::MoveLeft);
        assert_eq!(judge(face(740.0, 300.0, 220.0, 0.0)), Framing::MoveRight);
        assert_eq!(judge(face(640.0, 180.0, 220.0, 0.0)), Framing::TooHigh);
        assert_eq!(judge(face(640.0, 500.0, 220.0, 0.0)), Framing::TooLow);
        assert_eq!(judge(face(640.0, 300.0, 220.0, 9.0)), Framing::HeadTilted);
    }

    #[test]
    fn nobody_and_a_crowd_are_not_a_sitter() {
        let profile = PhotoProfile::default();
        let face = face(640.0, 300.0, 220.0, 0.0);
        assert_eq!(judge(0, None, (1280, 720), &profile, Framing::NoFace), Framing::NoFace);
        assert_eq!(judge(2, Some(&face), (1280, 720), &profile, Framing::NoFace), Framing::SeveralFaces);
    }

    #[test]
    fn a_turned_or_nodding_head_is_told_the_way_back() {
        let profile = PhotoProfile::default();
        let judge = |yaw: f32, pitch: f32| {
            let face = pose::tests::turned(yaw, pitch, face(640.0, 300.0, 220.0, 0.0));
            judge(1, Some(&face), (1280, 720), &profile, Framing::NoFace)
        };
        assert_eq!(judge(0.0, 0.0), Framing::Good);
        assert_eq!(judge(25.0, 0.0), Framing::TurnRight);
        assert_eq!(judge(-25.0, 0.0), Framing::TurnLeft);
        assert_eq!(judge(0.0, 28.0), Framing::ChinDown);
        assert_eq!(judge(0.0, -28.0), Framing::ChinUp);
    }

    #[test]
    fn at_a_limit_the_last_word_stays_the_last_word() {
        let profile = PhotoProfile::default();
        let face = face(640.0, 300.0, 720.0 * 0.245, 0.0);
        let judge = |said| judge(1, Some(&face), (1280, 720), &profile, said);
        assert_eq!((judge(Framing::TooFar), judge(Framing::Good)), (Framing::TooFar, Framing::Good));
    }

    /// Who cannot or need not do what the hint says is photographed all the same.
    #[test]
    fn a_hint_is_said_for_a_while_and_once() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut coach = Coach::default();
        coach.say(Framing::HairOverEars, at(0));
        assert_eq!(coach.say(Framing::HairOverEars, at(300)), Framing::HairOverEars);
        assert_eq!(coach.say(Framing::HairOverEars, at(4200)), Framing::HairOverEars);
        assert_eq!(coach.say(Framing::HairOverEars, at(4300)), Framing::Good);
        coach.say(Framing::TooFar, at(5000));
        assert_eq!(coach.say(Framing::TooFar, at(5300)), Framing::TooFar);
        assert_eq!(coach.say(Framing::HairOverEars, at(5400)), Framing::Good);
    }

    #[test]
    fn ears_are_asked_for_where_the_profile_wants_them() {
        let (skin, hair) = (image::Rgb([190, 140, 115]), image::Rgb([35, 28, 25]));
        let frame = RgbImage::from_fn(1280, 720, |x, _| if (530..=750).contains(&x) { skin } else { hair });
        let mut face = face(640.0, 300.0, 220.0, 0.0);
        face.points = vec![face.eyes; 468];
        (face.points[234], face.points[454]) = (face.cheeks[0], face.cheeks[1]);
        // A cheek.
        for (index, (x, y)) in
            [(117, (560.0, 340.0)), (118, (600.0, 340.0)), (119, (600.0, 380.0)), (100, (560.0, 380.0))]
        {
            face.points[index] = Point { x, y };
        }
        for index in [142, 203, 206, 207, 187, 123] {
            face.points[index] = face.points[100];
        }
        let mut profile = PhotoProfile::default();
        assert_eq!(finish(&frame, &face, &profile), Framing::HairOverEars);
        profile.severity.insert(Check::EarsVisible, Severity::Off);
        assert_eq!(finish(&frame, &face, &profile), Framing::Good);
    }

    #[test]
    fn the_coach_does_not_flicker() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut coach = Coach::default();
        assert_eq!(coach.say(Framing::TooFar, at(0)), Framing::NoFace);
        assert_eq!(coach.say(Framing::NoFace, at(80)), Framing::NoFace);
        // What was seen before the interruption does not count.
        assert_eq!(coach.say(Framing::TooFar, at(260)), Framing::NoFace);
        assert_eq!(coach.say(Framing::TooFar, at(400)), Framing::NoFace);
        assert_eq!(coach.say(Framing::TooFar, at(510)), Framing::TooFar);
        // Something else each time is nothing yet.
        for (step, seen) in [Framing::MoveLeft, Framing::HeadTilted].into_iter().cycle().take(9).enumerate() {
            assert_eq!(coach.say(seen, at(600 + step as u64 * 80)), Framing::TooFar);
        }
        assert_eq!(coach.say(Framing::Good, at(1400)), Framing::Good);
        assert_eq!(coach.say(Framing::NoFace, at(1480)), Framing::Good);
        assert_eq!(coach.say(Framing::NoFace, at(1740)), Framing::NoFace);
    }
}
