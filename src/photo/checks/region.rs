//! Brightness of a picture and the pixels inside an outline: what the checks look at.

use image::RgbImage;

use crate::photo::face::Point;

/// One byte a pixel.
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<u8>,
}

impl Plane {
    /// Rec. 601 luma.
    pub fn brightness(picture: &RgbImage) -> Self {
        let values = picture.as_raw().chunks_exact(3).map(|rgb| luma([rgb[0], rgb[1], rgb[2]])).collect();
        Self { width: picture.width() as usize, height: picture.height() as usize, values }
    }

    pub fn at(&self, x: usize, y: usize) -> u8 {
        self.values[y * self.width + x]
    }
}

pub fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) >> 8) as u8
}

/// Every whole pixel inside an outline, cut to the picture.
pub fn inside(outline: &[Point], width: usize, height: usize, mut visit: impl FnMut(usize, usize)) {
    if outline.len() < 3 || outline.iter().any(|point| !point.x.is_finite() || !point.y.is_finite()) {
        return;
    }
    let top = outline.iter().map(|point| point.y).fold(f32::INFINITY, f32::min).max(0.0) as usize;
    let bottom = outline.iter().map(|point| point.y).fold(0.0, f32::max).ceil().min(height as f32) as usize;
    let mut crossings = Vec::new();
    for y in top..bottom {
        let middle = y as f32 + 0.5;
        crossings.clear();
        for (a, b) in outline.iter().zip(outline.iter().cycle().skip(1)) {
            if (a.y <= middle) != (b.y <= middle) {
                crossings.push(a.x + (middle - a.y) / (b.y - a.y) * (b.x - a.x));
            }
        }
        crossings.sort_by(f32::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let left = (pair[0] + 0.5).clamp(0.0, width as f32) as usize;
            let right = (pair[1] + 0.5).clamp(0.0, width as f32) as usize;
            (left..right).for_each(|x| visit(x, y));
        }
    }
}

/// How often each brightness occurs.
pub struct Histogram {
    counts: [u32; 256],
    total: u32,
}

impl Histogram {
    pub fn new() -> Self {
        Self { counts: [0; 256], total: 0 }
    }

    pub fn add(&mut self, value: u8) {
        self.counts[usize::from(value)] += 1;
        self.total += 1;
    }

    /// The value below which this share (0..=1) lies; not a number when nothing was counted.
    pub fn quantile(&self, share: f32) -> f32 {
        if self.total == 0 {
            return f32::NAN;
        }
        let wanted = share * self.total as f32;
        let mut seen = 0;
        for (value, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen as f32 >= wanted {
                return value as f32;
            }
        }
        255.0
    }

    /// Share of values from `low` up, %.
    pub fn percent_from(&self, low: u8) -> f32 {
        let above: u32 = self.counts[usize::from(low)..].iter().sum();
        percent(above, self.total)
    }
}

/// Not a number when there is nothing to take a share of.
pub fn percent(part: u32, whole: u32) -> f32 {
    if whole == 0 { f32::NAN } else { part as f32 * 100.0 / whole as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    #[test]
    fn an_outline_holds_its_pixels_and_no_others() {
        let square = [point(2.0, 3.0), point(6.0, 3.0), point(6.0, 5.0), point(2.0, 5.0)];
        let mut seen = Vec::new();
        inside(&square, 10, 10, |x, y| seen.push((x, y)));
        assert_eq!(seen, [(2, 3), (3, 3), (4, 3), (5, 3), (2, 4), (3, 4), (4, 4), (5, 4)]);
    }

    #[test]
    fn an_outline_beyond_the_picture_or_without_numbers_is_no_panic() {
        let far = [point(-50.0, -50.0), point(900.0, -20.0), point(400.0, 700.0)];
        let mut count = 0;
        inside(&far, 8, 8, |x, y| {
            assert!(x < 8 && y < 8);
            count += 1;
        });
        assert_eq!(count, 64);
        inside(&[point(f32::NAN, 0.0), point(4.0, 0.0), point(4.0, 4.0)], 8, 8, |_, _| panic!("nothing to visit"));
    }

    #[test]
    fn quantiles_of_a_histogram() {
        let mut histogram = Histogram::new();
        assert!(histogram.quantile(0.5).is_nan());
        (0..100).for_each(|value| histogram.add(value));
        assert_eq!(histogram.quantile(0.5), 49.0);
        assert_eq!(histogram.quantile(1.0), 99.0);
        assert_eq!(histogram.percent_from(90), 10.0);
    }
}
