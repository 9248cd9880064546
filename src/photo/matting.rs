//! Matting: how much of each pixel is the person, by MODNet (Ke et al. 2022, Apache-2.0).
//! Decides opacity only; colours are the business of [`super::foreground`].

use image::RgbImage;
use ort::session::Session;
use ort::value::TensorRef;

use super::mask::Mask;
use super::raster::{self, Matte, Rect};
use super::runtime::{ModelError, ModelLoader};

pub struct Matting {
    session: Session,
    input: Vec<f32>,
}

/// MODNet was trained with a short side of 512, but loses white shoulders on light walls there and makes
/// holes in bodies at 768. At 384 it sees the body as a whole, for half the time; what it then lacks in
/// detail at the edge is solved from the colours ([`super::band`]).
const SHORT_SIDE: f32 = 384.0;
/// Its sides must be multiples of this.
const STRIDE: f32 = 32.0;
/// Pictures longer than this many short sides would cost seconds.
const LONGEST: f32 = 2.0;

impl Matting {
    pub fn load(loader: &ModelLoader) -> Result<Self, ModelError> {
        Ok(Self { session: loader.load("modnet")?, input: Vec::new() })
    }

    /// The matte of the whole picture at the model's working size (short side 384), as the model sees it.
    pub fn matte(&mut self, picture: &RgbImage) -> Result<Matte, ModelError> {
        let (width, height) = working_size(picture.width(), picture.height());
        let whole = Rect::whole(picture.width(), picture.height());
        let scaled = raster::resample(picture, whole, width, height);
        self.input.clear();
        for channel in 0..3 {
            self.input.extend(scaled.pixels().map(|pixel| f32::from(pixel.0[channel]) / 127.5 - 1.0));
        }
        let shape = [1, 3, height as usize, width as usize];
        let input = TensorRef::from_array_view((shape, self.input.as_slice()))?;
        let outputs = self.session.run(ort::inputs!["input" => input])?;
        let (_, alpha) = outputs["output"].try_extract_tensor::<f32>()?;
        if alpha.len() != width as usize * height as usize {
            return Err(ModelError::Runtime(format!("the matting model returned {} values", alpha.len())));
        }
        Ok(Matte::new(width, height, alpha.iter().map(|value| value.clamp(0.0, 1.0)).collect()))
    }
}

fn working_size(width: u32, height: u32) -> (u32, u32) {
    let (width, height) = (width as f32, height as f32);
    let scale = SHORT_SIDE / width.min(height);
    let side = |length: f32| ((length * scale).min(SHORT_SIDE * LONGEST) / STRIDE).round().max(1.0) * STRIDE;
    (side(width) as u32, side(height) as u32)
}

/// Wipes everything that does not hang together with the person at `seed` (a point in the matte's
/// pixels, such as the middle of the face).
pub fn keep_person(matte: &mut Matte, seed: (f32, f32)) {
    const BARELY_THERE: f32 = 0.1;
    let (width, height) = (matte.width as usize, matte.height as usize);
    let start_x = (seed.0.max(0.0) as usize).min(width - 1);
    let start_y = (seed.1.max(0.0) as usize).min(height - 1);
    let present = Mask::of(matte, |alpha| alpha > BARELY_THERE);
    let seed = Mask::new(width, height, |index| index == start_y * width + start_x);
    let person = present.reached_from(&seed);
    if person.is_empty() {
        return;
    }
    // The faint rim around a person is theirs.
    let person = person.grown(2);
    for (index, alpha) in matte.alpha.iter_mut().enumerate() {
        if !person.has(index) {
            *alpha = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_three_to_four_picture_is_seen_at_384_by_512() {
        assert_eq!(working_size(480, 640), (384, 512));
        assert_eq!(working_size(1920, 1080), (672, 384));
    }

    #[test]
    fn an_island_in_the_background_goes_and_the_person_stays() {
        let mut alpha = vec![0.0; 100];
        (40..60).for_each(|index| alpha[index] = 1.0);
        alpha[5] = 1.0;
        let mut matte = Matte::new(10, 10, alpha);
        keep_person(&mut matte, (5.0, 4.0));
        assert_eq!(matte.alpha[5], 0.0);
        assert!(matte.alpha[40..60].iter().all(|alpha| *alpha == 1.0));
    }
}
