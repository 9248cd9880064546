//! The person's own colours where hair and edges let the old background shine through.
//! Multi-level foreground estimation, Germer, Uelwer, Conrad, Harmeling 2020 (arXiv:2006.14970).
//! Touches no pixel that is wholly the person.

use image::RgbImage;

use super::colours::{self, Colour, Colours};
use super::mask::Mask;
use super::raster::Matte;

/// Keeps the equations solvable where alpha is flat.
const REGULARISATION: f32 = 1e-5;
/// Up to this size a level is solved well, since coarse levels spread the colours far.
const SMALL: usize = 32;
const SMALL_ITERATIONS: usize = 10;
const LARGE_ITERATIONS: usize = 2;
/// How far from the edge larger levels are solved, pixels.
const REACH: usize = 3;

/// One level: foreground and background estimates.
struct Level {
    width: usize,
    height: usize,
    foreground: Vec<Colour>,
    background: Vec<Colour>,
}

/// The foreground colours of `picture`, given how much of each pixel is the person. Same size.
pub fn estimate(picture: &Colours, matte: &Matte) -> Colours {
    let (width, height) = (picture.width, picture.height);
    assert_eq!((width, height), (matte.width as usize, matte.height as usize), "a matte of the picture's size");
    let levels = (width.max(height) as f32).log2().ceil() as u32;
    let size_at = |length: usize, level: u32| (length as f32).powf(level as f32 / levels as f32).round() as usize;

    let mean = mean_colours(picture, matte);
    let mut level = Level { width: 1, height: 1, foreground: vec![mean.0], background: vec![mean.1] };
    for step in 0..=levels {
        let (w, h) = (size_at(width, step).max(1), size_at(height, step).max(1));
        let columns: Vec<usize> = (0..w).map(|x| x * width / w).collect();
        let mut colours = Vec::with_capacity(w * h);
        let mut alphas = Vec::with_capacity(w * h);
        for y in 0..h {
            let row = y * height / h * width;
            colours.extend(columns.iter().map(|x| picture.pixels[row + x]));
            alphas.extend(columns.iter().map(|x| matte.alpha[row + x]));
        }
        level = level.enlarged(w, h);
        if w <= SMALL && h <= SMALL {
            let everywhere: Vec<usize> = (0..w * h).collect();
            (0..SMALL_ITERATIONS).for_each(|_| level.relax(&everywhere, &colours, &alphas));
        } else {
            // Away from the edge there is nothing to solve: a pixel is the person or the background.
            let near_the_edge: Vec<usize> =
                Mask::new(w, h, |index| (0.002..0.998).contains(&alphas[index])).grown(REACH).indices().collect();
            level.settle(&colours, &alphas);
            (0..LARGE_ITERATIONS).for_each(|_| level.relax(&near_the_edge, &colours, &alphas));
        }
    }
    Colours { width, height, pixels: level.foreground }
}

/// The person on a uniform background. Where alpha is 1 the picture's own pixel is copied.
pub fn compose(picture: &RgbImage, foreground: &Colours, matte: &Matte, background: [u8; 3]) -> RgbImage {
    let mut composed = picture.clone();
    for ((pixel, colour), alpha) in composed.pixels_mut().zip(&foreground.pixels).zip(&matte.alpha) {
        if *alpha < 1.0 {
            let mix = |channel: usize| colour[channel] * alpha + f32::from(background[channel]) * (1.0 - alpha);
            *pixel = colours::pixel([mix(0), mix(1), mix(2)]);
        }
    }
    composed
}

fn mean_colours(picture: &Colours, matte: &Matte) -> (Colour, Colour) {
    let mut sums = ([0.0f64; 3], [0.0f64; 3]);
    let mut weights = (1e-6, 1e-6);
    for (pixel, alpha) in picture.pixels.iter().zip(&matte.alpha) {
        let alpha = f64::from(*alpha);
        for (channel, value) in pixel.iter().map(|value| f64::from(*value)).enumerate() {
            sums.0[channel] += alpha * value;
            sums.1[channel] += (1.0 - alpha) * value;
        }
        weights.0 += alpha;
        weights.1 += 1.0 - alpha;
    }
    (sums.0.map(|sum| (sum / weights.0) as f32), sums.1.map(|sum| (sum / weights.1) as f32))
}

