//! The machine's rules, on guided walks and one by one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use proptest::prelude::*;

use super::machine::{IDLE, PIN_IDLE};
use super::*;
use crate::log;
use crate::submission::{ClockTrust, SubmissionId};
use crate::visit::{AskId, Key, Typed};

mod roster;

fn id(number: u64) -> SubmissionId {
    format!("019e8244-7800-7000-8000-{number:012}").parse().unwrap()
}

fn end(number: u64) -> PageEnd {
    PageEnd { sequence: number, id: id(number) }
}

fn line(number: u64) -> Line {
    Line { end: end(number), taken_at: Timestamp::UNIX_EPOCH, delivery: Delivery::Refused, paid: Some(false) }
}

fn page() -> Answer {
    Answer::Page(Arc::new(Page { lines: (1..=8).rev().map(line).collect(), has_more: true }))
}

fn record() -> Answer {
    Answer::Record(Arc::new(Record {
        line: line(8),
        order_number: id(8).order_number(),
        attempts: 1,
        problem: None,
        withdrawn_at: None,
        erased_at: None,
        history: vec![(Moment::Saved, Timestamp::UNIX_EPOCH)],
        fee_fen: 3000,
        status: None,
        is_sound: true,
        picture_bytes: 1,
        picture_px: (480, 640),
        profile: String::new(),
    }))
}

fn personal() -> Answer {
    Answer::Personal(Arc::new(Personal {
        picture: None,
        enrolment: crate::code::mint::mint(1).enrolment,
        phone: None,
        checks: Vec::new(),
    }))
}

fn facts() -> Answer {
    Answer::Facts(Arc::new(Facts {
        seen_at: Timestamp::UNIX_EPOCH,
        fps: 30.0,
        last_frame_ms: Some(1),
        camera_trouble: None,
        models_loaded: true,
        free_disk_mb: None,
        queue: None,
        can_save: true,
        oldest_pending: None,
        has_server: false,
        last_receipt: None,
        clock: ClockTrust::Confirmed,
        certificate: None,
        plate: PlateFacts::NotUsed,
        backups: Backups::Off,
        version: "0",
    }))
}

/// Staff at the booth, with workers that answer at once when they are told to.
struct Booth {
    operator: Operator,
    now: Instant,
    /// Everything that was asked of the workers.
    asked: Vec<(AskId, Option<Role>, Order)>,
    confirmed: Vec<String>,
    /// What need not be answered any more.
    stopped: Vec<AskId>,
}

impl Booth {
    fn closed() -> Self {
        Self {
            operator: Operator::default(),
            now: Instant::now(),
            asked: Vec::new(),
            confirmed: Vec::new(),
            stopped: Vec::new(),
        }
    }

    fn open_as(role: Role) -> Self {
        let mut booth = Self::closed();
        booth.send(Event::Open);
        booth.type_in("135790");
        booth.answer(Answer::Unlocked(role));
        booth.answer(facts());
        booth
    }

    fn send(&mut self, event: Event) {
        for effect in self.operator.handle(event, self.now) {
            match effect {
                Effect::Ask { ask, role, order } => self.asked.push((ask, role, order)),
                Effect::PaymentConfirmed { order_number } => self.confirmed.push(order_number),
                Effect::Stop(ask) => self.stopped.push(ask),
                Effect::StillThere => {}
            }
        }
    }

    fn answer(&mut self, answer: Answer) {
        let ask = self.asked.last().unwrap().0;
        self.send(Event::Answered { ask, answer });
    }

    fn type_in(&mut self, pin: &str) {
        pin.chars().for_each(|digit| self.send(Event::Key(Key::Character(digit))));
        self.send(Event::Key(Key::Enter));
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.send(Event::Tick);
    }

    fn open_record(&mut self) {
        self.send(Event::Go(Place::Queue));
        self.answer(page());
        self.send(Event::OpenRecord(id(8)));
        self.answer(record());
    }

