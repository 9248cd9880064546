//! The screens as a student uses them: found by their words, pressed, and looked at for words that
//! the font lacks or targets that lie outside the window.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{FontFamily, FontId, Rect, Role, TextureId, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::strings::{CHINESE, ENGLISH, sentences};
use super::*;
use crate::code::{CodeDigest, CodeProblem, Enrolment, Student};
use crate::photo::{Check, Finding, Geometry, Portrait};
use crate::visit::{CaptureId, Consent, Fault, Framing, Sitter};

const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];
const WINDOWS: [Vec2; 3] = [vec2(1920.0, 1080.0), vec2(1080.0, 1920.0), vec2(1280.0, 800.0)];
const FRAMINGS: [Framing; 10] = [
    Framing::NoFace,
    Framing::SeveralFaces,
    Framing::TooFar,
    Framing::TooNear,
    Framing::MoveLeft,
    Framing::MoveRight,
    Framing::TooHigh,
    Framing::TooLow,
    Framing::HeadTilted,
    Framing::Good,
];
const CHECKS: [Check; 9] = [
    Check::FaceCount,
    Check::Resolution,
    Check::Crown,
    Check::Eyes,
    Check::FaceWidth,
    Check::Centre,
    Check::HeadRoll,
    Check::Cropping,
    Check::FileSize,
];

/// A booth's window in one state, and every intent it has returned.
struct Booth {
    harness: Harness<'static>,
    intents: Rc<RefCell<Vec<Intent>>>,
}

impl Booth {
    fn open(state: State, language: Language) -> Self {
        Self::open_with(state, language, WINDOWS[0], |_| {})
    }

    fn open_with(state: State, language: Language, window: Vec2, change: impl Fn(&mut View<'_>) + 'static) -> Self {
        let intents = Rc::new(RefCell::new(Vec::new()));
        let seen = intents.clone();
        let agreement = agreement_text();
        let now = Instant::now();
        let harness = Harness::builder()
            .with_size(window)
            .with_theme(egui::Theme::Light)
            .with_context_setup(theme::install)
            .build_ui(move |ui| {
                let picture = |size_px| Some(Picture { texture: TextureId::default(), size_px });
                let mut view = View {
                    now,
                    deadline: Some(now + Duration::from_secs(40)),
                    patience: Patience::default(),
                    language,
                    preview: picture(vec2(1280.0, 720.0)),
                    portrait: picture(vec2(480.0, 640.0)),
                    guides: FramingGuides::centred(vec2(1280.0, 720.0)),
                    agreement: &agreement,
                    demo: true,
                };
                change(&mut view);
                // The harness adds a margin that the booth's window does not have.
                let window = Rect::from_min_size(pos2(0.0, 0.0), window);
                let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(window));
                ui.set_clip_rect(window);
                seen.borrow_mut().extend(screen_ui(&mut ui, &state, &view));
            });
        Self { harness, intents }
    }

    /// Presses a button as a finger does and returns the last thing it meant.
    fn press(&mut self, label: &str) -> Option<Intent> {
        self.intents.borrow_mut().clear();
        self.harness.get_by_role_and_label(Role::Button, label).click();
        self.harness.run();
        self.intents.borrow().last().cloned()
    }

    fn touch_tick(&mut self, part_of_label: &str) -> Option<Intent> {
        self.intents.borrow_mut().clear();
        let ticks = self.harness.get_all_by_role(Role::CheckBox);
        let row =
            ticks.into_iter().find(|node| node.accesskit_node().label().unwrap().contains(part_of_label)).unwrap();
        row.click();
        self.harness.run();
        self.intents.borrow().last().cloned()
    }

    fn says(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    /// Where every text stands.
    fn texts(&self) -> Vec<(String, Rect)> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| node.accesskit_node().role() == Role::Label)
            .map(|node| (node.value().unwrap_or_default(), node.rect()))
            .collect()
    }

    /// Every control with its rectangle in the window.
    fn controls(&self) -> Vec<(String, Rect)> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| matches!(node.accesskit_node().role(), Role::Button | Role::CheckBox))
            .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
            .collect()
    }
}

fn agreement_text() -> AgreementText {
    AgreementText {
        title: "用户隐私协议".to_owned(),
        body: "# 一、收集哪些信息\n照片只用于学历证书电子注册。\n".repeat(20),
        photo_consent: "我单独同意拍摄我的面部照片，并加密传输至学校的采集系统，仅用于学历证书电子注册".to_owned(),
    }
}

