//! One student's stay in the booth, as a pure state machine: an [`Event`] and the time go in, a new
//! [`State`] and [`Effect`]s come out. It has no clock, no thread, and never touches a picture.
//!
//! ```text
//! Welcome ─start→ Scan (CodeEntry) ─code→ Confirm ─yes→ (StudentNumber) → (Phone → SmsCode) → Agreement ─both ticks→
//!                                                  │ who has been here → Centre ─resubmit→ ↑
//! (WeChat) → (Tips) → Framing ─0.8 s all right→ Countdown ─shutter→ Developing ─portrait→ Review
//!              ↓ (brought) Pictures or Upload → Crop ──this part───────→ ↑
//!                        ↑   ↖──── moved away ──────┘                                       │
//!                        └──── retake ──────────────────────────────────────────────────────┤
//!            Done ← (Payment) ←saved─ Saving ←submit─ Summary ←──────────accept─────────────┘
//! any state but Saving: cancel or silence → Welcome; a fault → OutOfService until it is mended
//! ```
//!
//! Steps in brackets are there when the config has them ([`Steps`]). Help lies over a state and
//! changes nothing below it.
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
//! 6. A photo is saved before it is paid: payment neither loses nor holds up a submission.

use std::time::{Duration, Instant};

use identity::WrongNumbers;

pub use crate::photo::Framing;
use crate::photo::{Lines, RetakeReason};
pub use effect::*;
pub use event::*;
pub use parts::*;
pub use patience::{Patience, ScreenLimits};
pub use record::{Record, Review};
pub use state::State;
pub use steps::{Imports, Payment, PaymentMode, PhoneStep, PictureSource, Steps};
pub use typed::{Contact, Key, NumberForm, Phone, Typed};
pub use words::*;

mod account;
mod code;
mod effect;
mod event;
mod identity;
mod import;
mod parts;
mod patience;
mod record;
mod state;
mod steps;
mod typed;
mod words;

#[cfg(test)]
mod tests;

/// The machine. See the module's documentation for its rules.
#[derive(Debug)]
pub struct Visit {
    state: State,
    /// What lies over the state.
    help: Option<HelpPage>,
    /// Whether staff were called in this visit.
    staff_called: bool,
    patience: Patience,
    steps: Steps,
    deadline: Option<Instant>,
    next_ask: u64,
    next_scan: u64,
    next_capture: u64,
    /// Wrong 学号 of codes whose owner did not give the right one since.
    wrong_numbers: WrongNumbers,
    watch: Watch,
    enquiry: Enquiry,
    browse: Browse,
    /// Faults that are not mended yet; the first is shown.
    faults: Vec<Fault>,
    plate_fits: bool,
}

