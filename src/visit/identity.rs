//! From the code to the consent: is it you, your 学号, your phone. Pure, as the whole machine.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::{
    AskId, Consent, Contact, Effect, Ending, Event, Key, Lookup, Phone, PhoneStep, Sitter, Sms, SmsSeen, State, Typed,
    Visit, Visitor,
};
use crate::code::{CodeDigest, Student};

/// Wrong 学号 that end a visit.
pub(super) const TRIES: u8 = 3;
/// How long wrong ones are held against a code: a day of the booth.
const HELD_FOR: Duration = Duration::from_secs(12 * 3600);
/// Digits of an SMS code: the last one sends it.
pub(super) const SMS_DIGITS: usize = 6;

/// How many wrong 学号 were typed for a code, so that showing it again gives no new tries.
#[derive(Debug, Default)]
pub(super) struct WrongNumbers(HashMap<CodeDigest, (u8, Instant)>);

impl WrongNumbers {
    fn of(&self, code: CodeDigest, now: Instant) -> u8 {
        let held = self.0.get(&code).filter(|(_, last)| now.saturating_duration_since(*last) < HELD_FOR);
        held.map_or(0, |(wrong, _)| *wrong)
    }

    fn note(&mut self, code: CodeDigest, now: Instant) {
        let wrong = self.of(code, now) + 1;
        self.0.retain(|_, (_, last)| now.saturating_duration_since(*last) < HELD_FOR);
        self.0.insert(code, (wrong, now));
    }
}

impl Visit {
    pub(super) fn confirm(&mut self, student: Student, effects: &mut Vec<Effect>) -> State {
        let ask = self.new_ask();
        effects.push(Effect::LookUp { ask, code: student.code });
        State::Confirm { student, lookup: Lookup::Pending(ask) }
    }

    pub(super) fn identity(&mut self, state: State, event: Event, now: Instant, effects: &mut Vec<Effect>) -> State {
        match (state, event) {
            (State::Confirm { student, lookup: Lookup::Pending(asked) }, Event::LookedUp { ask, record })
                if ask == asked =>
            {
                State::Confirm { student, lookup: Lookup::Done(record) }
            }
            (State::Confirm { student, lookup: Lookup::Done(earlier) }, Event::ConfirmStudent) => {
                self.ask_student_number(Visitor { student, contact: None, number_tail: None, earlier }, now)
            }

            (State::StudentNumber { visitor, typed, wrong, .. }, Event::Key(key)) => {
                self.student_number(visitor, typed, key, wrong, now, effects)
            }

            (State::Phone { visitor, typed, malformed }, Event::Key(key)) => {
                self.phone(visitor, typed, key, malformed, effects)
            }

            (State::SmsCode { visitor, phone, ask, sms, typed }, Event::Key(key)) => {
                self.sms_code(visitor, phone, ask, sms, typed, key, effects)
            }
            (State::SmsCode { visitor, phone, ask: asked, typed, .. }, Event::SmsSeen { ask, seen })
                if ask == asked =>
            {
                match seen {
                    // It may have come, and been typed, before the booth heard that it was sent.
                    SmsSeen::Sent if typed.len() == SMS_DIGITS => self.check_sms(visitor, phone, typed, effects),
                    SmsSeen::Sent => State::SmsCode { visitor, phone, ask, sms: Sms::Sent, typed },
                    SmsSeen::Wrong => State::SmsCode { visitor, phone, ask, sms: Sms::Wrong, typed: Typed::default() },
                    SmsSeen::Right => agreement(visitor, Some(Contact { phone, verified: true })),
                    SmsSeen::Unreachable => agreement(visitor, Some(Contact { phone, verified: false })),
                }
            }
            (State::SmsCode { visitor, phone, .. }, Event::Skip) => {
                agreement(visitor, Some(Contact { phone, verified: false }))
            }
            (State::SmsCode { visitor, phone, .. }, Event::ResendSms) => self.send_sms(visitor, phone, effects),
            (State::SmsCode { visitor, .. }, Event::Back) => ask_phone(visitor),

            (State::Agreement { visitor, photo_consent_ticked, .. }, Event::TickAgreement(agreement_ticked)) => {
                State::Agreement { visitor, agreement_ticked, photo_consent_ticked }
            }
            (State::Agreement { visitor, agreement_ticked, .. }, Event::TickPhotoConsent(photo_consent_ticked)) => {
                State::Agreement { visitor, agreement_ticked, photo_consent_ticked }
            }
            (
                State::Agreement { visitor, agreement_ticked: true, photo_consent_ticked: true },
                Event::Agree(language),
            ) => {
                let consent = Consent { language, given_at: now };
                let Visitor { student, contact, number_tail, earlier } = visitor;
                let paid = earlier.is_some_and(|earlier| !earlier.order.is_due());
                self.link_or_tips(
                    Sitter { student, consent, contact, number_tail, paid, submission: None, brought: None },
                    effects,
                )
            }

            (State::WeChat { sitter, ask: asked, claim: None }, Event::ClaimMade { ask, claim }) if ask == asked => {
                State::WeChat { sitter, ask, claim: Some(claim) }
            }
            (State::WeChat { sitter, claim: Some(claim), .. }, Event::Linked { submission })
                if submission == claim.submission =>
            {
                self.tips_or_framing(Sitter { submission: Some(submission), ..sitter })
            }
            (State::WeChat { sitter, claim, .. }, Event::Skip) => {
                // The student may have scanned it and link later: the submission keeps the id.
                let submission = claim.map(|claim| claim.submission);
                self.tips_or_framing(Sitter { submission, ..sitter })
            }

            (State::Tips { sitter }, Event::Ready) => self.framing(sitter, Vec::new()),

            (state, _) => state,
        }
    }

