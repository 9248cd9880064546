//! Rosters on a stick: found, read without changing anything, imported.

use std::fs::{self, File};
use std::io;
use std::sync::Arc;

use super::BackRoom;
use crate::config::RosterOffers;
use crate::office::{OfficeError, RosterImportError, Step, foresee_roster, import_roster, roster_digest};
use crate::operator::{
    Answer, Event, ROSTER_VALUES, RosterAnswer, RosterCounts, RosterDone, RosterFile, RosterFound, RosterPlaces,
    RosterProblem,
};
use crate::roster::{Field, FileError, Reading};
use crate::stick::files_at_the_top;
use crate::store::Store;
use crate::visit::AskId;

const ENDINGS: [&str; 3] = ["csv", "xlsx", "json"];
/// Files of one stick: nobody looks through more.
const MOST_FILES: usize = 60;

impl BackRoom {
    pub(super) fn find_rosters(&self) -> Answer {
        let mut files = Vec::new();
        for stick in self.find_sticks() {
            for (name, bytes) in files_at_the_top(&stick.folder, &ENDINGS, MOST_FILES) {
                files.push(RosterFile { stick: stick.clone(), name, bytes });
            }
        }
        Answer::Roster(RosterAnswer::Files(files))
    }

    /// A dry run.
    pub(super) fn read_roster(
        &self,
        ask: AskId,
        file: &RosterFile,
        places: &RosterPlaces,
    ) -> Result<Answer, OfficeError> {
        let stop = || self.is_unwanted(ask);
        let (digest, opened) = match self.open_roster(file, &stop) {
            Ok(opened) => opened,
            Err(problem) => return Ok(failed(problem)),
        };
        let (reading, read) = self.read(ask, opened, places);
        let office = self.shared.office()?;
        let counts = match read {
            Err(FileError::Stopped) => return Ok(failed(RosterProblem::Stopped)),
            Err(error) => Err(error),
            Ok(()) => {
                let foreseen = match foresee_roster(Some(&office.store), &reading.lines, false, &stop) {
                    Ok(foreseen) => foreseen,
                    Err(RosterImportError::Store(error)) => return Err(error.into()),
                    Err(_) => return Ok(failed(RosterProblem::Stopped)),
                };
                Ok(RosterCounts {
                    rows: reading.rows as u64,
                    bad: reading.bad_rows as u64,
                    repeated: reading.repeated as u64,
                    added: foreseen.added as u64,
                    known: foreseen.known as u64,
                    to_hash: foreseen.numbers_to_hash as u64,
                })
            }
        };
        let Reading { problems, headings, .. } = reading;
        let offered = offered(&self.shared.config.roster, &office.store)?;
        let found = RosterFound { headings, digest, counts, problems, offered };
        Ok(Answer::Roster(RosterAnswer::Read(Arc::new(found))))
    }

    pub(super) fn import_roster(
        &self,
        ask: AskId,
        (file, places): (&RosterFile, &RosterPlaces),
        digest: [u8; 32],
        without_bad: bool,
    ) -> Result<Answer, OfficeError> {
        let stop = || self.is_unwanted(ask);
        let (found, opened) = match self.open_roster(file, &stop) {
            Ok(opened) => opened,
            Err(problem) => return Ok(failed(problem)),
        };
        if found != digest {
            return Ok(failed(RosterProblem::Changed));
        }
        let (reading, read) = self.read(ask, opened, places);
        match read {
            Ok(()) => {}
            Err(FileError::Stopped) => return Ok(failed(RosterProblem::Stopped)),
            Err(error) => {
                tracing::error!(%error, "a roster that was read before cannot be read again");
                return Ok(failed(RosterProblem::Unreadable));
            }
        }
        if reading.bad_rows > 0 && !without_bad {
            return Ok(failed(RosterProblem::Changed));
        }
        let of = reading.lines.len() as u64;
        let mut told = |step| {
            let done = if let Step::Hashed(done) = step { done as u64 } else { of };
            self.progress(ask, RosterAnswer::Importing { done, of });
        };
        let office = self.shared.office()?;
        match import_roster(&office.store, reading.lines, false, &stop, &mut told) {
            Ok(changes) => {
                let (added, updated, unchanged) = (changes.added, changes.updated, changes.unchanged);
                let bad_rows = reading.bad_rows;
                tracing::info!(added, updated, unchanged, bad_rows, "a roster was imported by a supervisor");
                Ok(Answer::Roster(RosterAnswer::Imported(RosterDone {
                    added: changes.added as u64,
                    updated: changes.updated as u64,
                    unchanged: changes.unchanged as u64,
                    bad: reading.bad_rows as u64,
                })))
            }
            Err(RosterImportError::Store(error)) => Err(error.into()),
            Err(RosterImportError::Stopped) => Ok(failed(RosterProblem::Stopped)),
            Err(error @ RosterImportError::NoSalt(_)) => {
                tracing::error!(%error, "a roster was not imported");
                Ok(failed(RosterProblem::Other))
            }
        }
    }

