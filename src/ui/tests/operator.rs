//! Operator mode's screens, as the students' are tested: by their words, in both languages, at every size.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;

use super::booth::{Booth, LANGUAGES, WINDOWS};
use crate::operator::{
    AuditLog, AuditPage, Cargo, Counts, Delivery, Entry, Event, Facts, Filter, FoundStick, Line, Moment, Notice,
    PAGE_LINES, Page, PageEnd, Personal, PinProblem, PinState, Place, Plate, PlateFacts, PlateProblem, Purpose, Queue,
    Record, Role, Screen, Side, Stick, StickProblem, StickWork, Subject, TakenPlate, lights,
};
use crate::photo::plate::Fitness;
use crate::photo::{Check, Finding, Severity};
use crate::submission::{Audit, ClockTrust, Payment, Status};
use crate::ui::strings::operator::{OperatorStrings, lights as light_words, sentences, sticks};
use crate::ui::strings::sentences::check_name;
use crate::ui::*;
use crate::visit::{CameraTrouble, Typed};

fn time() -> Timestamp {
    "2026-06-20T08:00:00Z".parse().unwrap()
}

fn typed(text: &str) -> Typed {
    let mut typed = Typed::default();
    text.chars().for_each(|character| typed.push(character, text.len()));
    typed
}

fn facts(is_well: bool) -> Facts {
    let old = Some(time() - jiff::SignedDuration::from_hours(200));
    Facts {
        seen_at: time(),
        fps: 29.7,
        last_frame_ms: Some(34),
        camera_trouble: (!is_well).then_some(CameraTrouble::Forbidden),
        models_loaded: is_well,
        free_disk_mb: Some(if is_well { 80_000 } else { 120 }),
        queue: Some(Counts { pending: 12_345, received: 40_000, refused: 17, conflict: 2, withdrawn: 1 }),
        can_save: is_well,
        oldest_pending: old,
        has_server: true,
        last_receipt: old,
        clock: if is_well { ClockTrust::Confirmed } else { ClockTrust::Doubtful },
        certificate: None,
        plate: if is_well { PlateFacts::Fits } else { PlateFacts::Wanted },
        version: "0.1.0",
    }
}

fn line(number: u64, delivery: Delivery, paid: Option<bool>) -> Line {
    let id = format!("019e8244-7800-7000-8000-{number:012}").parse().unwrap();
    Line { end: PageEnd { sequence: number, id }, taken_at: time(), delivery, paid }
}

fn queue(lines: Vec<Line>) -> Queue {
    let page = Some(Arc::new(Page { lines, has_more: true }));
    Queue { filter: Filter::Of(Delivery::Pending), before: Vec::new(), page }
}

fn full_queue() -> Queue {
    let states = [Delivery::Pending, Delivery::Received, Delivery::Refused, Delivery::Conflict, Delivery::Withdrawn];
    let lines = (1..=PAGE_LINES as u64)
        .map(|number| line(number, states[number as usize % 5], [None, Some(false), Some(true)][number as usize % 3]));
    queue(lines.collect())
}

fn record(is_erased: bool) -> Arc<Record> {
    let line = line(7, Delivery::Refused, Some(false));
    Arc::new(Record {
        order_number: line.end.id.order_number(),
        line,
        attempts: 3,
        problem: Some("picture_background_not_uniform".to_owned()),
        withdrawn_at: is_erased.then(time),
        erased_at: is_erased.then(time),
        history: Moment::ALL.into_iter().map(|moment| (moment, time())).collect(),
        fee_fen: 3000,
        status: Some(Status {
            audit: Audit::Rejected,
            reasons: vec!["head_not_straight".to_owned(), "light_uneven".to_owned()],
            payment: Payment::Unpaid,
            wechat_bound: false,
            updated_at: time(),
        }),
        is_sound: true,
        picture_bytes: 35_210,
        picture_px: (480, 640),
        profile: "national".to_owned(),
    })
}

fn personal() -> Arc<Personal> {
    Arc::new(Personal {
        picture: Some(Arc::default()),
        enrolment: super::states::student().enrolment,
        phone: Some("13800138000".to_owned().into()),
        checks: Check::ALL.into_iter().map(checked).collect(),
    })
}

/// The widest that is said about a check; every third failed.
fn checked(check: Check) -> Finding {
    let measured = if (check as usize).is_multiple_of(3) { 9999.0 } else { f32::NAN };
    Finding { check, measured, allowed: (100.0, 240.0), severity: Severity::Warn }
}

