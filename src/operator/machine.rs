//! The machine. See the module's documentation for its rules.

use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::keys::new_pin;
use super::{
    Action, Answer, AuditLog, CameraPage, Cargo, DayPage, Effect, Event, Filter, LogPage, Notice, Order, PinState,
    Place, Plate, Purge, Purpose, Queue, Role, RosterPage, Screen, Stick, StickWork,
};
use crate::visit::{AskId, Typed};

/// Silence after which operator mode locks itself.
pub const IDLE: Duration = Duration::from_secs(120);
/// Silence after which the PIN's keypad goes.
pub const PIN_IDLE: Duration = Duration::from_secs(30);
/// How old the dashboard's figures get.
pub const REFRESH: Duration = Duration::from_secs(3);
/// How old the camera page's figures get.
pub const LOOK: Duration = Duration::from_secs(1);
/// Shortest beginning of an order number that is looked for, and what the last digits of a 学号 are.
pub const SEARCH: std::ops::RangeInclusive<usize> = 4..=32;

#[derive(Debug, Default)]
pub struct Operator {
    pub(super) screen: Option<Screen>,
    /// Nobody before the PIN.
    pub(super) role: Option<Role>,
    /// The newest question: an answer to another one means nothing.
    asked: u64,
    is_waiting: bool,
    /// Whether the booth's records could not be read or written.
    has_failed: bool,
    pub(super) locks_at: Option<Instant>,
    refresh_at: Option<Instant>,
    paused: Option<Notice>,
}

impl Operator {
    /// None while nobody is in operator mode.
    pub fn screen(&self) -> Option<&Screen> {
        self.screen.as_ref()
    }

    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// Whether an answer is still to come.
    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Whether the booth's records could not be read or written when they were last asked.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// What the booth tells students while it is closed to them.
    pub fn paused(&self) -> Option<Notice> {
        self.paused
    }

    /// When [`Event::Tick`] is next worth sending.
    pub fn deadline(&self) -> Option<Instant> {
        self.locks_at.into_iter().chain(self.refresh_at).min()
    }

    pub fn may(&self, action: Action) -> bool {
        self.role.is_some_and(|role| role.may(action))
    }

