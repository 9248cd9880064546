//! The visit's rules as properties on guided walks: half the steps advance the state, half are
//! arbitrary, since uniformly random events almost never reach the late states.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use image::RgbImage;
use proptest::prelude::*;

use super::*;
use crate::code::{CodeDigest, CodeProblem, Enrolment, Student};
use crate::photo::{Geometry, Portrait};

fn student(number: u8) -> Student {
    let text = |name: &str| format!("{name} {number}");
    Student {
        code: CodeDigest([number; 32]),
        enrolment: Enrolment {
            school: text("school"),
            category: text("category"),
            level: text("level"),
            major: text("major"),
            masked_name: text("name"),
            document_last4: "0000".to_owned(),
        },
    }
}

fn portrait() -> Arc<Portrait> {
    Arc::new(Portrait {
        jpeg: vec![1].into(),
        pixels: RgbImage::new(1, 1),
        quality: 90,
        background: [255; 3],
        geometry: Geometry { crown_px: 80.0, eyes_px: 250.0, face_width_px: 240.0, centre_offset_px: 0.0 },
        findings: Vec::new(),
    })
}

/// A visit with its clock, and everything it asked of the workers.
struct Walk {
    visit: Visit,
    now: Instant,
    saves: Vec<(CaptureId, Student)>,
    /// Who sat in the booth at each shutter.
    sitters: HashMap<CaptureId, Student>,
    reused: bool,
}

impl Walk {
    fn new() -> Self {
        Self {
            visit: Visit::new(Patience::default()),
            now: Instant::now(),
            saves: Vec::new(),
            sitters: HashMap::new(),
            reused: false,
        }
    }

    fn send(&mut self, event: Event) {
        let effects = self.visit.handle(event, self.now);
        for effect in effects {
            match effect {
                Effect::Shoot(capture) => {
                    let State::Developing { sitter, .. } = self.visit.state() else {
                        panic!("a shot outside Developing")
                    };
                    self.reused |= self.sitters.insert(capture, sitter.student.clone()).is_some();
                }
                Effect::Save { capture, sitter, .. } => self.saves.push((capture, sitter.student)),
                _ => {}
            }
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.send(Event::Tick);
    }

    /// What a willing student or a healthy worker would do next.
    fn advance(&mut self, who: u8) {
        let event = match self.visit.state() {
            State::Welcome => Event::Start,
            State::Scan { scan, .. } => Event::CodeRead { scan: *scan, student: student(who) },
            State::Confirm { .. } => Event::ConfirmStudent,
            State::Agreement { agreement_ticked: false, .. } => Event::TickAgreement(true),
            State::Agreement { photo_consent_ticked: false, .. } => Event::TickPhotoConsent(true),
            State::Agreement { .. } => Event::Agree(Language::Chinese),
            State::Framing { .. } => Event::ShootNow,
            State::Countdown { fires_at, .. } => {
                self.now = self.now.max(*fires_at);
                Event::Tick
            }
            State::Developing { capture, .. } => {
                Event::Developed { capture: *capture, outcome: Outcome::Portrait(portrait()) }
            }
            State::Review { .. } => Event::Accept,
            State::Saving { capture, .. } => Event::Saved { capture: *capture, order_number: "1".to_owned() },
            State::Done { .. } => Event::Start,
            State::OutOfService { fault } => Event::FaultCleared(*fault),
        };
        self.send(event);
    }
}

fn name(state: &State) -> &'static str {
    match state {
        State::Welcome => "Welcome",
        State::Scan { .. } => "Scan",
        State::Confirm { .. } => "Confirm",
        State::Agreement { .. } => "Agreement",
        State::Framing { .. } => "Framing",
        State::Countdown { .. } => "Countdown",
        State::Developing { .. } => "Developing",
        State::Review { .. } => "Review",
        State::Saving { .. } => "Saving",
        State::Done { .. } => "Done",
        State::OutOfService { .. } => "OutOfService",
    }
}

#[derive(Clone, Debug)]
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
        Just(Event::Accept),
        (1u64..6, 0u8..4).prop_map(|(scan, who)| Event::CodeRead { scan: ScanId(scan), student: student(who) }),
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
                State::Scan { scan, problem } => Some((*scan, *problem)),
                _ => None,
            };
            let seen_in = match &step {
                Step::Other(Event::CodeRead { scan, .. } | Event::CodeRefused { scan, .. }) => Some(*scan),
                _ => None,
            };
            take(&mut walk, step);
            let after = match walk.visit.state() {
                State::Scan { scan, problem } => Some((*scan, *problem)),
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

    /// Every waiting state has a deadline, so the booth can never hang in one.
    #[test]
    fn a_state_that_waits_for_a_person_has_a_deadline(steps in steps()) {
        let mut walk = Walk::new();
        for step in steps {
            take(&mut walk, step);
            let waits = !matches!(walk.visit.state(), State::Welcome | State::OutOfService { .. });
            prop_assert_eq!(waits, walk.visit.deadline().is_some(), "in {}", name(walk.visit.state()));
        }
    }
}

#[test]
fn guided_walks_reach_every_state() {
    let mut walk = Walk::new();
    let mut seen = vec!["Welcome"];
    for _ in 0..13 {
        walk.advance(1);
        seen.push(name(walk.visit.state()));
    }
    walk.send(Event::FaultRaised(Fault::Camera));
    seen.push(name(walk.visit.state()));
    seen.dedup();
    assert_eq!(
        seen.join(" → "),
        "Welcome → Scan → Confirm → Agreement → Framing → Countdown → Developing → Review → Saving → Done → Welcome → \
         Scan → OutOfService"
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
    assert!(matches!(walk.visit.state(), State::Confirm { student: shown } if *shown == student(2)));
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