fn pin(state: PinState) -> Screen {
    Screen::Pin { typed: typed("135"), state, purpose: Purpose::Enter }
}

fn stick(work: StickWork) -> Screen {
    let found = |name: &str| FoundStick { name: name.to_owned(), folder: "/media/x".into() };
    Screen::Stick(Stick { sticks: Some(vec![found("KINGSTON"), found("毕业照片")]), work, ..Stick::default() })
}

fn one_stick() -> Stick {
    let Screen::Stick(stick) = stick(StickWork::Nothing) else { unreachable!() };
    stick
}

fn record_side(side: Side) -> Screen {
    Screen::Record { record: record(false), personal: Some(personal()), queue: full_queue(), side }
}

fn plate(score: u8) -> Screen {
    let fitness = Fitness { brightness: 212.4, unevenness: 31.0, clutter: 0.04, burnt_out: 0.0, score };
    Screen::Plate(Plate::Taken(Arc::new(TakenPlate { picture: Default::default(), fitness })))
}

fn audit(entries: usize) -> Screen {
    let entry = |number: usize| Entry {
        sequence: number as u64,
        at: time(),
        actor: ["staff", "supervisor", "nobody", "command_line"][number % 4].to_owned(),
        action: ["unlock", "open_personal_data", "unlock_refused", "change_supervisor_pin", "export_failed"]
            [number % 5]
            .to_owned(),
        subject: ["", "019e8244-7800-7000-8000-000000000007", "supervisor", "by itself"][number % 4].to_owned(),
    };
    let entries = (0..entries).map(entry).collect();
    Screen::Audit(AuditLog {
        before: vec![9],
        page: Some(Arc::new(AuditPage { entries, has_more: true, is_sound: true })),
    })
}

