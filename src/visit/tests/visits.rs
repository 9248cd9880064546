//! Visits of people, one after the other: what they do, and where that leads.

use super::*;

#[test]
fn guided_walks_reach_every_state() {
    let mut walk = Walk::new();
    let mut seen = vec!["Welcome"];
    let mut step = |walk: &mut Walk, event: Option<Event>| {
        match event {
            Some(event) => walk.send(event),
            None => walk.advance(1),
        }
        if seen.last() != Some(&name(walk.visit.state())) {
            seen.push(name(walk.visit.state()));
        }
    };
    for _ in 0..50 {
        step(&mut walk, None);
        if matches!(walk.visit.state(), State::Welcome) {
            break;
        }
    }
    walk.come_back(rejected_record());
    for key in NUMBER.chars() {
        step(&mut walk, Some(Event::Key(Key::Character(key))));
    }
    step(&mut walk, Some(Event::Start));
    walk.come_back(rejected_record());
    for key in "19219639000".repeat(3).chars() {
        step(&mut walk, Some(Event::Key(Key::Character(key))));
    }
    step(&mut walk, Some(Event::FaultRaised(Fault::Camera)));
    assert_eq!(
        seen.join(" → "),
        "Welcome → Scan → Confirm → StudentNumber → Phone → SmsCode → Agreement → WeChat → Tips → Framing → \
         Countdown → Developing → Review → Summary → Saving → Payment → Done → Welcome → StudentNumber → Centre → \
         Welcome → StudentNumber → Ended → OutOfService"
    );
}

#[test]
fn a_code_read_while_its_student_left_does_not_confirm_the_next_one() {
    let mut walk = Walk::new();
    walk.advance(1);
    let State::Scan { scan, .. } = *walk.visit.state() else { panic!("no scan") };
    walk.send(Event::Cancel);
    walk.send(Event::Start);
    walk.send(Event::CodeRead { scan, student: student(1) });
    walk.send(Event::CodeRefused { scan, problem: CodeProblem::SeveralCodes });
    assert!(matches!(walk.visit.state(), State::Scan { problem: None, .. }));
    walk.advance(2);
    assert!(matches!(walk.visit.state(), State::Confirm { student: shown, .. } if *shown == student(2)));
}

#[test]
fn steady_framing_counts_down_by_itself_and_a_lost_face_stops_it() {
    let mut walk = Walk::new();
    while !matches!(walk.visit.state(), State::Framing { .. }) {
        walk.advance(1);
    }
    walk.send(Event::FramingSeen(Framing::Good));
    walk.now += Duration::from_millis(400);
    walk.send(Event::FramingSeen(Framing::TooFar));
    walk.now += Duration::from_millis(500);
    walk.send(Event::FramingSeen(Framing::Good));
    assert!(matches!(walk.visit.state(), State::Framing { .. }), "0.5 s of good framing are not enough");
    walk.now += Duration::from_millis(800);
    walk.send(Event::FramingSeen(Framing::Good));
    assert!(matches!(walk.visit.state(), State::Countdown { .. }));
    walk.send(Event::FramingSeen(Framing::NoFace));
    assert!(matches!(walk.visit.state(), State::Countdown { .. }), "one bad frame is a blink");
    walk.now += Duration::from_millis(700);
    walk.send(Event::FramingSeen(Framing::NoFace));
    assert!(matches!(walk.visit.state(), State::Framing { .. }));
}

#[test]
fn no_step_is_taken_without_both_ticks() {
    let mut walk = Walk::new();
    while !matches!(walk.visit.state(), State::Agreement { .. }) {
        walk.advance(1);
    }
    walk.send(Event::TickAgreement(true));
    walk.send(Event::Agree(Language::Chinese));
    assert!(matches!(walk.visit.state(), State::Agreement { .. }));
    walk.send(Event::TickPhotoConsent(true));
    walk.send(Event::TickAgreement(false));
    walk.send(Event::Agree(Language::Chinese));
    assert!(matches!(walk.visit.state(), State::Agreement { .. }));
}