impl Visit {
    pub fn new(patience: Patience, steps: Steps) -> Self {
        Self {
            state: State::Welcome,
            help: None,
            staff_called: false,
            patience,
            steps,
            deadline: None,
            next_ask: 1,
            next_scan: 1,
            next_capture: 1,
            wrong_numbers: WrongNumbers::default(),
            watch: Watch::Nothing,
            enquiry: Enquiry::Nothing,
            browse: Browse::Nothing,
            faults: Vec::new(),
            plate_fits: true,
        }
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn help(&self) -> Option<HelpPage> {
        self.help
    }

    pub fn staff_called(&self) -> bool {
        self.staff_called
    }

    pub fn steps(&self) -> &Steps {
        &self.steps
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
        let helped = self.help;
        match event {
            Event::FaultRaised(fault) if !self.faults.contains(&fault) => self.faults.push(fault),
            Event::FaultCleared(fault) => self.faults.retain(|known| *known != fault),
            Event::OpenHelp(page) if self.may_open_help() => self.help = Some(page),
            Event::CloseHelp | Event::Cancel => self.help = None,
            Event::CallStaff if !self.staff_called => {
                self.staff_called = true;
                effects.push(Effect::CallStaff);
            }
            Event::PlateJudged { fits } => self.plate_fits = fits,
            _ => {}
        }

        // Taken out, so that whatever the next state does not name is dropped.
        let old = std::mem::replace(&mut self.state, State::Welcome);
        let before = std::mem::discriminant(&old);
        let touched = event.is_from_student() || self.is_sign_of_life(&old, &event);
        let next = self.next(old, event, now, &mut effects);
        self.state = self.fault_of(&next).map_or(next, |fault| State::OutOfService { fault });

        let changed = std::mem::discriminant(&self.state) != before;
        if changed {
            self.help = None;
        }
        let help_changed = self.help != helped;
        if (changed || help_changed) && matches!(self.state, State::Welcome) && self.help.is_none() {
            self.staff_called = false;
        }
        if changed || help_changed || (touched && self.is_idle_limited()) {
            self.deadline = self.time_limit().map(|limit| now + limit);
        }
        let enquiry = self.wanted_enquiry();
        if enquiry != self.enquiry {
            self.enquiry = enquiry.clone();
            effects.push(Effect::Enquire(enquiry));
        }
        let browse = self.wanted_browse();
        if browse != self.browse {
            self.browse = browse;
            effects.push(Effect::Browse(browse));
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
                Event::Saved { capture: saved, order_number } if saved == capture => self.saved(&sitter, order_number),
                Event::SaveFailed { capture: failed } if failed == capture => self.out_of_service(Fault::Storage),
                Event::Tick if self.is_due(now) => self.out_of_service(Fault::Storage),
                _ => State::Saving { sitter, capture, portrait },
            };
        }
        match event {
            Event::Cancel => return State::Welcome,
            Event::Tick if self.is_due(now) => {
                self.help = None;
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

            (State::Framing { sitter, lines, good_since, retake, .. }, Event::FramingSeen(framing)) => {
                let good_since = (framing == Framing::Good).then(|| good_since.unwrap_or(now));
                match good_since {
                    Some(since) if now.saturating_duration_since(since) >= self.patience.steady => {
                        self.countdown(sitter, framing, lines, now)
                    }
                    _ => State::Framing { sitter, framing, lines, good_since, retake },
                }
            }
            (State::Framing { sitter, framing, good_since, retake, .. }, Event::LinesSeen(lines)) => {
                State::Framing { sitter, framing, lines, good_since, retake }
            }
            (State::Framing { sitter, framing, lines, .. }, Event::ShootNow) => {
                self.countdown(sitter, framing, lines, now)
            }

            (State::Countdown { sitter, fires_at, .. }, Event::Tick) if now >= fires_at => {
                let capture = self.new_capture();
                effects.push(Effect::Shoot(capture));
                State::Developing { sitter, capture }
            }
            (State::Countdown { sitter, fires_at, framing, bad_since, .. }, Event::LinesSeen(lines)) => {
                State::Countdown { sitter, fires_at, framing, lines, bad_since }
            }
            (State::Countdown { sitter, fires_at, lines, bad_since, .. }, Event::FramingSeen(framing)) => {
                let lost = matches!(framing, Framing::NoFace | Framing::SeveralFaces);
                let bad_since = lost.then(|| bad_since.unwrap_or(now));
                match bad_since {
                    Some(since) if now.saturating_duration_since(since) >= self.patience.wobble => {
                        self.framing(sitter, Vec::new())
                    }
                    _ => State::Countdown { sitter, fires_at, framing, lines, bad_since },
                }
            }

            // Rule 1: an answer to another shutter is somebody else's picture.
            (State::Developing { sitter, capture }, Event::Developed { capture: developed, outcome })
                if developed == capture =>
            {
                match outcome {
                    Outcome::Portrait(portrait) => State::Review { sitter, capture, portrait },
                    Outcome::Retake(reasons) => self.again(sitter, reasons),
                }
            }

            (State::Review { sitter, capture, portrait }, Event::ChooseBackground(background)) => {
                if self.steps.backgrounds.contains(&background) && background != portrait.background {
                    effects.push(Effect::Recolour { capture, portrait: portrait.clone(), background });
                }
                State::Review { sitter, capture, portrait }
            }
            // On the background that was chosen.
            (
                State::Review { sitter, capture, .. },
                Event::Developed { capture: developed, outcome: Outcome::Portrait(portrait) },
            ) if developed == capture => State::Review { sitter, capture, portrait },
            (State::Review { sitter, .. } | State::Summary { sitter, .. }, Event::Retake) => {
                self.again(sitter, Vec::new())
            }
            (State::Review { sitter, capture, portrait }, Event::Accept) => {
                State::Summary { sitter, capture, portrait }
            }
            (State::Summary { sitter, capture, portrait }, Event::Submit) => {
                let payment = self.payment_of(&sitter);
                effects.push(Effect::Save { capture, sitter: sitter.clone(), portrait: portrait.clone(), payment });
                State::Saving { sitter, capture, portrait }
            }

            (State::OutOfService { .. }, Event::FaultCleared(_)) => State::Welcome,

            // Before and after the camera. Everything else means nothing: a late answer, a stale touch.
            (
                state @ (State::Payment { .. }
                | State::Done { .. }
                | State::Centre { .. }
                | State::Withdraw { .. }
                | State::Ended { .. }),
                event,
            ) => self.account(state, event, effects),
            (state @ (State::Scan { .. } | State::CodeEntry { .. }), event) => self.code(state, event, effects),
            (state @ (State::Pictures { .. } | State::Upload { .. } | State::Crop { .. }), event)
            | (state @ State::Tips { .. }, event @ Event::Bring(_)) => self.import(state, event, effects),
            (state, event) => self.identity(state, event, now, effects),
        }
    }

    /// Back to the camera, or to the frame over the brought picture.
    fn again(&self, mut sitter: Sitter, retake: Vec<RetakeReason>) -> State {
        match sitter.brought.take() {
            Some(brought) => State::Crop { sitter, brought, retake },
            None => self.framing(sitter, retake),
        }
    }

    fn framing(&self, sitter: Sitter, retake: Vec<RetakeReason>) -> State {
        State::Framing { sitter, framing: Framing::NoFace, lines: Lines::default(), good_since: None, retake }
    }

    fn countdown(&self, sitter: Sitter, framing: Framing, lines: Lines, now: Instant) -> State {
        State::Countdown { sitter, fires_at: now + self.patience.countdown, framing, lines, bad_since: None }
    }

    fn out_of_service(&mut self, fault: Fault) -> State {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        State::OutOfService { fault }
    }

    /// The first fault that a state cannot go on with.
    fn fault_of(&self, state: &State) -> Option<Fault> {
        let goes_on = |fault: Fault| match state {
            // The goodbye to a student whose photo is safe is not cut short, nor is the saving.
            State::Done { .. } | State::Payment { .. } | State::Saving { .. } => true,
            // The shutter was pressed: nobody who has a photo loses it because the next one could not be taken.
            State::Developing { .. } | State::Review { .. } | State::Summary { .. } => fault == Fault::Camera,
            _ => false,
        };
        self.faults.iter().copied().find(|fault| !goes_on(*fault))
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
        self.help.is_some() || self.state.is_asked()
    }

    /// Help is for who reads, not for who is photographed or waits for the booth.
    fn may_open_help(&self) -> bool {
        self.state.is_asked() || matches!(self.state, State::Welcome | State::Done { .. } | State::Ended { .. })
    }

    fn time_limit(&self) -> Option<Duration> {
        match self.help {
            Some(_) => Some(self.patience.screens.help.unwrap_or(self.patience.idle)),
            None => self.patience.limit(&self.state),
        }
    }

    fn new_ask(&mut self) -> AskId {
        let ask = AskId(self.next_ask);
        self.next_ask += 1;
        ask
    }

    fn wanted_watch(&self) -> Watch {
        match self.state {
            _ if self.help.is_some() => Watch::Nothing,
            State::Scan { scan, .. } => Watch::Codes(scan),
            State::Framing { .. } | State::Countdown { .. } => Watch::Face,
            _ => Watch::Nothing,
        }
    }
}
