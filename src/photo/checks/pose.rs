//! How the head is held: turn and nod from the depths of the mesh. Roll is measured on the eyes.

use crate::photo::face::{Face, Point};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Positive when the nose points to the right of the picture.
    pub yaw_deg: f32,
    /// Positive is up.
    pub pitch_deg: f32,
}

/// Points that mirror each other, the one at the left of the picture first.
const ACROSS: [(usize, usize); 10] = [
    (33, 263),
    (133, 362),
    (234, 454),
    (127, 356),
    (58, 288),
    (172, 397),
    (50, 280),
    (70, 300),
    (54, 284),
    (132, 361),
];

/// Points one above the other on the flat parts of the face, the upper one first. None is on the
/// mouth or the jaw's tip, which move when somebody smiles or speaks.
const DOWN: [(usize, usize); 7] =
    [(54, 58), (284, 288), (103, 172), (332, 397), (127, 132), (356, 361), (10, 164)];

/// What the mesh says of a level head: the median of frontal, upright portraits.
const PITCH_BIAS_DEG: f32 = 0.0;

pub fn of(face: &Face) -> Pose {
    let across = sum(face, &ACROSS);
    let down = sum(face, &DOWN);
    Pose {
        yaw_deg: across.1.atan2(across.0).to_degrees(),
        pitch_deg: (-down.1).atan2(down.0).to_degrees() - PITCH_BIAS_DEG,
    }
}

/// Length in the picture and in depth of all the pairs, first to second, laid end to end.
fn sum(face: &Face, pairs: &[(usize, usize)]) -> (f32, f32) {
    let mut plane = Point::default();
    let mut depth = 0.0;
    for (first, second) in pairs {
        let (Some(a), Some(b)) = (face.points.get(*first), face.points.get(*second)) else { continue };
        let (Some(near), Some(far)) = (face.depths.get(*first), face.depths.get(*second)) else { continue };
        plane.x += b.x - a.x;
        plane.y += b.y - a.y;
        depth += far - near;
    }
    (plane.distance(Point::default()), depth)
}
