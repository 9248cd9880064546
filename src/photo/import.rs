//! A picture that a student brings along: where its portrait is cut out, and how far the frame may be
//! moved and zoomed so that crown, eyes, face width and middle stay what the standard allows.

use image::RgbImage;

use super::Wiped;
use super::crop::{Crop, CutOff, Head};
use super::decode::PictureError;
use super::raster::{Rect, Scaler};
use super::standard::PhotoProfile;

/// Why a brought picture cannot become a portrait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportProblem {
    Picture(PictureError),
    NoFace,
    SeveralFaces,
    /// No stick is plugged in.
    NoStick,
    /// The stick has no pictures.
    NoPictures,
    /// The page for phones cannot be opened.
    NoPage,
}

/// A brought picture with one person in it.
#[derive(Debug)]
pub struct Import {
    pub picture: Wiped,
    /// The whole picture, small enough for the screen.
    pub preview: Wiped,
    pub placement: Placement,
}

/// Longest side of a preview and of a thumbnail, pixels.
const PREVIEW_PX: u32 = 1400;
const THUMBNAIL_PX: u32 = 360;

impl Import {
    pub fn new(picture: RgbImage, placement: Placement) -> Self {
        let preview = Wiped(shrunk(&picture, PREVIEW_PX));
        Self { picture: Wiped(picture), preview, placement }
    }
}

pub fn thumbnail(picture: &RgbImage) -> Wiped {
    Wiped(shrunk(picture, THUMBNAIL_PX))
}

/// No side longer than `most`; never enlarged.
fn shrunk(picture: &RgbImage, most: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let scale = (most as f32 / width.max(height) as f32).min(1.0);
    let side = |length: u32| ((length as f32 * scale).round() as u32).max(1);
    let mut scaler = Scaler::default();
    scaler.resample(picture, Rect::whole(width, height), side(width), side(height)).clone()
}

/// Where the frame may be.
#[derive(Clone, Debug)]
pub struct Placement {
    head: Head,
    picture: (u32, u32),
    profile: PhotoProfile,
    /// Where the program would put it.
    pub best: Crop,
}

/// Kept from every limit, so that rounding does not cross it, portrait px.
const MARGIN: f32 = 0.5;

impl Placement {
    pub fn new(head: Head, cut_off: CutOff, picture: (u32, u32), profile: &PhotoProfile) -> Self {
        let best = Crop::aim(&head, cut_off, picture, profile);
        Self { head, picture, profile: profile.clone(), best }
    }

    /// Pixels of the brought picture.
    pub fn picture_px(&self) -> (u32, u32) {
        self.picture
    }

    /// The frame shifted by so many pixels of the picture, as far as it may be.
    pub fn shifted(&self, from: Crop, x: f32, y: f32) -> Crop {
        self.nearest(from.scale, from.rect.x + from.rect.width / 2.0 + x, from.rect.y + from.rect.height / 2.0 + y)
    }

    /// The person made `factor` times as large in the portrait, as far as they may be.
    pub fn zoomed(&self, from: Crop, factor: f32) -> Crop {
        let (x, y) = (from.rect.x + from.rect.width / 2.0, from.rect.y + from.rect.height / 2.0);
        self.nearest(from.scale * factor, x, y)
    }

    /// The allowed frame that is nearest to this scale and middle.
    fn nearest(&self, scale: f32, middle_x: f32, middle_y: f32) -> Crop {
        let profile = &self.profile;
        let scales = self.scales();
        if scales.0 > scales.1 {
            // A head of unusual shape fits in one place only, if at all.
            return self.best;
        }
        let scale = scale.clamp(scales.0, scales.1);
        let height = profile.height_px as f32 / scale;
        let wanted = (self.head.eyes.y - (middle_y - height / 2.0)) * scale;
        let (lowest, highest) = self.eyes_at(scale);
        let mut crop = Crop::at(&self.head, scale, wanted.clamp(lowest, highest), profile);
        let most = (profile.centre_offset_px - MARGIN).max(0.0) / scale;
        crop.rect.x += (middle_x - self.head.centre_x).clamp(-most, most);
        crop
    }