#[test]
fn a_touch_gives_more_time_and_silence_does_not() {
    let mut walk = Walk::new();
    walk.advance(1);
    walk.now += Duration::from_secs(50);
    walk.send(Event::Touch);
    walk.wait(Duration::from_secs(50));
    assert!(matches!(walk.visit.state(), State::Scan { .. }));
    walk.wait(Duration::from_secs(11));
    assert!(matches!(walk.visit.state(), State::Welcome));
}

#[test]
fn a_second_fault_keeps_the_booth_closed_when_the_first_is_mended() {
    let mut walk = Walk::new();
    walk.send(Event::FaultRaised(Fault::Camera));
    walk.send(Event::FaultRaised(Fault::Storage));
    walk.send(Event::FaultCleared(Fault::Camera));
    assert!(matches!(walk.visit.state(), State::OutOfService { fault: Fault::Storage }));
    walk.send(Event::FaultCleared(Fault::Storage));
    assert!(matches!(walk.visit.state(), State::Welcome));
}

#[test]
fn a_failed_save_is_a_fault_not_a_thank_you() {
    let mut walk = Walk::new();
    while !matches!(walk.visit.state(), State::Saving { .. }) {
        walk.advance(1);
    }
    let capture = walk.saves[0].0;
    walk.send(Event::SaveFailed { capture });
    assert!(matches!(walk.visit.state(), State::OutOfService { fault: Fault::Storage }));
}

#[test]
fn a_wrong_student_number_may_be_typed_three_times() {
    let mut walk = Walk::new();
    walk.go_to("StudentNumber");
    for left in [2, 1] {
        walk.type_in("19219639000");
        assert!(
            matches!(walk.visit.state(), State::StudentNumber { tries_left, wrong: true, .. } if *tries_left == left),
            "{:?}",
            walk.visit.state()
        );
    }
    walk.type_in("1");
    assert!(matches!(walk.visit.state(), State::StudentNumber { wrong: false, .. }), "a new try is no longer wrong");
    walk.type_in("9219639000");
    assert!(matches!(walk.visit.state(), State::Ended { ending: Ending::WrongStudentNumber }));
    assert_eq!(walk.refused, [student(1).code], "the staff's log names whose it was");
}

#[test]
fn who_has_no_number_in_the_roster_is_not_asked() {
    let mut walk = Walk::new();
    walk.send(Event::Start);
    let State::Scan { scan, .. } = *walk.visit.state() else { panic!("no scan") };
    let mut stranger = student(1);
    stranger.enrolment.student_number = None;
    walk.send(Event::CodeRead { scan, student: stranger });
    walk.advance(1);
    walk.send(Event::ConfirmStudent);
    assert!(matches!(walk.visit.state(), State::Phone { .. }));
}

#[test]
fn a_phone_is_verified_by_its_own_sms_only() {
    let contact = |walk: &Walk| match walk.visit.state() {
        State::Agreement { visitor, .. } => visitor.contact.clone().map(|contact| contact.verified),
        other => panic!("{other:?}"),
    };
    let mut walk = Walk::new();
    walk.go_to("SmsCode");
    let State::SmsCode { ask: sending, .. } = *walk.visit.state() else { panic!("no SMS") };
    walk.send(Event::SmsSeen { ask: sending, seen: SmsSeen::Sent });
    walk.type_in("123456");
    walk.send(Event::SmsSeen { ask: sending, seen: SmsSeen::Right });
    assert!(matches!(walk.visit.state(), State::SmsCode { sms: Sms::Checking, .. }), "an answer to another question");
    let State::SmsCode { ask: checking, .. } = *walk.visit.state() else { panic!("no SMS") };
    walk.send(Event::SmsSeen { ask: checking, seen: SmsSeen::Right });
    assert_eq!(contact(&walk), Some(true));

    // The message was faster than the word that it was sent.
    let mut early = Walk::new();
    early.go_to("SmsCode");
    let State::SmsCode { ask, .. } = *early.visit.state() else { panic!("no SMS") };
    early.type_in("123456");
    assert!(matches!(early.visit.state(), State::SmsCode { sms: Sms::Sending, .. }));
    early.send(Event::SmsSeen { ask, seen: SmsSeen::Sent });
    let State::SmsCode { ask, sms: Sms::Checking, .. } = *early.visit.state() else { panic!("not checked") };
    early.send(Event::SmsSeen { ask, seen: SmsSeen::Right });
    assert_eq!(contact(&early), Some(true));

    for unreachable in [true, false] {
        let mut walk = Walk::new();
        walk.go_to("SmsCode");
        let State::SmsCode { ask, .. } = *walk.visit.state() else { panic!("no SMS") };
        walk.send(if unreachable { Event::SmsSeen { ask, seen: SmsSeen::Unreachable } } else { Event::Skip });
        assert_eq!(contact(&walk), Some(false), "nobody is held up by an SMS");
    }
}

