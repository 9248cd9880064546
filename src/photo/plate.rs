//! The background plate: a picture of the empty booth. Where the background is known, opacity and
//! colour can be solved in the uncertain band instead of guessed.

use image::{Rgb, RgbImage};
use thiserror::Error;

use super::raster::Matte;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum PlateError {
    #[error(
        "the background plate is {plate:?} pixels, the picture {picture:?}: take the plate again with this camera mode"
    )]
    Size { plate: (u32, u32), picture: (u32, u32) },
}

/// How far a colour must be from the background to say anything about opacity, 0..=255.
const TELLING: f32 = 24.0;

/// Refines `matte` (of the picture's size) in its uncertain band and returns it with the person's
/// colours. The plate's gain per channel is fitted first, since no two shots are equally bright.
pub fn refine(
    picture: &RgbImage,
    plate: &RgbImage,
    matte: &Matte,
    foreground: &RgbImage,
) -> Result<(Matte, RgbImage), PlateError> {
    if plate.dimensions() != picture.dimensions() {
        return Err(PlateError::Size { plate: plate.dimensions(), picture: picture.dimensions() });
    }
    let gain = fit_gain(picture, plate, matte);
    let mut refined = matte.clone();
    let mut colours = foreground.clone();
    for (x, y, pixel) in picture.enumerate_pixels() {
        let model = matte.at(x, y);
        if !(0.01..=0.99).contains(&model) {
            continue;
        }
        let image = pixel.0.map(f32::from);
        let behind = plate.get_pixel(x, y).0;
        let behind = [0, 1, 2].map(|channel| f32::from(behind[channel]) * gain[channel]);
        let person = foreground.get_pixel(x, y).0.map(f32::from);

        // α = (I−B)·(F−B) / |F−B|², pulled towards the model's where F is close to B.
        let dot = |a: &dyn Fn(usize) -> f32, b: &dyn Fn(usize) -> f32| (0..3).map(|c| a(c) * b(c)).sum::<f32>();
        let contrast = |c: usize| person[c] - behind[c];
        let size = dot(&contrast, &contrast);
        let pull = TELLING * TELLING;
        let alpha = (dot(&|c| image[c] - behind[c], &contrast) + pull * model) / (size + pull);
        let alpha = alpha.clamp(0.0, 1.0);
        refined.alpha[y as usize * matte.width as usize + x as usize] = alpha;
        if alpha > 0.02 {
            let own = [0, 1, 2].map(|c| ((image[c] - (1.0 - alpha) * behind[c]) / alpha).clamp(0.0, 255.0));
            // The thinner the pixel, the more the division amplifies noise.
            let trust = alpha;
            let mix = [0, 1, 2].map(|c| (own[c] * trust + person[c] * (1.0 - trust)).round() as u8);
            colours.put_pixel(x, y, Rgb(mix));
        }
    }
    Ok((refined, colours))
}

/// Brightness of the picture's background over the plate's, per channel.
fn fit_gain(picture: &RgbImage, plate: &RgbImage, matte: &Matte) -> [f32; 3] {
    let mut sums = [(0.0f64, 0.0f64); 3];
    for ((image, behind), alpha) in picture.pixels().zip(plate.pixels()).zip(&matte.alpha) {
        if *alpha > 0.001 {
            continue;
        }
        for ((both, own), (i, b)) in sums.iter_mut().zip(image.0.into_iter().zip(behind.0)) {
            let (i, b) = (f64::from(i), f64::from(b));
            *both += i * b;
            *own += b * b;
        }
    }
    sums.map(|(both, own)| if own > 0.0 { ((both / own) as f32).clamp(0.5, 2.0) } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_guess_in_the_band_is_put_right_by_the_plate() {
        // A black person covers 30 % of each pixel of a white wall; the model says 60 %.
        let plate = RgbImage::from_pixel(4, 4, Rgb([200, 200, 200]));
        let mut picture = RgbImage::from_pixel(4, 4, Rgb([220, 220, 220]));
        (0..4).for_each(|x| picture.put_pixel(x, 1, Rgb([154, 154, 154])));
        let mut alpha = vec![0.0; 16];
        alpha[4..8].fill(0.6);
        let matte = Matte::new(4, 4, alpha);
        let foreground = RgbImage::from_pixel(4, 4, Rgb([0, 0, 0]));
        let (refined, _) = refine(&picture, &plate, &matte, &foreground).unwrap();
        assert!((refined.at(2, 1) - 0.3).abs() < 0.03, "{}", refined.at(2, 1));
    }

    #[test]
    fn a_plate_of_another_size_is_refused() {
        let (picture, plate) = (RgbImage::new(4, 4), RgbImage::new(5, 4));
        let matte = Matte::new(4, 4, vec![0.0; 16]);
        assert!(refine(&picture, &plate, &matte, &picture).is_err());
    }
}
