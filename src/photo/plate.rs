//! The background plate: a picture of the empty booth. Where the background is known, opacity and
//! colour are solved instead of guessed, and what clearly differs from it and hangs together with the
//! sitter is the sitter.

mod align;
mod fitness;
mod joint;
mod light;
mod mean;
mod smooth;

use image::RgbImage;
use thiserror::Error;

pub use fitness::{Fitness, GOOD};
pub use mean::Mean;

use super::band::{self, Line, NOISE, PERSON};
use super::colours::{self, Colour, Colours};
use super::foreground;
use super::mask::Mask;
use super::raster::Matte;

/// Why a plate says nothing about this picture. The picture is then matted without it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Misfit {
    #[error("the background plate has another size than the picture: take it again with this camera mode")]
    Size,
    #[error("too little of the background can be seen to compare it with the plate")]
    Covered,
    #[error("the light is not as it was on the background plate: take the plate again")]
    Light,
    #[error("the scene is not as it was on the background plate, or the camera was moved: take the plate again")]
    Scene,
}

impl Misfit {
    /// Whether a new plate mends it. A sitter who covers the background says nothing about the plate.
    pub fn asks_for_a_new_plate(self) -> bool {
        !matches!(self, Self::Covered)
    }
}

/// Least share of the picture in which the background must be seen.
const LEAST_VISIBLE: f32 = 0.02;
/// The gain per channel may be this far from 1.
const GAIN: std::ops::RangeInclusive<f32> = 0.6..=1.6;
/// Nine tenths of the visible background must be as close as this to the fitted plate, 0..=441.
const CLOSE_ENOUGH: f32 = 14.0;
/// From the noise to here, 0..=441, a difference turns from doubtful to clear.
const CLEARLY: f32 = 24.0;
/// How far the model's opacity is off as a standard deviation, and where it saw nobody though there is a
/// clear difference.
const MODEL_ERROR: f32 = 0.25;
const MODEL_MISTAKEN: f32 = 0.6;
const ROUNDS: usize = 2;

/// The background of one picture, pixel by pixel: the plate, moved and lit as in the picture.
pub struct Backdrop {
    colours: Colours,
    /// How far the picture is from it, 0..=441, blurred by 0.8 and by 1.6 pixels.
    fine: Vec<f32>,
    coarse: Vec<f32>,
    /// What noise alone reaches of each in one pixel in a hundred.
    noise: (f32, f32),
}

const FINE: f32 = 0.8;
const COARSE: f32 = 1.6;

/// Fits `plate` to the background of `picture`; `matte` (after [`band::levels`]) says where that is.
/// All three are of one size.
pub fn fit(picture: &Colours, plate: &RgbImage, matte: &Matte) -> Result<Backdrop, Misfit> {
    let plate = Colours::of(plate);
    if (plate.width, plate.height) != (picture.width, picture.height) {
        return Err(Misfit::Size);
    }
    let nobody = Mask::of(matte, |alpha| alpha <= 0.0);
    let background = nobody.shrunk(radius(picture, 4.0));
    let enough = (picture.pixels.len() as f32 * LEAST_VISIBLE) as usize;
    if background.count() < enough {
        return Err(Misfit::Covered);
    }
    let gain = light::gain(picture, &plate, &background).ok_or(Misfit::Light)?;
    if gain.iter().any(|gain| !GAIN.contains(gain)) {
        return Err(Misfit::Light);
    }
    let plate = match align::shift(picture, &plate, gain, &background) {
        Some((dx, dy)) if dx.hypot(dy) > 0.1 => colours::shifted(&plate, dx, dy),
        _ => plate,
    };
    let (colours, steady) = light::relit(picture, &plate, gain, &background);
    let difference = difference(picture, &colours);
    let known = steady.shrunk(2);
    let (fine, coarse) =
        colours::at_once(|| lengths(&difference.blurred(FINE)), || lengths(&difference.blurred(COARSE)));
    let all: Vec<usize> = background.indices().collect();
    if percentile(&fine, &all, 0.90) > CLOSE_ENOUGH {
        return Err(Misfit::Scene);
    }
    let known: Vec<usize> = if known.is_empty() { all } else { known.indices().collect() };
    let noise = (percentile(&fine, &known, 0.99).clamp(3.0, 15.0), percentile(&coarse, &known, 0.99).clamp(2.0, 12.0));
    Ok(Backdrop { colours, fine, coarse, noise })
}

