//! Live framing: how the sitter stands in the preview, as one instruction at a time.

use super::crop::Head;
use super::face::Face;
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
    Good,
}

/// Judges one frame. `faces` is how many the detector saw, `face` the mesh of a single one.
///
/// The portrait is cut out later, so what counts is that the cut will lie inside the frame: a face
/// of width w needs 1.6 w below the eyes and about 1.1 w above them.
pub fn judge(faces: usize, face: Option<&Face>, frame: (u32, u32), profile: &PhotoProfile) -> Framing {
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

    if width < frame_height * 0.24 {
        Framing::TooFar
    } else if width > frame_height * 0.40 {
        Framing::TooNear
    } else if from_middle < -frame_height * 0.08 {
        Framing::MoveLeft
    } else if from_middle > frame_height * 0.08 {
        Framing::MoveRight
    } else if crown_y < frame_height * 0.03 {
        Framing::TooHigh
    } else if face.eyes.y + below_eyes > frame_height * 1.03 {
        Framing::TooLow
    } else if face.roll_deg.abs() > profile.roll_deg * 0.8 {
        Framing::HeadTilted
    } else {
        Framing::Good
    }
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
        let judge = |face: Face| judge(1, Some(&face), (1280, 720), &profile);
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
        assert_eq!(judge(0, None, (1280, 720), &profile), Framing::NoFace);
        assert_eq!(judge(2, Some(&face), (1280, 720), &profile), Framing::SeveralFaces);
    }
}