/// Every screen of operator mode, with words that are on it.
fn every_screen(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let language = words.language;
    let own = |text: &str| text.to_owned();
    let mut screens = vec![
        (pin(PinState::Asked), own(words.pin_demo)),
        (pin(PinState::Checking), own(words.pin_checking)),
        (pin(PinState::Wrong { tries_left: 4 }), sentences::pin_wrong(language, 4)),
        (pin(PinState::LockedOut { until: time() }), sentences::pin_locked(language, time())),
        (pin(PinState::NoPin), own(words.pin_none)),
        (pin(PinState::Broken), own(words.pin_broken)),
        (pin(PinState::Failed), own(words.failed)),
        (
            Screen::Pin {
                typed: typed(""),
                state: PinState::Asked,
                purpose: Purpose::ConfirmPayment { order_number: "1".repeat(32) },
            },
            own(words.pin_payment_title),
        ),
        (Screen::Board { facts: None, open: None }, own(words.board_waiting)),
        (Screen::Queue(Queue::default()), own(words.wait)),
        (Screen::Queue(queue(Vec::new())), own(words.queue_empty)),
        (Screen::Queue(full_queue()), own(sentences::delivery(language, Delivery::Conflict))),
        (Screen::Search { typed: typed("9005AF") }, own(words.search_note)),
        (
            Screen::Record { record: record(false), personal: None, queue: full_queue(), side: Side::Facts },
            own(words.record_hidden),
        ),
        (
            Screen::Record { record: record(true), personal: None, queue: full_queue(), side: Side::Facts },
            own(words.record_erased),
        ),
        (
            Screen::Record {
                record: record(false),
                personal: Some(personal()),
                queue: full_queue(),
                side: Side::Facts,
            },
            own("郭*荣"),
        ),
        (record_side(Side::History), sentences::moment(language, Moment::WithdrawalTold).to_owned()),
        (record_side(Side::Checks), check_name(language, Check::Glasses).to_owned()),
        (
            Screen::Record { record: record(false), personal: None, queue: full_queue(), side: Side::Checks },
            own(words.record_hidden),
        ),
        (
            Screen::Stick(Stick {
                cargo: Cargo::Record { id: line(7, Delivery::Refused, None).end.id, queue: full_queue() },
                ..one_stick()
            }),
            own(words.export_here),
        ),
        (Screen::Pause, sentences::notice(language, Notice::OtherBooth).to_owned()),
        (Screen::Stick(Stick::default()), own(words.stick_looking)),
        (Screen::Stick(Stick { sticks: Some(Vec::new()), ..Stick::default() }), own(words.stick_none)),
        (Screen::Plate(Plate::Prepare(None)), own(words.plate_take)),
        (Screen::Plate(Plate::Taking), own(words.plate_taking)),
        (Screen::Plate(Plate::Kept), own(words.plate_kept)),
        (plate(92), own(words.plate_good)),
        (plate(12), own(words.plate_poor)),
        (Screen::Audit(AuditLog::default()), own(words.wait)),
        (audit(10), own(words.audit_sound)),
        (Screen::ChoosePin, own(words.pins_title)),
    ];
    for is_well in [true, false] {
        let facts = Arc::new(facts(is_well));
        screens.push((Screen::Board { facts: Some(facts.clone()), open: None }, own(words.board_title)));
        for subject in Subject::ALL {
            let light = lights::light(&facts, subject);
            let advice = light_words::advice(language, &facts, subject, light).remove(0);
            screens.push((Screen::Board { facts: Some(facts.clone()), open: Some(subject) }, advice));
        }
    }
    screens.extend(super::roster::every_screen(words));
    let works = [
        StickWork::Nothing,
        StickWork::Working { done: 12_300, of: 50_000 },
        StickWork::Exported { records: 50_000, added: 37_700 },
        StickWork::Imported { received: 49_000, refused: 17, pending: 983 },
    ];
    let problems = [
        StickProblem::NotSetUp,
        StickProblem::Gone,
        StickProblem::CannotWrite,
        StickProblem::Untrustworthy,
        StickProblem::OtherFile,
        StickProblem::NoReceipts,
        StickProblem::Erased,
        StickProblem::Other,
    ];
    for work in works.into_iter().chain(problems.map(StickWork::Failed)) {
        let said = sticks::stick_work(language, work).map_or_else(|| own("KINGSTON"), |(headline, _)| headline);
        screens.push((stick(work), said));
    }
    for problem in [
        PlateProblem::NotSetUp,
        PlateProblem::NoPicture,
        PlateProblem::Somebody,
        PlateProblem::NoModel,
        PlateProblem::CannotWrite,
    ] {
        let said = sentences::plate_problem(language, problem).1.to_owned();
        screens.push((Screen::Plate(Plate::Prepare(Some(problem))), said));
    }
    for problem in [None, Some(PinProblem::Unfit), Some(PinProblem::Differs), Some(PinProblem::Taken)] {
        let said = problem.map_or(words.new_pin_again, |problem| sentences::pin_problem(language, problem)).to_owned();
        let first = problem.is_none().then(|| typed("975310"));
        screens.push((Screen::ChangePin { whose: Role::Staff, first, typed: typed("97"), problem }, said));
    }
    screens
}

/// A window in operator mode. What is shown is never freed: tests are short.
pub(super) fn open(screen: Screen, language: Language, window: egui::Vec2, role: Role) -> Booth {
    open_with(screen, language, window, role, |_| {})
}