    fn ask_student_number(&self, visitor: Visitor, now: Instant) -> State {
        if self.steps.student_number.is_none() || visitor.student.enrolment.student_number.is_none() {
            return self.after_identity(visitor);
        }
        match self.tries_left(&visitor, now) {
            0 => State::Ended { ending: Ending::WrongStudentNumber },
            tries_left => State::StudentNumber { visitor, typed: Typed::default(), tries_left, wrong: false },
        }
    }

    fn tries_left(&self, visitor: &Visitor, now: Instant) -> u8 {
        TRIES.saturating_sub(self.wrong_numbers.of(visitor.student.code, now))
    }

    fn student_number(
        &mut self,
        visitor: Visitor,
        mut typed: Typed,
        key: Key,
        wrong: bool,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) -> State {
        let (Some(form), Some(hash)) = (self.steps.student_number, &visitor.student.enrolment.student_number) else {
            return self.after_identity(visitor);
        };
        let mut entered = false;
        match key {
            Key::Character(character) if form.takes(character) => {
                typed.push(character, form.longest);
                entered = form.is_full(&typed);
            }
            Key::Character(_) | Key::Shift => {}
            Key::Erase => typed.erase_last(),
            Key::Enter => entered = form.is_whole(&typed),
        }
        let code = visitor.student.code;
        if !entered {
            let tries_left = self.tries_left(&visitor, now);
            return State::StudentNumber { visitor, wrong: wrong && typed.is_empty(), typed, tries_left };
        }
        if hash.matches(typed.as_str()) {
            self.wrong_numbers.0.remove(&code);
            return self.after_identity(Visitor { number_tail: Some(typed.tail(4)), ..visitor });
        }
        self.wrong_numbers.note(code, now);
        match self.tries_left(&visitor, now) {
            0 => {
                effects.push(Effect::LogWrongNumber { code });
                State::Ended { ending: Ending::WrongStudentNumber }
            }
            tries_left => State::StudentNumber { visitor, typed: Typed::default(), tries_left, wrong: true },
        }
    }

