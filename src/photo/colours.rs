//! A picture in floating point, and the spreading of colours that are known into what is not.

use image::{Rgb, RgbImage};

use super::mask::Mask;

/// RGB, 0..=255.
pub type Colour = [f32; 3];

/// One colour per pixel, row by row.
#[derive(Clone, Debug)]
pub struct Colours {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<Colour>,
}

impl Colours {
    pub fn of(picture: &RgbImage) -> Self {
        Self {
            width: picture.width() as usize,
            height: picture.height() as usize,
            pixels: picture.pixels().map(|pixel| pixel.0.map(f32::from)).collect(),
        }
    }

    /// Gaussian blur, `sigma` in pixels; the edge is repeated.
    pub fn blurred(&self, sigma: f32) -> Self {
        let radius = (sigma * 3.0).ceil() as isize;
        let kernel: Vec<f32> =
            (-radius..=radius).map(|offset| (-(offset * offset) as f32 / (2.0 * sigma * sigma)).exp()).collect();
        let total: f32 = kernel.iter().sum();
        let kernel: Vec<f32> = kernel.iter().map(|weight| weight / total).collect();
        let (width, height) = (self.width, self.height);
        let reach = radius as usize;
        let mut across = vec![[0.0; 3]; width * height];
        for (line, out) in self.pixels.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
            let padded = [vec![line[0]; reach], line.to_vec(), vec![line[width - 1]; reach]].concat();
            for (offset, weight) in kernel.iter().enumerate() {
                add_weighted(out, &padded[offset..offset + width], *weight);
            }
        }
        let mut pixels = vec![[0.0; 3]; width * height];
        for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
            for (offset, weight) in kernel.iter().enumerate() {
                let row = (y + offset).saturating_sub(reach).min(height - 1) * width;
                add_weighted(out, &across[row..row + width], *weight);
            }
        }
        Self { width, height, pixels }
    }
}

fn add_weighted(sums: &mut [Colour], colours: &[Colour], weight: f32) {
    for (sum, value) in sums.as_flattened_mut().iter_mut().zip(colours.as_flattened()) {
        *sum += weight * value;
    }
}

/// The colours of `known` pixels carried into all the others, the nearest weighing most: mean and
/// covariance. Push and pull over halved pictures (Gortler et al. 1996, The Lumigraph).
pub fn spread(picture: &Colours, known: &Mask) -> Spread {
    let moments = picture
        .pixels
        .iter()
        .map(|colour| {
            let [r, g, b] = *colour;
            [r, g, b, r * r, g * g, b * b, r * g, r * b, g * b]
        })
        .collect();
    let filled =
        push_pull(Level { width: picture.width, height: picture.height, weights: known.weights(), values: moments });
    let mean: Vec<Colour> = filled.iter().map(|moment| [moment[0], moment[1], moment[2]]).collect();
    let covariance = filled.iter().map(|m| Covariance {
        variance: [m[3] - m[0] * m[0], m[4] - m[1] * m[1], m[5] - m[2] * m[2]].map(|v| v.max(0.0)),
        mixed: [m[6] - m[0] * m[1], m[7] - m[0] * m[2], m[8] - m[1] * m[2]],
    });
    Spread { covariance: covariance.collect(), mean }
}

pub struct Spread {
    pub mean: Vec<Colour>,
    pub covariance: Vec<Covariance>,
}

/// How colours vary, a symmetric matrix: each channel by itself, and red with green, red with blue, green with blue.
#[derive(Clone, Copy, Debug, Default)]
pub struct Covariance {
    pub variance: [f32; 3],
    pub mixed: [f32; 3],
}

impl Covariance {
    pub fn add_to_diagonal(&mut self, variance: f32) {
        self.variance = self.variance.map(|own| own + variance);
    }

    pub fn scaled(self, by: f32) -> Self {
        Self { variance: self.variance.map(|value| value * by), mixed: self.mixed.map(|value| value * by) }
    }

