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
        text: format!("the server did not answer in time attempt={number} {}", "path=/var/lib/szz ".repeat(number * 2)),
    };
    let page = Page { entries: (0..entries).map(entry).collect(), has_more: true };
    Screen::Log(LogPage { level: Level::Info, before: vec![Place::default()], page: Some(Arc::new(page)) })
}

pub(super) fn screens(words: &OperatorStrings) -> Vec<(Screen, String)> {
    let own = |text: &str| text.to_owned();
    vec![
        (Screen::Log(LogPage::default()), own(words.wait)),
        (Screen::Log(LogPage { page: Some(Arc::default()), ..LogPage::default() }), own(words.log_empty)),
        (log(LOG_LINES), own(words.log_title)),
        (log(LOG_LINES), own(words.log_note)),
        (log(2), own("attempt=1")),
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
