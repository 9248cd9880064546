//! Glasses: reflections on them, tint, and whether there are any. Colour and edges only.

use super::Subject;
use super::colour::Skin;
use super::region::{inside, percent};
use crate::photo::face::Point;

/// Around each eye, as far as lenses reach; left in the picture first.
const SOCKETS: [[usize; 12]; 2] = [
    [70, 63, 105, 66, 107, 193, 122, 120, 119, 118, 117, 143],
    [300, 293, 334, 296, 336, 417, 351, 349, 348, 347, 346, 372],
];
const EYES: [[usize; 8]; 2] = [[33, 160, 159, 158, 133, 153, 145, 144], [362, 385, 386, 387, 263, 373, 374, 380]];
/// Below each eye, where a lens lies over skin.
const BELOW: [[usize; 8]; 2] = [[31, 228, 229, 230, 120, 119, 118, 117], [261, 448, 449, 450, 349, 348, 347, 346]];

/// Share of the surroundings of the eyes that is white, %. The eyes themselves do not count: a
/// catchlight is welcome.
pub fn glare(subject: &Subject<'_>, skin: &Skin) -> f32 {
    let plane = &subject.brightness;
    let (mut white, mut all) = (0, 0);
    for (socket, eye) in SOCKETS.iter().zip(&EYES) {
        let eye = enlarged(&subject.outline(eye), 1.4);
        let mut count = |outline: &[Point], sign: i32| {
            inside(outline, plane.width, plane.height, |x, y| {
                let light = f32::from(plane.at(x, y));
                all += sign;
                white += sign * i32::from(light > 225.0 && light > skin.brightness * 1.35);
            });
        };
        count(&subject.outline(socket), 1);
        count(&eye, -1);
    }
    percent(white.max(0) as u32, all.max(0) as u32)
}

fn enlarged(outline: &[Point], factor: f32) -> Vec<Point> {
    let count = outline.len() as f32;
    let x = outline.iter().map(|point| point.x).sum::<f32>() / count;
    let y = outline.iter().map(|point| point.y).sum::<f32>() / count;
    outline.iter().map(|point| Point { x: x + (point.x - x) * factor, y: y + (point.y - y) * factor }).collect()
}

/// Brightness of the skin below the darker eye, % of the cheeks'.
pub fn lens_brightness(subject: &Subject<'_>, skin: &Skin) -> f32 {
    let median = BELOW.map(|outline| subject.histogram(&outline).quantile(0.5));
    // Both lenses are tinted alike, while one eye may lie in shadow.
    median[0].max(median[1]) * 100.0 / skin.brightness.max(1.0)
}

/// Contrast of the strongest level edge across the bridge of the nose, % of the skin's brightness.
pub fn nose_bar(subject: &Subject<'_>, skin: &Skin) -> f32 {
    let plane = &subject.brightness;
    let (left, right) = (subject.at(133), subject.at(362));
    let (middle_x, middle_y) = ((left.x + right.x) / 2.0, (left.y + right.y) / 2.0);
    let half = left.distance(right) * 0.22;
    let reach = subject.face_width * 0.13;
    let step = (subject.face_width * 0.012).max(1.0);
    if !(half.is_finite() && reach.is_finite() && half >= 2.0) {
        return f32::NAN;
    }
    // The bar tilts with the head.
    let slope = (right.y - left.y) / (right.x - left.x).max(1.0);
    let mean_at = |offset: f32| {
        let (mut sum, mut count) = (0.0, 0.0);
        for dx in -(half as i32)..=half as i32 {
            let (x, y) = (middle_x + dx as f32, middle_y + offset + dx as f32 * slope);
            if x >= 0.0 && y >= 0.0 && x < plane.width as f32 && y < plane.height as f32 {
                sum += f32::from(plane.at(x as usize, y as usize));
                count += 1.0;
            }
        }
        sum / count
    };
    let rows: Vec<f32> = (-(reach as i32)..=reach as i32).map(|row| mean_at(row as f32)).collect();
    let step = step as usize * 2;
    let strongest = rows.windows(step + 1).map(|window| (window[step] - window[0]).abs()).fold(0.0, f32::max);
    strongest * 100.0 / skin.brightness.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    #[derive(PartialEq)]
    enum Lenses {
        Whole,
        Below,
    }

    fn with_eyes(lenses: Lenses, colour: impl Fn(u32, u32) -> [u8; 3]) -> Scene {
        let mut scene = Scene::painted(colour);
        for (side, x) in [150.0, 270.0].into_iter().enumerate() {
            scene.put(&EYES[side], [x + 18.0, 272.0, x + 42.0, 288.0]);
            // Both outlines share points, so that what lies below the eye comes first.
            scene.put(&BELOW[side], [x + 10.0, 292.0, x + 50.0, 312.0]);
            if lenses == Lenses::Whole {
                scene.put(&SOCKETS[side], [x, 250.0, x + 60.0, 310.0]);
            }
        }
        if lenses == Lenses::Below {
            scene.set(133, 205.0, 280.0);
            scene.set(362, 275.0, 280.0);
        }
        scene
    }

    const SKIN: [u8; 3] = [170, 120, 95];

    #[test]
    fn a_reflection_beside_the_eye_is_glare_and_one_in_it_is_not() {
        let measure = |left: u32, top: u32, side: u32| {
            let in_spot = move |x: u32, y: u32| (left..left + side).contains(&x) && (top..top + side).contains(&y);
            let scene = with_eyes(Lenses::Whole, |x, y| if in_spot(x, y) { [250; 3] } else { SKIN });
            glare(&scene.subject(), &Skin::of(&scene.subject()))
        };
        assert!(measure(165, 252, 16) > 3.0, "{}", measure(165, 252, 16));
        assert!(measure(176, 276, 8) < 0.5, "{}", measure(176, 276, 8));
    }

    #[test]
    fn dark_lenses_are_darker_than_the_cheeks() {
        let lens = |x: u32, y: u32| (250..316).contains(&y) && (140..340).contains(&x);
        let scene = with_eyes(Lenses::Below, |x, y| if lens(x, y) { [60, 45, 40] } else { SKIN });
        assert!(lens_brightness(&scene.subject(), &Skin::of(&scene.subject())) < 60.0);
        let scene = with_eyes(Lenses::Below, |_, _| SKIN);
        assert!((lens_brightness(&scene.subject(), &Skin::of(&scene.subject())) - 100.0).abs() < 1.0);
    }

    #[test]
    fn a_bridge_over_the_nose_is_a_bar() {
        let scene = with_eyes(Lenses::Below, |_, y| if (276..284).contains(&y) { [40; 3] } else { SKIN });
        assert!(nose_bar(&scene.subject(), &Skin::of(&scene.subject())) > 40.0);
        let scene = with_eyes(Lenses::Below, |_, _| SKIN);
        assert_eq!(nose_bar(&scene.subject(), &Skin::of(&scene.subject())), 0.0);
    }
}
