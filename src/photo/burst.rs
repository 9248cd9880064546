//! Several stills around the shutter, and which of them becomes the photo.

use image::RgbImage;

use super::checks::eye_gap;
use super::face::{Face, FaceFinder};
use super::runtime::ModelError;

/// How many stills are taken at the shutter.
pub const STILLS: usize = 3;

/// What decides between stills of one sitter, a fraction of a second apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    /// See [`eye_gap`].
    eyes: f32,
    /// Mean squared difference of neighbouring pixels in the face.
    sharpness: f32,
}

/// Eyes that are less open than this part of the most open ones are blinking.
const BLINK: f32 = 0.8;

/// Of the stills with open eyes the sharpest; of those without a single face none, if there is another.
pub fn best<'a>(
    stills: &'a [impl AsRef<RgbImage>],
    faces: &mut FaceFinder,
) -> Result<Option<&'a RgbImage>, ModelError> {
    let mut looks = Vec::with_capacity(stills.len());
    for still in stills {
        let still = still.as_ref();
        let face = match faces.detect(still)?.as_slice() {
            [only] => faces.mesh(still, only)?,
            _ => None,
        };
        looks.push(face.map(|face| Look { eyes: eye_gap(&face), sharpness: sharpness(still, &face) }));
    }
    Ok(choose(&looks).and_then(|index| stills.get(index)).map(AsRef::as_ref))
}

fn choose(looks: &[Option<Look>]) -> Option<usize> {
    let most_open = looks.iter().flatten().map(|look| look.eyes).fold(0.0, f32::max);
    let rank = |look: &Option<Look>| match look {
        Some(look) if look.eyes >= most_open * BLINK => (2, look.sharpness),
        Some(look) => (1, look.eyes),
        None => (0, 0.0),
    };
    // Of equals the first: it is nearest to the moment of the shutter.
    let better = |a: &usize, b: &usize| {
        let (a, b) = (rank(&looks[*a]), rank(&looks[*b]));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    };
    (0..looks.len()).rev().max_by(better)
}

fn sharpness(still: &RgbImage, face: &Face) -> f32 {
    let (centre, half) = (face.centre(), face.width() / 2.0);
    let columns =
        (centre.x - half).max(0.0) as u32..((centre.x + half).max(0.0) as u32).min(still.width().saturating_sub(1));
    let rows =
        (centre.y - half).max(0.0) as u32..((centre.y + half).max(0.0) as u32).min(still.height().saturating_sub(1));
    let count = (columns.len() * rows.len()).max(1) as f32;
    let green = |x: u32, y: u32| i32::from(still.get_pixel(x, y).0[1]);
    let mut sum = 0u64;
    for y in rows {
        for x in columns.clone() {
            let here = green(x, y);
            let (across, down) = (green(x + 1, y) - here, green(x, y + 1) - here);
            sum += (across * across + down * down) as u64;
        }
    }
    sum as f32 / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::face::Point;

    fn look(eyes: f32, sharpness: f32) -> Option<Look> {
        Some(Look { eyes, sharpness })
    }

    #[test]
    fn open_eyes_come_first_then_the_sharpest() {
        assert_eq!(choose(&[look(3.0, 90.0), look(9.0, 40.0), look(8.5, 50.0)]), Some(2));
        assert_eq!(choose(&[look(9.0, 50.0), look(9.0, 50.0), look(9.0, 50.0)]), Some(0));
        assert_eq!(choose(&[None, look(2.0, 1.0), None]), Some(1));
        assert_eq!(choose(&[look(f32::NAN, 5.0), look(7.0, 1.0)]), Some(1));
        assert_eq!((choose(&[None, None]), choose(&[])), (Some(0), None));
    }

    #[test]
    fn a_smeared_face_is_less_sharp_wherever_it_is() {
        let face = |x, y| Face {
            eyes: Point { x, y },
            cheeks: [Point { x: x - 20.0, y }, Point { x: x + 20.0, y }],
            ..Face::default()
        };
        let sharp = RgbImage::from_fn(60, 60, |x, y| image::Rgb([((x / 3 + y / 3) % 2 * 200) as u8; 3]));
        let smeared = image::imageops::blur(&sharp, 2.0);
        for (x, y) in [(30.0, 30.0), (2.0, 58.0), (-300.0, 900.0)] {
            let (sharp, smeared) = (sharpness(&sharp, &face(x, y)), sharpness(&smeared, &face(x, y)));
            assert!(sharp > smeared * 2.0 || (x < 0.0 && sharp == 0.0), "{x} {y}: {sharp} {smeared}");
        }
    }
}
