//! How far the camera has moved since the plate was taken: the shift that makes both backgrounds lie on
//! each other, by Lucas and Kanade's iteration (1981), coarse to fine.

use crate::photo::colours::{self, Colour, Colours};
use crate::photo::mask::Mask;

/// Pixels of the picture per pixel, coarse to fine.
const STEPS: [usize; 2] = [4, 1];
const ITERATIONS: usize = 6;
/// Differences beyond this are something else than a shift.
const OUTLIER: f32 = 40.0;
/// Squared brightness per pixel and pixel: on a smooth wall a shift cannot be seen, nor does it matter.
const LEAST_TEXTURE: f32 = 1.0;

/// Where the plate has what the picture has at (0, 0), in pixels. `None` on a wall without texture.
pub fn shift(picture: &Colours, plate: &Colours, gain: Colour, background: &Mask) -> Option<(f32, f32)> {
    let mut found = None;
    let (mut dx, mut dy) = (0.0, 0.0);
    for step in STEPS {
        let here = Brightness::of(picture, [1.0; 3], step);
        let there = Brightness::of(plate, gain, step);
        let places = background.indices().filter_map(|index| {
            let (x, y) = (index % picture.width, index / picture.width);
            let middle = step / 2;
            (x % step == middle && y % step == middle).then_some((x / step, y / step))
        });
        let places: Vec<_> = places.filter(|(x, y)| *x < here.width && *y < here.height).collect();
        let (mut u, mut v) = (dx / step as f32, dy / step as f32);
        for _ in 0..ITERATIONS {
            let Some((du, dv)) = there.step_towards(&here, &places, u, v) else { break };
            (u, v) = (u + du, v + dv);
            (dx, dy) = (u * step as f32, v * step as f32);
            found = Some((dx, dy));
            if du.hypot(dv) < 0.02 {
                break;
            }
        }
    }
    found.filter(|(dx, dy)| dx.is_finite() && dy.is_finite() && dx.hypot(*dy) < picture.width as f32 * 0.03)
}

struct Brightness {
    width: usize,
    height: usize,
    values: Vec<[f32; 1]>,
}

impl Brightness {
    /// Averages squares of `step` pixels.
    fn of(picture: &Colours, gain: Colour, step: usize) -> Self {
        let (width, height) = (picture.width / step, picture.height / step);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for row in y * step..(y + 1) * step {
                    for colour in &picture.pixels[row * picture.width + x * step..row * picture.width + (x + 1) * step]
                    {
                        sum += 0.3 * colour[0] * gain[0] + 0.6 * colour[1] * gain[1] + 0.1 * colour[2] * gain[2];
                    }
                }
                values.push([sum / (step * step) as f32]);
            }
        }
        Self { width, height, values }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        colours::interpolated(&self.values, self.width, x, y)[0]
    }

    fn step_towards(&self, here: &Self, places: &[(usize, usize)], u: f32, v: f32) -> Option<(f32, f32)> {
        let (mut xx, mut xy, mut yy, mut xr, mut yr, mut count) = (0.0f64, 0.0f64, 0.0f64, 0.0f64, 0.0f64, 0usize);
        for (x, y) in places {
            let (px, py) = (*x as f32 + u, *y as f32 + v);
            let rest = here.values[y * here.width + x][0] - self.at(px, py);
            if rest.abs() > OUTLIER {
                continue;
            }
            let gx = f64::from(self.at(px + 1.0, py) - self.at(px - 1.0, py)) / 2.0;
            let gy = f64::from(self.at(px, py + 1.0) - self.at(px, py - 1.0)) / 2.0;
            let rest = f64::from(rest);
            xx += gx * gx;
            xy += gx * gy;
            yy += gy * gy;
            xr += gx * rest;
            yr += gy * rest;
            count += 1;
        }
        let determinant = xx * yy - xy * xy;
        let weaker = determinant / (xx + yy).max(1e-9) / count.max(1) as f64;
        (weaker > f64::from(LEAST_TEXTURE))
            .then(|| (((yy * xr - xy * yr) / determinant) as f32, ((xx * yr - xy * xr) / determinant) as f32))
    }
}
