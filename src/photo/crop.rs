//! Where to cut the portrait out of the still, so that crown, eyes and face width land as near as
//! possible to the middle of what the standard allows. Chooses a scale and a place; nothing else.

use super::Geometry;
use super::face::{Face, Point};
use super::raster::{Matte, PixelRect, Rect};
use super::standard::PhotoProfile;

/// What the crop is aimed with, in still pixels.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Top of the hair.
    pub crown_y: f32,
    pub eyes: Point,
    pub centre_x: f32,
    pub face_width: f32,
}

impl Head {
    /// A first idea before there is a matte: the eyes are half-way down the head, and hair comes on top.
    pub fn guess(face: &Face) -> Self {
        let below = face.chin.distance(face.eyes);
        Self {
            crown_y: face.eyes.y - below * 1.15,
            eyes: face.eyes,
            centre_x: face.centre().x,
            face_width: face.width(),
        }
    }

    /// With the crown seen in `matte`, which covers `region` of the still.
    pub fn seen(face: &Face, matte: &Matte, region: PixelRect) -> Self {
        let guess = Self::guess(face);
        let scale_x = matte.width as f32 / region.width as f32;
        let scale_y = matte.height as f32 / region.height as f32;
        let column = |x: f32| ((x - region.x as f32) * scale_x).clamp(0.0, matte.width as f32) as usize;
        let columns = column(guess.centre_x - guess.face_width * 0.5)..column(guess.centre_x + guess.face_width * 0.5);
        // A few stray hairs are not the crown.
        let enough = (guess.face_width * scale_x * 0.06).max(2.0) as usize;
        let eyes_row = ((guess.eyes.y - region.y as f32) * scale_y).max(0.0) as u32;
        let crown_row = (0..eyes_row.min(matte.height))
            .find(|y| matte.row(*y)[columns.clone()].iter().filter(|alpha| **alpha > 0.5).count() >= enough);
        match crown_row {
            Some(row) => Self { crown_y: region.y as f32 + row as f32 / scale_y, ..guess },
            None => guess,
        }
    }
}

/// Which edges of the still cut the person off, so that a crop must not show them.
#[derive(Clone, Copy, Debug, Default)]
pub struct CutOff {
    pub left: bool,
    pub right: bool,
}

/// A place for the portrait in the still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crop {
    /// In still pixels; may reach beyond the still, where there is only background.
    pub rect: Rect,
    /// Portrait pixels per still pixel.
    pub scale: f32,
}

impl Crop {
    /// The crop whose worst deviation from the middle of the allowed ranges is least, and which the
    /// still covers if it can be covered at all.
    pub fn aim(head: &Head, cut_off: CutOff, still: (u32, u32), profile: &PhotoProfile) -> Self {
        const SCALES: usize = 160;
        const SHIFTS: usize = 80;
        let (narrowest, widest) = profile.face_width_px;
        let between =
            |(low, high): (f32, f32), step: usize, steps: usize| low + (high - low) * step as f32 / steps as f32;
        let mut best = (f32::INFINITY, narrowest / head.face_width, 0.0);
        for scale_step in 0..=SCALES {
            let scale = between((narrowest, widest), scale_step, SCALES) / head.face_width;
            for shift_step in 0..=SHIFTS {
                // Place the eyes anywhere in their range; everything else follows.
                let eyes = between(profile.eyes_px, shift_step, SHIFTS);
                let geometry = Geometry {
                    crown_px: eyes - (head.eyes.y - head.crown_y) * scale,
                    eyes_px: eyes,
                    face_width_px: head.face_width * scale,
                    centre_offset_px: 0.0,
                };
                let crop = Self::at(head, scale, eyes, profile);
                let missing = crop.uncovered(cut_off, still);
                // A gap that can be closed is closed, whatever else is then less than perfect.
                let gap = if missing > 1.0 { 1.0 } else { 0.0 };
                let cost = off_target(&geometry, profile) + missing / 20.0 + gap;
                if cost < best.0 {
                    best = (cost, scale, eyes);
                }
            }
        }
        Self::at(head, best.1, best.2, profile)
    }

    pub(super) fn at(head: &Head, scale: f32, eyes_px: f32, profile: &PhotoProfile) -> Self {
        let (width, height) = (profile.width_px as f32 / scale, profile.height_px as f32 / scale);
        let rect = Rect { x: head.centre_x - width / 2.0, y: head.eyes.y - eyes_px / scale, width, height };
        Self { rect, scale }
    }

    /// Portrait pixels at the bottom and at cut-off sides for which the still has nothing.
    fn uncovered(&self, cut_off: CutOff, still: (u32, u32)) -> f32 {
        let below = (self.rect.bottom() - still.1 as f32).max(0.0);
        let left = if cut_off.left { (-self.rect.x).max(0.0) } else { 0.0 };
        let right = if cut_off.right { (self.rect.right() - still.0 as f32).max(0.0) } else { 0.0 };
        (below + left + right) * self.scale
    }

    pub fn geometry(&self, head: &Head) -> Geometry {
        Geometry {
            crown_px: (head.crown_y - self.rect.y) * self.scale,
            eyes_px: (head.eyes.y - self.rect.y) * self.scale,
            face_width_px: head.face_width * self.scale,
            centre_offset_px: (head.centre_x - self.rect.x) * self.scale - self.rect.width * self.scale / 2.0,
        }
    }
}

