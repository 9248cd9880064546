//! Takes the specks out of a solved edge: neighbours of one colour are as opaque as each other
//! (joint bilateral filter, Petschnigg et al. 2004, guided by the still).

use crate::photo::band;
use crate::photo::colours::Colours;
use crate::photo::mask::Mask;
use crate::photo::raster::Matte;

/// Colours as far apart as this, 0..=441, begin to be different materials.
const ALIKE: f32 = 12.0;
/// How far a pixel follows its neighbours; all the way would thin out single hairs.
const SHARE: f32 = 0.6;
/// How many pixels beside the edge are smoothed with it.
const REACH: usize = 2;

/// Smooths `matte` where it is neither wholly the person nor wholly the background, but not in `inside`.
pub fn smooth(picture: &Colours, matte: &mut Matte, inside: &Mask) {
    let edge = Mask::of(matte, |alpha| (0.01..0.99).contains(&alpha)).grown(REACH).but_not(inside);
    let smoothed: Vec<(usize, f32)> =
        edge.indices().map(|index| (index, mean_of_alike(picture, &matte.alpha, index))).collect();
    for (index, mean) in smoothed {
        matte.alpha[index] += SHARE * (mean - matte.alpha[index]);
    }
}

/// Mean over the pixel and the eight around it, the more alike in colour the more it weighs.
fn mean_of_alike(picture: &Colours, alpha: &[f32], index: usize) -> f32 {
    let (x, y) = (index % picture.width, index / picture.width);
    let (mut sum, mut weights) = (0.0, 0.0);
    for row in y.saturating_sub(1)..=(y + 1).min(picture.height - 1) {
        for column in x.saturating_sub(1)..=(x + 1).min(picture.width - 1) {
            let other = row * picture.width + column;
            let apart = band::minus(picture.pixels[index], picture.pixels[other]);
            let weight = (-band::dot(apart, apart) / (2.0 * ALIKE * ALIKE)).exp();
            sum += weight * alpha[other];
            weights += weight;
        }
    }
    sum / weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    const WIDTH: usize = 20;

    /// Dark on the left and bright on the right, with one bright-side pixel wrongly opaque.
    fn speck() -> (Colours, Matte) {
        let picture = RgbImage::from_fn(WIDTH as u32, 20, |x, _| Rgb([if x < 10 { 40 } else { 200 }; 3]));
        let mut alpha: Vec<f32> = (0..WIDTH * 20).map(|index| if index % WIDTH < 10 { 0.9 } else { 0.1 }).collect();
        alpha[10 * WIDTH + 14] = 0.8;
        (Colours::of(&picture), Matte::new(WIDTH as u32, 20, alpha))
    }

    #[test]
    fn a_speck_goes_and_an_edge_of_the_still_stays() {
        let (picture, mut matte) = speck();
        smooth(&picture, &mut matte, &Mask::new(WIDTH, 20, |_| false));
        assert!(matte.at(14, 10) < 0.5, "{}", matte.at(14, 10));
        assert!((matte.at(9, 10) - 0.9).abs() < 1e-3 && (matte.at(10, 10) - 0.1).abs() < 1e-3);
    }

    #[test]
    fn what_is_inside_is_left_alone() {
        let (picture, mut matte) = speck();
        let before = matte.clone();
        smooth(&picture, &mut matte, &Mask::new(WIDTH, 20, |_| true));
        assert_eq!(matte.alpha, before.alpha);
    }
}
