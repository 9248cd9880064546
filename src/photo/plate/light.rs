//! How the light has changed since the plate was taken: one gain per channel for exposure and white
//! balance, and a slow drift over the picture for soft shadows on the backdrop.

use crate::photo::colours::{self, Colour, Colours, Level};
use crate::photo::mask::Mask;

/// Below this a channel of the plate says nothing about gain.
const DARK: f32 = 12.0;
/// A pixel that differs by more than this from the plate is not the same wall.
const OTHER: f32 = 40.0;
/// The drift is measured over squares of this many pixels.
const SQUARE: usize = 16;

/// Brightness of the picture over the plate's, per channel: the median over the background.
pub fn gain(picture: &Colours, plate: &Colours, background: &Mask) -> Option<Colour> {
    let mut ratios = [Vec::new(), Vec::new(), Vec::new()];
    for index in background.indices() {
        let (here, there) = (picture.pixels[index], plate.pixels[index]);
        if there.iter().all(|value| *value >= DARK) {
            (0..3).for_each(|n| ratios[n].push(here[n].max(1.0) / there[n]));
        }
    }
    if ratios[0].is_empty() {
        return None;
    }
    let middle = ratios[0].len() / 2;
    Some(ratios.map(|mut ratios| *ratios.select_nth_unstable_by(middle, f32::total_cmp).1))
}

/// The plate lit as the picture is, and the part of the background where it was seen to be so.
pub fn relit(picture: &Colours, plate: &Colours, gain: Colour, background: &Mask) -> (Colours, Mask) {
    let (width, height) = (plate.width, plate.height);
    let lit = |index: usize| [0, 1, 2].map(|n| plate.pixels[index][n] * gain[n]);
    let steady = Mask::new(width, height, |index| {
        let (here, there) = (picture.pixels[index], lit(index));
        background.has(index)
            && plate.pixels[index].iter().all(|value| *value >= DARK)
            && (0..3).all(|n| (here[n] - there[n]).abs() < OTHER)
    });
    let (columns, rows) = (width.div_ceil(SQUARE), height.div_ceil(SQUARE));
    let mut sums = vec![[0.0; 3]; columns * rows];
    let mut counts = vec![0.0; columns * rows];
    for index in steady.indices() {
        let square = index / width / SQUARE * columns + index % width / SQUARE;
        let (here, there) = (picture.pixels[index], lit(index));
        (0..3).for_each(|n| sums[square][n] += (here[n].max(1.0) / there[n].max(1.0)).clamp(0.5, 2.0).ln());
        counts[square] += 1.0;
    }
    let values = sums.iter().zip(&counts).map(|(sum, count)| sum.map(|value| value / f32::max(*count, 1.0))).collect();
    // Half a square of background is enough to go by.
    let weights = counts.iter().map(|count| (count / (SQUARE * SQUARE) as f32 * 2.0).min(1.0)).collect();
    let drift = colours::push_pull(Level { width: columns, height: rows, weights, values });
    let mut drift = Colours { width: columns, height: rows, pixels: drift }.blurred(1.0);
    drift.pixels.iter_mut().for_each(|colour| *colour = [0, 1, 2].map(|n| colour[n].exp() * gain[n]));

    let mut pixels = Vec::with_capacity(plate.pixels.len());
    for y in 0..height {
        for x in 0..width {
            let (column, row) = (x as f32 / SQUARE as f32 - 0.5, y as f32 / SQUARE as f32 - 0.5);
            let gain = colours::interpolated(&drift.pixels, columns, column, row);
            let there = plate.pixels[y * width + x];
            pixels.push([0, 1, 2].map(|n| there[n] * gain[n]));
        }
    }
    (Colours { width, height, pixels }, steady)
}
