//! The analysis thread: looks for codes while the visit scans and for the face while it frames, at most
//! [`LOOKS_PER_SECOND`] times a second, and at nothing otherwise. Never keeps a frame.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use image::GrayImage;
use jiff::Timestamp;

use super::{Shared, supervise};
use crate::camera::Frame;
use crate::code::payload::{Adapter, Rejected};
use crate::code::reader::{self, Budget, Reader, Reading, TwoEqualReads};
use crate::code::{CodeDigest, CodeProblem, Payload, Student};
use crate::office::{Office, OfficeError};
use crate::photo::Lines;
use crate::photo::checks::eye_gap;
use crate::photo::face::FaceFinder;
use crate::photo::framing::{self, Coach, Framing};
use crate::photo::guides::Guides;
use crate::photo::runtime::ModelError;
use crate::store::{Store, StoreError};
use crate::visit::{Event, Fault, ScanId, Watch};

const LOOKS_PER_SECOND: u32 = 12;
/// Longer than the clerk waits for the server.
const ASK_AGAIN: Duration = Duration::from_secs(12);
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
    /// The newest picture in grey, in the same memory each time.
    grey: GrayImage,
    reads: TwoEqualReads,
    coach: Coach,
    guides: Guides,
    /// The size of picture that they belong to.
    guides_for: (u32, u32),
    lines: Lines,
    faces: FaceFinder,
    office: Arc<Office>,
    code: Adapter,
    /// The last refusal, so that it is said once and not twelve times a second.
    refused: Option<(CodeProblem, Option<CodeDigest>)>,
    ask_again_at: Option<Instant>,
}

impl Analysis {
    fn open(shared: &Shared) -> Result<Self, OpenError> {
        // One core: the others belong to the window and the studio.
        let faces = FaceFinder::load(&shared.loader(1)?)?;
        let office = shared.office()?;
        let config = &shared.config;
        let code = config.code.clone();
        Ok(Self {
            reader: Reader::new(),
            grey: GrayImage::default(),
            reads: TwoEqualReads::default(),
            coach: Coach::default(),
            guides: Guides::of((config.camera.width_px, config.camera.height_px), &config.profile),
            guides_for: (config.camera.width_px, config.camera.height_px),
            lines: Lines::default(),
            faces,
            office,
            code,
            refused: None,
            ask_again_at: None,
        })
    }

