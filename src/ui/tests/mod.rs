//! The screens as a student uses them: found by their words, pressed, and looked at for words that
//! the font lacks or targets that lie outside the window.

mod booth;
mod layout;
mod operator;
mod roster;
mod settings;
mod states;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use eframe::egui::{FontFamily, FontId, pos2};

use super::strings::{CHINESE, ENGLISH, Strings, sentences};
use super::*;
use crate::code::CodeProblem;
use crate::code::payload::{Foreign, Rejected};
use crate::photo::Check;
use crate::visit::{CameraTrouble, CaptureId, Fault, Framing, PaymentProgress, PictureSource, Review};
use booth::*;
use states::*;

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
fn a_code_of_something_else_is_named_in_both_languages() {
    for (foreign, chinese, english) in [
        (Foreign::WeChat, "微信", "WeChat"),
        (Foreign::Alipay, "支付宝", "Alipay"),
        (Foreign::UnionPay, "银联", "UnionPay"),
        (Foreign::Link, "网页链接", "web page"),
    ] {
        for (language, name, not_a_code) in
            [(Language::Chinese, chinese, "不是采集码"), (Language::English, english, "not a collection code")]
        {
            let problem = Some(CodeProblem::Rejected(Rejected::Foreign(foreign)));
            let booth = Booth::open(scan(problem), language);
            let told = booth.texts().into_iter().any(|(text, _)| text.contains(name) && text.contains(not_a_code));
            assert!(told, "{foreign:?} in {language:?}: {:?}", booth.texts());
        }
    }
}