fn student() -> Student {
    let enrolment = Enrolment {
        school: "测试学校".to_owned(),
        category: "普通高等教育".to_owned(),
        level: "本科".to_owned(),
        major: "信息管理与信息系统（大数据方向）".to_owned(),
        masked_name: "郭*荣".to_owned(),
        document_last4: "7220".to_owned(),
    };
    Student { code: CodeDigest([1; 32]), enrolment }
}

fn sitter() -> Sitter {
    Sitter { student: student(), consent: Consent { language: Language::Chinese } }
}

fn finding(check: Check, measured: f32, low: f32, high: f32) -> Finding {
    Finding { check, measured, allowed: (low, high) }
}

/// A finding of every check: passed, too low and too high.
fn findings() -> Vec<Finding> {
    let of = |check| match check {
        Check::FaceCount => finding(check, 1.0, 1.0, 1.0),
        Check::Resolution => finding(check, 1.42, 1.0, f32::INFINITY),
        Check::Centre => finding(check, -4.0, -24.0, 24.0),
        Check::HeadRoll => finding(check, 1.2, -8.0, 8.0),
        Check::Cropping => finding(check, 0.0, 0.0, 0.0),
        Check::FileSize => finding(check, 35_210.0, 30_000.0, 40_000.0),
        _ => finding(check, 78.0, 50.0, 110.0),
    };
    CHECKS.map(of).to_vec()
}

fn portrait() -> Arc<Portrait> {
    Arc::new(Portrait {
        jpeg: Default::default(),
        pixels: Default::default(),
        quality: 85,
        background: [255; 3],
        geometry: Geometry { crown_px: 80.0, eyes_px: 250.0, face_width_px: 240.0, centre_offset_px: 0.0 },
        findings: findings(),
    })
}

fn framing(framing: Framing) -> State {
    State::Framing { sitter: sitter(), framing, good_since: None, retake: Vec::new() }
}

fn agreement(agreement_ticked: bool, photo_consent_ticked: bool) -> State {
    State::Agreement { student: student(), agreement_ticked, photo_consent_ticked }
}

fn review() -> State {
    State::Review { sitter: sitter(), capture: CaptureId(1), portrait: portrait() }
}

fn done() -> State {
    State::Done { order_number: "0192f3a4-5b6c-7d8e-9f01-23456789abcd".to_owned() }
}

/// Every state, with words that are on its screen and no other.
fn every_state(strings: &Strings) -> Vec<(State, String)> {
    let language = strings.language;
    let mut states = vec![
        (State::Welcome, strings.welcome_headline.to_owned()),
        (State::Scan { problem: None }, strings.scan_title.to_owned()),
        (State::Confirm { student: student() }, strings.confirm_title.to_owned()),
        (agreement(false, false), strings.agreement_tick_both.to_owned()),
        (agreement(true, true), strings.agreement_note.to_owned()),
        (
            State::Countdown { sitter: sitter(), fires_at: Instant::now() + Duration::from_secs(2), bad_since: None },
            strings.countdown_title.to_owned(),
        ),
        (State::Developing { sitter: sitter(), capture: CaptureId(1) }, strings.developing_title.to_owned()),
        (review(), strings.review_title.to_owned()),
        (
            State::Saving { sitter: sitter(), capture: CaptureId(1), portrait: portrait() },
            strings.saving_title.to_owned(),
        ),
        (done(), strings.done_title.to_owned()),
    ];
    for problem in [CodeProblem::NotInRoster, CodeProblem::SeveralCodes] {
        let words = sentences::code_problem(language, problem).headline;
        states.push((State::Scan { problem: Some(problem) }, words.to_owned()));
    }
    for seen in FRAMINGS {
        states.push((framing(seen), sentences::framing(language, seen).headline.to_owned()));
    }
    for fault in [Fault::Camera, Fault::Studio, Fault::Storage] {
        states.push((State::OutOfService { fault }, sentences::fault(language, fault).to_owned()));
    }
    states
}

#[test]
fn every_screen_says_what_it_is_in_both_languages() {
    for strings in [&CHINESE, &ENGLISH] {
        for (state, words) in every_state(strings) {
            let booth = Booth::open(state.clone(), strings.language);
            assert!(booth.says(&words), "{words:?} is missing in {state:?}");
            assert!(booth.says(strings.demo_ribbon), "the ribbon is missing in {state:?}");
        }
    }
}

