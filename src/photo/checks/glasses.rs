//! Glasses: reflections on them, tint, and whether there are any. Colour and edges only.

use super::Subject;
use super::colour::Skin;
use super::region::{Histogram, inside, percent};
use crate::photo::face::Point;

/// Around each eye, as far as lenses reach; left in the picture first.
const SOCKETS: [[usize; 12]; 2] = [
    [70, 63, 105, 66, 107, 193, 122, 120, 119, 118, 117, 143],
    [300, 293, 334, 296, 336, 417, 351, 349, 348, 347, 346, 372],
];
const EYES: [[usize; 8]; 2] = [[33, 160, 159, 158, 133, 153, 145, 144], [362, 385, 386, 387, 263, 373, 374, 380]];
/// Below each eye, where a lens lies over skin.
const BELOW: [[usize; 8]; 2] =
    [[31, 228, 229, 230, 120, 119, 118, 117], [261, 448, 449, 450, 349, 348, 347, 346]];

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
    let plane = &subject.brightness;
    let median = BELOW.map(|outline| {
        let mut histogram = Histogram::new();
        inside(&subject.outline(&outline), plane.width, plane.height, |x, y| histogram.add(plane.at(x, y)));
        histogram.quantile(0.5)
    });
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
