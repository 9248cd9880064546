//! Whole visits, told as what people do.

use super::*;
use crate::code::payload::Rejected;

mod brought;
mod returning;

const ADA: u8 = 1;
const BOB: u8 = 2;

/// A booth with somebody before it. Whatever the workers would answer, they answer at once.
struct Booth {
    walk: Walk,
    server_is_away: bool,
}

fn booth() -> Booth {
    Booth { walk: Walk::new(), server_is_away: false }
}

impl Booth {
    fn without_server() -> Self {
        Self { server_is_away: true, ..booth() }
    }

    fn state(&self) -> &State {
        self.walk.visit.state()
    }

    fn send(mut self, event: Event) -> Self {
        self.walk.send(event);
        self
    }

    fn see_code(mut self, code: Result<u8, CodeProblem>) -> Self {
        if matches!(self.state(), State::Welcome) {
            self.walk.send(Event::Start);
        }
        let State::Scan { scan, .. } = *self.state() else { panic!("{:?}", self.state()) };
        match code {
            Ok(who) => self.send(Event::CodeRead { scan, student: student(who) }),
            Err(problem) => self.send(Event::CodeRefused { scan, problem }),
        }
    }

    /// Nobody has been here before.
    fn show_code(self, who: u8) -> Self {
        self.see_code(Ok(who)).remember(None)
    }

    fn show_code_again(self, who: u8, record: Arc<Record>) -> Self {
        self.see_code(Ok(who)).remember(Some(record))
    }

    fn remember(self, record: Option<Arc<Record>>) -> Self {
        let State::Confirm { lookup: Lookup::Pending(ask), .. } = *self.state() else { panic!("{:?}", self.state()) };
        self.send(Event::LookedUp { ask, record })
    }

    fn confirm(self) -> Self {
        self.send(Event::ConfirmStudent)
    }

    fn student_number(mut self, number: &str) -> Self {
        self.walk.type_in(number);
        self
    }

    fn phone(mut self, number: &str) -> Self {
        self.walk.type_in(number);
        self = self.send(Event::Key(Key::Enter));
        match *self.state() {
            State::SmsCode { ask, .. } if self.server_is_away => {
                self.send(Event::SmsSeen { ask, seen: SmsSeen::Unreachable })
            }
            State::SmsCode { ask, .. } => self.send(Event::SmsSeen { ask, seen: SmsSeen::Sent }),
            _ => self,
        }
    }

    fn sms(mut self, code: &str) -> Self {
        self.walk.type_in(code);
        let State::SmsCode { ask, .. } = *self.state() else { panic!("{:?}", self.state()) };
        let seen = if code == "123456" { SmsSeen::Right } else { SmsSeen::Wrong };
        self.send(Event::SmsSeen { ask, seen })
    }

    fn consent(self) -> Self {
        self.send(Event::TickAgreement(true)).send(Event::TickPhotoConsent(true)).send(Event::Agree(Language::Chinese))
    }

    fn link_later(self) -> Self {
        self.send(Event::Skip)
    }

    fn read_tips(self) -> Self {
        self.send(Event::Ready)
    }

    /// Holds still until it shoots.
    fn sit(mut self) -> Self {
        self.walk.send(Event::FramingSeen(Framing::Good));
        self.walk.now += Duration::from_secs(1);
        self.send(Event::FramingSeen(Framing::Good))
    }

    fn shoot(mut self) -> Self {
        let State::Countdown { fires_at, .. } = *self.state() else { panic!("{:?}", self.state()) };
        self.walk.now = fires_at;
        self.send(Event::Tick)
    }

    fn take_photo(self) -> Self {
        let taken = self.sit().shoot();
        let State::Developing { capture, .. } = *taken.state() else { panic!("{:?}", taken.state()) };
        taken.send(Event::Developed { capture, outcome: Outcome::Portrait(portrait()) })
    }

    fn accept(self) -> Self {
        self.send(Event::Accept)
    }

    fn submit(self) -> Self {
        let submitted = self.send(Event::Submit);
        let State::Saving { capture, .. } = *submitted.state() else { panic!("{:?}", submitted.state()) };
        submitted.send(Event::Saved { capture, order_number: "7".to_owned() })
    }