#[test]
fn every_refusal_has_words_of_its_own() {
    for language in LANGUAGES {
        let mut said = BTreeSet::new();
        for problem in code_problems() {
            let words = sentences::code_problem(language, problem);
            assert!(said.insert(words.headline), "{problem:?} says the same as another: {}", words.headline);
            assert!(!words.detail.is_empty(), "{problem:?} does not say what to do");
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
        let confirm = || confirm(student());
        assert!(matches!(pressed(confirm(), strings.is_me), Event::ConfirmStudent));
        assert!(matches!(pressed(confirm(), strings.not_me), Event::Cancel));
        assert!(matches!(pressed(confirm(), strings.leave), Event::Cancel));
        assert!(matches!(pressed(agreement(false, false), strings.disagree), Event::Cancel));
        assert!(matches!(pressed(framing(Framing::TooFar), strings.shoot_now), Event::ShootNow));
        assert!(matches!(pressed(review(), strings.retake), Event::Retake));
        assert!(matches!(pressed(review(), strings.use_photo), Event::Accept));
        assert!(matches!(pressed(done(), strings.done), Event::Start));
        assert!(matches!(pressed(wechat(), strings.link_continue), Event::Skip));
        let tips = || State::Tips { sitter: sitter() };
        assert!(matches!(pressed(tips(), strings.ready), Event::Ready));
        assert!(matches!(pressed(tips(), strings.bring_stick), Event::Bring(PictureSource::Stick)));
        assert!(matches!(pressed(pictures(Some(20), None), strings.pictures_again), Event::ReadStick));
        assert!(matches!(pressed(pictures(Some(20), None), strings.page_after), Event::TurnPage(2)));
        assert!(matches!(pressed(crop(Vec::new()), strings.crop_use), Event::Accept));
        assert!(matches!(pressed(upload(None, None), strings.back), Event::Back));
        let summary = || State::Summary { sitter: sitter(), capture: CaptureId(1), portrait: portrait() };
        assert!(matches!(pressed(summary(), strings.retake), Event::Retake));
        assert!(matches!(pressed(summary(), strings.submit), Event::Submit));
        let due = || payment(PaymentProgress::Unreachable);
        assert!(matches!(pressed(due(), strings.pay_later), Event::Skip));
        let rejected = |paid| centre(Review::Rejected { reasons: vec!["head_roll".to_owned()] }, paid);
        assert!(matches!(pressed(rejected(true), strings.resubmit), Event::Resubmit));
        assert!(matches!(pressed(rejected(false), strings.resubmit_due), Event::Resubmit));
        assert!(matches!(pressed(rejected(false), strings.pay_now), Event::PayNow));
        assert!(matches!(pressed(rejected(false), strings.withdraw), Event::Withdraw));
        assert!(matches!(pressed(withdraw(false), strings.withdraw_keep), Event::Back));
        assert!(matches!(pressed(withdraw(false), strings.withdraw_confirm), Event::ConfirmWithdrawal));
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
    let booth = &mut Booth::open(scan(None), Language::Chinese);
    booth.harness.drag_at(pos2(960.0, 1000.0));
    booth.harness.drop_at(pos2(960.0, 1000.0));
    booth.harness.run();
    assert!(booth.intents.borrow().iter().any(|intent| matches!(intent, Intent::Visit(Event::Touch))));
}

#[test]
fn the_booth_asks_in_the_last_fifteen_seconds_only() {
    let asked = |left| {
        Booth::open_with(scan(None), Language::Chinese, WINDOWS[0], move |view| {
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
fn the_font_has_every_character_of_every_text() {
    let mut words = format!("{CHINESE:?}{ENGLISH:?}");
    for language in LANGUAGES {
        for seen in Framing::ALL {
            words += &format!("{:?}", sentences::framing(language, seen));
        }
        for check in Check::ALL {
            words += sentences::check_name(language, check);
            for measured in [-1e3, 0.0, 1e3, 1e6] {
                words += &sentences::retake(language, &finding(check, measured, 1.0, 2.0));
                words += &sentences::passed(language, &finding(check, f32::NAN, 1.0, 2.0));
            }
        }
        for finding in findings() {
            words += &sentences::measured(language, &finding);
            words += &sentences::allowed(language, &finding);
        }
        for problem in code_problems() {
            words += &format!("{:?}", sentences::code_problem(language, problem));
        }
        for fault in [Fault::Camera, Fault::Studio, Fault::Storage] {
            words += sentences::fault(language, fault);
            words += sentences::fault_consequence(language, fault);
        }
        for trouble in CameraTrouble::ALL {
            words += &format!("{:?}", strings::camera::trouble(language, trouble));
        }
        words += &sentences::agreement_tick(language, "");
        words += &sentences::ends_in(language, 1);
        words += &sentences::ends_in(language, 12);
        words += &sentences::returns_in(language, 12);
        words += &sentences::wrong_student_number(language, 1);
        words += &sentences::sms_sent_to(language, &contact().phone);
        words += &sentences::contact(Strings::of(language), &contact());
        for as_of in [None, Some(jiff::Timestamp::UNIX_EPOCH)] {
            words += &sentences::known_since(language, as_of, jiff::Timestamp::MAX);
        }
        for code in ["not_the_student", "old_photo", "expression", "clothes", "head_roll", "x"] {
            words += &sentences::review_reason(language, code);
        }
        for problem in import_problems() {
            words += &format!("{:?}", strings::imports::problem(language, problem));
        }
        words += &sentences::yuan(1_234_567_890);
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

#[test]
fn the_window_is_painted_as_often_as_it_changes() {
    let now = Instant::now();
    let soon = |state: &State, left_ms| {
        changes_in(state, now, now - Duration::from_secs(1), Some(now + Duration::from_millis(left_ms)))
    };
    let scan = scan(None);
    let long_ago = now - Duration::from_secs(1);
    assert_eq!(changes_in(&State::Welcome, now, long_ago, None), None, "nothing moves on the attract screen");
    assert!(changes_in(&State::Welcome, now, now, None).is_some(), "it appears gently");
    assert!(changes_in(&scan, now, now, Some(now + Duration::from_secs(40))).unwrap() > Duration::from_secs(1));
    assert_eq!(soon(&scan, 45_000), Some(Duration::from_secs(30)), "until the booth asks");
    let next = soon(&scan, 9_400).unwrap();
    assert!(next > Duration::from_millis(399) && next < Duration::from_millis(402), "the next second: {next:?}");
    let developing = State::Developing { sitter: sitter(), capture: CaptureId(1) };
    let next = soon(&developing, 9_400).unwrap();
    assert!(next <= Duration::from_millis(200), "the arc turns: {next:?}");
    assert!(next >= Duration::from_millis(100), "and leaves the cores to the photo: {next:?}");
}

#[test]
fn the_agreement_is_read_by_keyboard_too() {
    let mut booth = Booth::open(agreement(false, false), Language::Chinese);
    let first_line = |booth: &Booth| booth.texts().iter().find(|(text, _)| text.starts_with("一、")).unwrap().1.top();
    let beginning = first_line(&booth);
    booth.harness.key_press(egui::Key::PageDown);
    booth.harness.run();
    let turned = first_line(&booth);
    assert!(turned < beginning - 100.0, "{turned} is not above {beginning}");
    booth.harness.key_press(egui::Key::PageUp);
    booth.harness.run();
    assert_eq!(first_line(&booth), beginning);
}

#[test]
fn what_is_typed_on_a_keyboard_reaches_the_field() {
    let mut booth = Booth::open(phone("138", false), Language::Chinese);
    booth.intents.borrow_mut().clear();
    booth.harness.event(egui::Event::Text("0a0".to_owned()));
    booth.harness.key_press(egui::Key::Backspace);
    booth.harness.run();
    let keys: Vec<Key> = booth
        .intents
        .borrow()
        .iter()
        .filter_map(|intent| match intent {
            Intent::Keys(keys) => Some(keys.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(keys, [Key::Character('0'), Key::Character('a'), Key::Character('0'), Key::Erase]);
}

#[test]
fn every_key_of_the_keypad_types_its_own_character() {
    for digit in '0'..='9' {
        let pressed = Booth::open(phone("", false), Language::Chinese).press(&digit.to_string());
        assert!(
            matches!(&pressed, Some(Intent::Keys(keys)) if *keys == [Key::Character(digit)]),
            "{digit}: {pressed:?}"
        );
    }
    let letters = NumberForm { shortest: 4, longest: 12, letters: true };
    for letter in 'A'..='Z' {
        let state = student_number("19", false);
        let mut booth =
            Booth::open_with(state, Language::Chinese, WINDOWS[0], move |view| view.student_number = Some(letters));
        let pressed = booth.press(&letter.to_string());
        assert!(
            matches!(&pressed, Some(Intent::Keys(keys)) if *keys == [Key::Character(letter)]),
            "{letter}: {pressed:?}"
        );
    }
}

/// Whether a source has this name, and not only as the beginning of a longer one.
pub(super) fn names(source: &str, name: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    source.match_indices(name).any(|(at, _)| !goes_on(&source[at + name.len()..]))
}

/// Every word is on some screen: a text that nobody shows is only in the way.
#[test]
fn no_text_is_left_over() {
    let source: String = ["screens", "widgets"]
        .iter()
        .flat_map(|folder| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui").join(folder);
            let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap())
        })
        .chain([include_str!("../strings/details.rs").to_owned(), include_str!("../mod.rs").to_owned()])
        .collect();
    let declared = include_str!("../strings/mod.rs").lines().filter_map(|line| line.trim().strip_prefix("pub "));
    for name in declared.filter_map(|field| field.split_once(": ").map(|(name, _)| name)) {
        if name != "language" && !name.starts_with("fn ") {
            assert!(names(&source, &format!("strings.{name}")), "no screen says {name}");
        }
    }
}

#[test]
fn the_next_student_reads_the_agreement_from_the_beginning() {
    let mut booth = Booth::open(agreement(false, false), Language::Chinese);
    let first_line = |booth: &Booth| booth.texts().iter().find(|(text, _)| text.starts_with("一、")).unwrap().1.top();
    let beginning = first_line(&booth);
    booth.harness.drag_at(pos2(900.0, 480.0));
    booth.harness.run();
    for y in [440.0, 380.0, 320.0] {
        booth.harness.hover_at(pos2(900.0, y));
        booth.harness.run();
    }
    booth.harness.drop_at(pos2(900.0, 320.0));
    booth.harness.run();
    assert!(first_line(&booth) < beginning - 100.0, "a finger scrolls the text");
    booth.turn_to(State::Welcome);
    booth.turn_to(agreement(false, false));
    assert_eq!(first_line(&booth), beginning);
}
