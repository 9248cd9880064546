//! The same picture made easier to read: inverted, sharpened, thresholded against its surroundings, rescaled.
//!
//! Works on grey pixels and reused buffers only; knows nothing of codes.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::deblur::{Blur, Blurrer, deblur};

/// Grey pixels, row by row without gaps.
#[derive(Clone, Copy)]
pub(super) struct Grey<'a> {
    pub width: u32,
    pub height: u32,
    pub pixels: &'a [u8],
}

/// What is done to the pixels before a decoder sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    Inverted,
    /// Black is what is darker (`Inverted`: lighter) than the mean of its surroundings.
    Surroundings(Surroundings),
    InvertedSurroundings(Surroundings),
    /// As if it had been in focus.
    Deblurred(Blur),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Surroundings {
    /// The mean is taken over a square of `2 * reach + 1` pixels, clipped at the edges.
    pub reach: u32,
    /// How much darker than the mean black must be.
    pub margin: i32,
}

/// Size of the picture a decoder sees, compared with the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Half,
    Whole,
    OneAndAHalf,
    Double,
}

impl Scale {
    fn of(self, length: u32) -> u32 {
        match self {
            Self::Half => length / 2,
            Self::Whole => length,
            Self::OneAndAHalf => length + length / 2,
            Self::Double => length * 2,
        }
    }
}

/// Buffers for one picture's variants, kept between pictures.
#[derive(Default)]
pub(super) struct Darkroom {
    resizer: Resizer,
    scaled: Vec<u8>,
    /// Which picture `scaled` holds, so that attempts at the same scale share the work.
    scaled_to: Option<(u32, u32)>,
    looked: Vec<u8>,
    columns: Vec<u32>,
    blurrer: Blurrer,
}

impl Darkroom {
    /// Forgets the last picture; the buffers stay.
    pub fn new_picture(&mut self) {
        self.scaled_to = None;
    }

    pub fn prepare<'a>(&'a mut self, original: Grey<'a>, scale: Scale, look: Look) -> Option<Grey<'a>> {
        let (width, height) = (scale.of(original.width), scale.of(original.height));
        if scale != Scale::Whole {
            self.rescale(original, width, height)?;
        }
        let pixels = if scale == Scale::Whole { original.pixels } else { &self.scaled };
        let scaled = Grey { width, height, pixels };
        match look {
            Look::Plain => return Some(scaled),
            Look::Inverted => {
                self.looked.clear();
                self.looked.extend(scaled.pixels.iter().map(|pixel| 255 - pixel));
            }
            Look::Surroundings(around) => {
                threshold(scaled, around.scaled(scale), false, &mut self.columns, &mut self.looked);
            }
            Look::InvertedSurroundings(around) => {
                threshold(scaled, around.scaled(scale), true, &mut self.columns, &mut self.looked);
            }
            Look::Deblurred(blur) => {
                deblur(scaled.pixels, width as usize, blur, &mut self.blurrer, &mut self.looked);
            }
        }
        Some(Grey { width, height, pixels: &self.looked })
    }

    fn rescale(&mut self, original: Grey<'_>, width: u32, height: u32) -> Option<()> {
        if self.scaled_to == Some((width, height)) {
            return Some(());
        }
        self.scaled_to = None;
        self.scaled.clear();
        self.scaled.resize(width as usize * height as usize, 0);
        let from = ImageRef::new(original.width, original.height, original.pixels, PixelType::U8).ok()?;
        let mut to = Image::from_slice_u8(width, height, &mut self.scaled, PixelType::U8).ok()?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        self.resizer.resize(&from, &mut to, &options).ok()?;
        self.scaled_to = Some((width, height));
        Some(())
    }
}

impl Surroundings {
    fn scaled(self, scale: Scale) -> Self {
        Self { reach: scale.of(self.reach), ..self }
    }
}

/// Black is what is darker (`inverted`: lighter) than the mean of its surroundings by the margin.
fn threshold(grey: Grey<'_>, around: Surroundings, inverted: bool, columns: &mut Vec<u32>, out: &mut Vec<u8>) {
    against_surroundings(grey, around.reach, columns, out, |pixel, sum, area| {
        let (pixel, margin) = (i64::from(pixel) * area, i64::from(around.margin) * area);
        let black = if inverted { pixel > sum + margin } else { pixel + margin < sum };
        if black { 0 } else { 255 }
    });
}