    fn last(&self) -> &Order {
        &self.asked.last().unwrap().2
    }
}

#[test]
fn nobody_is_in_before_the_pin_and_everything_is_dropped_after() {
    let mut booth = Booth::closed();
    for event in [Event::Go(Place::Queue), Event::Pause(Notice::Break), Event::Reveal, Event::Key(Key::Enter)] {
        booth.send(event);
        assert!(booth.operator.screen().is_none() && booth.asked.is_empty());
    }
    booth.send(Event::Open);
    booth.send(Event::Go(Place::Queue));
    assert!(matches!(booth.operator.screen(), Some(Screen::Pin { .. })) && booth.asked.is_empty());
    booth.type_in("12345");
    assert!(booth.asked.is_empty(), "too short to be one");
    booth.type_in("6");
    assert!(matches!(booth.last(), Order::Unlock { pin } if pin.as_str() == "123456"));
    assert_eq!(booth.asked[0].1, None, "in nobody's name");
    booth.answer(Answer::Refused(PinState::Wrong { tries_left: 4 }));
    assert_eq!(booth.operator.role(), None);
    booth.type_in("135790");
    booth.answer(Answer::Unlocked(Role::Staff));
    assert!(matches!(booth.operator.screen(), Some(Screen::Board { .. })));
    booth.send(Event::Leave);
    assert!(matches!(booth.last(), Order::Lock { by_itself: false }));
    assert!(booth.operator.screen().is_none() && booth.operator.role().is_none());
}

#[test]
fn silence_locks_and_touches_do_not() {
    let mut booth = Booth::open_as(Role::Supervisor);
    booth.send(Event::Go(Place::Queue));
    booth.answer(page());
    for _ in 0..3 {
        booth.wait(IDLE - Duration::from_secs(1));
        booth.send(Event::Touch);
    }
    assert!(booth.operator.screen().is_some());
    booth.wait(IDLE);
    assert!(booth.operator.screen().is_none());
    assert!(matches!(booth.last(), Order::Lock { by_itself: true }));

    let mut booth = Booth::closed();
    booth.send(Event::Open);
    booth.wait(PIN_IDLE);
    assert!(booth.operator.screen().is_none() && booth.asked.is_empty());
}

#[test]
fn the_dashboards_own_refresh_is_no_sign_of_life() {
    let mut booth = Booth::open_as(Role::Staff);
    let asked = booth.asked.len();
    for _ in 0..60 {
        booth.wait(Duration::from_secs(3));
        if booth.operator.screen().is_some() {
            booth.answer(facts());
        }
    }
    assert!(booth.asked.len() > asked + 10 && booth.operator.screen().is_none());
}

#[test]
fn a_stick_that_is_being_written_is_not_locked_away() {
    let mut booth = Booth::open_as(Role::Staff);
    booth.send(Event::Go(Place::Stick));
    let stick = FoundStick { name: "A".to_owned(), folder: "/media/a".into() };
    booth.answer(Answer::Sticks(vec![stick.clone()]));
    booth.send(Event::Export(stick));
    booth.answer(Answer::Stick(StickWork::Working { done: 100, of: 900 }));
    booth.wait(IDLE);
    booth.send(Event::Back);
    assert!(matches!(booth.operator.screen(), Some(Screen::Stick(_))), "nobody leaves it half done");
    booth.answer(Answer::Stick(StickWork::Exported { records: 900, added: 900 }));
    booth.wait(IDLE);
    assert!(booth.operator.screen().is_none(), "done");
}

#[test]
fn an_answer_to_an_earlier_question_means_nothing() {
    let mut booth = Booth::open_as(Role::Supervisor);
    booth.open_record();
    booth.send(Event::Reveal);
    let (late, ..) = booth.asked.last().unwrap().clone();
    booth.send(Event::Back);
    booth.send(Event::Answered { ask: late, answer: personal() });
    assert!(matches!(booth.operator.screen(), Some(Screen::Queue(_))));
    booth.send(Event::Leave);
    booth.send(Event::Answered { ask: late, answer: personal() });
    assert!(booth.operator.screen().is_none());
}

