//! The uncertain band between person and background, solved from the colours on both sides.
//!
//! MODNet is sure where a person is and vague about where they end. There a pixel's colour says more:
//! with the person's colours F and the background's B spread in from where each is known,
//! α = (I−B)·(F−B) / |F−B|², trusted the more, the further apart F and B are compared with how much
//! each varies (the Gaussian colour model of Chuang et al. 2001, A Bayesian Approach to Digital
//! Matting, solved for α alone).

use super::colours::{self, Colour, Colours};
use super::mask::Mask;
use super::raster::Matte;

/// Opacity at and above which a pixel's colour is the person's.
pub(super) const PERSON: f32 = 0.85;
/// Opacity below which a pixel's colour is the background's.
const BACKGROUND: f32 = 0.03;
/// Standard deviation of a camera's and a JPEG's noise along the line from B to F, 0..=255.
pub(super) const NOISE: f32 = 4.0;
/// How far the model's own opacity is off, as a standard deviation; measured on composites with true alpha.
const MODEL_ERROR: f32 = 0.07;
/// Each round knows a little more of both sides.
const ROUNDS: usize = 2;

/// A levels curve on the model's opacity: removes the faint veil around the hair, closes the faint
/// holes in the body.
pub fn levels(matte: &mut Matte) {
    matte.alpha.iter_mut().for_each(|alpha| *alpha = ((*alpha - 0.02) / 0.9).clamp(0.0, 1.0));
}

/// Solves the band of `matte` (after [`levels`]) in `picture`, of the same size.
pub fn solve(picture: &Colours, matte: &mut Matte) {
    assert_eq!(picture.pixels.len(), matte.alpha.len(), "a matte of the picture's size");
    for _ in 0..ROUNDS {
        let person = Mask::of(matte, |alpha| alpha > PERSON).shrunk(1);
        let background = Mask::of(matte, |alpha| alpha < BACKGROUND).shrunk(2);
        if person.is_empty() || background.is_empty() {
            return;
        }
        let (front, behind) =
            colours::at_once(|| colours::spread(picture, &person), || colours::spread(picture, &background));
        let certain =
            Mask::of(matte, |alpha| alpha > 0.99).shrunk(1).or(&Mask::of(matte, |alpha| alpha < 0.01).shrunk(1));
        for (index, alpha) in matte.alpha.iter_mut().enumerate() {
            if certain.has(index) {
                continue;
            }
            let line = Line::between(behind.mean[index], front.mean[index]);
            let spread = (*alpha * *alpha) * line.along(front.covariance[index].variance)
                + (1.0 - *alpha) * (1.0 - *alpha) * line.along(behind.covariance[index].variance);
            let trust = trust(MODEL_ERROR, (spread + NOISE * NOISE) / line.length_squared);
            *alpha = (*alpha + trust * (line.place(picture.pixels[index]) - *alpha)).clamp(0.0, 1.0);
        }
    }
    matte.settle();
}

/// Share of the colours' verdict against the prior's, given the prior's error and the verdict's variance.
pub(super) fn trust(prior_error: f32, variance: f32) -> f32 {
    prior_error * prior_error / (prior_error * prior_error + variance)
}

/// From the background's colour to the person's.
pub(super) struct Line {
    behind: Colour,
    direction: Colour,
    pub length_squared: f32,
}

impl Line {
    pub fn between(behind: Colour, front: Colour) -> Self {
        let direction = minus(front, behind);
        Self { behind, direction, length_squared: dot(direction, direction) + 1e-6 }
    }

    /// How far along the line `colour` lies: 0 is the background, 1 the person.
    pub fn place(&self, colour: Colour) -> f32 {
        dot(minus(colour, self.behind), self.direction) / self.length_squared
    }

    /// Squared distance of `colour` from the point at `place`.
    pub fn beside_squared(&self, colour: Colour, place: f32) -> f32 {
        let off = minus(minus(colour, self.behind), self.direction.map(|value| value * place));
        dot(off, off)
    }

    /// The part of a variance per channel that lies along the line.
    pub fn along(&self, variance: Colour) -> f32 {
        (0..3).map(|n| variance[n] * self.direction[n] * self.direction[n]).sum::<f32>() / self.length_squared
    }
}

pub(super) fn minus(a: Colour, b: Colour) -> Colour {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(super) fn dot(a: Colour, b: Colour) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// A dark person on a bright wall whose true edge is at x = 30; the model's is soft and five pixels off.
    fn off_by_five() -> (RgbImage, Matte) {
        let picture = RgbImage::from_fn(60, 40, |x, _| if x < 30 { Rgb([40, 30, 25]) } else { Rgb([210, 205, 190]) });
        let alpha = (0..60 * 40).map(|index| ((45.0 - (index % 60) as f32) / 20.0).clamp(0.0, 1.0)).collect();
        (picture, Matte::new(60, 40, alpha))
    }

    #[test]
    fn the_colours_tell_where_a_soft_edge_really_is() {
        let (picture, mut matte) = off_by_five();
        solve(&Colours::of(&picture), &mut matte);
        assert!(matte.at(28, 20) > 0.9, "{}", matte.at(28, 20));
        assert!(matte.at(32, 20) < 0.15, "{}", matte.at(32, 20));
    }

    #[test]
    fn where_both_sides_look_alike_the_model_is_believed() {
        let (_, model) = off_by_five();
        let picture = RgbImage::from_pixel(60, 40, Rgb([128, 128, 128]));
        let mut matte = model.clone();
        solve(&Colours::of(&picture), &mut matte);
        assert!(matte.alpha.iter().zip(&model.alpha).all(|(solved, model)| (solved - model).abs() < 0.02));
    }

    #[test]
    fn a_picture_full_of_person_is_left_alone() {
        let picture = RgbImage::from_pixel(8, 8, Rgb([1, 2, 3]));
        let mut matte = Matte::new(8, 8, vec![1.0; 64]);
        solve(&Colours::of(&picture), &mut matte);
        assert!(matte.alpha.iter().all(|alpha| *alpha == 1.0));
    }
}