    /// Takes one event at a time and returns what is to be done for it.
    pub fn handle(&mut self, event: Event, now: Instant) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::PauseSeen(notice) => self.paused = notice,
            Event::Answered { ask, answer } => {
                if ask.0 == self.asked && self.screen.is_some() {
                    // Progress comes in several answers.
                    self.is_waiting = answer.is_progress();
                    self.has_failed = matches!(answer, Answer::Failed);
                    self.answered(answer, now, &mut effects);
                }
            }
            Event::Tick => self.tick(now, &mut effects),
            Event::Open if self.screen.is_none() => self.ask_pin(Purpose::Enter, now),
            Event::OpenForPayment { order_number } if self.screen.is_none() => {
                self.ask_pin(Purpose::ConfirmPayment { order_number }, now);
            }
            event => {
                if let Some(screen) = self.screen.take() {
                    self.locks_at = Some(now + idle(&screen));
                    if let Screen::Pin { purpose: Purpose::ConfirmPayment { .. }, .. } = screen {
                        effects.push(Effect::StillThere);
                    }
                    self.touched(screen, event, now, &mut effects);
                }
            }
        }
        effects
    }

    fn ask_pin(&mut self, purpose: Purpose, now: Instant) {
        self.show(Screen::Pin { typed: Typed::default(), state: PinState::Asked, purpose });
        self.locks_at = Some(now + PIN_IDLE);
    }

    fn tick(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.locks_at.is_some_and(|at| now >= at) {
            // What a stick is written or read for goes on; its screen stays until it has an end.
            if let Some(
                Screen::Stick(Stick { work: StickWork::Working { .. }, .. })
                | Screen::Roster(RosterPage::Importing { .. }),
            ) = self.screen
            {
                self.locks_at = Some(now + IDLE);
                return;
            }
            return self.leave(true, effects);
        }
        if self.refresh_at.is_some_and(|at| now >= at) {
            match self.screen {
                Some(Screen::Board { .. }) => {
                    self.refresh_at = Some(now + REFRESH);
                    self.ask(Order::SeeFacts, effects);
                }
                Some(Screen::Camera(_)) => {
                    self.refresh_at = Some(now + LOOK);
                    // A choice that is being made is not overtaken.
                    if !self.is_waiting {
                        self.ask(Order::LookAtPicture, effects);
                    }
                }
                _ => self.refresh_at = None,
            }
        }
    }

    /// Whatever was open is dropped.
    pub(super) fn leave(&mut self, by_itself: bool, effects: &mut Vec<Effect>) {
        if self.role.is_some() {
            self.ask(Order::Lock { by_itself }, effects);
        }
        *self = Self { asked: self.asked + 1, paused: self.paused, ..Self::default() };
    }

    /// Asks the workers, if the role may; says whether it did.
    pub(super) fn ask(&mut self, order: Order, effects: &mut Vec<Effect>) -> bool {
        if order.action().is_some_and(|action| !self.may(action)) {
            return false;
        }
        self.asked += 1;
        self.is_waiting = true;
        self.has_failed = false;
        effects.push(Effect::Ask { ask: AskId(self.asked), role: self.role, order });
        true
    }

    /// Nobody waits any more for what was asked last.
    pub(super) fn stop(&self) -> Effect {
        Effect::Stop(AskId(self.asked))
    }

    pub(super) fn show(&mut self, screen: Screen) {
        if !matches!(screen, Screen::Board { .. } | Screen::Camera(_)) {
            self.refresh_at = None;
        }
        self.screen = Some(screen);
    }

    pub(super) fn board(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        self.show(Screen::Board { facts: None, open: None });
        self.refresh_at = Some(now + REFRESH);
        self.ask(Order::SeeFacts, effects);
    }

    pub(super) fn list(&mut self, queue: Queue, effects: &mut Vec<Effect>) {
        let (filter, after) = (queue.filter.clone(), queue.before.last().copied());
        self.show(Screen::Queue(queue));
        self.ask(Order::ListQueue { filter, after }, effects);
    }

    fn day(&mut self, day: Option<Date>, effects: &mut Vec<Effect>) {
        self.show(Screen::Day(DayPage::default()));
        self.ask(Order::ReadDay(day), effects);
    }

    fn log(&mut self, page: LogPage, effects: &mut Vec<Effect>) {
        let (level, before) = (page.level, page.before.last().copied());
        self.show(Screen::Log(page));
        self.ask(Order::ReadLog { level, before }, effects);
    }

    fn audit(&mut self, log: AuditLog, effects: &mut Vec<Effect>) {
        let before = log.before.last().copied();
        self.show(Screen::Audit(log));
        self.ask(Order::ReadAudit { before }, effects);
    }

    /// What staff did. The screen was taken out, so that whatever is not named here again is dropped.
    fn touched(&mut self, screen: Screen, event: Event, now: Instant, effects: &mut Vec<Effect>) {
        match (screen, event) {
            (screen, Event::Leave) => {
                if matches!(screen, Screen::Roster(RosterPage::Reading { .. })) {
                    effects.push(self.stop());
                }
                self.leave(false, effects);
            }
            (Screen::Pin { .. }, Event::Back) => self.leave(false, effects),
            (Screen::Pin { typed, state, purpose }, Event::Key(key)) => {
                self.pin_key(typed, state, purpose, key, effects);
            }
            (screen @ Screen::Pin { .. }, _) => self.show(screen),

            (Screen::Board { .. }, Event::Go(place)) if self.may(place.action()) => self.go(place, now, effects),
            (Screen::Board { facts, .. }, Event::OpenLight(subject)) => {
                self.show(Screen::Board { facts, open: Some(subject) });
            }
            (Screen::Board { facts, open: Some(_) }, Event::Back) => self.show(Screen::Board { facts, open: None }),

            (Screen::Queue(_), Event::Filter(filter)) => self.list(Queue { filter, ..Queue::default() }, effects),
            (Screen::Queue(_), Event::Search) => self.show(Screen::Search { typed: Typed::default() }),
            (Screen::Queue(mut queue), Event::Older) => {
                if let Some(last) = queue.page.as_ref().filter(|page| page.has_more).and_then(|page| page.lines.last())
                {
                    queue.before.push(last.end);
                }
                self.list(queue, effects);
            }
            (Screen::Queue(mut queue), Event::Newer) => {
                queue.before.pop();
                self.list(queue, effects);
            }
            (Screen::Queue(queue), Event::OpenRecord(id)) => {
                self.show(Screen::Queue(queue));
                self.ask(Order::OpenRecord(id), effects);
            }
            (Screen::Search { typed }, Event::Key(key)) => self.search_key(typed, key, effects),
            (Screen::Search { .. }, Event::Back) => self.list(Queue::default(), effects),

            (Screen::Record { queue, is_paying: false, .. }, Event::Back) => self.list(queue, effects),
            (Screen::Record { record, personal, queue, side, .. }, Event::Back) => {
                self.show(Screen::Record { record, personal, queue, side, is_paying: false });
            }
            (Screen::Record { record, personal, queue, .. }, Event::ShowSide(side)) => {
                self.show(Screen::Record { record, personal, queue, side, is_paying: false });
            }
            (Screen::Record { record, personal, queue, side, is_paying: false }, Event::ConfirmPayment)
                if record.line.paid == Some(false) =>
            {
                self.show(Screen::Record { record, personal, queue, side, is_paying: true });
            }
            (Screen::Record { record, queue, .. }, Event::TakeAlong) if self.may(Action::Export) => {
                let cargo = Cargo::Record { id: record.line.end.id, queue };
                self.find_sticks(cargo, effects);
            }
            (screen @ Screen::Record { .. }, event) => self.record(screen, &event, effects),

            (Screen::Pause, Event::Pause(notice)) => {
                self.show(Screen::Pause);
                self.ask(Order::Pause(notice), effects);
            }
            (Screen::Pause, Event::Resume) => {
                self.show(Screen::Pause);
                self.ask(Order::Resume, effects);
            }

            (screen @ Screen::Stick(Stick { work: StickWork::Working { .. }, .. }), _) => self.show(screen),
            (Screen::Stick(stick), Event::Go(Place::Stick)) => self.find_sticks(stick.cargo, effects),
            (Screen::Stick(stick), Event::Export(to)) => {
                let order = match stick.cargo {
                    Cargo::Queue => Order::Export(to),
                    Cargo::Record { id, .. } => Order::ExportRecord { id, to },
                    Cargo::Day(day) => Order::ExportDay { day, to },
                };
                self.work(stick, order, effects);
            }
            (Screen::Stick(Stick { cargo: Cargo::Record { id, queue }, .. }), Event::Back) => {
                self.show(Screen::Queue(queue));
                self.ask(Order::OpenRecord(id), effects);
            }
            (Screen::Stick(Stick { cargo: Cargo::Day(day), .. }), Event::Back) => self.day(Some(day), effects),
            (Screen::Stick(stick @ Stick { cargo: Cargo::Queue, .. }), Event::ImportReceipts(from)) => {
                self.work(stick, Order::ImportReceipts(from), effects);
            }

            (Screen::Roster(page), event) => self.roster(page, event, now, effects),

            (Screen::Plate(Plate::Prepare(_) | Plate::Taken(_) | Plate::Kept), Event::TakePlate) => {
                self.show(Screen::Plate(Plate::Taking));
                self.ask(Order::TakePlate, effects);
            }
            (Screen::Plate(Plate::Taken(taken)), Event::KeepPlate) => {
                self.show(Screen::Plate(Plate::Taken(taken.clone())));
                self.ask(Order::KeepPlate(taken), effects);
            }

            (Screen::Camera(page), Event::ChangeCamera(change)) => {
                self.show(Screen::Camera(page));
                self.ask(Order::ChangeCamera(change), effects);
            }

            (Screen::Day(DayPage { report: Some(report), .. }), Event::DayBefore) => {
                self.day(report.day.yesterday().ok(), effects);
            }
            (Screen::Day(DayPage { report: Some(report), is_today: false }), Event::DayAfter) => {
                self.day(report.day.tomorrow().ok(), effects);
            }
            (Screen::Day(DayPage { report: Some(report), .. }), Event::TakeAlong) if self.may(Action::Export) => {
                self.find_sticks(Cargo::Day(report.day), effects);
            }

            (Screen::Log(_), Event::Level(level)) => self.log(LogPage { level, ..LogPage::default() }, effects),
            (Screen::Log(page), Event::OpenLine(line)) => {
                let is_there = page.page.as_ref().is_some_and(|shown| line < shown.entries.len());
                self.show(Screen::Log(LogPage { opened: is_there.then_some(line), ..page }));
            }
            (Screen::Log(page @ LogPage { opened: Some(_), .. }), Event::Back) => {
                self.show(Screen::Log(LogPage { opened: None, ..page }));
            }
            (Screen::Log(mut page), Event::Older) => {
                if let Some(last) = page.page.as_ref().filter(|log| log.has_more).and_then(|log| log.entries.last()) {
                    page.before.push(last.place);
                }
                self.log(page, effects);
            }
            (Screen::Log(mut page), Event::Newer) => {
                page.before.pop();
                self.log(page, effects);
            }

            (Screen::Purge(Purge::Asked(erasable)), Event::Purge) if erasable.now > 0 => {
                self.show(Screen::Purge(Purge::Sure(erasable)));
            }
            (Screen::Purge(Purge::Sure(_)), Event::Purge) => {
                self.show(Screen::Purge(Purge::Erasing));
                self.ask(Order::Purge, effects);
            }
            (Screen::Purge(Purge::Sure(erasable)), Event::Back) => self.show(Screen::Purge(Purge::Asked(erasable))),

            (Screen::Update(page), event) => self.update(page, event, now, effects),

            (Screen::Audit(mut log), Event::Older) => {
                if let Some(last) = log.page.as_ref().filter(|page| page.has_more).and_then(|page| page.entries.last())
                {
                    log.before.push(last.sequence);
                }
                self.audit(log, effects);
            }
            (Screen::Audit(mut log), Event::Newer) => {
                log.before.pop();
                self.audit(log, effects);
            }

            (Screen::ChoosePin { .. }, Event::ChoosePin(whose)) if self.may(Action::change_pin_of(whose)) => {
                self.show(new_pin(whose, None));
            }
            (Screen::ChangePin { whose, first, typed, problem }, Event::Key(key)) => {
                self.new_pin_key(whose, (first, typed, problem), key, effects);
            }
            (Screen::ChangePin { .. }, Event::Back) => self.show(Screen::ChoosePin { changed: None }),

            (_, Event::Back) => self.board(now, effects),
            (screen, _) => self.show(screen),
        }
    }

    fn go(&mut self, place: Place, now: Instant, effects: &mut Vec<Effect>) {
        match place {
            Place::Queue => self.list(Queue::default(), effects),
            Place::Payments => self.list(Queue { filter: Filter::Due, ..Queue::default() }, effects),
            Place::Pause => self.show(Screen::Pause),
            Place::Stick => self.find_sticks(Cargo::Queue, effects),
            Place::Roster => self.find_rosters(effects),
            Place::Plate => self.show(Screen::Plate(Plate::Prepare(None))),
            Place::Camera => {
                self.show(Screen::Camera(CameraPage::default()));
                self.refresh_at = Some(now + LOOK);
                self.ask(Order::SeeCamera, effects);
            }
            Place::Day => self.day(None, effects),
            Place::Log => self.log(LogPage::default(), effects),
            Place::Purge => {
                self.show(Screen::Purge(Purge::Looking));
                self.ask(Order::SeeErasable, effects);
            }
            Place::Audit => self.audit(AuditLog::default(), effects),
            Place::Pins => self.show(Screen::ChoosePin { changed: None }),
            Place::Update => self.find_updates(effects),
        }
    }

    fn find_sticks(&mut self, cargo: Cargo, effects: &mut Vec<Effect>) {
        self.show(Screen::Stick(Stick { cargo, ..Stick::default() }));
        self.ask(Order::FindSticks, effects);
    }

    fn record(&mut self, screen: Screen, event: &Event, effects: &mut Vec<Effect>) {
        let Screen::Record { record, .. } = &screen else { return };
        let id = record.line.end.id;
        let order = match event {
            Event::Reveal => Some(Order::Reveal(id)),
            Event::Retry => Some(Order::Retry(id)),
            Event::ConfirmPayment if record.line.paid == Some(false) => {
                Some(Order::ConfirmPayment { order_number: record.order_number.clone() })
            }
            _ => None,
        };
        self.show(screen);
        if let Some(order) = order {
            self.ask(order, effects);
        }
    }

    fn work(&mut self, stick: Stick, order: Order, effects: &mut Vec<Effect>) {
        let old = stick.work;
        self.show(Screen::Stick(Stick { work: StickWork::Working { done: 0, of: 0 }, ..stick.clone() }));
        if !self.ask(order, effects) {
            self.show(Screen::Stick(Stick { work: old, ..stick }));
        }
    }
}

fn idle(screen: &Screen) -> Duration {
    if matches!(screen, Screen::Pin { .. }) { PIN_IDLE } else { IDLE }
}
