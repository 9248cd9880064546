//! The back room, the operator's thread: does what operator mode asks for, and writes each action into the audit log before it
//! is done. It looks at the role once more, whatever the machine made of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use super::courier::Handle;
use super::{Shared, studio, supervise};
use crate::camera::OpenCamera;
use crate::office::{OfficeError, roster_subject};
use crate::operator::{Answer, Event, Notice, Order, PinProblem, PinState, Pins, PinsError, Role, StickWork};
use crate::report;
use crate::store::Noted;
use crate::submission::SubmissionId;
use crate::visit::AskId;

mod camera;
mod facts;
mod plate;
mod records;
mod rosters;
mod sticks;
mod updates;
mod upkeep;

pub(super) use facts::FactFinder;

/// One thing that operator mode wants, and in whose name.
pub(super) struct Request {
    pub(super) ask: AskId,
    pub(super) role: Option<Role>,
    pub(super) order: Order,
}

/// Where answers go.
#[derive(Clone)]
pub(super) struct AnswerSender {
    pub(super) events: SyncSender<Event>,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
}

impl AnswerSender {
    fn send(&self, event: Event) {
        // The receiver is gone only while the program ends.
        let _ = self.events.send(event);
        (self.wake)();
    }

    /// For what the next one replaces.
    fn offer(&self, event: Event) {
        let _ = self.events.try_send(event);
        (self.wake)();
    }
}

/// Who else has a part in what operators do.
#[derive(Clone)]
pub(super) struct Hands {
    pub(super) studio: SyncSender<studio::Job>,
    pub(super) courier: Handle,
    pub(super) camera: OpenCamera,
    pub(super) unwanted: Unwanted,
}

/// The last question whose answer nobody wants any more.
#[derive(Clone, Default)]
pub(super) struct Unwanted(Arc<AtomicU64>);

impl Unwanted {
    pub(super) fn set(&self, ask: AskId) {
        self.0.store(ask.0, Ordering::Relaxed);
    }

    fn is(&self, ask: AskId) -> bool {
        self.0.load(Ordering::Relaxed) == ask.0
    }
}

const LISTEN: Duration = Duration::from_millis(200);

