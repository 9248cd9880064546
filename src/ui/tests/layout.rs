//! Where everything stands on every screen: in the window, under a finger, over nothing else, in every
//! orientation and both languages.

use std::sync::LazyLock;
use std::time::Duration;

use eframe::egui::{Rect, Vec2, pos2};

use super::*;

#[test]
fn everything_lies_in_the_window_and_is_large_enough_for_a_finger() {
    for window in WINDOWS {
        let inside = Rect::from_min_size(pos2(0.0, 0.0), window);
        let least = Theme::for_window(window, 1.0).touch_height() - 1.0;
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
fn larger_text_still_fits() {
    on_every_screen(|view| view.text_scale = 1.25, expect_inside);
}

#[test]
fn no_text_is_written_over_another() {
    on_every_screen(|_| {}, expect_apart);
}

#[test]
fn the_widest_texts_that_the_settings_may_give_fit() {
    static WIDEST: LazyLock<Words> = LazyLock::new(Words::widest);
    let expect = |booth: &Booth, window: Vec2, words: &str| {
        expect_inside(booth, window, words);
        expect_apart(booth, window, words);
    };
    on_every_screen(|view| view.words = &WIDEST, expect);
}

/// In every window, language and state.
fn on_every_screen(change: fn(&mut View<'_>), expect: impl Fn(&Booth, Vec2, &str)) {
    for window in WINDOWS {
        for strings in [&CHINESE, &ENGLISH] {
            for (state, words) in every_state(strings) {
                expect(&Booth::open_with(state, strings.language, window, change), window, &words);
            }
        }
    }
}

fn expect_inside(booth: &Booth, window: Vec2, words: &str) {
    // It scrolls: what is not seen yet lies below.
    if booth.shows_the_agreement() {
        return;
    }
    let inside = Rect::from_min_size(pos2(0.0, 0.0), window);
    for (text, rect) in booth.texts().into_iter().chain(booth.controls()) {
        assert!(inside.contains_rect(rect), "{words} at {window:?}: {text:?} at {rect:?}");
    }
}

fn expect_apart(booth: &Booth, window: Vec2, words: &str) {
    let texts = booth.texts();
    for (index, (text, rect)) in texts.iter().enumerate() {
        let over = texts[..index].iter().find(|(_, other)| other.intersect(rect.shrink(3.0)).is_positive());
        assert!(over.is_none(), "{words} at {window:?}: {text:?} lies over {over:?}");
    }
}

#[test]
fn staff_are_asked_for_a_new_plate_in_a_corner_of_the_welcome_screen_only() {
    for window in WINDOWS {
        for strings in [&CHINESE, &ENGLISH] {
            let booth = |state, needs_plate| {
                Booth::open_with(state, strings.language, window, move |view| view.needs_plate = needs_plate)
            };
            let asked = booth(State::Welcome, true);
            let inside = Rect::from_min_size(pos2(0.0, 0.0), window);
            let corner = asked.texts().into_iter().find(|(text, _)| text == strings.welcome_plate).unwrap().1;
            assert!(inside.contains_rect(corner), "{corner:?} at {window:?}");
            let texts = asked.texts().into_iter().filter(|(text, _)| text != strings.welcome_plate);
            let controls = asked.controls();
            let over = texts.chain(controls).find(|(_, other)| other.intersect(corner).is_positive());
            assert!(over.is_none(), "{corner:?} lies over {over:?} at {window:?}");
            assert!(!booth(State::Welcome, false).says(strings.welcome_plate));
            assert!(!booth(framing(Framing::Good), true).says(strings.welcome_plate));
        }
    }
}

#[test]
fn a_photo_that_failed_says_why_on_every_screen() {
    for window in WINDOWS {
        for (strings, words) in [(&CHINESE, "312 px"), (&ENGLISH, "312 px")] {
            let retake = vec![finding(Check::Eyes, 312.0, 200.0, 300.0), finding(Check::HeadRoll, 9.3, -8.0, 8.0)];
            let state = State::Framing {
                sitter: sitter(),
                framing: Framing::TooLow,
                lines: Default::default(),
                good_since: None,
                retake,
            };
            let booth = Booth::open_with(state, strings.language, window, |_| {});
            assert!(booth.says(strings.retake_title) && booth.says(words) && booth.says("9.3°"), "{window:?}");
        }
    }
}

#[test]
fn a_photo_that_passes_with_warnings_gives_advice_and_can_be_accepted() {
    for window in WINDOWS {
        for strings in [&CHINESE, &ENGLISH] {
            let mut booth = Booth::open_with(review_with_warnings(), strings.language, window, |_| {});
            assert!(booth.says(strings.review_advice), "{window:?}");
            let crown = sentences::check_name(strings.language, Check::Crown);
            assert!(booth.says(crown), "the numbers are gone at {window:?}");
            assert!(matches!(booth.press(strings.use_photo), Some(Intent::Visit(Event::Accept))));
            let without = Booth::open_with(review(), strings.language, window, |_| {});
            assert!(!without.says(strings.review_advice), "{window:?}");
        }
    }
}

#[test]
fn help_lies_over_every_screen_and_leads_back() {
    for window in WINDOWS {
        let inside = Rect::from_min_size(pos2(0.0, 0.0), window);
        for strings in [&CHINESE, &ENGLISH] {
            for (page, words) in [
                (HelpPage::Questions, strings.questions[0].0),
                (HelpPage::GetCode, strings.get_code_title),
                (HelpPage::Tips, strings.tips_title),
            ] {
                let mut booth = Booth::open_with(scan(None), strings.language, window, move |view| {
                    view.help = Some(page);
                    view.staff_called = page == HelpPage::Tips;
                });
                assert!(booth.says(words), "{words} at {window:?}");
                for (text, rect) in booth.texts().into_iter().chain(booth.controls()) {
                    assert!(inside.contains_rect(rect), "{page:?} at {window:?}: {text:?} at {rect:?}");
                }
                assert_eq!(booth.says(strings.staff_called), page == HelpPage::Tips);
                let back = booth.press(strings.back);
                assert!(matches!(back, Some(Intent::Visit(Event::CloseHelp | Event::OpenHelp(_)))), "{back:?}");
            }
        }
    }
    let called = Booth::open_with(scan(None), Language::English, WINDOWS[0], |view| {
        view.help = Some(HelpPage::Questions);
    })
    .press(ENGLISH.call_staff);
    assert!(matches!(called, Some(Intent::Visit(Event::CallStaff))), "{called:?}");
}

#[test]
fn a_keyboard_reaches_every_control_and_each_has_a_name() {
    for (state, words) in every_state(&CHINESE) {
        Booth::open(state, Language::Chinese).check_keyboard(&words);
    }
}
