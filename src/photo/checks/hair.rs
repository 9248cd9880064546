//! What hair or a hat hides: brows, ears, the crown. By colour beside the mesh; no model knows hair.

use super::Subject;
use super::colour::{self, Skin};
use super::region::{inside, percent};

/// Between the brows and the middle of the forehead, left and right of the picture.
const ABOVE_BROWS: [[usize; 9]; 2] =
    [[104, 69, 108, 151, 9, 107, 66, 105, 63], [333, 299, 337, 151, 9, 336, 296, 334, 293]];

/// Share of the strip above the brows that does not look like skin, %.
pub fn over_brows(subject: &Subject<'_>, skin: &Skin) -> f32 {
    let plane = &subject.brightness;
    let (mut covered, mut all) = (0, 0);
    for strip in &ABOVE_BROWS {
        inside(&subject.outline(strip), plane.width, plane.height, |x, y| {
            all += 1;
            let light = f32::from(plane.at(x, y));
            covered += u32::from(light < skin.brightness * 0.62);
        });
    }
    percent(covered, all)
}

/// Skin where the ear should be, on the side that shows less of it, %.
pub fn ears(subject: &Subject<'_>, skin: &Skin) -> f32 {
    let width = subject.face_width;
    let side = |edge: usize, outward: f32| {
        let edge = subject.at(edge);
        let top = edge.y - width * 0.08;
        let bottom = edge.y + width * 0.2;
        let (near, far) = (edge.x + outward * width * 0.01, edge.x + outward * width * 0.09);
        let (mut ear, mut all) = (0, 0);
        let corner = |x, y| crate::photo::face::Point { x, y };
        let place = [corner(near, top), corner(far, top), corner(far, bottom), corner(near, bottom)];
        inside(&place, subject.brightness.width, subject.brightness.height, |x, y| {
            all += 1;
            let is_person = subject.matte.at(x as u32, y as u32) > 0.8;
            ear += u32::from(is_person && skin.is_like(subject.picture.get_pixel(x as u32, y as u32).0));
        });
        percent(ear, all)
    };
    let (left, right) = (side(234, -1.0), side(454, 1.0));
    if left.is_nan() || right.is_nan() { f32::NAN } else { left.min(right) }
}

/// Difference in colour between the crown and the hair beside the face, Lab units.
pub fn headwear(subject: &Subject<'_>) -> f32 {
    let hairline = subject.at(10);
    let width = subject.face_width;
    let crown = (0..hairline.y.max(0.0) as u32).find(|y| {
        let x = (hairline.x.max(0.0) as u32).min(subject.matte.width - 1);
        *y < subject.matte.height && subject.matte.at(x, *y) > 0.5
    });
    let Some(crown) = crown else { return f32::NAN };
    let top = crown as f32 + (hairline.y - crown as f32) * 0.2;
    let above = subject.mean(hairline.x - width * 0.2, top, hairline.x + width * 0.2, hairline.y - width * 0.06);
    let [left, right] = [(127, -1.0), (356, 1.0)].map(|(edge, outward): (usize, f32)| {
        let edge = subject.at(edge);
        let (near, far) = (edge.x + outward * width * 0.02, edge.x + outward * width * 0.08);
        subject.mean(near.min(far), edge.y - width * 0.02, near.max(far), edge.y + width * 0.12)
    });
    let apart = |beside: Option<[f32; 3]>| Some(colour::difference(above?, beside?));
    [apart(left), apart(right)].into_iter().flatten().reduce(f32::min).unwrap_or(f32::NAN)
}

impl Subject<'_> {
    /// Mean colour of the person in a rectangle, if there is enough of them.
    fn mean(&self, left: f32, top: f32, right: f32, bottom: f32) -> Option<[f32; 3]> {
        let bound = |value: f32, limit: u32| value.clamp(0.0, limit as f32) as u32;
        let (mut sum, mut count) = ([0u64; 3], 0u64);
        for y in bound(top, self.matte.height)..bound(bottom, self.matte.height) {
            for x in bound(left, self.matte.width)..bound(right, self.matte.width) {
                if self.matte.at(x, y) > 0.9 {
                    let pixel = self.picture.get_pixel(x, y).0;
                    (0..3).for_each(|channel| sum[channel] += u64::from(pixel[channel]));
                    count += 1;
                }
            }
        }
        (count >= 30).then(|| sum.map(|sum| sum as f32 / count as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    const SKIN: [u8; 3] = [190, 140, 115];
    const HAIR: [u8; 3] = [35, 28, 25];

    #[test]
    fn a_fringe_covers_the_strip_above_the_brows() {
        let measure = |fringe_to: u32| {
            let mut scene = Scene::painted(|_, y| if y < fringe_to { HAIR } else { SKIN });
            scene.put(&ABOVE_BROWS[0], [150.0, 230.0, 230.0, 260.0]);
            scene.put(&ABOVE_BROWS[1], [250.0, 230.0, 330.0, 260.0]);
            over_brows(&scene.subject(), &Skin::of(&scene.subject()))
        };
        assert_eq!(measure(200), 0.0);
        assert!(measure(262) > 95.0);
    }

    #[test]
    fn an_ear_on_one_side_only_is_not_both_ears() {
        let measure = |hair: fn(u32) -> bool| {
            let mut scene = Scene::painted(|x, _| if hair(x) { HAIR } else { SKIN });
            scene.set(234, 120.0, 300.0);
            scene.set(454, 360.0, 300.0);
            ears(&scene.subject(), &Skin::of(&scene.subject()))
        };
        assert!(measure(|_| false) > 95.0);
        assert_eq!(measure(|x| x > 360), 0.0);
    }

    #[test]
    fn a_red_hat_differs_from_the_hair_below_it() {
        let measure = |crown: [u8; 3]| {
            let mut scene = Scene::painted(|_, y| if y < 190 { crown } else { HAIR });
            scene.set(10, 240.0, 190.0);
            scene.set(127, 120.0, 280.0);
            scene.set(356, 360.0, 280.0);
            headwear(&scene.subject())
        };
        assert!(measure([190, 30, 40]) > 35.0);
        assert!(measure(HAIR) < 5.0);
    }
}
