//! One student's stay in the booth, as a pure state machine: an [`Event`] and the time go in, a new
//! [`State`] and [`Effect`]s come out. It has no clock, no thread, and never touches a picture.
//!
//! ```text
//! Welcome ─start→ Scan ─code→ Confirm ─yes→ Agreement ─both ticks→ Framing ─0.8 s all right→ Countdown
//!                                                                    ↑   ↖ moved away ──────────┘ │
//!                                                                    │ retake                    shutter
//!           Done ←saved─ Saving ←accept─ Review ←portrait─ Developing ←──────────────────────────┘
//! any state but Saving: cancel or silence → Welcome; a fault → OutOfService until it is mended
//! ```
//!
//! Rules, each proved by a property test in `visit/tests.rs`:
//! 1. A photo is saved only for the person who sat for it: every shutter has a [`CaptureId`], never
//!    reused, and an answer with another id is dropped. So is a code that was read in an earlier
//!    stay on the scan screen, by its [`ScanId`].
//! 2. Silence discards: an unanswered state returns to Welcome, and what belongs to a visit lives in
//!    the state's variant and nowhere else, so leaving it drops it.
//! 3. An accepted photo is not abandoned: Saving ignores cancel and faults until its own answer or
//!    its own deadline.
//! 4. At most one save per capture.
//! 5. The booth always comes back to Welcome or OutOfService.

use std::time::{Duration, Instant};

pub use crate::photo::Framing;
use crate::photo::RetakeReason;
pub use words::*;

mod words;

#[cfg(test)]
mod tests;

/// The machine. See the module's documentation for its rules.
#[derive(Debug)]
pub struct Visit {
    state: State,
    patience: Patience,
    deadline: Option<Instant>,
    next_scan: u64,
    next_capture: u64,
    watch: Watch,
    /// Faults that are not mended yet; the first is shown.
    faults: Vec<Fault>,
    plate_fits: bool,
}

