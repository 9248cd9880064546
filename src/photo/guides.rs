//! The lines over the live picture: where crown, eyes and chin should be, and which of them are there.

use super::crop::Head;
use super::face::Face;
use super::raster::Rect;
use super::standard::PhotoProfile;

/// Where the head should be. All values are fractions of the live picture, which is not mirrored: y of
/// its height, x of its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guides {
    /// The part that becomes the photo.
    pub crop: Rect,
    pub crown_y: f32,
    pub eyes_y: f32,
    pub chin_y: f32,
    pub centre_x: f32,
    pub face_half_width: f32,
}

/// Which lines the head meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub crown: bool,
    pub eyes: bool,
    pub chin: bool,
}

/// How far from its line a feature may be, of the picture's height; one that is there already may go a
/// little further, so that no line flickers.
const NEAR: f32 = 0.05;
const STILL_NEAR: f32 = 0.065;

impl Guides {
    /// A crop in the middle of a picture of this size, with the lines in the middle of what the profile
    /// allows. The eyes are half-way down a head.
    pub fn of(picture: (u32, u32), profile: &PhotoProfile) -> Self {
        let picture_shape = picture.0 as f32 / picture.1 as f32;
        let shape = profile.width_px as f32 / profile.height_px as f32;
        let height = 0.9_f32.min(picture_shape / shape);
        let width = height * shape / picture_shape;
        let crop = Rect { x: (1.0 - width) / 2.0, y: (1.0 - height) / 2.0, width, height };
        let middle = |(low, high): (f32, f32)| (low + high) / 2.0;
        let (crown, eyes) = (middle(profile.crown_px), middle(profile.eyes_px));
        let y = |portrait_px: f32| crop.y + portrait_px / profile.height_px as f32 * height;
        Self {
            crop,
            crown_y: y(crown),
            eyes_y: y(eyes),
            chin_y: y(eyes + (eyes - crown) * 0.97),
            centre_x: 0.5,
            face_half_width: middle(profile.face_width_px) / 2.0 / profile.width_px as f32 * width,
        }
    }

    /// The lines this face meets, in a picture of this size, when it met these before. Who sits beside
    /// them meets none.
    pub fn met(&self, face: &Face, picture: (u32, u32), before: Lines) -> Lines {
        if (face.centre().x / picture.0 as f32 - self.centre_x).abs() > self.face_half_width {
            return Lines::default();
        }
        let near = |feature: f32, line: f32, was: bool| {
            let most = if was { STILL_NEAR } else { NEAR };
            (feature / picture.1 as f32 - line).abs() <= most
        };
        Lines {
            crown: near(Head::guess(face).crown_y, self.crown_y, before.crown),
            eyes: near(face.eyes.y, self.eyes_y, before.eyes),
            chin: near(face.chin.y, self.chin_y, before.chin),
        }
    }
}

impl Lines {
    pub const ALL: Self = Self { crown: true, eyes: true, chin: true };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::face::Point;

    #[test]
    fn the_crop_has_the_shape_of_the_photo_and_lies_in_the_picture() {
        for picture in [(1920, 1080), (640, 480), (1080, 1920)] {
            let crop = Guides::of(picture, &PhotoProfile::default()).crop;
            let shape = crop.width * picture.0 as f32 / (crop.height * picture.1 as f32);
            assert!((shape - 0.75).abs() < 0.001, "{picture:?}: {shape}");
            assert!(crop.x >= 0.0 && crop.y >= 0.0 && crop.right() <= 1.0 && crop.bottom() <= 1.0);
        }
    }

    #[test]
    fn the_lines_come_from_the_profile() {
        let lower = PhotoProfile { crown_px: (100.0, 140.0), eyes_px: (260.0, 330.0), ..PhotoProfile::default() };
        let (usual, lower) = (Guides::of((1280, 720), &PhotoProfile::default()), Guides::of((1280, 720), &lower));
        assert!(lower.crown_y > usual.crown_y && lower.eyes_y > usual.eyes_y && lower.chin_y > usual.chin_y);
    }

    #[test]
    fn each_line_is_met_by_its_own_feature_and_does_not_flicker() {
        let guides = Guides::of((1280, 720), &PhotoProfile::default());
        let at = |share: f32| Point { x: 640.0, y: share * 720.0 };
        let face =
            |eyes: f32, chin: f32| Face { eyes: at(eyes), chin: at(chin), cheeks: [at(eyes); 2], ..Face::default() };
        let met = |face: &Face, before| guides.met(face, (1280, 720), before);
        let right = face(guides.eyes_y, guides.chin_y);
        assert_eq!(met(&right, Lines::default()), Lines::ALL);
        let bent = face(guides.eyes_y, guides.chin_y + 0.08);
        assert!(!met(&bent, Lines::default()).chin && met(&bent, Lines::default()).eyes);
        let beside = Face { cheeks: [Point { x: 900.0, y: 300.0 }; 2], ..right.clone() };
        assert_eq!(met(&beside, Lines::ALL), Lines::default());
        let edge = face(guides.eyes_y + 0.058, guides.chin_y);
        assert!(!met(&edge, Lines::default()).eyes && met(&edge, Lines::ALL).eyes);
    }
}