#[test]
fn personal_data_goes_with_its_record() {
    let mut booth = Booth::open_as(Role::Supervisor);
    booth.open_record();
    assert!(matches!(booth.operator.screen(), Some(Screen::Record { personal: None, .. })));
    booth.send(Event::Reveal);
    booth.answer(personal());
    assert!(matches!(booth.operator.screen(), Some(Screen::Record { personal: Some(_), .. })));
    booth.send(Event::Back);
    booth.answer(page());
    booth.send(Event::OpenRecord(id(8)));
    booth.answer(record());
    assert!(matches!(booth.operator.screen(), Some(Screen::Record { personal: None, .. })), "asked for anew");
}

#[test]
fn a_fee_is_noted_as_taken_after_a_second_touch_only() {
    let mut booth = Booth::open_as(Role::Staff);
    booth.open_record();
    let asked = |booth: &Booth| matches!(booth.last(), Order::ConfirmPayment { .. });
    for ends_the_question in [Event::Back, Event::ShowSide(Side::default())] {
        booth.send(Event::ConfirmPayment);
        assert!(matches!(booth.operator.screen(), Some(Screen::Record { is_paying: true, .. })) && !asked(&booth));
        booth.send(ends_the_question);
        assert!(matches!(booth.operator.screen(), Some(Screen::Record { is_paying: false, .. })));
    }
    booth.send(Event::ConfirmPayment);
    booth.send(Event::ConfirmPayment);
    assert!(asked(&booth));
}

#[test]
fn staff_are_not_shown_whose_photo_it_is() {
    let mut booth = Booth::open_as(Role::Staff);
    booth.open_record();
    let asked = booth.asked.len();
    booth.send(Event::Reveal);
    assert_eq!(booth.asked.len(), asked);
    booth.send(Event::Back);
    booth.answer(page());
    booth.send(Event::Back);
    booth.send(Event::Go(Place::Audit));
    assert!(matches!(booth.operator.screen(), Some(Screen::Board { .. })));
}

#[test]
fn a_line_of_the_log_is_opened_where_there_is_one_and_left_to_its_page() {
    let mut booth = Booth::open_as(Role::Staff);
    booth.send(Event::Go(Place::Log));
    let entry = log::Entry {
        place: log::Place::default(),
        at: Timestamp::UNIX_EPOCH,
        level: log::Level::Info,
        text: "opened".to_owned(),
    };
    booth.answer(Answer::Log(Arc::new(log::Page { entries: vec![entry], has_more: false })));
    let opened = |booth: &Booth| match booth.operator.screen() {
        Some(Screen::Log(page)) => page.opened,
        other => panic!("{other:?}"),
    };
    for (event, line) in [(Event::OpenLine(1), None), (Event::OpenLine(0), Some(0)), (Event::Back, None)] {
        booth.send(event);
        assert_eq!(opened(&booth), line);
    }
    booth.send(Event::Back);
    assert!(matches!(booth.operator.screen(), Some(Screen::Board { .. })));
}

#[test]
fn pages_turn_there_and_back() {
    let mut booth = Booth::open_as(Role::Staff);
    let after = |booth: &Booth| match booth.last() {
        Order::ListQueue { after, .. } => after.map(|end| end.sequence),
        other => panic!("{other:?}"),
    };
    booth.send(Event::Go(Place::Queue));
    booth.answer(page());
    booth.send(Event::Older);
    assert_eq!(after(&booth), Some(1), "after the last line");
    booth.answer(page());
    booth.send(Event::Newer);
    assert_eq!(after(&booth), None);
    booth.answer(page());
    booth.send(Event::Filter(Filter::Due));
    assert!(matches!(booth.last(), Order::ListQueue { filter: Filter::Due, after: None }));
    booth.send(Event::Search);
    // A 学号 may end in letters.
    "90X5".chars().for_each(|digit| booth.send(Event::Key(Key::Character(digit))));
    booth.send(Event::Key(Key::Enter));
    assert!(matches!(booth.last(), Order::ListQueue { filter: Filter::Found(typed), .. } if typed.as_str() == "90X5"));
}