#[test]
fn every_button_means_one_thing() {
    for strings in [&CHINESE, &ENGLISH] {
        let pressed = |state, label| match Booth::open(state, strings.language).press(label) {
            Some(Intent::Visit(event)) => event,
            other => panic!("{label}: {other:?}"),
        };
        assert!(matches!(pressed(State::Welcome, strings.start), Event::Start));
        let confirm = || State::Confirm { student: student() };
        assert!(matches!(pressed(confirm(), strings.is_me), Event::ConfirmStudent));
        assert!(matches!(pressed(confirm(), strings.not_me), Event::Cancel));
        assert!(matches!(pressed(confirm(), strings.leave), Event::Cancel));
        assert!(matches!(pressed(agreement(false, false), strings.disagree), Event::Cancel));
        assert!(matches!(pressed(framing(Framing::TooFar), strings.shoot_now), Event::ShootNow));
        assert!(matches!(pressed(review(), strings.retake), Event::Retake));
        assert!(matches!(pressed(review(), strings.accept), Event::Accept));
        assert!(matches!(pressed(done(), strings.done), Event::Start));
        let agreed = pressed(agreement(true, true), strings.agree);
        assert!(matches!(agreed, Event::Agree(language) if language == strings.language), "{agreed:?}");
    }
}

#[test]
fn the_language_button_switches_to_the_other_language() {
    let switched = Booth::open(State::Welcome, Language::Chinese).press(CHINESE.other_language);
    assert!(matches!(switched, Some(Intent::SetLanguage(Language::English))), "{switched:?}");
    let switched = Booth::open(State::Welcome, Language::English).press(ENGLISH.other_language);
    assert!(matches!(switched, Some(Intent::SetLanguage(Language::Chinese))), "{switched:?}");
}

#[test]
fn nobody_goes_on_before_both_boxes_are_ticked() {
    for (agreement_ticked, photo_consent_ticked) in [(false, false), (true, false), (false, true)] {
        let mut booth = Booth::open(agreement(agreement_ticked, photo_consent_ticked), Language::Chinese);
        let intent = booth.press(CHINESE.agree);
        assert!(!matches!(intent, Some(Intent::Visit(Event::Agree(_)))), "{intent:?}");
    }
}

#[test]
fn each_box_is_ticked_and_cleared_by_itself() {
    let touch = |state, words| Booth::open(state, Language::Chinese).touch_tick(words);
    let first = touch(agreement(false, true), "我已阅读");
    assert!(matches!(first, Some(Intent::Visit(Event::TickAgreement(true)))), "{first:?}");
    let second = touch(agreement(false, false), "我单独同意");
    assert!(matches!(second, Some(Intent::Visit(Event::TickPhotoConsent(true)))), "{second:?}");
    let cleared = touch(agreement(true, true), "我单独同意");
    assert!(matches!(cleared, Some(Intent::Visit(Event::TickPhotoConsent(false)))), "{cleared:?}");
}

#[test]
fn a_touch_on_nothing_gives_more_time() {
    let booth = &mut Booth::open(State::Scan { problem: None }, Language::Chinese);
    booth.harness.drag_at(pos2(960.0, 1000.0));
    booth.harness.drop_at(pos2(960.0, 1000.0));
    booth.harness.run();
    assert!(booth.intents.borrow().iter().any(|intent| matches!(intent, Intent::Visit(Event::Touch))));
}

#[test]
fn the_booth_asks_in_the_last_fifteen_seconds_only() {
    let asked = |left| {
        Booth::open_with(State::Scan { problem: None }, Language::Chinese, WINDOWS[0], move |view| {
            view.deadline = Some(view.now + Duration::from_secs(left));
        })
    };
    assert!(!asked(16).says(CHINESE.still_there));
    let mut late = asked(9);
    assert!(late.says("9 秒后"));
    let answered = late.press(CHINESE.still_there_yes);
    assert!(matches!(answered, Some(Intent::Visit(Event::Touch))), "{answered:?}");
}

