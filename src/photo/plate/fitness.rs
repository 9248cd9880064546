//! How well an empty booth's picture serves as a plate: evenly lit, nothing in it, neither dark nor burnt out.

use image::RgbImage;

/// What was measured, and the score made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitness {
    /// Mean luma, 0–255.
    pub brightness: f32,
    /// How far light and dark parts are apart, levels of luma (95th less 5th percentile of the blocks).
    pub unevenness: f32,
    /// Share of blocks with something in them: edges, folds, furniture.
    pub clutter: f32,
    /// Share of pixels without any drawing left.
    pub burnt_out: f32,
    /// 0–100.
    pub score: u8,
}

/// From here on a plate is worth keeping.
pub const GOOD: u8 = 60;

const BLOCKS: (u32, u32) = (16, 12);
/// A plain backdrop under booth light stays below these.
const EVEN: f32 = 40.0;
const SMOOTH: f32 = 9.0;
const DARK: f32 = 90.0;
const BURNT_OUT: u8 = 253;

impl Fitness {
    pub fn of(picture: &RgbImage) -> Self {
        let blocks: Vec<(f32, f32)> = blocks(picture);
        let mut means: Vec<f32> = blocks.iter().map(|(mean, _)| *mean).collect();
        means.sort_by(f32::total_cmp);
        let at = |share: f32| means.get(((means.len().max(1) - 1) as f32 * share) as usize).copied().unwrap_or(0.0);
        let count = blocks.len().max(1) as f32;
        let brightness = means.iter().sum::<f32>() / count;
        let unevenness = at(0.95) - at(0.05);
        let clutter = blocks.iter().filter(|(_, spread)| *spread > SMOOTH).count() as f32 / count;
        let pixels = (picture.width() * picture.height()).max(1) as f32;
        let burnt = picture.pixels().filter(|pixel| pixel.0.iter().all(|value| *value >= BURNT_OUT)).count();
        let burnt_out = burnt as f32 / pixels;
        let penalty = (unevenness - EVEN).max(0.0) * 0.8
            + clutter * 120.0
            + (DARK - brightness).max(0.0)
            + (burnt_out - 0.05).max(0.0) * 150.0;
        Self { brightness, unevenness, clutter, burnt_out, score: (100.0 - penalty).clamp(0.0, 100.0) as u8 }
    }
}

/// Mean and standard deviation of luma in each block.
fn blocks(picture: &RgbImage) -> Vec<(f32, f32)> {
    let (width, height) = (picture.width() / BLOCKS.0, picture.height() / BLOCKS.1);
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let corners = (0..BLOCKS.1).flat_map(|row| (0..BLOCKS.0).map(move |column| (column * width, row * height)));
    corners
        .map(|(left, top)| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (x, y) in (top..top + height).flat_map(|y| (left..left + width).map(move |x| (x, y))) {
                let [r, g, b] = picture.get_pixel(x, y).0.map(f32::from);
                let luma = 0.299 * r + 0.587 * g + 0.114 * b;
                sum += luma;
                squares += luma * luma;
            }
            let count = (width * height) as f32;
            let mean = sum / count;
            (mean, (squares / count - mean * mean).max(0.0).sqrt())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn wall(colour: impl Fn(u32, u32) -> u8) -> Fitness {
        Fitness::of(&RgbImage::from_fn(640, 480, |x, y| Rgb([colour(x, y); 3])))
    }

    #[test]
    fn an_even_wall_is_fit_and_each_fault_costs() {
        assert_eq!(wall(|_, _| 200).score, 100);
        assert!(wall(|x, _| 180 + (x / 20) as u8).score >= GOOD, "a little darker on one side");
        assert!(wall(|x, _| 60 + (x / 4) as u8).score < GOOD, "a lamp on one side only");
        assert!(wall(|x, y| if (x / 20 + y / 20) % 2 == 0 { 90 } else { 210 }).score < GOOD, "shelves");
        assert!(wall(|_, _| 30).score < GOOD, "the lamps are off");
        assert!(wall(|_, _| 255).score < GOOD, "burnt out");
    }

    #[test]
    fn a_picture_too_small_to_judge_is_not_fit() {
        assert!(Fitness::of(&RgbImage::new(3, 3)).score < GOOD);
    }
}
