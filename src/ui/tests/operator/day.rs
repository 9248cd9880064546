//! The report of a day.

use std::sync::Arc;

use super::{can_press, open, press};
use crate::operator::{DayPage, Event, Role, Screen};
use crate::report::lines::sections;
use crate::report::tests::busy;
use crate::report::{DayReport, States};
use crate::ui::strings::operator::OperatorStrings;
use crate::ui::tests::booth::{LANGUAGES, WINDOWS};

fn page(report: DayReport, is_today: bool) -> Screen {
    Screen::Day(DayPage { report: Some(Arc::new(report)), is_today })
}

/// A day without anything.
fn quiet() -> DayReport {
    DayReport::of("2026-06-20".parse().unwrap())
}

/// The widest numbers of a booth that was never emptied.
fn crowded() -> DayReport {
    let states = States { pending: 99_999, received: 99_999, refused: 99_999, conflict: 99_999, withdrawn: 99_999 };
    DayReport { photographed: 99_999, shots: 123_456, states, ..busy() }
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let mut screens = vec![
        (Screen::Day(DayPage::default()), words.wait.to_owned()),
        (page(quiet(), true), words.day_title.to_owned()),
        (page(busy(), false), "2026-11-25".to_owned()),
        (page(crowded(), false), "99999".to_owned()),
    ];
    for section in sections(&busy(), words.language) {
        screens.push((page(busy(), false), section.lines[0].label.clone()));
        screens.push((page(busy(), false), section.title));
    }
    screens
}

#[test]
fn its_days_are_turned_and_it_goes_onto_a_stick() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        assert!(matches!(press(page(busy(), false), language, words.day_before), Event::DayBefore));
        assert!(matches!(press(page(busy(), false), language, words.day_after), Event::DayAfter));
        assert!(matches!(press(page(busy(), false), language, words.take_along), Event::TakeAlong));
        assert!(!can_press(page(busy(), true), language, words.day_after), "there is no later day yet");
        let none = Screen::Day(DayPage::default());
        assert!(!can_press(none, language, words.take_along), "there is no report yet");
    }
}

/// A line that has no room on the screen is in the files, and nobody takes what is shown for all of it.
#[test]
fn a_page_says_that_there_is_more() {
    for window in WINDOWS {
        for language in LANGUAGES {
            let words = OperatorStrings::of(language);
            assert!(open(page(busy(), false), language, window, Role::Staff).says(words.day_more), "{window:?}");
            assert!(!open(page(quiet(), false), language, window, Role::Staff).says(words.day_more), "{window:?}");
        }
    }
}