    fn payment(self, seen: PaymentSeen) -> Self {
        self.send(Event::PaymentSeen { order_number: "7".to_owned(), seen })
    }

    fn wait(mut self, seconds: u64) -> Self {
        self.walk.wait(Duration::from_secs(seconds));
        self
    }

    #[track_caller]
    fn at(self, state: &str) -> Self {
        assert_eq!(name(self.state()), state);
        self
    }

    #[track_caller]
    fn saved(self, photos: usize) -> Self {
        assert_eq!(self.walk.saves.len(), photos, "photos saved");
        self
    }
}

/// As far as the choice between the camera and a picture.
fn ada_reads_the_tips() -> Booth {
    booth().show_code(ADA).confirm().student_number(NUMBER).phone(PHONE).sms("123456").consent().link_later().at("Tips")
}

/// As far as the camera.
fn ada_is_ready() -> Booth {
    ada_reads_the_tips().read_tips().at("Framing")
}

#[test]
fn ada_gets_her_photo_and_pays() {
    let done = ada_is_ready().take_photo().accept().submit().at("Payment").payment(PaymentSeen::Paid).at("Done");
    let State::Done { order } = done.state() else { unreachable!() };
    assert!(order.paid && !order.is_due());
    assert_eq!(done.walk.paid, ["7"]);
    done.saved(1).send(Event::Start).at("Welcome");
}

#[test]
fn ada_chooses_another_background() {
    let review = ada_is_ready().take_photo().at("Review");
    let State::Review { capture, .. } = *review.state() else { unreachable!() };
    let blue = Portrait { background: [100, 197, 255], ..new_portrait() };
    let chosen = review
        .send(Event::ChooseBackground([100, 197, 255]))
        .at("Review")
        .send(Event::Developed { capture, outcome: Outcome::Portrait(Arc::new(blue)) })
        .at("Review");
    let State::Review { portrait, .. } = chosen.state() else { unreachable!() };
    assert_eq!(portrait.background, [100, 197, 255]);
    let other = chosen.send(Event::ChooseBackground([1, 2, 3]));
    assert_eq!(other.walk.recoloured, [[100, 197, 255]], "only what the profile allows");
    // A change that comes when the photo is accepted already is not wanted any more.
    let late = other.accept().send(Event::Developed { capture, outcome: Outcome::Portrait(super::portrait()) });
    late.at("Summary").submit().saved(1);
}

#[test]
fn ada_sees_somebody_elses_record() {
    booth().show_code(BOB).send(Event::Cancel).at("Welcome").show_code(ADA).at("Confirm").saved(0);
}

#[test]
fn ada_types_a_wrong_number_three_times() {
    let wrong = "19219639000";
    booth()
        .show_code(ADA)
        .confirm()
        .student_number(wrong)
        .student_number(wrong)
        .at("StudentNumber")
        .student_number(wrong)
        .at("Ended")
        .wait(16)
        .at("Welcome")
        .saved(0);
}

#[test]
fn ada_does_not_consent() {
    let asked = booth().show_code(ADA).confirm().student_number(NUMBER).phone(PHONE).sms("123456").at("Agreement");
    asked
        .send(Event::TickAgreement(true))
        .send(Event::Agree(Language::Chinese))
        .at("Agreement")
        .send(Event::Cancel)
        .at("Welcome")
        .saved(0);
}

#[test]
fn the_sms_code_is_wrong_at_first() {
    booth()
        .show_code(ADA)
        .confirm()
        .student_number(NUMBER)
        .phone(PHONE)
        .sms("654321")
        .at("SmsCode")
        .sms("123456")
        .at("Agreement");
}

#[test]
fn the_server_is_away_and_ada_gets_her_photo_all_the_same() {
    let done = Booth::without_server()
        .show_code(ADA)
        .confirm()
        .student_number(NUMBER)
        .phone(PHONE)
        .consent()
        .link_later()
        .read_tips()
        .take_photo()
        .accept()
        .submit()
        .payment(PaymentSeen::Unreachable)
        .at("Payment")
        .send(Event::Skip)
        .at("Done")
        .saved(1);
    let State::Done { order } = done.state() else { unreachable!() };
    assert!(order.is_due(), "she pays later");
}

