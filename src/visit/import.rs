//! A picture that the student brings instead of being photographed: chosen on a stick or sent from a
//! phone, framed, then developed as any other. Pure, as the whole machine.

use std::sync::Arc;

use super::{
    AskId, Browse, CaptureId, Effect, Event, FrameMove, PictureSource, Sitter, State, Visit, parts::Album,
    parts::Brought,
};
use crate::photo::crop::Crop;
use crate::photo::import::{Import, ImportProblem};

impl Visit {
    pub(super) fn import(&mut self, state: State, event: Event, effects: &mut Vec<Effect>) -> State {
        match (state, event) {
            (State::Tips { sitter }, Event::Bring(source)) if self.steps.imports.allow(source) => {
                self.bring(sitter, source)
            }

            (State::Pictures { sitter, ask, .. }, Event::TurnPage(page)) => {
                State::Pictures { sitter, ask, album: Album { page, ..Album::default() } }
            }
            (State::Pictures { sitter, ask, album }, event) => self.pictures(sitter, ask, album, event, effects),

            (State::Upload { sitter, ask, .. }, Event::UploadOpened { ask: opened, url }) if ask == opened => {
                State::Upload { sitter, ask, url: Some(url), problem: None }
            }
            (State::Upload { sitter, ask, url, .. }, Event::PictureOpened { ask: opened, outcome })
                if ask == opened =>
            {
                match outcome {
                    Ok(import) => frame(sitter, PictureSource::Phone, import),
                    Err(problem) => State::Upload { sitter, ask, url, problem: Some(problem) },
                }
            }
            (State::Upload { sitter, .. }, Event::Back) => State::Tips { sitter },

            (State::Crop { sitter, brought, .. }, Event::MoveFrame(by)) => {
                State::Crop { sitter, brought: moved(brought, by), retake: Vec::new() }
            }
            (State::Crop { sitter, brought, .. }, Event::Accept) => {
                let capture = self.new_capture();
                effects.push(Effect::Develop { capture, brought: brought.clone() });
                State::Developing { sitter: Sitter { brought: Some(brought), ..sitter }, capture }
            }
            (State::Crop { sitter, brought, .. }, Event::Back) => self.bring(sitter, brought.source),

            (state, _) => state,
        }
    }

    fn pictures(
        &mut self,
        sitter: Sitter,
        ask: AskId,
        mut album: Album,
        event: Event,
        effects: &mut Vec<Effect>,
    ) -> State {
        match event {
            Event::PicturesFound { ask: found, count } if ask == found => {
                album.count = count;
                album.problem = match count {
                    None => Some(ImportProblem::NoStick),
                    Some(0) => Some(ImportProblem::NoPictures),
                    Some(_) => album.problem,
                };
            }
            Event::ThumbnailMade { ask: made, index, thumbnail } if ask == made => album.put(index, thumbnail),
            Event::ChoosePicture(place) if !album.opening => {
                let index = album.first() + place;
                match album.shown.get(place) {
                    Some(Some(Err(error))) => album.problem = Some(ImportProblem::Picture(*error)),
                    Some(Some(Ok(_))) => {
                        album.opening = true;
                        album.problem = None;
                        effects.push(Effect::OpenPicture { ask, index });
                    }
                    _ => {}
                }
            }
            Event::PictureOpened { ask: opened, outcome } if ask == opened && album.opening => {
                album.opening = false;
                match outcome {
                    Ok(import) => return frame(sitter, PictureSource::Stick, import),
                    Err(problem) => album.problem = Some(problem),
                }
            }
            // "Look again": another stick may be there.
            Event::ReadStick => return self.bring(sitter, PictureSource::Stick),
            Event::Back => return State::Tips { sitter },
            _ => {}
        }
        State::Pictures { sitter, ask, album }
    }

    fn bring(&mut self, sitter: Sitter, source: PictureSource) -> State {
        let ask = self.new_ask();
        match source {
            PictureSource::Camera => self.framing(sitter, Vec::new()),
            PictureSource::Stick => State::Pictures { sitter, ask, album: Album::default() },
            PictureSource::Phone => State::Upload { sitter, ask, url: None, problem: None },
        }
    }

    pub(super) fn wanted_browse(&self) -> Browse {
        match &self.state {
            State::Pictures { ask, album, .. } => Browse::Stick { ask: *ask, page: album.page },
            State::Upload { ask, .. } => Browse::Phone { ask: *ask },
            _ => Browse::Nothing,
        }
    }

    pub(super) fn new_capture(&mut self) -> CaptureId {
        let capture = CaptureId(self.next_capture);
        self.next_capture += 1;
        capture
    }
}

fn frame(sitter: Sitter, source: PictureSource, import: Arc<Import>) -> State {
    let crop = import.placement.best;
    State::Crop { sitter, brought: Brought { source, import, crop }, retake: Vec::new() }
}

fn moved(brought: Brought, by: FrameMove) -> Brought {
    let placement = &brought.import.placement;
    let crop: Crop = match by {
        FrameMove::Shift { x, y } => placement.shifted(brought.crop, x, y),
        FrameMove::Zoom(factor) => placement.zoomed(brought.crop, factor),
        FrameMove::Best => placement.best,
    };
    Brought { crop, ..brought }
}