/// Glare taken away: each pixel's difference from the mean of its surroundings, `gain` times as strong, around mid-grey.
pub(super) fn flatten(grey: Grey<'_>, reach: u32, gain: i64) -> Vec<u8> {
    let mut out = Vec::new();
    against_surroundings(grey, reach, &mut Vec::new(), &mut out, |pixel, sum, area| {
        (128 + (gain * (i64::from(pixel) * area - sum)) / area).clamp(0, 255) as u8
    });
    out
}

/// Each pixel by itself, the sum over its surroundings and their size, with running sums: the cost does not depend on
/// the reach.
fn against_surroundings(
    grey: Grey<'_>,
    reach: u32,
    columns: &mut Vec<u32>,
    out: &mut Vec<u8>,
    judge: impl Fn(u8, i64, i64) -> u8,
) {
    let (width, height) = (grey.width as usize, grey.height as usize);
    let reach = reach as usize;
    out.clear();
    columns.clear();
    columns.resize(width, 0);
    let row = |y: usize| &grey.pixels[y * width..(y + 1) * width];
    for y in 0..reach.min(height) {
        add(columns, row(y));
    }
    for y in 0..height {
        if y + reach < height {
            add(columns, row(y + reach));
        }
        if let Some(gone) = y.checked_sub(reach + 1) {
            columns.iter_mut().zip(row(gone)).for_each(|(sum, &pixel)| *sum -= u32::from(pixel));
        }
        let rows = (y + reach + 1).min(height) - y.saturating_sub(reach);
        let mut sum: u32 = columns.iter().take(reach).sum();
        for (x, &pixel) in row(y).iter().enumerate() {
            if x + reach < width {
                sum += columns[x + reach];
            }
            if let Some(gone) = x.checked_sub(reach + 1) {
                sum -= columns[gone];
            }
            let area = (rows * ((x + reach + 1).min(width) - x.saturating_sub(reach))) as i64;
            out.push(judge(pixel, i64::from(sum), area));
        }
    }
}

fn add(columns: &mut [u32], row: &[u8]) {
    columns.iter_mut().zip(row).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(grey: Grey<'_>, reach: i64, margin: i64) -> Vec<u8> {
        let (width, height) = (i64::from(grey.width), i64::from(grey.height));
        let at = |x: i64, y: i64| i64::from(grey.pixels[(y * width + x) as usize]);
        let mut out = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let rows = (y - reach).max(0)..=(y + reach).min(height - 1);
                let around: Vec<_> = rows
                    .flat_map(|v| ((x - reach).max(0)..=(x + reach).min(width - 1)).map(move |u| (u, v)))
                    .map(|(u, v)| at(u, v))
                    .collect();
                let (sum, area) = (around.iter().sum::<i64>(), around.len() as i64);
                out.push(if (at(x, y) + margin) * area < sum { 0 } else { 255 });
            }
        }
        out
    }

    #[test]
    fn running_sums_are_the_plain_mean() {
        let pixels: Vec<u8> = (0..13 * 9).map(|i: u32| (i * 97 % 251) as u8).collect();
        let grey = Grey { width: 13, height: 9, pixels: &pixels };
        for reach in [1, 3, 20] {
            let look = Look::Surroundings(Surroundings { reach, margin: 3 });
            let mut darkroom = Darkroom::default();
            let seen = darkroom.prepare(grey, Scale::Whole, look).unwrap();
            assert_eq!(seen.pixels, plainly(grey, i64::from(reach), 3), "reach {reach}");
        }
    }

    #[test]
    fn a_picture_of_one_pixel_has_every_variant() {
        let grey = Grey { width: 1, height: 1, pixels: &[7] };
        let mut darkroom = Darkroom::default();
        assert_eq!(darkroom.prepare(grey, Scale::Whole, Look::Inverted).unwrap().pixels, [248]);
        assert!(darkroom.prepare(grey, Scale::Double, Look::Plain).is_some());
        let _ = darkroom.prepare(grey, Scale::Half, Look::Plain);
    }
}