/// Rule 6.
#[test]
fn a_photo_is_saved_before_it_is_paid_and_whatever_becomes_of_the_payment() {
    let number = |walk: &Walk| match walk.visit.state() {
        State::Payment { order, .. } => order.number.clone(),
        other => panic!("{other:?}"),
    };
    let mut walk = Walk::new();
    walk.go_to("Payment");
    assert_eq!(walk.saves.len(), 1);
    walk.send(Event::FaultRaised(Fault::Camera));
    walk.send(Event::PaymentSeen { order_number: "another".to_owned(), seen: PaymentSeen::Paid });
    walk.send(Event::PaymentSeen { order_number: number(&walk), seen: PaymentSeen::Unreachable });
    assert!(matches!(walk.visit.state(), State::Payment { progress: PaymentProgress::Unreachable, .. }));
    let code = "https://example.org/pay".to_owned();
    walk.send(Event::PaymentSeen { order_number: number(&walk), seen: PaymentSeen::Open(code.clone()) });
    walk.send(Event::PaymentSeen { order_number: number(&walk), seen: PaymentSeen::Unreachable });
    assert!(
        matches!(walk.visit.state(), State::Payment { progress: PaymentProgress::Code(shown), .. } if *shown == code)
    );
    walk.send(Event::Skip);
    assert!(matches!(walk.visit.state(), State::Done { order } if order.is_due()));
}

#[test]
fn each_way_to_pay_ends_the_visit_in_its_own_way() {
    let done = |mode, fee_fen| {
        let mut walk = Walk::new();
        walk.visit.steps.payment = Payment { mode, fee_fen };
        walk.go_to("Saving");
        walk.advance(1);
        walk
    };
    let due = |walk: &Walk| matches!(walk.visit.state(), State::Done { order } if order.is_due());
    let free = done(PaymentMode::None, 3000);
    assert!(matches!(free.visit.state(), State::Done { order } if !order.is_due()));
    assert!(due(&done(PaymentMode::Deferred, 3000)));
    let mut staff = done(PaymentMode::Staff, 3000);
    assert!(matches!(staff.visit.state(), State::Payment { progress: PaymentProgress::WithStaff, .. }));
    assert!(!staff.enquiries.iter().any(|enquiry| matches!(enquiry, Enquiry::Payment(_))), "nobody asks the server");
    staff.send(Event::PaymentSeen { order_number: "1".to_owned(), seen: PaymentSeen::Confirmed });
    assert!(matches!(staff.visit.state(), State::Done { order } if order.paid));
    assert_eq!(staff.paid, ["1"]);
}

