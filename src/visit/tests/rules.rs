//! The visit's rules as properties on guided walks: half the steps advance the state, half are
//! arbitrary, since uniformly random events almost never reach the late states.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a hundred a walk")]
enum Step {
    Advance(u8),
    Other(Event),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let fault = prop_oneof![Just(Fault::Camera), Just(Fault::Studio), Just(Fault::Storage)];
    let capture = (1u64..6).prop_map(CaptureId);
    let other = prop_oneof![
        Just(Event::Start),
        Just(Event::Cancel),
        Just(Event::ConfirmStudent),
        any::<bool>().prop_map(Event::TickAgreement),
        any::<bool>().prop_map(Event::TickPhotoConsent),
        Just(Event::Agree(Language::English)),
        Just(Event::ShootNow),
        Just(Event::Retake),
        Just(Event::ChooseBackground([100, 197, 255])),
        Just(Event::Accept),
        Just(Event::Submit),
        Just(Event::Skip),
        Just(Event::Back),
        Just(Event::ResendSms),
        Just(Event::Ready),
        Just(Event::Bring(PictureSource::Stick)),
        Just(Event::Bring(PictureSource::Phone)),
        Just(Event::ChoosePicture(0)),
        Just(Event::TurnPage(2)),
        Just(Event::MoveFrame(FrameMove::Zoom(1.3))),
        (1u64..12).prop_map(|ask| Event::PictureOpened { ask: AskId(ask), outcome: Ok(import()) }),
        (1u64..12).prop_map(|ask| Event::PicturesFound { ask: AskId(ask), count: None }),
        Just(Event::Resubmit),
        Just(Event::Withdraw),
        Just(Event::ConfirmWithdrawal),
        (1u64..12).prop_map(|ask| Event::Withdrawn { ask: AskId(ask), known_to_server: false }),
        Just(Event::PayNow),
        Just(Event::OpenHelp(HelpPage::Questions)),
        Just(Event::CloseHelp),
        Just(Event::CallStaff),
        Just(Event::ReadStick),
        Just(Event::TypeCode),
        prop_oneof![Just(Key::Erase), Just(Key::Enter), Just(Key::Character('7'))].prop_map(Event::Key),
        (1u64..9, any::<bool>())
            .prop_map(|(ask, known)| Event::LookedUp { ask: AskId(ask), record: known.then(rejected_record) }),
        (1u64..9, prop_oneof![Just(SmsSeen::Wrong), Just(SmsSeen::Unreachable)])
            .prop_map(|(ask, seen)| Event::SmsSeen { ask: AskId(ask), seen }),
        (0u8..4).prop_map(|who| Event::Linked { submission: submission(who) }),
        Just(Event::PaymentSeen { order_number: "1".to_owned(), seen: PaymentSeen::Unreachable }),
        (1u64..6, 0u8..4).prop_map(|(scan, who)| Event::CodeRead { scan: ScanId(scan), student: student(who) }),
        (1u64..6).prop_map(|scan| Event::CodeUnknown {
            scan: ScanId(scan),
            payload: crate::code::Payload::new("?".to_owned())
        }),
        (1u64..6).prop_map(|scan| Event::CodeRefused { scan: ScanId(scan), problem: CodeProblem::SeveralCodes }),
        Just(Event::FramingSeen(Framing::Good)),
        Just(Event::FramingSeen(Framing::NoFace)),
        capture.clone().prop_map(|capture| Event::Developed { capture, outcome: Outcome::Portrait(portrait()) }),
        capture.clone().prop_map(|capture| Event::Saved { capture, order_number: "late".to_owned() }),
        capture.prop_map(|capture| Event::SaveFailed { capture }),
        fault.clone().prop_map(Event::FaultRaised),
        fault.prop_map(Event::FaultCleared),
    ];
    prop_oneof![
        8 => (0u8..4).prop_map(Step::Advance),
        6 => other.prop_map(Step::Other),
        2 => (0u64..90_000).prop_map(Step::Wait),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 1..120)
}

