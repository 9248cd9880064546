//! The mean of several pictures of a scene that stands still: less noise than any of them.

use image::RgbImage;

#[derive(Debug, Default)]
pub struct Mean {
    size: (u32, u32),
    sums: Vec<u32>,
    count: usize,
}

impl Mean {
    /// A picture of another size than the one before starts anew: the camera has changed its mode.
    pub fn add(&mut self, picture: &RgbImage) {
        if picture.dimensions() != self.size {
            *self = Self { size: picture.dimensions(), sums: vec![0; picture.as_raw().len()], count: 0 };
        }
        self.sums.iter_mut().zip(picture.as_raw()).for_each(|(sum, value)| *sum += u32::from(*value));
        self.count += 1;
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// `None` before the first picture.
    pub fn into_picture(self) -> Option<RgbImage> {
        let count = u32::try_from(self.count).ok().filter(|count| *count > 0)?;
        let bytes = self.sums.iter().map(|sum| ((sum + count / 2) / count) as u8).collect();
        RgbImage::from_raw(self.size.0, self.size.1, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn the_mean_is_rounded_and_a_new_size_starts_anew() {
        let mut mean = Mean::default();
        mean.add(&RgbImage::from_pixel(9, 9, Rgb([1, 1, 1])));
        for value in [100, 101, 101] {
            mean.add(&RgbImage::from_pixel(4, 2, Rgb([value, 255, 0])));
        }
        assert_eq!(mean.count(), 3);
        assert_eq!(mean.into_picture().unwrap(), RgbImage::from_pixel(4, 2, Rgb([101, 255, 0])));
        assert!(Mean::default().into_picture().is_none());
    }
}