#[test]
fn a_stick_is_read_once_however_often_it_is_asked_for() {
    let mut walk = Walk::new();
    walk.send(Event::Start);
    (0..5).for_each(|_| walk.send(Event::ReadStick));
    let State::Scan { scan, problem: Some(CodeProblem::LookingAtStick) } = *walk.visit.state() else {
        panic!("{:?}", walk.visit.state())
    };
    assert_eq!(walk.sticks_read, 1);
    walk.send(Event::CodeRefused { scan, problem: CodeProblem::NoStick });
    walk.send(Event::ReadStick);
    assert_eq!(walk.sticks_read, 2);
}

#[test]
fn a_rejected_photo_is_taken_again_without_paying_again() {
    let mut walk = Walk::new();
    walk.come_back(rejected_record());
    walk.type_in(NUMBER);
    walk.send(Event::Resubmit);
    walk.go_to("Saving");
    walk.advance(1);
    assert!(matches!(walk.visit.state(), State::Done { order } if !order.is_due() && order.payment.fee_fen == 0));
}

#[test]
fn a_photo_that_waits_for_its_review_cannot_be_replaced_but_paid() {
    let mut walk = Walk::new();
    let waiting = Record { review: Review::Waiting, ..rejected_record().as_ref().clone() };
    let unpaid = Record { order: Order { paid: false, ..waiting.order.clone() }, ..waiting };
    walk.come_back(Arc::new(unpaid));
    walk.type_in(NUMBER);
    walk.send(Event::Resubmit);
    assert!(matches!(walk.visit.state(), State::Centre { .. }));
    walk.send(Event::PayNow);
    walk.go_to("Done");
    assert_eq!(walk.paid, ["9"]);
}

#[test]
fn help_changes_nothing_below_it_and_silence_closes_it() {
    let mut walk = Walk::new();
    walk.send(Event::OpenHelp(HelpPage::Questions));
    assert!(walk.visit.help().is_some() && walk.visit.deadline().is_some(), "the attract screen waits for nobody");
    walk.wait(Duration::from_secs(61));
    assert!(walk.visit.help().is_none() && walk.visit.deadline().is_none());

    walk.go_to("Agreement");
    walk.send(Event::TickAgreement(true));
    walk.send(Event::OpenHelp(HelpPage::Tips));
    walk.send(Event::CallStaff);
    walk.send(Event::CallStaff);
    walk.send(Event::CloseHelp);
    assert!(matches!(walk.visit.state(), State::Agreement { agreement_ticked: true, .. }));
    assert_eq!(walk.calls, 1, "one call is enough");
    walk.send(Event::Cancel);
    assert!(!walk.visit.staff_called());

    walk.go_to("Countdown");
    walk.send(Event::OpenHelp(HelpPage::Tips));
    assert!(walk.visit.help().is_none(), "nobody reads while they are photographed");
}

/// F-time: nine touches besides what is typed.
#[test]
fn from_the_code_to_done_takes_nine_touches_at_most() {
    let mut walk = Walk::new();
    walk.go_to("Confirm");
    let mut touches = 0;
    while !matches!(walk.visit.state(), State::Done { .. }) {
        let before = walk.touches;
        // It shoots by itself.
        if matches!(walk.visit.state(), State::Framing { .. }) {
            walk.send(Event::FramingSeen(Framing::Good));
            walk.now += Duration::from_secs(1);
            walk.send(Event::FramingSeen(Framing::Good));
        } else {
            walk.advance(1);
        }
        touches += walk.touches - before;
    }
    assert!(touches <= 9, "{touches}");
}

#[test]
fn a_plate_that_does_not_fit_is_remembered_and_stops_nothing() {
    let mut walk = Walk::new();
    assert!(!walk.visit.needs_plate());
    walk.send(Event::PlateJudged { fits: false });
    assert_eq!(name(walk.visit.state()), "Welcome");
    while name(walk.visit.state()) != "Done" {
        walk.advance(1);
        assert!(walk.visit.needs_plate(), "forgotten in {}", name(walk.visit.state()));
    }
    walk.send(Event::PlateJudged { fits: true });
    assert_eq!(name(walk.visit.state()), "Done");
    assert!(!walk.visit.needs_plate());
}
