//! The studio's thread: develops stills and stores what students accepted. One job after another, so a
//! save is never overtaken. Pictures live in memory only until the job is done.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use image::RgbImage;
use jiff::{SignedDuration, Timestamp};

use super::album::Album;
use super::courier::Handle;
use super::desk::Desk;
use super::{Shared, supervise};
use crate::code::{CodeDigest, Payload};
use crate::office::OfficeError;
use crate::photo::Portrait;
use crate::photo::burst;
use crate::photo::decode::{PictureError, open_picture};
use crate::photo::develop::{DevelopError, Developed, Developer};
use crate::photo::import::{Import, ImportProblem};
use crate::photo::runtime::{ModelError, inference_threads};
use crate::photo::standard::PhotoProfile;
use crate::platform::free_mb;
use crate::report::Counted;
use crate::store::StoreError;
use crate::submission::{
    CheckRecord, ConsentRecord, Draft, Identity, NamedDigest, PaymentTerms, PortraitFile, Sha256Digest, SubmissionId,
};
use crate::visit::{AskId, Brought, Browse, CaptureId, Event, Fault, Outcome, Payment, ScanId, Sitter};

pub(super) enum Job {
    /// Take some stills after this moment and develop the best.
    Shoot {
        capture: CaptureId,
        shot_at: Instant,
    },
    /// Develop a picture that the student brought.
    Develop {
        capture: CaptureId,
        brought: Brought,
    },
    Recolour {
        capture: CaptureId,
        portrait: Arc<Portrait>,
        background: [u8; 3],
    },
    /// Look for brought pictures here, and drop what was found before.
    Browse(Browse),
    OpenPicture {
        ask: AskId,
        index: usize,
    },
    Save(Box<Saving>),
    LookUp {
        ask: AskId,
        code: CodeDigest,
    },
    ReadCode {
        scan: ScanId,
        payload: Payload,
    },
    ReadStick {
        scan: ScanId,
    },
    MakeClaim {
        ask: AskId,
    },
    MarkPaid {
        order_number: String,
    },
    Withdraw {
        ask: AskId,
        submission: SubmissionId,
    },
    /// Is everything well again?
    Probe,
    /// Another background plate was taken.
    NewPlate,
}

/// What a student accepted.
pub(super) struct Saving {
    pub capture: CaptureId,
    pub sitter: Sitter,
    pub portrait: Arc<Portrait>,
    pub payment: Payment,
}

const SHUTTER_PATIENCE: Duration = Duration::from_secs(2);
const LISTEN: Duration = Duration::from_millis(200);
/// With less on its disk the booth closes: the database, its log and the program's need some room beside a record.
const NO_ROOM_MB: u64 = 16;

