//! The log viewer.

use std::sync::Arc;

use super::{can_press, open, press, time};
use crate::log::{Entry, Page, Place};
use crate::operator::{Event, LOG_LINES, Level, LogPage, Role, Screen};
use crate::ui::strings::operator::{OperatorStrings, sentences};
use crate::ui::tests::booth::{LANGUAGES, WINDOWS};

fn log(entries: usize) -> Screen {
    let entry = |number: usize| Entry {
        place: Place::default(),
        at: time(),
        level: Level::ALL[number % 3],
        text: format!("the server did not answer in time attempt={number} {}", "path=/var/lib/szz ".repeat(number * 6)),
    };
    let page = Page { entries: (0..entries).map(entry).collect(), has_more: true };
    let before = vec![Place::default()];
    Screen::Log(LogPage { level: Level::Info, before, page: Some(Arc::new(page)), opened: None })
}

fn opened(line: usize) -> Screen {
    match log(LOG_LINES) {
        Screen::Log(page) => Screen::Log(LogPage { opened: Some(line), ..page }),
        other => other,
    }
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let own = |text: &str| text.to_owned();
    vec![
        (Screen::Log(LogPage::default()), own(words.wait)),
        (Screen::Log(LogPage { page: Some(Arc::default()), ..LogPage::default() }), own(words.log_empty)),
        (log(LOG_LINES), own(words.log_title)),
        (log(LOG_LINES), own(words.log_note)),
        (log(2), own("attempt=1")),
        (opened(4), own("attempt=4")),
    ]
}

#[test]
fn its_levels_are_chosen_and_its_pages_turned() {
    for language in LANGUAGES {
        let words = OperatorStrings::of(language);
        for level in Level::ALL {
            let chosen = press(log(LOG_LINES), language, sentences::level(language, level));
            assert!(matches!(chosen, Event::Level(which) if which == level), "{chosen:?}");
        }
        assert!(matches!(press(log(LOG_LINES), language, words.older), Event::Older));
        assert!(matches!(press(log(LOG_LINES), language, words.newer), Event::Newer));
        let newest = Screen::Log(LogPage { page: Some(Arc::default()), ..LogPage::default() });
        assert!(!can_press(newest, language, words.newer));
    }
}

#[test]
fn a_line_is_opened_in_full_and_left_again() {
    for language in LANGUAGES {
        let booth = open(log(LOG_LINES), language, WINDOWS[0], Role::Staff);
        let whole = "path=/var/lib/szz ".repeat(24);
        assert!(!booth.texts().iter().any(|(text, _)| text.contains(whole.trim())), "there is no room for it");
        let name = booth.controls().into_iter().map(|(name, _)| name).find(|name| name.contains("attempt=4")).unwrap();
        assert!(matches!(press(log(LOG_LINES), language, &name), Event::OpenLine(4)));
        let full = open(opened(4), language, WINDOWS[0], Role::Staff);
        assert!(full.texts().iter().any(|(text, _)| text.contains(whole.trim())), "{:?}", full.texts());
        assert!(matches!(press(opened(4), language, OperatorStrings::of(language).back), Event::Back));
    }
}

/// An error is told from a warning without its colour.
#[test]
fn how_bad_an_entry_is_stands_beside_it() {
    for window in WINDOWS {
        for language in LANGUAGES {
            let booth = open(log(3), language, window, Role::Staff);
            for level in Level::ALL {
                assert!(booth.says(sentences::level_of_entry(language, level)), "{level:?} at {window:?}");
            }
        }
    }
}
