//! Rectangles in sub-pixel coordinates and resampling of pictures and mattes.
//! Only crops and scales: there is no way to mirror or rotate here.

use fast_image_resize::images::{Image, ImageRef, TypedImage, TypedImageRef};
use fast_image_resize::pixels::F32;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use zeroize::Zeroize;

/// A rectangle in source pixels. It may reach beyond the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    pub fn whole(width: u32, height: u32) -> Self {
        Self { x: 0.0, y: 0.0, width: width as f32, height: height as f32 }
    }

    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    /// The smallest rectangle of whole pixels around this one, cut to the picture.
    pub fn whole_pixels_within(&self, width: u32, height: u32) -> PixelRect {
        let left = self.x.floor().clamp(0.0, width as f32) as u32;
        let top = self.y.floor().clamp(0.0, height as f32) as u32;
        let right = self.right().ceil().clamp(0.0, width as f32) as u32;
        let bottom = self.bottom().ceil().clamp(0.0, height as f32) as u32;
        PixelRect { x: left, y: top, width: right.saturating_sub(left), height: bottom.saturating_sub(top) }
    }
}

/// A rectangle of whole pixels inside a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelRect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Opacity of the person, 0..=1, one value per pixel of a picture of the same size.
#[derive(Clone, Debug)]
pub struct Matte {
    pub width: u32,
    pub height: u32,
    pub alpha: Vec<f32>,
}

impl Matte {
    pub fn new(width: u32, height: u32, alpha: Vec<f32>) -> Self {
        assert_eq!(alpha.len(), width as usize * height as usize, "one alpha per pixel");
        Self { width, height, alpha }
    }

    /// Makes what is nearly nobody or nearly the person wholly so: a trace of the background that no
    /// eye sees would cost the pixel its own colour.
    pub fn settle(&mut self) {
        for alpha in &mut self.alpha {
            *alpha = match *alpha {
                faint if faint <= 0.01 => 0.0,
                full if full >= 0.99 => 1.0,
                between => between,
            };
        }
    }

    pub fn at(&self, x: u32, y: u32) -> f32 {
        self.alpha[y as usize * self.width as usize + x as usize]
    }

    pub fn row(&self, y: u32) -> &[f32] {
        let start = y as usize * self.width as usize;
        &self.alpha[start..start + self.width as usize]
    }
}

/// Scales the part of `still` inside `crop` to `width` × `height` (Lanczos 3 when shrinking or
/// growing). Where the crop reaches beyond the picture its edge is repeated.
pub fn resample(still: &RgbImage, crop: Rect, width: u32, height: u32) -> RgbImage {
    let mut scaler = Scaler::default();
    scaler.resample(still, crop, width, height);
    scaler.scaled
}

/// [`resample`] again and again, in memory that is there already.
#[derive(Default)]
pub struct Scaler {
    resizer: Resizer,
    padded: Vec<[u8; 3]>,
    scaled: RgbImage,
}

impl Scaler {
    pub fn resample(&mut self, still: &RgbImage, crop: Rect, width: u32, height: u32) -> &RgbImage {
        let source = still.as_raw().as_chunks::<3>().0;
        let (size, inner) = cut_out(crop, still.width(), source, |pixel| pixel, &mut self.padded);
        let padded = ImageRef::new(size.0, size.1, self.padded.as_flattened(), PixelType::U8x3);
        let padded = padded.expect("three bytes per pixel");
        if self.scaled.dimensions() != (width, height) {
            self.scaled = RgbImage::new(width, height);
        }
        let mut target =
            Image::from_slice_u8(width, height, &mut self.scaled, PixelType::U8x3).expect("three bytes per pixel");
        let options = options(inner, FilterType::Lanczos3);
        self.resizer.resize(&padded, &mut target, &options).expect("the crop lies inside");
        &self.scaled
    }

    /// Nothing of the last picture stays in memory.
    pub fn forget(&mut self) {
        self.padded.zeroize();
        self.scaled.zeroize();
        self.resizer.reset_internal_buffers();
    }
}

