//! Opacity and colour of the edge, each from the other in turn: the most likely pair for a pixel whose background is
//! known and whose person has the colours nearby (Chuang et al. 2001, A Bayesian Approach to Digital Matting, with
//! the model's opacity as a prior).

use super::MODEL_ERROR;
use crate::photo::band::{self, NOISE};
use crate::photo::colours::{self, Colours, Spread};
use crate::photo::mask::Mask;
use crate::photo::raster::Matte;

const ROUNDS: usize = 8;
/// Even a person of one colour has shades: variance of each channel, 0..=255 squared.
const LEAST_VARIANCE: f32 = 25.0;

/// Solves `matte` at `edge`, beginning with what it is; `prior` says what the model thinks of a pixel.
pub fn solve(
    picture: &Colours,
    behind: &Colours,
    person: &Spread,
    prior: impl Fn(usize) -> f32 + Sync,
    edge: &Mask,
    matte: &mut Matte,
) {
    let places: Vec<usize> = edge.indices().collect();
    let alpha = &matte.alpha;
    let solved = |places: &[usize]| -> Vec<f32> {
        places.iter().map(|&at| solved_at(at, picture, behind, person, prior(at), alpha[at])).collect()
    };
    let (upper, lower) = places.split_at(places.len() / 2);
    let (upper, lower) = colours::at_once(|| solved(upper), || solved(lower));
    for (at, alpha) in places.into_iter().zip(upper.into_iter().chain(lower)) {
        matte.alpha[at] = alpha;
    }
}

fn solved_at(at: usize, picture: &Colours, behind: &Colours, person: &Spread, prior: f32, mut alpha: f32) -> f32 {
    let (behind, mean) = (behind.pixels[at], person.mean[at]);
    let mut covariance = person.covariance[at];
    covariance.add_to_diagonal(LEAST_VARIANCE);
    let seen = band::minus(picture.pixels[at], behind);
    for _ in 0..ROUNDS {
        // The still without its background is α·F; the less there is of it, the less it says against the mean.
        let pull = [0, 1, 2].map(|n| alpha * (seen[n] + alpha * (behind[n] - mean[n])) / (NOISE * NOISE));
        let shift = covariance.scaled(alpha * alpha / (NOISE * NOISE)).plus_one_inverse_times(covariance.times(pull));
        let across = [0, 1, 2].map(|n| mean[n] + shift[n] - behind[n]);
        let told = band::dot(seen, across) / (NOISE * NOISE) + prior / (MODEL_ERROR * MODEL_ERROR);
        let trust = band::dot(across, across) / (NOISE * NOISE) + 1.0 / (MODEL_ERROR * MODEL_ERROR);
        alpha = (told / trust).clamp(0.0, 1.0);
    }
    alpha
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    const WALL: [u8; 3] = [200; 3];

    /// Somebody whose red is from 50 to 130 and whose green and blue are 60, before the wall: what becomes of an
    /// opacity where `seen` is seen.
    fn solved_from(begun: f32, seen: [u8; 3]) -> f32 {
        let picture = RgbImage::from_fn(9, 9, |x, y| match x {
            0..4 => Rgb([if y % 2 == 0 { 50 } else { 130 }, 60, 60]),
            4 => Rgb(seen),
            _ => Rgb(WALL),
        });
        let picture = Colours::of(&picture);
        let behind = Colours::of(&RgbImage::from_pixel(9, 9, Rgb(WALL)));
        let person = colours::spread(&picture, &Mask::new(9, 9, |index| index % 9 < 4));
        let edge = Mask::new(9, 9, |index| index % 9 == 4);
        let mut matte = Matte::new(9, 9, vec![begun; 81]);
        solve(&picture, &behind, &person, |_| begun, &edge, &mut matte);
        matte.at(4, 4)
    }

    #[test]
    fn what_varies_in_the_person_says_less_than_what_does_not() {
        for red in [50, 130] {
            let half = [u8::midpoint(red, 200), 130, 130];
            // As if the person had their mean colour, 90 and 60, here.
            let begun =
                (110.0 * (200.0 - f32::from(half[0])) + 2.0 * 140.0 * 70.0) / (110.0 * 110.0 + 2.0 * 140.0 * 140.0);
            let alpha = solved_from(begun, half);
            assert!((begun - 0.5).abs() > 0.03 && (alpha - 0.5).abs() < 0.01, "{red}: {begun} to {alpha}");
        }
    }

    #[test]
    fn what_is_the_wall_is_nobody_and_what_is_the_person_is_there() {
        assert!(solved_from(0.1, WALL) < 0.05, "{}", solved_from(0.1, WALL));
        assert!(solved_from(0.9, [70, 60, 60]) > 0.95, "{}", solved_from(0.9, [70, 60, 60]));
    }
}
