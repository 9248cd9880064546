//! Light on the face: too little, too much, from one side, or shining.

use super::Subject;
use super::colour::{CHEEKS, Skin};
use super::region::{inside, percent};

const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// Above the brows, left and right of the middle.
const FOREHEAD: [[usize; 6]; 2] = [[151, 108, 69, 67, 109, 10], [151, 337, 299, 297, 338, 10]];
/// The ridge and the tip of the nose.
const NOSE: [usize; 10] = [168, 417, 465, 420, 429, 4, 209, 198, 245, 193];

/// Brightness that a twentieth of the face exceeds. Highlights and the whites of the eyes reach it on
/// dark skin as well, so that it tells darkness from a dark complexion.
pub fn bright_parts(subject: &Subject<'_>) -> f32 {
    subject.histogram(&OVAL).quantile(0.95)
}

/// Share of the face that is as good as white, %.
pub fn burnt(subject: &Subject<'_>) -> f32 {
    subject.histogram(&OVAL).percent_from(247)
}

/// Difference of the two cheeks, % of the lighter one.
pub fn unevenness(subject: &Subject<'_>) -> f32 {
    let [left, right] = CHEEKS.map(|cheek| subject.histogram(&cheek).quantile(0.5));
    (left - right).abs() * 100.0 / left.max(right).max(1.0)
}

/// Share of forehead, nose and cheeks that is much lighter than the skin and has lost its colour, %.
pub fn shine(subject: &Subject<'_>, skin: &Skin) -> f32 {
    let plane = &subject.brightness;
    let own = skin.mean[0] - skin.mean[2];
    let (mut shining, mut all) = (0, 0);
    let mut look = |outline: &[usize]| {
        inside(&subject.outline(outline), plane.width, plane.height, |x, y| {
            let [r, _, b] = subject.picture.get_pixel(x as u32, y as u32).0.map(f32::from);
            let light = f32::from(plane.at(x, y));
            all += 1;
            shining += u32::from(light > 200.0 && light > skin.brightness * 1.3 && r - b < own * 0.6);
        });
    };
    FOREHEAD.iter().for_each(|half| look(half));
    CHEEKS.iter().for_each(|cheek| look(cheek));
    look(&NOSE);
    percent(shining, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    fn lit(colour: impl Fn(u32, u32) -> [u8; 3]) -> Scene {
        let mut scene = Scene::painted(colour);
        scene.put(&OVAL, [130.0, 200.0, 350.0, 440.0]);
        scene.put(&FOREHEAD[0], [180.0, 210.0, 235.0, 260.0]);
        scene.put(&FOREHEAD[1], [245.0, 210.0, 300.0, 260.0]);
        scene.put(&NOSE, [225.0, 290.0, 255.0, 360.0]);
        scene
    }

    #[test]
    fn darkness_and_burnt_skin_are_told_from_a_good_exposure() {
        let measure = |value: u8| {
            let scene = lit(|_, _| [value; 3]);
            (bright_parts(&scene.subject()), burnt(&scene.subject()))
        };
        assert_eq!(measure(60), (60.0, 0.0));
        assert_eq!(measure(180), (180.0, 0.0));
        assert_eq!(measure(252).1, 100.0);
    }

    #[test]
    fn light_from_one_side_is_the_difference_of_the_cheeks() {
        let scene = lit(|x, _| if x < 240 { [60; 3] } else { [180; 3] });
        assert!((unevenness(&scene.subject()) - 66.7).abs() < 0.5, "{}", unevenness(&scene.subject()));
        assert_eq!(unevenness(&lit(|_, _| [150; 3]).subject()), 0.0);
    }

    #[test]
    fn a_white_spot_on_the_forehead_shines() {
        let spot = |x: u32, y: u32| (180..235).contains(&x) && (210..260).contains(&y);
        let scene = lit(|x, y| if spot(x, y) { [250, 248, 245] } else { [170, 120, 95] });
        let subject = scene.subject();
        let skin = Skin::of(&subject);
        assert!(shine(&subject, &skin) > 10.0, "{}", shine(&subject, &skin));
        let matt = lit(|_, _| [170, 120, 95]);
        assert_eq!(shine(&matt.subject(), &Skin::of(&matt.subject())), 0.0);
    }
}