    fn read(&self, ask: AskId, opened: File, places: &RosterPlaces) -> (Reading, Result<(), FileError>) {
        let mut reading = Reading::default();
        let mut seen = |rows: usize| {
            self.progress(ask, RosterAnswer::Reading(rows as u64));
            !self.is_unwanted(ask)
        };
        let read = reading.read(opened, &places.mapping(), self.shared.config.steps.student_number, &mut seen);
        (reading, read)
    }

    fn is_unwanted(&self, ask: AskId) -> bool {
        self.shared.stop.is_set() || self.hands.unwanted.is(ask)
    }

    fn progress(&self, ask: AskId, answer: RosterAnswer) {
        self.answers.offer(Event::Answered { ask, answer: Answer::Roster(answer) });
    }

    /// The file at its beginning, and the SHA-256 of as much of it as a roster may have.
    fn open_roster(&self, file: &RosterFile, stop: &dyn Fn() -> bool) -> Result<([u8; 32], File), RosterProblem> {
        if !self.is_there(&file.stick) {
            return Err(RosterProblem::Gone);
        }
        let path = file.stick.folder.join(&file.name);
        let opened = || -> io::Result<_> {
            // A link could lead off the stick.
            if !fs::symlink_metadata(&path)?.is_file() {
                return Err(io::ErrorKind::NotFound.into());
            }
            let mut opened = File::open(&path)?;
            Ok((roster_digest(&mut opened, stop)?, opened))
        };
        let opened = opened();
        if stop() {
            return Err(RosterProblem::Stopped);
        }
        opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => RosterProblem::Gone,
            kind => {
                tracing::error!(%kind, "a roster cannot be read from its stick");
                RosterProblem::Unreadable
            }
        })
    }
}

/// What is usual, then what IT named, then what students of this booth have, most frequent first.
fn offered(named: &RosterOffers, store: &Store) -> Result<Vec<(Field, String)>, OfficeError> {
    let usual_of = |field: Field| field.usual_values().iter().map(|&value| value.to_owned()).collect();
    let usual = Field::ALL.into_iter().map(|field| (field, usual_of(field)));
    let named = [(Field::School, named.schools.clone()), (Field::Major, named.majors.clone())];
    let known = [Field::School, Field::Category, Field::Level, Field::Major].into_iter().zip(store.roster_values()?);
    let mut offered: Vec<(Field, String)> = Vec::new();
    for (field, values) in usual.chain(named).chain(known) {
        for value in values {
            let so_far: Vec<_> = offered.iter().filter(|(of, _)| *of == field).collect();
            if so_far.len() < ROSTER_VALUES && so_far.iter().all(|(_, known)| *known != value) {
                offered.push((field, value));
            }
        }
    }
    Ok(offered)
}

fn failed(problem: RosterProblem) -> Answer {
    Answer::Roster(RosterAnswer::Failed(problem))
}