#[test]
fn everything_lies_in_the_window_and_is_large_enough_for_a_finger() {
    for window in WINDOWS {
        let inside = Rect::from_min_size(pos2(0.0, 0.0), window);
        let least = Theme::for_window(window).touch_height() - 1.0;
        for strings in [&CHINESE, &ENGLISH] {
            for (state, words) in every_state(strings) {
                let booth = Booth::open_with(state.clone(), strings.language, window, |view| {
                    view.deadline = Some(view.now + Duration::from_secs(9));
                });
                let controls = booth.controls();
                for (label, rect) in &controls {
                    assert!(inside.contains_rect(*rect), "{words} at {window:?}: {label:?} at {rect:?}");
                    assert!(rect.height() >= least, "{words} at {window:?}: {label:?} is {} high", rect.height());
                }
                // The agreement scrolls: what is not seen yet lies below.
                let scrolls = matches!(state, State::Agreement { .. });
                for (text, rect) in booth.texts().iter().filter(|_| !scrolls) {
                    assert!(inside.contains_rect(*rect), "{words} at {window:?}: {text:?} at {rect:?}");
                }
                for (index, (label, rect)) in controls.iter().enumerate() {
                    let overlapped = controls[..index].iter().find(|(_, other)| other.intersect(*rect).is_positive());
                    assert!(overlapped.is_none(), "{words} at {window:?}: {label:?} lies over {overlapped:?}");
                }
            }
        }
    }
}

#[test]
fn a_photo_that_failed_says_why_on_every_screen() {
    for window in WINDOWS {
        for (strings, words) in [(&CHINESE, "312 px"), (&ENGLISH, "312 px")] {
            let retake = vec![finding(Check::Eyes, 312.0, 200.0, 300.0), finding(Check::HeadRoll, 9.3, -8.0, 8.0)];
            let state = State::Framing { sitter: sitter(), framing: Framing::TooLow, good_since: None, retake };
            let booth = Booth::open_with(state, strings.language, window, |_| {});
            assert!(booth.says(strings.retake_title) && booth.says(words) && booth.says("9.3°"), "{window:?}");
        }
    }
}

#[test]
fn a_keyboard_reaches_every_button() {
    let mut booth = Booth::open(review(), Language::Chinese);
    let mut reached = BTreeSet::new();
    for _ in 0..8 {
        booth.harness.key_press(egui::Key::Tab);
        booth.harness.run();
        let nodes = booth.harness.root().children_recursive();
        reached.extend(nodes.filter(|node| node.is_focused()).filter_map(|node| node.accesskit_node().label()));
    }
    for label in [CHINESE.leave, CHINESE.other_language, CHINESE.retake, CHINESE.accept] {
        assert!(reached.contains(label), "{label} is missing in {reached:?}");
    }
}

#[test]
fn the_font_has_every_character_of_every_text() {
    let mut words = format!("{CHINESE:?}{ENGLISH:?}");
    for language in LANGUAGES {
        for seen in FRAMINGS {
            words += &format!("{:?}", sentences::framing(language, seen));
        }
        for check in CHECKS {
            words += sentences::check_name(language, check);
            for measured in [-1e3, 0.0, 1e3, 1e6] {
                words += &sentences::retake(language, &finding(check, measured, 1.0, 2.0));
            }
        }
        for finding in findings() {
            words += &sentences::measured(language, &finding);
            words += &sentences::allowed(language, &finding);
        }
        for problem in [CodeProblem::NotInRoster, CodeProblem::SeveralCodes] {
            words += &format!("{:?}", sentences::code_problem(language, problem));
        }
        for fault in [Fault::Camera, Fault::Studio, Fault::Storage] {
            words += sentences::fault(language, fault);
            words += sentences::fault_consequence(language, fault);
        }
        words += &sentences::agreement_tick(language, "");
        words += &sentences::ends_in(language, 1);
        words += &sentences::ends_in(language, 12);
        words += &sentences::returns_in(language, 12);
    }
    words += &sentences::grouped_order_number("0192f3a4-5b6c-7d8e-9f01-23456789abcd");

    let booth = Booth::open(State::Welcome, Language::Chinese);
    let font = FontId::new(30.0, FontFamily::Proportional);
    let missing: BTreeSet<char> = booth
        .harness
        .ctx
        .fonts_mut(|fonts| words.chars().filter(|c| !c.is_control() && !fonts.has_glyph(&font, *c)).collect());
    assert!(missing.is_empty(), "{missing:?}");
}