impl Backdrop {
    /// The matte and the person's colours, solved against the known background.
    pub fn solve(&self, picture: &Colours, matte: &Matte) -> (Matte, Colours) {
        let (width, height) = (picture.width, picture.height);
        let pixels = |is_inside: &dyn Fn(usize) -> bool| Mask::new(width, height, is_inside);
        let clear = |index: usize| ((self.fine[index] - self.noise.0) / CLEARLY).clamp(0.0, 1.0);

        // Nothing but noise against the plate, and reachable from where the model sees nobody: the wall.
        // Not deep inside the person, whose clothes may be like it.
        let nobody = Mask::of(matte, |alpha| alpha <= 0.0);
        let deep = Mask::of(matte, |alpha| alpha > 0.5).shrunk(radius(picture, 28.0));
        let alike = pixels(&|index| self.coarse[index] < self.noise.1);
        let wall = alike.but_not(&deep).or(&nobody).reached_from(&nobody);
        let wall = pixels(&|index| wall.has(index) && alike.has(index)).shrunk(1);

        // What differs and hangs together with what the model is sure of: the sitter.
        let sure = Mask::of(matte, |alpha| alpha > 0.95).shrunk(3);
        let present = pixels(&|index| clear(index) > 0.5 || matte.alpha[index] > 0.5).but_not(&wall);
        let sitter = present.reached_from(&sure);
        let core = pixels(&|index| sitter.has(index) && clear(index) > 0.5).shrunk(radius(picture, 7.0));
        // Beside a wall that the model took for the person it is not to be believed either.
        let mistaken = pixels(&|index| wall.has(index) && matte.alpha[index] > 0.5);
        let near_mistake = mistaken.grown(radius(picture, 6.0));
        let doubtful = near_mistake.or(&wall.grown(2));
        let mut person = Mask::of(matte, |alpha| alpha > PERSON).shrunk(1).or(&core).but_not(&doubtful);
        let band =
            pixels(&|index| sitter.has(index) || matte.alpha[index] > 0.0).grown(2).but_not(&wall).but_not(&person);

        let prior = |index: usize| if core.has(index) { 1.0 } else { matte.alpha[index] };
        let prior_error = |index: usize| {
            let overlooked = sitter.has(index) && matte.alpha[index] < 0.1 && clear(index) > 0.5;
            if overlooked || near_mistake.has(index) { MODEL_MISTAKEN } else { MODEL_ERROR }
        };
        let mut solved = Matte::new(matte.width, matte.height, vec![0.0; matte.alpha.len()]);
        for index in 0..solved.alpha.len() {
            solved.alpha[index] = match (person.has(index), band.has(index)) {
                (true, _) => 1.0,
                (false, true) => prior(index),
                (false, false) => 0.0,
            };
        }
        let inside = colours::spread(picture, &person);
        let mut at_the_edge = None;
        for round in 0..ROUNDS {
            // The first round knows the person's colours from inside only; later ones have them at the edge.
            if round > 0 {
                at_the_edge = Some(foreground::estimate(picture, &solved).pixels);
            }
            let front = at_the_edge.as_ref().unwrap_or(&inside.mean);
            for index in band.indices().filter(|index| !person.has(*index)) {
                let (colour, behind) = (picture.pixels[index], self.colours.pixels[index]);
                let alpha = solved.alpha[index];
                let line = Line::between(behind, front[index]);
                let place = line.place(colour).clamp(0.0, 1.0);
                // What no mixture of the two explains is a third colour, and that is the sitter's too.
                let far_squared = band::dot(band::minus(colour, behind), band::minus(colour, behind));
                let beside = line.beside_squared(colour, place) - 4.0 * NOISE * NOISE;
                let unexplained = (beside / (far_squared + 3.0 * NOISE * NOISE)).clamp(0.0, 1.0);
                let target = place + unexplained * (clear(index).max(place) - place);
                let variance = (alpha * alpha * line.along(inside.covariance[index].variance) + NOISE * NOISE)
                    / line.length_squared.max(unexplained * far_squared);
                let trust = band::trust(prior_error(index), variance);
                let alpha = prior(index) + trust * (target - prior(index));
                solved.alpha[index] = alpha.max(least_opacity(colour, behind)).clamp(0.0, 1.0);
            }
            // What has become the person for certain tells its colours in the next round.
            person = person.or(&Mask::of(&solved, |alpha| alpha > 0.95).shrunk(1));
            person.indices().for_each(|index| solved.alpha[index] = 1.0);
        }
        smooth::smooth(picture, &mut solved, &deep);
        solved.settle();
        let edge = Mask::of(&solved, |alpha| alpha > 0.0 && alpha < 1.0).grown(2).but_not(&deep);
        let edge = pixels(&|index| edge.has(index) && band.has(index));
        joint::solve(picture, &self.colours, &inside, prior, &edge, &mut solved);
        smooth::smooth(picture, &mut solved, &deep);
        solved.settle();
        let mut front = foreground::estimate(picture, &solved).pixels;
        for (index, guess) in front.iter_mut().enumerate() {
            let alpha = solved.alpha[index];
            // The thinner the pixel, the more the division amplifies noise, and the less it is believed.
            let own = [0, 1, 2].map(|n| {
                let rest = picture.pixels[index][n] - (1.0 - alpha) * self.colours.pixels[index][n];
                (rest / alpha.max(0.02)).clamp(0.0, 255.0)
            });
            *guess = [0, 1, 2].map(|n| alpha * own[n] + (1.0 - alpha) * guess[n]);
        }
        (solved, Colours { width, height, pixels: front })
    }
}

/// The least opacity with which any colour there is could make `behind` look like `colour`.
fn least_opacity(colour: Colour, behind: Colour) -> f32 {
    let needed = |n: usize| {
        let difference = colour[n] - behind[n];
        let room = if difference > 0.0 { 255.0 - behind[n] } else { behind[n] };
        (difference.abs() - 2.0 * NOISE) / room.max(1.0)
    };
    needed(0).max(needed(1)).max(needed(2))
}

/// Sizes are given for a portrait of 480 pixels.
fn radius(picture: &Colours, pixels: f32) -> usize {
    (pixels * picture.width.min(picture.height) as f32 / 480.0).round().max(1.0) as usize
}

fn difference(a: &Colours, b: &Colours) -> Colours {
    let pixels = a.pixels.iter().zip(&b.pixels).map(|(a, b)| band::minus(*a, *b)).collect();
    Colours { width: a.width, height: a.height, pixels }
}

fn lengths(colours: &Colours) -> Vec<f32> {
    colours.pixels.iter().map(|colour| band::dot(*colour, *colour).sqrt()).collect()
}

/// The value below which `share` of the values at `places` lie.
fn percentile(values: &[f32], places: &[usize], share: f32) -> f32 {
    let mut some: Vec<f32> = places.iter().map(|place| values[*place]).collect();
    if some.is_empty() {
        return 0.0;
    }
    let at = ((some.len() - 1) as f32 * share) as usize;
    *some.select_nth_unstable_by(at, f32::total_cmp).1
}

#[cfg(test)]
mod tests;
