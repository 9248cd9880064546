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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    #[test]
    fn parted_lips_have_a_gap() {
        let mut scene = Scene::new();
        for (upper, lower) in LIPS {
            scene.set(upper, 240.0, 380.0);
            scene.set(lower, 240.0, 395.0);
        }
        // 15 of the 150 px from eyes to chin.
        assert!((gap(&scene.face) - 10.0).abs() < 0.01);
    }
}