#[test]
fn a_payment_is_confirmed_without_opening_anything_else() {
    let mut booth = Booth::closed();
    booth.send(Event::OpenForPayment { order_number: id(1).order_number() });
    booth.type_in("135790");
    booth.answer(Answer::Unlocked(Role::Staff));
    assert!(matches!(booth.operator.screen(), Some(Screen::Pin { .. })), "no dashboard in front of a student");
    assert!(matches!(booth.last(), Order::ConfirmPayment { order_number } if *order_number == id(1).order_number()));
    assert!(booth.confirmed.is_empty(), "not before it is noted");
    booth.answer(Answer::PaymentConfirmed);
    assert_eq!(booth.confirmed, [id(1).order_number()]);
    assert!(booth.operator.screen().is_none() && booth.operator.role().is_none());

    let mut booth = Booth::closed();
    booth.send(Event::OpenForPayment { order_number: id(1).order_number() });
    booth.type_in("135790");
    booth.answer(Answer::Unlocked(Role::Staff));
    booth.answer(Answer::Failed);
    assert!(booth.confirmed.is_empty() && booth.operator.role().is_none(), "what was not noted is not paid");
}

#[test]
fn a_new_pin_is_typed_twice() {
    let mut booth = Booth::open_as(Role::Supervisor);
    booth.send(Event::Go(Place::Pins));
    booth.send(Event::ChoosePin(Role::Staff));
    let problem = |booth: &Booth| match booth.operator.screen() {
        Some(Screen::ChangePin { problem, .. }) => *problem,
        other => panic!("{other:?}"),
    };
    let asked = booth.asked.len();
    booth.type_in("111111");
    assert_eq!(problem(&booth), Some(PinProblem::Unfit));
    booth.type_in("975310");
    booth.type_in("975311");
    assert_eq!(problem(&booth), Some(PinProblem::Differs));
    assert_eq!(booth.asked.len(), asked, "nothing is set yet");
    booth.type_in("975310");
    booth.type_in("975310");
    assert!(matches!(booth.last(), Order::SetPin { whose: Role::Staff, pin } if pin.as_str() == "975310"));
    booth.answer(Answer::PinRefused(PinProblem::Taken));
    assert_eq!(problem(&booth), Some(PinProblem::Taken));
}

#[test]
fn a_pause_is_known_whoever_is_there() {
    let mut booth = Booth::closed();
    booth.send(Event::PauseSeen(Some(Notice::Break)));
    assert_eq!(booth.operator.paused(), Some(Notice::Break));
    booth.send(Event::Open);
    booth.wait(PIN_IDLE);
    assert_eq!(booth.operator.paused(), Some(Notice::Break), "locking does not end it");
    for notice in Notice::ALL {
        assert_eq!(Notice::from_name(notice.name()), notice);
    }
    assert_eq!(Notice::from_name("of a newer program"), Notice::BackSoon);
}

fn update() -> FoundUpdate {
    let stick = FoundStick { name: "A".to_owned(), folder: "/media/a".into() };
    FoundUpdate { stick, file: "szz-kiosk_0.2.0-1_amd64.deb".to_owned(), version: "0.2.0-1".to_owned() }
}