fn take(walk: &mut Walk, step: Step) {
    match step {
        Step::Advance(who) => walk.advance(who),
        Step::Other(event) => walk.send(event),
        Step::Wait(ms) => walk.wait(Duration::from_millis(ms)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Rules 1 and 4.
    #[test]
    fn a_photo_is_saved_once_and_only_for_the_person_who_sat_for_it(steps in steps()) {
        let mut walk = Walk::new();
        for step in steps {
            take(&mut walk, step);
        }
        prop_assert!(!walk.reused, "a capture id was used twice");
        let saved: HashSet<_> = walk.saves.iter().map(|(capture, _)| *capture).collect();
        prop_assert_eq!(saved.len(), walk.saves.len(), "a capture was saved twice");
        for (capture, student) in &walk.saves {
            prop_assert_eq!(&walk.sitters[capture], student);
        }
    }

    /// Rule 1, the other half: a portrait shown for review is the answer to this sitter's own shutter.
    #[test]
    fn an_answer_to_another_shutter_is_never_shown(steps in steps()) {
        let mut walk = Walk::new();
        for step in steps {
            let developing = match walk.visit.state() {
                State::Developing { capture, .. } => Some(*capture),
                _ => None,
            };
            let answer = match &step {
                Step::Other(Event::Developed { capture, .. }) => Some(*capture),
                _ => None,
            };
            take(&mut walk, step);
            if let (Some(answer), State::Review { capture, .. }) = (answer, walk.visit.state())
                && developing.is_some()
            {
                prop_assert_eq!(Some(answer), developing);
                prop_assert_eq!(*capture, answer);
            }
        }
    }

    /// Rule 1 again: what was seen in another stay on the scan screen, that of somebody who has left,
    /// neither opens Confirm nor says anything.
    #[test]
    fn a_code_of_another_scan_means_nothing(steps in steps()) {
        let mut walk = Walk::new();
        let mut scans = HashSet::new();
        for step in steps {
            let before = match walk.visit.state() {
                State::Scan { scan, problem } | State::CodeEntry { scan, problem, .. } => Some((*scan, *problem)),
                _ => None,
            };
            let seen_in = match &step {
                Step::Other(
                    Event::CodeRead { scan, .. }
                    | Event::CodeUnknown { scan, .. }
                    | Event::CodeRefused { scan, .. },
                ) => Some(*scan),
                _ => None,
            };
            take(&mut walk, step);
            let after = match walk.visit.state() {
                State::Scan { scan, problem } | State::CodeEntry { scan, problem, .. } => Some((*scan, *problem)),
                _ => None,
            };
            if let (Some((scan, _)), Some(seen_in)) = (before, seen_in)
                && scan != seen_in
            {
                prop_assert_eq!(after, before, "in {}", name(walk.visit.state()));
            }
            if let (None, Some((scan, _))) = (before, after) {
                prop_assert!(scans.insert(scan), "a scan id was used twice");
            }
        }
    }

    /// Rules 2 and 5: left alone, the booth comes back, and nothing of the visit remains.
    #[test]
    fn silence_ends_every_visit(steps in steps()) {
        let mut walk = Walk::new();
        for step in steps {
            take(&mut walk, step);
        }
        for _ in 0..8 {
            walk.wait(Duration::from_secs(61));
        }
        let state = walk.visit.state();
        prop_assert!(matches!(state, State::Welcome | State::OutOfService { .. }), "stuck in {}", name(state));
    }

    /// Rule 3.
    #[test]
    fn an_accepted_photo_is_not_abandoned(steps in steps()) {
        let mut walk = Walk::new();
        for step in steps {
            let before = match walk.visit.state() {
                State::Saving { capture, .. } => Some((*capture, walk.visit.deadline())),
                _ => None,
            };
            let own_answer = match (&before, &step) {
                (Some(_), Step::Advance(_)) => true,
                (Some((own, _)), Step::Other(Event::Saved { capture, .. } | Event::SaveFailed { capture })) => own == capture,
                _ => false,
            };
            take(&mut walk, step);
            if let Some((_, deadline)) = before {
                let due = deadline.is_some_and(|deadline| walk.now >= deadline);
                prop_assert!(
                    own_answer || due || matches!(walk.visit.state(), State::Saving { .. }),
                    "Saving was left for {}",
                    name(walk.visit.state())
                );
            }
        }
    }

    /// Rule 6: a fee is asked for a photo that is saved, is paid for that one alone, and whatever becomes of the payment
    /// leads to nothing that could lose the photo.
    #[test]
    fn a_fee_is_asked_for_a_saved_photo_and_nothing_else(steps in steps()) {
        let mut walk = Walk::new();
        // From the beginning hardly a walk gets so far.
        walk.go_to("Summary");
        for step in steps {
            let before = name(walk.visit.state());
            let due = match walk.visit.state() {
                State::Payment { order, .. } => Some(order.number.clone()),
                _ => None,
            };
            let (paid, saved) = (walk.paid.len(), walk.saves.len());
            take(&mut walk, step);
            let after = name(walk.visit.state());
            if due.is_none() && after == "Payment" {
                prop_assert!(matches!(before, "Saving" | "Centre"), "asked in {before}");
                prop_assert!(before == "Centre" || saved > 0, "asked before anything was saved");
            }
            if due.is_some() {
                prop_assert!(matches!(after, "Payment" | "Done" | "Welcome" | "OutOfService"), "led to {after}");
            }
            for number in &walk.paid[paid..] {
                prop_assert_eq!(Some(number), due.as_ref());
            }
        }
    }

    /// Every waiting state has a deadline, so the booth can never hang in one.
    #[test]
    fn a_state_that_waits_for_a_person_has_a_deadline(steps in steps()) {
        let mut walk = Walk::new();
        for step in steps {
            take(&mut walk, step);
            let waits = !matches!(walk.visit.state(), State::Welcome | State::OutOfService { .. })
                || walk.visit.help().is_some();
            prop_assert_eq!(waits, walk.visit.deadline().is_some(), "in {}", name(walk.visit.state()));
        }
    }
}