    /// Who has been here before finds the personal centre.
    fn after_identity(&self, visitor: Visitor) -> State {
        if let Some(record) = visitor.earlier.clone() {
            return State::Centre { visitor, record };
        }
        self.contact(visitor)
    }

    /// Each submission has a number of its own: of an earlier one only the server knows whether it was right.
    pub(super) fn contact(&self, visitor: Visitor) -> State {
        match self.steps.phone {
            PhoneStep::Off => agreement(visitor, None),
            PhoneStep::Unverified | PhoneStep::Sms => ask_phone(visitor),
        }
    }

    fn phone(
        &mut self,
        visitor: Visitor,
        mut typed: Typed,
        key: Key,
        malformed: bool,
        effects: &mut Vec<Effect>,
    ) -> State {
        match key {
            Key::Character(digit) if digit.is_ascii_digit() => typed.push(digit, Phone::DIGITS),
            Key::Character(_) | Key::Shift => return State::Phone { visitor, typed, malformed },
            Key::Erase => typed.erase_last(),
            Key::Enter => {
                return match Phone::parse(typed.as_str()) {
                    None => State::Phone { visitor, typed, malformed: true },
                    Some(phone) if self.steps.phone == PhoneStep::Sms => self.send_sms(visitor, phone, effects),
                    Some(phone) => agreement(visitor, Some(Contact { phone, verified: false })),
                };
            }
        }
        let malformed = typed.len() == Phone::DIGITS && Phone::parse(typed.as_str()).is_none();
        State::Phone { visitor, typed, malformed }
    }

    fn send_sms(&mut self, visitor: Visitor, phone: Phone, effects: &mut Vec<Effect>) -> State {
        let ask = self.new_ask();
        effects.push(Effect::SendSms { ask, phone: phone.clone() });
        State::SmsCode { visitor, phone, ask, sms: Sms::Sending, typed: Typed::default() }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one state")]
    fn sms_code(
        &mut self,
        visitor: Visitor,
        phone: Phone,
        ask: AskId,
        sms: Sms,
        mut typed: Typed,
        key: Key,
        effects: &mut Vec<Effect>,
    ) -> State {
        // While one is being checked, no other is typed.
        if sms == Sms::Checking {
            return State::SmsCode { visitor, phone, ask, sms, typed };
        }
        match key {
            Key::Character(digit) if digit.is_ascii_digit() => typed.push(digit, SMS_DIGITS),
            Key::Erase => typed.erase_last(),
            Key::Character(_) | Key::Enter | Key::Shift => {}
        }
        if typed.len() < SMS_DIGITS || sms == Sms::Sending {
            return State::SmsCode { visitor, phone, ask, sms, typed };
        }
        self.check_sms(visitor, phone, typed, effects)
    }

    fn check_sms(&mut self, visitor: Visitor, phone: Phone, typed: Typed, effects: &mut Vec<Effect>) -> State {
        let ask = self.new_ask();
        effects.push(Effect::CheckSms { ask, phone: phone.clone(), code: typed.clone() });
        State::SmsCode { visitor, phone, ask, sms: Sms::Checking, typed }
    }

    fn link_or_tips(&mut self, sitter: Sitter, effects: &mut Vec<Effect>) -> State {
        if !self.steps.wechat {
            return self.tips_or_framing(sitter);
        }
        let ask = self.new_ask();
        effects.push(Effect::MakeClaim { ask });
        State::WeChat { sitter, ask, claim: None }
    }

    fn tips_or_framing(&self, sitter: Sitter) -> State {
        if self.steps.tips || self.steps.imports.any() {
            State::Tips { sitter }
        } else {
            self.framing(sitter, Vec::new())
        }
    }
}

fn ask_phone(visitor: Visitor) -> State {
    State::Phone { visitor, typed: Typed::default(), malformed: false }
}

fn agreement(visitor: Visitor, contact: Option<Contact>) -> State {
    State::Agreement { visitor: Visitor { contact, ..visitor }, agreement_ticked: false, photo_consent_ticked: false }
}