fn any_event() -> impl Strategy<Value = Event> {
    let stick = FoundStick { name: "A".to_owned(), folder: "/media/a".into() };
    let mut typed = Typed::default();
    "9005".chars().for_each(|digit| typed.push(digit, 4));
    let events = vec![
        Event::Open,
        Event::Key(Key::Character('7')),
        Event::Key(Key::Character('3')),
        Event::Key(Key::Enter),
        Event::Key(Key::Erase),
        Event::OpenLight(Subject::Queue),
        Event::Filter(Filter::Found(typed)),
        Event::Search,
        Event::Older,
        Event::Newer,
        Event::OpenRecord(id(3)),
        Event::Reveal,
        Event::Retry,
        Event::ConfirmPayment,
        Event::Pause(Notice::Break),
        Event::Resume,
        Event::TakeAlong,
        Event::Export(stick.clone()),
        Event::ImportReceipts(stick),
        Event::ChangeCamera(CameraChange::Forget),
        Event::DayBefore,
        Event::Purge,
        Event::Go(Place::Update),
        Event::Update(update()),
        Event::InstallUpdate,
        Event::Roster(RosterTouch::Read(roster::file())),
        Event::Roster(RosterTouch::Field(crate::roster::Field::Major)),
        Event::Roster(RosterTouch::Column(Some(1))),
        Event::Roster(RosterTouch::Problems),
        Event::Roster(RosterTouch::Import),
        Event::TakePlate,
        Event::KeepPlate,
        Event::ChoosePin(Role::Staff),
        Event::ChoosePin(Role::Supervisor),
        Event::Back,
        Event::Touch,
        Event::Tick,
    ];
    let places = Place::ALL.map(Event::Go).to_vec();
    prop_oneof![3 => proptest::sample::select(events), 2 => proptest::sample::select(places)]
}

proptest! {
    /// Whatever staff touch and whatever comes back, nothing is asked for that the role may not do.
    #[test]
    fn no_role_gets_beyond_its_rights(
        supervisor in any::<bool>(),
        steps in proptest::collection::vec((any_event(), 0..13_usize), 1..80),
    ) {
        let role = if supervisor { Role::Supervisor } else { Role::Staff };
        let mut booth = Booth::open_as(role);
        for (event, answer) in steps {
            booth.send(event);
            let files = Answer::Roster(RosterAnswer::Files(vec![roster::file()]));
            let erasable = Answer::Erasable(Erasable { days: Some(180), now: 3, without_receipt: 0, all: 9 });
            let updates = Answer::Update(UpdateAnswer::Found { last: None, found: vec![update()] });
            let answers = [
                page(), record(), personal(), facts(), files, roster::good(2), erasable, updates,
                Answer::PinSet, Answer::Done, Answer::Failed,
            ];
            if let Some(answer) = answers.into_iter().nth(answer) {
                booth.answer(answer);
            }
        }
        for (ask, in_whose_name, order) in &booth.asked {
            match order.action() {
                None => prop_assert!(matches!(order, Order::Unlock { .. }), "{:?}", order),
                Some(action) => {
                    prop_assert!(in_whose_name.is_some_and(|role| role.may(action)), "{:?} by {:?}", order, in_whose_name);
                    prop_assert_eq!(*in_whose_name, Some(role), "{:?}", ask);
                }
            }
        }
    }

    /// Every walk ends locked, and says so once.
    #[test]
    fn silence_ends_every_walk(steps in proptest::collection::vec(any_event(), 1..60)) {
        let mut booth = Booth::open_as(Role::Supervisor);
        steps.into_iter().for_each(|event| booth.send(event));
        if matches!(booth.operator.screen(), Some(Screen::Stick(Stick { work: StickWork::Working { .. }, .. }))) {
            booth.answer(Answer::Stick(StickWork::Exported { records: 1, added: 1 }));
        }
        booth.wait(IDLE);
        prop_assert!(booth.operator.screen().is_none() && booth.operator.role().is_none());
        prop_assert_eq!(booth.operator.deadline(), None);
        let asks: HashSet<_> = booth.asked.iter().map(|(ask, ..)| *ask).collect();
        prop_assert_eq!(asks.len(), booth.asked.len(), "a question's number was used twice");
    }
}
