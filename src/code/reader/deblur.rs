//! A picture out of focus made sharper: Van Cittert's iteration with a box for the blur (van Cittert, Zeitschrift für
//! Physik 69, 1931). In whole grey levels, so that it is quick enough for live frames.

/// How blurred the picture is taken to be, and how far it is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blur {
    /// The box is `2 * reach + 1` pixels wide; a Gaussian of sigma s is like a reach of 1.5 s.
    pub reach: usize,
    pub rounds: u32,
}

/// Buffers, kept between pictures.
#[derive(Default)]
pub(super) struct Blurrer {
    rows: Vec<u8>,
    blurred: Vec<u8>,
    columns: Vec<u16>,
}

/// `out` becomes the picture that, blurred, would look like `pixels`.
pub(super) fn deblur(pixels: &[u8], width: usize, blur: Blur, buffers: &mut Blurrer, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(pixels);
    for _ in 0..blur.rounds {
        buffers.blur(out, width, blur.reach);
        for ((sharp, &seen), &blurred) in out.iter_mut().zip(pixels).zip(&buffers.blurred) {
            let step = 2 * (i16::from(seen) - i16::from(blurred));
            *sharp = (i16::from(*sharp) + step).clamp(0, 255) as u8;
        }
    }
}

impl Blurrer {
    /// Means over squares; at the edges the last pixel goes on.
    fn blur(&mut self, pixels: &[u8], width: usize, reach: usize) {
        let height = pixels.len() / width;
        let box_width = 2 * reach as u32 + 1;
        // Rounds to nearest, and is exact for boxes of up to 45 pixels.
        let reciprocal = (1_u32 << 20).div_ceil(box_width);
        let mean = |sum: u16| ((u32::from(sum) * reciprocal + (1 << 19)) >> 20) as u8;

        self.rows.clear();
        for row in pixels.chunks_exact(width) {
            let at = |x: usize| u16::from(row[x.min(width - 1)]);
            let mut sum = at(0) * reach as u16 + (0..=reach).map(at).sum::<u16>();
            for x in 0..width {
                self.rows.push(mean(sum));
                sum = sum + at(x + reach + 1) - at(x.saturating_sub(reach));
            }
        }

        let row = |y: usize| &self.rows[y * width..(y + 1) * width];
        self.columns.clear();
        self.columns.extend(row(0).iter().map(|&pixel| u16::from(pixel) * reach as u16));
        for y in 0..=reach {
            self.columns.iter_mut().zip(row(y.min(height - 1))).for_each(|(sum, &pixel)| *sum += u16::from(pixel));
        }
        self.blurred.clear();
        for y in 0..height {
            self.blurred.extend(self.columns.iter().map(|&sum| mean(sum)));
            let (next, last) = (row((y + reach + 1).min(height - 1)), row(y.saturating_sub(reach)));
            for ((sum, &next), &last) in self.columns.iter_mut().zip(next).zip(last) {
                *sum = *sum + u16::from(next) - u16::from(last);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(pixels: &[u8], width: usize, reach: i64) -> Vec<u8> {
        let (width, height) = (width as i64, (pixels.len() / width) as i64);
        let means = |pixels: &[u8], (dx, dy): (i64, i64)| -> Vec<u8> {
            let at = |x: i64, y: i64| pixels[(y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) as usize];
            let mean = |x, y| {
                let sum: u32 = (-reach..=reach).map(|i| u32::from(at(x + i * dx, y + i * dy))).sum();
                (f64::from(sum) / (2 * reach + 1) as f64).round() as u8
            };
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect()
        };
        means(&means(pixels, (1, 0)), (0, 1))
    }

    #[test]
    fn running_sums_are_the_plain_means() {
        let pixels: Vec<u8> = (0..13 * 9).map(|i: u32| (i * 97 % 256) as u8).chain([255; 26]).collect();
        for reach in [1, 2, 3, 5, 20] {
            let mut buffers = Blurrer::default();
            buffers.blur(&pixels, 13, reach);
            assert_eq!(buffers.blurred, plainly(&pixels, 13, reach as i64), "reach {reach}");
        }
        let mut buffers = Blurrer::default();
        buffers.blur(&[7], 1, 3);
        assert_eq!(buffers.blurred, [7]);
    }

    /// Stripes of modules that the blur has merged are told apart again.
    #[test]
    fn what_was_blurred_is_sharp_again() {
        let sharp: Vec<u8> = (0..64 * 32).map(|i| if (i % 64 / 5) % 2 == 0 { 30 } else { 220 }).collect();
        let mut buffers = Blurrer::default();
        buffers.blur(&sharp, 64, 3);
        let seen = buffers.blurred.clone();
        let contrast = |pixels: &[u8]| {
            let inside = &pixels[16 * 64 + 20..16 * 64 + 44];
            inside.iter().max().unwrap() - inside.iter().min().unwrap()
        };
        let mut out = Vec::new();
        deblur(&seen, 64, Blur { reach: 3, rounds: 4 }, &mut buffers, &mut out);
        assert!(contrast(&out) > 2 * contrast(&seen), "{} after {}", contrast(&out), contrast(&seen));
    }
}
