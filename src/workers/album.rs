//! The pictures that a student brings: on a stick, listed, shown small and opened; or sent from a phone to
//! the booth's own page. Run by the studio's thread; what was found is forgotten and the page closed when
//! the visit looks elsewhere. Nothing of it is logged.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use image::RgbImage;

use super::Shared;
use crate::phone_page::PhonePage;
use crate::photo::decode::{PictureError, decode_picture, open_picture};
use crate::photo::import::{ImportProblem, thumbnail};
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
    page: Option<(AskId, PhonePage)>,
}

impl Album {
    pub(super) fn browse(&mut self, browse: Browse, shared: &Shared) {
        let (ask, page) = match browse {
            Browse::Nothing => return *self = Self::default(),
            Browse::Phone { ask } => return self.open_page(ask, shared),
            Browse::Stick { ask, page } => (ask, page),
        };
        self.page = None;
        if self.ask != Some(ask) {
            let found = newest_pictures(&shared.sticks(), MOST_PICTURES);
            self.ask = Some(ask);
            self.pictures = found.clone().unwrap_or_default();
            shared.events.send(Event::PicturesFound { ask, count: found.map(|pictures| pictures.len()) });
        } else {
            shared.events.send(Event::PicturesFound { ask, count: Some(self.pictures.len()) });
        }
        let first = page * visit::Album::PAGE;
        self.wanted = (first..(first + visit::Album::PAGE).min(self.pictures.len())).collect();
    }

    fn open_page(&mut self, ask: AskId, shared: &Shared) {
        *self = Self::default();
        let opened = shared.config.phone_page.ok_or_else(|| io::ErrorKind::NotFound.into()).and_then(PhonePage::open);
        match opened {
            Ok(page) => {
                shared.events.send(Event::UploadOpened { ask, url: page.url().to_owned() });
                self.page = Some((ask, page));
            }
            Err(error) => {
                tracing::warn!(%error, "the page for phones cannot be opened: see [visit] import_from_phone");
                shared.events.send(Event::PictureOpened { ask, outcome: Err(ImportProblem::NoPage) });
            }
        }
    }

    /// The picture that a phone has sent.
    pub(super) fn sent(&self) -> Option<(AskId, Result<RgbImage, PictureError>)> {
        let (ask, page) = self.page.as_ref()?;
        Some((*ask, decode_picture(&page.picture()?)))
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