fn open_with(
    screen: Screen,
    language: Language,
    window: egui::Vec2,
    role: Role,
    change: impl Fn(&mut OperatorView<'_>) + 'static,
) -> Booth {
    let screen: &'static Screen = Box::leak(Box::new(screen));
    Booth::open_with(State::Welcome, language, window, move |view| {
        let mut operator = OperatorView {
            screen,
            role: Some(role),
            is_waiting: false,
            has_failed: false,
            paused: Some(Notice::Break),
            picture: view.portrait,
        };
        change(&mut operator);
        view.operator = Some(operator);
    })
}

#[test]
fn every_screen_says_what_it_is_in_both_languages_and_fits() {
    for window in WINDOWS {
        let inside = egui::Rect::from_min_size(egui::pos2(0.0, 0.0), window);
        let least = Theme::for_window(window, 1.0).touch_height() - 1.0;
        for language in LANGUAGES {
            for (screen, words) in every_screen(OperatorStrings::of(language)) {
                let booth = open(screen.clone(), language, window, Role::Supervisor);
                assert!(booth.says(&words), "{words:?} is missing in {screen:?}");
                let (texts, controls) = (booth.texts(), booth.controls());
                for (text, rect) in texts.iter().chain(&controls) {
                    assert!(inside.contains_rect(*rect), "{words} at {window:?}: {text:?} at {rect:?}");
                }
                for (index, (text, rect)) in texts.iter().enumerate() {
                    let over = texts[..index].iter().find(|(_, other)| other.intersect(rect.shrink(3.0)).is_positive());
                    assert!(over.is_none(), "{words} at {window:?}: {text:?} lies over {over:?}");
                }
                for (index, (label, rect)) in controls.iter().enumerate() {
                    assert!(rect.height() >= least, "{words} at {window:?}: {label:?} is {} high", rect.height());
                    let over = controls[..index].iter().find(|(_, other)| other.intersect(*rect).is_positive());
                    assert!(over.is_none(), "{words} at {window:?}: {label:?} lies over {over:?}");
                }
            }
        }
    }
}

#[test]
fn every_button_means_one_thing() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let press =
            |screen: Screen, label: &str| match open(screen, language, WINDOWS[0], Role::Supervisor).press(label) {
                Some(Intent::Operator(event)) => event,
                other => panic!("{label}: {other:?}"),
            };
        let board = || Screen::Board { facts: Some(Arc::new(facts(true))), open: None };
        for place in Place::ALL {
            let went = press(board(), sentences::place(language, place));
            assert!(matches!(went, Event::Go(to) if to == place), "{place:?}: {went:?}");
        }
        for subject in Subject::ALL {
            let label = light_words::subject(language, subject);
            let opened = press(board(), label);
            assert!(matches!(opened, Event::OpenLight(which) if which == subject), "{subject:?}: {opened:?}");
        }
        let record =
            || Screen::Record { record: record(false), personal: None, queue: full_queue(), side: Side::Facts };
        for side in Side::ALL {
            let turned = press(record(), sentences::side(language, side));
            assert!(matches!(turned, Event::ShowSide(to) if to == side), "{side:?}: {turned:?}");
        }
        assert!(matches!(press(record(), words.take_along), Event::TakeAlong));
        assert!(matches!(press(record(), words.reveal), Event::Reveal));
        assert!(matches!(press(record(), words.retry), Event::Retry));
        assert!(matches!(press(record(), words.confirm_payment), Event::ConfirmPayment));
        assert!(matches!(press(record(), words.back), Event::Back));
        for notice in Notice::ALL.into_iter().filter(|notice| *notice != Notice::Break) {
            let paused = press(Screen::Pause, sentences::notice(language, notice));
            assert!(matches!(paused, Event::Pause(which) if which == notice));
        }
        assert!(matches!(press(Screen::Pause, words.resume), Event::Resume));
        assert!(matches!(press(plate(92), words.plate_keep), Event::KeepPlate));
        assert!(matches!(press(plate(92), words.plate_again), Event::TakePlate));
        assert!(matches!(press(Screen::Queue(full_queue()), words.older), Event::Older));
        assert!(matches!(press(Screen::Queue(full_queue()), words.search), Event::Search));
        assert!(matches!(press(board(), Strings::of(language).leave), Event::Leave));
    }
}

#[test]
fn what_a_role_may_not_do_has_no_button_that_works() {
    let words = OperatorStrings::of(Language::Chinese);
    let record = Screen::Record { record: record(false), personal: None, queue: full_queue(), side: Side::Facts };
    let booth = open(record, Language::Chinese, WINDOWS[0], Role::Staff);
    assert!(booth.says(words.record_hidden_staff));
    assert!(booth.controls().iter().all(|(label, _)| label != words.reveal));
    let mut board = open(Screen::Board { facts: None, open: None }, Language::Chinese, WINDOWS[0], Role::Staff);
    let pressed = board.press(sentences::place(Language::Chinese, Place::Audit));
    assert!(!matches!(pressed, Some(Intent::Operator(Event::Go(_)))), "{pressed:?}");
}

#[test]
fn a_broken_database_is_said_on_every_screen() {
    let words = OperatorStrings::of(Language::English);
    for screen in [Screen::Queue(Queue::default()), Screen::Pause, Screen::Audit(AuditLog::default())] {
        let booth = open_with(screen, Language::English, WINDOWS[2], Role::Staff, |view| view.has_failed = true);
        assert!(booth.says(words.failed));
    }
}