    pub fn times(self, [x, y, z]: Colour) -> Colour {
        let ([rr, gg, bb], [rg, rb, gb]) = (self.variance, self.mixed);
        [rr * x + rg * y + rb * z, rg * x + gg * y + gb * z, rb * x + gb * y + bb * z]
    }

    /// `(1 + self)⁻¹ · colour`, by cofactors.
    pub fn plus_one_inverse_times(self, colour: Colour) -> Colour {
        let ([rr, gg, bb], [rg, rb, gb]) = (self.variance.map(|value| value + 1.0), self.mixed);
        let cofactors = Self {
            variance: [gg * bb - gb * gb, rr * bb - rb * rb, rr * gg - rg * rg],
            mixed: [rb * gb - rg * bb, rg * gb - rb * gg, rg * rb - rr * gb],
        };
        let determinant = rr * cofactors.variance[0] + rg * cofactors.mixed[0] + rb * cofactors.mixed[1];
        cofactors.times(colour).map(|value| value / determinant.max(1e-6))
    }
}

/// Values with weights 0..=1; [`push_pull`] fills in those of weight 0.
pub struct Level<const N: usize> {
    pub width: usize,
    pub height: usize,
    pub weights: Vec<f32>,
    pub values: Vec<[f32; N]>,
}

pub fn push_pull<const N: usize>(finest: Level<N>) -> Vec<[f32; N]> {
    let mut levels = vec![finest];
    while let Some(last) = levels.last().filter(|level| level.width > 1 || level.height > 1) {
        levels.push(last.halved());
    }
    let coarsest = levels.pop().expect("at least the finest");
    let mut size = (coarsest.width, coarsest.height);
    let mut values = coarsest.values;
    while let Some(level) = levels.pop() {
        let own_size = (level.width, level.height);
        values = level.filled_from(&values, size);
        size = own_size;
    }
    values
}

impl<const N: usize> Level<N> {
    fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut weights = Vec::with_capacity(width * height);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (mut weight, mut sum) = (0.0, [0.0; N]);
                for row in y * 2..(y * 2 + 2).min(self.height) {
                    for index in row * self.width + x * 2..row * self.width + (x * 2 + 2).min(self.width) {
                        let own = self.weights[index];
                        if own > 0.0 {
                            weight += own;
                            (0..N).for_each(|n| sum[n] += own * self.values[index][n]);
                        }
                    }
                }
                values.push(if weight > 0.0 { sum.map(|value| value / weight) } else { sum });
                weights.push(f32::min(weight, 1.0));
            }
        }
        Self { width, height, weights, values }
    }

    /// Its own values where it has any, those of the halved picture (interpolated) where not.
    fn filled_from(self, halved: &[[f32; N]], (width, height): (usize, usize)) -> Vec<[f32; N]> {
        // Pixel x lies a quarter of a halved pixel beside the middle of one.
        let places = |at: usize, length: usize| {
            let near = (at / 2).min(length - 1);
            let far = if at.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(length - 1) };
            (near, far)
        };
        let mut values = self.values;
        for y in 0..self.height {
            let (near_y, far_y) = places(y, height);
            for x in 0..self.width {
                let index = y * self.width + x;
                let own = self.weights[index];
                if own >= 1.0 {
                    continue;
                }
                let (near_x, far_x) = places(x, width);
                let four = [
                    (near_y, near_x, 0.5625),
                    (near_y, far_x, 0.1875),
                    (far_y, near_x, 0.1875),
                    (far_y, far_x, 0.0625),
                ];
                for n in 0..N {
                    let filled: f32 =
                        four.iter().map(|(row, column, part)| part * halved[row * width + column][n]).sum();
                    values[index][n] = own * values[index][n] + (1.0 - own) * filled;
                }
            }
        }
        values
    }
}