#[test]
fn the_payment_never_arrives_and_the_photo_is_safe() {
    ada_is_ready()
        .take_photo()
        .accept()
        .submit()
        .payment(PaymentSeen::Open("https://example.org/pay".to_owned()))
        .wait(61)
        .at("Welcome")
        .saved(1);
}

#[test]
fn the_camera_dies_during_the_countdown() {
    ada_is_ready()
        .sit()
        .at("Countdown")
        .send(Event::FaultRaised(Fault::Camera))
        .at("OutOfService")
        .send(Event::FaultCleared(Fault::Camera))
        .at("Welcome")
        .saved(0);
}

#[test]
fn a_camera_that_dies_after_the_shutter_costs_nobody_a_photo() {
    let lost = || Event::FaultRaised(Fault::Camera);
    let seen = |photo: Booth| photo.at("Review").accept().at("Summary").submit().at("Payment").saved(1);
    let developing = ada_is_ready().sit().shoot().send(lost()).at("Developing");
    let State::Developing { capture, .. } = *developing.state() else { unreachable!() };
    seen(developing.send(Event::Developed { capture, outcome: Outcome::Portrait(portrait()) }));
    let paid = seen(ada_is_ready().take_photo().send(lost()));
    paid.send(Event::Skip).at("Done").send(Event::Start).at("OutOfService");
    // Another photo needs the camera, and so does the first one when there was no still.
    ada_is_ready().take_photo().send(lost()).send(Event::Retake).at("OutOfService").saved(0);
    let developing = ada_is_ready().sit().shoot().send(lost());
    let State::Developing { capture, .. } = *developing.state() else { unreachable!() };
    developing.send(Event::Developed { capture, outcome: Outcome::Retake(Vec::new()) }).at("OutOfService").saved(0);
    // Without a database nothing can be saved.
    ada_is_ready().take_photo().send(Event::FaultRaised(Fault::Storage)).at("OutOfService");
}

#[test]
fn ada_types_her_code() {
    let typing = booth().send(Event::Start).send(Event::TypeCode).at("CodeEntry");
    let State::CodeEntry { scan, .. } = *typing.state() else { unreachable!() };
    let mut typing = typing.send(Event::Key(Key::Enter));
    assert!(typing.walk.read.is_empty(), "nothing was typed");
    typing.walk.type_in("SZZ-DEMO-1.aB");
    let entered = typing.send(Event::Key(Key::Erase)).send(Event::Key(Key::Enter));
    assert_eq!(entered.walk.read, ["SZZ-DEMO-1.a"], "as it was typed");
    let refused = entered.send(Event::CodeRefused { scan, problem: CodeProblem::Rejected(Rejected::NotInRoster) });
    refused.at("CodeEntry").send(Event::CodeRead { scan, student: student(ADA) }).at("Confirm");
}

#[test]
fn codes_that_cannot_open_a_visit_keep_it_closed() {
    for problem in [
        CodeProblem::SeveralCodes,
        CodeProblem::Rejected(Rejected::WrongSchool),
        CodeProblem::Rejected(Rejected::NotInRoster),
    ] {
        booth().see_code(Err(problem)).at("Scan").show_code(ADA).at("Confirm");
    }
}

#[test]
fn ada_walks_away_at_any_step() {
    let mut walk = Walk::new();
    let mut left = Vec::new();
    for steps in 1..70 {
        for _ in 0..steps {
            walk.advance(ADA);
        }
        left.push(name(walk.visit.state()));
        for _ in 0..4 {
            walk.wait(Duration::from_secs(61));
        }
        // Developing and saving that nobody answers are faults, which the workers clear.
        for fault in [Fault::Studio, Fault::Storage] {
            walk.send(Event::FaultCleared(fault));
        }
        assert_eq!(name(walk.visit.state()), "Welcome", "after {}", left[left.len() - 1]);
    }
    for state in [
        "Scan",
        "Confirm",
        "StudentNumber",
        "Phone",
        "SmsCode",
        "Agreement",
        "WeChat",
        "Tips",
        "Framing",
        "Review",
        "Summary",
        "Payment",
        "Done",
    ] {
        assert!(left.contains(&state), "{state} was not left: {left:?}");
    }
}
