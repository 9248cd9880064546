//! The analysis thread: looks for codes while the visit scans and for the face while it frames, at most
//! [`LOOKS_PER_SECOND`] times a second, and at nothing otherwise. Never keeps a frame.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Shared, supervise};
use crate::camera::Frame;
use crate::code::payload::{Adapter, Rejected};
use crate::code::reader::{Budget, Reader, Reading, TwoEqualReads};
use crate::code::{CodeDigest, CodeProblem, Payload, Student};
use crate::office::{Office, OfficeError};
use crate::photo::checks::eye_gap;
use crate::photo::face::FaceFinder;
use crate::photo::framing::{self, Framing};
use crate::photo::runtime::ModelError;
use crate::store::{Store, StoreError};
use crate::visit::{Event, Fault, Watch};

const LOOKS_PER_SECOND: u32 = 12;
const IDLE: Duration = Duration::from_millis(30);

pub(super) fn start(shared: Shared) -> std::io::Result<JoinHandle<()>> {
    supervise("analysis", shared.clone(), Some(Fault::Studio), move || {
        while !shared.stop.is_set() {
            match Analysis::open(&shared) {
                Ok(mut analysis) => {
                    analysis.run(&shared);
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "analysis cannot start");
                    shared.events.send(Event::FaultRaised(error.fault()));
                    shared.stop.sleep(Duration::from_secs(10));
                }
            }
        }
    })
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl OpenError {
    fn fault(&self) -> Fault {
        match self {
            Self::Model(_) => Fault::Studio,
            Self::Office(_) => Fault::Storage,
        }
    }
}

struct Analysis {
    reader: Reader,
    reads: TwoEqualReads,
    faces: FaceFinder,
    office: Arc<Office>,
    code: Adapter,
    /// The last refusal, so that it is said once and not twelve times a second.
    refused: Option<(CodeProblem, Option<CodeDigest>)>,
}

impl Analysis {
    fn open(shared: &Shared) -> Result<Self, OpenError> {
        // One core: the others belong to the window and the studio.
        let faces = FaceFinder::load(&shared.loader(1)?)?;
        let office = shared.office()?;
        let code = shared.config.code.clone();
        Ok(Self { reader: Reader::new(), reads: TwoEqualReads::default(), faces, office, code, refused: None })
    }

    fn run(&mut self, shared: &Shared) {
        let pace = Duration::from_secs(1) / LOOKS_PER_SECOND;
        let mut watched = Watch::Nothing;
        let mut last_look = Instant::now();
        while !shared.stop.is_set() {
            let watch = shared.watch.get();
            if watch != watched {
                watched = watch;
                self.reads = TwoEqualReads::default();
                self.refused = None;
                if watch == Watch::Face {
                    shared.eye_habit().forget();
                }
            }
            if watch == Watch::Nothing {
                shared.stop.sleep(IDLE);
                continue;
            }
            let Some(frame) = shared.frames.newer_than(last_look, pace * 3) else { continue };
            last_look = frame.taken_at;
            let started = Instant::now();
            let event = match watch {
                Watch::Codes => self.look_for_code(&frame),
                _ => self.look_at_face(&frame, shared),
            };
            // The visit may have gone on meanwhile: then nobody waits for this any more.
            if let Some(event) = event
                && shared.watch.get() == watch
            {
                match event {
                    Event::FramingSeen(_) => shared.events.offer(event),
                    other => shared.events.send(other),
                }
            }
            shared.stop.sleep(pace.saturating_sub(started.elapsed()));
        }
    }

    fn look_for_code(&mut self, frame: &Frame) -> Option<Event> {
        let grey = image::imageops::grayscale(frame.picture.as_ref());
        let now = Instant::now();
        let problem = match self.reader.read(&grey, Budget::live(now)) {
            Reading::Nothing => return None,
            Reading::Several => {
                self.reads.forget();
                (CodeProblem::SeveralCodes, None)
            }
            Reading::One { payload, .. } => {
                let payload = self.reads.confirm(payload, now)?;
                let code = payload.digest();
                match whose(&self.code, &payload, &self.office.store) {
                    Ok(Ok(student)) => return Some(Event::CodeRead(student)),
                    Ok(Err(rejected)) => (CodeProblem::Rejected(rejected), Some(code)),
                    Err(error) => {
                        tracing::error!(%error, "the roster cannot be read");
                        return Some(Event::FaultRaised(Fault::Storage));
                    }
                }
            }
        };
        if self.refused.replace(problem) == Some(problem) {
            return None;
        }
        if let (CodeProblem::Rejected(reason), Some(code)) = problem {
            tracing::info!(code = code.short(), %reason, "a code was refused");
        }
        Some(Event::CodeRefused(problem.0))
    }

    fn look_at_face(&mut self, frame: &Frame, shared: &Shared) -> Option<Event> {
        match self.framing(frame, shared) {
            Ok(framing) => Some(Event::FramingSeen(framing)),
            Err(error) => {
                tracing::error!(%error, "the face models failed");
                Some(Event::FaultRaised(Fault::Studio))
            }
        }
    }

    fn framing(&mut self, frame: &Frame, shared: &Shared) -> Result<Framing, ModelError> {
        let faces = self.faces.detect(&frame.picture)?;
        let face = match faces.as_slice() {
            [only] => self.faces.mesh(&frame.picture, only)?,
            _ => None,
        };
        if let Some(face) = &face {
            shared.eye_habit().note(eye_gap(face));
        }
        Ok(framing::judge(faces.len(), face.as_ref(), frame.picture.dimensions(), &shared.config.profile))
    }
}

/// The student a payload stands for, by what it says itself and by the roster.
fn whose(code: &Adapter, payload: &Payload, store: &Store) -> Result<Result<Student, Rejected>, StoreError> {
    let decoded = match code.decode(payload, Timestamp::now()) {
        Ok(decoded) => decoded,
        Err(rejected) => return Ok(Err(rejected)),
    };
    let known = store.find_enrolment(decoded.code)?;
    Ok(decoded.whose(known))
}