    /// Portrait pixels per pixel of the picture: face width within its range, and crown and eyes
    /// within theirs at once.
    fn scales(&self) -> (f32, f32) {
        let profile = &self.profile;
        let to_eyes = (self.head.eyes.y - self.head.crown_y).max(1.0);
        let narrow = (profile.face_width_px.0 + MARGIN) / self.head.face_width;
        let wide = (profile.face_width_px.1 - MARGIN) / self.head.face_width;
        let low = (profile.eyes_px.0 - profile.crown_px.1 + 2.0 * MARGIN) / to_eyes;
        let high = (profile.eyes_px.1 - profile.crown_px.0 - 2.0 * MARGIN) / to_eyes;
        (narrow.max(low), wide.min(high))
    }

    /// How far from the top the eyes may be at this scale. Where the picture ends below the chin the
    /// frame stays inside it, if it can.
    fn eyes_at(&self, scale: f32) -> (f32, f32) {
        let profile = &self.profile;
        let to_eyes = (self.head.eyes.y - self.head.crown_y) * scale;
        let lowest = profile.eyes_px.0.max(profile.crown_px.0 + to_eyes) + MARGIN;
        let highest = profile.eyes_px.1.min(profile.crown_px.1 + to_eyes) - MARGIN;
        let highest = highest.max(lowest);
        let inside = profile.height_px as f32 - (self.picture.1 as f32 - self.head.eyes.y) * scale;
        (lowest.max(inside.min(highest)), highest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::photo::Finding;
    use crate::photo::face::Point;

    fn placement(to_eyes: f32) -> Placement {
        let head =
            Head { crown_y: 500.0 - to_eyes, eyes: Point { x: 805.0, y: 500.0 }, centre_x: 800.0, face_width: 240.0 };
        Placement::new(head, CutOff::default(), (1600, 1400), &PhotoProfile::default())
    }

    proptest! {
        /// Whatever is dragged and pinched, the portrait's geometry meets the standard.
        #[test]
        fn no_frame_breaks_the_standard(
            to_eyes in 150.0f32..280.0,
            moves in proptest::collection::vec((-900.0f32..900.0, -900.0f32..900.0, 0.2f32..5.0), 1..12),
        ) {
            let placement = placement(to_eyes);
            let mut crop = placement.best;
            for (x, y, factor) in moves {
                crop = placement.zoomed(placement.shifted(crop, x, y), factor);
                let geometry = crop.geometry(&placement.head);
                let findings = placement.profile.check_geometry(&geometry);
                prop_assert!(findings.iter().all(Finding::passed), "{crop:?}: {findings:?}");
                prop_assert!((crop.rect.width / crop.rect.height - 0.75).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn the_frame_follows_the_finger_as_far_as_it_may() {
        let placement = placement(200.0);
        let crop = placement.best;
        let moved = placement.shifted(crop, 4.0, -6.0);
        assert!((moved.rect.x - crop.rect.x - 4.0).abs() < 0.01 && (moved.rect.y - crop.rect.y + 6.0).abs() < 0.01);
        let larger = placement.zoomed(crop, 1.05);
        assert!((larger.scale / crop.scale - 1.05).abs() < 0.001);
        assert!(placement.shifted(crop, 4000.0, 0.0).rect.x - crop.rect.x < 20.0);
        assert!(placement.zoomed(crop, 99.0).scale < crop.scale * 2.0);
    }

    #[test]
    fn where_the_picture_ends_the_frame_ends() {
        let mut low = placement(200.0);
        low.picture.1 = 1000;
        let crop = low.shifted(low.best, 0.0, 5000.0);
        assert!(crop.rect.bottom() <= 1000.5, "{crop:?}");
    }

    #[test]
    fn a_large_picture_is_shown_small_and_a_small_one_as_it_is() {
        let thumbnail_of = |width, height| thumbnail(&RgbImage::new(width, height)).0.dimensions();
        assert_eq!(thumbnail_of(3600, 1800), (360, 180));
        assert_eq!(thumbnail_of(100, 40), (100, 40));
        assert_eq!(thumbnail_of(30_000, 1), (360, 1));
    }
}
