//! Joins the visit and operator mode with the workers: events in, effects out. The window and the headless demo both
//! drive this; neither talks to a worker itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::camera::{FrameSlot, OpenCamera};
use crate::config::Config;
use crate::gauge::Gauge;
use crate::operator::{self, Operator};
use crate::visit::{Event, HelpPage, Patience, PaymentProgress, PaymentSeen, State, Steps, Visit};
use crate::workers::{CameraHealth, Workers};

pub struct Booth {
    visit: Visit,
    operator: Operator,
    workers: Workers,
    patience: Patience,
    gauge: Gauge,
}

impl Booth {
    /// `wake` is called whenever something happened that the window should paint.
    pub fn open(
        config: Arc<Config>,
        open_camera: OpenCamera,
        simulated: bool,
        wake: Arc<dyn Fn() + Send + Sync>,
        now: Instant,
    ) -> std::io::Result<Self> {
        let patience = config.patience;
        let steps = config.steps.clone();
        let workers = Workers::start(config, open_camera, simulated, wake, now)?;
        Ok(Self {
            visit: Visit::new(patience, steps),
            operator: Operator::default(),
            workers,
            patience,
            gauge: Gauge::default(),
        })
    }

    pub fn state(&self) -> &State {
        self.visit.state()
    }

    pub fn help(&self) -> Option<HelpPage> {
        self.visit.help()
    }

    pub fn staff_called(&self) -> bool {
        self.visit.staff_called()
    }

    pub fn steps(&self) -> &Steps {
        self.visit.steps()
    }

    /// Whether staff should take a new background plate.
    pub fn needs_plate(&self) -> bool {
        self.visit.needs_plate()
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.visit.deadline()
    }

    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    pub fn patience(&self) -> Patience {
        self.patience
    }

    pub fn frames(&self) -> &FrameSlot {
        self.workers.frames()
    }

    pub fn camera_health(&self) -> CameraHealth {
        self.workers.camera_health()
    }

    /// Whether starting the program again would not help.
    pub fn is_sound(&self) -> bool {
        self.workers.is_sound()
    }

    /// What the window says of the preview.
    pub fn gauge(&mut self) -> &mut Gauge {
        &mut self.gauge
    }

    /// How often analysis has looked at a frame.
    pub fn looks(&self) -> u64 {
        self.workers.looks()
    }

    /// Submissions with a receipt, as of the courier's last round.
    pub fn acknowledged(&self) -> u64 {
        self.workers.acknowledged()
    }

    /// Tells operator mode something and does what it asks for. It never opens over a visit, except for a PIN
    /// that confirms what a student owes.
    pub fn tell_operator(&mut self, event: operator::Event, now: Instant) {
        let is_refused = match &event {
            operator::Event::Open => !self.may_open_operator(),
            operator::Event::OpenForPayment { order_number } => !self.waits_for_staff(order_number),
            _ => false,
        };
        if is_refused {
            return;
        }
        for effect in self.operator.handle(event, now) {
            match effect {
                operator::Effect::Ask { ask, role, order } => self.workers.ask_back_room(ask, role, order),
                operator::Effect::PaymentConfirmed { order_number } => {
                    self.send(Event::PaymentSeen { order_number, seen: PaymentSeen::Confirmed }, now);
                }
                operator::Effect::Stop(ask) => self.workers.stop_back_room(ask),
                operator::Effect::StillThere => self.send(Event::Touch, now),
            }
        }
        self.workers.show_preview(matches!(
            self.operator.screen(),
            Some(operator::Screen::Plate(_) | operator::Screen::Camera(_))
        ));
    }

    /// Nobody is in the middle of a visit.
    pub fn may_open_operator(&self) -> bool {
        match self.state() {
            State::Welcome => self.help().is_none(),
            State::OutOfService { .. } => true,
            _ => false,
        }
    }

    fn waits_for_staff(&self, order_number: &str) -> bool {
        matches!(self.state(), State::Payment { order, progress: PaymentProgress::WithStaff }
            if order.number == order_number)
    }

    /// Whether students are served now.
    fn takes_students(&self) -> bool {
        self.operator.paused().is_none() && self.operator.screen().is_none()
    }

    /// Tells the visit something and does what it asks for.
    pub fn send(&mut self, event: Event, now: Instant) {
        if matches!((&event, self.state()), (Event::Start, State::Welcome)) && !self.takes_students() {
            return;
        }
        for effect in self.visit.handle(event, now) {
            self.workers.carry_out(effect, now);
        }
        match self.visit.state() {
            State::Countdown { fires_at, .. } => self.workers.expect_shutter(Some(*fires_at)),
            // The stills are being taken.
            State::Developing { .. } => {}
            _ => self.workers.expect_shutter(None),
        }
    }

    /// Takes in what has happened by `now`, the passing of deadlines included, up to the first change
    /// of state: so each state is painted at least once.
    pub fn catch_up(&mut self, now: Instant) {
        let before = std::mem::discriminant(self.state());
        while std::mem::discriminant(self.state()) == before
            && let Some(event) = self.workers.next_event(now)
        {
            self.send(event, now);
        }
        if self.deadline().is_some_and(|deadline| now >= deadline) {
            self.send(Event::Tick, now);
        }
        while let Some(answer) = self.workers.next_answer() {
            self.tell_operator(answer, now);
        }
        if self.operator.deadline().is_some_and(|deadline| now >= deadline) {
            self.tell_operator(operator::Event::Tick, now);
        }
        let is_out_of_service = matches!(self.state(), State::OutOfService { .. });
        if is_out_of_service || matches!(self.state(), State::Welcome) {
            self.workers.probe(now, is_out_of_service);
        }
    }

    /// As [`Self::catch_up`], after waiting up to `patience` for something to happen.
    pub fn wait(&mut self, now: Instant, patience: Duration) {
        let until_deadline = self.deadline().map_or(patience, |deadline| deadline.saturating_duration_since(now));
        if let Some(event) = self.workers.wait_for_event(now, patience.min(until_deadline)) {
            self.send(event, Instant::now());
        }
        self.catch_up(Instant::now());
    }
}
