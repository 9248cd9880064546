//! The pictures on a student's stick: listed, shown small, opened. Run by the studio's thread; what was
//! found is forgotten when the visit looks elsewhere. Nothing of it is logged.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use image::RgbImage;

use super::Shared;
use crate::photo::decode::{PictureError, open_picture};
use crate::photo::import::thumbnail;
use crate::stick::newest_pictures;
use crate::visit::{self, AskId, Browse, Event};

/// Pictures of a stick that can be leafed through.
const MOST_PICTURES: usize = 400;

#[derive(Default)]
pub(super) struct Album {
    ask: Option<AskId>,
    pictures: Vec<PathBuf>,
    /// Whose thumbnails are still to be made.
    wanted: VecDeque<usize>,
}

impl Album {
    pub(super) fn browse(&mut self, browse: Browse, shared: &Shared) {
        let Browse::Stick { ask, page } = browse else { return *self = Self::default() };
        if self.ask != Some(ask) {
            let found = newest_pictures(&shared.config.usb_folders, MOST_PICTURES);
            self.ask = Some(ask);
            self.pictures = found.clone().unwrap_or_default();
            shared.events.send(Event::PicturesFound { ask, count: found.map(|pictures| pictures.len()) });
        } else {
            shared.events.send(Event::PicturesFound { ask, count: Some(self.pictures.len()) });
        }
        let first = page * visit::Album::PAGE;
        self.wanted = (first..(first + visit::Album::PAGE).min(self.pictures.len())).collect();
    }

    /// Whether every thumbnail of the page was made.
    pub(super) fn is_done(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Makes the next thumbnail.
    pub(super) fn go_on(&mut self, shared: &Shared) {
        let (Some(ask), Some(index)) = (self.ask, self.wanted.pop_front()) else { return };
        let Some(path) = self.pictures.get(index) else { return };
        let thumbnail = open_picture(path).map(|picture| Arc::new(thumbnail(&picture)));
        shared.events.send(Event::ThumbnailMade { ask, index, thumbnail });
    }

    pub(super) fn open(&self, ask: AskId, index: usize) -> Result<RgbImage, PictureError> {
        let path = self.pictures.get(index).filter(|_| self.ask == Some(ask));
        open_picture(path.ok_or(PictureError::NotFound)?)
    }
}
