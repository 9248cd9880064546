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
const ACROSS: [(usize, usize); 10] =
    [(33, 263), (133, 362), (234, 454), (127, 356), (58, 288), (172, 397), (50, 280), (70, 300), (54, 284), (132, 361)];

/// Points one above the other on the flat parts of the face, the upper one first. None is on the
/// mouth or the jaw's tip, which move when somebody smiles or speaks.
const DOWN: [(usize, usize); 7] = [(54, 58), (284, 288), (103, 172), (332, 397), (127, 132), (356, 361), (10, 164)];

/// What the mesh says of a level head: the median of frontal portraits, whose spread is about 5°.
const PITCH_BIAS_DEG: f32 = -13.5;

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

#[cfg(test)]
pub(in crate::photo) mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    /// A flat face turned by yaw and pitch, in the camera's view; the rest as in `face`.
    pub(in crate::photo) fn turned(yaw_deg: f32, pitch_deg: f32, mut face: Face) -> Face {
        face.points.resize(468, Point::default());
        face.depths.resize(468, 0.0);
        let (yaw, pitch) = (yaw_deg.to_radians(), (pitch_deg + PITCH_BIAS_DEG).to_radians());
        let mut place = |index: usize, x: f32, y: f32| {
            let (y, z) = (y * pitch.cos(), -y * pitch.sin());
            let (x, z) = (x * yaw.cos() - z * yaw.sin(), x * yaw.sin() + z * yaw.cos());
            face.points[index] = Point { x: 240.0 + x, y: 300.0 + y };
            face.depths[index] = z;
        };
        // `DOWN` shares points with `ACROSS`: they stand at the corners of one grid.
        for (step, (left, right)) in ACROSS.iter().enumerate() {
            place(*left, -80.0, step as f32);
            place(*right, 80.0, step as f32);
        }
        for (step, (upper, lower)) in DOWN.iter().enumerate() {
            let x = if step == 6 {
                0.0
            } else if step % 2 == 0 {
                -80.0
            } else {
                80.0
            };
            place(*upper, x, -70.0);
            place(*lower, x, 70.0);
        }
        face
    }

    #[test]
    fn a_turned_and_a_nodding_head_are_measured() {
        for angle in [-30.0, -10.0, 0.0, 12.0, 35.0] {
            let yaw = of(&turned(angle, 0.0, Scene::new().face)).yaw_deg;
            assert!((yaw - angle).abs() < 4.0, "yaw {angle}: {yaw}");
            let pitch = of(&turned(0.0, angle, Scene::new().face)).pitch_deg;
            assert!((pitch - angle).abs() < 4.0, "pitch {angle}: {pitch}");
        }
    }
}