    fn run(&mut self, shared: &Shared) {
        let pace = Duration::from_secs(1) / LOOKS_PER_SECOND;
        let mut watched = Watch::Nothing;
        let mut last_look = Instant::now();
        while !shared.stop.is_set() {
            let watch = shared.watch.get();
            if watch != watched {
                watched = watch;
                // Their memory shows the last code.
                self.reader = Reader::new();
                self.grey = GrayImage::default();
                self.reads = TwoEqualReads::default();
                self.coach = Coach::default();
                self.lines = Lines::default();
                self.refused = None;
                self.faces.forget();
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
                Watch::Codes(scan) => self.look_for_code(&frame, scan),
                _ => self.look_at_face(&frame, shared),
            };
            shared.looks.fetch_add(1, Ordering::Relaxed);
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

    fn look_for_code(&mut self, frame: &Frame, scan: ScanId) -> Option<Event> {
        reader::grey_into(&frame.picture, &mut self.grey);
        let now = Instant::now();
        let problem = match self.reader.read(&self.grey, Budget::live(now)) {
            Reading::Nothing => return None,
            Reading::Several => {
                self.reads.forget();
                (CodeProblem::SeveralCodes, None)
            }
            Reading::One { payload, .. } => {
                let payload = self.reads.confirm(payload, now)?;
                let code = payload.digest();
                match whose(&self.code, &payload, &self.office.store) {
                    Ok(Ok(student)) => return Some(Event::CodeRead { scan, student }),
                    Ok(Err(rejected)) if self.code.asks_server(rejected) => return self.ask_server(scan, payload, now),
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
            log_refusal(reason, code);
        }
        Some(Event::CodeRefused { scan, problem: problem.0 })
    }

    /// The same code is asked about again only after a while.
    fn ask_server(&mut self, scan: ScanId, payload: Payload, now: Instant) -> Option<Event> {
        let question = (CodeProblem::Asking, Some(payload.digest()));
        if self.refused.replace(question) == Some(question) && self.ask_again_at.is_some_and(|at| now < at) {
            return None;
        }
        self.ask_again_at = Some(now + ASK_AGAIN);
        Some(Event::CodeUnknown { scan, payload })
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
        let size = frame.picture.dimensions();
        // Staff may choose another mode.
        if size != self.guides_for {
            (self.guides, self.guides_for) = (Guides::of(size, &shared.config.profile), size);
        }
        let lines = face.as_ref().map_or(Lines::default(), |face| self.guides.met(face, size, self.lines));
        if lines != std::mem::replace(&mut self.lines, lines) {
            shared.events.offer(Event::LinesSeen(lines));
        }
        let profile = &shared.config.profile;
        let seen = match (framing::judge(faces.len(), face.as_ref(), size, profile, self.coach.said()), &face) {
            (Framing::Good, Some(face)) => framing::finish(&frame.picture, face, profile),
            (seen, _) => seen,
        };
        Ok(self.coach.say(seen, frame.taken_at))
    }
}

/// What the visit is told about a payload.
pub(super) fn judge(shared: &Shared, scan: ScanId, payload: &Payload) -> Result<Event, OfficeError> {
    let office = shared.office()?;
    Ok(match whose(&shared.config.code, payload, &office.store)? {
        Ok(student) => Event::CodeRead { scan, student },
        Err(rejected) if shared.config.code.asks_server(rejected) => {
            Event::CodeUnknown { scan, payload: payload.clone() }
        }
        Err(rejected) => {
            log_refusal(rejected, payload.digest());
            Event::CodeRefused { scan, problem: CodeProblem::Rejected(rejected) }
        }
    })
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

/// The only trace of a code that was refused.
pub(super) fn log_refusal(reason: Rejected, code: CodeDigest) {
    tracing::info!(code = code.short(), %reason, "a code was refused");
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;
    use std::sync::Mutex;

    use super::*;
    use crate::code::mint::{ValidFor, mint, mint_plain};
    use crate::code::payload::Terms;
    use crate::config::{self, Config};

    fn office(folder: &Path) -> Office {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config/kiosk.toml");
        let config = config::load(&example).unwrap();
        Office::open(&Config { data: folder.join("data"), secrets: folder.join("secrets"), ..config }).unwrap()
    }

    fn plain_booth(roster_required: bool) -> Adapter {
        Adapter::Plain(Terms { school_code: "99999".to_owned(), roster_required })
    }

    fn plain_code(seed: u64) -> Payload {
        let day = Duration::from_secs(24 * 3600);
        let (from, until) = (Timestamp::now() - day, Timestamp::now() + day);
        mint_plain(seed, &ValidFor { school_code: "99999".to_owned(), from, until }).payload
    }

    #[test]
    fn whose_a_code_is_depends_on_code_and_roster() {
        let folder = tempfile::tempdir().unwrap();
        let store = office(folder.path()).store;
        let (opaque, plain) = (mint(1).payload, plain_code(1));
        let whose =
            |code: &Adapter, payload: &Payload| whose(code, payload, &store).unwrap().map(|found| found.enrolment);
        assert_eq!(whose(&Adapter::Opaque, &opaque), Err(Rejected::NotInRoster));
        assert_eq!(whose(&plain_booth(true), &plain), Err(Rejected::NotInRoster));
        assert_eq!(whose(&plain_booth(false), &plain), Ok(mint(1).enrolment));
        store.replace_roster(&[(opaque.digest(), mint(1).enrolment), (plain.digest(), mint(1).enrolment)]).unwrap();
        assert_eq!(whose(&Adapter::Opaque, &opaque), Ok(mint(1).enrolment));
        assert_eq!(whose(&plain_booth(true), &plain), Ok(mint(1).enrolment));
        store.replace_roster(&[(plain.digest(), mint(2).enrolment)]).unwrap();
        assert_eq!(whose(&plain_booth(false), &plain), Err(Rejected::DiffersFromRoster));
    }

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Whatever somebody holds up, the log has eight digits of its digest and a reason.
    #[test]
    fn a_refused_code_is_logged_by_digest_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = office(folder.path()).store;
        let hostile = [
            plain_code(3).expose().to_owned(),
            plain_code(3).expose().replace("99999", "10001"),
            plain_code(3).expose().replace('}', ",\"secret\":\"secret\"}"),
            format!("SZZ-PLAIN-1.{}", "secret".repeat(200_000)),
            "SZZ-SEALED-1.c2VjcmV0".to_owned(),
            "https://example.org/secret".to_owned(),
            "secret\n\u{1b}[2JERROR all is lost".to_owned(),
        ];
        for text in hostile {
            let payload = Payload::new(text);
            let log = Log::default();
            let writer = log.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .finish();
            let code = payload.digest();
            tracing::subscriber::with_default(subscriber, || {
                log_refusal(whose(&plain_booth(true), &payload, &store).unwrap().unwrap_err(), code);
            });
            let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            assert!(said.contains(&code.short()) && said.lines().count() == 1, "{said}");
            assert!(!said.contains(&code.to_string()[..9]), "{said}");
            for secret in ["secret", "SZZ-", "all is lost", "school", &mint(3).enrolment.masked_name] {
                let said = said.replace("for another school", "");
                assert!(!said.contains(secret), "{secret} is in the log");
            }
        }
    }
}