pub(super) fn start(
    shared: Shared,
    requests: Receiver<Request>,
    answers: AnswerSender,
    hands: Hands,
) -> std::io::Result<JoinHandle<()>> {
    supervise("operator", shared.clone(), None, move || {
        let mut back_room = BackRoom {
            shared: shared.clone(),
            answers: answers.clone(),
            hands: hands.clone(),
            facts: FactFinder::new(shared.clone(), hands.courier.clone()),
        };
        back_room.tell_pause();
        while !shared.stop.is_set() {
            back_room.write_down();
            match requests.recv_timeout(LISTEN) {
                Ok(request) => back_room.work(request),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        back_room.write_down();
    })
}

struct BackRoom {
    shared: Shared,
    answers: AnswerSender,
    hands: Hands,
    facts: FactFinder,
}

impl BackRoom {
    /// A booth that was closed to students stays closed when it starts again.
    fn tell_pause(&self) {
        match self.shared.office().and_then(|office| Ok(office.store.pause()?)) {
            Ok(notice) => self.answers.send(Event::PauseSeen(notice.as_deref().map(Notice::from_name))),
            // The studio says what is wrong with the database.
            Err(error) => tracing::debug!(%error, "whether the booth is paused is not known"),
        }
    }

    /// What was counted meanwhile. What cannot be written is kept and tried again.
    fn write_down(&self) {
        let counted = self.shared.tally.take();
        if counted.is_empty() {
            return;
        }
        let day = report::today(Timestamp::now());
        let written = self.shared.office().and_then(|office| Ok(office.store.count(day, &counted)?));
        if let Err(error) = written {
            tracing::debug!(%error, "what was counted is not written down yet");
            self.shared.tally.put_back(counted);
        }
    }

    fn work(&mut self, Request { ask, role, order }: Request) {
        if order.action().is_some_and(|action| !role.is_some_and(|role| role.may(action))) {
            tracing::error!(?role, "operator mode asked for what its role may not do");
            return self.answers.send(Event::Answered { ask, answer: Answer::Failed });
        }
        let answer = self.log_and_do(ask, role, order).unwrap_or_else(|error| {
            tracing::error!(%error, "operator mode was not answered");
            Answer::Failed
        });
        self.answers.send(Event::Answered { ask, answer });
    }

    fn log_and_do(&mut self, ask: AskId, role: Option<Role>, order: Order) -> Result<Answer, OfficeError> {
        let Some((role, action)) = role.zip(order.action()) else { return self.unlock(&order) };
        if !order.is_logged() {
            return self.carry_out(ask, order);
        }
        let subject = subject(&order);
        let noted = self.note(role.name(), action.name(), &subject);
        // Somebody whose database is broken may still look at the dashboard and leave.
        if !matches!(order, Order::Lock { .. }) {
            noted?;
        }
        let answer = self.carry_out(ask, order);
        if let Some(end) = answer.as_ref().map_or(Some("failed"), Answer::other_end) {
            let _ = self.note(role.name(), &format!("{}_{end}", action.name()), &subject);
        }
        answer
    }

    fn note(&self, actor: &str, action: &str, subject: &str) -> Result<(), OfficeError> {
        let office = self.shared.office()?;
        Ok(office.store.note_action(&office.key, Timestamp::now(), Noted { actor, action, subject })?)
    }

    fn pins(&self) -> Pins {
        Pins::in_folder(&self.shared.config.secrets)
    }

    fn unlock(&self, order: &Order) -> Result<Answer, OfficeError> {
        let Order::Unlock { pin } = order else { return Ok(Answer::Failed) };
        let (actor, action, answer) = match self.pins().unlock(pin.as_str(), Timestamp::now()) {
            Ok(Ok(role)) => (role.name(), "unlock", Answer::Unlocked(role)),
            Ok(Err(state)) => ("nobody", "unlock_refused", Answer::Refused(state)),
            Err(error) => {
                tracing::error!(%error, "the operators' PINs cannot be read or written");
                ("nobody", "unlock_failed", Answer::Refused(PinState::Broken))
            }
        };
        if let Err(error) = self.note(actor, action, "") {
            tracing::error!(%error, action, "not in the audit log");
        }
        Ok(answer)
    }

    fn carry_out(&mut self, ask: AskId, order: Order) -> Result<Answer, OfficeError> {
        match order {
            Order::Unlock { .. } | Order::Lock { .. } => Ok(Answer::Done),
            Order::SeeFacts => Ok(Answer::Facts(Arc::new(self.facts.facts()))),
            Order::ListQueue { filter, after } => records::page(&*self.shared.office()?, &filter, after),
            Order::OpenRecord(id) => records::record(&*self.shared.office()?, id),
            Order::Reveal(id) => records::personal(&*self.shared.office()?, id),
            Order::Retry(id) => self.retry(id),
            Order::ConfirmPayment { order_number } => self.confirm_payment(&order_number),
            Order::Pause(notice) => self.set_pause(Some(notice)),
            Order::Resume => self.set_pause(None),
            Order::FindSticks => Ok(Answer::Sticks(self.find_sticks())),
            Order::Export(stick) => Ok(self.stick_answer(self.export(ask, &stick))),
            Order::ExportRecord { id, to } => Ok(self.stick_answer(self.export_record(id, &to))),
            Order::ImportReceipts(stick) => Ok(self.stick_answer(self.import(ask, &stick))),
            Order::FindRosters => Ok(self.find_rosters()),
            Order::ReadRoster { file, places } => self.read_roster(ask, &file, &places),
            Order::ImportRoster { file, places, digest, without_bad } => {
                self.import_roster(ask, (&file, &places), digest, without_bad)
            }
            Order::TakePlate => Ok(self.take_plate()),
            Order::KeepPlate(taken) => Ok(self.keep_plate(&taken)),
            Order::SeeCamera => Ok(self.see_camera()),
            Order::LookAtPicture => Ok(self.look_at_picture()),
            Order::ChangeCamera(change) => Ok(self.change_camera(change)),
            Order::ReadDay(day) => upkeep::day(&*self.shared.office()?, day),
            Order::ExportDay { day, to } => Ok(self.stick_answer(self.export_day(day, &to))),
            Order::ReadLog { level, before } => Ok(self.read_log(level, before)),
            Order::SeeErasable => self.erasable(),
            Order::Purge => self.purge(),
            Order::FindUpdates => Ok(self.find_updates()),
            Order::InstallUpdate(wanted) => Ok(self.install_update(&wanted)),
            Order::ReadAudit { before } => records::audit(&*self.shared.office()?, before),
            Order::SetPin { whose, pin } => Ok(self.set_pin(whose, pin.as_str())),
        }
    }

    fn retry(&self, id: SubmissionId) -> Result<Answer, OfficeError> {
        let office = self.shared.office()?;
        office.store.requeue(id)?;
        self.hands.courier.wake();
        records::record(&office, id)
    }

    fn confirm_payment(&self, order_number: &str) -> Result<Answer, OfficeError> {
        let Ok(id) = SubmissionId::from_order_number(order_number) else { return Ok(Answer::Gone) };
        self.shared.office()?.store.take_fee(id, Timestamp::now())?;
        self.hands.courier.wake();
        Ok(Answer::PaymentConfirmed)
    }

    fn set_pause(&self, notice: Option<Notice>) -> Result<Answer, OfficeError> {
        self.shared.office()?.store.set_pause(notice.map(Notice::name))?;
        self.answers.send(Event::PauseSeen(notice));
        Ok(Answer::Done)
    }

    fn set_pin(&self, whose: Role, pin: &str) -> Answer {
        match self.pins().set(whose, pin) {
            Ok(()) => Answer::PinSet,
            Err(PinsError::Unfit) => Answer::PinRefused(PinProblem::Unfit),
            Err(PinsError::Taken) => Answer::PinRefused(PinProblem::Taken),
            Err(PinsError::File(error)) => {
                tracing::error!(%error, "the operators' PINs cannot be written");
                Answer::Failed
            }
        }
    }

    fn stick_answer(&self, outcome: Result<StickWork, crate::operator::StickProblem>) -> Answer {
        Answer::Stick(outcome.unwrap_or_else(StickWork::Failed))
    }
}

/// What the audit log says it was done to.
fn subject(order: &Order) -> String {
    match order {
        Order::Lock { by_itself: true } => "by itself".to_owned(),
        Order::Reveal(id) | Order::Retry(id) | Order::ExportRecord { id, .. } => id.to_string(),
        Order::ConfirmPayment { order_number } => {
            SubmissionId::from_order_number(order_number).map_or_else(|_| String::new(), |id| id.to_string())
        }
        Order::Pause(notice) => notice.name().to_owned(),
        Order::ChangeCamera(change) => camera::subject(change),
        Order::ExportDay { day, .. } => day.to_string(),
        Order::ImportRoster { digest, without_bad, .. } => roster_subject(digest, *without_bad),
        Order::InstallUpdate(wanted) => wanted.version.clone(),
        Order::SetPin { whose, .. } => whose.name().to_owned(),
        _ => String::new(),
    }
}
