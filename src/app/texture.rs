//! Textures of people: one that takes a new picture thirty times a second, without new memory for each, and
//! one that stands still. Whom they showed is wiped from memory when they are let go.

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

    pub(super) fn clear(&mut self) {
        if let Some(texture) = self.handle.take() {
            wipe(texture, &mut self.image);
        }
    }

    pub(super) fn handle(&self) -> Option<&TextureHandle> {
        self.handle.as_ref()
    }
}

/// A picture that does not change, until it is dropped.
pub(super) struct StillTexture {
    /// None only while it is dropped.
    handle: Option<TextureHandle>,
    image: Arc<ColorImage>,
}

impl StillTexture {
    pub(super) fn new(context: &Context, picture: &RgbImage) -> Self {
        let image = Arc::new(ColorImage::from_rgb(size(picture), picture.as_raw()));
        Self { handle: Some(context.load_texture("still", image.clone(), TextureOptions::LINEAR)), image }
    }

    pub(super) fn handle(&self) -> Option<&TextureHandle> {
        self.handle.as_ref()
    }
}

impl Drop for StillTexture {
    fn drop(&mut self) {
        if let Some(texture) = self.handle.take() {
            wipe(texture, &mut self.image);
        }
    }
}

/// Makes the pixels black, here and in the painter's copy, which frees its memory as it is.
fn wipe(mut texture: TextureHandle, image: &mut Arc<ColorImage>) {
    match Arc::get_mut(image) {
        Some(image) => image.pixels.fill(Color32::BLACK),
        // The painter is about to read it.
        None => *image = Arc::new(ColorImage::filled(image.size, Color32::BLACK)),
    }
    texture.set_partial([0, 0], image.clone(), TextureOptions::LINEAR);
}

/// Width and height in pixels, as egui wants them.
pub(super) fn size(picture: &RgbImage) -> [usize; 2] {
    [picture.width() as usize, picture.height() as usize]
}

#[cfg(test)]
mod tests {
    use eframe::egui::ImageData;
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

    #[test]
    fn whom_a_texture_showed_is_wiped_from_the_painters_memory_too() {
        let context = Context::default();
        let painted = || context.tex_manager().write().take_delta();
        // The font's own.
        drop(painted());
        let picture = RgbImage::from_pixel(8, 6, Rgb([9; 3]));
        let still = StillTexture::new(&context, &picture);
        let mut live = LiveTexture::default();
        live.show(&context, &picture);
        let [still_id, live_id] = [still.handle(), live.handle()].map(|handle| handle.unwrap().id());
        drop(painted());
        drop(still);
        live.clear();
        let last = painted();
        for id in [still_id, live_id] {
            assert!(last.free.contains(&id));
            let ImageData::Color(image) = &last.set[&id].last().unwrap().image;
            assert!(image.size == [8, 6] && image.pixels.iter().all(|pixel| *pixel == Color32::BLACK));
        }
    }
}