/// Squared deviations from the middles in half ranges, with a steep wall near the ends.
fn off_target(geometry: &Geometry, profile: &PhotoProfile) -> f32 {
    let deviation = |value: f32, (low, high): (f32, f32)| (value - (low + high) / 2.0).abs() / ((high - low) / 2.0);
    [
        deviation(geometry.crown_px, profile.crown_px),
        deviation(geometry.eyes_px, profile.eyes_px),
        deviation(geometry.face_width_px, profile.face_width_px),
    ]
    .into_iter()
    .map(|off| off * off + 50.0 * (off - 0.92).max(0.0).powi(2) + if off > 1.0 { 5.0 } else { 0.0 })
    .sum()
}

/// Portrait pixels along which the still's own edge cuts the person off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CutEdges {
    /// How far the head reaches beyond the top or a side, as far as the cut tells; the whole edge when
    /// the still ends so close below the chin that no shoulder is seen.
    pub head_px: f32,
    /// At a side below the chin, or below the body, which then ends in the air.
    pub body_px: f32,
}

/// `matte` is the portrait's.
pub fn cut_edges(matte: &Matte, crop: &Crop, still: (u32, u32), face: &Face) -> CutEdges {
    const PRESENT: f32 = 0.5;
    let (width, height) = (matte.width, matte.height);
    let present = |x: u32, y: u32| matte.at(x, y) > PRESENT;
    let column_at = |still_x: f32| ((still_x - crop.rect.x) * crop.scale) as u32;
    let row_at = |still_y: f32| ((still_y - crop.rect.y) * crop.scale) as u32;
    let chin = row_at(face.chin.y).min(height);
    let mut cut = (0.0, 0);
    // A straight cut through a round head: from its length, how much lies beyond it.
    let beyond = |length: usize| {
        let half = length as f32 / 2.0;
        let radius = (face.width() * crop.scale * 0.55).max(half);
        radius - (radius * radius - half * half).max(0.0).sqrt()
    };
    let mut cut_side = |x: u32| {
        if x < width {
            cut.0 += beyond((0..chin).filter(|y| present(x, *y)).count());
            cut.1 += (chin..height).filter(|y| present(x, *y)).count();
        }
    };
    if crop.rect.x < 0.0 {
        cut_side(column_at(0.0) + 2);
    }
    if crop.rect.right() > still.0 as f32 {
        cut_side(column_at(still.0 as f32).saturating_sub(3));
    }
    if crop.rect.y < 0.0 {
        let y = row_at(0.0) + 2;
        cut.0 += beyond((0..width).filter(|x| y < height && present(*x, y)).count());
    }
    // A sliver at the bottom is lost in the rounding; more is a body that ends in the air.
    if crop.rect.bottom() > still.1 as f32 + 1.0 / crop.scale {
        let y = row_at(still.1 as f32).saturating_sub(3);
        let missing = (0..width).filter(|x| y < height && present(*x, y)).count();
        let below_chin = still.1 as f32 - face.chin.y;
        if below_chin < face.eyes.distance(face.chin) * 0.35 {
            cut.0 += missing as f32;
        } else {
            cut.1 += missing;
        }
    }
    CutEdges { head_px: cut.0, body_px: cut.1 as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(crown_to_eyes: f32) -> Head {
        Head { crown_y: 400.0 - crown_to_eyes, eyes: Point { x: 960.0, y: 400.0 }, centre_x: 960.0, face_width: 240.0 }
    }

    #[test]
    fn any_head_that_can_fit_the_standard_does() {
        let profile = PhotoProfile::default();
        for crown_to_eyes in [150.0, 180.0, 220.0, 260.0, 290.0] {
            let head = head(crown_to_eyes);
            let crop = Crop::aim(&head, CutOff::default(), (1920, 1080), &profile);
            let findings = profile.check_geometry(&crop.geometry(&head));
            assert!(findings.iter().all(crate::photo::Finding::passed), "{crown_to_eyes}: {findings:?}");
        }
    }

    #[test]
    fn a_low_bottom_edge_moves_the_crop_up_rather_than_leaving_a_gap() {
        let profile = PhotoProfile::default();
        let head = head(200.0);
        let crop = Crop::aim(&head, CutOff::default(), (1920, 760), &profile);
        assert!(crop.rect.bottom() <= 762.0, "{crop:?}");
    }

    #[test]
    fn a_head_beyond_the_top_is_cut_and_an_arm_beyond_the_side_is_body() {
        let point = |x, y| Point { x, y };
        let face = Face {
            eyes: point(240.0, 250.0),
            chin: point(240.0, 400.0),
            cheeks: [point(120.0, 260.0), point(360.0, 260.0)],
            ..Face::default()
        };
        let whole = Matte::new(480, 640, vec![1.0; 480 * 640]);
        let cut = |x: f32, y: f32, still: (u32, u32), matte: &Matte| {
            cut_edges(matte, &Crop { rect: Rect { x, y, width: 480.0, height: 640.0 }, scale: 1.0 }, still, &face)
        };
        assert_eq!(cut(0.0, 0.0, (480, 640), &whole), CutEdges::default());
        assert!(cut(0.0, -60.0, (480, 640), &whole).head_px > 100.0);
        let mut arms = Matte::new(480, 640, vec![0.0; 480 * 640]);
        arms.alpha[480 * 500..].fill(1.0);
        let beside = cut(-40.0, 0.0, (480, 640), &arms);
        assert!(beside.head_px == 0.0 && beside.body_px > 100.0, "{beside:?}");
    }
}
