//! What comes of the workers' answers.

use std::time::Instant;

use super::keys::new_pin;
use super::machine::IDLE;
use super::{
    Answer, AuditLog, CameraPage, DayPage, Effect, LogPage, Operator, Order, PinState, Plate, Purge, Purpose, Queue,
    Screen, Side, Stick, StickWork,
};
use crate::visit::Typed;

impl Operator {
    pub(super) fn answered(&mut self, answer: Answer, now: Instant, effects: &mut Vec<Effect>) {
        let Some(screen) = self.screen.take() else { return };
        match (screen, answer) {
            (Screen::Pin { purpose: Purpose::Enter, .. }, Answer::Unlocked(role)) => {
                self.role = Some(role);
                self.locks_at = Some(now + IDLE);
                self.board(now, effects);
            }
            (Screen::Pin { purpose: Purpose::ConfirmPayment { order_number }, .. }, Answer::Unlocked(role)) => {
                self.role = Some(role);
                let purpose = Purpose::ConfirmPayment { order_number: order_number.clone() };
                self.show(Screen::Pin { typed: Typed::default(), state: PinState::Checking, purpose });
                self.ask(Order::ConfirmPayment { order_number }, effects);
            }
            (Screen::Pin { purpose: Purpose::ConfirmPayment { order_number }, .. }, Answer::PaymentConfirmed) => {
                effects.push(Effect::PaymentConfirmed { order_number });
                self.leave(false, effects);
            }
            (Screen::Pin { typed, purpose, .. }, Answer::Refused(state)) => {
                self.show(Screen::Pin { typed, state, purpose });
            }
            (Screen::Pin { typed, purpose, .. }, Answer::Failed | Answer::Gone) => {
                self.role = None;
                self.show(Screen::Pin { typed, state: PinState::Failed, purpose });
            }

            (Screen::Board { open, .. }, Answer::Facts(facts)) => {
                self.show(Screen::Board { facts: Some(facts), open });
            }
            (Screen::Queue(queue), Answer::Page(page)) => self.show(Screen::Queue(Queue { page: Some(page), ..queue })),
            (Screen::Queue(queue), Answer::Record(record)) => {
                self.show(Screen::Record { record, personal: None, queue, side: Side::default(), is_paying: false });
            }
            (Screen::Record { queue, personal, side, .. }, Answer::Record(record)) => {
                self.show(Screen::Record { record, personal, queue, side, is_paying: false });
            }
            (Screen::Record { queue, record, side, .. }, Answer::Personal(personal)) => {
                self.show(Screen::Record { record, personal: Some(personal), queue, side, is_paying: false });
            }
            (Screen::Record { record, personal, queue, side, .. }, Answer::PaymentConfirmed) => {
                let id = record.line.end.id;
                self.show(Screen::Record { record, personal, queue, side, is_paying: false });
                self.ask(Order::OpenRecord(id), effects);
            }
            (Screen::Stick(stick), Answer::Sticks(sticks)) => {
                self.show(Screen::Stick(Stick { sticks: Some(sticks), ..stick }));
            }
            (Screen::Stick(stick), Answer::Stick(work)) => {
                // Somebody waits for the end of this.
                self.locks_at = Some(now + IDLE);
                self.show(Screen::Stick(Stick { work, ..stick }));
            }
            (Screen::Roster(page), answer) => self.roster_answered(page, answer, now),
            (Screen::Plate(_), Answer::PlateTaken(taken)) => self.show(Screen::Plate(Plate::Taken(taken))),
            (Screen::Plate(_), Answer::PlateKept) => self.show(Screen::Plate(Plate::Kept)),
            (Screen::Plate(_), Answer::PlateFailed(problem)) => {
                self.show(Screen::Plate(Plate::Prepare(Some(problem))));
            }
            (Screen::Plate(Plate::Taking), Answer::Failed) => self.show(Screen::Plate(Plate::Prepare(None))),
            (Screen::Stick(stick), Answer::Failed) => {
                self.show(Screen::Stick(Stick { work: StickWork::Nothing, ..stick }));
            }
            (Screen::Camera(page), Answer::Camera(choice)) => {
                let choice = Some(choice);
                self.show(Screen::Camera(CameraPage { choice, has_failed: false, ..page }));
            }
            (Screen::Camera(page), Answer::Look(look)) => {
                self.show(Screen::Camera(CameraPage { look: Some(look), ..page }));
            }
            (Screen::Camera(page), Answer::CameraFailed) => {
                self.show(Screen::Camera(CameraPage { has_failed: true, ..page }));
            }
            (Screen::Day(_), Answer::Day(report, is_today)) => {
                self.show(Screen::Day(DayPage { report: Some(report), is_today }));
            }
            (Screen::Log(log), Answer::Log(page)) => self.show(Screen::Log(LogPage { page: Some(page), ..log })),
            (Screen::Purge(_), Answer::Erasable(erasable)) => self.show(Screen::Purge(Purge::Asked(erasable))),
            (Screen::Purge(_), Answer::Erased(number)) => self.show(Screen::Purge(Purge::Erased(number))),
            (Screen::Purge(_), Answer::Failed) => self.show(Screen::Purge(Purge::Looking)),
            (Screen::Update(page), answer) => self.update_answered(page, answer),
            (Screen::Audit(log), Answer::Audit(page)) => self.show(Screen::Audit(AuditLog { page: Some(page), ..log })),
            (Screen::ChangePin { whose, .. }, Answer::PinSet) => {
                self.show(Screen::ChoosePin { changed: Some(whose) });
            }
            (Screen::ChangePin { whose, .. }, Answer::PinRefused(problem)) => self.show(new_pin(whose, Some(problem))),
            (screen, _) => self.screen = Some(screen),
        }
    }
}
