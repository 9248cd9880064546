//! Rosters on a stick: found, read without changing anything, imported.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::BackRoom;
use crate::office::{OfficeError, RosterImportError, Step, foresee_roster, import_roster};
use crate::operator::{
    Answer, Event, RosterAnswer, RosterCounts, RosterDone, RosterFile, RosterFound, RosterPlaces, RosterProblem,
};
use crate::roster::{FileError, MOST_BYTES, Reading};
use crate::stick::files_at_the_top;
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
        let (digest, opened) = match self.open_roster(file) {
            Ok(opened) => opened,
            Err(problem) => return Ok(failed(problem)),
        };
        let (reading, read) = self.read(ask, opened, places);
        let counts = match read {
            Err(error) => Err(error),
            Ok(()) => {
                let foreseen = foresee_roster(Some(&self.shared.office()?.store), &reading.lines, false)?;
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
        Ok(Answer::Roster(RosterAnswer::Read(Arc::new(RosterFound { headings, digest, counts, problems }))))
    }

    pub(super) fn import_roster(
        &self,
        ask: AskId,
        (file, places): (&RosterFile, &RosterPlaces),
        digest: [u8; 32],
        without_bad: bool,
    ) -> Result<Answer, OfficeError> {
        let (found, opened) = match self.open_roster(file) {
            Ok(opened) => opened,
            Err(problem) => return Ok(failed(problem)),
        };
        if found != digest {
            return Ok(failed(RosterProblem::Changed));
        }
        let (reading, read) = self.read(ask, opened, places);
        if let Err(error) = read {
            tracing::error!(%error, "a roster that was read before cannot be read again");
            return Ok(failed(RosterProblem::Unreadable));
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
        let stop = || self.shared.stop.is_set();
        match import_roster(&office.store, reading.lines, false, &stop, &mut told) {
            Ok(changes) => {
                tracing::info!(?changes, bad_rows = reading.bad_rows, "a roster was imported by a supervisor");
                Ok(Answer::Roster(RosterAnswer::Imported(RosterDone {
                    added: changes.added as u64,
                    updated: changes.updated as u64,
                    unchanged: changes.unchanged as u64,
                    bad: reading.bad_rows as u64,
                })))
            }
            Err(RosterImportError::Store(error)) => Err(error.into()),
            Err(error @ (RosterImportError::NoSalt(_) | RosterImportError::Stopped)) => {
                tracing::error!(%error, "a roster was not imported");
                Ok(failed(RosterProblem::Other))
            }
        }
    }

    fn read(&self, ask: AskId, opened: File, places: &RosterPlaces) -> (Reading, Result<(), FileError>) {
        let mut reading = Reading::default();
        let mut seen = |rows: usize| self.progress(ask, RosterAnswer::Reading(rows as u64));
        let read = reading.read(opened, &places.mapping(), self.shared.config.steps.student_number, &mut seen);
        (reading, read)
    }

    fn progress(&self, ask: AskId, answer: RosterAnswer) {
        self.answers.offer(Event::Answered { ask, answer: Answer::Roster(answer) });
    }

    /// The file at its beginning, and the SHA-256 of as much of it as a roster may have.
    fn open_roster(&self, file: &RosterFile) -> Result<([u8; 32], File), RosterProblem> {
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
            let mut digest = Sha256::new();
            let (mut part, mut start) = (vec![0; 1 << 16], opened.by_ref().take(MOST_BYTES + 1));
            loop {
                match start.read(&mut part)? {
                    0 => break,
                    length => digest.update(&part[..length]),
                }
            }
            opened.rewind()?;
            Ok((digest.finalize().into(), opened))
        };
        opened().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => RosterProblem::Gone,
            kind => {
                tracing::error!(?kind, "a roster cannot be read from its stick");
                RosterProblem::Unreadable
            }
        })
    }
}

fn failed(problem: RosterProblem) -> Answer {
    Answer::Roster(RosterAnswer::Failed(problem))
}

/// What the audit log says was imported: the file by its digest, since its name may be a person's.
pub(super) fn subject(digest: &[u8; 32], without_bad: bool) -> String {
    let rows = if without_bad { ", bad rows left out" } else { "" };
    format!("sha256 {}{rows}", hex::encode(&digest[..6]))
}