pub(super) fn start(shared: Shared, jobs: Receiver<Job>, courier: Handle) -> std::io::Result<JoinHandle<()>> {
    supervise("studio", shared.clone(), Some(Fault::Studio), move || {
        let mut studio = Studio {
            shared: shared.clone(),
            courier: courier.clone(),
            darkroom: None,
            album: Album::default(),
            faults: [false; 2],
        };
        studio.get_ready();
        while !shared.stop.is_set() {
            // Thumbnails are made one at a time, and only while there is nothing else to do.
            let patience = if studio.album.is_done() { LISTEN } else { Duration::ZERO };
            match jobs.recv_timeout(patience) {
                Ok(job) => studio.work(job),
                Err(RecvTimeoutError::Timeout) => studio.go_on(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    })
}

struct Studio {
    shared: Shared,
    courier: Handle,
    darkroom: Option<Darkroom>,
    album: Album,
    /// Of the studio and of the database, as they were reported last: a fault counts once.
    faults: [bool; 2],
}

/// What develops.
struct Darkroom {
    developer: Developer,
    /// The empty booth, when the config names a picture of it that can be opened.
    plate: Option<RgbImage>,
    models: Vec<NamedDigest>,
}

impl Studio {
    /// Opens whatever is not open yet, and reports what is well and what is not.
    fn get_ready(&mut self) {
        if self.darkroom.is_none() {
            match Darkroom::open(&self.shared) {
                Ok(darkroom) => self.darkroom = Some(darkroom),
                Err(error) => tracing::error!(%error, "the photo models do not load"),
            }
        }
        let storage = self.shared.office().and_then(|office| {
            // What was freed inside the database can be written when the disk takes nothing more.
            match free_mb(&self.shared.config.data) {
                Some(..NO_ROOM_MB) => Err(StoreError::Full.into()),
                _ => Ok(office.store.probe()?),
            }
        });
        if let Err(error) = &storage {
            tracing::error!(%error, "the queue cannot be written");
        }
        self.shared.models_loaded.store(self.darkroom.is_some(), Ordering::Relaxed);
        self.report(Fault::Studio, self.darkroom.is_some());
        self.report(Fault::Storage, storage.is_ok());
    }

    fn report(&mut self, fault: Fault, is_well: bool) {
        let known = &mut self.faults[usize::from(fault == Fault::Storage)];
        match (std::mem::replace(known, !is_well), is_well) {
            (false, false) => self.shared.tally.count(Counted::Fault(fault)),
            (true, true) => tracing::info!(?fault, "what was wrong is well again"),
            _ => {}
        }
        let event = if is_well { Event::FaultCleared(fault) } else { Event::FaultRaised(fault) };
        self.shared.events.send(event);
    }

    fn work(&mut self, job: Job) {
        match job {
            Job::Probe => self.get_ready(),
            Job::NewPlate => {
                if let Some(darkroom) = &mut self.darkroom {
                    darkroom.plate = open_plate(&self.shared);
                }
            }
            Job::Shoot { capture, shot_at } => {
                self.shared.tally.count(Counted::Shot);
                let stills = self.shared.shots(burst::STILLS, shot_at, SHUTTER_PATIENCE);
                match self.in_darkroom(|darkroom, profile| darkroom.develop_best(&stills, profile)) {
                    Some(Some(mut developed)) => {
                        if let Some(usual_gap) = self.shared.eye_habit().usual() {
                            developed.compare_eyes(usual_gap, &self.shared.config.profile);
                        }
                        self.show(capture, developed);
                    }
                    // The camera was lost at the shutter: there is nothing to wait for.
                    Some(None) => {
                        let outcome = Outcome::Retake(Vec::new());
                        self.shared.events.send(Event::Developed { capture, outcome });
                    }
                    None => {}
                }
            }
            Job::Develop { capture, brought } => {
                let developed = self.in_darkroom(|darkroom, profile| {
                    darkroom.developer.develop_framed(&brought.import.picture, brought.crop, profile)
                });
                if let Some(developed) = developed {
                    self.show(capture, developed);
                }
            }
            Job::Recolour { capture, portrait, background } => {
                match portrait.on(background, &self.shared.config.profile) {
                    Some(Ok(portrait)) => {
                        let outcome = Outcome::Portrait(Arc::new(portrait));
                        self.shared.events.send(Event::Developed { capture, outcome });
                    }
                    Some(Err(error)) => tracing::warn!(%error, "the background could not be changed"),
                    None => {}
                }
            }
            Job::Browse(browse) => self.album.browse(browse, &self.shared),
            Job::OpenPicture { ask, index } => {
                let picture = self.album.open(ask, index);
                self.import(ask, picture);
            }
            Job::LookUp { ask, code } => self.answer(|desk| desk.look_up(ask, code)),
            Job::ReadCode { scan, payload } => self.answer(|desk| desk.read_code(scan, &payload)),
            Job::ReadStick { scan } => self.answer(|desk| desk.read_stick(scan)),
            Job::MakeClaim { ask } => self.answer(|desk| desk.make_claim(ask)),
            Job::MarkPaid { order_number } => self.answer(|desk| desk.mark_paid(&order_number)),
            Job::Withdraw { ask, submission } => {
                self.answer(|desk| desk.withdraw(ask, submission));
                // The server is told at once, if it can be reached.
                self.courier.wake();
            }
            Job::Save(saving) => {
                let capture = saving.capture;
                let event = match self.save(&saving) {
                    Ok(order_number) => Event::Saved { capture, order_number },
                    Err(error) => {
                        tracing::error!(%error, capture = capture.0, "a submission was not stored");
                        Event::SaveFailed { capture }
                    }
                };
                self.shared.events.send(event);
                self.courier.wake();
            }
        }
    }

    /// What is to be done while there is no job.
    fn go_on(&mut self) {
        self.album.go_on(&self.shared);
        if let Some((ask, picture)) = self.album.sent() {
            self.import(ask, picture);
        }
    }

    fn import(&mut self, ask: AskId, picture: Result<RgbImage, PictureError>) {
        let outcome = match picture {
            Ok(picture) => self.in_darkroom(|darkroom, profile| darkroom.import(picture, profile)),
            Err(error) => Some(Err(ImportProblem::Picture(error))),
        };
        if let Some(outcome) = outcome {
            self.shared.events.send(Event::PictureOpened { ask, outcome });
        }
    }

    /// `None` without models, or when one of them failed: then the booth closes, and they are loaded anew.
    fn in_darkroom<T, E: std::fmt::Display>(
        &mut self,
        work: impl FnOnce(&mut Darkroom, &PhotoProfile) -> Result<T, E>,
    ) -> Option<T> {
        let worked = self.darkroom.as_mut().map(|darkroom| work(darkroom, &self.shared.config.profile));
        match worked {
            Some(Ok(done)) => return Some(done),
            Some(Err(error)) => tracing::error!(%error, "a picture could not be developed"),
            None => {}
        }
        self.darkroom = None;
        self.shared.models_loaded.store(false, Ordering::Relaxed);
        self.report(Fault::Studio, false);
        None
    }

    fn show(&self, capture: CaptureId, developed: Developed) {
        tracing::info!(total_ms = developed.timings.total, passed = developed.passed(), "developed");
        if let Some(misfit) = developed.misfit {
            tracing::warn!(%misfit, "developed without the background plate");
        }
        if let Some(fits) = developed.plate_fits() {
            judge_plate(&self.shared, fits);
        }
        let failed: Vec<_> = developed.failed().copied().collect();
        if !failed.is_empty() {
            self.shared.tally.count(Counted::Refused);
            failed.iter().for_each(|finding| self.shared.tally.count(Counted::RefusedFor(finding.check)));
        }
        let outcome = match developed.portrait {
            Some(portrait) if failed.is_empty() => Outcome::Portrait(Arc::new(portrait)),
            _ => Outcome::Retake(failed),
        };
        self.shared.events.send(Event::Developed { capture, outcome });
    }

    /// Something that the booth's own records answer.
    fn answer(&mut self, work: impl FnOnce(&Desk<'_>) -> Result<Option<Event>, OfficeError>) {
        let desk = Desk { shared: &self.shared };
        match work(&desk) {
            Ok(Some(event)) => self.shared.events.send(event),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the booth's records cannot be read or written");
                self.report(Fault::Storage, false);
            }
        }
    }

    fn save(&self, saving: &Saving) -> Result<String, OfficeError> {
        let Saving { sitter, portrait, payment, .. } = saving;
        let office = self.shared.office()?;
        let config = &self.shared.config;
        let (agreement, photo_consent) = config.agreement.text(sitter.consent.language).digests();
        let now = Timestamp::now();
        let given_ago = SignedDuration::try_from(sitter.consent.given_at.elapsed()).unwrap_or_default();
        let draft = Draft {
            submission_id: sitter.submission.unwrap_or_else(|| SubmissionId::new(now)),
            kiosk_id: config.kiosk_id.clone(),
            code: sitter.student.code,
            identity: Identity { enrolment: sitter.student.enrolment.clone() },
            consent: ConsentRecord {
                language: sitter.consent.language,
                version: config.agreement.version.clone(),
                agreement_sha256: Sha256Digest(agreement),
                photo_consent_sha256: Sha256Digest(photo_consent),
                given_at: now - given_ago,
            },
            portrait: PortraitFile {
                jpeg: portrait.jpeg.clone(),
                width: portrait.pixels.width(),
                height: portrait.pixels.height(),
                quality: portrait.quality,
                background: portrait.background,
                source: sitter.source(),
            },
            payment: (payment.fee_fen > 0).then_some(PaymentTerms { fee_fen: payment.fee_fen, mode: payment.mode }),
            contact: sitter.contact.clone(),
            number_tail: sitter.number_tail.clone(),
            checks: portrait.findings.iter().map(CheckRecord::from).collect(),
            profile: NamedDigest { name: config.profile.name.clone(), sha256: Sha256Digest(config.profile.digest()) },
            models: self.darkroom.as_ref().map(|darkroom| darkroom.models.clone()).unwrap_or_default(),
            software: crate::VERSION.to_owned(),
            simulated: self.shared.simulated,
        };
        Ok(office.store.append(&draft, &office.key, now)?.order_number)
    }
}

impl Darkroom {
    /// `None` when there is no still.
    fn develop_best(
        &mut self,
        stills: &[Arc<RgbImage>],
        profile: &PhotoProfile,
    ) -> Result<Option<Developed>, DevelopError> {
        let Some(still) = self.developer.best_of(stills)? else { return Ok(None) };
        self.developer.develop(still, self.plate.as_ref(), profile).map(Some)
    }

    /// A brought picture with its person found.
    fn import(
        &mut self,
        picture: RgbImage,
        profile: &PhotoProfile,
    ) -> Result<Result<Arc<Import>, ImportProblem>, ModelError> {
        let placed = self.developer.place(&picture, profile)?;
        Ok(placed.map(|placement| Arc::new(Import::new(picture, placement))))
    }

    fn open(shared: &Shared) -> Result<Self, ModelError> {
        let loader = shared.loader(inference_threads())?;
        let developer = Developer::load(&loader)?;
        let models =
            loader.manifest().models.iter().map(|model| NamedDigest { name: model.name.clone(), sha256: model.sha256 });
        Ok(Self { developer, plate: open_plate(shared), models: models.collect() })
    }
}

fn open_plate(shared: &Shared) -> Option<RgbImage> {
    let opened = open_picture(shared.config.plate.as_deref()?)
        .inspect_err(|error| tracing::warn!(%error, "the background plate is not used; backgrounds are guessed"))
        .ok();
    judge_plate(shared, opened.is_some());
    opened
}

fn judge_plate(shared: &Shared, fits: bool) {
    shared.plate_fits.store(fits, Ordering::Relaxed);
    shared.events.send(Event::PlateJudged { fits });
}
