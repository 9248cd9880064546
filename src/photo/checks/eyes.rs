//! Whether the eyes are open, where they look, and whether a flash made them red.

use super::Subject;
use super::region::{inside, percent};
use crate::photo::face::{Face, Point};

/// Upper and lower lid at three places, of the eye at the left of the picture, then the right one.
const LIDS: [[(usize, usize); 3]; 2] = [[(160, 144), (159, 145), (158, 153)], [(387, 373), (386, 374), (385, 380)]];

/// Both corners of each eye, left to right in the picture.
const CORNERS: [(usize, usize); 2] = [(33, 133), (362, 263)];

/// Gap between the lids of the eye that is less open, % of the distance from the eyes to the chin
/// (OFIQ's eyes-open measure).
pub fn gap(face: &Face) -> f32 {
    let height = face.eyes.distance(face.chin);
    let of_eye = |pairs: &[(usize, usize); 3]| -> f32 {
        pairs.iter().map(|(upper, lower)| distance(face, *upper, *lower)).sum::<f32>() / 3.0
    };
    let gaps = LIDS.map(|pairs| of_eye(&pairs));
    // `min` would prefer the number to a missing one.
    if gaps[0] < gaps[1] { gaps[0] * 100.0 / height } else { gaps[1] * 100.0 / height }
}

fn distance(face: &Face, a: usize, b: usize) -> f32 {
    match (face.points.get(a), face.points.get(b)) {
        (Some(a), Some(b)) => a.distance(*b),
        _ => f32::NAN,
    }
}

/// How far the irises are from the middle of the eyes, to the right of the picture, % of an eye's
/// width. Both eyes together, so that a face a little turned does not look aside.
pub fn gaze(face: &Face) -> f32 {
    let mut sum = 0.0;
    for (iris, (left, right)) in face.irises.iter().zip(CORNERS) {
        let (Some(left), Some(right)) = (face.points.get(left), face.points.get(right)) else { return f32::NAN };
        let (dx, dy) = (right.x - left.x, right.y - left.y);
        let along = ((iris.centre.x - left.x) * dx + (iris.centre.y - left.y) * dy) / (dx * dx + dy * dy);
        sum += along - 0.5;
    }
    sum / 2.0 * 100.0
}

/// Share of the irises that is red, %.
pub fn red(subject: &Subject<'_>) -> f32 {
    let (mut red, mut all) = (0, 0);
    for iris in &subject.face.irises {
        let centre = super::in_portrait(subject.crop, iris.centre);
        let radius = iris.radius * subject.crop.scale * 0.8;
        let outline: Vec<_> = (0..16)
            .map(|step| {
                let angle = step as f32 * std::f32::consts::TAU / 16.0;
                Point { x: centre.x + radius * angle.cos(), y: centre.y + radius * angle.sin() }
            })
            .collect();
        inside(&outline, subject.brightness.width, subject.brightness.height, |x, y| {
            let [r, g, b] = subject.picture.get_pixel(x as u32, y as u32).0.map(u32::from);
            all += 1;
            red += u32::from(r > 80 && r * 2 > g.max(b) * 4);
        });
    }
    percent(red, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;
    use crate::photo::face::Iris;

    #[test]
    fn the_eye_that_is_less_open_counts() {
        let mut scene = Scene::new();
        for (eye, gap) in [(0, 9.0), (1, 1.5)] {
            for (upper, lower) in LIDS[eye] {
                scene.set(upper, 200.0, 280.0);
                scene.set(lower, 200.0, 280.0 + gap);
            }
        }
        assert!((gap(&scene.face) - 1.0).abs() < 0.01, "{}", gap(&scene.face));
    }

    #[test]
    fn eyes_that_look_aside_are_off_the_middle() {
        let mut scene = Scene::new();
        for ((left, right), x) in CORNERS.into_iter().zip([180.0, 260.0]) {
            scene.set(left, x, 280.0);
            scene.set(right, x + 40.0, 280.0);
        }
        let mut look = |offset: f32| {
            let iris = |x: f32| Iris { centre: Point { x: x + offset, y: 280.0 }, radius: 8.0 };
            scene.face.irises = [iris(200.0), iris(280.0)];
            gaze(&scene.face)
        };
        assert!(look(0.0).abs() < 0.1);
        assert!((look(8.0) - 20.0).abs() < 0.1);
        assert!((look(-8.0) + 20.0).abs() < 0.1);
    }

    #[test]
    fn red_irises_are_red_and_brown_ones_are_not() {
        for (colour, expected) in [([200, 40, 30], 100.0), ([90, 60, 45], 0.0)] {
            let mut scene = Scene::painted(|_, _| colour);
            scene.face.irises = [200.0, 280.0].map(|x| Iris { centre: Point { x, y: 280.0 }, radius: 9.0 });
            assert_eq!(red(&scene.subject()), expected);
        }
    }
}
