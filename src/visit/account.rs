//! What follows a saved photo: its payment, and the personal centre of a student who comes back.
//! Nothing here can lose or hold up a submission: it is stored already.

use super::{
    Effect, Ending, Enquiry, Event, Order, Payment, PaymentMode, PaymentProgress, PaymentSeen, Sitter, State, Visit,
};

impl Visit {
    /// What this sitter owes: nothing for a retake of a photo that was paid.
    pub(super) fn payment_of(&self, sitter: &Sitter) -> Payment {
        if sitter.paid { Payment::default() } else { self.steps.payment.asked() }
    }

    pub(super) fn saved(&self, sitter: &Sitter, order_number: String) -> State {
        let order = Order { number: order_number, payment: self.payment_of(sitter), paid: false };
        match order.payment.mode {
            PaymentMode::Online | PaymentMode::Staff if order.is_due() => pay(order),
            _ => State::Done { order },
        }
    }

    pub(super) fn account(&mut self, state: State, event: Event, effects: &mut Vec<Effect>) -> State {
        match (state, event) {
            (State::Payment { order, progress }, Event::PaymentSeen { order_number, seen })
                if order_number == order.number =>
            {
                match seen {
                    PaymentSeen::Paid | PaymentSeen::Confirmed => {
                        effects.push(Effect::MarkPaid { order_number });
                        State::Done { order: Order { paid: true, ..order } }
                    }
                    PaymentSeen::Open(url) => State::Payment { order, progress: PaymentProgress::Code(url) },
                    // A code that is shown already stays: the student may be paying by it.
                    PaymentSeen::Unreachable if matches!(progress, PaymentProgress::Code(_)) => {
                        State::Payment { order, progress }
                    }
                    PaymentSeen::Unreachable => State::Payment { order, progress: PaymentProgress::Unreachable },
                }
            }
            (State::Payment { order, .. }, Event::Skip) => State::Done { order },

            (State::Done { .. }, Event::Start) | (State::Ended { .. }, Event::Start) => State::Welcome,

            (State::Centre { record, .. }, Event::PayNow) if record.order.is_due() => pay(record.order.clone()),
            (State::Centre { visitor, record, .. }, Event::Resubmit) if record.review.asks_for_another() => {
                self.contact(visitor)
            }
            (State::Centre { .. }, Event::Start) => State::Welcome,
            (State::Centre { visitor, record }, Event::Withdraw) => State::Withdraw { visitor, record, ask: None },

            (State::Withdraw { visitor, record, ask: None }, Event::Back) => State::Centre { visitor, record },
            (State::Withdraw { visitor, record, ask: None }, Event::ConfirmWithdrawal) => {
                let ask = self.new_ask();
                effects.push(Effect::Withdraw { ask, submission: record.submission });
                State::Withdraw { visitor, record, ask: Some(ask) }
            }
            (State::Withdraw { ask: Some(asked), .. }, Event::Withdrawn { ask, known_to_server }) if ask == asked => {
                State::Ended { ending: Ending::Withdrawn { known_to_server } }
            }

            (state, _) => state,
        }
    }

    pub(super) fn wanted_enquiry(&self) -> Enquiry {
        match &self.state {
            State::Payment { order, progress } if *progress != PaymentProgress::WithStaff => {
                Enquiry::Payment(order.clone())
            }
            State::WeChat { claim: Some(claim), .. } => Enquiry::Link(claim.submission),
            _ => Enquiry::Nothing,
        }
    }
}

/// An order that was to be paid later is paid by the code when its student comes back.
fn pay(order: Order) -> State {
    let progress = match order.payment.mode {
        PaymentMode::Staff => PaymentProgress::WithStaff,
        PaymentMode::Online | PaymentMode::Deferred | PaymentMode::None => PaymentProgress::Asking,
    };
    State::Payment { order, progress }
}
