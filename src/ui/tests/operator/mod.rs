//! Operator mode's screens, as the students' are tested: by their words, in both languages, at every size. One page a
//! file; each names its screens with words that are on them, and says what its buttons mean.

mod audit;
mod board;
mod camera;
mod day;
mod log;
mod pause;
mod pins;
mod plate;
mod purge;
mod queue;
mod record;
mod stick;
mod update;

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;

use super::booth::{Booth, LANGUAGES, WINDOWS};
use super::names;
use crate::operator::{
    AuditLog, Delivery, Event, Filter, Line, Notice, PAGE_LINES, Page, PageEnd, Place, Queue, Role, Screen,
};
use crate::ui::strings::Strings;
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::*;
use crate::visit::Typed;

fn time() -> Timestamp {
    "2026-06-20T08:00:00Z".parse().unwrap()
}

fn typed(text: &str) -> Typed {
    let mut typed = Typed::default();
    text.chars().for_each(|character| typed.push(character, text.len()));
    typed
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

/// Every screen of operator mode, with words that are on it.
fn every_screen(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let pages = [
        audit::screens(words),
        board::screens(words),
        camera::screens(words),
        day::screens(words),
        log::screens(words),
        pause::screens(words),
        pins::screens(words),
        plate::screens(words),
        purge::screens(words),
        queue::screens(words),
        record::screens(words),
        super::roster::every_screen(words),
        stick::screens(words),
        update::screens(words),
    ];
    pages.into_iter().flatten().collect()
}

/// Forgetting a page here does not compile.
#[test]
fn every_kind_of_screen_is_among_them() {
    let place = |screen: &Screen| match screen {
        Screen::Pin { .. } => 0,
        Screen::Board { .. } => 1,
        Screen::Queue(_) => 2,
        Screen::Search { .. } => 3,
        Screen::Record { .. } => 4,
        Screen::Pause => 5,
        Screen::Stick(_) => 6,
        Screen::Plate(_) => 7,
        Screen::Camera(_) => 8,
        Screen::Day(_) => 9,
        Screen::Log(_) => 10,
        Screen::Purge(_) => 11,
        Screen::Audit(_) => 12,
        Screen::ChoosePin { .. } => 13,
        Screen::ChangePin { .. } => 14,
        Screen::Roster(_) => 15,
        Screen::Update(_) => 16,
    };
    for language in LANGUAGES {
        let screens = every_screen(OperatorStrings::of(language));
        let seen: std::collections::BTreeSet<_> = screens.iter().map(|(screen, _)| place(screen)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), (0..=16).collect::<Vec<_>>());
    }
}

/// What a supervisor's touch of a button means.
#[track_caller]
fn press(screen: Screen, language: Language, label: &str) -> Event {
    match open(screen, language, WINDOWS[0], Role::Supervisor).press(label) {
        Some(Intent::Operator(event)) => event,
        other => panic!("{label}: {other:?}"),
    }
}

/// Whether a supervisor can press it.
fn can_press(screen: Screen, language: Language, label: &str) -> bool {
    open(screen, language, WINDOWS[0], Role::Supervisor).enabled_controls().contains(label)
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
fn a_keyboard_reaches_every_control_of_staff_too() {
    for (screen, words) in every_screen(OperatorStrings::of(Language::Chinese)) {
        open(screen, Language::Chinese, WINDOWS[0], Role::Supervisor).check_keyboard(&words);
    }
}

#[test]
fn every_page_can_be_left() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        let left = press(Screen::Pause, language, Strings::of(language).leave);
        assert!(matches!(left, Event::Leave), "{left:?}");
        for (screen, said) in every_screen(words) {
            if matches!(screen, Screen::Board { open: None, .. }) {
                continue;
            }
            let is_held = can_press_nothing(&screen);
            assert_ne!(can_press(screen, language, words.back), is_held, "{said}");
        }
    }
}

/// While a stick is written, photos are erased, or a roster is saved.
fn can_press_nothing(screen: &Screen) -> bool {
    match screen {
        Screen::Stick(stick) => matches!(stick.work, crate::operator::StickWork::Working { .. }),
        Screen::Roster(page) => matches!(page, crate::operator::RosterPage::Importing { .. }),
        Screen::Purge(purge) => matches!(purge, crate::operator::Purge::Erasing),
        Screen::Update(page) => page.work == crate::operator::UpdateWork::HandingOver,
        _ => false,
    }
}

#[test]
fn what_a_role_may_not_do_has_no_button_that_works() {
    let words = OperatorStrings::of(Language::Chinese);
    let booth = open(record::hidden(), Language::Chinese, WINDOWS[0], Role::Staff);
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
        include_str!("../../strings/operator/mod.rs").lines().filter_map(|line| line.trim().strip_prefix("pub "));
    for name in declared.filter_map(|field| field.split_once(": &").or(field.split_once(": [")).map(|(name, _)| name)) {
        let is_said = [format!("words.{name}"), format!("strings.{name}"), format!(").{name}")];
        assert!(is_said.iter().any(|way| names(&source, way)), "no screen says {name}");
    }
}
