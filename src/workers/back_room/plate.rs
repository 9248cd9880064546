//! A new background plate from the camera that films already.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::BackRoom;
use crate::operator::{Answer, PlateProblem, TakenPlate};
use crate::photo::face::FaceFinder;
use crate::photo::plate::{self, Fitness};
use crate::workers::studio;

/// Their mean has a quarter of one picture's noise.
const PICTURES: usize = 16;
const PATIENCE: Duration = Duration::from_secs(2);
/// Looking for people is not urgent.
const THREADS: usize = 1;

impl BackRoom {
    pub(super) fn take_plate(&self) -> Answer {
        self.try_taking().map_or_else(Answer::PlateFailed, |taken| Answer::PlateTaken(Arc::new(taken)))
    }

    fn try_taking(&self) -> Result<TakenPlate, PlateProblem> {
        if self.shared.config.plate.is_none() {
            return Err(PlateProblem::NotSetUp);
        }
        let mut mean = plate::Mean::default();
        for picture in self.shared.shots(PICTURES, Instant::now(), PATIENCE) {
            mean.add(&picture);
        }
        let picture = mean.into_picture().ok_or(PlateProblem::NoPicture)?;
        let faces = self.shared.loader(THREADS).and_then(|loader| FaceFinder::load(&loader));
        let mut faces = faces.map_err(|error| {
            tracing::error!(%error, "nobody can be looked for on the plate");
            PlateProblem::NoModel
        })?;
        match faces.detect_small_too(&picture) {
            Ok(found) if found.is_empty() => {}
            Ok(_) => return Err(PlateProblem::Somebody),
            Err(error) => {
                tracing::error!(%error, "nobody can be looked for on the plate");
                return Err(PlateProblem::NoModel);
            }
        }
        let fitness = Fitness::of(&picture);
        Ok(TakenPlate { picture, fitness })
    }

    /// Whole or not at all: the studio reads it at once.
    pub(super) fn keep_plate(&self, taken: &TakenPlate) -> Answer {
        let Some(path) = &self.shared.config.plate else { return Answer::PlateFailed(PlateProblem::NotSetUp) };
        let partial = path.with_extension("partial.png");
        let written = taken
            .picture
            .save_with_format(&partial, image::ImageFormat::Png)
            .map_err(|error| error.to_string())
            .and_then(|()| std::fs::rename(&partial, path).map_err(|error| error.to_string()));
        if let Err(error) = written {
            tracing::error!(error, "the background plate cannot be written");
            return Answer::PlateFailed(PlateProblem::CannotWrite);
        }
        if self.hands.studio.send(studio::Job::NewPlate).is_err() {
            return Answer::Failed;
        }
        Answer::PlateKept
    }
}