#[test]
fn the_brand_is_held_to_open_operator_mode_and_nowhere_in_a_visit() {
    use super::states::{confirm, student};
    let opens = |state: State, seconds: usize| {
        let mut booth = Booth::open(state, Language::Chinese);
        booth.intents.borrow_mut().clear();
        booth.harness.drag_at(egui::pos2(120.0, 120.0));
        // A step is a quarter of a second.
        booth.harness.run_steps(4 * seconds);
        booth.harness.drop_at(egui::pos2(120.0, 120.0));
        booth.harness.run();
        let intents = booth.intents.borrow();
        intents.iter().any(|intent| matches!(intent, Intent::Operator(Event::Open)))
    };
    assert!(opens(State::Welcome, 2));
    assert!(opens(State::OutOfService { fault: crate::visit::Fault::Camera }, 2));
    assert!(!opens(State::Welcome, 1), "a touch is not enough");
    assert!(!opens(confirm(student()), 3), "not while somebody's data is on the screen");
}

#[test]
fn a_screen_reader_finds_the_way_in() {
    let mut booth = Booth::open(State::Welcome, Language::English);
    booth.intents.borrow_mut().clear();
    booth.harness.get_by_label(super::ENGLISH.staff_corner).click_accesskit();
    booth.harness.run();
    let opened = booth.intents.borrow().iter().any(|intent| matches!(intent, Intent::Operator(Event::Open)));
    assert!(opened);
}

#[test]
fn a_paused_booth_says_so_in_both_languages_and_starts_nothing() {
    for window in WINDOWS {
        for notice in Notice::ALL {
            let booth =
                Booth::open_with(State::Welcome, Language::Chinese, window, move |view| view.paused = Some(notice));
            for language in LANGUAGES {
                assert!(booth.says(sentences::notice(language, notice)), "{notice:?} at {window:?}");
            }
            let labels: Vec<_> = booth.controls().into_iter().map(|(label, _)| label).collect();
            assert_eq!(labels, [super::CHINESE.staff_corner], "only staff can do something");
        }
    }
}

#[test]
fn a_fee_is_confirmed_from_the_payment_screen() {
    let order = super::states::order(false);
    let mut booth = Booth::open(super::states::payment(crate::visit::PaymentProgress::WithStaff), Language::Chinese);
    let pressed = booth.press(super::CHINESE.payment_staff_confirm);
    let Some(Intent::Operator(Event::OpenForPayment { order_number })) = pressed else { panic!("{pressed:?}") };
    assert_eq!(order_number, order.number);
}

#[cfg(feature = "demo")]
#[test]
fn the_keypad_names_the_demos_pins() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language).pin_demo;
        assert!(words.contains(crate::demo::STAFF_PIN) && words.contains(crate::demo::SUPERVISOR_PIN), "{words}");
    }
}

#[test]
fn the_font_has_every_character_of_operator_mode() {
    let mut words = String::new();
    for language in LANGUAGES {
        words += &format!("{:?}", OperatorStrings::of(language));
        for (screen, _) in every_screen(OperatorStrings::of(language)) {
            let booth = open(screen, language, WINDOWS[0], Role::Supervisor);
            words.extend(booth.texts().into_iter().map(|(text, _)| text));
        }
        let log = ["lock", "retry", "confirm_payment", "pause", "resume", "import_receipts", "take_plate"];
        words.extend(log.map(|name| sentences::action(language, name)));
    }
    let booth = Booth::open(State::Welcome, Language::Chinese);
    let font = egui::FontId::new(30.0, egui::FontFamily::Proportional);
    let has = |c: &char| booth.harness.ctx.fonts_mut(|fonts| fonts.has_glyph(&font, *c));
    let missing: std::collections::BTreeSet<char> = words.chars().filter(|c| !c.is_control() && !has(c)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Every word is on some screen.
#[test]
fn no_text_of_operator_mode_is_left_over() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let mut source = std::fs::read_to_string(root.join("screens/paused.rs")).unwrap();
    for file in ["screens/operator", "strings/operator"] {
        for entry in std::fs::read_dir(root.join(file)).unwrap() {
            source += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    let declared =
        include_str!("../strings/operator/mod.rs").lines().filter_map(|line| line.trim().strip_prefix("pub "));
    for name in declared.filter_map(|field| field.split_once(": &").or(field.split_once(": [")).map(|(name, _)| name)) {
        let is_said = [format!("words.{name}"), format!("strings.{name}"), format!(").{name}")];
        assert!(is_said.iter().any(|way| source.contains(way)), "no screen says {name}");
    }
}
