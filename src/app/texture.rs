//! A texture that takes a new picture thirty times a second, without new memory for each.

use std::sync::Arc;

use eframe::egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};
use image::RgbImage;

#[derive(Default)]
pub(super) struct LiveTexture {
    handle: Option<TextureHandle>,
    /// What was uploaded last. The painter gives it back when it has painted.
    image: Arc<ColorImage>,
}

impl LiveTexture {
    pub(super) fn show(&mut self, context: &Context, picture: &RgbImage) {
        let fits = self.image.size == size(picture);
        match Arc::get_mut(&mut self.image) {
            Some(image) if fits => {
                for (to, from) in image.pixels.iter_mut().zip(picture.pixels()) {
                    *to = Color32::from_rgb(from[0], from[1], from[2]);
                }
            }
            _ => self.image = Arc::new(ColorImage::from_rgb(size(picture), picture.as_raw())),
        }
        match &mut self.handle {
            // A part of a texture is written in place, even when the part is all of it.
            Some(texture) if fits => texture.set_partial([0, 0], self.image.clone(), TextureOptions::LINEAR),
            Some(texture) => texture.set(self.image.clone(), TextureOptions::LINEAR),
            none => *none = Some(context.load_texture("preview", self.image.clone(), TextureOptions::LINEAR)),
        }
    }

    /// Whom it showed is gone from memory too.
    pub(super) fn clear(&mut self) {
        let was_shown = self.handle.take().is_some();
        if let Some(image) = Arc::get_mut(&mut self.image)
            && was_shown
        {
            image.pixels.fill(Color32::BLACK);
        }
    }

    pub(super) fn handle(&self) -> Option<&TextureHandle> {
        self.handle.as_ref()
    }
}

/// Width and height in pixels, as egui wants them.
pub(super) fn size(picture: &RgbImage) -> [usize; 2] {
    [picture.width() as usize, picture.height() as usize]
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn a_new_frame_is_written_where_the_last_one_was() {
        let context = Context::default();
        let mut texture = LiveTexture::default();
        let mut places = Vec::new();
        for value in 0..5 {
            texture.show(&context, &RgbImage::from_pixel(8, 6, Rgb([value; 3])));
            assert_eq!(texture.image.pixels[47], Color32::from_gray(value));
            places.push(texture.image.pixels.as_ptr());
            // The painter has painted.
            let delta = context.tex_manager().write().take_delta();
            assert!(delta.set.values().flatten().any(|delta| delta.image.size() == [8, 6]));
        }
        places.dedup();
        assert_eq!(places.len(), 1);
    }

    #[test]
    fn a_frame_that_is_still_being_painted_is_not_written_over() {
        let context = Context::default();
        let mut texture = LiveTexture::default();
        texture.show(&context, &RgbImage::from_pixel(8, 6, Rgb([1; 3])));
        let painting = texture.image.clone();
        texture.show(&context, &RgbImage::from_pixel(8, 6, Rgb([2; 3])));
        texture.show(&context, &RgbImage::from_pixel(4, 4, Rgb([3; 3])));
        assert_eq!((painting.pixels[0], texture.image.size), (Color32::from_gray(1), [4, 4]));
        // Both deltas still wait for a painter.
        drop(context.tex_manager().write().take_delta());
        texture.clear();
        assert!(texture.handle().is_none());
        assert!(texture.image.pixels.iter().all(|pixel| *pixel == Color32::BLACK));
    }
}
