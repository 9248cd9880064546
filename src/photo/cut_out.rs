//! A person cut out of a picture: the model's matte, its edge solved from the colours on both sides or
//! against the known background.

use image::RgbImage;

use super::colours::Colours;
use super::plate::{self, Misfit};
use super::raster::Matte;
use super::{band, foreground};

/// A person without their background.
pub struct CutOut {
    /// How much of each pixel is the person.
    pub matte: Matte,
    /// The person's own colours.
    pub colours: Colours,
    /// Why the background plate was not used.
    pub misfit: Option<Misfit>,
}

impl CutOut {
    /// From what the model says of `picture`. All are of one size.
    pub(super) fn of(picture: &RgbImage, mut matte: Matte, plate: Option<Result<&RgbImage, &Misfit>>) -> Self {
        band::levels(&mut matte);
        let colours = Colours::of(picture);
        let backdrop =
            plate.map(|plate| plate.map_err(|misfit| *misfit).and_then(|plate| plate::fit(&colours, plate, &matte)));
        let misfit = match backdrop {
            Some(Ok(backdrop)) => {
                let (matte, colours) = backdrop.solve(&colours, &matte);
                return Self { matte, colours, misfit: None };
            }
            Some(Err(misfit)) => Some(misfit),
            None => None,
        };
        band::solve(&colours, &mut matte);
        let colours = foreground::estimate(&colours, &matte);
        Self { matte, colours, misfit }
    }
}
