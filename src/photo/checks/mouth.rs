//! Whether the lips are closed.

use crate::photo::face::Face;

/// Upper and lower edge of the inner lips at three places.
const LIPS: [(usize, usize); 3] = [(82, 87), (13, 14), (312, 317)];

/// Gap between the lips, % of the distance from the eyes to the chin (OFIQ's mouth-closed measure).
/// A smile with teeth opens it as much as speech does.
pub fn gap(face: &Face) -> f32 {
    let height = face.eyes.distance(face.chin);
    let gap = |(upper, lower): &(usize, usize)| match (face.points.get(*upper), face.points.get(*lower)) {
        (Some(upper), Some(lower)) => upper.distance(*lower),
        _ => f32::NAN,
    };
    LIPS.iter().map(gap).sum::<f32>() / 3.0 * 100.0 / height
}
