//! Light on the face: too little, too much, from one side, or shining.

use super::Subject;
use super::colour::{CHEEKS, Skin};
use super::region::{Histogram, inside, percent};

const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// Above the brows, left and right of the middle.
const FOREHEAD: [[usize; 6]; 2] = [[151, 108, 69, 67, 109, 10], [151, 337, 299, 297, 338, 10]];
/// The ridge and the tip of the nose.
const NOSE: [usize; 10] = [168, 417, 465, 420, 429, 4, 209, 198, 245, 193];

fn face(subject: &Subject<'_>) -> Histogram {
    let mut histogram = Histogram::new();
    let plane = &subject.brightness;
    inside(&subject.outline(&OVAL), plane.width, plane.height, |x, y| histogram.add(plane.at(x, y)));
    histogram
}

/// Brightness that a twentieth of the face exceeds. Highlights and the whites of the eyes reach it on
/// dark skin as well, so that it tells darkness from a dark complexion.
pub fn bright_parts(subject: &Subject<'_>) -> f32 {
    face(subject).quantile(0.95)
}

/// Share of the face that is as good as white, %.
pub fn burnt(subject: &Subject<'_>) -> f32 {
    face(subject).percent_from(247)
}

/// Difference of the two sides, % of the lighter one: cheeks, and the forehead where it is free.
pub fn unevenness(subject: &Subject<'_>) -> f32 {
    let plane = &subject.brightness;
    let median = |outline: &[usize]| {
        let mut histogram = Histogram::new();
        inside(&subject.outline(outline), plane.width, plane.height, |x, y| histogram.add(plane.at(x, y)));
        histogram.quantile(0.5)
    };
    let [left, right] = CHEEKS.map(|cheek| median(&cheek));
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
