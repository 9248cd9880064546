//! The colour of the skin, which other checks compare with, and whether the light tints it.

use image::RgbImage;

use super::Subject;
use super::region::{Histogram, inside, luma};
use crate::photo::face::{Face, Point};

/// A patch below each eye where there is neither beard nor hair nor glasses in most faces.
pub const CHEEKS: [[usize; 10]; 2] =
    [[117, 118, 119, 100, 142, 203, 206, 207, 187, 123], [346, 347, 348, 329, 371, 423, 426, 427, 411, 352]];

/// The usual skin of this face.
pub struct Skin {
    /// Median brightness.
    pub brightness: f32,
    /// Mean colour, sRGB 0..=255.
    pub mean: [f32; 3],
}

impl Skin {
    pub fn of(subject: &Subject<'_>) -> Self {
        Self::within(subject.picture, &CHEEKS.map(|cheek| subject.outline(&cheek)))
    }

    /// Of a face whose mesh is in the picture's own pixels.
    pub fn in_frame(frame: &RgbImage, face: &Face) -> Self {
        let point = |index: usize| face.points.get(index).copied().unwrap_or_default();
        Self::within(frame, &CHEEKS.map(|cheek| cheek.iter().map(|index| point(*index)).collect()))
    }

    fn within(picture: &RgbImage, cheeks: &[Vec<Point>; 2]) -> Self {
        let mut histogram = Histogram::new();
        let (mut sum, mut count) = ([0u64; 3], 0u64);
        for cheek in cheeks {
            inside(cheek, picture.width() as usize, picture.height() as usize, |x, y| {
                let pixel = picture.get_pixel(x as u32, y as u32).0;
                histogram.add(luma(pixel));
                (0..3).for_each(|channel| sum[channel] += u64::from(pixel[channel]));
                count += 1;
            });
        }
        Self { brightness: histogram.quantile(0.5), mean: sum.map(|sum| sum as f32 / count as f32) }
    }

    /// Distance in Lab's a-b plane from the box that skin of any tone has in white light.
    pub fn cast(&self) -> f32 {
        let [_, a, b] = lab(self.mean);
        let beyond = |value: f32, low: f32, high: f32| (low - value).max(value - high).max(0.0);
        if a.is_nan() || b.is_nan() {
            return f32::NAN;
        }
        beyond(a, 6.0, 24.0).hypot(beyond(b, 6.0, 30.0))
    }

    /// Whether a colour could be this skin, in light or shade.
    pub fn is_like(&self, pixel: [u8; 3]) -> bool {
        let [light, cb, cr] = ycc(pixel.map(f32::from));
        let [own, own_cb, own_cr] = ycc(self.mean);
        (own * 0.5..=own * 1.5).contains(&light) && (cb - own_cb).hypot(cr - own_cr) < 14.0
    }
}

fn ycc([r, g, b]: [f32; 3]) -> [f32; 3] {
    let light = 0.299 * r + 0.587 * g + 0.114 * b;
    [light, (b - light) * 0.564, (r - light) * 0.713]
}

/// CIE Lab (D65) of an sRGB colour, 0..=255.
pub fn lab(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(|value| {
        let value = value / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let xyz = [
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    ];
    let [x, y, z] = xyz.map(|value| if value > 0.008856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIE 1976 colour difference.
pub fn difference(a: [f32; 3], b: [f32; 3]) -> f32 {
    let (a, b) = (lab(a), lab(b));
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::checks::tests::Scene;

    #[test]
    fn lab_of_white_grey_and_red() {
        let near = |a: [f32; 3], b: [f32; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.5);
        assert!(near(lab([255.0; 3]), [100.0, 0.0, 0.0]));
        assert!(near(lab([119.0; 3]), [50.0, 0.0, 0.0]), "{:?}", lab([119.0; 3]));
        assert!(near(lab([255.0, 0.0, 0.0]), [53.2, 80.1, 67.2]), "{:?}", lab([255.0, 0.0, 0.0]));
    }

    #[test]
    fn light_and_dark_skin_have_no_cast_and_coloured_light_does() {
        let cast = |colour: [u8; 3]| Skin::of(&Scene::painted(|_, _| colour).subject()).cast();
        for skin in [[236, 204, 184], [190, 140, 115], [120, 80, 60], [74, 50, 38]] {
            assert_eq!(cast(skin), 0.0, "{skin:?}");
        }
        for tinted in [[120, 120, 120], [120, 140, 190], [150, 190, 120], [230, 110, 20]] {
            assert!(cast(tinted) > 7.0, "{tinted:?}: {}", cast(tinted));
        }
    }
}
