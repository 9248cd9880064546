//! How wide edges in the face are smeared, by blurring once more and seeing how much is lost: what
//! is blurred already loses little (the idea of Crété-Roffet et al. 2007).

use super::Subject;
use crate::photo::face::Point;

/// Width (standard deviation) of an edge in the face along the axis where it is sharper and where it
/// is less sharp, portrait pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blur {
    pub least: f32,
    pub most: f32,
}

/// Standard deviation of the second blur.
const SIGMA: f32 = 2.0;
const RADIUS: usize = 5;

pub fn blur(subject: &Subject<'_>) -> Blur {
    // From the brows to the lips: skin has no edges, and hair is fine even in soft pictures.
    let points = [70, 300, 172, 397, 17].map(|index| subject.at(index));
    let bound = |value: fn(&Point) -> f32, limit: usize| {
        let values = points.iter().map(value);
        let low = values.clone().fold(f32::INFINITY, f32::min).clamp(0.0, limit as f32) as usize;
        let high = values.fold(0.0, f32::max).clamp(0.0, limit as f32) as usize;
        (low, high)
    };
    let plane = &subject.brightness;
    let (left, right) = bound(|point| point.x, plane.width);
    let (top, bottom) = bound(|point| point.y, plane.height);
    if right < left + 4 * RADIUS || bottom < top + 4 * RADIUS {
        return Blur { least: f32::NAN, most: f32::NAN };
    }
    let (width, height) = (right - left, bottom - top);
    let mut sharp = Vec::with_capacity(width * height);
    for y in top..bottom {
        let row = &plane.values[y * plane.width..(y + 1) * plane.width];
        sharp.extend(row[left..right].iter().map(|value| f32::from(*value)));
    }
    let [x, y] = widths(&sharp, width);
    Blur { least: x.min(y), most: x.max(y) }
}

/// Edge widths along both axes. An edge of width s that is blurred by b has the gradient energy
/// 1/√(s²+b²) instead of 1/s, hence s from the ratio of both.
fn widths(sharp: &[f32], width: usize) -> [f32; 2] {
    let before = energy(sharp, width);
    let after = energy(&blurred(sharp, width), width);
    [0, 1].map(|axis| {
        let ratio = before[axis] / after[axis];
        SIGMA / (ratio * ratio - 1.0).max(1e-3).sqrt()
    })
}

/// Mean squared gradient along x and y, away from the border.
fn energy(values: &[f32], width: usize) -> [f32; 2] {
    let height = values.len() / width;
    let mut sum = [0.0f64; 2];
    for y in RADIUS..height - RADIUS {
        let (mut row_x, mut row_y) = (0.0f32, 0.0f32);
        for x in RADIUS..width - RADIUS {
            let index = y * width + x;
            let dx = values[index + 1] - values[index - 1];
            let dy = values[index + width] - values[index - width];
            row_x += dx * dx;
            row_y += dy * dy;
        }
        sum[0] += f64::from(row_x);
        sum[1] += f64::from(row_y);
    }
    // A flat picture has no edges; it counts as wholly blurred rather than as a division by zero.
    sum.map(|sum| sum as f32 + 1e-6)
}

fn blurred(values: &[f32], width: usize) -> Vec<f32> {
    let mut kernel = [0.0; 2 * RADIUS + 1];
    for (index, weight) in kernel.iter_mut().enumerate() {
        let from_middle = index as f32 - RADIUS as f32;
        *weight = (-from_middle * from_middle / (2.0 * SIGMA * SIGMA)).exp();
    }
    let total: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|weight| *weight /= total);
    let height = values.len() / width;
    let mut along = vec![0.0; values.len()];
    for (row, out) in values.chunks_exact(width).zip(along.chunks_exact_mut(width)) {
        for x in 0..width {
            out[x] = kernel
                .iter()
                .enumerate()
                .map(|(index, weight)| weight * row[(x + index).saturating_sub(RADIUS).min(width - 1)])
                .sum();
        }
    }
    let mut both = vec![0.0; values.len()];
    for y in 0..height {
        let out = &mut both[y * width..(y + 1) * width];
        for (index, weight) in kernel.iter().enumerate() {
            let source = (y + index).saturating_sub(RADIUS).min(height - 1);
            let row = &along[source * width..(source + 1) * width];
            out.iter_mut().zip(row).for_each(|(out, value)| *out += weight * value);
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars of one brightness on another, smeared along x and y by so many pixels.
    fn bars(smear_x: f32, smear_y: f32) -> Vec<f32> {
        let edge = |at: f32, smear: f32| {
            // The logistic curve stands in for the integral of a Gaussian.
            let from_edge = (at.rem_euclid(40.0) - 20.0).abs() - 10.0;
            1.0 / (1.0 + (from_edge * 1.7 / smear.max(0.1)).exp())
        };
        (0..200 * 200).map(|i| 200.0 * (edge((i % 200) as f32, smear_x) + edge((i / 200) as f32, smear_y))).collect()
    }

    #[test]
    fn the_width_of_an_edge_is_found_along_each_axis() {
        for smear in [1.5, 2.5, 4.0] {
            let [x, y] = widths(&bars(smear, smear), 200);
            assert!((x / smear - 1.0).abs() < 0.25 && (y / smear - 1.0).abs() < 0.25, "{smear}: {x} {y}");
        }
        let [x, y] = widths(&bars(4.0, 1.0), 200);
        assert!(x > 3.0 && y < 1.6, "moved along x: {x} {y}");
    }

    #[test]
    fn a_flat_picture_is_a_number() {
        assert!(widths(&vec![80.0; 200 * 200], 200).iter().all(|width| width.is_finite()));
    }
}