impl Visit {
    pub fn new(patience: Patience) -> Self {
        Self {
            state: State::Welcome,
            patience,
            deadline: None,
            next_scan: 1,
            next_capture: 1,
            watch: Watch::Nothing,
            faults: Vec::new(),
            plate_fits: true,
        }
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether staff should take a new background plate. Photos are taken all the same.
    pub fn needs_plate(&self) -> bool {
        !self.plate_fits
    }

    /// When [`Event::Tick`] is next worth sending.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Countdown { fires_at, .. } => Some(*fires_at),
            _ => self.deadline,
        }
    }

    /// Takes one event at a time and returns what the workers have to do for it.
    pub fn handle(&mut self, event: Event, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::FaultRaised(fault) if !self.faults.contains(&fault) => self.faults.push(fault),
            Event::FaultCleared(fault) => self.faults.retain(|known| *known != fault),
            Event::PlateJudged { fits } => self.plate_fits = fits,
            _ => {}
        }

        // Taken out, so that whatever the next state does not name is dropped.
        let old = std::mem::replace(&mut self.state, State::Welcome);
        let before = std::mem::discriminant(&old);
        let touched = event.is_from_student() || self.is_sign_of_life(&old, &event);
        self.state = self.next(old, event, now, &mut effects);

        let changed = std::mem::discriminant(&self.state) != before;
        if changed || (touched && self.is_idle_limited()) {
            self.deadline = self.time_limit().map(|limit| now + limit);
        }
        let watch = self.wanted_watch();
        if watch != self.watch {
            self.watch = watch;
            effects.push(Effect::Watch(watch));
        }
        effects
    }

    fn next(&mut self, state: State, event: Event, now: Instant, effects: &mut Vec<Effect>) -> State {
        // Rule 3: nothing but its own answer or deadline ends Saving.
        if let State::Saving { sitter, capture, portrait } = state {
            return match event {
                Event::Saved { capture: saved, order_number } if saved == capture => State::Done { order_number },
                Event::SaveFailed { capture: failed } if failed == capture => self.out_of_service(Fault::Storage),
                Event::Tick if self.is_due(now) => self.out_of_service(Fault::Storage),
                _ => State::Saving { sitter, capture, portrait },
            };
        }
        if let Some(fault) = self.faults.first() {
            // The goodbye to a student whose photo is safe is not cut short.
            if !matches!(state, State::Done { .. }) {
                return State::OutOfService { fault: *fault };
            }
        }
        match event {
            Event::Cancel => return State::Welcome,
            Event::Tick if self.is_due(now) => {
                return match state {
                    State::Developing { .. } => self.out_of_service(Fault::Studio),
                    State::OutOfService { fault } => State::OutOfService { fault },
                    _ => State::Welcome,
                };
            }
            _ => {}
        }

        match (state, event) {
            (State::Welcome, Event::Start) => self.scan(),

            // Rule 1: a code from another scan is the code of somebody who has left.
            (State::Scan { scan, .. }, Event::CodeRead { scan: read, student }) if read == scan => {
                State::Confirm { student }
            }
            (State::Scan { scan, .. }, Event::CodeRefused { scan: read, problem }) if read == scan => {
                State::Scan { scan, problem: Some(problem) }
            }

            (State::Confirm { student }, Event::ConfirmStudent) => {
                State::Agreement { student, agreement_ticked: false, photo_consent_ticked: false }
            }

            (State::Agreement { student, photo_consent_ticked, .. }, Event::TickAgreement(agreement_ticked)) => {
                State::Agreement { student, agreement_ticked, photo_consent_ticked }
            }
            (State::Agreement { student, agreement_ticked, .. }, Event::TickPhotoConsent(photo_consent_ticked)) => {
                State::Agreement { student, agreement_ticked, photo_consent_ticked }
            }
            (
                State::Agreement { student, agreement_ticked: true, photo_consent_ticked: true },
                Event::Agree(language),
            ) => self.framing(Sitter { student, consent: Consent { language, given_at: now } }, Vec::new()),

            (State::Framing { sitter, good_since, retake, .. }, Event::FramingSeen(framing)) => {
                let good_since = (framing == Framing::Good).then(|| good_since.unwrap_or(now));
                match good_since {
                    Some(since) if now.saturating_duration_since(since) >= self.patience.steady => {
                        self.countdown(sitter, now)
                    }
                    _ => State::Framing { sitter, framing, good_since, retake },
                }
            }
            (State::Framing { sitter, .. }, Event::ShootNow) => self.countdown(sitter, now),

            (State::Countdown { sitter, fires_at, .. }, Event::Tick) if now >= fires_at => {
                let capture = CaptureId(self.next_capture);
                self.next_capture += 1;
                effects.push(Effect::Shoot(capture));
                State::Developing { sitter, capture }
            }
            (State::Countdown { sitter, fires_at, bad_since }, Event::FramingSeen(framing)) => {
                let lost = matches!(framing, Framing::NoFace | Framing::SeveralFaces);
                let bad_since = lost.then(|| bad_since.unwrap_or(now));
                match bad_since {
                    Some(since) if now.saturating_duration_since(since) >= self.patience.wobble => {
                        State::Framing { sitter, framing, good_since: None, retake: Vec::new() }
                    }
                    _ => State::Countdown { sitter, fires_at, bad_since },
                }
            }

            // Rule 1: an answer to another shutter is somebody else's picture.
            (State::Developing { sitter, capture }, Event::Developed { capture: developed, outcome })
                if developed == capture =>
            {
                match outcome {
                    Outcome::Portrait(portrait) => State::Review { sitter, capture, portrait },
                    Outcome::Retake(reasons) => self.framing(sitter, reasons),
                }
            }

            (State::Review { sitter, .. }, Event::Retake) => self.framing(sitter, Vec::new()),
            (State::Review { sitter, capture, portrait }, Event::Accept) => {
                effects.push(Effect::Save { capture, sitter: sitter.clone(), portrait: portrait.clone() });
                State::Saving { sitter, capture, portrait }
            }

            (State::Done { .. }, Event::Start) => State::Welcome,

            (State::OutOfService { .. }, Event::FaultCleared(_)) => State::Welcome,

            // Everything else means nothing here: a late answer, a stale touch.
            (state, _) => state,
        }
    }

    fn scan(&mut self) -> State {
        let scan = ScanId(self.next_scan);
        self.next_scan += 1;
        State::Scan { scan, problem: None }
    }

    fn framing(&self, sitter: Sitter, retake: Vec<RetakeReason>) -> State {
        State::Framing { sitter, framing: Framing::NoFace, good_since: None, retake }
    }

    fn countdown(&self, sitter: Sitter, now: Instant) -> State {
        State::Countdown { sitter, fires_at: now + self.patience.countdown, bad_since: None }
    }

    fn out_of_service(&mut self, fault: Fault) -> State {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        State::OutOfService { fault }
    }

    /// A face that changes its place is somebody trying, even without a touch.
    fn is_sign_of_life(&self, state: &State, event: &Event) -> bool {
        match (state, event) {
            (State::Framing { framing, .. }, Event::FramingSeen(seen)) => *seen != Framing::NoFace && seen != framing,
            _ => false,
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.deadline.is_some_and(|deadline| now >= deadline)
    }

    fn is_idle_limited(&self) -> bool {
        matches!(
            self.state,
            State::Scan { .. }
                | State::Confirm { .. }
                | State::Agreement { .. }
                | State::Framing { .. }
                | State::Review { .. }
        )
    }

    fn time_limit(&self) -> Option<Duration> {
        match self.state {
            // Countdown has `fires_at` instead.
            State::Welcome | State::Countdown { .. } | State::OutOfService { .. } => None,
            State::Developing { .. } => Some(self.patience.developing),
            State::Saving { .. } => Some(self.patience.saving),
            State::Done { .. } => Some(self.patience.done),
            _ => Some(self.patience.idle),
        }
    }

    fn wanted_watch(&self) -> Watch {
        match self.state {
            State::Scan { scan, .. } => Watch::Codes(scan),
            State::Framing { .. } | State::Countdown { .. } => Watch::Face,
            _ => Watch::Nothing,
        }
    }
}
