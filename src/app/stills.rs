//! Textures of the pictures that do not move: the portrait, what it was before, a brought picture, the
//! thumbnails of a stick, what staff opened. Each is there as long as the state that shows it.

use eframe::egui::{Context, TextureHandle};
use image::RgbImage;

use super::texture::StillTexture;
use crate::operator::{Plate, Screen};
use crate::ui::Picture;
use crate::visit::{Album, State};

#[derive(Default)]
pub(super) struct Stills {
    portrait: Slot,
    before: Slot,
    brought: Slot,
    opened: Slot,
    thumbnails: [Slot; Album::PAGE],
}

impl Stills {
    /// Loads what this state shows and lets go of everything else.
    pub(super) fn follow(&mut self, context: &Context, state: &State, staff: Option<&Screen>) {
        self.opened.show(
            context,
            match staff {
                Some(Screen::Record { personal: Some(personal), .. }) => personal.picture.as_deref(),
                Some(Screen::Plate(Plate::Taken(taken))) => Some(&taken.picture),
                _ => None,
            },
        );
        let (portrait, before) = match state {
            State::Review { portrait, .. } | State::Summary { portrait, .. } | State::Saving { portrait, .. } => {
                (Some(&*portrait.pixels), Some(&*portrait.before))
            }
            State::Centre { record, .. } | State::Withdraw { record, .. } => {
                (record.portrait.as_ref().map(|portrait| &portrait.0), None)
            }
            _ => (None, None),
        };
        self.portrait.show(context, portrait);
        self.before.show(context, before);
        self.brought.show(
            context,
            match state {
                State::Crop { brought, .. } => Some(&*brought.import.preview),
                _ => None,
            },
        );
        for (place, slot) in self.thumbnails.iter_mut().enumerate() {
            slot.show(
                context,
                match state {
                    State::Pictures { album, .. } => match &album.shown[place] {
                        Some(Ok(thumbnail)) => Some(&thumbnail.0),
                        _ => None,
                    },
                    _ => None,
                },
            );
        }
    }

    pub(super) fn portrait(&self) -> Option<Picture> {
        self.portrait.picture()
    }

    pub(super) fn before(&self) -> Option<Picture> {
        self.before.picture()
    }

    /// Of an opened record, or of a new plate.
    pub(super) fn opened(&self) -> Option<Picture> {
        self.opened.picture()
    }

    pub(super) fn brought(&self) -> Option<Picture> {
        self.brought.picture()
    }

    pub(super) fn thumbnails(&self) -> [Option<Picture>; Album::PAGE] {
        self.thumbnails.each_ref().map(Slot::picture)
    }
}

/// One texture, and where its pixels are: another picture has another place.
#[derive(Default)]
struct Slot(Option<(*const u8, StillTexture)>);

impl Slot {
    fn show(&mut self, context: &Context, picture: Option<&RgbImage>) {
        let Some(picture) = picture else { return self.0 = None };
        let place = picture.as_raw().as_ptr();
        if self.0.as_ref().is_none_or(|(shown, _)| *shown != place) {
            self.0 = Some((place, StillTexture::new(context, picture)));
        }
    }

    fn picture(&self) -> Option<Picture> {
        self.0.as_ref()?.1.handle().map(picture)
    }
}

pub(super) fn picture(texture: &TextureHandle) -> Picture {
    Picture { texture: texture.id(), size_px: texture.size_vec2() }
}