impl Level {
    fn enlarged(&self, width: usize, height: usize) -> Self {
        let nearest = |colours: &[Colour]| {
            let mut out = Vec::with_capacity(width * height);
            for y in 0..height {
                let row = y * self.height / height * self.width;
                out.extend((0..width).map(|x| colours[row + x * self.width / width]));
            }
            out
        };
        Self { width, height, foreground: nearest(&self.foreground), background: nearest(&self.background) }
    }

    /// Gives every pixel that is wholly one of the two its own colour.
    fn settle(&mut self, colours: &[Colour], alphas: &[f32]) {
        for (index, (colour, alpha)) in colours.iter().zip(alphas).enumerate() {
            if *alpha >= 0.998 {
                self.foreground[index] = *colour;
            } else if *alpha <= 0.002 {
                self.background[index] = *colour;
            }
        }
    }

    /// One Gauss–Seidel sweep: for each pixel, the two colours that explain it best while staying
    /// close to those of its four neighbours, the closer the more alpha differs (paper, eq. 10).
    fn relax(&mut self, places: &[usize], colours: &[Colour], alphas: &[f32]) {
        for index in places.iter().copied() {
            let (x, y) = (index % self.width, index / self.width);
            let neighbours = [
                if x > 0 { index - 1 } else { index },
                if x + 1 < self.width { index + 1 } else { index },
                if y > 0 { index - self.width } else { index },
                if y + 1 < self.height { index + self.width } else { index },
            ];
            let alpha = alphas[index];
            let rest = 1.0 - alpha;
            let (mut a00, mut a11) = (alpha * alpha, rest * rest);
            let a01 = alpha * rest;
            let mut b0 = colours[index].map(|value| value * alpha);
            let mut b1 = colours[index].map(|value| value * rest);
            for neighbour in neighbours {
                let weight = REGULARISATION + (alpha - alphas[neighbour]).abs();
                a00 += weight;
                a11 += weight;
                for channel in 0..3 {
                    b0[channel] += weight * self.foreground[neighbour][channel];
                    b1[channel] += weight * self.background[neighbour][channel];
                }
            }
            let scale = 1.0 / (a00 * a11 - a01 * a01);
            for channel in 0..3 {
                self.foreground[index][channel] = ((a11 * b0[channel] - a01 * b1[channel]) * scale).clamp(0.0, 255.0);
                self.background[index][channel] = ((a00 * b1[channel] - a01 * b0[channel]) * scale).clamp(0.0, 255.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn half_covered() -> (RgbImage, Matte) {
        // Red person, blue wall, a soft edge ten pixels wide between them.
        let alpha = |x: u32| ((x as f32 - 27.0) / 10.0).clamp(0.0, 1.0);
        let picture = RgbImage::from_fn(64, 48, |x, _| {
            let a = alpha(x);
            Rgb([(200.0 * a) as u8, 0, (200.0 * (1.0 - a)) as u8])
        });
        let matte = Matte::new(64, 48, (0..64 * 48).map(|index| alpha(index % 64)).collect());
        (picture, matte)
    }

    #[test]
    fn the_old_background_does_not_shine_through_the_edge() {
        let (picture, matte) = half_covered();
        let foreground = estimate(&Colours::of(&picture), &matte);
        let on_white = compose(&picture, &foreground, &matte, [255, 255, 255]);
        for x in 28..38 {
            let alpha = matte.at(x, 20);
            let expected = [200.0, 0.0, 0.0].map(|value| value * alpha + 255.0 * (1.0 - alpha));
            let got = on_white.get_pixel(x, 20).0;
            for channel in 0..3 {
                assert!((f32::from(got[channel]) - expected[channel]).abs() < 20.0, "x {x}: {got:?}, not {expected:?}");
            }
        }
    }

    #[test]
    fn inside_the_person_every_pixel_is_the_stills_own() {
        let (picture, matte) = half_covered();
        let composed = compose(&picture, &estimate(&Colours::of(&picture), &matte), &matte, [240, 240, 240]);
        for (x, y, pixel) in composed.enumerate_pixels() {
            if matte.at(x, y) >= 1.0 {
                assert_eq!(pixel, picture.get_pixel(x, y));
            }
        }
    }
}