/// Scales the part of `matte` inside `crop` to `width` × `height`. Beyond its edge there is nobody.
pub fn resample_matte(matte: &Matte, crop: Rect, width: u32, height: u32) -> Matte {
    let inside = |x: f32, y: f32| x >= 0.0 && y >= 0.0 && x <= matte.width as f32 && y <= matte.height as f32;
    let mut padded = Vec::new();
    let (size, inner) = cut_out(crop, matte.width, &matte.alpha, F32::new, &mut padded);
    let source = TypedImageRef::new(size.0, size.1, &padded).expect("one value per pixel");
    let mut pixels = vec![F32::new(0.0); width as usize * height as usize];
    let mut target = TypedImage::from_pixels_slice(width, height, &mut pixels).expect("one value per pixel");
    Resizer::new()
        .resize_typed::<F32>(&source, &mut target, &options(inner, FilterType::CatmullRom))
        .expect("the crop lies inside");
    let (step_x, step_y) = (crop.width / width as f32, crop.height / height as f32);
    let alpha = pixels
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let x = crop.x + ((index % width as usize) as f32 + 0.5) * step_x;
            let y = crop.y + ((index / width as usize) as f32 + 0.5) * step_y;
            if inside(x, y) { value.0.clamp(0.0, 1.0) } else { 0.0 }
        })
        .collect();
    Matte::new(width, height, alpha)
}

/// Copies the whole pixels around `crop` to `copy`, repeating the edge of the picture. Returns the size
/// of the copy and where the crop lies in it. A margin keeps the filter's reach inside.
fn cut_out<S: Copy, P>(
    crop: Rect,
    width: u32,
    source: &[S],
    convert: impl Fn(S) -> P + Copy,
    copy: &mut Vec<P>,
) -> ((u32, u32), Rect) {
    const MARGIN: i64 = 4;
    let width = i64::from(width);
    let height = source.len() as i64 / width;
    let left = crop.x.floor() as i64 - MARGIN;
    let top = crop.y.floor() as i64 - MARGIN;
    let right = crop.right().ceil() as i64 + MARGIN;
    let bottom = crop.bottom().ceil() as i64 + MARGIN;
    let inside = left.clamp(0, width) as usize..right.clamp(left.clamp(0, width), width) as usize;
    let (before, after) = (right.min(0) - left, right - left.max(width));
    copy.clear();
    copy.reserve(((right - left) * (bottom - top)) as usize);
    for y in top..bottom {
        let row = &source[(y.clamp(0, height - 1) * width) as usize..][..width as usize];
        let edge = |pixel: S, times: i64| std::iter::repeat_n(pixel, times.max(0) as usize).map(convert);
        copy.extend(edge(row[0], before));
        copy.extend(row[inside.clone()].iter().copied().map(convert));
        copy.extend(edge(row[row.len() - 1], after));
    }
    let inner = Rect { x: crop.x - left as f32, y: crop.y - top as f32, ..crop };
    (((right - left) as u32, (bottom - top) as u32), inner)
}

fn options(inner: Rect, filter: FilterType) -> ResizeOptions {
    ResizeOptions::new()
        .crop(f64::from(inner.x), f64::from(inner.y), f64::from(inner.width), f64::from(inner.height))
        .resize_alg(ResizeAlg::Convolution(filter))
        .use_alpha(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_of_whole_pixels_is_copied_exactly() {
        let still = RgbImage::from_fn(20, 30, |x, y| image::Rgb([x as u8 * 3, y as u8 * 5, 7]));
        let part = resample(&still, Rect { x: 4.0, y: 6.0, width: 8.0, height: 9.0 }, 8, 9);
        for (x, y, pixel) in part.enumerate_pixels() {
            assert_eq!(pixel, still.get_pixel(x + 4, y + 6));
        }
    }

    #[test]
    fn beyond_the_picture_its_edge_goes_on() {
        let still = RgbImage::from_fn(6, 5, |x, y| image::Rgb([x as u8 * 9, y as u8 * 9, 3]));
        for crop in [(-3.0, -2.0, 12.0, 9.0), (-9.0, 1.0, 5.0, 2.0), (8.0, 7.0, 4.0, 3.0)] {
            let (x, y, width, height) = crop;
            let part = resample(&still, Rect { x, y, width, height }, width as u32, height as u32);
            for (column, row, pixel) in part.enumerate_pixels() {
                let at = |offset: f32, step: u32, length: f32| (offset + step as f32).clamp(0.0, length - 1.0) as u32;
                assert_eq!(pixel, still.get_pixel(at(x, column, 6.0), at(y, row, 5.0)), "{crop:?} {column},{row}");
            }
        }
    }

    #[test]
    fn beyond_the_picture_there_is_nobody() {
        let matte = Matte::new(4, 4, vec![1.0; 16]);
        let wide = resample_matte(&matte, Rect { x: -4.0, y: 0.0, width: 8.0, height: 4.0 }, 8, 4);
        assert!(wide.row(2)[..4].iter().all(|alpha| *alpha == 0.0));
        assert!(wide.row(2)[4..].iter().all(|alpha| *alpha == 1.0));
    }
}
