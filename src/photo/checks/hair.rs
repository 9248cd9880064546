//! What hair or a hat hides: brows, ears, the crown. By colour beside the mesh; no model knows hair.

use image::RgbImage;

use super::Subject;
use super::colour::{self, Skin};
use super::region::{inside, luma, percent};
use crate::photo::face::{Face, Point};

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
    let [left, right] = EAR_EDGES.map(|(edge, outward)| {
        let (mut ear, mut all) = (0, 0);
        let place = ear_place(subject.at(edge), subject.face_width, outward);
        inside(&place, subject.brightness.width, subject.brightness.height, |x, y| {
            all += 1;
            let is_person = subject.matte.at(x as u32, y as u32) > 0.8;
            ear += u32::from(is_person && skin.is_like(subject.picture.get_pixel(x as u32, y as u32).0));
        });
        percent(ear, all)
    });
    if left.is_nan() || right.is_nan() { f32::NAN } else { left.min(right) }
}

/// Points of the mesh before the ears, left and right of the picture, and which way is outwards.
const EAR_EDGES: [(usize, f32); 2] = [(234, -1.0), (454, 1.0)];

/// Where the ear behind this point of the mesh should be.
fn ear_place(edge: Point, face_width: f32, outward: f32) -> [Point; 4] {
    let (top, bottom) = (edge.y - face_width * 0.08, edge.y + face_width * 0.2);
    let (near, far) = (edge.x + outward * face_width * 0.01, edge.x + outward * face_width * 0.09);
    [(near, top), (far, top), (far, bottom), (near, bottom)].map(|(x, y)| Point { x, y })
}

/// Whether hair lies over an ear in a live frame, where nothing is known of the background: nothing but dark where
/// it should be. Surer than [`ears`] of what it says, since the photo waits for it.
pub fn over_an_ear(frame: &RgbImage, face: &Face) -> bool {
    let skin = Skin::in_frame(frame, face);
    let width = face.width();
    EAR_EDGES.iter().any(|(edge, outward)| {
        let Some(edge) = face.points.get(*edge) else { return false };
        let (mut bare, mut dark, mut all) = (0, 0, 0);
        let place = ear_place(*edge, width, *outward);
        inside(&place, frame.width() as usize, frame.height() as usize, |x, y| {
            let pixel = frame.get_pixel(x as u32, y as u32).0;
            all += 1;
            bare += u32::from(skin.is_like(pixel));
            dark += u32::from(f32::from(luma(pixel)) < skin.brightness * 0.5);
        });
        percent(bare, all) <= 2.0 && percent(dark, all) >= 95.0
    })
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
    fn dark_hair_over_one_ear_is_seen_in_a_frame_and_a_light_wall_is_no_hair() {
        let seen = |beside: fn(u32) -> [u8; 3]| {
            let mut scene = Scene::painted(|x, _| if (120..=360).contains(&x) { SKIN } else { beside(x) });
            scene.set(234, 120.0, 300.0);
            scene.set(454, 360.0, 300.0);
            over_an_ear(&scene.picture, &scene.face)
        };
        assert!(!seen(|_| SKIN) && !seen(|_| [230, 232, 235]));
        assert!(seen(|_| HAIR) && seen(|x| if x > 360 { HAIR } else { SKIN }));
        // An ear's edge shows.
        assert!(!seen(|x| if (112..=368).contains(&x) { SKIN } else { HAIR }));
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
        assert!(measure([190, 30, 40]) > 55.0);
        assert!(measure(HAIR) < 5.0);
    }
}