/// `picture` as it would be seen from `dx`, `dy` pixels further; bilinear, the edge is repeated.
pub fn shifted(picture: &Colours, dx: f32, dy: f32) -> Colours {
    let (width, height) = (picture.width, picture.height);
    let mut pixels = Vec::with_capacity(picture.pixels.len());
    for y in 0..height {
        pixels.extend((0..width).map(|x| interpolated(&picture.pixels, width, x as f32 + dx, y as f32 + dy)));
    }
    Colours { width, height, pixels }
}

/// The value between the middles of four pixels; row by row, `width` in a row. Bilinear, the edge is repeated.
pub fn interpolated<const N: usize>(values: &[[f32; N]], width: usize, x: f32, y: f32) -> [f32; N] {
    let height = values.len() / width;
    let x = x.clamp(0.0, (width - 1) as f32);
    let y = y.clamp(0.0, (height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (u, v) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize| &values[y * width + x];
    let (a, b, c, d) = (at(left, top), at(right, top), at(left, bottom), at(right, bottom));
    std::array::from_fn(|n| (a[n] * (1.0 - u) + b[n] * u) * (1.0 - v) + (c[n] * (1.0 - u) + d[n] * u) * v)
}

/// Runs two things that know nothing of each other, each on a core of its own.
pub(super) fn at_once<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}

/// The colours as a picture, for those who paint.
pub fn pixel(colour: Colour) -> Rgb<u8> {
    Rgb(colour.map(|value| value.round().clamp(0.0, 255.0) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_pixels_take_the_colours_around_them() {
        let picture = RgbImage::from_fn(32, 16, |x, _| if x < 16 { Rgb([10, 20, 30]) } else { Rgb([200, 100, 50]) });
        // Only two columns are known.
        let known = Mask::new(32, 16, |index| matches!(index % 32, 0 | 31));
        let spread = spread(&Colours::of(&picture), &known);
        let at = |x: usize| spread.mean[8 * 32 + x];
        assert_eq!(at(0), [10.0, 20.0, 30.0]);
        assert!((at(3)[0] - 10.0).abs() < 30.0 && (at(28)[0] - 200.0).abs() < 30.0, "{:?} {:?}", at(3), at(28));
        assert!((at(15)[0] - 105.0).abs() < 60.0, "{:?}", at(15));
    }

    #[test]
    fn what_is_even_has_no_variance_and_what_is_not_has() {
        let picture =
            RgbImage::from_fn(32, 32, |x, y| if y < 16 { Rgb([90, 90, 90]) } else { Rgb([(x % 2 * 100) as u8; 3]) });
        let known = Mask::new(32, 32, |index| !(8..24).contains(&(index % 32)));
        let spread = spread(&Colours::of(&picture), &known);
        let at = |y: usize| spread.covariance[y * 32 + 16];
        assert!(at(4).variance[0] < 200.0, "{:?}", at(4));
        assert!(at(27).variance[0] > 1500.0 && at(27).mixed[0] > 1500.0, "{:?}", at(27));
    }

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let matrix = Covariance { variance: [3.0, 5.0, 2.0], mixed: [1.0, -0.5, 0.7] };
        let colour = [10.0, -20.0, 30.0];
        let solved = matrix.plus_one_inverse_times(colour);
        let back: Vec<f32> = matrix.times(solved).iter().zip(solved).map(|(product, own)| product + own).collect();
        assert!(back.iter().zip(colour).all(|(a, b)| (a - b).abs() < 1e-3), "{back:?}");
    }

    #[test]
    fn a_shift_by_whole_pixels_moves_and_a_blur_keeps_an_even_colour() {
        let picture = Colours::of(&RgbImage::from_fn(9, 9, |x, y| Rgb([x as u8, y as u8, 7])));
        let moved = shifted(&picture, 2.0, 1.0);
        assert_eq!(moved.pixels[4 * 9 + 4], [6.0, 5.0, 7.0]);
        assert!((picture.blurred(1.6).pixels[40][2] - 7.0).abs() < 1e-3);
    }
}
